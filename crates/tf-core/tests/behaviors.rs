//! Every behaviour of an attribute shows by itself on the page and in the JSON schema: one row for each, and the compiler
//! asks for a new row when a new behaviour appears.

#![allow(clippy::unwrap_used, reason = "tests throughout")]

use serde_json::{Value as Json, json};
use tf_core::docs::{self, Page};
use tf_core::{
    Attr, Attribute, Behavior, Model, Relation, Schema, Secret, Sensitive, WriteOnly, check, form,
    json_schema, model,
};

/// One attribute for every behaviour.
#[derive(Clone, Debug, Default, PartialEq, Model)]
#[tf(conflicts(&["conflict_a", "conflict_b"])
    .exactly_one(&["one_a", "one_b"])
    .at_least_one(&["some_a", "some_b"])
    .requires("needy", &["needed"])
    .together(&["pair_a", "pair_b"])
    .deprecated("Use `other`."))]
struct All {
    /// X.
    #[tf(required())]
    required: Attr<String>,
    /// X.
    #[tf(optional())]
    optional: Attr<String>,
    /// X.
    #[tf(computed())]
    computed: Attr<String>,
    /// X.
    #[tf(optional().default("d"))]
    default: Attr<String>,
    /// X.
    #[tf(optional().replaces())]
    replaces: Attr<String>,
    /// X.
    #[tf(optional().replaces_if("it shrinks", |one, other| other < one))]
    replaces_if: Attr<i64>,
    /// X.
    #[tf(computed().stable())]
    stable: Attr<String>,
    /// X.
    #[tf(optional_computed().stable())]
    stable_choice: Attr<String>,
    /// X.
    #[tf(optional().compared(form::letter_case()))]
    compared: Attr<String>,
    /// X.
    #[tf(optional().version("version"))]
    write_only: Attr<WriteOnly<Secret>>,
    /// X.
    #[tf(optional())]
    version: Attr<i64>,
    /// X.
    #[tf(optional())]
    sensitive: Attr<Sensitive<i64>>,
    /// X.
    #[tf(optional().deprecated("use `other`"))]
    deprecated: Attr<String>,
    /// X.
    #[tf(optional().check(check::length(2, 5)))]
    length: Attr<String>,
    /// X.
    #[tf(optional().check(check::pattern("^a+$", "made of a")))]
    pattern: Attr<String>,
    /// X.
    #[tf(optional().check(check::one_of(&["p", "q"])))]
    one_of: Attr<String>,
    /// X.
    #[tf(optional().check(check::range(1, 9)))]
    range: Attr<i64>,
    /// X.
    #[tf(optional().check(check::url()))]
    url: Attr<String>,
    /// X.
    #[tf(optional().check(check::json()))]
    json: Attr<String>,
    /// X.
    #[tf(optional().check(check::elements(1, 3)).check(check::each(check::length(1, 7))))]
    elements: Attr<Vec<String>>,
    /// X.
    #[tf(optional())]
    conflict_a: Attr<String>,
    /// X.
    #[tf(optional())]
    conflict_b: Attr<String>,
    /// X.
    #[tf(optional())]
    one_a: Attr<String>,
    /// X.
    #[tf(optional())]
    one_b: Attr<String>,
    /// X.
    #[tf(optional())]
    some_a: Attr<String>,
    /// X.
    #[tf(optional())]
    some_b: Attr<String>,
    /// X.
    #[tf(optional())]
    needy: Attr<String>,
    /// X.
    #[tf(optional())]
    needed: Attr<String>,
    /// X.
    #[tf(optional())]
    pair_a: Attr<String>,
    /// X.
    #[tf(optional())]
    pair_b: Attr<String>,
}

