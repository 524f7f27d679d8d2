//! The documentation pages of a provider, as the provider registry publishes them.
//!
//! Everything that follows from the schema is said by the schema: descriptions carry no types, defaults or bounds.

mod function;
mod identity;
mod kind;

pub use function::{FunctionPage, function};
pub use kind::Kind;

use crate::{
    Attribute, AttributeType, Block, IdentitySchema, Mode, NestedBlock, Nesting, Relation, Schema, Type,
    words,
};

/// What is on a page.
#[derive(Clone, Debug)]
pub struct Page<'a> {
    /// What it is about.
    pub kind: Kind,
    /// The title of the browser window and of the page.
    pub title: &'a str,
    /// The whole type name, for the sentence about importing.
    pub type_name: &'a str,
    /// One sentence for lists and search results.
    pub description: &'a str,
    /// The group in the menu; empty for none.
    pub subcategory: &'a str,
    /// A configuration.
    pub example: Option<&'a str>,
    /// A command that imports.
    pub import: Option<&'a str>,
    /// By what an object of a resource type can be imported instead.
    pub identity: Option<&'a IdentitySchema>,
    /// What the page describes.
    pub schema: &'a Schema,
    /// Markdown at the end of the page.
    pub extra: &'a str,
}

impl<'a> Page<'a> {
    /// A page that says what the schema says, and nothing else.
    pub fn new(schema: &'a Schema) -> Page<'a> {
        Page {
            kind: Kind::Resource,
            title: "",
            type_name: "",
            description: "",
            subcategory: "",
            example: None,
            import: None,
            identity: None,
            schema,
            extra: "",
        }
    }
}

/// The page as Markdown.
pub fn page(page: &Page<'_>) -> String {
    let mut out = front_matter(page.title, page.subcategory, page.description);
    out.push_str(&format!("# {}\n\n", page.title));
    paragraph(&page.schema.block.doc, &mut out);
    paragraph(page.kind.needs().unwrap_or(""), &mut out);
    if let Some(reason) = &page.schema.block.deprecated {
        out.push_str(&format!("~> **Deprecated:** {reason}\n\n"));
    }
    example(page.example, &mut out);
    out.push_str("## Schema\n\n");
    level(Part::of_block(&page.schema.block), Heading::Section, &[], &mut out);
    import(page, &mut out);
    finished(page.extra, out)
}

fn import(page: &Page<'_>, out: &mut String) {
    if page.import.is_none() && page.identity.is_none() {
        return;
    }
    out.push_str("## Import\n\n");
    if let Some(import) = page.import {
        let intro = format!("An existing object becomes a `{}` in the state with:", page.type_name);
        out.push_str(&format!("{intro}\n\n```shell\n{}\n```\n\n", import.trim_end()));
    }
    if let Some(schema) = page.identity {
        identity::section(page.type_name, schema, out);
    }
}

fn example(example: Option<&str>, out: &mut String) {
    if let Some(example) = example {
        out.push_str(&format!("## Example Usage\n\n```terraform\n{}\n```\n\n", example.trim_end()));
    }
}

/// The page with its last paragraphs and one line end.
fn finished(extra: &str, mut out: String) -> String {
    paragraph(extra, &mut out);
    out.truncate(out.trim_end().len());
    out.push('\n');
    out
}

fn front_matter(title: &str, subcategory: &str, description: &str) -> String {
    // A JSON text is a YAML text as well, whatever is in it.
    let quoted = |text: &str| {
        serde_json::Value::from(text.split_whitespace().collect::<Vec<_>>().join(" ")).to_string()
    };
    let mut out = format!("---\npage_title: {}\n", quoted(title));
    if !subcategory.is_empty() {
        out.push_str(&format!("subcategory: {}\n", quoted(subcategory)));
    }
    out.push_str(&format!("description: {}\n---\n\n", quoted(description)));
    out
}

fn paragraph(text: &str, out: &mut String) {
    if !text.trim().is_empty() {
        out.push_str(text.trim());
        out.push_str("\n\n");
    }
}

/// One object: the page itself, or a nested one.
#[derive(Clone, Copy)]
struct Part<'a> {
    attributes: &'a [Attribute],
    blocks: &'a [NestedBlock],
    relations: &'a [Relation],
}

impl<'a> Part<'a> {
    fn of_block(block: &'a Block) -> Part<'a> {
        Part { attributes: &block.attributes, blocks: &block.blocks, relations: &block.relations }
    }
}

/// How the groups of a part are titled.
#[derive(Clone, Copy)]
enum Heading {
    Section,
    Line,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Group {
    Required,
    Optional,
    ReadOnly,
}

impl Group {
    fn title(self) -> &'static str {
        match self {
            Group::Required => "Required",
            Group::Optional => "Optional",
            Group::ReadOnly => "Read-Only",
        }
    }

    fn of_attribute(attribute: &Attribute) -> Group {
        match attribute.behavior.mode {
            Mode::Required => Group::Required,
            Mode::Optional | Mode::OptionalComputed => Group::Optional,
            Mode::Computed => Group::ReadOnly,
        }
    }

