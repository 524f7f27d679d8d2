//! Tests of documentation pages.

use super::*;
use crate::{Behavior, Condition, Replace, Value, Whole, check, form};

fn attribute(name: &str, mode: Mode) -> Attribute {
    Attribute {
        name: name.to_owned(),
        doc: format!("What {name} is."),
        ty: AttributeType::Plain(Type::String),
        sensitive: false,
        write_only: false,
        behavior: Behavior { mode, ..Behavior::default() },
    }
}

fn typed(name: &str, ty: Type) -> Attribute {
    Attribute { ty: AttributeType::Plain(ty), ..attribute(name, Mode::Optional) }
}

/// What follows the heading "Schema".
#[track_caller]
fn check_schema(block: Block, wanted: &str) {
    let schema = Schema { version: 0, block };
    let example = Page {
        kind: Kind::Resource,
        identity: None,
        title: "T",
        type_name: "t",
        description: "D",
        subcategory: "",
        example: None,
        import: None,
        schema: &schema,
        extra: "",
    };
    let text = page(&example);
    assert_eq!(text.split_once("## Schema\n\n").unwrap().1, wanted);
}

fn attributes(attributes: Vec<Attribute>) -> Block {
    Block { attributes, ..Block::default() }
}

#[test]
fn a_whole_page() {
    let block = Block {
        doc: "A thing.\n\nIn detail.".to_owned(),
        ..attributes(vec![attribute("a", Mode::Required)])
    };
    let schema = Schema { version: 0, block: Block { deprecated: Some("Use another.".to_owned()), ..block } };
    let text = page(&Page {
        kind: Kind::Resource,
        identity: None,
        title: "x_thing Resource",
        type_name: "x_thing",
        description: "A \"thing\":\n  short.",
        subcategory: "Things",
        example: Some("resource \"x_thing\" \"a\" {}\n"),
        import: Some("terraform import x_thing.a id\n"),
        schema: &schema,
        extra: "## More\n\nText.\n\n",
    });
    let wanted = r##"---
page_title: "x_thing Resource"
subcategory: "Things"
description: "A \"thing\": short."
---

# x_thing Resource

A thing.

In detail.

~> **Deprecated:** Use another.

## Example Usage

```terraform
resource "x_thing" "a" {}
```

## Schema

### Required

- `a` (String) What a is.

## Import

An existing object becomes a `x_thing` in the state with:

```shell
terraform import x_thing.a id
```

## More

Text.
"##;
    assert_eq!(text, wanted);
}

#[test]
fn a_page_has_a_group_only_where_there_is_something_in_it() {
    let schema = Schema::default();
    let text = page(&Page {
        kind: Kind::Resource,
        identity: None,
        title: "T",
        type_name: "",
        description: "",
        subcategory: "",
        example: None,
        import: None,
        schema: &schema,
        extra: "",
    });
    assert_eq!(text, "---\npage_title: \"T\"\ndescription: \"\"\n---\n\n# T\n\n## Schema\n");
}

#[test]
fn attributes_are_grouped_by_who_decides() {
    let all = vec![
        attribute("c", Mode::Computed),
        attribute("o", Mode::Optional),
        attribute("r", Mode::Required),
        attribute("b", Mode::OptionalComputed),
    ];
    let wanted = "### Required\n\n- `r` (String) What r is.\n\n\
                  ### Optional\n\n- `o` (String) What o is.\n- `b` (String) What b is.\n\n\
                  ### Read-Only\n\n- `c` (String) What c is.\n";
    check_schema(attributes(all), wanted);
}

#[test]
fn everything_else_comes_from_the_schema() {
    let mut full = attribute("a", Mode::Optional);
    full.behavior.checks = vec![check::one_of(&["x", "y"])];
    full.behavior.default = Some(Value::string("x"));
    full.behavior.replaces = Replace::Always;
    full.behavior.deprecated = Some("Use `b`.".to_owned());
    let secret = Attribute { sensitive: true, write_only: true, ..attribute("s", Mode::Optional) };
    let wanted = "### Optional\n\n- `a` (String) What a is. Must be one of `x`, `y`. Default: `\"x\"`. Changing this forces a \
                  new resource. **Deprecated:** Use `b`.\n- `s` (String, Sensitive, Write-only) What s is. Never stored; \
                  needs Terraform 1.11 or later.\n";
    check_schema(attributes(vec![full, secret]), wanted);
}

