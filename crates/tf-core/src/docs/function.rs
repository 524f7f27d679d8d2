//! The documentation page of a function.

use super::{Kind, deprecation, example, finished, front_matter, paragraph, plain_words};
use crate::{FunctionSignature, Parameter, Type};

/// What is on the page of a function.
#[derive(Clone, Debug)]
pub struct FunctionPage<'a> {
    /// The title of the browser window and of the page.
    pub title: &'a str,
    /// The group in the menu; empty for none.
    pub subcategory: &'a str,
    /// A configuration.
    pub example: Option<&'a str>,
    /// What the page describes.
    pub signature: &'a FunctionSignature,
    /// Markdown at the end of the page.
    pub extra: &'a str,
}

/// The page as Markdown.
pub fn function(page: &FunctionPage<'_>) -> String {
    let FunctionSignature { name, summary, doc, parameters, variadic, returns, deprecated } = page.signature;
    let mut out = front_matter(page.title, page.subcategory, summary);
    out.push_str(&format!("# {}\n\n", page.title));
    paragraph(if doc.trim().is_empty() { summary } else { doc }, &mut out);
    paragraph(Kind::Function.needs().unwrap_or(""), &mut out);
    paragraph(&deprecation(deprecated.as_ref()).map_or_else(String::new, |it| format!("~> {it}")), &mut out);
    example(page.example, &mut out);
    let fixed = parameters.iter().map(|it| format!("{} {}", it.name, word(&it.ty)));
    let rest = variadic.iter().map(|it| format!("{} {}...", it.name, word(&it.ty)));
    let all: Vec<_> = fixed.chain(rest).collect();
    out.push_str(&format!("## Signature\n\n```text\n{name}({}) {}\n```\n\n", all.join(", "), word(returns)));
    let entries: String = parameters
        .iter()
        .map(|it| entry(it, None))
        .chain(variadic.iter().map(|it| entry(it, Some("any number"))))
        .collect();
    if !entries.is_empty() {
        out.push_str(&format!("## Arguments\n\n{entries}\n"));
    }
    finished(page.extra, out)
}

/// A type as a signature shows it.
fn word(ty: &Type) -> String {
    match ty {
        Type::Bool => "bool".to_owned(),
        Type::Number => "number".to_owned(),
        Type::String => "string".to_owned(),
        Type::Dynamic => "any".to_owned(),
        Type::List(element) => format!("list of {}", word(element)),
        Type::Set(element) => format!("set of {}", word(element)),
        Type::Map(element) => format!("map of {}", word(element)),
        Type::Tuple(_) => "tuple".to_owned(),
        Type::Object(_) => "object".to_owned(),
    }
}

fn entry(parameter: &Parameter, how_many: Option<&str>) -> String {
    let nullable = parameter.allow_null.then(|| "may be null".to_owned());
    let marks = [Some(plain_words(&parameter.ty)), how_many.map(str::to_owned), nullable];
    let marks: Vec<_> = marks.into_iter().flatten().collect();
    let text = format!("1. `{}` ({}) {}", parameter.name, marks.join(", "), parameter.doc.trim());
    let indented = text.lines().enumerate().map(|(at, line)| match (at, line) {
        (0, line) => line.to_owned(),
        (_, "") => String::new(),
        (_, line) => format!("   {line}"),
    });
    indented.collect::<Vec<_>>().join("\n") + "\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_function_shows_its_signature_and_arguments() {
        let signature = FunctionSignature::new("join", "Joins texts.", Type::String)
            .documented("Joins texts.\n\nWith a separator.")
            .deprecated("Use the built-in one.")
            .parameter(Parameter::new("separator", "What comes between.\nAny text.", Type::String).or_null())
            .variadic(Parameter::new("parts", "What is joined.", Type::List(Box::new(Type::String))));
        let page = function(&FunctionPage {
            title: "join",
            subcategory: "Texts",
            example: Some("output \"a\" {}\n"),
            signature: &signature,
            extra: "## More\n\nSee there.",
        });
        let wanted = "---
page_title: \"join\"
subcategory: \"Texts\"
description: \"Joins texts.\"
---

# join

Joins texts.

With a separator.

Needs Terraform 1.8 or later.

~> **Deprecated:** Use the built-in one.

## Example Usage

```terraform
output \"a\" {}
```

## Signature

```text
join(separator string, parts list of string...) string
```

## Arguments

1. `separator` (String, may be null) What comes between.
   Any text.
1. `parts` (List of String, any number) What is joined.

## More

See there.
";
        assert_eq!(page, wanted);
    }

    #[test]
    fn a_function_without_parameters_has_no_arguments() {
        let signature = FunctionSignature::new("now", "The time.", Type::Object([].into()));
        let page =
            FunctionPage { title: "now", subcategory: "", example: None, signature: &signature, extra: "" };
        let page = function(&page);
        assert!(page.ends_with("```text\nnow() object\n```\n"), "{page}");
    }
}
