//! Many groups looked at together: a few lists, however many groups there are.

use std::collections::BTreeMap;

use servicenow_client::Client;
use servicenow_core::{Query, Record, ServiceError, SysId};

use super::{Row, row};
use crate::dialects::Exclusive;

/// Ids in one list: their commas and digits have to fit into the address of a request, which instances limit to a few
/// thousand characters.
const IDS_MAX: usize = 50;

/// Some groups of one kind.
pub struct Groups<'a> {
    /// What is asked.
    pub client: &'a Client,
    /// The tables and columns.
    pub exclusive: &'static Exclusive,
    /// The records of the groups.
    pub ids: &'a [SysId],
}

impl Groups<'_> {
    /// The members of each group, by name.
    ///
    /// # Errors
    /// A request failed.
    pub async fn rows(&self) -> Result<BTreeMap<SysId, Vec<Row>>, ServiceError> {
        let it = self.exclusive;
        let columns = [it.name, it.flag, it.group, "sys_class_name", "sys_updated_by", "sys_updated_on"];
        let mut members: BTreeMap<SysId, Vec<Row>> = BTreeMap::new();
        for record in self.records_of(it.members, it.group, &columns).await? {
            if let (Ok(group), Some(row)) = (record.text(it.group).parse(), row(it, &record)) {
                members.entry(group).or_default().push(row);
            }
        }
        members.values_mut().for_each(|rows| rows.sort_by(|a, b| a.name.cmp(&b.name)));
        Ok(members)
    }

    /// The groups that are there.
    ///
    /// # Errors
    /// A request failed.
    pub async fn records(&self) -> Result<BTreeMap<SysId, Record>, ServiceError> {
        let it = self.exclusive;
        let records = self.records_of(it.groups, "sys_id", &[it.group_name, it.group_allows_several]).await?;
        Ok(records.into_iter().filter_map(|it| Some((it.text("sys_id").parse().ok()?, it))).collect())
    }

    async fn records_of(
        &self,
        table: &str,
        column: &str,
        columns: &[&str],
    ) -> Result<Vec<Record>, ServiceError> {
        let mut records = Vec::new();
        let Ok(table) = table.parse() else { return Ok(records) };
        for ids in self.ids.chunks(IDS_MAX) {
            let ids: Vec<&str> = ids.iter().map(SysId::as_str).collect();
            // A name in a dialect that is not legal is found by a test of the registry.
            let Ok(query) = Query::new().is_in(column, &ids) else { continue };
            records.extend(self.client.list(&table, &query, columns).await?);
        }
        Ok(records)
    }
}
