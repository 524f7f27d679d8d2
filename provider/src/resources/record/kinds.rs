//! When two texts mean the same in a column, by the type that the instance's dictionary gives it.

use reconcile::cell::{flag, lines, list, number};
use servicenow_core::SysId;

/// Whether a text that was written and one that was found mean the same. Without a type they are compared letter by letter.
pub fn same(kind: Option<&str>, wanted: &str, found: &str) -> bool {
    if wanted == found {
        return true;
    }
    match kind.unwrap_or_default() {
        "boolean" => is_flag(wanted) && is_flag(found) && flag(wanted) == flag(found),
        "integer" | "longint" | "decimal" | "float" | "percent_complete" | "currency" | "price" => {
            number(wanted).is_some_and(|it| Some(it) == number(found))
        }
        "glide_list" | "slushbucket" => sorted(wanted) == sorted(found),
        "reference" | "GUID" | "document_id" => {
            matches!((wanted.parse::<SysId>(), found.parse::<SysId>()), (Ok(one), Ok(other)) if one == other)
        }
        "script" | "script_plain" | "script_server" | "html" | "xml" | "json" | "conditions"
        | "translated_text" => lines(wanted) == lines(found),
        _ => unix(wanted) == unix(found),
    }
}

/// An empty column that is true or false is false.
fn is_flag(text: &str) -> bool {
    matches!(text, "" | "true" | "false" | "1" | "0")
}

fn sorted(text: &str) -> Vec<&str> {
    let mut items = list(text);
    items.sort_unstable();
    items.dedup();
    items
}

fn unix(text: &str) -> String {
    text.replace("\r\n", "\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(kind: &str, wanted: &str, alike: &[&str], other: &[&str]) {
        for found in alike {
            assert!(same(Some(kind), wanted, found), "{kind}: {wanted:?} is {found:?}");
        }
        for found in other {
            assert!(!same(Some(kind), wanted, found), "{kind}: {wanted:?} is not {found:?}");
        }
    }

    #[test]
    fn texts_are_compared_by_what_the_column_holds() {
        check("boolean", "true", &["1", "true"], &["false", "0", "", "yes"]);
        check("boolean", "false", &["", "0"], &["true"]);
        check("integer", "1000", &["1,000", "1000"], &["100", ""]);
        check("decimal", "2.50", &["2.5"], &["2.05"]);
        check("glide_list", "a,b", &["b,a", "a, b"], &["a", ""]);
        check("reference", &"AB".repeat(16), &[&"ab".repeat(16)], &[&"ac".repeat(16), ""]);
        check("script", "a\nb\n", &["a\r\nb"], &["a b"]);
        check("string", "2", &["2"], &["2.0", "02", "2 "]);
        check("string", "a\nb", &["a\r\nb"], &["a\nb\n"]);
    }

    #[test]
    fn without_a_type_texts_are_compared_letter_by_letter() {
        assert!(!same(None, "true", "1"));
        assert!(!same(None, "1000", "1,000"));
        assert!(same(None, "a", "a"));
    }
}
