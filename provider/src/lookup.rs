//! Finds the records that attributes name: people write the name of a MID server or of a role instead of its sys_id.

use reconcile::{Layout, Lookup, Named, Names, named};
use servicenow_core::{Record, SysId};
use tf_core::Object;

use crate::execute::Failure;
use crate::session::Session;
use crate::tables::Table;

/// A name that does not stand for one record.
#[derive(Debug)]
pub struct Unclear {
    /// What was written, and where.
    pub named: Named,
    /// The ids of all that have that name; none, or several.
    pub ids: Vec<String>,
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
            ids => unclear.push(Unclear { ids: ids.to_vec(), named: named.clone() }),
        }
    }
    Ok((names, unclear))
}

/// The ids of the records that people know by this name; what was found is asked for once in a run.
async fn find(session: &Session, lookup: &'static Lookup, name: &str) -> Result<Vec<String>, Failure> {
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

/// The ids among what is named, which stand for themselves and need not exist.
pub fn ids(layout: &Layout, object: &Object) -> Vec<(Named, SysId)> {
    let id = |it: Named| it.spelling.parse().ok().map(|id| (it, id));
    named(layout, object).into_iter().filter_map(id).collect()
}
