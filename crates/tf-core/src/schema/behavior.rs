//! How one attribute is planned, checked and compared, as plain data and small pure functions.

use std::fmt;
use std::sync::Arc;

use serde_json::{Map, Value as Json};

use super::{Mode, OnWire};
use crate::Value;

/// How one attribute is planned and checked.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Behavior {
    /// Who decides the value.
    pub mode: Mode,
    /// Used when the configuration has none; makes the attribute computed on the wire.
    pub default: Option<Value>,
    /// Tests of a known, non-null configured value.
    pub checks: Vec<Check>,
    /// Which changes destroy the object and create it anew.
    pub replaces: Replace,
    /// Once known it does not change: planned as in the prior state instead of unknown.
    pub stable: bool,
    /// Which spellings mean the same.
    pub form: Option<Form>,
    /// Of a write-only attribute: the attribute beside it whose change writes the value again.
    pub version: Option<String>,
    /// Of an attribute made of attributes: the rules across those inside.
    pub relations: Vec<Relation>,
    /// Why it should not be used any more.
    pub deprecated: Option<String>,
}

impl Behavior {
    /// As Terraform's flags. A default is a value that the provider chooses, so it makes the attribute computed.
    pub fn on_wire(&self) -> OnWire {
        let flags = self.mode.on_wire();
        OnWire { computed: flags.computed || self.default.is_some(), ..flags }
    }

    /// The value in the form in which equal meanings are equal values.
    pub(crate) fn formed(&self, value: &Value) -> Value {
        match &self.form {
            Some(form) if !value.is_null() && value.is_wholly_known() => (form.of)(value),
            _ => value.clone(),
        }
    }

    /// Whether two values mean the same although they may be spelt differently. Null and unknown mean nothing yet.
    pub(crate) fn means_same(&self, one: &Value, other: &Value) -> bool {
        let settled = |it: &Value| !it.is_null() && it.is_wholly_known();
        self.form.is_some() && settled(one) && settled(other) && self.formed(one) == self.formed(other)
    }
}

/// Which changes of an attribute destroy the object and create it anew.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Replace {
    /// None.
    #[default]
    Never,
    /// Every one.
    Always,
    /// Those for which the condition holds, and those whose outcome is not known yet.
    When(Condition),
}

impl Replace {
    /// Whether there is a change that replaces.
    pub fn is_possible(&self) -> bool {
        *self != Replace::Never
    }

    /// Whether a change replaces. Both values may be null; a planned value with unknown parts may turn out to be
    /// anything.
    pub fn replaces(&self, prior: &Value, planned: &Value) -> bool {
        match self {
            Replace::Never => false,
            Replace::Always => true,
            Replace::When(condition) => !planned.is_wholly_known() || (condition.test)(prior, planned),
        }
    }
}

/// What a [`Condition`] asks: the value before and the planned one.
pub type ConditionFn = Arc<dyn Fn(&Value, &Value) -> bool + Send + Sync>;

/// A question about a change.
#[derive(Clone)]
pub struct Condition {
    /// What is asked, for the documentation, so that it fits behind "Changing this forces a new resource if":
    /// `the size shrinks`.
    pub words: String,
    /// Gets the value before and the planned one, both wholly known, either possibly null.
    pub test: ConditionFn,
}

/// What a [`Check`] runs: the reason and the way out when the value is refused.
pub type CheckFn = Arc<dyn Fn(&Value) -> Result<(), String> + Send + Sync>;

/// A test of one configured value.
#[derive(Clone)]
pub struct Check {
    /// What is demanded, for the documentation, so that it fits behind "Must be": `one of "a", "b"`.
    pub demand: String,
    /// Gets a known, non-null value.
    pub test: CheckFn,
    /// The same demand as members of a JSON Schema, as far as these can say it.
    pub keywords: Arc<Map<String, Json>>,
    /// Why the check itself cannot work, if it cannot.
    pub fault: Option<String>,
}

impl Check {
    /// A check of one's own. The demand fits behind "Must be"; the test gives the reason and the way out.
    pub fn new(
        demand: impl Into<String>,
        test: impl Fn(&Value) -> Result<(), String> + Send + Sync + 'static,
    ) -> Check {
        Check { demand: demand.into(), test: Arc::new(test), keywords: Arc::default(), fault: None }
    }

    /// The same, with the member of a JSON Schema that demands it too.
    #[must_use]
    pub fn in_json_schema(mut self, keyword: &str, value: impl Into<Json>) -> Check {
        Arc::make_mut(&mut self.keywords).insert(keyword.to_owned(), value.into());
        self
    }
}

/// What a [`Form`] does to a value.
pub type FormFn = Arc<dyn Fn(&Value) -> Value + Send + Sync>;

/// Which spellings of a value mean the same: those whose forms are equal.
///
/// A configured value that means the same as the one in the state is no change, and neither is an answer of the remote
/// system that means the same. The state keeps the spelling that it has.
#[derive(Clone)]
pub struct Form {
    /// What does not matter, for the documentation, so that it fits behind "Compared": `without regard to case`.
    pub words: String,
    /// Brings a known, non-null value into its form. Equal meanings must give equal values.
    pub of: FormFn,
}

/// A rule across attributes or blocks of the same object, which are named as they are in configuration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Relation {
    /// At most one of them is set.
    Conflicts(Vec<String>),
    /// One of them is set, and no other.
    ExactlyOne(Vec<String>),
    /// One of them is set, or more.
    AtLeastOne(Vec<String>),
    /// Where the first is set, all others are.
    Requires(String, Vec<String>),
}

impl Relation {
    /// Everything that the rule names.
    pub fn names(&self) -> Vec<&str> {
        let (first, rest) = match self {
            Relation::Conflicts(names) | Relation::ExactlyOne(names) | Relation::AtLeastOne(names) => {
                (None, names)
            }
            Relation::Requires(name, needs) => (Some(name), needs),
        };
        first.into_iter().chain(rest).map(String::as_str).collect()
    }
}

/// Functions cannot be compared; the words tell two apart.
macro_rules! by_words {
    ($ty:ident, $words:ident) => {
        impl fmt::Debug for $ty {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($ty), "({:?})"), self.$words)
            }
        }

        impl PartialEq for $ty {
            fn eq(&self, other: &$ty) -> bool {
                self.$words == other.$words
            }
        }
    };
}
by_words!(Check, demand);
by_words!(Condition, words);
by_words!(Form, words);
