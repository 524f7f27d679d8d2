//! From the names that people gave to records to names in a configuration: legal whatever the script, the same in every
//! run, and told apart where two people had the same idea.

use std::collections::{BTreeMap, BTreeSet};

use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

/// Longer names are cut: they are file names as well, and these end at 255 bytes with what is added to them.
const CHARACTERS_MAX: usize = 60;

/// Digits of a sys_id that tell two of the same name apart, unless more are needed.
const DIGITS_MIN: usize = 6;

/// Something that needs a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wanted<'a> {
    /// What has to differ within: names of two types may be equal.
    pub kind: &'a str,
    /// What people call it.
    pub label: &'a str,
    /// Its sys_id.
    pub id: &'a str,
}

/// A name in lower-case letters, digits and underscores that begins with a letter or an underscore; empty if nothing of the
/// text can stand in one.
pub fn identifier(text: &str) -> String {
    let mut name = String::new();
    let spoken = text.replace('&', " and ");
    for character in spoken.nfkd().filter(|it| !is_combining_mark(*it)).flat_map(char::to_lowercase) {
        match spelled(character) {
            Some(letters) => name.push_str(letters),
            None if character.is_ascii_alphanumeric() => name.push(character),
            None if !name.is_empty() && !name.ends_with('_') => name.push('_'),
            None => {}
        }
    }
    let mut name: String = name.chars().take(CHARACTERS_MAX).collect();
    name.truncate(name.trim_end_matches('_').len());
    if name.starts_with(|it: char| it.is_ascii_digit()) {
        name.insert(0, '_');
    }
    name
}

/// Letters that are no letter with a mark, as people spell them without.
fn spelled(character: char) -> Option<&'static str> {
    Some(match character {
        'ß' => "ss",
        'æ' => "ae",
        'œ' => "oe",
        'ø' => "o",
        'đ' | 'ð' => "d",
        'ł' => "l",
        'þ' => "th",
        'ı' => "i",
        _ => return None,
    })
}

/// A name for each, in their order. Where several of a kind would have the same, each carries digits of its sys_id, so that
/// the order in which they were found does not matter; names that are taken already are avoided the same way.
pub fn assign(wanted: &[Wanted<'_>], taken: &BTreeSet<(String, String)>) -> Vec<String> {
    let bases: Vec<String> = wanted.iter().map(base).collect();
    let mut counts: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    for (it, base) in wanted.iter().zip(&bases) {
        *counts.entry((it.kind, base)).or_default() += 1;
    }
    let is_alone = |it: &Wanted<'_>, base: &str| {
        counts.get(&(it.kind, base)).is_none_or(|count| *count == 1)
            && !taken.contains(&(it.kind.to_owned(), base.to_owned()))
    };
    let mut used: BTreeSet<(String, String)> = taken.clone();
    // Those that keep their plain name come first, so that nothing made up takes it from them.
    for (it, base) in wanted.iter().zip(&bases).filter(|(it, base)| is_alone(it, base)) {
        used.insert((it.kind.to_owned(), base.clone()));
    }
    let mut name = |(it, base): (&Wanted<'_>, &String)| {
        if is_alone(it, base) { base.clone() } else { with_digits(it, base, &mut used) }
    };
    wanted.iter().zip(&bases).map(&mut name).collect()
}

fn base(it: &Wanted<'_>) -> String {
    let name = identifier(it.label);
    // A label of nothing but signs says as little as none; the kind and the id say at least what it is.
    if name.trim_matches('_').is_empty() {
        let kind = it.kind.strip_prefix("servicenow_").unwrap_or(it.kind);
        return format!("{kind}_{}", digits(it.id, DIGITS_MIN));
    }
    name
}

fn with_digits(it: &Wanted<'_>, base: &str, used: &mut BTreeSet<(String, String)>) -> String {
    let candidates =
        (DIGITS_MIN..=it.id.len().max(DIGITS_MIN)).map(|count| format!("{base}_{}", digits(it.id, count)));
    let numbered = (2_u32..).map(|number| format!("{base}_{}_{number}", it.id));
    let free = |name: &String| !used.contains(&(it.kind.to_owned(), name.clone()));
    let name = candidates.chain(numbered).find(free).unwrap_or_default();
    used.insert((it.kind.to_owned(), name.clone()));
    name
}

