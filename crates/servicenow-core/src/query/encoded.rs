//! Conditions in the platform's own encoding, taken apart just far enough to go beside others: whole alternatives, the
//! columns that are asked about, and orders.

use super::{QueryError, refused};

/// What separates the parts of an encoded query.
const SEPARATOR: char = '^';

/// What begins a whole alternative.
const ALTERNATIVE: &str = "NQ";

/// What somebody wrote, without its orders.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Encoded {
    /// One of these must hold. None of them at all: everything holds.
    alternatives: Vec<String>,
    /// The columns that conditions look at, in order, each once.
    columns: Vec<String>,
}

impl Encoded {
    /// The conditions and the orders, each with its direction, of a text.
    pub(super) fn parse(text: &str) -> Result<(Encoded, Vec<String>), QueryError> {
        if text.chars().any(char::is_control) {
            return refused("an encoded query has no line breaks or other control characters: remove them");
        }
        let (mut encoded, mut orders) = (Encoded::default(), Vec::new());
        let mut alternative: Vec<&str> = Vec::new();
        for part in text.split(SEPARATOR).map(str::trim_start).filter(|it| !it.is_empty()) {
            if part.starts_with("ORDERBY") {
                orders.push(part.trim_end().to_owned());
            } else if let Some(first) = part.strip_prefix(ALTERNATIVE) {
                encoded.end(&mut alternative);
                alternative.push(first);
            } else if part != "EQ" {
                // An end mark has no meaning, and nothing may follow it.
                alternative.push(part);
            }
        }
        encoded.end(&mut alternative);
        Ok((encoded, orders))
    }

    pub(super) fn is_empty(&self) -> bool {
        self.alternatives.is_empty()
    }

    pub(super) fn columns(&self) -> impl Iterator<Item = &str> {
        self.columns.iter().map(String::as_str)
    }

    /// The conditions with others before each alternative, so that those bind all of them.
    pub(super) fn joined(&self, others: &str) -> String {
        if self.is_empty() {
            return others.to_owned();
        }
        let separator = if others.is_empty() { "" } else { "^" };
        let whole = self.alternatives.iter().map(|it| format!("{others}{separator}{it}"));
        whole.collect::<Vec<String>>().join("^NQ")
    }

    fn end(&mut self, alternative: &mut Vec<&str>) {
        let parts: Vec<&str> = std::mem::take(alternative).into_iter().filter(|it| !it.is_empty()).collect();
        for column in parts.iter().filter_map(|it| column(it)) {
            if !self.columns.iter().any(|it| it == column) {
                self.columns.push(column.to_owned());
            }
        }
        if !parts.is_empty() {
            self.alternatives.push(parts.join("^"));
        }
    }
}

/// The column that a condition looks at: lower-case words with dots, before the operator. A search for words and a
/// condition on related rows have none.
fn column(condition: &str) -> Option<&str> {
    let condition = condition.strip_prefix("OR").unwrap_or(condition);
    let is_name = |it: char| it.is_ascii_lowercase() || it.is_ascii_digit() || matches!(it, '_' | '.');
    let (name, operator) = condition.split_at(condition.find(|it: char| !is_name(it))?);
    let is_column = name.starts_with(|it: char| it.is_ascii_lowercase());
    (is_column && !operator.is_empty()).then_some(name)
}
