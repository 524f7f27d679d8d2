//! What a thing is made of: every behaviour of an attribute, and every nesting of attributes and blocks.

use std::collections::BTreeMap;

use tf_core::model::SetOf;
use tf_core::{
    Attr, Attribute, AttributeType, Behavior, Block, Model, NestedBlock, Nesting, Schema, Secret, Sensitive,
    Type, WriteOnly, check, form, model,
};

/// A thing that exists in the state alone.
#[derive(Clone, Debug, Default, PartialEq, Model)]
struct Attributes {
    /// What identifies it: `thing-` and its name.
    #[tf(computed().stable())]
    id: Attr<String>,
    /// What it is called. `panic`, `half`, `misprint` and `later` do what they say.
    #[tf(required().replaces().check(check::length(1, 40)))]
    name: Attr<String>,
    /// What is said of it.
    #[tf(optional())]
    note: Attr<String>,
    /// How large it is.
    #[tf(optional().default(1_i64).check(check::range(1, 100)))]
    size: Attr<i64>,
    /// What kind of thing it is.
    #[tf(optional().check(check::one_of(&["big", "small"])))]
    kind: Attr<String>,
    /// Its color, chosen for whoever does not mind.
    #[tf(optional_computed())]
    color: Attr<String>,
    /// How often it was written.
    #[tf(computed())]
    revision: Attr<i64>,
    /// Whether it is there.
    #[tf(computed())]
    there: Attr<bool>,
    /// What it does not show.
    #[tf(optional())]
    secret: Attr<Secret>,
    /// What it forgets.
    #[tf(optional().version("secret_wo_version"))]
    secret_wo: Attr<WriteOnly<Secret>>,
    /// Raised to hand over the secret again.
    #[tf(optional())]
    secret_wo_version: Attr<i64>,
    /// What it was called in former times.
    #[tf(optional().deprecated("use `name`"))]
    title: Attr<String>,
    /// What others call it, in capitals.
    #[tf(optional().compared(form::letter_case()))]
    alias: Attr<String>,
    /// How much goes into it.
    #[tf(optional().replaces_if("it shrinks", |before, planned| planned < before))]
    volume: Attr<i64>,
    /// The number that opens it.
    #[tf(optional())]
    pin: Attr<Sensitive<i64>>,
    /// Its number in the catalogue.
    #[tf(optional().check(check::pattern("^[A-Z]{2}-[0-9]+$", "two capitals, a dash and digits")))]
    code: Attr<String>,
    /// Where to read about it.
    #[tf(optional().check(check::url()))]
    site: Attr<String>,
    /// What it was chosen for.
    #[tf(optional())]
    choice: Attr<Choice>,
    /// Words for it.
    #[tf(optional())]
    tags: Attr<SetOf<String>>,
    /// Numbers of it.
    #[tf(optional())]
    numbers: Attr<Vec<i64>>,
    /// Words by word.
    #[tf(optional())]
    labels: Attr<BTreeMap<String, String>>,
    /// Its shape.
    #[tf(optional())]
    shape: Attr<Piece>,
    /// Its parts, in order.
    #[tf(optional())]
    parts: Attr<Vec<Piece>>,
    /// What lies on it.
    #[tf(optional())]
    heap: Attr<SetOf<Grain>>,
    /// Its rooms, by name.
    #[tf(optional())]
    rooms: Attr<BTreeMap<String, Piece>>,
}

/// Attributes that have to do with each other.
#[derive(Clone, Debug, Default, PartialEq, Model)]
#[tf(conflicts(&["fast", "cheap"])
    .exactly_one(&["left", "right"])
    .at_least_one(&["warm", "cold"])
    .requires("fast", &["left"])
    .together(&["key", "lock"]))]
struct Choice {
    /// It is fast, and therefore on the left.
    #[tf(optional())]
    fast: Attr<bool>,
    /// It is cheap.
    #[tf(optional())]
    cheap: Attr<bool>,
    /// What is on the left.
    #[tf(optional())]
    left: Attr<String>,
    /// What is on the right.
    #[tf(optional())]
    right: Attr<String>,
    /// What is warm.
    #[tf(optional())]
    warm: Attr<String>,
    /// What is cold.
    #[tf(optional())]
    cold: Attr<String>,
    /// What opens it.
    #[tf(optional())]
    key: Attr<String>,
    /// What is opened.
    #[tf(optional())]
    lock: Attr<String>,
}

/// A piece.
#[derive(Clone, Debug, Default, PartialEq, Model)]
struct Piece {
    /// What it is.
    #[tf(required())]
    what: Attr<String>,
    /// How much of it.
    #[tf(optional().default(1_i64))]
    amount: Attr<i64>,
    /// The mark that it gets.
    #[tf(computed())]
    mark: Attr<String>,
}

/// A grain.
#[derive(Clone, Debug, Default, PartialEq, Model)]
struct Grain {
    /// What it is.
    #[tf(required())]
    what: Attr<String>,
    /// What it weighs.
    #[tf(optional())]
    weight: Attr<i64>,
}

/// A step.
#[derive(Clone, Debug, Default, PartialEq, Model)]
struct Step {
    /// What is done.
    #[tf(required())]
    what: Attr<String>,
    /// What it came to.
    #[tf(computed())]
    outcome: Attr<String>,
}

pub fn schema() -> Schema {
    let mut schema = model::schema::<Attributes>();
    schema.version = 1;
    schema.block.attributes.push(Attribute {
        name: "anything".to_owned(),
        doc: "Whatever else there is.".to_owned(),
        ty: AttributeType::Plain(Type::Dynamic),
        sensitive: false,
        write_only: false,
        behavior: Behavior::default(),
    });
    schema.block.blocks = vec![
        nested("base", Nesting::Single, model::schema::<Step>().block),
        nested("frame", Nesting::Group, model::schema::<Grain>().block.optional()),
        NestedBlock { items_max: 3, ..nested("step", Nesting::List, model::schema::<Step>().block) },
        nested("rule", Nesting::Set, model::schema::<Grain>().block),
        nested("door", Nesting::Map, model::schema::<Step>().block),
    ];
    schema
}

fn nested(name: &str, nesting: Nesting, block: Block) -> NestedBlock {
    NestedBlock { name: name.to_owned(), block, nesting, items_min: 0, items_max: 0 }
}

/// A group is there even when nobody writes it, so that nothing in it can be required.
trait AllOptional {
    fn optional(self) -> Self;
}

impl AllOptional for Block {
    fn optional(mut self) -> Block {
        self.attributes.iter_mut().for_each(|it| it.behavior = Behavior::default());
        self
    }
}
