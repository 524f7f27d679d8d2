//! Messages about environments: many integrations that are switched as one.

use std::collections::BTreeMap;

use tf_core::{Diagnostic, Diagnostics, Path};

/// What a new environment will switch.
pub fn environment_will_switch(name: &str, lines: &BTreeMap<String, String>) -> Diagnostic {
    Diagnostic::warning(
        format!("The environment \"{name}\" will switch {}", integrations(lines.len())),
        format!(
            "As of now, from and to:\n{}\n\nWhat is switched is decided when the apply looks again.",
            list(lines)
        ),
    )
}

/// An environment goes and takes what is active with it.
pub fn environment_goes_dark(name: &str, lines: &BTreeMap<String, String>) -> Diagnostic {
    Diagnostic::warning(
        format!("The environment \"{name}\" goes dark"),
        format!(
            "`on_destroy = \"deactivate\"` switches off the active connection of {}:\n{}\n\nNothing is sent then. To \
             leave them active, set `on_destroy = \"keep\"` and apply before the destroy.",
            integrations(lines.len()),
            list(lines)
        ),
    )
}

/// One integration of an environment could not be switched.
pub fn environment_failed(
    name: &str,
    failed: &str,
    problems: &Diagnostics,
    lines: &BTreeMap<String, String>,
) -> Diagnostic {
    let why: Vec<String> = problems.0.iter().map(|it| it.detail.clone()).collect();
    Diagnostic::error(
        format!("Could not switch the environment \"{name}\" at \"{failed}\""),
        format!(
            "{}\n\nWhat became of each integration:\n{}\n\nSettle what stands in the way of \"{failed}\", then apply again: \
             what is right already is left alone.",
            why.join(" "),
            list(lines)
        ),
    )
    .at(Path::attribute("connections"))
}

/// An environment is imported by its name and its aliases.
pub fn bad_environment_import(id: &str) -> Diagnostic {
    Diagnostic::error(
        format!("Could not import the environment \"{id}\""),
        "The id of an import is the name for people, a slash, and the aliases by sys_id or name with commas between, such as \
         `test/orders,invoices`. The state is unchanged. Import it again with such an id.",
    )
}

fn integrations(count: usize) -> String {
    if count == 1 { "1 integration".to_owned() } else { format!("{count} integrations") }
}

fn list(lines: &BTreeMap<String, String>) -> String {
    let lines: Vec<String> = lines.iter().map(|(name, line)| format!("- {name}: {line}")).collect();
    lines.join("\n")
}
