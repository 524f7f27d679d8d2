//! The published JSON Schema of the report.

use schemars::Schema;

use super::{FORMAT_VERSION, Report};

/// The schema of the report of this version, for whoever reads it with other tools.
pub fn schema() -> Schema {
    let mut schema = schemars::schema_for!(Report);
    let version =
        serde_json::json!({ "const": FORMAT_VERSION, "description": "The version of this document's form." });
    if let Some(field) = schema.pointer_mut("/properties/format_version") {
        *field = version;
    }
    schema
}

#[cfg(test)]
mod tests {
    use serde_json::{Value as Json, json};

    use super::*;
    use crate::report::sample;

    fn errors(document: &Json) -> Vec<String> {
        let schema = serde_json::to_value(schema()).unwrap();
        let validator = jsonschema::draft202012::new(&schema).unwrap();
        validator.iter_errors(document).map(|it| format!("{}: {it}", it.instance_path())).collect()
    }

    #[test]
    fn every_example_and_what_is_written_from_it_is_valid() {
        for (name, text) in sample::FILES {
            let document: Json = serde_json::from_str(text).unwrap();
            assert_eq!(errors(&document), Vec::<String>::new(), "{name}");
            let written = serde_json::to_value(sample::named(name)).unwrap();
            assert_eq!(written, document, "{name} is read and written without loss");
        }
    }

    #[test]
    fn what_a_reader_would_not_understand_is_invalid() {
        let valid = serde_json::to_value(sample::everything()).unwrap();
        for (pointer, wrong) in [
            ("/format_version", json!(2)),
            ("/instances/0/findings/0/class", json!("something_else")),
            ("/instances/0/findings/0/severity", json!("fatal")),
            ("/instances/0/integrations/0/connections/0/status", json!("Configured")),
            ("/instances/0/counts/live", json!(-1)),
            ("/instances/0/undecided", json!(null)),
        ] {
            let mut document = valid.clone();
            *document.pointer_mut(pointer).unwrap() = wrong;
            assert!(!errors(&document).is_empty(), "{pointer}");
        }
    }
}
