//! Functions: from 1.8 on.

use acceptance_tests::Terraform;
use serde_json::{Value, json};

use crate::everything;

/// Expressions, and what they come to.
fn rows() -> Vec<(&'static str, Value)> {
    vec![
        ("provider::everything::join(\"-\")", json!("")),
        ("provider::everything::join(\"-\", \"a\", \"b\", \"c\")", json!("a-b-c")),
        ("provider::everything::half(10)", json!(5)),
        ("provider::everything::or_else(null, \"instead\")", json!("instead")),
        ("provider::everything::or_else(\"wish\", \"instead\")", json!("wish")),
        ("provider::everything::or_else(terraform_data.it.output, \"instead\")", json!("known late")),
    ]
}

fn check(terraform: Terraform) {
    let it = everything(terraform);
    let outputs: String = rows()
        .iter()
        .enumerate()
        .map(|(n, (call, _))| format!("output \"o{n}\" {{\n  value = {call}\n}}\n"))
        .collect();
    let known_late = "resource \"terraform_data\" \"it\" {\n  input = \"known late\"\n}\n";
    it.hcl(&format!("{known_late}{outputs}"));
    if terraform < Terraform::V1_8 {
        it.plan().ends_with(1);
        return;
    }
    it.converges();
    for (n, (call, expected)) in rows().into_iter().enumerate() {
        assert_eq!(it.output(&format!("o{n}")), expected, "{call}");
    }
    it.hcl("output \"o\" {\n  value = provider::everything::half(3)\n}\n");
    it.plan().ends_with(1).says("Invalid value for \"number\" parameter: it is not an even number");
    it.hcl("output \"o\" {\n  value = provider::everything::twice(3)\n}\n").plan().ends_with(1).says("twice");
}

on_each! {
    functions_are_unknown_to_1_6 V1_6,
    functions_are_called_by_1_8 V1_8,
    functions_are_called_by_1_9 V1_9,
    functions_are_called_by_1_10 V1_10,
    functions_are_called_by_1_11 V1_11,
    functions_are_called_by_1_12 V1_12,
    functions_are_called_by_1_13 V1_13,
    functions_are_called_by_1_14 V1_14,
    functions_are_called_by_1_15 V1_15,
}
