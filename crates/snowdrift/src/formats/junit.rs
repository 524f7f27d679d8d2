//! The report as JUnit XML, which build servers show as a list of tests: one test for each declared resource.

use std::collections::{BTreeMap, BTreeSet};

use super::clean::block;
use super::style::Style;
use super::words;
use crate::report::{Finding, Ignored, InstanceReport, Problem, Report, Undecided};

/// The report.
///
/// What is declared and so on the instance is a test that passes, a finding one that fails. What could not be compared
/// and what is let be is skipped with the reason, because neither is proven and neither can be mended in the
/// instance; the exit code of the command still tells them apart. A problem is an error.
pub fn render(report: &Report) -> String {
    let mut suites = String::new();
    let mut totals = Totals::default();
    let whole: Vec<Case> = report.problems.iter().map(|it| problem("the run", it)).collect();
    let own = (!whole.is_empty()).then_some(("snowdrift", "localhost", whole));
    let instances = report.instances.iter().map(|it| (it.name.as_str(), it.url.as_str(), cases(it)));
    for (name, url, cases) in own.into_iter().chain(instances) {
        let own = Totals::of(&cases);
        totals = totals.plus(own);
        suites.push_str(&format!(
            "  <testsuite name={} {} skipped=\"{}\" timestamp={} hostname={}>\n",
            quoted(name),
            own.attributes(),
            own.skipped,
            quoted(report.began.trim_end_matches('Z')),
            quoted(url.trim_start_matches("https://")),
        ));
        cases.iter().for_each(|it| suites.push_str(&it.written()));
        suites.push_str("  </testsuite>\n");
    }
    let time = words::seconds_between(&report.began, &report.ended).unwrap_or_default();
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"snowdrift\" {} time=\"{time}\">\n{suites}</testsuites>\n",
        totals.attributes()
    )
}

/// A test, and what came out of it.
struct Case {
    class: String,
    name: String,
    outcome: Outcome,
}

/// What came out of a test: a short and a long text.
enum Outcome {
    Passed,
    Failed { kind: &'static str, message: String, text: String },
    Skipped { message: String },
    Error { message: String, text: String },
}

#[derive(Clone, Copy, Default)]
struct Totals {
    tests: usize,
    failures: usize,
    errors: usize,
    skipped: usize,
}

impl Totals {
    fn of(cases: &[Case]) -> Totals {
        let count = |wanted: fn(&Outcome) -> bool| cases.iter().filter(|it| wanted(&it.outcome)).count();
        Totals {
            tests: cases.len(),
            failures: count(|it| matches!(it, Outcome::Failed { .. })),
            errors: count(|it| matches!(it, Outcome::Error { .. })),
            skipped: count(|it| matches!(it, Outcome::Skipped { .. })),
        }
    }

    fn plus(self, other: Totals) -> Totals {
        Totals {
            tests: self.tests + other.tests,
            failures: self.failures + other.failures,
            errors: self.errors + other.errors,
            skipped: self.skipped + other.skipped,
        }
    }

