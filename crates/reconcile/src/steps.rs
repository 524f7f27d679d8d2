//! What is left to do between what is wanted and what was found.

use std::collections::{BTreeMap, BTreeSet};

use servicenow_core::{Record, SysId};
use tf_core::Secret;

use crate::cell::Cell;
use crate::layout::Layout;
use crate::lower::Wanted;

/// The records of one resource that exist, by slot. Each holds its `sys_id`.
pub type Found = BTreeMap<&'static str, Record>;

/// One write. What it refers to by slot exists by the time it runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// Creates a record, without its secrets.
    Create {
        /// Its name within the resource.
        slot: &'static str,
        /// Its table.
        table: &'static str,
        /// What its columns hold.
        cells: BTreeMap<&'static str, Cell>,
    },
    /// Changes columns of a record.
    Update {
        /// Its name within the resource.
        slot: &'static str,
        /// Its table.
        table: &'static str,
        /// Which one.
        sys_id: SysId,
        /// The changed columns alone.
        cells: BTreeMap<&'static str, Cell>,
    },
    /// Writes secrets of a record, apart from everything else.
    WriteSecrets {
        /// Its name within the resource.
        slot: &'static str,
        /// Its table.
        table: &'static str,
        /// The secrets.
        cells: BTreeMap<&'static str, Secret>,
    },
    /// Removes a record.
    Delete {
        /// Its name within the resource.
        slot: &'static str,
        /// Its table.
        table: &'static str,
        /// Which one.
        sys_id: SysId,
    },
}

/// The writes that lead from `found` to `wanted`: creates and updates in the order of the layout, deletes last and in
/// reverse. Secrets of a record that exists are written when `rewrite` names their column.
pub fn steps(wanted: &[Wanted], found: &Found, layout: &Layout, rewrite: &BTreeSet<&str>) -> Vec<Step> {
    let mut list = Vec::new();
    for record in wanted {
        match found.get(record.slot) {
            None => list.extend(creation(record)),
            Some(row) => list.extend(change(record, row, found, rewrite)),
        }
    }
    for record in layout.records.iter().rev() {
        let unwanted = !wanted.iter().any(|it| it.slot == record.slot);
        if let Some(sys_id) = found.get(record.slot).and_then(sys_id).filter(|_| unwanted) {
            list.push(Step::Delete { slot: record.slot, table: record.table, sys_id });
        }
    }
    list
}

fn creation(record: &Wanted) -> Vec<Step> {
    let plain = |(name, cell): (&&'static str, &Cell)| match cell {
        Cell::Secret(_) => None,
        other => Some((*name, other.clone())),
    };
    let cells = record.cells.iter().filter_map(plain).collect();
    let create = Step::Create { slot: record.slot, table: record.table, cells };
    [create].into_iter().chain(secrets(record, |_| true)).collect()
}

fn change(record: &Wanted, row: &Record, found: &Found, rewrite: &BTreeSet<&str>) -> Vec<Step> {
    let differs = |(name, cell): &(&&'static str, &Cell)| match cell {
        // A column that this user may not read cannot be compared.
        _ if row.get(name).is_none() => false,
        Cell::Slot(slot) => row.text(name) != found.get(slot).map_or("", |it| it.text("sys_id")),
        other => !other.agrees(row.text(name)),
    };
    let cells: BTreeMap<_, _> =
        record.cells.iter().filter(differs).map(|(name, cell)| (*name, cell.clone())).collect();
    let update = sys_id(row).filter(|_| !cells.is_empty()).map(|sys_id| Step::Update {
        slot: record.slot,
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
    (!cells.is_empty()).then_some(Step::WriteSecrets { slot: record.slot, table: record.table, cells })
}

fn sys_id(row: &Record) -> Option<SysId> {
    row.text("sys_id").parse().ok()
}
