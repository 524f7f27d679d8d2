//! Everything that is wrong with what a provider offers, found when it is first asked for its schema.
//!
//! Terraform would refuse most of it with a message that blames somebody, crash over some of it, and overlook the rest.

use std::collections::BTreeSet;

use tf_core::schema::rules::{self, Problem};
use tf_core::{Attribute, AttributeType, Block, FunctionSignature, IdentitySchema, Path, Schema, Step, Type};

use super::{Offer, Offers, Typed};

/// Something that is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Finding {
    /// As in "resource type"; empty for the provider block.
    pub(crate) noun: &'static str,
    /// Its name.
    pub(crate) name: String,
    /// Where in it, and what.
    pub(crate) problem: Problem,
}

/// All findings.
pub(crate) fn problems(offer: &Offer) -> Vec<Finding> {
    let mut report = Report(Vec::new());
    report.add_all("", "", rules::provider(&offer.settings.schema));
    report.add_all("", "", write_only(&offer.settings.schema));
    if let Some(meta) = &offer.meta {
        report.add_all("block `provider_meta`", "", rules::resource(&meta.schema));
        report.add_all("block `provider_meta`", "", write_only(&meta.schema));
    }
    for (noun, name) in &offer.doubles {
        report.add(noun, name, Path::root(), "the name is used twice");
    }
    report.kind(&offer.resources, |_| Vec::new());
    report.kind(&offer.data_sources, write_only);
    report.kind(&offer.ephemeral_resources, write_only);
    report.kind(&offer.list_resources, write_only);
    report.kind(&offer.actions, |_| Vec::new());
    for (name, offered) in &offer.resources {
        if let Some((_, identified)) = offered.identified() {
            report.add_all("identity of the resource type", name, identity(&identified.schema));
        }
    }
    for name in offer.list_resources.keys() {
        if offer.resources.get(name).is_none_or(|it| it.identified().is_none()) {
            let reason = "there is no managed resource type of the same name that has an identity";
            report.add("list resource type", name, Path::root(), reason);
        }
    }
    for (name, function) in &offer.functions {
        report.add_all("function", name, signature(&function.signature));
    }
    report.0
}

struct Report(Vec<Finding>);

impl Report {
    fn add(&mut self, noun: &'static str, name: &str, path: Path, reason: &str) {
        self.add_all(noun, name, vec![problem(path, reason)]);
    }

    fn add_all(&mut self, noun: &'static str, name: &str, problems: Vec<Problem>) {
        let finding = |problem| Finding { noun, name: name.to_owned(), problem };
        self.0.extend(problems.into_iter().map(finding));
    }

    fn kind<T: Typed + ?Sized>(&mut self, offers: &Offers<T>, more: fn(&Schema) -> Vec<Problem>) {
        for (name, offered) in offers {
            if !is_name(name) {
                self.add(T::NOUN, name, Path::root(), ILL_FORMED);
            }
            let schema = &offered.described().schema;
            self.add_all(T::NOUN, name, rules::resource(schema));
            self.add_all(T::NOUN, name, more(schema));
        }
    }
}

const ILL_FORMED: &str = "the name is not made of lower-case letters, digits and underscores";

fn problem(path: Path, reason: &str) -> Problem {
    Problem { path, reason: reason.to_owned() }
}

fn is_name(name: &str) -> bool {
    let tail = |it: char| it.is_ascii_lowercase() || it.is_ascii_digit() || it == '_';
    name.starts_with(|it: char| it.is_ascii_lowercase()) && name.chars().all(tail)
}

/// Only a managed resource and an action have a moment at which a value is used and forgotten.
fn write_only(schema: &Schema) -> Vec<Problem> {
    let mut problems = Vec::new();
    write_only_in_block(&schema.block, &Path::root(), &mut problems);
    problems
}

fn write_only_in_block(block: &Block, path: &Path, problems: &mut Vec<Problem>) {
    write_only_among(&block.attributes, path, problems);
    for nested in &block.blocks {
        write_only_in_block(&nested.block, &path.then(Step::Attribute(nested.name.clone())), problems);
    }
}

fn write_only_among(attributes: &[Attribute], path: &Path, problems: &mut Vec<Problem>) {
    for attribute in attributes {
        let path = path.then(Step::Attribute(attribute.name.clone()));
        if attribute.write_only {
            let reason = "only a resource or an action can have write-only attributes";
            problems.push(problem(path.clone(), reason));
        }
        if let AttributeType::Nested { attributes, .. } = &attribute.ty {
            write_only_among(attributes, &path, problems);
        }
    }
}

fn identity(schema: &IdentitySchema) -> Vec<Problem> {
    let mut problems = Vec::new();
    if schema.version < 0 {
        problems.push(problem(Path::root(), "the version is negative"));
    }
    if schema.attributes.is_empty() {
        problems.push(problem(Path::root(), "it has no attributes"));
    }
    let mut seen = BTreeSet::new();
    for attribute in &schema.attributes {
        let mut add = |reason| problems.push(problem(Path::attribute(&attribute.name), reason));
        if !seen.insert(attribute.name.as_str()) {
            add("the name is used twice");
        }
        if !is_name(&attribute.name) {
            add(ILL_FORMED);
        }
        if !may_identify(&attribute.ty) {
            add("an identity is made of texts, numbers, bools and lists of them");
        }
        if attribute.required_for_import == attribute.optional_for_import {
            add("it must be either required or optional for an import");
        }
    }
    problems
}

fn may_identify(ty: &Type) -> bool {
    let plain = |ty: &Type| matches!(ty, Type::Bool | Type::Number | Type::String);
    match ty {
        Type::List(element) => plain(element),
        other => plain(other),
    }
}

fn signature(signature: &FunctionSignature) -> Vec<Problem> {
    let mut problems = Vec::new();
    if !is_name(&signature.name) {
        problems.push(problem(Path::root(), ILL_FORMED));
    }
    if signature.summary.trim().is_empty() {
        problems.push(problem(Path::root(), "the function is not documented"));
    }
    let mut seen = BTreeSet::new();
    for parameter in signature.parameters.iter().chain(&signature.variadic) {
        let mut add = |reason| problems.push(problem(Path::attribute(&parameter.name), reason));
        if !seen.insert(parameter.name.as_str()) {
            add("the name is used for two parameters");
        }
        if !is_name(&parameter.name) {
            add(ILL_FORMED);
        }
    }
    problems
}

#[cfg(test)]
mod tests;
