//! What a plan says of one record: what means the same stays, and what the instance certainly does not have is an error.

use tf_core::{Diagnostics, Object, Value};
use tf_plugin::Planning;

use super::life::{NOUN, VERSION, dictionary, label};
use super::named::{FIELDS, JSON, means_the_same};
use crate::errors::{self, Doing};
use crate::session::Session;

/// Fields that mean what the state has are no change, and neither is a column that is not named any more.
pub async fn keep_what_means_the_same(session: &Session, planning: &mut Planning<'_>) {
    let Some(prior) = planning.prior else { return };
    let is_settled = |it: Option<&Value>| it.is_some_and(|it| !it.is_null() && it.is_wholly_known());
    for attribute in [FIELDS, JSON] {
        let (before, planned) = (prior.get(attribute), planning.plan.planned.get(attribute));
        if before == planned || !is_settled(before) || !is_settled(planned) {
            continue;
        }
        let dictionary = dictionary(session, prior).await;
        if means_the_same(attribute, prior, &planning.plan.planned, &dictionary) {
            let kept = before.cloned().unwrap_or(Value::Null);
            planning.plan.planned.insert(attribute.to_owned(), kept);
        }
    }
}

/// Errors about a table or columns that are named in a change and that the instance certainly does not have. Where the
/// dictionary may not be read, something is not known yet, or the same plan makes the table or its columns, the write says so.
pub async fn what_is_missing(session: &Session, planning: &Planning<'_>) -> Diagnostics {
    let planned = &planning.plan.planned;
    let is_as_before = |prior: &Object| {
        ["table", FIELDS, JSON, VERSION].iter().all(|name| prior.get(*name) == planned.get(*name))
    };
    let name = planned.get("table").and_then(Value::as_str);
    let (Some(name), false) = (name, planning.prior.is_some_and(is_as_before)) else {
        return Diagnostics::none();
    };
    // Tables and the descriptions of their columns are known by the name of the table.
    if session.foreseen.is_planned(&["name"], name) {
        return Diagnostics::none();
    }
    let known = label(planned);
    let doing = Doing { verb: "plan", noun: NOUN, name: &known };
    let Some(described) = session.dictionary(name).await else {
        let Ok(table) = name.parse() else { return Diagnostics::none() };
        let similar = session.client.instead_of_missing(&table).await;
        return similar.map_or_else(Diagnostics::none, |it| errors::no_such_table(&doing, name, &it).into());
    };
    let mut problems = Diagnostics::none();
    for (attribute, column) in named(planned, planning.config) {
        if !described.is_empty() && !described.has(&column) {
            let similar = described.similar(&column);
            problems.push(errors::no_such_field(&doing, attribute, name, &column, &similar));
        }
    }
    problems
}

/// The columns that are named, whether or not their values are known.
fn named(planned: &Object, config: &Object) -> Vec<(&'static str, String)> {
    let keys = |it: Option<&Value>| -> Vec<String> {
        it.and_then(Value::as_object).map(|it| it.keys().cloned().collect()).unwrap_or_default()
    };
    let json = super::named::members(planned).into_keys().map(|it| (JSON, it));
    let fields = keys(planned.get(FIELDS)).into_iter().map(|it| (FIELDS, it));
    let secret = keys(config.get("fields_wo")).into_iter().map(|it| ("fields_wo", it));
    fields.chain(json).chain(secret).collect()
}
