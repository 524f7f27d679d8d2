//! Which of all objects are wanted: by the names of integrations, by type, by a query of the user's own.

use std::collections::BTreeMap;

/// What is exported.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Selection {
    /// Patterns of names of integrations, of which one has to fit; none: everything.
    pub integrations: Vec<String>,
    /// Types, with or without `servicenow_`; none: every type.
    pub types: Vec<String>,
    /// Encoded queries that narrow a type, by type.
    pub queries: BTreeMap<String, String>,
    /// Unifi and what it refers to, and nothing else.
    pub unifi: bool,
    /// What came with the platform as well, where everything is exported.
    pub include_platform: bool,
}

/// What every type of Unifi begins with.
const UNIFI: &str = "servicenow_unifi_";

/// Types of which an object is an integration: what belongs to it is exported beside it.
const INTEGRATIONS: [&str; 2] = ["servicenow_connection_alias", "servicenow_unifi_integration"];

impl Selection {
    /// The whole name of a type.
    pub fn type_name(text: &str) -> String {
        if text.starts_with("servicenow_") { text.to_owned() } else { format!("servicenow_{text}") }
    }

    /// Whether objects of a type may be written.
    pub fn has_type(&self, type_name: &str) -> bool {
        self.types.is_empty() || self.types.iter().any(|it| Selection::type_name(it) == type_name)
    }

    /// Whether an object is wanted for its own sake. What it refers to is wanted with it.
    pub fn is_wanted(&self, type_name: &str, names: &[&str]) -> bool {
        if self.unifi && !type_name.starts_with(UNIFI) {
            return false;
        }
        if self.integrations.is_empty() {
            return true;
        }
        is_integration(type_name)
            && self.integrations.iter().any(|it| names.iter().any(|name| fits(it, name)))
    }

    /// Whether nothing narrows it.
    pub fn is_everything(&self) -> bool {
        self.types.is_empty() && self.queries.is_empty() && !self.is_by_integration()
    }

    /// Whether what is wanted does not follow from the object alone.
    pub fn is_by_integration(&self) -> bool {
        !self.integrations.is_empty() || self.unifi
    }
}

/// Whether the objects of a type are integrations.
pub fn is_integration(type_name: &str) -> bool {
    INTEGRATIONS.contains(&type_name)
}

/// Whether a name fits a pattern, in which `*` stands for any text and `?` for any one character; capitals do not count.
pub fn fits(pattern: &str, name: &str) -> bool {
    let pattern: Vec<char> = pattern.to_lowercase().chars().collect();
    let name: Vec<char> = name.to_lowercase().chars().collect();
    // Which prefixes of the name the pattern so far fits.
    let mut reached = vec![false; name.len() + 1];
    if let Some(first) = reached.first_mut() {
        *first = true;
    }
    for wanted in pattern {
        let mut next = vec![false; name.len() + 1];
        let mut any_before = false;
        for (at, was) in reached.iter().copied().enumerate() {
            any_before |= was;
            let is_next = at.checked_sub(1).is_some_and(|before| {
                reached.get(before) == Some(&true)
                    && name.get(before).is_some_and(|it| wanted == '?' || *it == wanted)
            });
            if let Some(slot) = next.get_mut(at) {
                *slot = if wanted == '*' { any_before } else { is_next };
            }
        }
        reached = next;
    }
    reached.last() == Some(&true)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_fit_whole_names() {
        for (pattern, name, expected) in [
            ("orders", "Orders", true),
            ("orders", "orders2", false),
            ("ord*", "orders", true),
            ("*ers", "orders", true),
            ("*d*r*", "orders", true),
            ("*x*", "orders", false),
            ("o?ders", "orders", true),
            ("o?ders", "oders", false),
            ("*", "", true),
            ("", "", true),
            ("?", "ß", true),
            ("a*a", "a", false),
        ] {
            assert_eq!(fits(pattern, name), expected, "{pattern} {name}");
        }
    }

    #[test]
    fn a_selection_is_about_integrations_types_and_unifi() {
        let of = |integrations: &[&str], unifi: bool| Selection {
            integrations: integrations.iter().map(|it| (*it).to_owned()).collect(),
            unifi,
            ..Selection::default()
        };
        let alias = ("servicenow_connection_alias", ["orders", "x_acme.orders"]);
        let unifi = ("servicenow_unifi_integration", ["Orders", ""]);
        let user = ("servicenow_integration_user", ["orders", ""]);
        for (selection, of_alias, of_unifi, of_user) in [
            (of(&[], false), true, true, true),
            (of(&["x_acme.*"], false), true, false, false),
            (of(&["orders"], false), true, true, false),
            (of(&[], true), false, true, false),
            (of(&["orders"], true), false, true, false),
        ] {
            let wants = |(type_name, names): &(&str, [&str; 2])| selection.is_wanted(type_name, names);
            assert_eq!((wants(&alias), wants(&unifi), wants(&user)), (of_alias, of_unifi, of_user));
        }
        let typed = Selection { types: vec!["http_connection".to_owned()], ..Selection::default() };
        assert!(
            typed.has_type("servicenow_http_connection") && !typed.has_type("servicenow_connection_alias")
        );
    }
}
