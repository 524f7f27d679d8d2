//! What tells one object of a resource type from every other, apart from the state.

use std::collections::BTreeMap;

use crate::{Attribute, Mode, Model, Type, model};

/// The identity of a resource type: what names one object for good, on every host and in every state.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct IdentitySchema {
    /// Raised whenever stored identities need an upgrade.
    pub version: i64,
    /// In the order of declaration.
    pub attributes: Vec<IdentityAttribute>,
}

/// One part of an identity: a bool, a number, a text, or a list of them.
#[derive(Clone, Debug, PartialEq)]
pub struct IdentityAttribute {
    /// Its name.
    pub name: String,
    /// What it holds.
    pub ty: Type,
    /// Whoever imports must give it.
    pub required_for_import: bool,
    /// Whoever imports may give it.
    pub optional_for_import: bool,
    /// One sentence.
    pub doc: String,
}

impl IdentitySchema {
    /// The identity that a model describes, at version 0: what is `required()` must be given to import, what is
    /// `optional()` may be.
    pub fn of<M: Model>() -> IdentitySchema {
        IdentitySchema { version: 0, attributes: model::attributes::<M>().into_iter().map(part).collect() }
    }

    /// The type of identities: an object of all parts.
    pub fn implied_type(&self) -> Type {
        let parts = self.attributes.iter().map(|it| (it.name.clone(), it.ty.clone()));
        Type::Object(parts.collect::<BTreeMap<_, _>>())
    }
}

fn part(attribute: Attribute) -> IdentityAttribute {
    let required = attribute.behavior.mode == Mode::Required;
    IdentityAttribute {
        ty: attribute.ty.implied_type(),
        name: attribute.name,
        required_for_import: required,
        optional_for_import: !required,
        doc: attribute.doc,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Attr;

    /// Names a row of a table.
    #[derive(Default, Model)]
    struct Row {
        /// The table.
        #[tf(required())]
        table: Attr<String>,
        /// The shelves it was seen on.
        #[tf(optional())]
        shelves: Attr<Vec<i64>>,
    }

    #[test]
    fn an_identity_is_described_like_a_model() {
        let identity = IdentitySchema::of::<Row>();
        let told: Vec<_> = identity
            .attributes
            .iter()
            .map(|it| (it.name.as_str(), it.required_for_import, it.optional_for_import, it.doc.as_str()))
            .collect();
        assert_eq!(
            told,
            [("table", true, false, "The table."), ("shelves", false, true, "The shelves it was seen on.")]
        );
        let shelves = Type::List(Box::new(Type::Number));
        let expected = [("table".to_owned(), Type::String), ("shelves".to_owned(), shelves)];
        assert_eq!(identity.implied_type(), Type::Object(expected.into()));
    }
}
