//! The same integrations in a state of Terraform. Terraform copies its whole state after every object that it takes in, so
//! that one integration is imported and the others are made from it.

use std::fs;

use acceptance_tests::Instance;
use serde_json::{Value, json};

use super::super::refresh::Bench;
use super::world::{World, endpoint, id, named};
use crate::failure::{Failure, Outcome};

/// The folder that Terraform works in.
pub const FOLDER: &str = "terraform";

/// The types and the kinds of their ids.
const TYPES: [(&str, &str); 3] = [
    ("servicenow_connection_alias", "alias"),
    ("servicenow_api_key_credential", "credential"),
    ("servicenow_http_connection", "connection"),
];

/// Leaves a folder with the configuration of a world and a state that has all of it.
pub fn prepare(bench: &Bench, world: &World, instance: &Instance) -> Outcome<()> {
    let first = World { connections: 2 };
    let imports = (0..2).flat_map(|n| TYPES.iter().map(move |(type_name, kind)| (n, *type_name, *kind)));
    let imports: String = imports
        .filter(|(n, _, kind)| *n == 0 || *kind == "connection")
        .map(|(n, type_name, kind)| {
            format!("\nimport {{\n  to = {type_name}.it{n}\n  id = \"{}\"\n}}\n", id(kind, n))
        })
        .collect();
    bench.write(FOLDER, &format!("{}{imports}", first.hcl()))?;
    bench.terraform(FOLDER, &["apply", "-auto-approve"], Some(instance))?;
    let state = bench.folder(FOLDER)?.join("terraform.tfstate");
    let mut document: Value = serde_json::from_str(&fs::read_to_string(&state)?)
        .map_err(|error| Failure::new(format!("{}: not JSON: {error}", state.display())))?;
    multiply(&mut document, world)?;
    fs::write(&state, document.to_string())?;
    bench.write(FOLDER, &world.hcl())
}

/// Makes the objects of all other integrations from those of the first one.
fn multiply(state: &mut Value, world: &World) -> Outcome<()> {
    let resources = state.get_mut("resources").and_then(Value::as_array_mut);
    let resources = resources.ok_or_else(|| Failure::new("the state has no resources"))?;
    let template = |type_name: &str, n: usize| {
        let name = format!("it{n}");
        let found = resources.iter().find(|it| it["type"] == type_name && it["name"] == name.as_str());
        let text = found.map(Value::to_string);
        text.ok_or_else(|| Failure::new(format!("the state has no `{type_name}.{name}`")))
    };
    let mut all = Vec::new();
    for (type_name, kind) in TYPES {
        let (count, step) = if kind == "connection" { (world.connections, 2) } else { (world.aliases(), 1) };
        let templates = (0..step).map(|n| template(type_name, n)).collect::<Outcome<Vec<String>>>()?;
        for n in 0..count {
            let Some(text) = templates.get(n % step) else { continue };
            all.push(like(text, kind, n % step, n)?);
        }
    }
    *resources = all;
    Ok(())
}

/// An object like the one of a number, as that of another number.
fn like(text: &str, kind: &str, template: usize, n: usize) -> Outcome<Value> {
    let integration = if kind == "connection" { n / 2 } else { n };
    let mut text = text.to_owned();
    for kind in ["alias", "credential"] {
        text = text.replace(&id(kind, 0), &id(kind, integration));
    }
    text = text
        .replace(&id("connection", template), &id("connection", n))
        .replace(&endpoint(template), &endpoint(n))
        .replace(&format!("connection_{template}\""), &format!("connection_{n}\""))
        .replace(&format!("{}\"", named(0)), &format!("{}\"", named(integration)));
    let mut object: Value = serde_json::from_str(&text).map_err(|error| Failure::new(error.to_string()))?;
    object["name"] = json!(format!("it{n}"));
    Ok(object)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_state_of_one_integration_becomes_one_of_many() {
        let object = |type_name: &str, n: usize, id: String| json!({ "type": type_name, "name": format!("it{n}"), "instances": [{ "attributes": { "id": id, "name": named(0) } }] });
        let mut state = json!({ "resources": [
            object(TYPES[0].0, 0, id("alias", 0)),
            object(TYPES[1].0, 0, id("credential", 0)),
            object(TYPES[2].0, 0, id("connection", 0)),
            object(TYPES[2].0, 1, id("connection", 1)),
        ] });
        multiply(&mut state, &World { connections: 4 }).unwrap();
        let resources = state["resources"].as_array().unwrap();
        assert_eq!(resources.len(), 8);
        let last = &resources[7];
        assert_eq!(
            (last["name"].as_str(), &last["instances"][0]["attributes"]["name"]),
            (Some("it3"), &json!("integration_1"))
        );
        assert_eq!(last["instances"][0]["attributes"]["id"], json!(id("connection", 3)));
        assert!(multiply(&mut json!({ "resources": [] }), &World { connections: 4 }).is_err());
    }
}
