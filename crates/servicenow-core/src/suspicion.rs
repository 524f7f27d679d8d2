//! Why a column was most likely not stored as it was sent: what the instance tells about it, weighed in a fixed order.

use crate::dictionary::Column;

/// The most likely reason why a column does not hold what was sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Suspicion {
    /// The table has no such column. Names like it.
    NoSuchColumn(Vec<String>),
    /// The column is there and this user may not read it. Roles that may, where an access control names them.
    NotReadable(Vec<String>),
    /// Either of both: the dictionary is not open to this user.
    NotInAnswer,
    /// So many characters fit into the column.
    TooLong(usize),
    /// The value is none of these choices.
    NoSuchChoice(Vec<String>),
    /// The column holds values of this type, and the sent one is none.
    WrongType(String),
    /// The dictionary says that nobody writes it.
    ReadOnly,
    /// This user may not write it. Roles that may, where an access control names them.
    NotWritable(Vec<String>),
    /// The column kept what it held, and nothing more is known of it.
    Kept,
    /// Something on the instance put another value in its place.
    Replaced,
}

/// What is known about a column that does not hold what was sent.
#[derive(Clone, Copy, Debug)]
pub struct Evidence<'a> {
    /// What was sent.
    pub sent: &'a str,
    /// What is stored, where the answer tells.
    pub stored: Option<&'a str>,
    /// What it held before the write; `None` for a new record.
    pub before: Option<&'a str>,
    /// What the dictionary says.
    pub known: Known<'a>,
    /// The values of its list of choices; empty when they are not known.
    pub choices: &'a [String],
}

/// What the dictionary says about a column.
#[derive(Clone, Copy, Debug)]
pub enum Known<'a> {
    /// Nothing: this user may not read it.
    Nothing,
    /// There is no such column; these are like it.
    Missing(&'a [String]),
    /// There it is.
    Column(&'a Column),
}

impl Evidence<'_> {
    /// The most likely reason. What is certain comes before what is only likely. Roles are filled in by who can look.
    pub fn suspicion(&self) -> Suspicion {
        let column = match (self.known, self.stored) {
            (Known::Missing(similar), _) => return Suspicion::NoSuchColumn(similar.to_vec()),
            (Known::Nothing, None) => return Suspicion::NotInAnswer,
            (Known::Column(_), None) => return Suspicion::NotReadable(Vec::new()),
            (Known::Nothing, Some(_)) => None,
            (Known::Column(column), Some(_)) => Some(column),
        };
        let stored = self.stored.unwrap_or_default();
        if let Some(length) = self.cut(column, stored) {
            return Suspicion::TooLong(length);
        }
        let Some(column) = column else { return self.without_dictionary(stored) };
        if column.takes_choices_only && !self.choices.is_empty() && !self.is_choice() {
            return Suspicion::NoSuchChoice(self.choices.to_vec());
        }
        if !fits(&column.kind, self.sent) {
            return Suspicion::WrongType(column.kind.clone());
        }
        if stored != self.before.unwrap_or(&column.default) {
            return Suspicion::Replaced;
        }
        if column.is_read_only {
            return Suspicion::ReadOnly;
        }
        if column.takes_choices_only && self.choices.is_empty() {
            return Suspicion::Kept;
        }
        Suspicion::NotWritable(Vec::new())
    }

    /// Characters that fit into the column, when more were sent.
    fn cut(&self, column: Option<&Column>, stored: &str) -> Option<usize> {
        let sent = self.sent.chars().count();
        if let Some(length) = column.and_then(|it| it.length_max) {
            return (sent > length).then_some(length);
        }
        let begins_alike =
            !stored.is_empty() && self.sent.len() > stored.len() && self.sent.starts_with(stored);
        begins_alike.then(|| stored.chars().count())
    }

    fn without_dictionary(&self, stored: &str) -> Suspicion {
        if stored == self.before.unwrap_or_default() { Suspicion::Kept } else { Suspicion::Replaced }
    }

    fn is_choice(&self) -> bool {
        self.sent.is_empty() || self.choices.iter().any(|it| it == self.sent)
    }
}

