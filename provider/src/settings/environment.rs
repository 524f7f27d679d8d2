//! What the environment says, in the same form as the provider block.

use std::collections::BTreeMap;

use tf_core::{
    Attribute, AttributeType, Diagnostics, Nesting, Number, Object, Path, Secret, Step, Type, Value, check,
    model,
};

use super::ProviderBlock;
use crate::errors;

/// What every variable begins with.
const PREFIX: &str = "SERVICENOW";

/// The values of the environment's variables, by their names. Filled by `main.rs` alone.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Environment(BTreeMap<String, Secret>);

impl Environment {
    /// Reads the variables through `read`; an empty variable counts as absent.
    pub fn from_variables(read: impl Fn(&str) -> Option<String>) -> Environment {
        let found = variables().into_iter().filter_map(|name| {
            let value = read(&name).filter(|it| !it.is_empty())?;
            Some((name, Secret::new(value)))
        });
        Environment(found.collect())
    }

    /// The variables as a provider block, whose settings pass the same checks.
    ///
    /// # Errors
    /// A variable has a value that its setting cannot have.
    pub(super) fn block(&self) -> Result<Object, Diagnostics> {
        let schema = model::schema::<ProviderBlock>();
        let mut problems = Diagnostics::none();
        let block = self.object(&schema.block.attributes, PREFIX, &mut problems);
        for problem in check::run(&schema, &block).0 {
            let variable = problem.path.as_ref().map(variable).unwrap_or_default();
            problems.push(errors::bad_variable(&variable, &problem.detail));
        }
        if problems.has_errors() { Err(problems) } else { Ok(block) }
    }

    fn object(&self, attributes: &[Attribute], prefix: &str, problems: &mut Diagnostics) -> Object {
        let value = |attribute: &Attribute| -> Value {
            let name = below(prefix, &attribute.name);
            match &attribute.ty {
                AttributeType::Nested { nesting: Nesting::Single, attributes } => {
                    let object = self.object(attributes, &name, problems);
                    if object.values().all(Value::is_null) { Value::Null } else { Value::Map(object) }
                }
                ty => self.value(&name, &ty.implied_type(), problems),
            }
        };
        let mut value = value;
        attributes.iter().map(|it| (it.name.clone(), value(it))).collect()
    }

    fn value(&self, name: &str, ty: &Type, problems: &mut Diagnostics) -> Value {
        let Some(secret) = self.0.get(name) else { return Value::Null };
        parsed(secret.expose(), ty).unwrap_or_else(|demand| {
            problems.push(errors::bad_variable(name, &format!("The value is not {demand}.")));
            Value::Null
        })
    }
}

/// The names of all variables.
pub fn variables() -> Vec<String> {
    names(&model::schema::<ProviderBlock>().block.attributes, PREFIX)
}

/// The variable of a setting.
pub(crate) fn variable(path: &Path) -> String {
    path.0.iter().fold(PREFIX.to_owned(), |name, step| match step {
        Step::Attribute(it) => below(&name, it),
        Step::Key(_) | Step::Index(_) => name,
    })
}

fn names(attributes: &[Attribute], prefix: &str) -> Vec<String> {
    let of = |attribute: &Attribute| {
        let name = below(prefix, &attribute.name);
        match &attribute.ty {
            AttributeType::Nested { attributes, .. } => names(attributes, &name),
            AttributeType::Plain(_) => vec![name],
        }
    };
    attributes.iter().flat_map(of).collect()
}

fn below(prefix: &str, name: &str) -> String {
    format!("{prefix}_{}", name.to_ascii_uppercase())
}

/// A text as a value of a type, or what it would have to be.
fn parsed(text: &str, ty: &Type) -> Result<Value, &'static str> {
    let json = || serde_json::from_str::<serde_json::Value>(text).ok();
    let string = |it: &serde_json::Value| it.as_str().map(Value::string);
    let texts = |it: &serde_json::Value| {
        Some(Value::List(it.as_array()?.iter().map(string).collect::<Option<Vec<_>>>()?))
    };
    match ty {
        Type::Bool => match text.trim().to_ascii_lowercase().as_str() {
            "true" | "1" => Ok(Value::Bool(true)),
            "false" | "0" => Ok(Value::Bool(false)),
            _ => Err("`true` or `false`"),
        },
        Type::Number => match text.trim().parse::<i64>() {
            Ok(number) => Ok(Value::Number(Number::from(number))),
            Err(_) => Err("a whole number"),
        },
        Type::List(_) => json()
            .and_then(|it| texts(&it))
            .ok_or("a list of texts in JSON, such as `[\"vault\", \"read\", \"secret\"]`"),
        Type::Map(of) if matches!(**of, Type::List(_)) => json()
            .and_then(|it| {
                let lists = it.as_object()?.iter();
                lists.map(|(key, it)| Some((key.clone(), texts(it)?))).collect::<Option<_>>()
            })
            .map(Value::Map)
            .ok_or("an object of lists in JSON, such as `{\"test\": [\"*.test.example\"]}`"),
        Type::Map(_) => json()
            .and_then(|it| {
                it.as_object()?
                    .iter()
                    .map(|(key, it)| Some((key.clone(), string(it)?)))
                    .collect::<Option<_>>()
            })
            .map(Value::Map)
            .ok_or("an object of texts in JSON, such as `{\"X-Gateway\": \"key\"}`"),
        _ => Ok(Value::string(text)),
    }
}