fn digits(id: &str, count: usize) -> &str {
    id.get(..count).unwrap_or(id)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_name_is_legal_and_still_readable() {
        for (text, expected) in [
            ("Orders", "orders"),
            ("Orders – Production (EU)", "orders_production_eu"),
            ("x_acme.orders", "x_acme_orders"),
            ("  --  ", ""),
            ("3M parts", "_3m_parts"),
            ("Größe & Maß", "grosse_and_mass"),
            ("Ærø Łódź", "aero_lodz"),
            ("e\u{301}te\u{301}", "ete"),
            ("ﬁnance №5", "finance_no5"),
            ("注文", ""),
            ("注文 API", "api"),
            ("a__b", "a_b"),
            ("İstanbul", "istanbul"),
            ("", ""),
        ] {
            assert_eq!(identifier(text), expected, "{text}");
        }
        assert_eq!(identifier(&"long ".repeat(100)).len(), CHARACTERS_MAX - 1);
    }

    fn check(wanted: &[(&str, &str)], taken: &[&str], expected: &[&str]) {
        let wanted: Vec<Wanted<'_>> =
            wanted.iter().map(|(label, id)| Wanted { kind: "servicenow_thing", label, id }).collect();
        let taken = taken.iter().map(|it| ("servicenow_thing".to_owned(), (*it).to_owned())).collect();
        assert_eq!(assign(&wanted, &taken), expected);
    }

    const ONE: &str = "0123456789abcdef0123456789abcdef";
    const TWO: &str = "012345aaaaabcdef0123456789abcdef";

    #[test]
    fn two_of_one_name_carry_digits_of_their_ids_whatever_the_order() {
        check(&[("Orders", ONE), ("Invoices", TWO)], &[], &["orders", "invoices"]);
        check(&[("Orders", "aaaaaaaa"), ("orders!", "bbbbbbbb")], &[], &["orders_aaaaaa", "orders_bbbbbb"]);
        check(&[("orders!", "bbbbbbbb"), ("Orders", "aaaaaaaa")], &[], &["orders_bbbbbb", "orders_aaaaaa"]);
        check(&[("Orders", ONE), ("Orders", TWO)], &[], &["orders_012345", "orders_012345a"]);
    }

    #[test]
    fn a_name_that_is_taken_is_left_alone() {
        check(&[("Orders", "aaaaaaaa")], &["orders"], &["orders_aaaaaa"]);
        check(&[("Orders", "aaaaaaaa")], &["orders", "orders_aaaaaa"], &["orders_aaaaaaa"]);
        check(
            &[("A", "aaaaaaaa"), ("a", "bbbbbbbb"), ("a_aaaaaa", "cccccccc")],
            &[],
            &["a_aaaaaaa", "a_bbbbbb", "a_aaaaaa"],
        );
    }

    #[test]
    fn what_has_no_legal_letter_is_called_by_its_kind_and_id() {
        check(&[("注文", "aaaaaaaa"), ("!!!", "bbbbbbbb")], &[], &["thing_aaaaaa", "thing_bbbbbb"]);
    }

    proptest! {
        #[test]
        fn every_text_gives_legal_names_that_differ(labels in proptest::collection::vec(any::<String>(), 1..8)) {
            let ids: Vec<String> = (0..labels.len()).map(|it| format!("{it:032x}")).collect();
            let wanted: Vec<Wanted<'_>> = labels
                .iter()
                .zip(&ids)
                .map(|(label, id)| Wanted { kind: "servicenow_thing", label, id })
                .collect();
            let names = assign(&wanted, &BTreeSet::new());
            prop_assert_eq!(names.iter().collect::<BTreeSet<_>>().len(), names.len());
            for name in names {
                let first = name.chars().next();
                prop_assert!(first.is_some_and(|it| it.is_ascii_lowercase() || it == '_'), "{}", name);
                prop_assert!(name.chars().all(|it| it.is_ascii_lowercase() || it.is_ascii_digit() || it == '_'));
            }
        }
    }
}
