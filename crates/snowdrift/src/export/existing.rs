//! What is declared already: in the folder of the export, which goes on where it was interrupted, and in a folder beside
//! it, whose resources are left to it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use hcl_edit::structure::Body;
use tf_core::Value;

use super::collect::{Item, definition};
use super::document::Exported;
use crate::declared::module::Module;
use crate::declared::{Inputs, LoadError, Schemas, load};

/// Attributes that tell two objects of a type apart together with what they refer to.
const OWNERS: [&str; 3] = ["connection_alias_id", "integration_id", "oauth_provider_id"];

/// What the folder of an export holds.
#[derive(Debug, Default)]
pub struct Existing {
    /// Types and names that are taken.
    pub taken: BTreeSet<(String, String)>,
    /// What has an `import` block: by type and id.
    pub imported: BTreeMap<(String, String), Exported>,
    /// The names of its files.
    pub files: BTreeSet<String>,
    /// Whether it says which provider it uses.
    pub has_settings: bool,
}

impl Existing {
    /// Looks at a folder. None is an empty one. `replaced` tells whether a file will be replaced, so that what it holds
    /// does not count.
    ///
    /// # Errors
    /// A file cannot be read or is not HCL.
    pub fn of(folder: &Path, replaced: &dyn Fn(&str) -> bool) -> Result<Existing, LoadError> {
        if !folder.exists() {
            return Ok(Existing::default());
        }
        let module = Module::load(folder)?;
        let file = |index: usize| {
            let path = module.files.get(index).map(|it| &*it.path);
            path.and_then(Path::file_name).map(|it| it.to_string_lossy().into_owned()).unwrap_or_default()
        };
        let mut existing = Existing::default();
        for index in 0..module.files.len() {
            existing.files.insert(file(index));
        }
        existing.files.retain(|it| !replaced(it));
        let mut where_from = BTreeMap::new();
        for ((type_name, name), block) in &module.resources {
            if !replaced(&file(block.file)) {
                existing.taken.insert((type_name.clone(), name.clone()));
                where_from.insert(format!("{type_name}.{name}"), (type_name.clone(), file(block.file)));
            }
        }
        for import in &module.imports {
            let body = import.what.body();
            let (Some(address), Some(id)) = (target(&body), text(&body, "id")) else {
                continue;
            };
            let Some((type_name, file)) = where_from.get(&address) else { continue };
            let exported = Exported { address, id: id.clone(), name: String::new(), file: file.clone() };
            existing.imported.insert((type_name.clone(), id), exported);
        }
        existing.has_settings =
            module.files.iter().enumerate().any(|(index, it)| !replaced(&file(index)) && it.has_settings);
        Ok(existing)
    }
}

fn target(body: &Body) -> Option<String> {
    Some(body.get_attribute("to")?.value.to_string().trim().to_owned())
}

fn text(body: &Body, name: &str) -> Option<String> {
    body.get_attribute(name)?.value.as_str().map(str::to_owned)
}

/// What a folder beside the export declares.
#[derive(Debug, Default)]
pub struct Beside {
    /// By type: ids of `import` blocks.
    ids: BTreeMap<(String, String), String>,
    /// By type: names that are unique for it.
    names: BTreeMap<(String, String), String>,
    /// By type, owner and what is left of the name: what is told apart by what it belongs to. The owner is an address.
    belonging: BTreeMap<(String, String, String), String>,
}

impl Beside {
    /// Looks at a folder as Terraform does, modules and `for_each` included.
    ///
    /// # Errors
    /// A file cannot be read or is not HCL.
    pub fn of(folder: &Path, inputs: &Inputs, schemas: &Schemas) -> Result<Beside, LoadError> {
        let mut beside = Beside::default();
        for resource in load(folder, inputs, schemas)?.resources {
            let text = |name: &str| resource.attributes.get(name).and_then(|it| it.value.value.as_str());
            let type_name = &resource.type_name;
            if let Some(id) = resource.import_id.as_ref().and_then(|it| it.value.value.as_str()) {
                beside.ids.insert((type_name.clone(), id.to_owned()), resource.address.clone());
            }
            if let Some(name) = text(key(type_name)).filter(|_| is_unique(type_name)) {
                beside.names.insert((type_name.clone(), name.to_owned()), resource.address.clone());
            }
            for owner in OWNERS.iter().filter_map(|it| text(it)) {
                let rest = text(rest(type_name)).unwrap_or_default().to_owned();
                beside
                    .belonging
                    .insert((type_name.clone(), owner.to_owned(), rest), resource.address.clone());
            }
        }
        let module = Module::load(folder)?;
        for ((type_name, name), block) in &module.resources {
            let body = block.what.body();
            let owner = OWNERS.iter().find_map(|it| body.get_attribute(it));
            let Some(owner) = owner.map(|it| it.value.to_string().trim().to_owned()) else { continue };
            let owner = owner.strip_suffix(".id").unwrap_or(&owner).to_owned();
            let rest = text(&body, rest(type_name)).unwrap_or_default();
            beside.belonging.insert((type_name.clone(), owner, rest), format!("{type_name}.{name}"));
        }
        Ok(beside)
    }

    /// The addresses under which objects are declared there, by their places.
    pub fn declares(&self, items: &[Item]) -> BTreeMap<usize, String> {
        let mut found = BTreeMap::new();
        for (at, item) in items.iter().enumerate() {
            let by_id = self.ids.get(&(item.type_name.clone(), item.id.clone()));
            let named = || self.names.get(&(item.type_name.clone(), item.label.clone()));
            if let Some(address) = by_id.or_else(named) {
                found.insert(at, address.clone());
            }
        }
        let owners: BTreeMap<&str, &String> =
            found.iter().filter_map(|(at, address)| Some((items.get(*at)?.id.as_str(), address))).collect();
        let mut more = BTreeMap::new();
        for (at, item) in items.iter().enumerate().filter(|(at, _)| !found.contains_key(at)) {
            let Some(owner) = OWNERS.iter().find_map(|it| item.config.get(*it).and_then(Value::as_str))
            else {
                continue;
            };
            let rest = item.config.get(rest(&item.type_name)).and_then(Value::as_str).unwrap_or_default();
            let by = |owner: &str| {
                self.belonging.get(&(item.type_name.clone(), owner.to_owned(), rest.to_owned()))
            };
            let by_address = owners.get(owner).and_then(|it| by(it));
            if let Some(address) = by(owner).or(by_address) {
                more.insert(at, address.clone());
            }
        }
        found.extend(more);
        found
    }
}

/// The attribute that people know an object by.
fn key(type_name: &str) -> &'static str {
    if type_name == "servicenow_integration_user" { "user_name" } else { "name" }
}

/// Whether the name alone tells two objects of the type apart.
fn is_unique(type_name: &str) -> bool {
    definition(type_name).is_some_and(|it| !it.natural_keys.is_empty())
        && type_name != "servicenow_oauth_profile"
}

/// What tells two apart that belong to the same.
fn rest(type_name: &str) -> &'static str {
    match type_name {
        "servicenow_unifi_connection" => "environment",
        "servicenow_oauth_profile" => "name",
        it if super::pointers::is_pointer(it) => "",
        _ => "name",
    }
}
