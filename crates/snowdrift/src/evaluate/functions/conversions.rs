//! `tostring` and its kin, and what concerns secrets.

use tf_core::Type;

use super::arguments::Arguments;
use super::{Function, Takes};
use crate::evaluate::convert::convert;
use crate::evaluate::marks::Marks;
use crate::evaluate::typed::Typed;
use crate::evaluate::wrong::Outcome;

/// The function of that name, if it is one of these.
pub fn find(name: &str) -> Option<(Takes, Function)> {
    let function: Function = match name {
        "tostring" => |it| to(it, &Type::String),
        "tonumber" => |it| to(it, &Type::Number),
        "tobool" => |it| to(it, &Type::Bool),
        "tolist" => |it| to(it, &Type::List(Box::new(Type::Dynamic))),
        "toset" => |it| to(it, &Type::Set(Box::new(Type::Dynamic))),
        "tomap" => |it| to(it, &Type::Map(Box::new(Type::Dynamic))),
        "sensitive" => |it| marked(it, true),
        "nonsensitive" => |it| marked(it, false),
        _ => return None,
    };
    Some((Takes::Null, function))
}

fn to(it: &Arguments, ty: &Type) -> Outcome<Option<Typed>> {
    it.exactly(1)?;
    let value = it.at(0)?.clone();
    if matches!(value.value, tf_core::Value::Set(_))
        && matches!(ty, Type::List(element) if **element == Type::Dynamic)
    {
        let ordered =
            matches!(&value.ty, Type::Set(it) if matches!(**it, Type::String | Type::Number | Type::Bool));
        if !ordered {
            // The order of other elements is Terraform's own.
            return Ok(None);
        }
    }
    convert(value, ty).map(Some)
}

fn marked(it: &Arguments, sensitive: bool) -> Outcome<Option<Typed>> {
    it.exactly(1)?;
    Ok(Some(Typed { marks: Marks::whole(sensitive), ..it.at(0)?.clone() }))
}
