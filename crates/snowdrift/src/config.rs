//! `snowdrift.toml`: which instances there are, how to sign in to each, and what is to be let be.

pub mod rules;
pub mod settings;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use toml::{Table, Value as Toml};

pub use rules::Rule;

use crate::report::Severity;

/// What the file is called where nobody names another one.
pub const FILE_NAME: &str = "snowdrift.toml";

/// The file, read.
#[derive(Clone, Debug, Default)]
pub struct Config {
    /// Where it lies; nothing if there is none.
    pub path: Option<PathBuf>,
    /// What holds for every comparison.
    pub drift: Drift,
    /// The instances, by name.
    pub instances: Vec<Instance>,
    /// What is to be let be.
    pub rules: Vec<Rule>,
}

/// What holds for every comparison.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Drift {
    /// From which severity on, or of which classes, a finding ends the run with 2.
    pub fail_on: Vec<String>,
    /// Where records that nothing declares are looked for.
    pub unmanaged: Option<Unmanaged>,
    /// The users that the pipeline applies as: a credential that somebody else wrote last is reported.
    pub written_by: Vec<String>,
    /// How bad each class is, by its word.
    pub severity: BTreeMap<String, Severity>,
}

/// Where records that nothing declares are looked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "snake_case")]
pub enum Unmanaged {
    /// On the whole instance.
    All,
    /// Within the integrations that are declared.
    #[default]
    Managed,
    /// Nowhere.
    None,
}

/// One instance.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Instance {
    /// What it is called in reports.
    pub name: String,
    /// The folder that declares what is on it.
    pub folder: Option<PathBuf>,
    /// Files of variables for that folder.
    pub var_files: Vec<PathBuf>,
    /// Variables of that folder.
    pub variables: BTreeMap<String, String>,
    /// A state to compare with, instead of a folder.
    pub state: Option<PathBuf>,
    /// The users that the pipeline applies as, on this instance.
    pub written_by: Vec<String>,
    /// The alias of the provider block that is for this instance, where the folder has several.
    pub provider: Option<String>,
    /// Settings in the words of the provider block; secrets as `..._env`, `..._file` or `..._command`.
    pub settings: Table,
    /// The file, for messages.
    pub path: PathBuf,
}

/// What is wrong with the file.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// It cannot be read.
    #[error("`{}` cannot be read", path.display())]
    Unreadable {
        /// Which.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// It is not TOML, or holds something that means nothing.
    #[error("`{}` is not understood: {reason}", path.display())]
    Wrong {
        /// Which.
        path: PathBuf,
        /// What, where, and what to write instead.
        reason: String,
    },
    /// An instance is asked for that it does not have.
    #[error("there is no instance `{name}`; `snowdrift.toml` names {}", listed(known))]
    NoInstance {
        /// What was asked for.
        name: String,
        /// What there is.
        known: Vec<String>,
    },
}

fn listed(names: &[String]) -> String {
    if names.is_empty() { "none".to_owned() } else { names.join(", ") }
}

/// The part of an instance that is snowdrift's own; everything else is a setting of the provider.
#[derive(Deserialize, Default)]
#[serde(default)]
struct Own {
    name: Option<String>,
    folder: Option<PathBuf>,
    var_files: Vec<PathBuf>,
    variables: BTreeMap<String, String>,
    state: Option<PathBuf>,
    written_by: Vec<String>,
    provider: Option<String>,
}

const OWN: &[&str] = &["name", "folder", "var_files", "variables", "state", "written_by", "provider"];

const SECTIONS: &[&str] = &["drift", "instance", "ignore"];

impl Config {
    /// Reads the file that is named, or the one in a folder if there is one.
    ///
    /// # Errors
    /// It cannot be read, or holds something that means nothing.
    pub fn find(named: Option<&Path>, folder: &Path) -> Result<Config, ConfigError> {
        let usual = folder.join(FILE_NAME);
        match named {
            Some(path) => Config::read(path),
            None if usual.exists() => Config::read(&usual),
            None => Ok(Config::default()),
        }
    }