    fn of_block(block: &NestedBlock) -> Group {
        if block.items_min > 0 { Group::Required } else { Group::Optional }
    }
}

/// The groups of one part, then the parts inside it.
fn level(part: Part<'_>, heading: Heading, path: &[&str], out: &mut String) {
    for group in [Group::Required, Group::Optional, Group::ReadOnly] {
        let attributes = part.attributes.iter().filter(|it| Group::of_attribute(it) == group);
        let blocks = part.blocks.iter().filter(|it| Group::of_block(it) == group);
        let attributes = attributes.map(|it| attribute_line(it, part.relations, path));
        let blocks = blocks.map(|it| block_line(it, part.relations, path));
        let lines: Vec<String> = attributes.chain(blocks).collect();
        if !lines.is_empty() {
            match heading {
                Heading::Section => out.push_str(&format!("### {}\n\n", group.title())),
                Heading::Line => out.push_str(&format!("{}:\n\n", group.title())),
            }
            out.push_str(&lines.concat());
            out.push('\n');
        }
    }
    for attribute in part.attributes {
        if let AttributeType::Nested { attributes, .. } = &attribute.ty {
            let part = Part { attributes, blocks: &[], relations: &attribute.behavior.relations };
            nested("nestedatt", part, &below(path, &attribute.name), out);
        }
    }
    for block in part.blocks {
        nested("nestedblock", Part::of_block(&block.block), &below(path, &block.name), out);
    }
}

fn nested(kind: &str, part: Part<'_>, path: &[&str], out: &mut String) {
    let anchor = anchor(kind, path);
    out.push_str(&format!("<a id=\"{anchor}\"></a>\n### Nested Schema for `{}`\n\n", path.join(".")));
    level(part, Heading::Line, path, out);
}

fn below<'a>(path: &[&'a str], name: &'a str) -> Vec<&'a str> {
    path.iter().copied().chain([name]).collect()
}

fn anchor(kind: &str, path: &[&str]) -> String {
    format!("{kind}--{}", path.join("--"))
}

fn attribute_line(attribute: &Attribute, relations: &[Relation], path: &[&str]) -> String {
    let mut marks = vec![type_words(&attribute.ty)];
    marks.extend(attribute.sensitive.then(|| "Sensitive".to_owned()));
    marks.extend(attribute.write_only.then(|| "Write-only".to_owned()));
    let mut notes = words::notes(attribute, relations);
    notes.extend(deprecation(attribute.behavior.deprecated.as_ref()));
    if matches!(attribute.ty, AttributeType::Nested { .. }) {
        notes.push(see_below("nestedatt", &below(path, &attribute.name)));
    }
    line(&attribute.name, &marks.join(", "), &attribute.doc, &notes)
}

fn deprecation(reason: Option<&String>) -> Option<String> {
    reason.map(|it| format!("**Deprecated:** {it}"))
}

fn block_line(block: &NestedBlock, relations: &[Relation], path: &[&str]) -> String {
    let mut marks = vec![
        match block.nesting {
            Nesting::Single | Nesting::Group => "Block",
            Nesting::List => "Block List",
            Nesting::Set => "Block Set",
            Nesting::Map => "Block Map",
        }
        .to_owned(),
    ];
    if matches!(block.nesting, Nesting::List | Nesting::Set) {
        marks.extend((block.items_min > 0).then(|| format!("Min: {}", block.items_min)));
        marks.extend((block.items_max > 0).then(|| format!("Max: {}", block.items_max)));
    }
    let mut notes = words::across(&block.name, relations);
    notes.extend(deprecation(block.block.deprecated.as_ref()));
    notes.push(see_below("nestedblock", &below(path, &block.name)));
    line(&block.name, &marks.join(", "), &block.block.doc, &notes)
}

fn see_below(kind: &str, path: &[&str]) -> String {
    format!("See [below](#{}).", anchor(kind, path))
}

/// One entry of a group. Further lines of the description are indented, so that they stay in the entry.
fn line(name: &str, marks: &str, doc: &str, notes: &[String]) -> String {
    let notes = notes.join(" ");
    let separator = if notes.is_empty() || doc.is_empty() {
        ""
    } else if doc.contains("\n\n") || doc.contains("```") {
        "\n\n"
    } else {
        " "
    };
    let text = format!("- `{name}` ({marks}) {doc}{separator}{notes}");
    let indented = text.trim_end().lines().enumerate().map(|(at, line)| match (at, line) {
        (0, line) => line.to_owned(),
        (_, "") => String::new(),
        (_, line) => format!("  {line}"),
    });
    indented.collect::<Vec<_>>().join("\n") + "\n"
}

fn type_words(ty: &AttributeType) -> String {
    match ty {
        AttributeType::Plain(ty) => plain_words(ty),
        AttributeType::Nested { nesting, .. } => match nesting {
            Nesting::Single | Nesting::Group => "Attributes",
            Nesting::List => "Attributes List",
            Nesting::Set => "Attributes Set",
            Nesting::Map => "Attributes Map",
        }
        .to_owned(),
    }
}

fn plain_words(ty: &Type) -> String {
    match ty {
        Type::Bool => "Boolean".to_owned(),
        Type::Number => "Number".to_owned(),
        Type::String => "String".to_owned(),
        Type::Dynamic => "Dynamic".to_owned(),
        Type::List(element) => format!("List of {}", plain_words(element)),
        Type::Set(element) => format!("Set of {}", plain_words(element)),
        Type::Map(element) => format!("Map of {}", plain_words(element)),
        Type::Tuple(_) => "Tuple".to_owned(),
        Type::Object(members) => {
            let members: Vec<_> =
                members.iter().map(|(name, it)| format!("{name}: {}", plain_words(it))).collect();
            format!("Object {{{}}}", members.join(", "))
        }
    }
}

#[cfg(test)]
mod tests;
