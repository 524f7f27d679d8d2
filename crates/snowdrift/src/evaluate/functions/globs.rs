//! Patterns of `fileset`: `*`, `?`, `{a,b}`, and `**` for any folders in between.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// Files that are looked at. What has more is no configuration, and a look at it would have no end.
const FILES_MAX: usize = 100_000;

/// A pattern that is understood; others are left to Terraform.
#[derive(Debug, PartialEq, Eq)]
pub struct Glob(Vec<Vec<Step>>);

/// A part of a path.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Step {
    /// Any folders, or none.
    Any,
    /// One name: pieces of it between stars.
    Name(String),
}

impl Glob {
    /// Reads a pattern; `None` if it has signs that may be read in several ways.
    pub fn read(pattern: &str) -> Option<Glob> {
        let alternatives = expanded(pattern)?;
        let one = |it: &String| it.split('/').filter(|it| !it.is_empty() && *it != ".").map(step).collect();
        let all: Option<Vec<Vec<Step>>> = alternatives.iter().map(one).collect();
        all.filter(|_| !pattern.starts_with('/')).map(Glob)
    }
}

fn step(name: &str) -> Option<Step> {
    match name {
        "**" => Some(Step::Any),
        ".." => None,
        _ if name.contains("**") || name.contains(['[', ']', '\\']) => None,
        _ => Some(Step::Name(name.to_owned())),
    }
}

/// The patterns that one with alternatives in braces stands for.
fn expanded(pattern: &str) -> Option<Vec<String>> {
    let Some((before, rest)) = pattern.split_once('{') else {
        return (!pattern.contains('}')).then(|| vec![pattern.to_owned()]);
    };
    let (inner, behind) = rest.split_once('}')?;
    if inner.contains(['{', '/']) || before.contains('}') {
        return None;
    }
    let mut all = Vec::new();
    for alternative in inner.split(',') {
        all.extend(expanded(&format!("{before}{alternative}{behind}"))?);
    }
    Some(all)
}

/// The files below a folder that a pattern fits, as paths from there; `None` if it cannot be told.
pub fn files(folder: &Path, glob: &Glob) -> Option<BTreeSet<String>> {
    let mut found = BTreeSet::new();
    glob.0.iter().try_for_each(|steps| walk(folder, "", steps, &mut found))?;
    Some(found)
}

fn walk(folder: &Path, path: &str, steps: &[Step], found: &mut BTreeSet<String>) -> Option<()> {
    let Some((step, rest)) = steps.split_first() else { return Some(()) };
    if *step == Step::Any {
        walk(folder, path, rest, found)?;
    }
    // A folder that cannot be read has no files, for Terraform too.
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let name = entry.file_name().into_string().ok()?;
        let kind = entry.file_type().ok()?;
        // Where a link leads, and how often, is left to Terraform.
        if kind.is_symlink() {
            return None;
        }
        let inner = if path.is_empty() { name.clone() } else { format!("{path}/{name}") };
        let fits = match step {
            Step::Any => true,
            Step::Name(pattern) => is_like(pattern, &name),
        };
        match (kind.is_dir(), step) {
            (true, Step::Any) => walk(&entry.path(), &inner, steps, found)?,
            (true, Step::Name(_)) if fits => walk(&entry.path(), &inner, rest, found)?,
            (false, Step::Name(_)) if fits && rest.is_empty() => drop(found.insert(inner)),
            // At its end `**` stands for the files as well.
            (false, Step::Any) if rest.is_empty() => drop(found.insert(inner)),
            _ => {}
        }
        if found.len() > FILES_MAX {
            return None;
        }
    }
    Some(())
}

/// Whether a name fits a pattern with `*` for any letters and `?` for one.
fn is_like(pattern: &str, name: &str) -> bool {
    let (pattern, name): (Vec<char>, Vec<char>) = (pattern.chars().collect(), name.chars().collect());
    // Which beginnings of the name fit the pattern so far.
    let mut reached = vec![false; name.len() + 1];
    if let Some(first) = reached.first_mut() {
        *first = true;
    }
    for sign in pattern {
        let mut next = vec![false; name.len() + 1];
        for (place, fits) in next.iter_mut().enumerate() {
            let before = place.checked_sub(1).filter(|it| reached.get(*it) == Some(&true));
            *fits = match sign {
                '*' => reached.iter().take(place + 1).any(|it| *it),
                '?' => before.is_some(),
                letter => before.is_some_and(|it| name.get(it) == Some(&letter)),
            };
        }
        reached = next;
    }
    reached.last() == Some(&true)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_like_patterns() {
        for (pattern, name, expected) in [
            ("*", "a.tf", true),
            ("*.tf", "a.tf", true),
            ("*.tf", "a.tfx", false),
            ("a?c", "abc", true),
            ("a?c", "ac", false),
            ("*a*b*", "xaxbx", true),
            ("*a*b*", "xbxax", false),
            ("", "", true),
        ] {
            assert_eq!(is_like(pattern, name), expected, "{pattern} {name}");
        }
    }

    #[test]
    fn files_are_found_below_a_folder_and_doubtful_patterns_are_not_read() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["a.json", "b.txt", "x/a.json", "x/y/b.json", "x/y/c.txt"] {
            let path = folder.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            #[allow(clippy::disallowed_methods, reason = "the test writes what it looks for")]
            fs::write(path, "").unwrap();
        }
        let found = |pattern: &str| {
            let found = files(folder.path(), &Glob::read(pattern).unwrap()).unwrap();
            found.into_iter().collect::<Vec<_>>().join(" ")
        };
        assert_eq!(found("*.json"), "a.json");
        assert_eq!(found("**/*.json"), "a.json x/a.json x/y/b.json");
        assert_eq!(found("x/**"), "x/a.json x/y/b.json x/y/c.txt");
        assert_eq!(found("*/?.{json,txt}"), "x/a.json");
        assert_eq!(found("none/*"), "");
        for doubtful in ["[ab].json", "a\\*", "**.json", "../*", "/x", "{a", "a}", "{a,{b}}"] {
            assert_eq!(Glob::read(doubtful), None, "{doubtful}");
        }
    }
}
