//! The attributes and nested blocks of one instance of a resource.

use std::collections::BTreeMap;

use hcl_edit::Span;
use hcl_edit::expr::Expression;
use hcl_edit::structure::{Block, Body};
use tf_core::{AttributeType, Block as BlockSchema, NestedBlock, Nesting, Type};

use super::Finding;
use super::kept::Kept;
use super::module::{Module, Written};
use super::names::Within;
use super::nested::conform;
use crate::evaluate::convert::convert;
use crate::evaluate::evaluate;
use crate::evaluate::iterate::entries;
use crate::evaluate::scope::{Doubts, Scope};
use crate::evaluate::typed::Typed;
use crate::evaluate::wrong::{Outcome, Wrong};

/// What Terraform itself takes out of a resource block.
const META_ARGUMENTS: &[&str] = &["count", "for_each", "provider", "depends_on", "connection", "lifecycle"];

/// Blocks that Terraform itself takes out of a resource block.
const META_BLOCKS: &[&str] = &["lifecycle", "provisioner", "connection"];

/// The attributes and blocks of an instance. What is wrong in one of them makes that one undecided.
///
/// `body` is the body of what is written.
pub fn findings(
    (written, body): (&Written<Kept>, &Body),
    schema: Option<&BlockSchema>,
    module: &Module,
    within: &Within<'_, '_>,
) -> BTreeMap<String, Finding> {
    let mut findings = BTreeMap::new();
    for attribute in body.attributes().filter(|it| !META_ARGUMENTS.contains(&it.key.as_str())) {
        let name = attribute.key.as_str();
        let place = written.place_of(module, name, attribute.span());
        let doubts = Doubts::default();
        let value = within.compute(&doubts, |scope| {
            let value = evaluate(&attribute.value, scope)?;
            match schema.and_then(|it| it.blocks.iter().find(|it| it.name == name)) {
                Some(block) => as_blocks(value, block),
                None => typed(value, schema.and_then(|it| attribute_type(it, name))),
            }
        });
        findings.insert(name.to_owned(), finding(value, &doubts, place));
    }
    let mut names: Vec<&str> = body.blocks().map(block_name).filter(|it| !META_BLOCKS.contains(it)).collect();
    names.sort_unstable();
    names.dedup();
    for name in names {
        let blocks: Vec<&Block> = body.blocks().filter(|it| block_name(it) == name).collect();
        let span = blocks.first().and_then(|it| it.ident.span());
        let doubts = Doubts::default();
        let value = within.compute(&doubts, |scope| nested(name, &blocks, schema, scope));
        findings.insert(name.to_owned(), finding(value, &doubts, written.place_of(module, name, span)));
    }
    findings
}

/// A value with its doubts; what is wrong becomes a doubt.
pub fn finding(value: Outcome<Typed>, doubts: &Doubts, place: super::Place) -> Finding {
    let value = value.unwrap_or_else(|wrong| {
        doubts.add(format!("Terraform would refuse it: {wrong}"));
        Typed::unknown()
    });
    Finding { value, doubts: doubts.take(), place }
}

/// Nested blocks that are written as a value, as in configurations in JSON.
fn as_blocks(value: Typed, described: &NestedBlock) -> Outcome<Typed> {
    let several = value.elements();
    let objects = several.unwrap_or_else(|| if value.is_null() { Vec::new() } else { vec![value] });
    let conformed = |object: Typed| {
        let Some(members) = object.members() else { return Ok(object) };
        let member = |(name, it): (String, Typed)| {
            let ty = attribute_type(&described.block, &name);
            Ok((name, typed(it, ty)?))
        };
        members.into_iter().map(member).collect::<Outcome<BTreeMap<_, _>>>().map(Typed::object)
    };
    nested_as(described.nesting, objects.into_iter().map(conformed).collect::<Outcome<_>>()?)
}

