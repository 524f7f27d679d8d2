//! What a folder of HCL declares: every instance of every resource, without Terraform and without a state.

pub mod attributes;
pub mod body;
pub mod constraint;
pub mod expand;
pub mod imports;
#[allow(clippy::disallowed_methods, reason = "reads the files of variables")]
pub mod inputs;
pub mod instance;
pub mod json;
pub mod kept;
pub mod known;
pub mod module;
pub mod names;
pub mod nested;
#[allow(clippy::disallowed_methods, reason = "reads the files of a configuration")]
pub mod source;

#[allow(clippy::disallowed_methods, reason = "reads states and plans")]
pub mod stored;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use tf_core::Schema;
use tf_plugin::State;

use crate::evaluate::typed::Typed;
pub use attributes::Attributes;
pub use inputs::Inputs;
pub use known::Known;
pub use source::Place;

/// Why a folder cannot be looked at.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// A file or folder cannot be read.
    #[error("`{}` cannot be read", path.display())]
    Unreadable {
        /// Which.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// A file is not HCL.
    #[error("`{}` is not HCL: line {line}, column {column}: {reason}", path.display())]
    Syntax {
        /// Which.
        path: PathBuf,
        /// From 1.
        line: usize,
        /// From 1.
        column: usize,
        /// What the parser expected.
        reason: String,
    },
    /// A file is beyond all reason.
    #[error("`{}` has {bytes} bytes; configurations of more than {bytes_max} are not read", path.display())]
    TooLarge {
        /// Which.
        path: PathBuf,
        /// Its length.
        bytes: u64,
        /// The bound.
        bytes_max: u64,
    },
    /// A file is not JSON, or not the form that Terraform gives to a configuration in JSON.
    #[error("`{}` is no configuration in JSON: line {line}, column {column}: {reason}", path.display())]
    Json {
        /// Which.
        path: PathBuf,
        /// From 1.
        line: usize,
        /// From 1.
        column: usize,
        /// What is wrong there.
        reason: String,
    },
    /// A file overrides something that no other file declares, which Terraform refuses.
    #[error("`{}` overrides {what}, which no other file declares; Terraform refuses that", path.display())]
    NothingToOverride {
        /// Which.
        path: PathBuf,
        /// What it overrides.
        what: String,
    },
}

/// The schemas of the resource types at hand.
pub type Schemas = BTreeMap<String, Schema>;

/// How many objects are declared, by type.
pub type Counts = BTreeMap<String, u64>;

/// Everything that a folder declares.
#[derive(Debug, Default)]
pub struct Declared {
    /// Every instance of every resource, by address.
    pub resources: Vec<Resource>,
    /// The outputs of the root module.
    pub outputs: BTreeMap<String, Finding>,
    /// What could not be looked at as a whole.
    pub undecided: Vec<Undecided>,
}

impl Declared {
    /// Whether everything about resources is known.
    pub fn is_decided(&self) -> bool {
        self.undecided.is_empty() && self.resources.iter().all(Resource::is_decided)
    }

    /// How many objects of each type it has.
    pub fn counts(&self) -> Counts {
        let mut counts = Counts::new();
        self.resources.iter().for_each(|it| add(&mut counts, &it.type_name, 1));
        counts
    }
}

/// One instance of a resource.
#[derive(Clone, Debug)]
pub struct Resource {
    /// As Terraform writes it, such as `module.jira["eu"].servicenow_http_connection.orders[0]`.
    pub address: String,
    /// The type.
    pub type_name: String,
    /// Where the block begins.
    pub place: Place,
    /// The attributes that are written, by name.
    pub attributes: Attributes,
    /// What `ignore_changes` names; `all` stands for everything.
    pub ignored: Vec<String>,
    /// The id of an `import` block that leads here.
    pub import_id: Option<Finding>,
    /// The alias of the provider block that it names; nothing if it is under the one without.
    pub provider: Option<String>,
    /// What a state remembers of it, where it comes from one.
    pub remembered: Option<State>,
}

