//! Many objects out of one that was applied: Terraform copies its whole state after every object that it creates, so that
//! thousands would take it most of an hour before the first figure.

use std::fs;
use std::path::Path;

use acceptance_tests::Instance;
use serde_json::{Map, Value, json};

use crate::failure::{Failure, Outcome};

/// The table of the connections.
const TABLE: &str = "http_connection";

/// Where the connection of that number leads to.
pub fn endpoint(number: usize) -> String {
    format!("https://{number}.example.com")
}

/// Puts `count` connections like the only one in the state on the instance and into the state.
pub fn connections(state: &Path, instance: &Instance, count: usize) -> Outcome<()> {
    let first = instance.rows(TABLE, "name=it-0")?.into_iter().next();
    let first = first.ok_or_else(|| Failure::new("the first connection is not on the instance"))?;
    let cells: Map<String, Value> =
        first.into_iter().filter(|(column, _)| !column.starts_with("sys_")).collect();
    grow(state, "servicenow_http_connection", count, |number, attributes| {
        let mut cells = cells.clone();
        cells.insert("name".to_owned(), json!(format!("it-{number}")));
        cells.insert("connection_url".to_owned(), json!(endpoint(number)));
        let row = instance.insert(TABLE, &Value::Object(cells))?;
        let id = row.get("sys_id").ok_or_else(|| Failure::new("a new connection has no sys_id"))?;
        attributes.insert("id".to_owned(), id.clone());
        attributes.insert("name".to_owned(), json!(format!("it-{number}")));
        attributes.insert("connection_url".to_owned(), json!(endpoint(number)));
        Ok(())
    })
}

/// Puts `count` objects like the only `terraform_data` in the state into it.
pub fn built_in(state: &Path, count: usize) -> Outcome<()> {
    grow(state, "terraform_data", count, |number, attributes| {
        attributes.insert("id".to_owned(), json!(format!("00000000-0000-0000-0000-{number:012}")));
        for name in ["input", "output"] {
            if let Some(value) = attributes.get_mut(name).and_then(|it| it.get_mut("value")) {
                *value = json!(endpoint(number));
            }
        }
        Ok(())
    })
}

/// Adds `it1`, `it2` and so on to a state that has `it0` of a type; the change is told the number and the attributes.
fn grow(
    state: &Path,
    type_name: &str,
    count: usize,
    change: impl Fn(usize, &mut Map<String, Value>) -> Outcome<()>,
) -> Outcome<()> {
    let unusable = |what: &str| Failure::new(format!("{}: {what}", state.display()));
    let mut document: Value = serde_json::from_str(&fs::read_to_string(state)?)
        .map_err(|error| unusable(&format!("not JSON: {error}")))?;
    let resources = document.get_mut("resources").and_then(Value::as_array_mut);
    let resources = resources.ok_or_else(|| unusable("no resources"))?;
    let first = resources.iter().find(|it| it["type"] == type_name).cloned();
    let first = first.ok_or_else(|| unusable(&format!("no {type_name}")))?;
    for number in 1..count {
        let mut next = first.clone();
        next["name"] = json!(format!("it{number}"));
        let attributes = next.pointer_mut("/instances/0/attributes").and_then(Value::as_object_mut);
        change(number, attributes.ok_or_else(|| unusable("an object without attributes"))?)?;
        resources.push(next);
    }
    fs::write(state, document.to_string())?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_state_grows_by_objects_that_differ() {
        let directory = tempfile::tempdir().unwrap();
        let state = directory.path().join("terraform.tfstate");
        let object = json!({ "type": "terraform_data", "name": "it0", "instances": [{ "attributes": {
            "id": "x", "input": { "value": "https://0.example.com", "type": "string" } } }] });
        fs::write(&state, json!({ "resources": [object] }).to_string()).unwrap();
        built_in(&state, 3).unwrap();
        let grown: Value = serde_json::from_str(&fs::read_to_string(&state).unwrap()).unwrap();
        let names: Vec<_> =
            grown["resources"].as_array().unwrap().iter().map(|it| it["name"].clone()).collect();
        assert_eq!(names, ["it0", "it1", "it2"]);
        let last = &grown["resources"][2]["instances"][0]["attributes"];
        assert_eq!(last["input"]["value"], "https://2.example.com");
        assert_ne!(last["id"], grown["resources"][1]["instances"][0]["attributes"]["id"]);
    }

    #[test]
    fn a_state_without_the_first_object_is_refused() {
        let directory = tempfile::tempdir().unwrap();
        let state = directory.path().join("terraform.tfstate");
        fs::write(&state, json!({ "resources": [] }).to_string()).unwrap();
        assert!(built_in(&state, 3).unwrap_err().to_string().contains("terraform_data"));
    }
}
