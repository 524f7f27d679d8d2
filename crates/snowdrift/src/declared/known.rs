//! What is known of live objects while a folder is evaluated again and again: what the provider computed, by the addresses that
//! they are declared under.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use tf_core::Value;

/// Live objects by the addresses that they are declared under: what the provider computed is known of these.
#[derive(Debug, Default)]
pub struct Known {
    objects: HashMap<String, Vec<(Arc<str>, Value)>>,
    /// The names of all members, each kept once: there are a few of them, and tens of thousands of objects.
    names: HashSet<Arc<str>>,
    settled: HashSet<String>,
}

impl Known {
    /// Nothing is known.
    pub fn new() -> Known {
        Known::default()
    }

    /// Members of a live object.
    pub fn insert<'a>(&mut self, address: &str, members: impl IntoIterator<Item = (&'a str, Value)>) {
        let kept = members.into_iter().map(|(name, value)| (self.name(name), value)).collect();
        self.objects.insert(address.to_owned(), kept);
    }

    /// Whether a live object was found for an address.
    pub fn contains(&self, address: &str) -> bool {
        self.objects.contains_key(address)
    }

    /// A member of a live object.
    pub fn member(&self, address: &str, name: &str) -> Option<&Value> {
        let members = self.objects.get(address)?;
        members.iter().find(|(it, _)| &**it == name).map(|(_, value)| value)
    }

    /// Nobody asks for what that address declares any more: it is left out of what is declared from then on. What others
    /// refer to is known all the same.
    pub fn settle(&mut self, address: &str) {
        self.settled.insert(address.to_owned());
    }

    /// Whether nobody asks for it any more.
    pub fn is_settled(&self, address: &str) -> bool {
        self.settled.contains(address)
    }

    fn name(&mut self, name: &str) -> Arc<str> {
        if let Some(known) = self.names.get(name) {
            return Arc::clone(known);
        }
        let name: Arc<str> = name.into();
        self.names.insert(Arc::clone(&name));
        name
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_are_known_by_address_and_name() {
        let mut known = Known::new();
        known.insert("t.a", [("id", Value::string("1")), ("path", Value::Null)]);
        known.insert("t.b", [("id", Value::string("2"))]);
        assert_eq!(known.member("t.a", "id"), Some(&Value::string("1")));
        assert_eq!(known.member("t.a", "path"), Some(&Value::Null), "null is known");
        assert_eq!((known.member("t.b", "path"), known.member("t.c", "id")), (None, None));
        assert!(known.contains("t.b") && !known.contains("t.c"));
        known.settle("t.b");
        assert!(known.is_settled("t.b") && !known.is_settled("t.a"));
        assert_eq!(known.member("t.b", "id"), Some(&Value::string("2")));
    }
}
