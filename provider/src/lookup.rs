//! Finds the records that attributes name: people write the name of a MID server or of a role instead of its sys_id.

use std::collections::BTreeSet;

use reconcile::{Layout, Lookup, Named, Names, labelled, named};
use servicenow_core::similar::similar;
use servicenow_core::{Query, Record, SysId};
use tf_core::Object;

use crate::choices::{self, Meant};
use crate::execute::Failure;
use crate::session::Session;
use crate::tables::Table;

/// Rows among which a name is looked for that could have been meant.
const NAMES_MAX: u64 = 1_000;

/// Names that a message can list, whatever they are.
const FEW: usize = 8;

/// A name that does not stand for one thing.
#[derive(Debug)]
pub struct Unclear {
    /// The attribute at the top of the resource.
    pub attribute: &'static str,
    /// What was written.
    pub spelling: String,
    /// What it could stand for.
    pub offered: Offered,
}

/// What a name could stand for.
#[derive(Debug)]
pub enum Offered {
    /// The ids of all records that have the name; none, or several.
    Records(&'static Lookup, Vec<String>),
    /// The choices that there are, as people see them and as they are stored.
    Choices(Vec<String>),
}

/// What the names in these objects stand for, and those that stand for no record or for several.
///
/// # Errors
/// A request failed.
pub async fn resolve(
    session: &Session,
    layout: &Layout,
    objects: &[&Object],
) -> Result<(Names, Vec<Unclear>), Failure> {
    let (mut names, mut unclear) = (Names::default(), Vec::new());
    for named in objects.iter().flat_map(|it| named(layout, it)) {
        let (lookup, spelling) = (named.lookup, named.spelling.as_str());
        if names.id_of(lookup.table, spelling).is_some() {
            continue;
        }
        match find(session, lookup, spelling).await?.as_slice() {
            [id] => names.insert(lookup.table, spelling, id),
            ids => unclear.push(Unclear {
                attribute: named.attribute,
                offered: Offered::Records(lookup, ids.to_vec()),
                spelling: named.spelling.clone(),
            }),
        }
    }
    for word in objects.iter().flat_map(|it| labelled(layout, it)) {
        match choices::meant(session, word.choices, &word.spelling).await? {
            Meant::Value(value) => names.insert(word.choices.name, &word.spelling, &value),
            Meant::OneOf(offered) => unclear.push(Unclear {
                attribute: word.attribute,
                offered: Offered::Choices(offered),
                spelling: word.spelling,
            }),
        }
    }
    Ok((names, unclear))
}

/// The ids of the records that people know by this name; what was found is asked for once in a run.
///
/// # Errors
/// A request failed.
pub async fn find(session: &Session, lookup: &'static Lookup, name: &str) -> Result<Vec<String>, Failure> {
    if let Some(id) = session.meaning_of(lookup.table, name) {
        return Ok(vec![id]);
    }
    let table = Table::of(session, lookup.table)?;
    for key in lookup.keys {
        // What cannot be asked for is no name of anything that is looked up here.
        let Ok(query) = table.query(&[(key, name)]) else { continue };
        let rows = table.list(&query, &[key]).await?;
        // The instance compares without regard to case; a name is meant as it is written.
        let exact = |row: &&Record| row.text(key) == name;
        let ids: Vec<String> = rows.iter().filter(exact).map(|it| it.text("sys_id").to_owned()).collect();
        if let [id] = ids.as_slice() {
            session.means(lookup.table, name, id);
        }
        if !ids.is_empty() {
            return Ok(ids);
        }
    }
    Ok(Vec::new())
}

/// The names that somebody could have meant instead of one that is not there: all of them where there are few. What cannot
/// be asked for is not offered.
pub async fn alternatives(session: &Session, lookup: &Lookup, name: &str) -> Vec<String> {
    let (Ok(table), Some(key)) = (Table::of(session, lookup.table), lookup.keys.first()) else {
        return Vec::new();
    };
    let mut pages = table.pages(&Query::new(), &[key], Some(NAMES_MAX));
    let mut names: BTreeSet<String> = BTreeSet::new();
    while let Ok(Some(rows)) = pages.next().await {
        names.extend(
            rows.into_iter().map(|it| table.ours(it).text(key).to_owned()).filter(|it| !it.is_empty()),
        );
    }
    if names.len() <= FEW {
        return names.into_iter().collect();
    }
    similar(name, names.iter().map(String::as_str)).into_iter().map(str::to_owned).collect()
}

/// The ids among what is named, which stand for themselves and need not exist.
pub fn ids(layout: &Layout, object: &Object) -> Vec<(Named, SysId)> {
    let id = |it: Named| it.spelling.parse().ok().map(|id| (it, id));
    named(layout, object).into_iter().filter_map(id).collect()
}
