//! The named settings: what is uncertain about the platform, or what a test wants to choose.

mod applications;
mod data;
pub mod properties;
mod shell;
mod wire;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::Arc;

pub use applications::*;
pub use data::*;
pub use shell::*;
pub use wire::*;

/// An hour: longer waits are a mistake in the setting.
const MILLISECONDS_MAX: u64 = 3_600_000;

/// What stands before the table of the page.
const PAGE_BEGIN: &str = "# Settings of the simulated instance

Every doubt about the platform is a setting. Give one with `--set NAME=VALUE`, or change it while the instance runs with
`POST /_sim/settings` and a JSON object. `servicenow-sim settings` prints this list.

| Setting | Default | Takes | Meaning | How the default is known |
|---|---|---|---|---|
";

/// What a setting takes.
#[derive(Clone, Copy, Debug)]
pub enum Allowed {
    /// One of these words.
    Words(&'static [&'static str]),
    /// A whole number of milliseconds.
    Milliseconds,
    /// A whole number from the first to the second.
    Number(u64, u64),
    /// Any text, also none.
    Text,
    /// Any of these names, joined with commas, also none.
    Names(fn() -> Vec<&'static str>),
}

/// A setting: its name, values, default and meaning.
#[derive(Clone, Copy, Debug)]
pub struct Setting {
    /// As written on the command line.
    pub name: &'static str,
    /// What it takes.
    pub allowed: Allowed,
    /// Its value when nothing is said.
    pub default: &'static str,
    /// What it does, in one sentence.
    pub meaning: &'static str,
    /// How the default is known: documented (with the property's name where there is one), seen, or assumed.
    pub source: &'static str,
}

impl Setting {
    /// The values it takes, for people.
    pub fn values(&self) -> String {
        words(self.allowed)
    }
}

/// Every setting as a page of documentation.
pub fn page() -> String {
    let mut page = PAGE_BEGIN.to_owned();
    for it in settings() {
        let Setting { name, default, meaning, source, .. } = it;
        let _ = writeln!(page, "| `{name}` | `{default}` | {} | {meaning} | {source} |", it.values());
    }
    page + &properties::page()
}

/// The settings of each part of the instance.
const GROUPS: &[&[Setting]] = &[DATA, WIRE, SHELL, APPLICATIONS];

/// Every setting there is.
pub fn settings() -> impl Iterator<Item = &'static Setting> {
    GROUPS.iter().copied().flatten()
}

/// A setting that does not exist, or a value that it does not take.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SettingError {
    /// No such setting.
    #[error("there is no setting `{name}`; the settings are {known}")]
    Unknown {
        /// The name that was given.
        name: String,
        /// The names there are.
        known: String,
    },
    /// No such value.
    #[error("the setting `{name}` does not take `{value}`; it takes {allowed}")]
    Value {
        /// The setting.
        name: String,
        /// The value that was given.
        value: String,
        /// The values it takes.
        allowed: String,
    },
}

/// The current value of every setting.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Shared by clones until one of them changes: each read on a connection of its own takes a clone.
    values: Arc<BTreeMap<&'static str, String>>,
}

impl Default for Settings {
    fn default() -> Settings {
        Settings { values: Arc::new(settings().map(|it| (it.name, it.default.to_owned())).collect()) }
    }
}

impl Settings {
    /// Changes a setting.
    pub fn set(&mut self, name: &str, value: &str) -> Result<(), SettingError> {
        let setting = settings().find(|it| it.name == name).ok_or_else(|| unknown(name))?;
        if !takes(setting.allowed, value) {
            return Err(SettingError::Value {
                name: name.to_owned(),
                value: value.to_owned(),
                allowed: words(setting.allowed),
            });
        }
        Arc::make_mut(&mut self.values).insert(setting.name, value.to_owned());
        Ok(())
    }

    /// The value of a setting.
    pub fn text(&self, name: &str) -> &str {
        self.values.get(name).map(String::as_str).unwrap_or_default()
    }

    /// Whether a setting that is either `true` or `false` is `true`.
    pub fn flag(&self, name: &str) -> bool {
        self.text(name) == "true"
    }

    /// A setting in milliseconds.
    pub fn milliseconds(&self, name: &str) -> u64 {
        self.number(name)
    }

    /// A setting that is a whole number.
    pub fn number(&self, name: &str) -> u64 {
        self.text(name).parse().unwrap_or_default()
    }

    /// Whether a comma list has a name.
    pub fn lists(&self, setting: &str, name: &str) -> bool {
        let list = self.text(setting);
        !list.is_empty() && list.split(',').any(|it| it.trim() == name)
    }

    /// All of them, by name.
    pub fn all(&self) -> &BTreeMap<&'static str, String> {
        &self.values
    }
}

fn unknown(name: &str) -> SettingError {
    let known: Vec<&str> = settings().map(|it| it.name).collect();
    SettingError::Unknown { name: name.to_owned(), known: known.join(", ") }
}

fn takes(allowed: Allowed, value: &str) -> bool {
    match allowed {
        Allowed::Words(words) => words.contains(&value),
        Allowed::Milliseconds => value.parse::<u64>().is_ok_and(|it| it <= MILLISECONDS_MAX),
        Allowed::Number(least, most) => value.parse().is_ok_and(|it| (least..=most).contains(&it)),
        Allowed::Text => true,
        Allowed::Names(known) => {
            let known = known();
            value.split(',').map(str::trim).all(|it| it.is_empty() || known.contains(&it))
        }
    }
}

fn words(allowed: Allowed) -> String {
    match allowed {
        Allowed::Words(words) => words.join(", "),
        Allowed::Milliseconds => format!("a whole number from 0 to {MILLISECONDS_MAX}"),
        Allowed::Number(least, most) => format!("a whole number from {least} to {most}"),
        Allowed::Text => "any text".to_owned(),
        Allowed::Names(known) => format!("any of these, joined with commas: {}", known().join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_default_is_a_value_that_the_setting_takes() {
        for setting in settings() {
            assert_eq!(Settings::default().set(setting.name, setting.default), Ok(()), "{}", setting.name);
        }
    }

    #[test]
    fn an_unknown_name_or_value_names_what_is_allowed() {
        let mut settings = Settings::default();
        let unknown = settings.set("one_active", "none").unwrap_err().to_string();
        assert!(unknown.contains("`one_active`") && unknown.contains(ONE_ACTIVE_RULE), "{unknown}");
        let value = settings.set(ONE_ACTIVE_RULE, "always").unwrap_err().to_string();
        assert!(value.contains("cascade, refuse, none"), "{value}");
        for wrong in ["-1", "1.5", "soon", "", "3600001"] {
            assert!(settings.set(LATENCY_MS, wrong).is_err(), "{wrong}");
        }
        assert_eq!(settings.text(ONE_ACTIVE_RULE), "cascade");
    }

    #[test]
    fn every_setting_says_what_it_means_and_how_that_is_known() {
        for setting in settings() {
            assert!(setting.meaning.ends_with('.') && setting.meaning.len() > 20, "{}", setting.name);
            assert!(!setting.source.is_empty() && !setting.source.ends_with('.'), "{}", setting.name);
            assert!(page().contains(&format!("| `{}` | `{}` |", setting.name, setting.default)));
        }
    }
}
