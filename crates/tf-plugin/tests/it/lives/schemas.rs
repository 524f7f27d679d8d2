//! Random schemas, and random configurations for them, from a seed.

use tf_core::schema::rules;
use tf_core::{
    Attribute, AttributeType, Behavior, Block, Mode, NestedBlock, Nesting, Number, Object, Replace, Schema,
    Type, Value,
};

/// Chance that can be repeated.
pub struct Dice(u64);

impl Dice {
    pub fn new(seed: u64) -> Dice {
        let mut dice = Dice(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1);
        // The first throws of neighbouring seeds are alike.
        (0..8).for_each(|_| dice.turn());
        dice
    }

    fn turn(&mut self) {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
    }

    pub fn below(&mut self, limit: usize) -> usize {
        self.turn();
        usize::try_from((self.0 >> 11) % u64::try_from(limit).unwrap()).unwrap()
    }

    /// True once in so many times.
    pub fn once_in(&mut self, times: usize) -> bool {
        self.below(times) == 0
    }

    fn one_of<T: Clone>(&mut self, choices: &[T]) -> T {
        choices[self.below(choices.len())].clone()
    }
}

/// Where an attribute stands: some things are refused inside sets.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Around {
    Set,
    Dynamic,
    Nothing,
}

const NAMES: [&str; 8] = ["a", "b", "c", "d", "e", "x", "y", "z"];

/// A schema without contradictions.
pub fn schema(dice: &mut Dice) -> Schema {
    loop {
        let attributes = attributes(dice, Around::Nothing, 2);
        let blocks = (0..dice.below(3)).map(|at| block(dice, NAMES[5 + at])).collect();
        let block = Block { doc: "A thing.".to_owned(), attributes, blocks, ..Block::default() };
        let schema = Schema { version: 0, block };
        if rules::resource(&schema).is_empty() {
            return schema;
        }
    }
}

fn block(dice: &mut Dice, name: &str) -> NestedBlock {
    let nesting = dice.one_of(&[Nesting::Single, Nesting::Group, Nesting::List, Nesting::Set, Nesting::Map]);
    let around = match nesting {
        Nesting::Set => Around::Set,
        // A list of blocks with dynamic values is itself dynamic.
        Nesting::List | Nesting::Map => Around::Dynamic,
        _ => Around::Nothing,
    };
    let mut attributes = attributes(dice, around, 1);
    if nesting == Nesting::Group {
        // It is there even where nobody wrote it.
        attributes.iter_mut().filter(|it| it.behavior.mode == Mode::Required).for_each(|it| {
            it.behavior.mode = Mode::Optional;
        });
    }
    let block = Block { doc: "A part.".to_owned(), attributes, ..Block::default() };
    NestedBlock { name: name.to_owned(), block, nesting, items_min: 0, items_max: 0 }
}

fn attributes(dice: &mut Dice, around: Around, depth: usize) -> Vec<Attribute> {
    (0..=dice.below(4)).map(|at| attribute(dice, NAMES[at], around, depth)).collect()
}

fn attribute(dice: &mut Dice, name: &str, around: Around, depth: usize) -> Attribute {
    let mode = dice.one_of(&[Mode::Required, Mode::Optional, Mode::Computed, Mode::OptionalComputed]);
    let mut behavior = Behavior { mode, ..Behavior::default() };
    let computed = mode.on_wire().computed;
    behavior.stable = computed && dice.once_in(2);
    if dice.once_in(4) && !(around == Around::Set && computed) {
        behavior.replaces = Replace::Always;
    }
    let ty = if depth > 0 && dice.once_in(3) {
        nested_type(dice, around, depth)
    } else {
        plain_type(dice, around)
    };
    if let (AttributeType::Plain(plain), Mode::Optional, true) = (&ty, mode, around != Around::Set)
        && *plain != Type::Dynamic
        && dice.once_in(3)
    {
        behavior.default = Some(value(dice, plain));
    }
    let forgets = mode == Mode::Optional && behavior.default.is_none() && around == Around::Nothing;
    let write_only = forgets && matches!(ty, AttributeType::Plain(_)) && dice.once_in(4);
    if write_only {
        behavior.replaces = Replace::Never;
    }
    let sensitive = dice.once_in(5);
    Attribute { name: name.to_owned(), doc: "A part.".to_owned(), ty, sensitive, write_only, behavior }
}

