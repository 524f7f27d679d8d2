//! What a provider tells Terraform about its resources, as plain data.

mod behavior;
pub mod rules;

pub use behavior::{Behavior, Check, CheckFn, Condition, ConditionFn, Form, FormFn, Relation, Replace};

use crate::Type;

/// A versioned block.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Schema {
    /// Raised whenever stored states need an upgrade.
    pub version: i64,
    /// The root block.
    pub block: Block,
}

/// Attributes and nested blocks.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Block {
    /// Markdown, one sentence first.
    pub doc: String,
    /// In the order of declaration.
    pub attributes: Vec<Attribute>,
    /// In the order of declaration.
    pub blocks: Vec<NestedBlock>,
    /// The rules across its attributes and blocks.
    pub relations: Vec<Relation>,
    /// Why it should not be used any more.
    pub deprecated: Option<String>,
}

/// How many of a nested thing there are, and how they are told apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Nesting {
    /// One or none.
    Single,
    /// One, always there (blocks only).
    Group,
    /// In order.
    List,
    /// Without order.
    Set,
    /// By key.
    Map,
}

/// A block inside a block.
#[derive(Clone, Debug, PartialEq)]
pub struct NestedBlock {
    /// Its name in configuration.
    pub name: String,
    /// What is in it.
    pub block: Block,
    /// How many there are.
    pub nesting: Nesting,
    /// The least number (list and set; 1 makes a single one required).
    pub items_min: i64,
    /// The greatest number, 0 for no limit.
    pub items_max: i64,
}

/// One named value of a block.
#[derive(Clone, Debug, PartialEq)]
pub struct Attribute {
    /// Its name in configuration.
    pub name: String,
    /// Markdown, one sentence first; no type and no default in words.
    pub doc: String,
    /// What it holds.
    pub ty: AttributeType,
    /// Never shown.
    pub sensitive: bool,
    /// Never stored: read from configuration during apply alone.
    pub write_only: bool,
    /// How it is planned.
    pub behavior: Behavior,
}

/// What an attribute holds.
#[derive(Clone, Debug, PartialEq)]
pub enum AttributeType {
    /// A value of a type.
    Plain(Type),
    /// Objects whose members are attributes themselves.
    Nested {
        /// How many there are.
        nesting: Nesting,
        /// Their members.
        attributes: Vec<Attribute>,
    },
}

/// Who decides the value.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mode {
    /// The user, always.
    Required,
    /// The user, or nobody.
    #[default]
    Optional,
    /// The provider.
    Computed,
    /// The user, otherwise the provider.
    OptionalComputed,
}

/// The flags by which Terraform knows a [`Mode`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OnWire {
    /// The configuration must have a value.
    pub required: bool,
    /// The configuration may have a value.
    pub optional: bool,
    /// The provider may choose a value where the configuration has none.
    pub computed: bool,
}

impl Mode {
    /// As Terraform's flags.
    pub fn on_wire(self) -> OnWire {
        OnWire {
            required: self == Mode::Required,
            optional: matches!(self, Mode::Optional | Mode::OptionalComputed),
            computed: matches!(self, Mode::Computed | Mode::OptionalComputed),
        }
    }
}