impl Resource {
    /// Whether everything that is written of it is known.
    pub fn is_decided(&self) -> bool {
        let is_known = |it: &Finding| it.value.value.is_wholly_known();
        self.attributes.values().all(is_known) && self.import_id.as_ref().is_none_or(is_known)
    }
}

/// The value of an expression in a file.
#[derive(Clone, Debug)]
pub struct Finding {
    /// The value, unknown in part or whole where there are doubts.
    pub value: Typed,
    /// Why not all of it is decided.
    pub doubts: Vec<String>,
    /// Where it is written.
    pub place: Place,
}

/// Something that could not be looked at as a whole, such as a resource whose `count` is not known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Undecided {
    /// The address of the resource, module or output.
    pub address: String,
    /// Why.
    pub reasons: Vec<String>,
    /// Where.
    pub place: Place,
}

/// A folder and the modules that it calls, parsed.
#[derive(Debug)]
pub struct Folder(module::Module);

impl Folder {
    /// Reads a folder and the modules that it calls.
    ///
    /// # Errors
    /// A file cannot be read or is not HCL.
    pub fn load(folder: &Path) -> Result<Folder, LoadError> {
        module::Module::load(folder).map(Folder)
    }

    /// Everything that it declares, apart from what is settled. What is wrong in a single expression is no error: it is
    /// undecided. What is known of live objects decides what the configuration leaves to the provider.
    pub fn declared(&self, inputs: &Inputs, schemas: &Schemas, known: &Known) -> Declared {
        let mut declared = Declared::default();
        let root = instance::Instance::root(&self.0, inputs, schemas, known);
        root.declare(&mut declared);
        declared.resources.sort_by(|one, other| one.address.cmp(&other.address));
        declared
    }

    /// How many objects of each type it declares, as far as that is known without any live object. No value of any of them
    /// is computed.
    pub fn counts(&self, inputs: &Inputs, schemas: &Schemas) -> Counts {
        let (mut counts, known) = (Counts::new(), Known::new());
        instance::Instance::root(&self.0, inputs, schemas, &known).count(&mut counts);
        counts
    }

    /// The attributes of the block `provider "servicenow"`, that without an alias or with this one. `None`: there is none.
    pub fn provider_block(&self, inputs: &Inputs, alias: Option<&str>) -> Option<BTreeMap<String, Finding>> {
        let (schemas, known) = (Schemas::new(), Known::new());
        instance::Instance::root(&self.0, inputs, &schemas, &known).provider(PROVIDER, alias)
    }
}

/// Adds to the count of a type. Most types are there already.
fn add(counts: &mut Counts, type_name: &str, more: u64) {
    match counts.get_mut(type_name) {
        Some(count) => *count += more,
        None => drop(counts.insert(type_name.to_owned(), more)),
    }
}

/// Looks at a folder and the modules that it calls.
///
/// # Errors
/// A file cannot be read or is not HCL. What is wrong in a single expression is no error: it is undecided.
pub fn load(folder: &Path, inputs: &Inputs, schemas: &Schemas) -> Result<Declared, LoadError> {
    Ok(Folder::load(folder)?.declared(inputs, schemas, &Known::new()))
}

/// The attributes of the block `provider "servicenow"` of a folder, that without an alias or with this one. `None`: there
/// is no such block, or no folder.
///
/// # Errors
/// A file cannot be read or is not HCL.
pub fn provider_block(
    folder: &Path,
    inputs: &Inputs,
    alias: Option<&str>,
) -> Result<Option<BTreeMap<String, Finding>>, LoadError> {
    Ok(Folder::load(folder)?.provider_block(inputs, alias))
}

/// What the provider is called in configurations.
pub const PROVIDER: &str = "servicenow";

#[cfg(test)]
#[allow(clippy::disallowed_methods, reason = "the tests write the folders that they look at")]
mod tests;
