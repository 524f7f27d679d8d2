//! Secrets that somebody else may have changed: an instance never shows one, so that only traces tell.

use reconcile::Holds;
use serde_json::Value as Json;

use super::Options;
use super::findings::{declared, record_of};
use super::pair::{Pair, Secret};
use super::tables::{Tables, definition};
use crate::declared::Resource;
use crate::live::Live;
use crate::report::{Class, Finding, Remedy};

/// The member of private bytes that holds how often each record had been changed when its secret was written.
const WRITTEN: &str = "written";

/// The member that holds how often each record has been changed by now.
const SEEN: &str = "seen";

/// The finding, if the record of a secret was changed after it was written.
pub fn secret(live: &Live, pair: &Pair, tables: &Tables, options: &Options) -> Option<Finding> {
    if pair.secret == Secret::Quiet {
        return None;
    }
    let record = record_of(live, pair);
    let row = record.as_ref().and_then(|it| tables.row(&it.table, &it.sys_id));
    let who = row.map(|it| it.text("sys_updated_by")).unwrap_or_default();
    let words = match pair.secret {
        Secret::ChangedSince => format!(
            "The record of `{}` was changed after its secret was written; whether the secret was, cannot be seen.",
            pair.declaration.address
        ),
        Secret::Declared if !options.written_by.is_empty() && !who.is_empty() => {
            if options.written_by.iter().any(|it| it == who) {
                return None;
            }
            format!(
                "`{who}` wrote the record of `{}` last, which holds a secret; whether the secret was changed, cannot be \
                 seen.",
                pair.declaration.address
            )
        }
        Secret::Declared | Secret::Quiet => return None,
    };
    let by_hand =
        "Change the version of the secret and apply, which writes the declared secret again; or test the \
                   connection that uses it."
            .to_owned();
    let remedy = Remedy { by_hand: Some(by_hand), ..Remedy::default() };
    Some(Finding { remedy, ..declared(live, Class::SecretPossiblyChanged, words, &pair.declaration, record) })
}

/// What is known of the secret of a resource; `private` is what a refresh left.
pub fn secret_of(resource: &Resource, private: &[u8]) -> Secret {
    match resource.remembered {
        Some(_) if was_written_again(private) => Secret::ChangedSince,
        None if declares_secret(resource) => Secret::Declared,
        _ => Secret::Quiet,
    }
}

/// Whether the private bytes that a refresh left tell another count than the one after our own write.
fn was_written_again(private: &[u8]) -> bool {
    let json: Json = serde_json::from_slice(private).unwrap_or_default();
    let written = json.get(WRITTEN).and_then(Json::as_object);
    let now = |slot: &str| json.get(SEEN).and_then(|it| it.get(slot));
    written.into_iter().flatten().any(|(slot, before)| now(slot).is_some_and(|it| it != before))
}

/// Whether a secret is declared, so that there is one to be changed.
fn declares_secret(resource: &Resource) -> bool {
    let records = definition(&resource.type_name).map(|it| it.layout.records).unwrap_or_default();
    let secrets = records.iter().flat_map(|it| it.columns).filter_map(|it| match it.holds {
        Holds::Secret(attribute, version) => Some([attribute, version]),
        _ => None,
    });
    secrets.into_iter().flatten().any(|it| resource.attributes.get(it).is_some_and(|it| !it.value.is_null()))
}
