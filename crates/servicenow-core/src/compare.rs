//! What became of a write: columns that the instance did not store as they were sent, which it does without a word.

use std::collections::BTreeMap;
use std::fmt;

use crate::Record;

/// A column that was not stored as it was sent. It never holds a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dropped {
    /// The column.
    pub column: String,
    /// What became of it.
    pub kind: DroppedKind,
    /// What was sent.
    pub sent: ValueKind,
    /// What is stored, where the answer tells.
    pub stored: Option<ValueKind>,
}

/// What a value looks like, without telling it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ValueKind {
    /// No value.
    Empty,
    /// True or false.
    Truth,
    /// A whole number.
    Number,
    /// The id of a record.
    Id,
    /// Any other text, with its length in characters.
    Text(usize),
}

impl ValueKind {
    /// What a stored value looks like.
    pub fn of(value: &str) -> ValueKind {
        match value {
            "" => ValueKind::Empty,
            "true" | "false" => ValueKind::Truth,
            id if id.parse::<crate::SysId>().is_ok() => ValueKind::Id,
            number if number.parse::<i64>().is_ok() => ValueKind::Number,
            text => ValueKind::Text(text.chars().count()),
        }
    }
}

impl fmt::Display for ValueKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ValueKind::Empty => f.write_str("nothing"),
            ValueKind::Truth => f.write_str("a truth value"),
            ValueKind::Number => f.write_str("a number"),
            ValueKind::Id => f.write_str("a sys_id"),
            ValueKind::Text(length) => write!(f, "a text of {length} characters"),
        }
    }
}

/// What became of a sent column.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum DroppedKind {
    /// The answer does not hold it: the table has no such column, or this user may not read it.
    Absent,
    /// Another value is stored: no write access, a choice that does not exist, or a business rule.
    Different,
    /// Only the beginning is stored: the column is shorter than the value.
    Truncated,
}

/// The sent columns that are not stored as they were sent. Leave secrets out of `sent`: they never read back.
pub fn dropped(sent: &BTreeMap<String, String>, stored: &Record) -> Vec<Dropped> {
    let judge = |(column, value): (&String, &String)| {
        let kind = fate(value, stored.get(column))?;
        Some(judged(column, value, stored, kind))
    };
    sent.iter().filter_map(judge).collect()
}

/// The sent columns, all of which are known not to be stored as sent: compared by what they mean, not letter by letter.
pub fn not_kept(sent: &BTreeMap<String, String>, stored: &Record) -> Vec<Dropped> {
    let judge = |(column, value): (&String, &String)| {
        let kind = fate(value, stored.get(column)).unwrap_or(DroppedKind::Different);
        judged(column, value, stored, kind)
    };
    sent.iter().map(judge).collect()
}

fn judged(column: &str, sent: &str, stored: &Record, kind: DroppedKind) -> Dropped {
    let stored = stored.get(column).map(ValueKind::of);
    Dropped { column: column.to_owned(), kind, sent: ValueKind::of(sent), stored }
}

fn fate(sent: &str, stored: Option<&str>) -> Option<DroppedKind> {
    let Some(stored) = stored else { return Some(DroppedKind::Absent) };
    let (sent, stored) = (unix_lines(sent), unix_lines(stored));
    if same(&sent, &stored) {
        None
    } else if !stored.is_empty() && sent.starts_with(&stored) {
        Some(DroppedKind::Truncated)
    } else {
        Some(DroppedKind::Different)
    }
}

/// Line ends may change on the way through a form without anybody having changed the text.
fn unix_lines(text: &str) -> String {
    text.replace("\r\n", "\n")
}

fn same(sent: &str, stored: &str) -> bool {
    // Only ids and booleans are written differently than they read; any other text has to be equal.
    let is_id = |text: &str| text.parse::<crate::SysId>().is_ok();
    sent == stored
        || (is_id(sent) && sent.eq_ignore_ascii_case(stored))
        || matches!((sent, stored), ("1", "true") | ("0", "false") | ("true", "1") | ("false", "0"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(sent: &str, stored: Option<&str>, expected: Option<DroppedKind>) {
        let cells = BTreeMap::from([("column".to_owned(), sent.to_owned())]);
        let record = Record::of(stored.map(|it| ("column", it)));
        let kinds: Vec<DroppedKind> = dropped(&cells, &record).into_iter().map(|it| it.kind).collect();
        assert_eq!(kinds, Vec::from_iter(expected), "{sent:?} stored as {stored:?}");
    }

    #[test]
    fn a_column_that_was_not_stored_as_sent_is_named() {
        check("abc", Some("abc"), None);
        check("", Some(""), None);
        check("abc", None, Some(DroppedKind::Absent));
        check("", None, Some(DroppedKind::Absent));
        check("abc", Some(""), Some(DroppedKind::Different));
        check("", Some("abc"), Some(DroppedKind::Different));
        check("abc", Some("ABC"), Some(DroppedKind::Different));
        check("abc", Some("abcd"), Some(DroppedKind::Different));
        check("abcd", Some("abc"), Some(DroppedKind::Truncated));
    }

    #[test]
    fn other_spellings_of_the_same_value_are_no_difference() {
        check("1", Some("true"), None);
        check("false", Some("0"), None);
        check("a\nb", Some("a\r\nb"), None);
        check("AAAABBBBCCCCDDDDEEEEFFFF00001111", Some("aaaabbbbccccddddeeeeffff00001111"), None);
    }

    #[test]
    fn a_value_is_described_and_never_told() {
        for (value, expected) in [
            ("", "nothing"),
            ("true", "a truth value"),
            ("-12", "a number"),
            ("aaaabbbbccccddddeeeeffff00001111", "a sys_id"),
            ("sécret", "a text of 6 characters"),
        ] {
            assert_eq!(ValueKind::of(value).to_string(), expected, "{value}");
        }
        let sent = BTreeMap::from([("name".to_owned(), "planted".to_owned())]);
        let stored = Record::of([("name", "plan")]);
        let [dropped] = &not_kept(&sent, &stored)[..] else { panic!("one column") };
        assert_eq!((dropped.kind, dropped.sent), (DroppedKind::Truncated, ValueKind::Text(7)));
        assert!(!format!("{dropped:?}").contains("plan"), "{dropped:?}");
    }

    #[test]
    fn columns_that_nobody_sent_are_not_judged() {
        let record = Record::of([("sys_mod_count", "3")]);
        assert_eq!(dropped(&BTreeMap::new(), &record), Vec::new());
    }
}
