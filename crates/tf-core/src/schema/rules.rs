//! What Terraform and this project demand of a schema.

mod beside;

use std::collections::BTreeSet;

pub use beside::{function, identity};

use crate::wire::msgpack;
use crate::{
    Attribute, AttributeType, Block, Mode, NestedBlock, Nesting, Path, Relation, Replace, Schema, Step, Type,
};

/// Names that mean something to Terraform itself in a resource block.
const RESERVED_IN_RESOURCE: [&str; 8] =
    ["connection", "count", "for_each", "depends_on", "provider", "lifecycle", "provisioner", "locals"];

/// Names that mean something to Terraform itself in a provider block.
const RESERVED_IN_PROVIDER: [&str; 8] =
    ["alias", "version", "source", "count", "for_each", "depends_on", "lifecycle", "locals"];

/// Names that mean something to Terraform itself in the blocks of data sources and ephemeral resources.
const RESERVED_IN_QUESTION: [&str; 6] =
    ["count", "for_each", "depends_on", "provider", "lifecycle", "locals"];

/// Something wrong with a schema.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Where in the schema.
    pub path: Path,
    /// What is wrong there.
    pub reason: String,
}

/// Everything wrong with the schema of a resource. Terraform itself refuses most of it only when it runs.
pub fn resource(schema: &Schema) -> Vec<Problem> {
    check(schema, &RESERVED_IN_RESOURCE)
}

/// Everything wrong with the schema of a provider block.
pub fn provider(schema: &Schema) -> Vec<Problem> {
    check(schema, &RESERVED_IN_PROVIDER)
}

/// Everything wrong with the schema of a data source or of an ephemeral resource: nothing is stored for the one, and
/// nothing at all for the other, so write-only attributes mean nothing.
pub fn question(schema: &Schema) -> Vec<Problem> {
    let mut problems = check(schema, &RESERVED_IN_QUESTION);
    problems.extend(write_only(&schema.block, &Path::root()));
    problems
}

/// Everything wrong with the schema of a list resource, whose attributes stand in a `config` block of their own, where
/// no name is reserved.
pub fn list(schema: &Schema) -> Vec<Problem> {
    let mut problems = check(schema, &[]);
    problems.extend(write_only(&schema.block, &Path::root()));
    problems
}

/// Everything wrong with the schema of an action, whose attributes stand in a `config` block of their own, where no
/// name is reserved.
pub fn action(schema: &Schema) -> Vec<Problem> {
    check(schema, &[])
}

fn write_only(block: &Block, path: &Path) -> Vec<Problem> {
    let mut problems = write_only_among(&block.attributes, path);
    for nested in &block.blocks {
        problems.extend(write_only(&nested.block, &path.then(Step::Attribute(nested.name.clone()))));
    }
    problems
}

fn write_only_among(attributes: &[Attribute], path: &Path) -> Vec<Problem> {
    let reason = "only what has a state can have write-only attributes";
    let below = |it: &Attribute| path.then(Step::Attribute(it.name.clone()));
    let here = attributes.iter().filter(|it| it.write_only);
    let here = here.map(|it| Problem { path: below(it), reason: reason.to_owned() });
    let deeper = attributes.iter().flat_map(|it| match &it.ty {
        AttributeType::Nested { attributes, .. } => write_only_among(attributes, &below(it)),
        AttributeType::Plain(_) => Vec::new(),
    });
    here.chain(deeper).collect()
}

fn check(schema: &Schema, reserved: &[&str]) -> Vec<Problem> {
    let mut report = Report { problems: Vec::new() };
    let root = Path::root();
    if schema.version < 0 {
        report.add(&root, "the version is negative");
    }
    let names = schema
        .block
        .attributes
        .iter()
        .map(|it| &it.name)
        .chain(schema.block.blocks.iter().map(|it| &it.name));
    for name in names.filter(|it| reserved.contains(&it.as_str())) {
        report.add(&Path::attribute(name), "the name is reserved by Terraform");
    }
    report.block(&schema.block, &root, Around::default());
    report.problems
}

/// What a part of a schema is inside of.
#[derive(Clone, Copy, Default)]
struct Around {
    /// A set, whose elements have no names.
    set: bool,
    /// A list or map of blocks that carries its own type.
    dynamic_blocks: bool,
}