    fn read(path: &Path) -> Result<Config, ConfigError> {
        let unreadable = |source| ConfigError::Unreadable { path: path.to_owned(), source };
        let text = fs::read_to_string(path).map_err(unreadable)?;
        Config::parse(&text, path)
    }

    /// Understands the text of a file.
    ///
    /// # Errors
    /// It is not TOML, or holds something that means nothing.
    pub fn parse(text: &str, path: &Path) -> Result<Config, ConfigError> {
        let wrong = |reason: String| ConfigError::Wrong { path: path.to_owned(), reason };
        let mut table: Table = toml::from_str(text).map_err(|it| wrong(it.to_string()))?;
        if let Some(name) = table.keys().find(|it| !SECTIONS.contains(&it.as_str())) {
            return Err(wrong(format!("it has no `{name}`; its tables are {}", SECTIONS.join(", "))));
        }
        let drift =
            table.remove("drift").map(|it| it.try_into().map_err(|it| wrong(format!("in `drift`: {it}"))));
        let rules = table.remove("ignore").map(|it| rules::read(it).map_err(&wrong));
        let instances = table.remove("instance").map(|it| instances(it, path).map_err(&wrong));
        Ok(Config {
            path: Some(path.to_owned()),
            drift: drift.transpose()?.unwrap_or_default(),
            instances: instances.transpose()?.unwrap_or_default(),
            rules: rules.transpose()?.unwrap_or_default(),
        })
    }

    /// The instances that are asked for by name; all of them if none is.
    ///
    /// # Errors
    /// There is none of that name.
    pub fn chosen(&self, names: &[String]) -> Result<Vec<&Instance>, ConfigError> {
        if names.is_empty() {
            return Ok(self.instances.iter().collect());
        }
        let known = || self.instances.iter().map(|it| it.name.clone()).collect();
        let find = |name: &String| {
            let found = self.instances.iter().find(|it| it.name == *name);
            found.ok_or_else(|| ConfigError::NoInstance { name: name.clone(), known: known() })
        };
        names.iter().map(find).collect()
    }
}

/// `[instance.NAME]` tables, or `[[instance]]` tables with a name.
fn instances(section: Toml, path: &Path) -> Result<Vec<Instance>, String> {
    let named: Vec<(Option<String>, Toml)> = match section {
        Toml::Table(tables) => tables.into_iter().map(|(name, it)| (Some(name), it)).collect(),
        Toml::Array(tables) => tables.into_iter().map(|it| (None, it)).collect(),
        _ => return Err("`instance` is neither `[instance.NAME]` nor `[[instance]]`".to_owned()),
    };
    let mut instances =
        named.into_iter().map(|(name, it)| instance(name, it, path)).collect::<Result<Vec<_>, _>>()?;
    instances.sort_by(|one, other| one.name.cmp(&other.name));
    match instances
        .windows(2)
        .find_map(|it| it.first().filter(|one| it.last().is_some_and(|two| one.name == two.name)))
    {
        Some(twice) => Err(format!("the instance `{}` is there twice", twice.name)),
        None => Ok(instances),
    }
}

fn instance(name: Option<String>, table: Toml, path: &Path) -> Result<Instance, String> {
    let Toml::Table(mut settings) = table else {
        return Err("an instance is a table: `[instance.NAME]`".to_owned());
    };
    let own: Table = OWN.iter().filter_map(|it| settings.remove_entry(*it)).collect();
    let own: Own =
        own.try_into().map_err(|it: toml::de::Error| format!("in an instance: {}", it.message()))?;
    let name = name.or(own.name).ok_or("an `[[instance]]` needs a `name`")?;
    let folder = path.parent().unwrap_or(Path::new(""));
    Ok(Instance {
        name,
        folder: own.folder.map(|it| folder.join(it)),
        var_files: own.var_files.iter().map(|it| folder.join(it)).collect(),
        variables: own.variables,
        state: own.state.map(|it| folder.join(it)),
        written_by: own.written_by,
        provider: own.provider,
        settings,
        path: path.to_owned(),
    })
}

#[cfg(test)]
mod tests;
