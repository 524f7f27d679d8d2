//! Merged reports say what their parts say, in whatever order they come.

use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::report::{Difference, Undecided, Verdict, sample};

fn part(name: &str, report: Report) -> Part {
    Part { name: name.to_owned(), report }
}

fn share(report: &Report, index: u32, of: u32) -> Report {
    Report { shard: Some(Shard { index, of }), ..report.clone() }
}

/// Cuts the only instance of a report in shares, each with its own things.
fn split(report: &Report, of: u32) -> Vec<Report> {
    (1..=of)
        .map(|index| {
            let mut share = share(report, index, of);
            let instance = &mut share.instances[0];
            let mine = |place: usize| place % of as usize == (index - 1) as usize;
            let keep = |count: usize| (0..count).map(mine).collect::<Vec<bool>>();
            let (findings, undecided) = (keep(instance.findings.len()), keep(instance.undecided.len()));
            let (ignored, clean) = (keep(instance.ignored.len()), keep(instance.clean.len()));
            let integrations = keep(instance.integrations.len());
            retain(&mut instance.findings, &findings);
            retain(&mut instance.undecided, &undecided);
            retain(&mut instance.ignored, &ignored);
            retain(&mut instance.clean, &clean);
            retain(&mut instance.integrations, &integrations);
            if index > 1 {
                instance.counts = Counts::default();
            }
            share
        })
        .collect()
}

fn retain<T>(things: &mut Vec<T>, keep: &[bool]) {
    let mut place = 0;
    things.retain(|_| {
        place += 1;
        keep[place - 1]
    });
}

/// Everything, with the things that are sorted by a merge in that order.
fn whole() -> Report {
    let mut report = sample::everything();
    report.instances[0].undecided.sort_by(|one, other| one.address.cmp(&other.address));
    report
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn shares_come_together_as_what_was_split_in_any_order(of in 1_u32..6, order in any::<prop::sample::Index>()) {
        let mut parts: Vec<Part> =
            split(&whole(), of).into_iter().enumerate().map(|(place, it)| part(&format!("{place}.json"), it)).collect();
        let length = parts.len();
        parts.rotate_left(order.index(length));
        let merged = merge(parts, Twice::Refuse).unwrap();
        prop_assert_eq!(merged, whole());
    }
}

#[test]
fn a_missing_share_is_a_problem_and_no_clean_run() {
    let empty = sample::empty();
    let merged =
        merge(vec![part("a", share(&empty, 1, 3)), part("b", share(&empty, 3, 3))], Twice::Refuse).unwrap();
    assert_eq!(merged.verdict(&[]), Verdict::Failed);
    assert!(merged.problems[0].detail.contains("no report here: 2/3."), "{:?}", merged.problems);
    let all = (1..=3).map(|index| part("a", share(&empty, index, 3))).collect();
    assert_eq!(merge(all, Twice::Refuse).unwrap().verdict(&[]), Verdict::Clean);
}

#[test]
fn instances_of_several_reports_stand_side_by_side() {
    let merged =
        merge(vec![part("b", sample::two_instances()), part("a", sample::everything())], Twice::Refuse);
    // Only one half of the fleet is there.
    let merged = merged.unwrap();
    let names: Vec<&str> = merged.instances.iter().map(|it| it.name.as_str()).collect();
    assert_eq!(names, ["acme-dev", "acme-eu", "acme-prod", "acme-us"]);
    assert_eq!(merged.problems.len(), 1);
}

#[track_caller]
fn refused(one: Report, other: Report, expected: &str) {
    let message = merge(vec![part("a", one), part("b", other)], Twice::Refuse).unwrap_err().to_string();
    assert!(message.contains(expected), "{message}");
}

#[test]
fn reports_that_contradict_each_other_are_refused() {
    let everything = sample::everything();
    let change = |work: fn(&mut InstanceReport)| {
        let mut report = sample::everything();
        work(&mut report.instances[0]);
        report
    };
    let changed = change(|it| it.findings[0].summary.push('!'));
    refused(everything.clone(), changed.clone(), "both look at the instance \"acme-prod\"");
    refused(
        share(&everything, 1, 2),
        share(&changed, 2, 2),
        "contradict each other about the finding 1f3d5b79a2c4e681",
    );
    refused(share(&everything, 1, 2), share(&everything, 1, 3), "one of 2 shares and `b` one of 3");
    refused(
        everything.clone(),
        change(|it| it.url = "https://other.example".to_owned()),
        "at https://other.example in `b`",
    );
    let clean = change(|it| it.clean.push("servicenow_connection_activation.billing".to_owned()));
    refused(share(&everything, 1, 2), share(&clean, 2, 2), "about servicenow_connection_activation.billing");
    let open = change(|it| it.undecided[0].reasons.clear());
    refused(
        share(&everything, 1, 2),
        share(&open, 2, 2),
        "contradict each other about servicenow_http_connection.from_data",
    );
}

