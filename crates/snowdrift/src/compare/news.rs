//! Whether anything was written since a time, asked of each table before it is read: most runs of a job that looks every few
//! minutes end here, with one request for each table.

use jiff::SignedDuration;
use jiff::civil::DateTime;
use servicenow_core::{Query, TableName};
use tokio::task::JoinSet;

use super::Options;
use super::tables::asked::Wanted;
use crate::declared::Counts;
use crate::live::Live;

/// The column that tells when a row was written.
const WRITTEN_ON: &str = "sys_updated_on";

/// How times are written on an instance.
const FORM: &str = "%Y-%m-%d %H:%M:%S";

/// How much earlier the instance is asked. *Assumed*: a time in a query is read in UTC or in the zone of the user, which is up
/// to fourteen hours away; the rows themselves tell their times in UTC.
const ZONES: SignedDuration = SignedDuration::from_hours(15);

/// Whether a row of a table that the comparison would read was written since then. What cannot be asked counts as written.
pub async fn any(live: &Live, counts: &Counts, options: &Options, since: &str) -> bool {
    let wanted = Wanted::of(live, counts, options);
    let earlier = DateTime::strptime(FORM, since).ok().and_then(|it| it.checked_sub(ZONES).ok());
    let Some(earlier) = earlier.map(|it| it.strftime(FORM).to_string()) else { return true };
    let mut asked = JoinSet::new();
    for table in wanted.tables.into_keys() {
        let (client, earlier, since) = (live.session.client.clone(), earlier.clone(), since.to_owned());
        asked.spawn(async move {
            let query = Query::new().not_before(WRITTEN_ON, &earlier);
            let (Ok(table), Ok(query)) = (table.parse::<TableName>(), query) else { return true };
            match client.list(&table, &query, &[]).await {
                Ok(rows) => rows.iter().any(|it| it.text(WRITTEN_ON) >= since.as_str()),
                Err(_) => true,
            }
        });
    }
    while let Some(is_new) = asked.join_next().await {
        if is_new.unwrap_or(true) {
            return true;
        }
    }
    false
}
