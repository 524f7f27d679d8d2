//! A block that nothing needs any more is taken out with what leads to it, and nothing else is touched.

use proptest::prelude::*;

use super::*;
use crate::adopt::{Ends, Files, patches};

const FILE: &str = "main.tf";

fn files(texts: &[(&str, &str)]) -> Files {
    texts.iter().map(|(file, text)| ((*file).to_owned(), (*text).to_owned())).collect()
}

/// The files after everything was taken out that may be, and why the rest stays.
fn taken(texts: &[(&str, &str)], gone: &[&str]) -> (Files, BTreeMap<String, String>) {
    let files = files(texts);
    let gone = gone.iter().map(|it| ((*it).to_owned(), FILE.to_owned())).collect();
    let outline = Outline::of(&files);
    let (mut edits, mut kept) = (BTreeMap::<String, Vec<Edit>>::new(), BTreeMap::new());
    for (address, removal) in removals(&outline, &gone) {
        match removal {
            Ok(it) => it.edits.into_iter().for_each(|(file, it)| edits.entry(file).or_default().push(it)),
            Err(reason) => drop(kept.insert(address, reason)),
        }
    }
    let mut after = files.clone();
    after.extend(patches(&files, edits, &Ends::new()).into_iter().map(|it| (it.file, it.after)));
    (after, kept)
}

#[track_caller]
fn check(before: &str, gone: &[&str], expected: &str) {
    let (after, kept) = taken(&[(FILE, before)], gone);
    assert_eq!(kept, BTreeMap::new());
    assert_eq!(after[FILE], expected);
}

/// Nothing is changed, and the reason has these words.
#[track_caller]
fn stays(texts: &[(&str, &str)], gone: &[&str], words: &str) {
    let (after, kept) = taken(texts, gone);
    assert_eq!(after, files(texts));
    assert!(kept.len() == gone.len() && kept.values().any(|it| it.contains(words)), "{kept:?}");
}

const ONE: &str = "resource \"t\" \"one\" {\n  name = \"one\"\n}\n";
const TWO: &str = "resource \"t\" \"two\" {\n  name = \"two\"\n}\n";

#[test]
fn a_block_goes_with_its_remarks_and_one_empty_line() {
    check(&format!("{ONE}\n{TWO}"), &["t.one"], TWO);
    check(&format!("{ONE}\n{TWO}"), &["t.two"], ONE);
    check(&format!("{ONE}\n{TWO}"), &["t.one", "t.two"], "");
    check(
        &format!("# The file.\n\n# One.\n// More of it.\n{ONE}\n\n{TWO}"),
        &["t.one"],
        &format!("# The file.\n\n\n{TWO}"),
    );
    check(
        &format!("{TWO}\n{ONE}\n{TWO}").replacen("two", "three", 1),
        &["t.one"],
        &format!("{TWO}\n{TWO}").replacen("two", "three", 1),
    );
    check("resource t one {} # the first\nlocals {}\n", &["t.one"], "locals {}\n");
    check(&format!("{ONE}\n{TWO}").replace('\n', "\r\n"), &["t.one"], &TWO.replace('\n', "\r\n"));
    check("locals {}\nresource t one {}", &["t.one"], "locals {}\n");
}

#[test]
fn what_only_leads_to_it_goes_with_it_from_whatever_file() {
    let leads = "import {\n  to = t.one\n  id = \"1\"\n}\n\nimport {\n  to = t.two\n  id = \"2\"\n}\n\nmoved {\n  from = t.old\n  to   = t.one\n}\n";
    let (after, kept) = taken(&[(FILE, &format!("{ONE}\n{TWO}")), ("imports.tf", leads)], &["t.one"]);
    assert_eq!(kept, BTreeMap::new());
    assert_eq!(after["imports.tf"], "import {\n  to = t.two\n  id = \"2\"\n}\n");
    assert_eq!(after[FILE], TWO);
}

#[test]
fn what_is_referred_to_stays_and_says_by_what() {
    for other in [
        "output \"o\" {\n  value = t.one.id\n}\n",
        "locals {\n  a = \"x-${t.one.id}\"\n}\n",
        "resource \"t\" \"three\" {\n  depends_on = [t.one]\n}\n",
        "module \"m\" {\n  source = \"./m\"\n  it     = t.one\n}\n",
        "moved {\n  from = t.one\n  to   = t.four\n}\n",
        "removed {\n  from = t.one\n}\n",
        "import {\n  to = t.two\n  id = t.one.id\n}\n",
        "check \"c\" {\n  assert {\n    condition = t.one.id != \"\"\n  }\n}\n",
    ] {
        let title = other.split(" {").next().unwrap().replace(['"'], "");
        let title = title.replacen("resource t ", "resource t.", 1);
        stays(
            &[(FILE, ONE), ("other.tf", &format!("# x\n{other}"))],
            &["t.one"],
            &format!("`{title}` (other.tf:2) refers to it"),
        );
    }
    let many: String = (0..5).map(|it| format!("output \"o{it}\" {{\n  value = t.one\n}}\n")).collect();
    stays(&[(FILE, ONE), ("other.tf", &many)], &["t.one"], "and 2 more refer to it");
}

