//! What is left to do between what is wanted and what was found.

use std::collections::{BTreeMap, BTreeSet};

use servicenow_core::{Record, SysId};
use tf_core::Secret;

use crate::cell::Cell;
use crate::found::{Found, Place};
use crate::layout::{Layout, RecordLayout};
use crate::lower::Wanted;

/// One write. What it refers to by slot exists by the time it runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// Creates a record, without its secrets.
    Create {
        /// Which one it is within the resource.
        place: Place,
        /// Its table.
        table: &'static str,
        /// What its columns hold.
        cells: BTreeMap<&'static str, Cell>,
    },
    /// Changes columns of a record.
    Update {
        /// Which one it is within the resource.
        place: Place,
        /// Its table.
        table: &'static str,
        /// Which one.
        sys_id: SysId,
        /// The changed columns alone.
        cells: BTreeMap<&'static str, Cell>,
    },
    /// Writes secrets of a record, apart from everything else.
    WriteSecrets {
        /// Which one it is within the resource.
        place: Place,
        /// Its table.
        table: &'static str,
        /// The secrets.
        cells: BTreeMap<&'static str, Secret>,
    },
    /// Removes a record.
    Delete {
        /// Which one it is within the resource.
        place: Place,
        /// Its table.
        table: &'static str,
        /// Which one.
        sys_id: SysId,
    },
}

/// The writes that lead from `found` to `wanted`: creates and updates in the order of the layout, deletes last and in
/// reverse. Of many records of one kind those that nobody wants make way first, because a new one may take the place of an
/// old one that only its key tells apart. Secrets of a record that exists are written when `rewrite` names their column.
pub fn steps(wanted: &[Wanted], found: &Found, layout: &Layout, rewrite: &BTreeSet<&str>) -> Vec<Step> {
    let unwanted = |record: &RecordLayout| deletions(record, wanted, found);
    let remains = |record: &&RecordLayout| wanted.iter().any(|it| it.place.key.is_none()) && is_many(record);
    let mut list: Vec<Step> = layout.records.iter().rev().filter(remains).flat_map(unwanted).collect();
    for record in wanted {
        match found.get(&record.place) {
            None => list.extend(creation(record)),
            Some(row) => list.extend(change(record, row, found, rewrite)),
        }
    }
    let rest = layout.records.iter().rev().filter(|it| !remains(it));
    list.extend(rest.flat_map(unwanted));
    list
}

fn is_many(record: &RecordLayout) -> bool {
    record.key().is_some()
}

fn deletions(record: &RecordLayout, wanted: &[Wanted], found: &Found) -> Vec<Step> {
    let deletion = |(place, row): (&Place, &Record)| {
        let is_wanted = wanted.iter().any(|it| it.place == *place);
        let sys_id = sys_id(row).filter(|_| !is_wanted && place.slot == record.slot)?;
        Some(Step::Delete { place: place.clone(), table: record.table, sys_id })
    };
    found.iter().filter_map(deletion).collect()
}

fn creation(record: &Wanted) -> Vec<Step> {
    let plain = |(name, cell): (&&'static str, &Cell)| match cell {
        Cell::Secret(_) => None,
        other => Some((*name, other.clone())),
    };
    let cells = record.cells.iter().filter_map(plain).collect();
    let create = Step::Create { place: record.place.clone(), table: record.table, cells };
    [create].into_iter().chain(secrets(record, |_| true)).collect()
}

fn change(record: &Wanted, row: &Record, found: &Found, rewrite: &BTreeSet<&str>) -> Vec<Step> {
    let differs = |(name, cell): &(&&'static str, &Cell)| match cell {
        // A column that this user may not read cannot be compared.
        _ if row.get(name).is_none() => false,
        Cell::Slot(slot) => row.text(name) != found.one(slot).map_or("", |it| it.text("sys_id")),
        other => !other.agrees(row.text(name)),
    };
    let cells: BTreeMap<_, _> =
        record.cells.iter().filter(differs).map(|(name, cell)| (*name, cell.clone())).collect();
    let update = sys_id(row).filter(|_| !cells.is_empty()).map(|sys_id| Step::Update {
        place: record.place.clone(),
        table: record.table,
        sys_id,
        cells,
    });
    update.into_iter().chain(secrets(record, |name| rewrite.contains(name))).collect()
}

fn secrets(record: &Wanted, chosen: impl Fn(&str) -> bool) -> Option<Step> {
    let secret = |(name, cell): (&&'static str, &Cell)| match cell {
        Cell::Secret(secret) if chosen(name) => Some((*name, secret.clone())),
        _ => None,
    };
    let cells: BTreeMap<_, _> = record.cells.iter().filter_map(secret).collect();
    (!cells.is_empty()).then_some(Step::WriteSecrets {
        place: record.place.clone(),
        table: record.table,
        cells,
    })
}

fn sys_id(row: &Record) -> Option<SysId> {
    row.text("sys_id").parse().ok()
}
