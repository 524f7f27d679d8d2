//! The files use nothing but what Terraform 1.5 and OpenTofu 1.6 know: `import` blocks came with these. What may stand in
//! a file is a closed list, so that whatever is added has to be weighed here.

use std::path::Path;

use hcl_edit::expr::{Expression, Object, ObjectKey, TraversalOperator};
use hcl_edit::structure::{Block, Body, Structure};
use hcl_edit::template::{Element, Template};

use super::*;

/// Functions that may be called, all of which were there long before 1.5.
const FUNCTIONS: [&str; 1] = ["chomp"];

/// Blocks at the top of a file, with how many labels each has and the attributes that it may have; none stands for any,
/// because the provider's own schema is what counts.
const BLOCKS: [(&str, usize, Option<&[&str]>); 4] = [
    ("terraform", 0, Some(&["required_version"])),
    ("provider", 1, Some(&[])),
    ("import", 0, Some(&["to", "id"])),
    ("resource", 2, None),
];

/// Blocks of `--secret-variables`, which says that it needs 1.11.
const VARIABLE: (&str, usize, Option<&[&str]>) =
    ("variable", 1, Some(&["description", "type", "default", "ephemeral", "sensitive"]));

/// Blocks within blocks: where, which, and with which attributes.
const INNER: [(&str, &str, &[&str]); 2] = [
    ("terraform", "required_providers", &["servicenow"]),
    ("resource", "lifecycle", &["create_before_destroy"]),
];

#[track_caller]
fn check(folder: &Path, with_variables: bool) {
    let mut files = 0;
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|it| it != "tf") {
            continue;
        }
        files += 1;
        let text = fs::read_to_string(&path).unwrap();
        let body: Body = text.parse().unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        for structure in &body {
            let Structure::Block(block) = structure else { panic!("{}: {structure:?}", path.display()) };
            top(block, with_variables);
        }
    }
    assert!(files > 1, "{}", folder.display());
}

fn top(block: &Block, with_variables: bool) {
    let name = block.ident.as_str();
    let more = with_variables.then_some(VARIABLE);
    let known = BLOCKS.into_iter().chain(more).find(|it| it.0 == name);
    let Some((_, labels, attributes)) = known else { panic!("a block `{name}`") };
    assert_eq!(block.labels.len(), labels, "{name}");
    for structure in &block.body {
        match structure {
            Structure::Attribute(it) => {
                assert!(
                    attributes.is_none_or(|known| known.contains(&it.key.as_str())),
                    "{name}.{}",
                    it.key.as_str()
                );
                expression(&it.value);
            }
            Structure::Block(inner) => {
                let known = INNER.iter().find(|it| it.0 == name && it.1 == inner.ident.as_str());
                let Some((.., attributes)) = known else { panic!("{name}.{}", inner.ident.as_str()) };
                for it in inner.body.attributes() {
                    assert!(attributes.contains(&it.key.as_str()), "{name}.{}", it.key.as_str());
                    expression(&it.value);
                }
                assert_eq!(inner.body.blocks().count(), 0, "{name}");
            }
        }
    }
    if name == "import" {
        // Later versions take any expression; 1.5 takes an address and a text.
        let value = |name: &str| &block.body.get_attribute(name).unwrap().value;
        assert!(value("id").is_str(), "{block:?}");
        assert!(is_plain_address(value("to")), "{block:?}");
    }
}

fn is_plain_address(address: &Expression) -> bool {
    match address {
        Expression::Traversal(it) => {
            matches!(it.expr, Expression::Variable(_))
                && it.operators.len() == 1
                && is_attribute(&it.operators[0])
        }
        _ => false,
    }
}

fn is_attribute(operator: &TraversalOperator) -> bool {
    matches!(operator, TraversalOperator::GetAttr(_))
}

fn expression(it: &Expression) {
    match it {
        Expression::Null(_) | Expression::Bool(_) | Expression::Number(_) | Expression::String(_) => {}
        // A bare word: the type of a variable.
        Expression::Variable(it) => assert_eq!(it.as_str(), "string"),
        Expression::Array(items) => items.iter().for_each(expression),
        Expression::Object(it) => object(it),
        Expression::StringTemplate(it) => it.iter().for_each(element),
        Expression::HeredocTemplate(it) => template(&it.template),
        Expression::FuncCall(it) => {
            assert!(it.name.namespace.is_empty(), "{it:?}");
            assert!(FUNCTIONS.contains(&it.name.name.as_str()), "{it:?}");
            it.args.iter().for_each(expression);
        }
        Expression::Traversal(it) => {
            assert!(matches!(it.expr, Expression::Variable(_)), "{it:?}");
            assert!(it.operators.iter().all(|it| is_attribute(it)), "{it:?}");
        }
        other => panic!("{other:?}"),
    }
}

fn object(it: &Object) {
    for (key, value) in it.iter() {
        assert!(
            matches!(
                key,
                ObjectKey::Ident(_)
                    | ObjectKey::Expression(Expression::String(_) | Expression::StringTemplate(_))
            ),
            "{key:?}"
        );
        expression(value.expr());
    }
}

fn template(it: &Template) {
    it.iter().for_each(element);
}

/// What looks like a template in a text of the instance is a text: nothing is evaluated.
fn element(it: &Element) {
    assert!(matches!(it, Element::Literal(_)), "{it:?}");
}

#[tokio::test]
async fn the_oldest_that_knows_import_blocks_reads_the_files() {
    for seed in [0, 3, 5, 8] {
        for (secrets, with_variables) in [(Secrets::Comments, false), (Secrets::Variables, true)] {
            let folder = TempDir::new().unwrap();
            let fixture = folder.path().join("fixture.json");
            fs::write(&fixture, serde_json::to_string(&random::rows(seed, 6)).unwrap()).unwrap();
            let fixture = if seed == 0 { Fixture::Demo } else { Fixture::Path(fixture) };
            let options = Options { folder: folder.path().join("out"), secrets, ..Options::default() };
            run(&instance(fixture), &options).await;
            check(&options.folder, with_variables);
        }
    }
}

#[test]
fn a_check_that_finds_nothing_would_be_noticed() {
    for text in [
        "removed {\n  from = a.b\n}\n",
        "import {\n  for_each = {}\n  to = a.b\n  id = \"x\"\n}\n",
        "import {\n  to = a.b\n  id = \"${var.x}\"\n}\n",
        "import {\n  to = a.b[0]\n  id = \"x\"\n}\n",
        "resource \"a\" \"b\" {\n  x = provider::servicenow::y(1)\n}\n",
        "resource \"a\" \"b\" {\n  x = templatestring(\"a\")\n}\n",
        "resource \"a\" \"b\" {\n  x = \"${var.a}\"\n}\n",
        "resource \"a\" \"b\" {\n  dynamic \"x\" {}\n}\n",
        "variable \"a\" {\n  ephemeral = true\n}\n",
    ] {
        let folder = TempDir::new().unwrap();
        fs::write(folder.path().join("main.tf"), text).unwrap();
        fs::write(folder.path().join("other.tf"), "").unwrap();
        let checked = std::panic::catch_unwind(|| check(folder.path(), false));
        assert!(checked.is_err(), "{text}");
    }
}
