//! Functions: with a variadic parameter, with one of any type, with null and unknown values, and with errors.

use std::sync::Arc;

use tf_core::{FunctionSignature, Number, Parameter, Type, Value};
use tf_plugin::{Function, FunctionError};

pub fn all() -> Vec<Arc<dyn Function>> {
    vec![Arc::new(Join), Arc::new(KindOf), Arc::new(Half), Arc::new(OrElse)]
}

/// Texts with something in between.
struct Join;

impl Function for Join {
    fn signature(&self) -> FunctionSignature {
        FunctionSignature::new("join", "Joins texts.", Type::String)
            .parameter(Parameter::new("by", "What comes in between.", Type::String))
            .variadic(Parameter::new("texts", "What is joined.", Type::String))
    }

    fn call(&self, arguments: &[Value]) -> Result<Value, FunctionError> {
        let mut texts = arguments.iter().filter_map(Value::as_str);
        let by = texts.next().unwrap_or_default();
        Ok(Value::string(texts.collect::<Vec<_>>().join(by)))
    }
}

/// What kind of value it is.
struct KindOf;

impl Function for KindOf {
    fn signature(&self) -> FunctionSignature {
        FunctionSignature::new("kind_of", "Names the kind of a value.", Type::Dynamic)
            .parameter(Parameter::new("value", "Any value.", Type::Dynamic).or_null())
    }

    fn call(&self, arguments: &[Value]) -> Result<Value, FunctionError> {
        let kind = arguments.first().map_or("null", Value::kind);
        Ok(Value::Dynamic(Box::new((Type::String, Value::string(kind)))))
    }
}

/// Half of an even number.
struct Half;

impl Function for Half {
    fn signature(&self) -> FunctionSignature {
        FunctionSignature::new("half", "Halves an even number.", Type::Number)
            .documented("Halves an even number, and refuses an odd one.")
            .parameter(Parameter::new("number", "An even number.", Type::Number))
            .deprecated("divide by two")
    }

    fn call(&self, arguments: &[Value]) -> Result<Value, FunctionError> {
        let number = match arguments {
            [Value::Number(number)] => number.to_i64(),
            _ => None,
        };
        match number {
            Some(even) if even % 2 == 0 => Ok(Value::Number(Number::from(even / 2))),
            _ => Err(FunctionError::argument(0, "it is not an even number")),
        }
    }
}

/// The first value that is there.
struct OrElse;

impl Function for OrElse {
    fn signature(&self) -> FunctionSignature {
        let wish = Parameter::new("wish", "What is wanted.", Type::String).or_null().or_unknown();
        FunctionSignature::new("or_else", "Gives the first text unless it is null.", Type::String)
            .parameter(wish)
            .parameter(Parameter::new("else", "What is taken instead.", Type::String))
    }

    fn call(&self, arguments: &[Value]) -> Result<Value, FunctionError> {
        match arguments {
            [wish, instead] if wish.is_null() => Ok(instead.clone()),
            // Unknown stays unknown.
            [wish, _] => Ok(wish.clone()),
            _ => Err(FunctionError::new("it takes two arguments")),
        }
    }
}
