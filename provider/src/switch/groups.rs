//! Many groups looked at together: a few lists, however many groups there are.

use std::collections::BTreeMap;

use servicenow_core::{Record, ServiceError, SysId};

use super::endpoints::records;
use super::{Row, row};
use crate::dialects::Exclusive;
use crate::session::Session;

/// Ids in one list: their commas and digits have to fit into the address of a request, which instances limit to a few
/// thousand characters.
pub(super) const IDS_MAX: usize = 50;

/// Some groups of one kind.
pub struct Groups<'a> {
    /// Where it is asked.
    pub session: &'a Session,
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
        let mut members: BTreeMap<SysId, Vec<Row>> = BTreeMap::new();
        for record in records(self.session, it.members, it.group, self.ids, &it.member_columns()).await? {
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
        let records = records(self.session, it.groups, "sys_id", self.ids, &it.group_columns()).await?;
        Ok(records.into_iter().filter_map(|it| Some((it.text("sys_id").parse().ok()?, it))).collect())
    }
}
