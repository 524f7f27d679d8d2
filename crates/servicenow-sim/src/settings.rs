//! The named settings: what is uncertain about the platform, or what a test wants to choose.

use std::collections::BTreeMap;
use std::fmt::Write as _;

/// What the instance does when a second connection of an alias becomes active.
pub const ONE_ACTIVE_RULE: &str = "one_active_rule";
/// Whether two active connections may share a credential.
pub const CREDENTIAL_ONCE_RULE: &str = "credential_once_rule";
/// Which characters the name of an alias may have.
pub const ALIAS_NAME_CHARACTERS: &str = "alias_name_characters";
/// How a two-way password reads.
pub const PASSWORD2_READ: &str = "password2_read";
/// When a written two-way password is encrypted.
pub const PASSWORD2_WRITE: &str = "password2_write";
/// Whether a query with an invalid part answers no rows.
pub const INVALID_QUERY_RETURNS_NO_ROWS: &str = "invalid_query_returns_no_rows";
/// Whether a choice column takes a value outside its choices.
pub const CHOICE_ALLOWS_NON_EXISTING_VALUE: &str = "choice_allows_non_existing_value";
/// Whether mandatory columns are enforced for web services.
pub const MANDATORY_COLUMNS: &str = "mandatory_columns";
/// What happens to references to a deleted record.
pub const DELETE_OF_REFERENCED: &str = "delete_of_referenced";
/// Whether the instance is awake.
pub const STATE: &str = "state";
/// How long every answer takes.
pub const LATENCY_MS: &str = "latency_ms";

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
    for it in SETTINGS {
        let Setting { name, default, meaning, source, .. } = it;
        let _ = writeln!(page, "| `{name}` | `{default}` | {} | {meaning} | {source} |", it.values());
    }
    page
}

/// Every setting there is.
pub const SETTINGS: &[Setting] = &[
    Setting {
        name: ONE_ACTIVE_RULE,
        allowed: Allowed::Words(&["cascade", "refuse", "none"]),
        default: "cascade",
        meaning: "When a connection becomes active beside an active one of its alias and domain: deactivate \
                  the others, refuse the write, or allow both.",
        source: "documented that there is at most one active connection; how the instance keeps it is assumed",
    },
    Setting {
        name: CREDENTIAL_ONCE_RULE,
        allowed: Allowed::Words(&["refuse", "none"]),
        default: "refuse",
        meaning: "When a second active connection uses the same credential: refuse the write or allow it.",
        source: "documented",
    },
    Setting {
        name: ALIAS_NAME_CHARACTERS,
        allowed: Allowed::Words(&["wide", "word", "any"]),
        default: "wide",
        meaning: "Characters in the name of an alias: the wide set of newer releases, only letters, digits \
                  and underscore as in older documents, or any.",
        source: "documented, differently for different releases",
    },
    Setting {
        name: PASSWORD2_READ,
        allowed: Allowed::Words(&["ciphertext", "empty", "mask"]),
        default: "ciphertext",
        meaning: "What reading a two-way password gives: its ciphertext, an empty text or asterisks.",
        source: "seen differently by different clients",
    },
    Setting {
        name: PASSWORD2_WRITE,
        allowed: Allowed::Words(&["always", "display_value_only", "raw_unless_display_value"]),
        default: "display_value_only",
        meaning: "When a written two-way password is encrypted: always; only with \
                  sysparm_input_display_value=true and discarded without it; or stored raw, and so unusable, \
                  without it.",
        source: "documented for encrypted columns that the display-value path is needed; the rest is assumed",
    },
    Setting {
        name: INVALID_QUERY_RETURNS_NO_ROWS,
        allowed: Allowed::Words(&["false", "true"]),
        default: "false",
        meaning: "Whether a query with an unknown column or operator answers no rows instead of ignoring that \
                  part.",
        source: "documented: property glide.invalid_query.returns_no_rows",
    },
    Setting {
        name: CHOICE_ALLOWS_NON_EXISTING_VALUE,
        allowed: Allowed::Words(&["false", "true"]),
        default: "false",
        meaning: "Whether a choice column stores a value outside its choices; otherwise it keeps what it had.",
        source: "documented: property glide.rest.choice.allow_non_existing_value; that the old value stays is assumed",
    },
    Setting {
        name: MANDATORY_COLUMNS,
        allowed: Allowed::Words(&["ignored", "data_policy"]),
        default: "ignored",
        meaning: "Whether mandatory columns bind web services through a data policy.",
        source: "assumed",
    },
    Setting {
        name: DELETE_OF_REFERENCED,
        allowed: Allowed::Words(&["clear", "keep"]),
        default: "clear",
        meaning: "What happens to references to a deleted record: cleared, or kept without a target.",
        source: "assumed",
    },
    Setting {
        name: STATE,
        allowed: Allowed::Words(&["up", "hibernating", "maintenance", "login_page"]),
        default: "up",
        meaning: "Whether the instance answers, or sends the page of a hibernating instance (200), of \
                  maintenance (503) or of the login form (200).",
        source: "the pages were seen by several clients",
    },
    Setting {
        name: LATENCY_MS,
        allowed: Allowed::Milliseconds,
        default: "0",
        meaning: "Milliseconds that every answer over HTTP is held back after its work was done.",
        source: "a wish of whoever tests",
    },
];

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
    values: BTreeMap<&'static str, String>,
}

impl Default for Settings {
    fn default() -> Settings {
        Settings { values: SETTINGS.iter().map(|it| (it.name, it.default.to_owned())).collect() }
    }
}

impl Settings {
    /// Changes a setting.
    pub fn set(&mut self, name: &str, value: &str) -> Result<(), SettingError> {
        let setting = SETTINGS.iter().find(|it| it.name == name).ok_or_else(|| unknown(name))?;
        if !takes(setting.allowed, value) {
            return Err(SettingError::Value {
                name: name.to_owned(),
                value: value.to_owned(),
                allowed: words(setting.allowed),
            });
        }
        self.values.insert(setting.name, value.to_owned());
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
        self.text(name).parse().unwrap_or_default()
    }

    /// All of them, by name.
    pub fn all(&self) -> &BTreeMap<&'static str, String> {
        &self.values
    }
}

fn unknown(name: &str) -> SettingError {
    let known: Vec<&str> = SETTINGS.iter().map(|it| it.name).collect();
    SettingError::Unknown { name: name.to_owned(), known: known.join(", ") }
}

fn takes(allowed: Allowed, value: &str) -> bool {
    match allowed {
        Allowed::Words(words) => words.contains(&value),
        Allowed::Milliseconds => value.parse::<u64>().is_ok_and(|it| it <= MILLISECONDS_MAX),
    }
}

fn words(allowed: Allowed) -> String {
    match allowed {
        Allowed::Words(words) => words.join(", "),
        Allowed::Milliseconds => format!("a whole number from 0 to {MILLISECONDS_MAX}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_default_is_a_value_that_the_setting_takes() {
        for setting in SETTINGS {
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
        for setting in SETTINGS {
            assert!(setting.meaning.ends_with('.') && setting.meaning.len() > 20, "{}", setting.name);
            assert!(!setting.source.is_empty() && !setting.source.ends_with('.'), "{}", setting.name);
            assert!(page().contains(&format!("| `{}` | `{}` |", setting.name, setting.default)));
        }
    }
}
