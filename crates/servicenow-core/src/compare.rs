//! What became of a write: columns that the instance did not store as they were sent, which it does without a word.

use std::collections::BTreeMap;

use crate::Record;

/// A column that was not stored as it was sent. It never holds a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dropped {
    /// The column.
    pub column: String,
    /// What became of it.
    pub kind: DroppedKind,
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
        Some(Dropped { column: column.clone(), kind })
    };
    sent.iter().filter_map(judge).collect()
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
        let record = Record(stored.map(|it| ("column".to_owned(), it.to_owned())).into_iter().collect());
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
    fn columns_that_nobody_sent_are_not_judged() {
        let record = Record(BTreeMap::from([("sys_mod_count".to_owned(), "3".to_owned())]));
        assert_eq!(dropped(&BTreeMap::new(), &record), Vec::new());
    }
}
