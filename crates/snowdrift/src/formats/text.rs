//! The report for a person at a terminal or in a log: what, where, who, when, from, to, and the ways out.

use super::clean::{block, line};
use super::values::{self, Shown, Sign};
use super::words::{self, Tally, counted};
use super::{Report, Style};
use crate::report::{Class, Finding, Ignored, InstanceReport, Problem, Remedy, Severity, Undecided};

/// How wide the names of the lines below a finding are.
const LABEL_CHARS: usize = 10;

/// The report.
pub fn render(report: &Report, style: &Style) -> String {
    let mut page = Page { style, text: String::new() };
    for (index, instance) in report.instances.iter().enumerate() {
        if index > 0 {
            page.text.push('\n');
        }
        page.instance(instance);
    }
    page.end(report);
    page.text
}

/// One finding alone.
pub fn one(finding: &Finding, style: &Style) -> String {
    let mut page = Page { style, text: String::new() };
    page.finding(finding);
    page.text.trim_start().to_owned()
}

struct Page<'a> {
    style: &'a Style,
    text: String,
}

impl Page<'_> {
    fn instance(&mut self, instance: &InstanceReport) {
        let name = self.style.bold(&line(&instance.name));
        let user = instance.user.iter().map(|it| format!(" as {}", line(it))).collect::<String>();
        self.raw(0, &format!("{name}  {}{user}", line(&instance.url)));
        let counts = &instance.counts;
        self.sentence(
            0,
            &format!(
                "{} of {} declared in {} are as declared; {} seen, {}.",
                words::grouped(size(counts.clean)),
                words::grouped(size(counts.declared)),
                line(&instance.declared_in),
                counted(size(counts.live), "record", "records"),
                counted(size(counts.requests), "request", "requests"),
            ),
        );
        if let Some(since) = &instance.since {
            self.sentence(0, &line(&since.sentence()));
        }
        instance.problems.iter().for_each(|it| self.problem(it));
        words::severest_first(&instance.findings).into_iter().for_each(|it| self.finding(it));
        self.all("Undecided, which is not clean", &instance.undecided, Page::undecided);
        self.all("Let be", &instance.ignored, Page::ignored);
    }

    fn all<T>(&mut self, title: &str, things: &[T], show: fn(&mut Self, &T)) {
        if !things.is_empty() {
            self.text.push('\n');
            let title = self.style.bold(&format!("{title}: {}", words::grouped(things.len())));
            self.raw(0, &title);
            things.iter().for_each(|it| show(self, it));
        }
    }

    fn problem(&mut self, problem: &Problem) {
        self.text.push('\n');
        let title = self.style.red(&self.style.bold("PROBLEM"));
        self.raw(0, &format!("{title}  {}", line(&problem.summary)));
        self.sentence(2, &line(&problem.detail));
    }

    fn finding(&mut self, finding: &Finding) {
        self.text.push('\n');
        let class = words::class(finding.class);
        self.raw(
            0,
            &format!("{}  {class}: {}", self.severity(finding.severity), line(&words::subject(finding))),
        );
        self.sentence(2, &line(&finding.summary));
        if let Some(place) = &finding.place {
            self.labelled("declared", &line(&words::place(place)));
        }
        if let Some(record) = &finding.record {
            let (table, id) = (line(&record.table), line(&record.sys_id));
            self.labelled("record", &format!("{} ({table} {id})", line(&record.name)));
            self.labelled("open", &line(&record.url));
        }
        if let Some(change) = &finding.change {
            self.labelled("changed", &line(&words::who(change)));
        }
        for difference in &finding.differences {
            let from = self.direction(finding.class);
            self.difference(&line(&difference.attribute), from, &values::shown(difference));
        }
        self.remedy(&finding.remedy);
    }

    fn severity(&self, severity: Severity) -> String {
        let word = severity.word().to_uppercase();
        match severity {
            Severity::Critical => self.style.red(&self.style.bold(&word)),
            Severity::Warning => self.style.yellow(&word),
            Severity::Info => self.style.cyan(&word),
        }
    }

    fn direction(&self, class: Class) -> &'static str {
        match class {
            Class::Missing => "declared → nothing",
            _ => "declared → live",
        }
    }

    fn difference(&mut self, attribute: &str, direction: &str, shown: &Shown) {
        let faint = self.style.faint(&format!("({direction})"));
        match shown {
            Shown::Hidden => {
                let faint = self.style.faint("differs; its values are not shown");
                self.raw(2, &format!("{attribute}: {faint}"));
            }
            Shown::Inline { declared, live } => {
                let (declared, live) = (self.style.red(declared), self.style.green(live));
                self.raw(2, &format!("{attribute}: {declared} → {live}  {faint}"));
            }
            Shown::Lines(lines) => {
                self.raw(2, &format!("{attribute}:  {faint}"));
                self.lines(lines);
            }
        }
    }

    fn lines(&mut self, lines: &[values::Line]) {
        for it in lines {
            let written = it.written();
            let painted = match it.sign {
                Sign::Header => self.style.cyan(&written),
                Sign::Both => written,
                Sign::Removed => self.style.red(&written),
                Sign::Added => self.style.green(&written),
            };
            self.raw(4, &painted);
        }
    }

    fn remedy(&mut self, remedy: &Remedy) {
        if let Some(command) = &remedy.apply {
            self.labelled("restore", &line(command));
        }
        if let Some(patch) = &remedy.adopt {
            self.labelled("adopt", "this change of the configuration makes it as it is live:");
            self.lines(&values::patch_lines(&block(patch)));
        }
        if let Some(work) = &remedy.by_hand {
            self.labelled("by hand", &line(work));
        }
    }

    fn undecided(&mut self, undecided: &Undecided) {
        let attribute = undecided.attribute.iter().map(|it| format!(" {}", line(it))).collect::<String>();
        let place =
            undecided.place.iter().map(|it| format!("  {}", line(&words::place(it)))).collect::<String>();
        self.raw(2, &format!("{}{attribute}{}", line(&undecided.address), self.style.faint(&place)));
        undecided.reasons.iter().for_each(|it| self.sentence(4, &line(it)));
    }

    fn ignored(&mut self, ignored: &Ignored) {
        let class = words::class(ignored.finding.class);
        self.raw(2, &format!("{class}: {}", line(&words::subject(&ignored.finding))));
        let until = ignored.until.iter().map(|it| format!(" (until {})", line(it))).collect::<String>();
        self.sentence(4, &format!("{}{until}", line(&ignored.reason)));
    }

    fn end(&mut self, report: &Report) {
        report.problems.iter().for_each(|it| self.problem(it));
        if !self.text.is_empty() {
            self.text.push('\n');
        }
        if report.instances.len() > 1 {
            for instance in &report.instances {
                let tally = Tally::of(instance).sentence();
                self.raw(0, &format!("{}: {tally}", line(&instance.name)));
            }
        }
        let share = report.shard.map(|it| format!(" (share {} of {})", it.index, it.of)).unwrap_or_default();
        let seconds = words::seconds_between(&report.began, &report.ended);
        let time = seconds.map(|it| format!(" in {it} s")).unwrap_or_default();
        let instances = counted(report.instances.len(), "instance", "instances");
        self.raw(
            0,
            &self.style.bold(&format!("{instances}{share}{time}: {}.", Tally::all(report).sentence())),
        );
    }

    /// A line with a name, wrapped below itself.
    fn labelled(&mut self, label: &str, text: &str) {
        let padded = format!("{label:<LABEL_CHARS$}");
        let rows = wrapped(text, self.style.width.map(|it| it.saturating_sub(2 + LABEL_CHARS)));
        for (index, row) in rows.iter().enumerate() {
            if index == 0 {
                self.raw(2, &format!("{}{row}", self.style.faint(&padded)));
            } else {
                self.raw(2 + LABEL_CHARS, row);
            }
        }
    }

    fn sentence(&mut self, indent: usize, text: &str) {
        for row in wrapped(text, self.style.width.map(|it| it.saturating_sub(indent))) {
            self.raw(indent, &row);
        }
    }

    fn raw(&mut self, indent: usize, text: &str) {
        let row = format!("{:indent$}{text}", "");
        self.text.push_str(row.trim_end());
        self.text.push('\n');
    }
}

/// The text in rows of that many characters; a word that is longer has a row of its own, so that it can be copied.
fn wrapped(text: &str, width: Option<usize>) -> Vec<String> {
    let Some(width) = width else { return vec![text.to_owned()] };
    let mut rows = Vec::new();
    let mut row = String::new();
    for word in text.split(' ') {
        if !row.is_empty() && row.chars().count() + 1 + word.chars().count() > width {
            rows.push(std::mem::take(&mut row));
        }
        if !row.is_empty() {
            row.push(' ');
        }
        row.push_str(word);
    }
    rows.push(row);
    rows
}

/// A count of a report as a length.
fn size(count: u64) -> usize {
    usize::try_from(count).unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_are_wrapped_and_long_words_are_not_cut() {
        assert_eq!(wrapped("one two three", Some(7)), ["one two", "three"]);
        assert_eq!(wrapped("a wonderful-long-word b", Some(5)), ["a", "wonderful-long-word", "b"]);
        assert_eq!(wrapped("one two three", None), ["one two three"]);
        assert_eq!(wrapped("", Some(5)), [""]);
    }
}