#[test]
fn the_same_report_twice_is_one_and_the_newest_may_count() {
    let everything = sample::everything();
    let twice =
        merge(vec![part("a", everything.clone()), part("b", everything.clone())], Twice::Refuse).unwrap();
    assert_eq!(twice.instances.len(), 1);
    let mut later = everything.clone();
    later.began = "2026-11-23T12:00:00Z".to_owned();
    later.instances[0].findings.clear();
    for parts in [[everything.clone(), later.clone()], [later, everything]] {
        let parts = parts.into_iter().map(|it| part("a", it)).collect();
        assert!(merge(parts, Twice::Newest).unwrap().instances[0].findings.is_empty());
    }
}

#[test]
fn a_connection_that_two_shares_saw_is_there_once_as_it_was_last() {
    let mut later = sample::everything();
    later.instances[0] = InstanceReport {
        findings: Vec::new(),
        undecided: vec![Undecided {
            address: "servicenow_x.y".to_owned(),
            attribute: None,
            place: None,
            reasons: Vec::new(),
        }],
        ignored: Vec::new(),
        clean: Vec::new(),
        ..later.instances[0].clone()
    };
    later.began = "2026-11-22T12:00:01Z".to_owned();
    later.instances[0].integrations[0].connections[0].active = false;
    let parts = vec![part("b", share(&later, 2, 2)), part("a", share(&sample::everything(), 1, 2))];
    let merged = merge(parts, Twice::Refuse).unwrap();
    assert_eq!(merged.instances[0].integrations.len(), 4);
    assert!(!merged.instances[0].integrations[0].connections[0].active);
    assert_eq!(merged.instances[0].undecided.len(), 3);
}

#[test]
fn a_merged_report_carries_no_value_that_must_not_be_shown() {
    let mut report = sample::everything();
    report.instances[0].findings[0].differences = vec![Difference::hidden("password_wo")];
    let merged = merge(vec![part("a", report)], Twice::Refuse).unwrap();
    let text = serde_json::to_value(&merged.instances[0].findings[0].differences).unwrap();
    assert_eq!(
        text,
        json!([{ "attribute": "password_wo", "declared": null, "live": null, "sensitive": true }])
    );
}

/// How often two shares of so many things each are asked for a key, and compared.
fn work(count: usize) -> (usize, usize) {
    use std::cell::Cell;
    use std::rc::Rc;

    #[derive(Clone)]
    struct Thing(usize, Rc<Cell<usize>>);
    impl PartialEq for Thing {
        fn eq(&self, other: &Thing) -> bool {
            self.1.set(self.1.get() + 1);
            self.0 == other.0
        }
    }
    let (keys, compared) = (Cell::new(0), Rc::new(Cell::new(0)));
    let things = |from: usize| (from..from + count).map(|it| Thing(it, compared.clone())).collect::<Vec<_>>();
    // Half of what the second share has, the first one has as well.
    let all = united(things(0), &things(count / 2), |it| {
        keys.set(keys.get() + 1);
        it.0
    });
    assert_eq!(all.ok().unwrap().len(), count + count / 2);
    (keys.get(), compared.get())
}

#[test]
fn ten_times_as_many_findings_take_ten_times_the_work() {
    let (some, many) = (work(1_000), work(10_000));
    assert_eq!((many.0, many.1), (some.0 * 10, some.1 * 10));
    // Each thing is asked once where it is placed and once where all are put in order, and compared with its like alone.
    assert_eq!(some, (3_500, 500));
}

#[test]
fn two_things_of_one_share_may_have_the_same_key() {
    let one = vec![(1, "a"), (1, "b"), (0, "c")];
    assert_eq!(united(one.clone(), &[(1, "a")], |it| it.0), Ok(vec![(0, "c"), (1, "a"), (1, "b")]));
    assert_eq!(united(one, &[(1, "b")], |it| it.0), Err(1));
}
