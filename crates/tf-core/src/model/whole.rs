//! What holds for a model as a whole.

use crate::Relation;

/// What stands in `#[tf(…)]` above a struct: its schema version, rules across its attributes, and that it should not be
/// used any more.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Whole {
    /// The version of the schema; of nested objects it means nothing.
    pub version: i64,
    /// Rules across attributes and blocks.
    pub relations: Vec<Relation>,
    /// Why it should not be used any more.
    pub deprecated: Option<String>,
}

impl Whole {
    /// Nothing in particular.
    pub fn new() -> Whole {
        Whole::default()
    }

    /// The version of the schema, raised whenever stored states need an upgrade.
    #[must_use]
    pub fn version(self, version: i64) -> Whole {
        Whole { version, ..self }
    }

    /// Should not be used any more, because of the reason given.
    #[must_use]
    pub fn deprecated(self, reason: &str) -> Whole {
        Whole { deprecated: Some(reason.to_owned()), ..self }
    }

    /// At most one of these is set.
    #[must_use]
    pub fn conflicts(self, names: &[&str]) -> Whole {
        self.relation(Relation::Conflicts(owned(names)))
    }

    /// One of these is set, and no other.
    #[must_use]
    pub fn exactly_one(self, names: &[&str]) -> Whole {
        self.relation(Relation::ExactlyOne(owned(names)))
    }

    /// One of these is set, or more.
    #[must_use]
    pub fn at_least_one(self, names: &[&str]) -> Whole {
        self.relation(Relation::AtLeastOne(owned(names)))
    }

    /// Where the first is set, all others are.
    #[must_use]
    pub fn requires(self, name: &str, needs: &[&str]) -> Whole {
        self.relation(Relation::Requires(name.to_owned(), owned(needs)))
    }

    /// All of these are set, or none.
    #[must_use]
    pub fn together(self, names: &[&str]) -> Whole {
        let others = |name: &str| -> Vec<&str> { names.iter().copied().filter(|it| *it != name).collect() };
        names.iter().fold(self, |whole, name| whole.requires(name, &others(name)))
    }

    /// With the rules of a part whose attributes stand among those of the whole. The version is that of the whole, and that a
    /// part should not be used any more is told by its attributes.
    #[must_use]
    pub fn with_part(mut self, part: Whole) -> Whole {
        self.relations.extend(part.relations);
        self
    }

    fn relation(mut self, relation: Relation) -> Whole {
        self.relations.push(relation);
        self
    }
}

fn owned(names: &[&str]) -> Vec<String> {
    names.iter().map(|it| (*it).to_owned()).collect()
}
