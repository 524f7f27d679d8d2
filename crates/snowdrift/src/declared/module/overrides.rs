//! Files named `override.tf` or `*_override.tf`: what they say counts instead of what other files say, argument by argument.

use std::collections::BTreeSet;

use hcl_edit::structure::{Block, Body, Structure};

use super::{Module, Over, Written};
use crate::declared::LoadError;
use crate::declared::kept::Kept;
use crate::declared::source::SourceFile;

/// The block whose arguments are overridden one by one, and not all together.
const LIFECYCLE: &str = "lifecycle";

/// Puts a block of the file that comes next over what the files before say.
///
/// # Errors
/// There is nothing to override.
pub fn apply(module: &mut Module, block: Block, offset: usize, file: &SourceFile) -> Result<(), LoadError> {
    let place = Over { file: module.files.len(), offset };
    let labels: Vec<String> = block.labels.iter().map(|it| it.as_str().to_owned()).collect();
    let ident = block.ident.as_str().to_owned();
    let over = block.body;
    let overridden = match (ident.as_str(), labels.as_slice()) {
        ("variable", [name]) => module.variables.get_mut(name),
        ("output", [name]) => module.outputs.get_mut(name),
        ("resource", [type_name, name]) => module.resources.get_mut(&(type_name.clone(), name.clone())),
        ("module", [name]) => module.called.get_mut(name),
        ("provider", [name]) => {
            let alias = alias(&over);
            let is_meant =
                |it: &&mut (String, Written<Kept>)| it.0 == *name && self::alias(&it.1.what.body()) == alias;
            module.providers.iter_mut().find(is_meant).map(|it| &mut it.1)
        }
        ("locals", []) => return locals(module, over, offset, file),
        ("import" | "moved" | "removed" | "check", _) => None,
        // What else there is has no part in a comparison.
        _ => return Ok(()),
    };
    match overridden {
        Some(written) => {
            merge(written, over, place);
            Ok(())
        }
        None => {
            let what = std::iter::once(ident).chain(labels).collect::<Vec<_>>().join(" ");
            Err(LoadError::NothingToOverride { path: file.path.to_path_buf(), what: format!("`{what}`") })
        }
    }
}

fn alias(body: &Body) -> Option<String> {
    body.get_attribute("alias").and_then(|it| it.value.as_str()).map(str::to_owned)
}

fn locals(module: &mut Module, over: Body, offset: usize, file: &SourceFile) -> Result<(), LoadError> {
    for attribute in over.into_attributes() {
        let name = attribute.key.as_str();
        if !module.locals.contains_key(name) {
            let what = format!("the local value `{name}`");
            return Err(LoadError::NothingToOverride { path: file.path.to_path_buf(), what });
        }
        module.local(attribute, offset, file);
    }
    Ok(())
}

/// Arguments take the place of those of the same name, and nested blocks that of all blocks of their kind.
fn merge(written: &mut Written<Kept>, over: Body, place: Over) {
    let names: BTreeSet<String> = over.iter().map(name).filter(|it| it != LIFECYCLE).collect();
    let offset = written.what.offset();
    let base = std::mem::replace(&mut written.what, Kept::parsed(Body::new(), offset)).into_body();
    let mut merged = Body::new();
    for structure in base.into_iter().filter(|it| !names.contains(&name(it))) {
        merged.push(structure);
    }
    for structure in over {
        match structure {
            Structure::Block(block) if block.ident.as_str() == LIFECYCLE => lifecycle(&mut merged, block),
            other => merged.push(other),
        }
    }
    written.what = Kept::parsed(merged, offset);
    written.overridden.extend(names.into_iter().map(|it| (it, place)));
}

fn lifecycle(body: &mut Body, over: Block) {
    let Some(mut base) = body.remove_blocks(LIFECYCLE).into_iter().next() else { return body.push(over) };
    for attribute in over.body.into_attributes() {
        base.body.remove_attribute(attribute.key.as_str());
        base.body.push(attribute);
    }
    body.push(base);
}

/// What a part of a body is called; a `dynamic` block as what it makes.
fn name(structure: &Structure) -> String {
    match structure {
        Structure::Attribute(it) => it.key.as_str().to_owned(),
        Structure::Block(it) => match (it.ident.as_str(), it.labels.first()) {
            ("dynamic", Some(label)) => label.as_str().to_owned(),
            (ident, _) => ident.to_owned(),
        },
    }
}
