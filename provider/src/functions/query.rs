//! `encoded_query`: conditions in ServiceNow's encoding, from values that cannot add conditions of their own.

use servicenow_core::query::{checked_column, checked_item, checked_value};
use tf_core::{FunctionSignature, Parameter, Type, Value};
use tf_plugin::{Function, FunctionError};

/// Operators that take one value.
const WITH_VALUE: &[&str] = &["=", "!=", ">", ">=", "<", "<=", "LIKE", "NOT LIKE", "STARTSWITH", "ENDSWITH"];

/// Operators that take a list of values.
const WITH_LIST: &[&str] = &["IN", "NOT IN"];

/// Operators that take no value.
const ALONE: &[&str] = &["ISEMPTY", "ISNOTEMPTY"];

const DOC: &str = "Writes conditions in ServiceNow's encoded form. Every condition must hold. A value cannot end its \
condition or add another one: what the encoding cannot express, such as a value with `^`, is refused with an error.\n\n\
The name of a condition is a column, or a column and an operator: `name`, `sys_updated_on >`, `name STARTSWITH`. The operators \
are `=`, `!=`, `>`, `>=`, `<`, `<=`, `LIKE`, `NOT LIKE`, `STARTSWITH`, `ENDSWITH`, `IN`, `NOT IN`, `ISEMPTY` and \
`ISNOTEMPTY`; without one, a single value means `=`, a list means `IN` and `null` means `ISEMPTY`. `ISEMPTY` and `ISNOTEMPTY` \
take `true`.";

/// The function.
pub struct EncodedQuery;

impl Function for EncodedQuery {
    fn signature(&self) -> FunctionSignature {
        let conditions =
            "The conditions by column: texts, numbers, booleans, lists of these, or `null` for empty.";
        FunctionSignature::new(
            "encoded_query",
            "Writes conditions in ServiceNow's encoded form.",
            Type::String,
        )
        .documented(DOC)
        .parameter(Parameter::new("conditions", conditions, Type::Dynamic))
    }

    fn call(&self, arguments: &[Value]) -> Result<Value, FunctionError> {
        let conditions = match arguments.first() {
            Some(Value::Dynamic(inner)) => &inner.1,
            Some(other) => other,
            None => &Value::Null,
        };
        let Value::Map(conditions) = conditions else {
            return Err(refused("an object or a map belongs here: `{ name = \"jira\", active = true }`"));
        };
        let parts: Result<Vec<String>, String> =
            conditions.iter().map(|(name, value)| condition(name, value)).collect();
        parts.map(|it| Value::string(it.join("^"))).map_err(|reason| refused(&reason))
    }
}

fn refused(reason: &str) -> FunctionError {
    FunctionError::argument(0, format!("The conditions cannot be written as a query: {reason}."))
}

/// One condition. The reason for a refusal never quotes the value.
fn condition(name: &str, value: &Value) -> Result<String, String> {
    let (column, operator) = name.trim().split_once(' ').unwrap_or((name.trim(), ""));
    let column = checked_column(column).map_err(|error| format!("`{name}`: {error}"))?;
    let value = match value {
        Value::Dynamic(inner) => &inner.1,
        other => other,
    };
    let said = |reason: String| format!("`{name}`: {reason}");
    match (operator.trim(), value) {
        ("" | "ISEMPTY", Value::Null) => Ok(format!("{column}ISEMPTY")),
        (alone, Value::Bool(true)) if ALONE.contains(&alone) => Ok(format!("{column}{alone}")),
        ("" | "IN", Value::List(items) | Value::Set(items)) => list(&column, "IN", items).map_err(said),
        ("NOT IN", Value::List(items) | Value::Set(items)) => list(&column, "NOT IN", items).map_err(said),
        ("", value) => single(&column, "=", value).map_err(said),
        (operator, value) if WITH_VALUE.contains(&operator) => single(&column, operator, value).map_err(said),
        (operator, _) if WITH_LIST.contains(&operator) => {
            Err(said(format!("`{operator}` takes a list of values")))
        }
        (operator, _) if ALONE.contains(&operator) => Err(said(format!("`{operator}` takes `true`"))),
        (operator, _) => {
            let known: Vec<&str> = WITH_VALUE.iter().chain(WITH_LIST).chain(ALONE).copied().collect();
            Err(said(format!("`{operator}` is no operator; these are: {}", known.join(", "))))
        }
    }
}

fn single(column: &str, operator: &str, value: &Value) -> Result<String, String> {
    let text = scalar(value)?;
    if text.is_empty() {
        return match operator {
            "=" => Ok(format!("{column}ISEMPTY")),
            "!=" => Ok(format!("{column}ISNOTEMPTY")),
            _ => Err(format!("`{operator}` takes a value, and it is empty")),
        };
    }
    if matches!(operator, ">" | "<") && text.starts_with('=') {
        return Err(format!(
            "a value beginning with `=` cannot follow `{operator}`, because `{operator}=` is another operator"
        ));
    }
    let text = checked_value(&text).map_err(|error| error.to_string())?;
    Ok(format!("{column}{operator}{text}"))
}

fn list(column: &str, operator: &str, items: &[Value]) -> Result<String, String> {
    if items.is_empty() {
        return Err("the list of values is empty: leave the condition out or give a value".to_owned());
    }
    let item = |it: &Value| checked_item(&scalar(it)?).map_err(|error| error.to_string());
    let items: Result<Vec<String>, String> = items.iter().map(item).collect();
    Ok(format!("{column}{operator}{}", items?.join(",")))
}

fn scalar(value: &Value) -> Result<String, String> {
    match value {
        Value::String(text) => Ok(text.clone()),
        Value::Bool(truth) => Ok(truth.to_string()),
        Value::Number(number) => Ok(number.to_string()),
        Value::Dynamic(inner) => scalar(&inner.1),
        other => Err(format!("a text, a number or a boolean belongs here, and it is a {}", other.kind())),
    }
}