/// Whether a value can be one of a type. Of types that are not looked at, every value can be one.
fn fits(kind: &str, value: &str) -> bool {
    match kind {
        _ if value.is_empty() => true,
        "boolean" => matches!(value, "true" | "false" | "0" | "1"),
        "integer" | "longint" => value.parse::<i64>().is_ok(),
        "decimal" | "float" => value.parse::<f64>().is_ok(),
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn column(kind: &str) -> Column {
        Column { kind: kind.to_owned(), ..Column::default() }
    }

    #[track_caller]
    #[expect(clippy::needless_pass_by_value, reason = "a row of data reads better without a reference")]
    fn check(evidence: Evidence<'_>, expected: Suspicion) {
        assert_eq!(evidence.suspicion(), expected, "{evidence:?}");
    }

    const NOTHING: Evidence<'static> = Evidence {
        sent: "new",
        stored: Some("old"),
        before: Some("old"),
        known: Known::Nothing,
        choices: &[],
    };

    #[test]
    fn what_the_dictionary_does_not_have_is_no_column() {
        let similar = ["connection_url".to_owned()];
        for stored in [None, Some("old")] {
            let evidence = Evidence { stored, known: Known::Missing(&similar), ..NOTHING };
            check(evidence, Suspicion::NoSuchColumn(similar.to_vec()));
        }
    }

    #[test]
    fn what_is_not_in_the_answer_is_hidden_if_it_is_there_at_all() {
        check(Evidence { stored: None, ..NOTHING }, Suspicion::NotInAnswer);
        let text = column("string");
        check(
            Evidence { stored: None, known: Known::Column(&text), ..NOTHING },
            Suspicion::NotReadable(vec![]),
        );
    }

    #[test]
    fn a_value_that_is_too_long_is_cut() {
        let short = Column { length_max: Some(3), ..column("string") };
        let cut = Evidence { sent: "abcdef", stored: Some("abc"), ..NOTHING };
        check(cut, Suspicion::TooLong(3));
        check(Evidence { known: Known::Column(&short), ..cut }, Suspicion::TooLong(3));
        // The dictionary says that it would have fitted: then somebody else has cut it.
        let long = Column { length_max: Some(40), ..column("string") };
        check(Evidence { known: Known::Column(&long), ..cut }, Suspicion::Replaced);
    }

    #[test]
    fn a_choice_that_does_not_exist_is_not_stored() {
        let choice = Column { takes_choices_only: true, ..column("choice") };
        let choices = ["a".to_owned(), "b".to_owned()];
        let known = Evidence { known: Known::Column(&choice), choices: &choices, ..NOTHING };
        check(known, Suspicion::NoSuchChoice(choices.to_vec()));
        check(Evidence { sent: "b", ..known }, Suspicion::NotWritable(vec![]));
        check(Evidence { choices: &[], ..known }, Suspicion::Kept);
        let suggestion = column("choice");
        check(Evidence { known: Known::Column(&suggestion), ..known }, Suspicion::NotWritable(vec![]));
    }

    #[test]
    fn a_value_of_another_type_is_not_stored() {
        for (kind, sent, fits) in [
            ("integer", "abc", false),
            ("integer", "12", true),
            ("boolean", "maybe", false),
            ("boolean", "1", true),
            ("float", "1.5", true),
            ("decimal", "x", false),
            ("string", "x", true),
        ] {
            let column = column(kind);
            let expected =
                if fits { Suspicion::NotWritable(vec![]) } else { Suspicion::WrongType(kind.to_owned()) };
            check(Evidence { sent, known: Known::Column(&column), ..NOTHING }, expected);
        }
    }

    #[test]
    fn what_kept_its_value_could_not_be_written_and_what_changed_was_replaced() {
        let (text, closed) = (column("string"), Column { is_read_only: true, ..column("string") });
        let known = Evidence { known: Known::Column(&text), ..NOTHING };
        check(known, Suspicion::NotWritable(vec![]));
        check(Evidence { stored: Some("third"), ..known }, Suspicion::Replaced);
        check(Evidence { known: Known::Column(&closed), ..NOTHING }, Suspicion::ReadOnly);
        check(
            Evidence { known: Known::Column(&closed), stored: Some("third"), ..NOTHING },
            Suspicion::Replaced,
        );
        check(NOTHING, Suspicion::Kept);
        check(Evidence { stored: Some("third"), ..NOTHING }, Suspicion::Replaced);
    }

    #[test]
    fn a_new_record_held_the_default_before() {
        let text = Column { default: "fresh".to_owned(), ..column("string") };
        let new = Evidence { before: None, known: Known::Column(&text), ..NOTHING };
        check(Evidence { stored: Some("fresh"), ..new }, Suspicion::NotWritable(vec![]));
        check(Evidence { stored: Some(""), ..new }, Suspicion::Replaced);
        check(Evidence { stored: Some(""), before: None, ..NOTHING }, Suspicion::Kept);
    }
}
