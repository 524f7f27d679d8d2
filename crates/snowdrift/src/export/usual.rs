//! Values that go without saying although the provider has no default for them: what an instance gives where nobody says
//! anything, as the documentation of each attribute has it.

use tf_core::{Object, Value};

/// Type, attribute, and what it is when nothing is given. An empty type stands for all.
const USUAL: &[(&str, &str, &str)] = &[
    ("servicenow_connection_alias", "type", "connection"),
    ("servicenow_connection_alias", "connection_type", "http_connection"),
    ("servicenow_connection_alias", "multiple_connections", "false"),
    ("servicenow_http_connection", "protocol", "https"),
    ("servicenow_jdbc_connection", "oracle_sid", "orcl"),
    ("servicenow_jdbc_connection", "oracle_port", "1521"),
    ("servicenow_unifi_integration", "message_format", "json"),
    ("", "mid_selection", "auto_select"),
    ("", "scope", "global"),
];

/// Leaves out what goes without saying.
pub fn strip(type_name: &str, config: &mut Object) {
    for (of, attribute, usual) in USUAL {
        if (of.is_empty() || *of == type_name)
            && config.get(*attribute).is_some_and(|it| spelled(it) == *usual)
        {
            config.insert((*attribute).to_owned(), Value::Null);
        }
    }
}

fn spelled(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Bool(truth) => truth.to_string(),
        Value::Number(number) => number.to_string(),
        _ => String::new(),
    }
}