#[test]
fn types_are_named_in_words() {
    let string = || Box::new(Type::String);
    let object = Type::Object([("k".to_owned(), Type::Bool), ("l".to_owned(), Type::Number)].into());
    for (ty, words) in [
        (Type::Bool, "Boolean"),
        (Type::Number, "Number"),
        (Type::Dynamic, "Dynamic"),
        (Type::List(string()), "List of String"),
        (Type::Set(string()), "Set of String"),
        (Type::Map(Box::new(Type::List(string()))), "Map of List of String"),
        (Type::Tuple(vec![]), "Tuple"),
        (object, "Object {k: Boolean, l: Number}"),
    ] {
        let wanted = format!("### Optional\n\n- `a` ({words}) What a is.\n");
        check_schema(attributes(vec![typed("a", ty)]), &wanted);
    }
}

#[test]
fn long_descriptions_stay_in_their_entry() {
    let mut wrapped = attribute("a", Mode::Required);
    wrapped.doc = "First\nsecond.".to_owned();
    wrapped.behavior.replaces = Replace::Always;
    let mut paragraphs = attribute("b", Mode::Required);
    paragraphs.doc = "First.\n\nSecond.".to_owned();
    paragraphs.behavior.replaces = Replace::Always;
    let wanted = "### Required\n\n- `a` (String) First\n  second. Changing this forces a new resource.\n\
                  - `b` (String) First.\n\n  Second.\n\n  Changing this forces a new resource.\n";
    check_schema(attributes(vec![wrapped, paragraphs]), wanted);
}

