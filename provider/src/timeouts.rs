//! How long one operation on an object may take in all: the `timeouts` block that every resource has.

use tf_core::{
    Attribute, AttributeType, Behavior, Block, Check, NestedBlock, Nesting, Object, Schema, Type, Value,
};

/// The name of the block.
pub const BLOCK: &str = "timeouts";

/// How long an operation may take when nobody says otherwise: what Terraform's providers usually allow. Waiting for a
/// full queue or a restart of the instance fits into it.
pub const DEFAULT_MS: u64 = 20 * 60 * 1_000;

/// The longest time that can be asked for: a quota of an hour passes many times in a day.
const MAX_MS: u64 = 24 * 60 * 60 * 1_000;

/// An operation on an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operation {
    /// Making it.
    Create,
    /// Looking at it.
    Read,
    /// Changing it.
    Update,
    /// Removing it.
    Delete,
}

impl Operation {
    /// Every operation.
    pub const ALL: [Operation; 4] =
        [Operation::Create, Operation::Read, Operation::Update, Operation::Delete];

    /// Its name in the block.
    pub fn name(self) -> &'static str {
        match self {
            Operation::Create => "create",
            Operation::Read => "read",
            Operation::Update => "update",
            Operation::Delete => "delete",
        }
    }

    fn doc(self) -> String {
        let what = match self {
            Operation::Create => "Creating the object",
            Operation::Read => "Reading the object during a refresh",
            Operation::Update => "Changing the object",
            Operation::Delete => "Deleting the object",
        };
        format!(
            "{what} may take this long in all, with every wait and repetition. Twenty minutes when nothing is given."
        )
    }
}

/// A schema with the block.
pub fn with_block(mut schema: Schema) -> Schema {
    let attribute = |operation: Operation| Attribute {
        name: operation.name().to_owned(),
        doc: operation.doc(),
        ty: AttributeType::Plain(Type::String),
        sensitive: false,
        write_only: false,
        behavior: Behavior { checks: vec![duration()], ..Behavior::default() },
    };
    schema.block.blocks.push(NestedBlock {
        name: BLOCK.to_owned(),
        block: Block {
            doc: "How long an operation may take. A write that is under way is never cut off, and no request begins \
                  after the time is over."
                .to_owned(),
            attributes: Operation::ALL.map(attribute).into(),
            ..Block::default()
        },
        nesting: Nesting::Single,
        items_min: 0,
        items_max: 0,
    });
    schema
}

/// Milliseconds that an object allows for an operation.
pub fn of(object: &Object, operation: Operation) -> u64 {
    let member = match object.get(BLOCK) {
        Some(Value::Map(members)) => members.get(operation.name()),
        _ => None,
    };
    member.and_then(Value::as_str).and_then(milliseconds).unwrap_or(DEFAULT_MS)
}

/// The time that an operation may take, in milliseconds.
pub fn milliseconds(text: &str) -> Option<u64> {
    span_ms(text).filter(|it| *it <= MAX_MS)
}

/// Hours, minutes and seconds as Terraform's users write them, in milliseconds; `None` where that is none, or no time at all.
pub fn span_ms(text: &str) -> Option<u64> {
    let mut total_ms: u64 = 0;
    let mut rest = text;
    while !rest.is_empty() {
        let end = rest.find(|it: char| !it.is_ascii_digit())?;
        let (digits, after) = rest.split_at_checked(end)?;
        let (unit_ms, length) = unit(after)?;
        total_ms = total_ms.checked_add(digits.parse::<u64>().ok()?.checked_mul(unit_ms)?)?;
        rest = after.get(length..)?;
    }
    (total_ms > 0).then_some(total_ms)
}

/// The unit that a text begins with, in milliseconds, and how many letters it has.
fn unit(text: &str) -> Option<(u64, usize)> {
    let units = [("ms", 1), ("h", 3_600_000), ("m", 60_000), ("s", 1_000)];
    units.into_iter().find(|(name, _)| text.starts_with(name)).map(|(name, it)| (it, name.len()))
}

/// A check that a text is a time.
pub fn duration() -> Check {
    let test = |value: &Value| match value.as_str() {
        Some(text) if milliseconds(text).is_none() => Err(format!(
            "`{text}` is no time between a millisecond and a day. Write numbers with the units `h`, `m` and `s`, such \
             as `90s` or `1h30m`"
        )),
        _ => Ok(()),
    };
    Check::new("a time such as `90s`, `10m` or `1h30m`", test)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_written_as_terraforms_users_write_them() {
        for (text, expected) in [
            ("90s", Some(90_000)),
            ("10m", Some(600_000)),
            ("1h30m", Some(5_400_000)),
            ("1m30s500ms", Some(90_500)),
            ("24h", Some(MAX_MS)),
            ("24h1ms", None),
            ("0s", None),
            ("", None),
            ("10", None),
            ("m", None),
            ("-5m", None),
            ("1.5h", None),
            ("5 m", None),
            ("5d", None),
            ("99999999999999999999h", None),
        ] {
            assert_eq!(milliseconds(text), expected, "{text}");
        }
    }

    #[test]
    fn an_object_without_the_block_has_twenty_minutes() {
        let block = |members: &[(&str, Value)]| -> Object {
            let members = members.iter().map(|(name, it)| ((*name).to_owned(), it.clone())).collect();
            [(BLOCK.to_owned(), Value::Map(members))].into()
        };
        assert_eq!(of(&Object::new(), Operation::Create), DEFAULT_MS);
        let some = block(&[("create", Value::string("5s")), ("delete", Value::Null)]);
        assert_eq!(of(&some, Operation::Create), 5_000);
        assert_eq!(of(&some, Operation::Delete), DEFAULT_MS);
        assert_eq!(of(&some, Operation::Read), DEFAULT_MS);
    }
}
