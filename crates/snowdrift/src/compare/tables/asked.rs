//! Which tables a comparison is made from, which columns of each, and up to how many rows.

use std::collections::{BTreeMap, BTreeSet};

use terraform_provider_servicenow::definition::Definition;
use terraform_provider_servicenow::dialects::{Exclusive, GROUPS};
use terraform_provider_servicenow::registry::DEFINITIONS;

use super::definition;
use crate::compare::Options;
use crate::config::Unmanaged;
use crate::declared::Counts;
use crate::live::Live;

/// Rows of a table that are read whole however few are declared.
const ROWS_MIN: u64 = 1_000;

/// Rows per declared object up to which a table is read whole; beyond it, objects are asked for by name.
const ROWS_PER_OBJECT: u64 = 50;

/// Rows that are read whole however few are declared, at most: some twenty megabytes.
const ROWS_MAX: u64 = 20_000;

/// Rows per declared object that are read whole in any case: a page of them takes as long as asking for one object.
const ROWS_WORTH_IT: u64 = 4;

/// What is asked of one table.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Asked {
    /// Its columns, by the names of the instance.
    pub columns: BTreeSet<String>,
    /// Rows at most.
    pub rows_max: u64,
    /// Tables that extend it and are read by themselves: what is in these is left out.
    pub besides: Vec<&'static str>,
}

/// All tables, and the types whose records are in them.
#[derive(Debug, Default)]
pub struct Wanted {
    /// What is asked, by table.
    pub tables: BTreeMap<&'static str, Asked>,
    /// The types that are compared.
    pub types: Vec<&'static str>,
}

impl Wanted {
    /// What a comparison of that declaration needs.
    pub fn of(live: &Live, counts: &Counts, options: &Options) -> Wanted {
        let everything = options.unmanaged == Unmanaged::All;
        let mut wanted = Wanted::default();
        for definition in DEFINITIONS {
            let count = counts.get(definition.type_name).copied();
            let (Some(main), Some(objects)) = (definition.layout.main(), count.or(everything.then_some(0)))
            else {
                continue;
            };
            wanted.types.push(definition.type_name);
            let most = ROWS_MAX.max(objects.saturating_mul(ROWS_WORTH_IT));
            let rows_max = if everything { most } else { (objects * ROWS_PER_OBJECT).clamp(ROWS_MIN, most) };
            wanted.add(live, main.table, main.readable(), rows_max);
            // What belongs to the objects: read of all together, and not of one after the other.
            for record in
                definition.layout.records.iter().filter(|it| count.is_some() && it.slot != main.slot)
            {
                wanted.add(live, record.table, record.readable(), rows_max);
            }
        }
        for exclusive in GROUPS.iter().filter(|it| concerns(it, counts, everything)) {
            wanted.add_group(live, exclusive, counts);
        }
        wanted
    }

    fn add(
        &mut self,
        live: &Live,
        table: &'static str,
        columns: impl IntoIterator<Item = &'static str>,
        rows_max: u64,
    ) {
        let asked = self.tables.entry(table).or_default();
        let theirs = |it: &'static str| live.session.columns.theirs(table, it).map(str::to_owned);
        asked.columns.extend(columns.into_iter().filter_map(theirs));
        asked.rows_max = asked.rows_max.max(rows_max);
    }

    /// The members of groups. Those whose class is compared are read from the table of their class anyway.
    fn add_group(&mut self, live: &Live, exclusive: &Exclusive, counts: &Counts) {
        let of_member = || {
            exclusive.member_columns().into_iter().chain(exclusive.credential).chain(exclusive.environment)
        };
        let of_class = || of_member().chain([exclusive.address]).chain(exclusive.instance_name);
        let is_class = |it: &&&Definition| it.exclusive.is_some_and(|it| it.members == exclusive.members);
        let mut besides = Vec::new();
        for definition in DEFINITIONS.iter().filter(is_class) {
            let main = definition.layout.main().filter(|_| self.types.contains(&definition.type_name));
            let Some(main) = main else { continue };
            self.add(live, main.table, of_class(), 0);
            if main.table != exclusive.members {
                besides.push(main.table);
            }
        }
        let columns: Vec<&str> = if exclusive.members == exclusive.concrete {
            of_class().collect()
        } else {
            of_member().collect()
        };
        let most = ROWS_MAX.max(counts.values().sum::<u64>().saturating_mul(ROWS_WORTH_IT));
        self.add(live, exclusive.members, columns, most);
        if let Some(asked) = self.tables.get_mut(exclusive.members) {
            asked.besides = besides;
        }
        self.add(live, exclusive.groups, exclusive.group_columns(), ROWS_MIN);
    }
}

/// Whether anything that is declared belongs to groups of this kind.
fn concerns(exclusive: &Exclusive, counts: &Counts, everything: bool) -> bool {
    let is_of = |type_name: &str| {
        let definition = definition(type_name);
        let main = definition.and_then(|it| it.layout.main());
        main.is_some_and(|it| it.table == exclusive.groups)
            || definition.and_then(|it| it.exclusive).is_some_and(|it| it.members == exclusive.members)
            || type_name == exclusive.pointer
    };
    counts.keys().any(|it| is_of(it)) || (everything && exclusive.members == "sys_connection")
}