struct Report {
    problems: Vec<Problem>,
}

impl Report {
    fn add(&mut self, path: &Path, reason: impl Into<String>) {
        self.problems.push(Problem { path: path.clone(), reason: reason.into() });
    }

    fn add_if(&mut self, wrong: bool, path: &Path, reason: &str) {
        if wrong {
            self.add(path, reason);
        }
    }

    fn block(&mut self, block: &Block, path: &Path, around: Around) {
        self.add_if(block.doc.trim().is_empty(), path, "the block is not documented");
        let mut seen = BTreeSet::new();
        self.attributes(&block.attributes, path, around, &mut seen);
        for nested in &block.blocks {
            let path = path.then(Step::Attribute(nested.name.clone()));
            self.name(&nested.name, &path, &mut seen);
            self.nested_block(nested, &path, around);
        }
        self.relations(&block.relations, &names(&block.attributes, &block.blocks), path);
    }

    fn attributes<'a>(
        &mut self,
        attributes: &'a [Attribute],
        path: &Path,
        around: Around,
        seen: &mut BTreeSet<&'a str>,
    ) {
        self.versions(attributes, path);
        for attribute in attributes {
            let path = path.then(Step::Attribute(attribute.name.clone()));
            self.name(&attribute.name, &path, seen);
            self.attribute(attribute, &path, around);
        }
    }

    fn name<'a>(&mut self, name: &'a str, path: &Path, seen: &mut BTreeSet<&'a str>) {
        let tail = |it: char| it.is_ascii_lowercase() || it.is_ascii_digit() || it == '_';
        let well_formed = name.starts_with(|it: char| it.is_ascii_lowercase()) && name.chars().all(tail);
        self.add_if(!well_formed, path, "the name is not made of lower-case letters, digits and underscores");
        self.add_if(!seen.insert(name), path, "the name is used twice");
    }

    fn nested_block(&mut self, nested: &NestedBlock, path: &Path, around: Around) {
        let NestedBlock { nesting, items_min, items_max, .. } = nested;
        let (least, most) = (*items_min, *items_max);
        let dynamic = nested.block.implied_type().has_dynamic();
        match nesting {
            Nesting::Single => {
                let paired = least == most && (least == 0 || least == 1);
                self.add_if(!paired, path, "a single block needs both bounds 0 or both 1");
            }
            Nesting::Group | Nesting::Map => {
                self.add_if(least != 0 || most != 0, path, "a group or map of blocks has no bounds");
            }
            Nesting::List | Nesting::Set => {
                let ordered = least >= 0 && most >= 0 && (most == 0 || least <= most);
                self.add_if(!ordered, path, "the bounds contradict each other");
            }
        }
        self.add_if(
            *nesting == Nesting::Set && dynamic,
            path,
            "a set of blocks may not contain dynamic types",
        );
        let around = Around {
            set: around.set || *nesting == Nesting::Set,
            dynamic_blocks: around.dynamic_blocks
                || (matches!(nesting, Nesting::List | Nesting::Map) && dynamic),
        };
        self.block(&nested.block, path, around);
    }

    fn attribute(&mut self, attribute: &Attribute, path: &Path, around: Around) {
        let behavior = &attribute.behavior;
        let computed = behavior.on_wire().computed;
        let replaces = behavior.replaces.is_possible();
        self.add_if(attribute.doc.trim().is_empty(), path, "the attribute is not documented");
        self.add_if(
            attribute.write_only && computed,
            path,
            "a write-only attribute cannot be computed or have a default",
        );
        self.add_if(attribute.write_only && around.set, path, "a set may not contain write-only attributes");
        self.add_if(
            replaces && (attribute.write_only || behavior.mode == Mode::Computed),
            path,
            "what is never stored or never configured cannot force replacement",
        );
        self.add_if(
            replaces && around.set && behavior.mode == Mode::OptionalComputed,
            path,
            "inside a set a provider's decision cannot be told from a change, so it cannot force replacement",
        );
        self.add_if(
            around.dynamic_blocks && (computed || attribute.write_only),
            path,
            "blocks that carry their own type may not contain computed or write-only attributes or defaults",
        );
        self.add_if(
            around.set && matches!(behavior.replaces, Replace::When(_)),
            path,
            "inside a set nobody knows which value was there before, so no condition can be asked",
        );
        self.comparison(attribute, path);
        for fault in behavior.checks.iter().filter_map(|it| it.fault.as_ref()) {
            self.add(path, format!("a check cannot work: {fault}"));
        }
        self.default(attribute, path, around);
        if let AttributeType::Nested { nesting, attributes } = &attribute.ty {
            self.nested_attribute(*nesting, attributes, path, around);
            self.relations(&behavior.relations, &names(attributes, &[]), path);
        }
    }

    fn comparison(&mut self, attribute: &Attribute, path: &Path) {
        let plain = match &attribute.ty {
            AttributeType::Plain(ty) => Some(ty),
            AttributeType::Nested { .. } => None,
        };
        self.add_if(
            attribute.behavior.form.is_some() && (attribute.write_only || plain.is_none()),
            path,
            "only plain values that are stored can be compared by their form",
        );
        self.add_if(
            plain.is_some_and(holds_dynamic_elements),
            path,
            "a list, set or map cannot hold values that say their own types; let the whole be dynamic",
        );
        let behavior = &attribute.behavior;
        self.add_if(
            behavior.version.is_some() && !attribute.write_only,
            path,
            "only a write-only attribute needs a version",
        );
    }

    /// That every rule names what is there, and enough of it.
    fn relations(&mut self, relations: &[Relation], known: &BTreeSet<&str>, path: &Path) {
        for relation in relations {
            let names = relation.names();
            for name in names.iter().filter(|it| !known.contains(**it)) {
                self.add(
                    path,
                    format!("a rule names `{name}`, which is neither an attribute nor a block here"),
                );
            }
            self.add_if(names.len() < 2, path, "a rule across attributes names fewer than two");
        }
    }

    /// That the version of a write-only attribute is an attribute beside it that is stored.
    fn versions(&mut self, attributes: &[Attribute], path: &Path) {
        for attribute in attributes {
            let Some(version) = &attribute.behavior.version else { continue };
            let stored = attributes.iter().any(|it| it.name == *version && !it.write_only);
            let path = path.then(Step::Attribute(attribute.name.clone()));
            self.add_if(!stored, &path, "the version is not an attribute beside it that is stored");
        }
    }

    fn default(&mut self, attribute: &Attribute, path: &Path, around: Around) {
        let Some(default) = &attribute.behavior.default else { return };
        self.add_if(
            around.set,
            path,
            "inside a set a default could make two elements equal, which Terraform refuses",
        );
        if attribute.behavior.mode != Mode::Optional {
            self.add(path, "only an optional attribute can have a default");
        }
        if default.is_null() || !default.is_wholly_known() {
            self.add(path, "the default is null or not known");
        }
        if msgpack::encode(default, &attribute.ty.implied_type()).is_err() {
            self.add(path, "the default is not of the attribute's type");
        }
        let refused = attribute.behavior.checks.iter().any(|it| (it.test)(default).is_err());
        self.add_if(refused, path, "the attribute's own checks refuse the default");
    }

    fn nested_attribute(&mut self, nesting: Nesting, attributes: &[Attribute], path: &Path, around: Around) {
        self.add_if(nesting == Nesting::Group, path, "an attribute cannot be a group, only a block can");
        let dynamic = attributes.iter().any(|it| it.ty.implied_type().has_dynamic());
        self.add_if(
            nesting == Nesting::Set && dynamic,
            path,
            "a set of objects may not contain dynamic types",
        );
        let around = Around { set: around.set || nesting == Nesting::Set, ..around };
        self.attributes(attributes, path, around, &mut BTreeSet::new());
    }
}

fn names<'a>(attributes: &'a [Attribute], blocks: &'a [NestedBlock]) -> BTreeSet<&'a str> {
    attributes.iter().map(|it| it.name.as_str()).chain(blocks.iter().map(|it| it.name.as_str())).collect()
}

/// Terraform gives all elements of a collection one type.
fn holds_dynamic_elements(ty: &Type) -> bool {
    match ty {
        Type::List(element) | Type::Set(element) | Type::Map(element) => element.has_dynamic(),
        Type::Tuple(elements) => elements.iter().any(holds_dynamic_elements),
        Type::Object(members) => members.values().any(holds_dynamic_elements),
        Type::Bool | Type::Number | Type::String | Type::Dynamic => false,
    }
}

#[cfg(test)]
mod tests;
