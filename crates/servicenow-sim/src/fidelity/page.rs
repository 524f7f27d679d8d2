//! The page of documentation that the table is read as.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::{Behaviour, rows};

/// What stands before the table.
const BEGIN: &str = "# What the simulated instance models

Each behaviour of the platform that `servicenow-sim` has, how sure it is, the setting that chooses something else, and the test that
holds it. The marks: *documented* is in the vendor's documentation or support articles; *official code* is in the vendor's own
packages; *seen* is in clients that work or in recorded answers; *inferred* is deduced and confirmed nowhere, so that no client
should depend on it.

";

/// The whole page.
pub fn page() -> String {
    let mut page = BEGIN.to_owned();
    let mut sections: BTreeMap<Vec<u32>, Vec<&Behaviour>> = BTreeMap::new();
    for row in rows() {
        sections.entry(order(row.section)).or_default().push(row);
    }
    let _ = writeln!(page, "{} behaviours.", sections.values().map(Vec::len).sum::<usize>());
    for behaviours in sections.values() {
        let name = behaviours.first().map(|it| it.section).unwrap_or_default();
        let _ =
            writeln!(page, "\n## Section {name}\n\n| Behaviour | Sure | Setting | Test |\n|---|---|---|---|");
        for it in behaviours {
            let setting = it.setting.map(|it| format!("`{it}`")).unwrap_or_default();
            let behaviour = it.behaviour.replace('|', "\\|");
            let _ = writeln!(page, "| {behaviour} | {} | {setting} | `{}` |", it.confidence.mark(), it.test);
        }
    }
    page
}

/// `10.2` comes after `9.1`.
fn order(section: &str) -> Vec<u32> {
    section.split('.').map(|it| it.parse().unwrap_or(u32::MAX)).collect()
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use super::*;

    /// Whether a file of this crate has the test of that path.
    fn exists(test: &str) -> bool {
        let Some((modules, name)) = test.rsplit_once("::") else { return false };
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
        let own = modules.replace("::", "/");
        let outer = own.strip_suffix("/tests").unwrap_or(&own).to_owned();
        [own, outer].iter().any(|it| {
            let text = fs::read_to_string(source.join(format!("{it}.rs"))).unwrap_or_default();
            tests(&text).any(|it| it == name)
        })
    }

    /// The names of the functions of a file that are marked as tests.
    fn tests(text: &str) -> impl Iterator<Item = &str> {
        let lines = text.lines().map(str::trim);
        lines
            .clone()
            .zip(lines.skip(1))
            .filter(|(mark, _)| mark.starts_with("#[") && mark.ends_with("test]"))
            .filter_map(|(_, function)| {
                let function = function.strip_prefix("async ").unwrap_or(function);
                Some(function.strip_prefix("fn ")?.split('(').next().unwrap_or_default())
            })
    }

    #[test]
    fn every_contract_test_is_in_the_table() {
        let named: Vec<&str> = rows().map(|it| it.test).collect();
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/contract");
        let mut count = 0;
        for file in fs::read_dir(folder).unwrap() {
            let path = file.unwrap().path();
            let module = path.file_stem().unwrap().to_str().unwrap().to_owned();
            let text = fs::read_to_string(&path).unwrap();
            for test in tests(&text).filter(|it| it.starts_with('r')) {
                let path = format!("contract::{module}::{test}");
                assert!(named.contains(&path.as_str()), "{path} is not in the table");
                count += 1;
            }
        }
        assert!(count > 200, "{count}");
    }

    #[test]
    fn every_test_that_is_named_exists() {
        let missing: Vec<&str> = rows().map(|it| it.test).filter(|it| !exists(it)).collect();
        assert!(missing.is_empty(), "these tests are named and not there: {missing:#?}");
        assert!(!exists("fidelity::page::tests::no_such_test") && !exists("nowhere"));
        assert!(exists("fidelity::page::tests::every_test_that_is_named_exists"));
    }

    #[test]
    fn the_page_has_every_behaviour_in_the_order_of_the_sections() {
        let page = page();
        for row in rows() {
            assert!(page.contains(row.test), "{}", row.id);
        }
        assert!(order("10.1") > order("9.2") && order("1.10") > order("1.9"));
    }
}
