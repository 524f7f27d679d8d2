//! The report as SARIF 2.1.0, which code scanning shows beside the lines where things are declared.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value as Json, json};

use super::clean::line;
use super::words;
use crate::report::{Class, Finding, Ignored, InstanceReport, Place, Problem, Report, Severity, Undecided};

/// Where the rules are described.
const HELP: &str = "docs/guides/reports.md";
/// The rule of what could not be compared.
const UNDECIDED: &str = "undecided";
/// Under which name the fingerprint is kept; another way of computing it gets another name.
const FINGERPRINT: &str = "snowdrift/v1";
/// What may stand in a path of an address as it is.
const PATH: &AsciiSet = &NON_ALPHANUMERIC.remove(b'/').remove(b'.').remove(b'-').remove(b'_').remove(b'~');

/// The report.
pub fn render(report: &Report) -> String {
    // Problems of the whole have no instance: a run without results tells them.
    let whole = InstanceReport { problems: report.problems.clone(), ..InstanceReport::default() };
    let whole = (!report.problems.is_empty()).then_some(&whole);
    let runs: Vec<Json> = whole.into_iter().chain(&report.instances).map(|it| run(it, report)).collect();
    let log = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": runs,
    });
    let mut text = super::json::escaped(&log);
    text.push('\n');
    text
}

/// One instance: code scanning wants a category for each.
fn run(instance: &InstanceReport, report: &Report) -> Json {
    let findings = words::severest_first(&instance.findings).into_iter().map(|it| result(it, instance));
    let undecided = instance.undecided.iter().map(|it| undecided(it, instance));
    let ignored = instance.ignored.iter().map(|it| suppressed(it, instance));
    let notes: Vec<Json> = instance.problems.iter().map(notification).collect();
    json!({
        "tool": { "driver": {
            "name": "snowdrift",
            "version": report.snowdrift_version,
            "semanticVersion": report.snowdrift_version,
            "rules": rules(),
        } },
        "automationDetails": { "id": category(&instance.name) },
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": { "%SRCROOT%": { "description": { "text": "Where the command ran." } } },
        "invocations": [{
            "executionSuccessful": notes.is_empty(),
            "startTimeUtc": report.began,
            "endTimeUtc": report.ended,
            "toolExecutionNotifications": notes,
        }],
        "results": findings.chain(undecided).chain(ignored).collect::<Vec<_>>(),
    })
}

fn rules() -> Vec<Json> {
    let rule = |id: &str, meaning: &str, level: &str| {
        json!({
            "id": id,
            "name": id,
            "shortDescription": { "text": meaning },
            "fullDescription": { "text": meaning },
            "help": { "text": format!("{meaning} See {HELP}.") },
            "defaultConfiguration": { "level": level },
            "properties": { "tags": ["servicenow", "drift"] },
        })
    };
    let classes = Class::ALL.map(|it| rule(it.word(), words::meaning(it), level(it.usual_severity())));
    let open = rule(UNDECIDED, "What is declared could not be compared, which is not clean.", "none");
    classes.into_iter().chain([open]).collect()
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical => "error",
        Severity::Warning => "warning",
        Severity::Info => "note",
    }
}

fn result(finding: &Finding, instance: &InstanceReport) -> Json {
    let place = finding.place.as_ref();
    let mut result = json!({
        "ruleId": finding.class.word(),
        "ruleIndex": Class::ALL.iter().position(|it| *it == finding.class),
        "kind": "fail",
        "level": level(finding.severity),
        "message": { "text": message(finding) },
        "locations": [location(place, &words::subject(finding), instance)],
        "partialFingerprints": { FINGERPRINT: finding.fingerprint },
        "properties": { "instance": line(&instance.name), "severity": finding.severity.word() },
    });
    if let Some(record) = finding.record.as_ref().filter(|it| is_web_address(&it.url))
        && let Some(result) = result.as_object_mut()
    {
        result.insert("hostedViewerUri".to_owned(), json!(record.url));
    }
    result
}

/// What and who; values stay out of it, because code scanning keeps alerts for ever.
fn message(finding: &Finding) -> String {
    let mut text = line(&finding.summary);
    let attributes: Vec<String> =
        finding.differences.iter().map(|it| format!("`{}`", line(&it.attribute))).collect();
    if !attributes.is_empty() {
        text.push_str(&format!(" Differs in {}.", attributes.join(", ")));
    }
    if let Some(change) = &finding.change {
        text.push_str(&format!(" Changed: {}.", line(&words::who(change))));
    }
    if let Some(command) = &finding.remedy.apply {
        text.push_str(&format!(" To make the instance as declared: {}", line(command)));
    }
    text
}