/// Blocks of one name as the value that their nesting asks for.
fn nested_as(nesting: Nesting, mut objects: Vec<Typed>) -> Outcome<Typed> {
    Ok(match nesting {
        Nesting::Single | Nesting::Group => objects.pop().unwrap_or_else(Typed::null),
        Nesting::Set => convert(Typed::tuple(objects), &Type::Set(Box::new(Type::Dynamic)))?,
        _ => Typed::tuple(objects),
    })
}

fn typed(value: Typed, ty: Option<&AttributeType>) -> Outcome<Typed> {
    match ty {
        Some(ty) => conform(value, ty),
        None => Ok(value),
    }
}

/// The type of an attribute of a block.
pub fn attribute_type<'a>(schema: &'a BlockSchema, name: &str) -> Option<&'a AttributeType> {
    schema.attributes.iter().find(|it| it.name == name).map(|it| &it.ty)
}

/// The name of the block that a `dynamic` block stands for, or its own.
fn block_name(block: &Block) -> &str {
    match (block.ident.as_str(), block.labels.first()) {
        ("dynamic", Some(label)) => label.as_str(),
        (name, _) => name,
    }
}

/// The blocks of one name, as the type of the schema has it, else as a list.
fn nested(name: &str, blocks: &[&Block], schema: Option<&BlockSchema>, scope: &Scope<'_>) -> Outcome<Typed> {
    let described = schema.and_then(|it| it.blocks.iter().find(|it| it.name == name));
    let mut objects = Vec::new();
    for block in blocks {
        if block.ident.as_str() == "dynamic" {
            match generated(name, block, described.map(|it| &it.block), scope)? {
                Some(more) => objects.extend(more),
                None => return Ok(Typed::unknown()),
            }
        } else {
            objects.push(contents(&block.body, described.map(|it| &it.block), scope)?);
        }
    }
    nested_as(described.map_or(Nesting::List, |it| it.nesting), objects)
}

fn contents(body: &Body, schema: Option<&BlockSchema>, scope: &Scope<'_>) -> Outcome<Typed> {
    let mut members = BTreeMap::new();
    for attribute in body.attributes() {
        let name = attribute.key.as_str();
        let ty = schema.and_then(|it| attribute_type(it, name));
        members.insert(name.to_owned(), typed(evaluate(&attribute.value, scope)?, ty)?);
    }
    let mut names: Vec<&str> = body.blocks().map(block_name).collect();
    names.sort_unstable();
    names.dedup();
    for name in names {
        let blocks: Vec<&Block> = body.blocks().filter(|it| block_name(it) == name).collect();
        members.insert(name.to_owned(), nested(name, &blocks, schema, scope)?);
    }
    Ok(Typed::object(members))
}

/// The blocks that a `dynamic` block stands for; `None` if what it iterates over is not known.
fn generated(
    name: &str,
    block: &Block,
    schema: Option<&BlockSchema>,
    scope: &Scope<'_>,
) -> Outcome<Option<Vec<Typed>>> {
    let missing = |what: &str| Wrong::new(format!("the dynamic block `{name}` has no `{what}`"));
    let each = block.body.get_attribute("for_each").ok_or_else(|| missing("for_each"))?;
    let content = block.body.get_blocks("content").next().ok_or_else(|| missing("content"))?;
    let iterator = match block.body.get_attribute("iterator").map(|it| &it.value) {
        Some(Expression::Variable(it)) => it.as_str(),
        _ => name,
    };
    let Some(entries) = entries(&evaluate(&each.value, scope)?)? else { return Ok(None) };
    let mut objects = Vec::new();
    for (key, value) in entries {
        let members = BTreeMap::from([("key".to_owned(), key), ("value".to_owned(), value)]);
        let frame = scope.frame(vec![(iterator, Typed::object(members))]);
        objects.push(contents(&content.body, schema, &scope.inside(&frame))?);
    }
    Ok(Some(objects))
}