    /// What both a suite and all suites have. How many were skipped no published schema allows for all suites.
    fn attributes(self) -> String {
        let Totals { tests, failures, errors, .. } = self;
        format!("tests=\"{tests}\" failures=\"{failures}\" errors=\"{errors}\"")
    }
}

impl Case {
    fn written(&self) -> String {
        let open = format!("    <testcase classname={} name={}", quoted(&self.class), quoted(&self.name));
        let inner = match &self.outcome {
            Outcome::Passed => return format!("{open}/>\n"),
            Outcome::Failed { kind, message, text } => {
                format!("<failure message={} type=\"{kind}\">{}</failure>", quoted(message), escaped(text))
            }
            // No published schema forbids a text, and some forbid attributes here.
            Outcome::Skipped { message } => format!("<skipped>{}</skipped>", escaped(message)),
            Outcome::Error { message, text } => {
                format!("<error message={} type=\"problem\">{}</error>", quoted(message), escaped(text))
            }
        };
        format!("{open}>\n      {inner}\n    </testcase>\n")
    }
}

fn cases(instance: &InstanceReport) -> Vec<Case> {
    let mut cases: Vec<Case> = instance.problems.iter().map(|it| problem(&instance.name, it)).collect();
    let mut by_subject: BTreeMap<String, Vec<&Finding>> = BTreeMap::new();
    for finding in words::severest_first(&instance.findings) {
        by_subject.entry(words::subject(finding)).or_default().push(finding);
    }
    let mut seen: BTreeSet<String> = by_subject.keys().cloned().collect();
    cases.extend(by_subject.iter().map(|(subject, findings)| failed(subject, findings)));
    for undecided in &instance.undecided {
        // A resource that is found to differ fails, whatever else of it is open.
        if seen.insert(undecided.address.clone()) {
            cases.push(skipped(&undecided.address, open(&instance.undecided, &undecided.address)));
        }
    }
    for ignored in &instance.ignored {
        let subject = words::subject(&ignored.finding);
        if seen.insert(subject.clone()) {
            cases.push(skipped(&subject, let_be(ignored)));
        }
    }
    for address in &instance.clean {
        if seen.insert(address.clone()) {
            cases.push(Case { class: kind(address), name: address.clone(), outcome: Outcome::Passed });
        }
    }
    cases
}

fn problem(of: &str, problem: &Problem) -> Case {
    Case {
        class: "snowdrift".to_owned(),
        name: format!("{of}: {}", problem.summary),
        outcome: Outcome::Error { message: problem.summary.clone(), text: problem.detail.clone() },
    }
}

fn failed(subject: &str, findings: &[&Finding]) -> Case {
    let class = findings.first().map(|it| it.type_name.clone()).unwrap_or_default();
    let kind = findings.first().map(|it| it.class.word()).unwrap_or_default();
    let message: Vec<&str> = findings.iter().map(|it| it.summary.as_str()).collect();
    let text: Vec<String> = findings.iter().map(|it| super::text::one(it, &Style::default())).collect();
    let outcome = Outcome::Failed { kind, message: message.join(" "), text: text.join("\n") };
    Case { class, name: subject.to_owned(), outcome }
}

fn skipped(subject: &str, message: String) -> Case {
    Case { class: kind(subject), name: subject.to_owned(), outcome: Outcome::Skipped { message } }
}

/// Why a declared resource could not be compared, with every attribute that is open.
fn open(undecided: &[Undecided], address: &str) -> String {
    let own = undecided.iter().filter(|it| it.address == address);
    let reasons = own.map(|it| {
        let attribute = it.attribute.iter().map(|it| format!("{it}: ")).collect::<String>();
        format!("{attribute}{}", it.reasons.join(" "))
    });
    format!("undecided: {}", reasons.collect::<Vec<_>>().join(" "))
}

fn let_be(ignored: &Ignored) -> String {
    let until = ignored.until.iter().map(|it| format!(" (until {it})")).collect::<String>();
    format!("let be: {}{until}", ignored.reason)
}

/// The type in an address: the word before the last name.
fn kind(address: &str) -> String {
    let outside = |it: char| !(it.is_ascii_alphanumeric() || it == '_');
    let found = address.split(outside).find(|it| it.starts_with("servicenow_"));
    found.unwrap_or("module").to_owned()
}

/// A text as the value of an attribute.
fn quoted(text: &str) -> String {
    let escaped = escaped(text).replace('"', "&quot;").replace('\n', "&#10;").replace('\t', "&#9;");
    format!("\"{escaped}\"")
}

/// A text as the content of an element. What XML has no way to write is spelled out before.
fn escaped(text: &str) -> String {
    block(text).replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;

    #[test]
    fn every_declared_address_is_one_test() {
        for (name, _) in sample::FILES {
            for instance in sample::named(name).instances {
                let cases = cases(&instance);
                let names: BTreeSet<&str> = cases.iter().map(|it| it.name.as_str()).collect();
                assert_eq!(names.len(), cases.len(), "{name}: no name twice");
                for address in &instance.clean {
                    assert!(names.contains(address.as_str()), "{name}: {address}");
                }
            }
        }
    }

    #[test]
    fn findings_fail_problems_are_errors_and_doubts_are_skipped() {
        let report = sample::everything();
        let totals = Totals::of(&cases(&report.instances[0]));
        assert_eq!((totals.tests, totals.failures, totals.errors, totals.skipped), (19, 11, 0, 4));
        assert!(render(&sample::two_instances()).contains("errors=\"1\""));
    }

    #[test]
    fn text_is_escaped_for_its_place() {
        assert_eq!(quoted("a\"b\n<&>\u{0}"), "\"a&quot;b&#10;&lt;&amp;&gt;\\u{0}\"");
        assert_eq!(escaped("]]>\u{ffff}"), "]]&gt;\\u{ffff}");
    }
}
