//! Names that somebody may have meant instead of one that is not there.

/// Suggestions beyond which a list says nothing.
const SUGGESTIONS_MAX: usize = 5;

/// Letters of a name for each mistake that is taken for one.
const LETTERS_PER_MISTAKE: usize = 3;

/// The names that come closest to the one that was wanted, the closest first: with few mistakes, or one within the other.
/// Upper and lower case are the same.
pub fn similar<'a>(wanted: &str, names: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
    let wanted = wanted.trim().to_lowercase();
    let ranked = names.into_iter().filter_map(|name| Some((rank(&wanted, &name.to_lowercase())?, name)));
    let mut ranked: Vec<(usize, &str)> = ranked.collect();
    ranked.sort_unstable();
    ranked.dedup();
    ranked.into_iter().take(SUGGESTIONS_MAX).map(|(_, name)| name).collect()
}

/// How far a name is away, unless it is another one altogether.
fn rank(wanted: &str, name: &str) -> Option<usize> {
    if wanted.is_empty() || name.is_empty() {
        return None;
    }
    let mistakes = distance(wanted, name);
    let allowed = wanted.chars().count() / LETTERS_PER_MISTAKE + 1;
    let within = name.contains(wanted) || wanted.contains(name);
    (mistakes <= allowed || within).then_some(mistakes)
}

/// How many letters have to be put in, taken out or exchanged to make one text of the other.
fn distance(one: &str, other: &str) -> usize {
    let other: Vec<char> = other.chars().collect();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for letter in one.chars() {
        let mut diagonal = row.first().copied().unwrap_or_default();
        let mut left = diagonal + 1;
        if let Some(first) = row.first_mut() {
            *first = left;
        }
        for (cell, theirs) in row.iter_mut().skip(1).zip(&other) {
            let exchanged = diagonal + usize::from(letter != *theirs);
            diagonal = *cell;
            left = exchanged.min(left + 1).min(*cell + 1);
            *cell = left;
        }
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(wanted: &str, expected: &[&str]) {
        let names = ["jira", "jira-staging", "Orders Production", "orders-test", "billing", ""];
        assert_eq!(similar(wanted, names), expected, "{wanted}");
    }

    #[test]
    fn names_with_few_mistakes_and_parts_of_names_are_similar() {
        check("jria", &["jira"]);
        check("jirra", &["jira"]);
        check("JIRA", &["jira", "jira-staging"]);
        check("orders production", &["Orders Production"]);
        check("order-test", &["orders-test"]);
        check("orders", &["orders-test", "Orders Production"]);
        check("biling", &["billing"]);
        check("something else", &[]);
        check("", &[]);
    }

    #[test]
    fn mistakes_are_counted() {
        for (one, other, expected) in [
            ("", "", 0),
            ("", "abc", 3),
            ("abc", "", 3),
            ("abc", "abc", 0),
            ("abc", "abd", 1),
            ("abc", "xabc", 1),
            ("kitten", "sitting", 3),
        ] {
            assert_eq!(distance(one, other), expected, "{one} {other}");
        }
    }

    #[test]
    fn a_long_list_of_suggestions_is_cut() {
        let names: Vec<String> = (0..20).map(|it| format!("name-{it:02}")).collect();
        assert_eq!(similar("name-0", names.iter().map(String::as_str)).len(), SUGGESTIONS_MAX);
    }
}
