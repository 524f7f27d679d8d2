//! What a name stands for that is written where a record refers to another one, such as that of an environment.

use std::collections::HashMap;

use reconcile::Lookup;
use servicenow_core::SysId;
use terraform_provider_servicenow::errors::Doing;
use terraform_provider_servicenow::lookup;
use tokio::sync::Mutex;

use crate::live::Live;

/// The ids of the records of each name, by table and name. Each is asked for once, whoever else waits for it.
#[derive(Debug, Default)]
pub struct Meanings(Mutex<HashMap<(&'static str, String), Meaning>>);

/// The id of a record, or why it is not known.
type Meaning = Result<String, String>;

impl Meanings {
    /// The id of the record that a name stands for, or why that is not known.
    ///
    /// # Errors
    /// There is none that this user sees, there are several, or it could not be asked.
    pub async fn of(&self, live: &Live, lookup: &'static Lookup, name: &str) -> Meaning {
        if name.is_empty() || name.parse::<SysId>().is_ok() {
            return Ok(name.to_owned());
        }
        let mut known = self.0.lock().await;
        let key = (lookup.table, name.to_owned());
        if let Some(meaning) = known.get(&key) {
            return meaning.clone();
        }
        let meaning = asked(live, lookup, name).await;
        known.insert(key, meaning.clone());
        meaning
    }
}

async fn asked(live: &Live, lookup: &'static Lookup, name: &str) -> Meaning {
    let table = lookup.table;
    match lookup::find(&live.session, lookup, name).await {
        Ok(ids) => match ids.as_slice() {
            [id] => Ok(id.clone()),
            [] => Err(format!("\"{name}\" is no record of `{table}` that this user sees")),
            several => Err(format!("\"{name}\" is the name of {} records of `{table}`", several.len())),
        },
        Err(failure) => {
            let doing = Doing { verb: "read", noun: table, name };
            let said = failure.diagnostics(&doing, "");
            let reasons: Vec<&str> = said.0.iter().map(|it| it.summary.as_str()).collect();
            Err(reasons.join("; "))
        }
    }
}
