//! How an object is imported by its identity.

use super::{line, plain_words};
use crate::{IdentityAttribute, IdentitySchema, Type};

/// An import block with every part that must be given, then the parts.
pub(super) fn section(type_name: &str, schema: &IdentitySchema, out: &mut String) {
    out.push_str("In Terraform 1.12 and later, an `import` block can name the object by its identity:\n\n");
    let required = schema.attributes.iter().filter(|it| it.required_for_import);
    let width = required.clone().map(|it| it.name.len()).max().unwrap_or(0);
    let members = required.map(|it| format!("    {:width$} = {}\n", it.name, sample(&it.ty)));
    let members: String = members.collect();
    out.push_str(&format!(
        "```terraform\nimport {{\n  to = {type_name}.example\n  identity = {{\n{members}  }}\n}}\n```\n\n"
    ));
    group("Required", schema.attributes.iter().filter(|it| it.required_for_import), out);
    group("Optional", schema.attributes.iter().filter(|it| !it.required_for_import), out);
}

fn group<'a>(title: &str, attributes: impl Iterator<Item = &'a IdentityAttribute>, out: &mut String) {
    let lines: String = attributes.map(|it| line(&it.name, &plain_words(&it.ty), &it.doc, &[])).collect();
    if !lines.is_empty() {
        out.push_str(&format!("{title}:\n\n{lines}\n"));
    }
}

fn sample(ty: &Type) -> String {
    match ty {
        Type::Bool => "true".to_owned(),
        Type::Number => "1".to_owned(),
        Type::List(element) => format!("[{}]", sample(element)),
        _ => "\"…\"".to_owned(),
    }
}
