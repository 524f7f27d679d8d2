//! Writes what is derived from what the programs say of themselves: documentation pages and schemas.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use similar::TextDiff;

use crate::failure::{Failure, Outcome, with_path};
use crate::workspace::Workspace;

/// Files below these places belong to the generator: what it no longer writes is deleted.
const OWNED: &[&str] = &[
    "docs/index.md",
    "docs/resources",
    "docs/data-sources",
    "docs/list-resources",
    "docs/functions",
    "docs/ephemeral-resources",
    "docs/actions",
    SIMULATOR_FIDELITY,
    SIMULATOR_SETTINGS,
    "schemas",
];

/// What the simulator says that it models.
const SIMULATOR_FIDELITY: &str = "docs/guides/simulator-fidelity.md";
/// What the simulator says of its own settings.
const SIMULATOR_SETTINGS: &str = "docs/guides/simulator-settings.md";

/// Lines around a difference, as other tools show.
const CONTEXT_LINES: usize = 3;

/// What is on disk, what should be there.
struct Difference {
    path: String,
    present: Option<String>,
    wanted: Option<String>,
}

/// Writes the files, or with `check` only compares.
pub fn run(workspace: &Workspace, check: bool) -> Outcome<()> {
    let differences = differences(workspace.root())?;
    if check {
        return report(&differences);
    }
    for difference in &differences {
        write(workspace.root(), difference)?;
    }
    println!("{}", if differences.is_empty() { "Everything generated is up to date." } else { "Done." });
    Ok(())
}

fn differences(root: &Path) -> Outcome<Vec<Difference>> {
    let read = |path: &str| fs::read_to_string(root.join(path)).ok();
    let mut wanted = terraform_provider_servicenow::generate::files(&read);
    wanted.insert(SIMULATOR_SETTINGS.to_owned(), servicenow_sim::settings::page());
    wanted.insert(SIMULATOR_FIDELITY.to_owned(), servicenow_sim::fidelity::page());
    let schemas = snowdrift::schemas::all().into_iter();
    wanted.extend(schemas.map(|it| (format!("schemas/{}.schema.json", it.name), it.text)));
    let mut present = BTreeMap::new();
    for place in OWNED {
        collect(root, place, &mut present)?;
    }
    let paths: std::collections::BTreeSet<&String> = wanted.keys().chain(present.keys()).collect();
    let all = paths.into_iter().map(|path| Difference {
        path: path.clone(),
        present: present.get(path).cloned().or_else(|| read(path)),
        wanted: wanted.get(path).cloned(),
    });
    Ok(all.filter(|difference| difference.present != difference.wanted).collect())
}

fn collect(root: &Path, place: &str, found: &mut BTreeMap<String, String>) -> Outcome<()> {
    let path = root.join(place);
    if path.is_file() {
        let text = with_path(fs::read_to_string(&path), "read", &path)?;
        found.insert(place.to_owned(), text);
    } else if path.is_dir() {
        for entry in with_path(fs::read_dir(&path), "list", &path)? {
            let name = with_path(entry, "list", &path)?.file_name();
            collect(root, &format!("{place}/{}", name.to_string_lossy()), found)?;
        }
    }
    Ok(())
}

fn write(root: &Path, difference: &Difference) -> Outcome<()> {
    let path = root.join(&difference.path);
    let Some(text) = &difference.wanted else {
        println!("deleting {}", difference.path);
        return with_path(fs::remove_file(&path), "delete", &path);
    };
    println!("writing {}", difference.path);
    if let Some(folder) = path.parent() {
        with_path(fs::create_dir_all(folder), "create", folder)?;
    }
    with_path(fs::write(&path, text), "write", &path)
}

fn report(differences: &[Difference]) -> Outcome<()> {
    if differences.is_empty() {
        println!("Everything generated is up to date.");
        return Ok(());
    }
    for difference in differences {
        print!("{}", unified(difference));
    }
    let names: Vec<&str> = differences.iter().map(|difference| difference.path.as_str()).collect();
    Err(Failure::new(format!(
        "generated files are not what the programs say of themselves: {}. Run `cargo xtask generate`, look at the \
         changes, and commit them.",
        names.join(", ")
    )))
}

fn unified(difference: &Difference) -> String {
    let present = difference.present.as_deref().unwrap_or_default();
    let wanted = difference.wanted.as_deref().unwrap_or_default();
    let (old, new) = (format!("{} (on disk)", difference.path), format!("{} (generated)", difference.path));
    let diff = TextDiff::from_lines(present, wanted);
    diff.unified_diff().context_radius(CONTEXT_LINES).header(&old, &new).to_string()
}

#[cfg(test)]
mod tests;
