//! The attributes of one resource, in as little memory as they take: there are tens of thousands of resources, and most have
//! fewer attributes than a node of a tree has room for.

use std::collections::BTreeMap;

use super::Finding;

/// Attributes by name.
#[derive(Clone, Debug, Default)]
pub struct Attributes(Box<[(Box<str>, Finding)]>);

impl Attributes {
    /// What is written for an attribute.
    pub fn get(&self, name: &str) -> Option<&Finding> {
        let place = self.0.binary_search_by(|(it, _)| (**it).cmp(name)).ok()?;
        self.0.get(place).map(|(_, it)| it)
    }

    /// Whether anything is written for an attribute.
    pub fn contains_key(&self, name: &str) -> bool {
        self.get(name).is_some()
    }

    /// All of them, by name.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Finding)> {
        self.0.iter().map(|(name, it)| (&**name, it))
    }

    /// What is written.
    pub fn values(&self) -> impl Iterator<Item = &Finding> {
        self.0.iter().map(|(_, it)| it)
    }

    /// Takes one away.
    pub fn remove(&mut self, name: &str) {
        let all = std::mem::take(&mut self.0).into_vec();
        self.0 = all.into_iter().filter(|(it, _)| **it != *name).collect();
    }
}

impl From<BTreeMap<String, Finding>> for Attributes {
    fn from(by_name: BTreeMap<String, Finding>) -> Attributes {
        Attributes(by_name.into_iter().map(|(name, it)| (name.into_boxed_str(), it)).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::declared::Place;
    use crate::evaluate::typed::Typed;

    #[test]
    fn attributes_are_found_by_name_and_taken_away() {
        let finding =
            |text: &str| Finding { value: Typed::string(text), doubts: Vec::new(), place: Place::default() };
        let by_name = ["name", "active", "url"].map(|it| (it.to_owned(), finding(it)));
        let mut attributes = Attributes::from(BTreeMap::from(by_name));
        for name in ["name", "active", "url"] {
            assert_eq!(attributes.get(name).and_then(|it| it.value.value.as_str()), Some(name));
        }
        assert!(attributes.contains_key("url") && !attributes.contains_key("ur"));
        attributes.remove("url");
        attributes.remove("nothing");
        assert_eq!(attributes.iter().map(|it| it.0).collect::<Vec<_>>(), ["active", "name"]);
        assert_eq!(attributes.values().count(), 2);
    }
}