#[test]
fn what_refers_to_it_and_is_gone_too_goes_with_it_and_only_with_it() {
    let two = TWO.replace("\"two\"\n}", "t.one.id\n}");
    check(&format!("{ONE}\n{two}"), &["t.one", "t.two"], "");
    let outline_of = files(&[(FILE, &format!("{ONE}\n{two}"))]);
    let gone = ["t.one", "t.two"].iter().map(|it| ((*it).to_owned(), FILE.to_owned())).collect();
    let removals = removals(&Outline::of(&outline_of), &gone);
    assert_eq!(removals["t.one"].as_ref().unwrap().with, BTreeSet::from(["t.two".to_owned()]));
    assert_eq!(removals["t.two"].as_ref().unwrap().with, BTreeSet::new());
    stays(&[(FILE, &format!("{ONE}\n{two}"))], &["t.one"], "`resource t.two` (main.tf:5) refers to it");
    // What keeps one keeps what that needs.
    let out = "output \"o\" {\n  value = t.two.id\n}\n";
    let text = format!("{ONE}\n{two}");
    stays(&[(FILE, &text), ("other.tf", out)], &["t.one", "t.two"], "`output o` (other.tf:1) refers to it");
}

#[test]
fn what_stands_for_more_than_itself_stays() {
    stays(&[(FILE, "resource \"t\" \"one\" {\n  count = 1\n}\n")], &["t.one"], "several resources");
    stays(
        &[(FILE, "resource \"t\" \"one\" {\n  for_each = {}\n}\n")],
        &["t.one[\"a\"]"],
        "several resources",
    );
    stays(&[(FILE, ONE)], &["module.m.t.one"], "declared in a module");
    stays(&[(FILE, ONE), ("override.tf", ONE)], &["t.one"], "overrides its block");
    stays(
        &[(FILE, ONE), ("a.tf.json", "{\"output\": {\"o\": {\"value\": \"${t.one.id}\"}}}")],
        &["t.one"],
        "`a.tf.json` names it",
    );
    stays(
        &[(FILE, "resource \"t\" \"one\" {\n  lifecycle {\n    prevent_destroy = true\n  }\n}\n")],
        &["t.one"],
        "prevent_destroy",
    );
    stays(&[(FILE, "/* x */ resource \"t\" \"one\" {\n}\n")], &["t.one"], "shares a line");
    stays(&[(FILE, TWO)], &["t.one"], "is not in this file");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn every_other_block_is_what_it_was(
        parts in proptest::collection::vec((0..6_usize, any::<bool>(), 0..3_usize), 1..8),
    ) {
        let (mut text, mut rest, mut gone) = (String::new(), Vec::new(), Vec::new());
        for (place, (kind, goes, gap)) in parts.iter().enumerate() {
            let address = format!("t.n{place}");
            let block = match kind {
                0 => format!("resource \"t\" \"n{place}\" {{\n  a = <<-EOT\n    # no remark\n\n  EOT\n}}\n"),
                1 => format!("# one\n# two\nresource \"t\" \"n{place}\" {{}} # three\n"),
                2 => format!("resource \"t\" \"n{place}\" {{\n  a = {{ b = [1] }}\n}}\n"),
                3 => format!("import {{\n  to = {address}\n  id = \"x\"\n}}\nresource \"t\" \"n{place}\" {{\n}}\n"),
                4 => format!("resource \"t\" \"n{place}\" {{\n\n}}\nmoved {{\n  from = t.m{place}\n  to   = {address}\n}}\n"),
                _ => format!("resource \"t\" \"n{place}\" {{\n  b {{\n  }}\n}}\n"),
            };
            text.push_str(&block);
            text.push_str(&"\n".repeat(*gap));
            if *goes { gone.push(address) } else { rest.push(block) }
        }
        let gone: Vec<&str> = gone.iter().map(String::as_str).collect();
        let (after, kept) = taken(&[(FILE, &text)], &gone);
        prop_assert_eq!(kept, BTreeMap::new());
        let words = |it: &str| it.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
        prop_assert_eq!(words(&after[FILE]), words(&rest.concat()), "{}", text);
        prop_assert!(hcl_edit::parser::parse_body(&after[FILE]).is_ok());
    }
}
