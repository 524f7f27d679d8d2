//! What a word stands for that the instance keeps a list of: `sys_choice` has the labels that people see and the values that
//! are stored, and both may differ from what anybody assumes.

use reconcile::Choices;
use servicenow_core::{Kind, Record};

use crate::execute::Failure;
use crate::session::Session;
use crate::tables::Table;

/// Where an instance keeps its choices.
const TABLE: &str = "sys_choice";

/// What a word stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Meant {
    /// The value that is stored.
    Value(String),
    /// Nothing that could be told; these are offered.
    OneOf(Vec<String>),
}

/// The value that a word stands for, asked for once in a run. Where the instance does not show its choices it is the word
/// of ours, or else what was written.
///
/// # Errors
/// The instance could not be asked.
pub async fn meant(session: &Session, choices: &Choices, word: &str) -> Result<Meant, Failure> {
    if let Some(value) = session.meaning_of(choices.name, word) {
        return Ok(Meant::Value(value));
    }
    let rows = offered(session, choices).await?;
    let meant = among(&rows, choices.words, word);
    if let Meant::Value(value) = &meant {
        session.means(choices.name, word, value);
    }
    Ok(meant)
}

/// The choices of a column, as value and label. Without the right to read them there are none.
async fn offered(session: &Session, choices: &Choices) -> Result<Vec<(String, String)>, Failure> {
    let column = session.columns.asked(choices.table, choices.column);
    let table = Table::of(session, TABLE)?;
    let Ok(query) = table.query(&[("name", choices.table), ("element", column)]) else {
        return Ok(Vec::new());
    };
    let rows = match table.list(&query, &["name", "element", "value", "label", "inactive"]).await {
        Ok(rows) => rows,
        Err(error) if matches!(error.kind, Kind::Forbidden | Kind::NotFound | Kind::InvalidTable) => {
            Vec::new()
        }
        Err(error) => return Err(error.into()),
    };
    let is_own = |it: &&Record| {
        it.text("name") == choices.table && it.text("element") == column && !it.flag("inactive")
    };
    let pair = |it: &Record| (it.text("value").to_owned(), it.text("label").to_owned());
    Ok(rows.iter().filter(is_own).map(pair).filter(|it| !it.0.is_empty()).collect())
}

/// The choice that a word stands for: its value, its label, either of them in another case, or the only one that has a word
/// of ours in it.
fn among(rows: &[(String, String)], words: &[&str], word: &str) -> Meant {
    let lower = word.to_lowercase();
    let ours = words.iter().find(|it| lower.contains(**it)).copied();
    if rows.is_empty() {
        return Meant::Value(ours.unwrap_or(word).to_owned());
    }
    let is_value = |(value, _): &&(String, String)| value == word;
    let is_label = |(_, label): &&(String, String)| label == word;
    let is_either =
        |(value, label): &&(String, String)| value.to_lowercase() == lower || label.to_lowercase() == lower;
    let has_ours = |(value, label): &&(String, String)| {
        ours.is_some_and(|it| value.to_lowercase().contains(it) || label.to_lowercase().contains(it))
    };
    let found = rows.iter().find(is_value).map(|it| &it.0);
    found
        .or_else(|| only(rows.iter().filter(is_label)))
        .or_else(|| only(rows.iter().filter(is_either)))
        .or_else(|| only(rows.iter().filter(has_ours)))
        .map_or_else(|| Meant::OneOf(shown(rows)), |it| Meant::Value(it.clone()))
}

/// The one value of these choices. The same choice has a row for each language.
fn only<'a>(mut rows: impl Iterator<Item = &'a (String, String)>) -> Option<&'a String> {
    let first = &rows.next()?.0;
    rows.all(|(value, _)| value == first).then_some(first)
}

fn shown(rows: &[(String, String)]) -> Vec<String> {
    let mut shown: Vec<String> =
        rows.iter().map(|(value, label)| format!("\"{label}\" (`{value}`)")).collect();
    shown.sort();
    shown.dedup();
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    const WORDS: &[&str] = &["basic", "oauth"];

    fn check(rows: &[(&str, &str)], word: &str, expected: Result<&str, usize>) {
        let rows: Vec<(String, String)> =
            rows.iter().map(|(value, label)| ((*value).to_owned(), (*label).to_owned())).collect();
        match (among(&rows, WORDS, word), expected) {
            (Meant::Value(value), Ok(expected)) => assert_eq!(value, expected, "{word}"),
            (Meant::OneOf(offered), Err(count)) => assert_eq!(offered.len(), count, "{word}: {offered:?}"),
            (meant, _) => panic!("{word}: {meant:?}"),
        }
    }

    #[test]
    fn a_word_is_a_value_a_label_or_one_that_is_within_a_single_choice() {
        let numbered = [("1", "Basic"), ("2", "OAuth 2.0")];
        for (word, value) in [
            ("1", "1"),
            ("Basic", "1"),
            ("basic", "1"),
            ("OAuth 2.0", "2"),
            ("oauth", "2"),
            ("OAUTH 2.0", "2"),
        ] {
            check(&numbered, word, Ok(value));
        }
        check(&numbered, "certificate", Err(2));
        check(&numbered, "3", Err(2));
    }

    #[test]
    fn a_word_that_is_within_several_choices_stands_for_the_one_that_it_is() {
        let several = [("basic", "Basic"), ("basic_profile", "Basic with a profile"), ("oauth2", "OAuth")];
        check(&several, "basic", Ok("basic"));
        check(&several, "Basic with a profile", Ok("basic_profile"));
        check(&several, "BASIC", Ok("basic"));
        check(&several, "basics", Err(3));
        check(&several, "oauth", Ok("oauth2"));
    }

    #[test]
    fn rows_of_several_languages_are_one_choice() {
        check(&[("1", "Basic"), ("1", "Basic"), ("2", "OAuth")], "Basic", Ok("1"));
        check(&[("1", "Basic"), ("1", "Einfach"), ("2", "OAuth")], "Einfach", Ok("1"));
        check(&[("1", "Basic"), ("2", "Basic")], "Basic", Err(2));
    }

    #[test]
    fn without_choices_to_see_a_word_of_ours_is_the_value() {
        check(&[], "basic", Ok("basic"));
        check(&[], "Basic", Ok("basic"));
        check(&[], "OAuth 2.0", Ok("oauth"));
        check(&[], "certificate", Ok("certificate"));
    }
}
