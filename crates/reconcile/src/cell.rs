//! What a column is to hold, and when two texts of a column mean the same.

use std::collections::BTreeSet;

use tf_core::{Number, Secret};

/// What a column is to hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cell {
    /// Compared letter by letter.
    Text(String),
    /// Compared line by line, without blanks at its end.
    Lines(String),
    /// Compared by value.
    Number(String),
    /// Compared as a truth.
    Flag(bool),
    /// Ids separated by commas, compared without order.
    List(Vec<String>),
    /// Never compared.
    Secret(Secret),
    /// Whether the record is to be the active one of its group, `None` where nobody says. Off is written, on is left
    /// to the switch, and a new record is off whatever is wished.
    Switch(Option<bool>),
    /// The id of the record in that slot.
    Slot(&'static str),
}

impl Cell {
    /// Whether a text found on the instance means the same.
    pub fn agrees(&self, found: &str) -> bool {
        match self {
            Cell::Text(text) => text == found,
            Cell::Lines(text) => lines(text) == lines(found),
            Cell::Number(text) => text == found || number(text).is_some_and(|it| Some(it) == number(found)),
            Cell::Flag(truth) => flag(found) == *truth,
            Cell::Switch(wish) => *wish != Some(false) || !flag(found),
            Cell::List(items) => {
                items.iter().map(String::as_str).collect::<BTreeSet<_>>() == list(found).into_iter().collect()
            }
            Cell::Secret(_) | Cell::Slot(_) => true,
        }
    }

    /// As it is written, unless it needs another record's id or is a secret.
    pub fn text(&self) -> Option<String> {
        match self {
            Cell::Text(text) | Cell::Lines(text) | Cell::Number(text) => Some(text.clone()),
            Cell::Flag(truth) => Some(truth.to_string()),
            Cell::Switch(_) => Some(false.to_string()),
            Cell::List(items) => Some(items.join(",")),
            Cell::Secret(_) | Cell::Slot(_) => None,
        }
    }
}

/// A text of several lines as an instance may keep it: other line ends, and no blanks at its end.
pub fn lines(text: &str) -> String {
    text.replace("\r\n", "\n").trim_end().to_owned()
}

/// A boolean as an instance spells it.
pub fn flag(text: &str) -> bool {
    matches!(text, "true" | "1")
}

/// The items of a list column.
pub fn list(text: &str) -> Vec<&str> {
    text.split(',').map(str::trim).filter(|it| !it.is_empty()).collect()
}

/// A number as an instance spells it, grouped or not.
pub fn number(text: &str) -> Option<Number> {
    text.replace(',', "").parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(cell: &Cell, same: &[&str], other: &[&str]) {
        for text in same {
            assert!(cell.agrees(text), "{cell:?} should agree with {text:?}");
        }
        for text in other {
            assert!(!cell.agrees(text), "{cell:?} should differ from {text:?}");
        }
    }

    #[test]
    fn cells_are_compared_by_what_they_mean() {
        check(&Cell::Text("a".into()), &["a"], &["A", "", "a "]);
        check(&Cell::Lines("a\nb\n".into()), &["a\nb", "a\r\nb\r\n"], &["a\n b", "a", ""]);
        check(&Cell::Number("1000".into()), &["1000", "1,000", "1000.0"], &["100", "", "x"]);
        check(&Cell::Flag(true), &["true", "1"], &["false", "0", ""]);
        check(&Cell::Flag(false), &["false", "0", ""], &["true", "1"]);
        check(&Cell::Switch(Some(false)), &["false", ""], &["true"]);
        check(&Cell::Switch(Some(true)), &["false", "true"], &[]);
        check(&Cell::Switch(None), &["false", "true"], &[]);
        check(&Cell::List(vec!["a".into(), "b".into()]), &["a,b", "b,a", "b, a"], &["a", "", "a,b,c"]);
        check(&Cell::List(vec![]), &["", ","], &["a"]);
    }
}
