//! How the objects of a definition look to a search. It is made once for the process: lists and data sources show the same,
//! and a plugin that starts has no time to make it for each.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use reconcile::{Holds, RecordLayout};
use tf_core::{Attribute, Mode, Object};

use super::filters::{self, Filter};
use crate::definition::Definition;

/// What of a [`super::Subject`] a definition alone decides. Clones are the same one.
#[derive(Clone)]
pub(super) struct Looks {
    pub(super) filters: Arc<[Filter]>,
    pub(super) shown: Arc<[Attribute]>,
    pub(super) doc: Arc<str>,
    pub(super) blank: Arc<Object>,
}

static MADE: LazyLock<Mutex<HashMap<&'static str, Looks>>> = LazyLock::new(Mutex::default);

/// The looks of a definition, whose objects have their id in a row of `main`.
pub(super) fn of(definition: &'static Definition, main: &RecordLayout) -> Looks {
    let mut made = MADE.lock().unwrap_or_else(PoisonError::into_inner);
    made.entry(definition.type_name).or_insert_with(|| make(definition, main)).clone()
}

fn make(definition: &Definition, main: &RecordLayout) -> Looks {
    let schema = definition.whole_schema();
    let blank = super::blank(&schema);
    let are_shown = Shown::of(definition);
    let doc = schema.block.doc.into();
    let shown: Vec<Attribute> = schema.block.attributes.into_iter().filter(|it| are_shown.has(it)).collect();
    Looks {
        filters: filters::of(main, definition.natural_keys, &shown).into(),
        shown: shown.into(),
        doc,
        blank: Arc::new(blank),
    }
}

/// Which attributes show what is on the instance: those that are kept in a column, or made from one, and are no secret.
struct Shown {
    secrets: Vec<&'static str>,
    kept: Vec<&'static str>,
    made: &'static [&'static str],
}

impl Shown {
    fn of(definition: &Definition) -> Shown {
        let columns = definition.layout.records.iter().flat_map(|it| it.columns);
        let secrets = columns.filter(|it| matches!(it.holds, Holds::Secret(..)));
        let first_step = |path: &'static str| path.split('.').next().unwrap_or(path);
        Shown {
            secrets: secrets.flat_map(|it| it.holds.attributes()).collect(),
            kept: definition.layout.attributes().into_iter().map(first_step).collect(),
            made: definition.beside,
        }
    }

    fn has(&self, attribute: &Attribute) -> bool {
        let name = attribute.name.as_str();
        let is_made = || self.made.contains(&name) && attribute.behavior.mode == Mode::Computed;
        !self.secrets.contains(&name) && (self.kept.contains(&name) || is_made())
    }
}
