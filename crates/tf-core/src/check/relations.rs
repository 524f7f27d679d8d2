//! Rules across the attributes and blocks of one object.

use super::visit::Rules;
use crate::{Diagnostic, NestedBlock, Object, Path, Relation, Step, Value};

/// What the rules say about an object. A value that is not known yet may still turn out either way, so it breaks
/// nothing.
pub(super) fn broken(rules: &Rules<'_>, path: &Path, object: &Object) -> Vec<Diagnostic> {
    rules.relations.iter().filter_map(|rule| breach(rule, rules.blocks, path, object)).collect()
}

fn breach(rule: &Relation, blocks: &[NestedBlock], path: &Path, object: &Object) -> Option<Diagnostic> {
    let names = match rule {
        Relation::Conflicts(names) | Relation::ExactlyOne(names) | Relation::AtLeastOne(names) => names,
        Relation::Requires(_, needs) => needs,
    };
    let members = Members { path, object, blocks, names };
    match rule {
        Relation::Conflicts(_) => members.too_many(),
        Relation::ExactlyOne(_) => members.too_many().or_else(|| members.too_few("Exactly one")),
        Relation::AtLeastOne(_) => members.too_few("At least one"),
        Relation::Requires(name, _) => members.missing(name),
    }
}

/// What is known of whether the user set something.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Presence {
    Set,
    Absent,
    Open,
}

impl Presence {
    fn of(value: &Value) -> Presence {
        match value {
            Value::Dynamic(inner) => Presence::of(&inner.1),
            Value::Null => Presence::Absent,
            Value::Unknown(refinements) => match refinements.as_ref().and_then(|it| it.null) {
                Some(false) => Presence::Set,
                _ => Presence::Open,
            },
            _ => Presence::Set,
        }
    }
}

/// Some members of an object.
struct Members<'a> {
    path: &'a Path,
    object: &'a Object,
    blocks: &'a [NestedBlock],
    names: &'a [String],
}

impl Members<'_> {
    fn presence(&self, name: &str) -> Presence {
        let value = self.object.get(name).unwrap_or(&Value::Null);
        // Blocks that nobody wrote are an empty collection.
        let is_block = self.blocks.iter().any(|it| it.name == name);
        if is_block && is_empty(value) { Presence::Absent } else { Presence::of(value) }
    }

    fn with(&self, presence: Presence) -> Vec<&String> {
        self.names.iter().filter(|it| self.presence(it) == presence).collect()
    }

    fn place(&self, name: &str) -> Path {
        self.path.then(Step::Attribute(name.to_owned()))
    }

    fn too_many(&self) -> Option<Diagnostic> {
        let set = self.with(Presence::Set);
        let [first, second, ..] = set.as_slice() else { return None };
        let (first, second) = (self.place(first), self.place(second));
        Some(
            Diagnostic::error(
                format!("`{second}` excludes `{first}`"),
                format!(
                    "Only one of {} may be set, but {} are. Leave all but one out. Nothing was changed.",
                    quoted(self.names),
                    quoted(&set)
                ),
            )
            .at(second),
        )
    }

    fn too_few(&self, how_many: &str) -> Option<Diagnostic> {
        if self.with(Presence::Absent).len() < self.names.len() {
            return None;
        }
        let (names, place) = (quoted(self.names), located(self.path));
        let told = Diagnostic::error(
            format!("{how_many} of {names} is needed"),
            format!("{how_many} of {names} must be set{place}, but none is. Set one. Nothing was changed."),
        );
        Some(if *self.path == Path::root() { told } else { told.at(self.path.clone()) })
    }

    fn missing(&self, name: &str) -> Option<Diagnostic> {
        let absent = self.with(Presence::Absent);
        if self.presence(name) != Presence::Set || absent.is_empty() {
            return None;
        }
        let (place, names) = (self.place(name), quoted(&absent));
        Some(
            Diagnostic::error(
                format!("`{place}` needs {names}"),
                format!(
                    "`{place}` means nothing without {names}. Set {names} as well, or leave `{place}` out. \
                     Nothing was changed."
                ),
            )
            .at(place),
        )
    }
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Dynamic(inner) => is_empty(&inner.1),
        Value::List(items) | Value::Set(items) => items.is_empty(),
        Value::Map(members) => members.is_empty(),
        _ => false,
    }
}

fn quoted<T: AsRef<str>>(names: &[T]) -> String {
    names.iter().map(|it| format!("`{}`", it.as_ref())).collect::<Vec<_>>().join(", ")
}

fn located(path: &Path) -> String {
    if *path == Path::root() { String::new() } else { format!(" in `{path}`") }
}

#[cfg(test)]
mod tests;