/// An attribute, what its line on the page says, and what its JSON schema says: a member and its value. A null value asks
/// for the words in the description instead.
const ROWS: &[(&str, &str, &str, &str)] = &[
    ("required", "### Required", "/type", r#""string""#),
    ("optional", "### Optional", "/type", r#"["string","null"]"#),
    ("computed", "### Read-Only", "/readOnly", "true"),
    ("default", "Default: `\"d\"`.", "/default", r#""d""#),
    ("replaces", "Changing this forces a new resource.", "", ""),
    ("replaces_if", "Changing this forces a new resource if it shrinks.", "", ""),
    ("stable", "Stays the same once it is known.", "", ""),
    ("stable_choice", "Left out, it stays as it is.", "", ""),
    ("compared", "Compared without regard to upper and lower case.", "", ""),
    ("write_only", "Write-only", "/writeOnly", "true"),
    ("write_only", "Written again when `version` changes.", "", ""),
    ("sensitive", "Sensitive", "/description", r#""X. Never shown.""#),
    ("deprecated", "**Deprecated:** use `other`", "/deprecated", "true"),
    ("deprecated", "**Deprecated:** use `other`", "/$comment", r#""use `other`""#),
    ("length", "Must be", "/minLength", "2"),
    ("pattern", "Must be made of a.", "/pattern", r#""^a+$""#),
    ("one_of", "`p`", "/enum", r#"["p","q",null]"#),
    ("range", "Must be", "/maximum", "9"),
    ("url", "Must be a URL", "/format", r#""uri""#),
    ("json", "Must be JSON.", "/contentMediaType", r#""application/json""#),
    ("elements", "Must be", "/minItems", "1"),
    ("conflict_a", "Excludes `conflict_b`.", "", ""),
    ("one_a", "Exactly one of `one_a`, `one_b` must be set.", "", ""),
    ("some_b", "At least one of `some_a`, `some_b` must be set.", "", ""),
    ("needy", "Needs `needed`.", "", ""),
    ("pair_a", "Needs `pair_b`.", "", ""),
    ("pair_b", "Needs `pair_a`.", "", ""),
];

/// The line of an attribute, with the title of its group before it.
fn line(page: &str, name: &str) -> String {
    let (before, rest) = page.split_once(&format!("- `{name}` ")).unwrap();
    let title = before.lines().rev().find(|it| it.starts_with("### ")).unwrap();
    format!("{title}\n{}", rest.lines().next().unwrap())
}

fn check_row(page: &str, schema: &Json, row: &(&str, &str, &str, &str)) {
    let (name, words, pointer, expected) = row;
    let line = line(page, name);
    assert!(line.contains(words), "{words:?} in {line:?}");
    let attribute = &schema["properties"][name];
    if pointer.is_empty() {
        let description = attribute["description"].as_str().unwrap();
        assert!(description.contains(words), "{words:?} in {description:?}");
    } else {
        let expected: Json = serde_json::from_str(expected).unwrap();
        assert_eq!(attribute.pointer(pointer), Some(&expected), "{name} in {attribute:#}");
    }
}

#[test]
fn every_behaviour_shows_on_the_page_and_in_the_json_schema() {
    let schema = model::schema::<All>();
    let (page, json) = (docs::page(&Page::new(&schema)), json_schema::render("all", &schema));
    ROWS.iter().for_each(|it| check_row(&page, &json, it));
    assert!(page.contains("~> **Deprecated:** Use `other`.") && json["deprecated"] == json!(true));
    // What one attribute cannot say by itself, a JSON schema says for the whole: one rule for each relation.
    assert_eq!(json["allOf"].as_array().unwrap().len(), schema.block.relations.len());
}

/// Taken apart without a rest, so that whoever adds a behaviour is led here.
fn behaviors(schema: &Schema) -> Vec<&'static str> {
    let mut found = Vec::new();
    for Attribute { name: _, doc: _, ty: _, sensitive, write_only, behavior } in &schema.block.attributes {
        let Behavior { mode, default, checks, replaces, stable, form, version, relations: _, deprecated } =
            behavior;
        let marks = [
            (*sensitive, "sensitive"),
            (*write_only, "write_only"),
            (mode.on_wire().required, "required"),
            (mode.on_wire().optional, "optional"),
            (mode.on_wire().computed, "computed"),
            (default.is_some(), "default"),
            (!checks.is_empty(), "checks"),
            (replaces.is_possible(), "replaces"),
            (*stable, "stable"),
            (form.is_some(), "form"),
            (version.is_some(), "version"),
            (deprecated.is_some(), "deprecated"),
        ];
        found.extend(marks.into_iter().filter(|it| it.0).map(|it| it.1));
    }
    for relation in &schema.block.relations {
        found.push(match relation {
            Relation::Conflicts(_) => "conflicts",
            Relation::ExactlyOne(_) => "exactly one",
            Relation::AtLeastOne(_) => "at least one",
            Relation::Requires(..) => "requires",
        });
    }
    found.sort_unstable();
    found.dedup();
    found
}

#[test]
fn no_behaviour_is_left_out() {
    assert_eq!(behaviors(&model::schema::<All>()).len(), 16);
}
