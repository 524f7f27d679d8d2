//! Functions that look at the expressions of their arguments: `try` and `can`, whose arguments may be wrong, and the
//! templates of configurations in JSON.

use hcl_edit::expr::Expression;
use hcl_edit::template::Template;

use crate::evaluate::scope::Scope;
use crate::evaluate::typed::Typed;
use crate::evaluate::wrong::{Outcome, Wrong};
use crate::evaluate::{evaluate, template};

/// Stands for a template whose source is a text, as in configurations in JSON. Terraform has no function of such a name.
pub const TEMPLATE: &str = "json::template";

/// Calls one of the functions that look at expressions and not at values; `None` if it is another.
pub fn call<'e>(
    name: &str,
    mut arguments: impl Iterator<Item = &'e Expression>,
    scope: &Scope<'_>,
) -> Option<Outcome<Typed>> {
    match name {
        "try" => Some(first_right(arguments, scope)),
        "can" => Some(match arguments.next() {
            Some(it) => Ok(can(evaluate(it, scope))),
            None => Err(Wrong::new("`can` has no argument")),
        }),
        TEMPLATE => Some(match arguments.next() {
            Some(Expression::String(source)) => in_json(source.value(), scope),
            _ => Err(Wrong::new("a template needs its source")),
        }),
        _ => None,
    }
}

fn in_json(source: &str, scope: &Scope<'_>) -> Outcome<Typed> {
    let parsed: Template = source.parse().map_err(|_| Wrong::new("the text is no template"))?;
    template::bare(&parsed, scope)
}

fn first_right<'e>(arguments: impl Iterator<Item = &'e Expression>, scope: &Scope<'_>) -> Outcome<Typed> {
    for argument in arguments {
        if let Ok(value) = evaluate(argument, scope) {
            // What is undecided here may turn out wrong for Terraform, which would go on to the next.
            return Ok(if value.has_unknown() {
                Typed::unknown().marked(value.is_sensitive())
            } else {
                value
            });
        }
    }
    Err(Wrong::new("no argument of `try` has a value"))
}

fn can(value: Outcome<Typed>) -> Typed {
    match value {
        Ok(value) if value.has_unknown() => Typed::unknown_of(tf_core::Type::Bool),
        Ok(_) => Typed::bool(true),
        Err(_) => Typed::bool(false),
    }
}