fn suppressed(ignored: &Ignored, instance: &InstanceReport) -> Json {
    let mut result = result(&ignored.finding, instance);
    let until = ignored.until.iter().map(|it| format!(" (until {})", line(it))).collect::<String>();
    if let Some(result) = result.as_object_mut() {
        let suppression = json!({
            "kind": "external",
            "status": "accepted",
            "justification": format!("{}{until}", line(&ignored.reason)),
        });
        result.insert("suppressions".to_owned(), json!([suppression]));
    }
    result
}

fn undecided(undecided: &Undecided, instance: &InstanceReport) -> Json {
    let attribute = undecided.attribute.iter().map(|it| format!(" `{}`", line(it))).collect::<String>();
    let reasons: Vec<String> = undecided.reasons.iter().map(|it| line(it)).collect();
    let address = line(&undecided.address);
    json!({
        "ruleId": UNDECIDED,
        "ruleIndex": Class::ALL.len(),
        "kind": "open",
        "level": "none",
        "message": { "text": format!("{address}{attribute} could not be compared: {}", reasons.join(" ")) },
        "locations": [location(undecided.place.as_ref(), &undecided.address, instance)],
        "properties": { "instance": line(&instance.name) },
    })
}

/// Where it is declared; for what is not, the folder whose declarations lack it, because code scanning drops a result
/// without a place.
fn location(place: Option<&Place>, subject: &str, instance: &InstanceReport) -> Json {
    let file = place.map_or(instance.declared_in.as_str(), |it| it.file.as_str());
    let mut physical = json!({ "artifactLocation": { "uri": relative(file), "uriBaseId": "%SRCROOT%" } });
    if let (Some(place), Some(physical)) = (place, physical.as_object_mut()) {
        physical.insert("region".to_owned(), json!({ "startLine": place.line.max(1) }));
    }
    json!({
        "physicalLocation": physical,
        "logicalLocations": [{ "fullyQualifiedName": line(subject), "kind": "resource" }],
    })
}

fn notification(problem: &Problem) -> Json {
    let text = format!("{}: {}", line(&problem.summary), line(&problem.detail));
    json!({ "level": "error", "message": { "text": text } })
}

/// A path as a relative address: from where the command ran, without a way up.
fn relative(path: &str) -> String {
    let steps = path.split(['/', '\\']).filter(|it| !matches!(*it, "" | "." | ".."));
    let joined = steps.collect::<Vec<_>>().join("/");
    let encoded = utf8_percent_encode(&joined, PATH).to_string();
    if encoded.is_empty() { "snowdrift.toml".to_owned() } else { encoded }
}

/// The category under which code scanning keeps the results of an instance.
fn category(name: &str) -> String {
    match utf8_percent_encode(&name.replace('/', "-"), PATH).to_string() {
        it if it.is_empty() => "snowdrift/".to_owned(),
        it => format!("snowdrift/{it}/"),
    }
}

fn is_web_address(text: &str) -> bool {
    text.starts_with("https://")
        && text.bytes().all(|it| it.is_ascii_graphic() && !b"\"<>\\^`{|}".contains(&it))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;

    fn log(name: &str) -> Json {
        serde_json::from_str(&render(&sample::named(name))).unwrap()
    }

    #[test]
    fn a_path_is_relative_and_encoded() {
        for (path, expected) in [
            ("infra/main.tf", "infra/main.tf"),
            ("./a b/ü.tf", "a%20b/%C3%BC.tf"),
            ("/etc/x.tf", "etc/x.tf"),
            ("..\\up\\x.tf", "up/x.tf"),
            (".", "snowdrift.toml"),
        ] {
            assert_eq!(relative(path), expected);
        }
    }

    #[test]
    fn every_result_has_its_rule_a_place_and_a_level() {
        for (name, _) in sample::FILES {
            for run in log(name)["runs"].as_array().unwrap() {
                let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
                for result in run["results"].as_array().unwrap() {
                    let index = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
                    assert_eq!(rules[index]["id"], result["ruleId"], "{name}");
                    let uri = &result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"];
                    assert!(!uri.as_str().unwrap().starts_with('/'), "{name}: {uri}");
                    assert_eq!(result["kind"] == "open", result["level"] == "none", "{name}");
                }
            }
        }
    }

    #[test]
    fn what_is_let_be_is_suppressed_and_a_problem_is_no_success() {
        let everything = log("everything");
        let results = everything["runs"][0]["results"].as_array().unwrap();
        assert_eq!(results.iter().filter(|it| it.get("suppressions").is_some()).count(), 2);
        assert_eq!(results.len(), 11 + 2 + 2);
        let fleet = log("two-instances");
        let success = |run: usize| fleet["runs"][run]["invocations"][0]["executionSuccessful"].clone();
        assert_eq!((success(0), success(2)), (json!(true), json!(false)));
        let ids: Vec<&Json> =
            fleet["runs"].as_array().unwrap().iter().map(|it| &it["automationDetails"]["id"]).collect();
        assert_eq!(ids, ["snowdrift/acme-dev/", "snowdrift/acme-eu/", "snowdrift/acme-us/"]);
    }
}
