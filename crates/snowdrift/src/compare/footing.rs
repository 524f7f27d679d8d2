//! What a comparison leaves to stand on, for who changes the configuration by it: which address declares which record, and
//! of which types nothing is hidden.

use std::collections::{BTreeMap, BTreeSet};

use super::Compared;
use super::tables::{Tables, definition};

/// What is known beside the report.
#[derive(Debug, Default)]
pub struct Footing {
    /// The address that declares each record, by the id of the record.
    pub addresses: BTreeMap<String, String>,
    /// Types whose table was read whole, with rows in it and none hidden from this user: what was not found there is not
    /// there. A table of which nothing at all is seen proves nothing.
    pub whole: BTreeSet<String>,
}

impl Footing {
    /// That of a comparison.
    pub fn of(compared: &Compared, tables: &Tables) -> Footing {
        // What is no record of its own has the id of another one.
        let records = compared.pairs.iter().filter(|it| definition(&it.declaration.type_name).is_some());
        let addresses =
            records.filter_map(|it| Some((it.id.as_deref()?.to_owned(), it.declaration.address.clone())));
        let whole = tables.types().filter(|(_, seen)| seen.hidden() == 0 && seen.count() > 0);
        Footing { addresses: addresses.collect(), whole: whole.map(|it| it.0.to_owned()).collect() }
    }
}