#[test]
fn nested_parts_have_sections_of_their_own() {
    let inner = Attribute {
        ty: AttributeType::Nested {
            nesting: Nesting::Single,
            attributes: vec![attribute("z", Mode::Computed)],
        },
        ..attribute("y", Mode::Required)
    };
    let outer = Attribute {
        ty: AttributeType::Nested { nesting: Nesting::List, attributes: vec![inner] },
        ..attribute("x", Mode::Optional)
    };
    let block = NestedBlock {
        name: "b".to_owned(),
        block: Block { doc: "A part.".to_owned(), ..attributes(vec![attribute("c", Mode::Required)]) },
        nesting: Nesting::Set,
        items_min: 1,
        items_max: 3,
    };
    let whole = Block { blocks: vec![block], ..attributes(vec![outer]) };
    let wanted = "### Required

- `b` (Block Set, Min: 1, Max: 3) A part. See [below](#nestedblock--b).

### Optional

- `x` (Attributes List) What x is. See [below](#nestedatt--x).

<a id=\"nestedatt--x\"></a>
### Nested Schema for `x`

Required:

- `y` (Attributes) What y is. See [below](#nestedatt--x--y).

<a id=\"nestedatt--x--y\"></a>
### Nested Schema for `x.y`

Read-Only:

- `z` (String) What z is.

<a id=\"nestedblock--b\"></a>
### Nested Schema for `b`

Required:

- `c` (String) What c is.
";
    check_schema(whole, wanted);
}

#[test]
fn every_behavior_says_what_it_means() {
    let mut size = attribute("size", Mode::Optional);
    let grows = Condition { words: "it shrinks".to_owned(), test: std::sync::Arc::new(|_, _| true) };
    size.behavior.replaces = Replace::When(grows);
    let mut text = attribute("text", Mode::Optional);
    text.behavior.form = Some(form::json());
    let mut secret = Attribute { write_only: true, ..attribute("secret_wo", Mode::Optional) };
    secret.behavior.version = Some("secret_wo_version".to_owned());
    let mut id = attribute("id", Mode::Computed);
    id.behavior.stable = true;
    let mut choice = attribute("choice", Mode::OptionalComputed);
    choice.behavior.stable = true;
    let wanted = "### Optional\n\n- `size` (String) What size is. Changing this forces a new resource if it shrinks.\n\
                  - `text` (String) What text is. Compared as JSON: formatting and the order of members do not \
                  matter.\n- `secret_wo` (String, Write-only) What secret_wo is. Never stored; needs Terraform 1.11 \
                  or later. Written again when `secret_wo_version` changes.\n\
                  - `choice` (String) What choice is. Left out, it stays as it is.\n\n\
                  ### Read-Only\n\n- `id` (String) What id is. Stays the same once it is known.\n";
    check_schema(attributes(vec![size, text, secret, id, choice]), wanted);
}

#[test]
fn rules_across_attributes_stand_at_each_of_them() {
    let rules =
        Whole::new().conflicts(&["a", "b", "c"]).at_least_one(&["a", "p"]).requires("b", &["c"]).relations;
    let part = NestedBlock {
        name: "p".to_owned(),
        block: attributes(vec![]),
        nesting: Nesting::Single,
        items_min: 0,
        items_max: 0,
    };
    let names = ["a", "b", "c"].map(|it| attribute(it, Mode::Optional));
    let block = Block { blocks: vec![part], relations: rules, ..attributes(names.to_vec()) };
    let wanted = "### Optional

- `a` (String) What a is. Excludes `b`, `c`. At least one of `a`, `p` must be set.
- `b` (String) What b is. Excludes `a`, `c`. Needs `c`.
- `c` (String) What c is. Excludes `a`, `b`.
- `p` (Block) At least one of `a`, `p` must be set. See [below](#nestedblock--p).

<a id=\"nestedblock--p\"></a>
### Nested Schema for `p`
";
    check_schema(block, wanted);
}

#[test]
fn every_kind_has_its_place_and_says_what_it_needs() {
    let schema = Schema { version: 0, block: attributes(vec![attribute("a", Mode::Required)]) };
    for (kind, path, needs) in [
        (Kind::Provider, "docs/index.md", None),
        (Kind::Resource, "docs/resources/x.md", None),
        (Kind::DataSource, "docs/data-sources/x.md", None),
        (Kind::EphemeralResource, "docs/ephemeral-resources/x.md", Some("Terraform 1.10")),
        (Kind::ListResource, "docs/list-resources/x.md", Some("Terraform 1.14")),
        (Kind::Action, "docs/actions/x.md", Some("Terraform 1.14")),
        (Kind::Function, "docs/functions/x.md", Some("Terraform 1.8")),
    ] {
        assert_eq!(kind.path("x"), path);
        let page = page(&Page { kind, ..Page::new(&schema) });
        assert_eq!(page.contains("Needs Terraform"), needs.is_some());
        assert!(page.contains(needs.unwrap_or("")), "{page}");
    }
}

#[test]
fn an_identity_is_a_way_to_import() {
    let part = |name: &str, ty: Type, required: bool| crate::IdentityAttribute {
        name: name.to_owned(),
        ty,
        required_for_import: required,
        optional_for_import: !required,
        doc: format!("What {name} is."),
    };
    let parts = vec![
        part("table", Type::String, true),
        part("id", Type::List(Box::new(Type::Number)), true),
        part("host", Type::String, false),
    ];
    let identity = IdentitySchema { version: 0, attributes: parts };
    let schema = Schema { version: 0, block: attributes(vec![]) };
    let page = page(&Page { type_name: "t_x", identity: Some(&identity), ..Page::new(&schema) });
    let wanted = "## Import

In Terraform 1.12 and later, an `import` block can name the object by its identity:

```terraform
import {
  to = t_x.example
  identity = {
    table = \"…\"
    id    = [1]
  }
}
```

Required:

- `table` (String) What table is.
- `id` (List of Number) What id is.

Optional:

- `host` (String) What host is.
";
    assert!(page.ends_with(wanted), "{page}");
}