fn nested_type(dice: &mut Dice, around: Around, depth: usize) -> AttributeType {
    let nesting = dice.one_of(&[Nesting::Single, Nesting::List, Nesting::Set, Nesting::Map]);
    let around = if nesting == Nesting::Set { Around::Set } else { around };
    AttributeType::Nested { nesting, attributes: attributes(dice, around, depth - 1) }
}

fn plain_type(dice: &mut Dice, around: Around) -> AttributeType {
    let scalar = || Box::new(Type::String);
    let mut types = vec![
        Type::String,
        Type::Number,
        Type::List(scalar()),
        Type::Set(scalar()),
        Type::Map(Box::new(Type::Number)),
    ];
    if around == Around::Nothing {
        types.extend([Type::Bool, Type::Dynamic]);
    }
    AttributeType::Plain(dice.one_of(&types))
}

/// A value of a type: few different ones, so that equal ones are common.
fn value(dice: &mut Dice, ty: &Type) -> Value {
    match ty {
        Type::Bool => Value::Bool(dice.once_in(2)),
        Type::Number => Value::Number(Number::from(i64::try_from(dice.below(3)).unwrap())),
        Type::List(element) => Value::List((0..dice.below(3)).map(|_| value(dice, element)).collect()),
        Type::Set(element) => Value::set((0..dice.below(3)).map(|_| value(dice, element)).collect()),
        Type::Map(element) => {
            Value::Map((0..dice.below(3)).map(|at| (NAMES[at].to_owned(), value(dice, element))).collect())
        }
        Type::Dynamic => {
            let ty = dice.one_of(&[Type::String, Type::Number, Type::Tuple(vec![Type::Bool])]);
            Value::Dynamic(Box::new((ty.clone(), value(dice, &ty))))
        }
        Type::Tuple(types) => Value::List(types.iter().map(|it| value(dice, it)).collect()),
        _ => Value::string(dice.one_of(&["p", "q", "r"])),
    }
}

/// What a user might write.
pub fn config(dice: &mut Dice, block: &Block) -> Object {
    let mut object = members(dice, &block.attributes);
    for nested in &block.blocks {
        object.insert(nested.name.clone(), blocks(dice, nested));
    }
    object
}

fn members(dice: &mut Dice, attributes: &[Attribute]) -> Object {
    attributes.iter().map(|it| (it.name.clone(), written(dice, it))).collect()
}

fn written(dice: &mut Dice, attribute: &Attribute) -> Value {
    let mode = attribute.behavior.mode;
    if mode == Mode::Computed || (mode != Mode::Required && dice.once_in(3)) {
        return Value::Null;
    }
    match &attribute.ty {
        AttributeType::Plain(ty) => value(dice, ty),
        AttributeType::Nested { nesting, attributes } => {
            many(dice, *nesting, |dice| members(dice, attributes))
        }
    }
}

fn many(dice: &mut Dice, nesting: Nesting, make: impl Fn(&mut Dice) -> Object) -> Value {
    let some =
        |dice: &mut Dice| -> Vec<Value> { (0..dice.below(4)).map(|_| Value::Map(make(dice))).collect() };
    match nesting {
        Nesting::Single | Nesting::Group => Value::Map(make(dice)),
        Nesting::List => Value::List(some(dice)),
        Nesting::Set => Value::set(some(dice)),
        Nesting::Map => Value::Map(NAMES.iter().map(|it| (*it).to_owned()).zip(some(dice)).collect()),
    }
}

fn blocks(dice: &mut Dice, nested: &NestedBlock) -> Value {
    if nested.nesting == Nesting::Single && dice.once_in(2) {
        return Value::Null;
    }
    many(dice, nested.nesting, |dice| config(dice, &nested.block))
}

/// The same configuration before everything in it is known. The first attribute of every object in a set stays known, so
/// that two elements do not become one.
pub fn forget(dice: &mut Dice, config: &Object, block: &Block) -> Object {
    let mut object = config.clone();
    for attribute in &block.attributes {
        let member = object.get_mut(&attribute.name);
        if let Some(it) = member.filter(|it| !it.is_null())
            && matches!(attribute.ty, AttributeType::Plain(_))
            && dice.once_in(3)
        {
            *it = Value::unknown();
        }
    }
    object
}
