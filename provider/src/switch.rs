//! Carries out the steps of "exactly one is active" for one group, and leads back when the new one cannot be activated.

mod domains;
mod drain;
mod endpoints;
mod fitness;
mod groups;
mod messages;
mod several;
mod swap;

use std::collections::BTreeMap;

use reconcile::exclusive::{self, Belief, Member, Switch};
use servicenow_client::{Client, Freshness, WriteStyle};
use servicenow_core::{Kind, Method, Record, Request, ServiceError, SysId, TableName};
use tf_core::Diagnostics;

pub use domains::{are_apart, domain, within};
pub use drain::Drain;
pub use endpoints::{Endpoint, endpoints};
pub use fitness::{Fitness, own_name};
pub use groups::Groups;
pub use messages::paused;
pub use several::in_order;

use self::endpoints::records;

use crate::dialects::Exclusive;
use crate::session::Session;
use crate::tables::Table;
use crate::{errors, probe};

/// Rounds of looking and switching after which somebody else is switching too.
const ROUNDS_MAX: usize = 4;

/// A group of records of which one is active.
pub struct Group<'a> {
    session: &'a Session,
    /// The tables and columns.
    pub exclusive: &'static Exclusive,
    /// The record of the group.
    pub id: SysId,
    /// The members whose domains count.
    of: Vec<SysId>,
}

/// One member as it is on the instance.
#[derive(Clone, Debug)]
pub struct Row {
    /// Its id, and whether it is active.
    pub member: Member,
    /// How people know it.
    pub name: String,
    /// Who changed it last.
    pub updated_by: String,
    /// When, in UTC.
    pub updated_on: String,
    /// The table of its class.
    pub class: String,
    /// Its place among several active ones, as the instance has it: empty where it has none. `None` where nobody asked, or
    /// where the instance has no such column.
    pub place: Option<String>,
    /// Its domain; empty for none.
    pub domain: String,
}

/// Why a switch ended early.
enum Failure {
    Service(ServiceError),
    /// The new one was refused after the old one had been switched off.
    Swap {
        error: ServiceError,
        back: Option<Back>,
    },
    Ours(Diagnostics),
}

/// What became of the return to the old one.
struct Back {
    name: String,
    error: Option<ServiceError>,
}

impl From<ServiceError> for Failure {
    fn from(error: ServiceError) -> Failure {
        Failure::Service(error)
    }
}

impl From<Diagnostics> for Failure {
    fn from(problems: Diagnostics) -> Failure {
        Failure::Ours(problems)
    }
}

impl<'a> Group<'a> {
    /// A group by the record that its members refer to.
    pub fn new(session: &'a Session, exclusive: &'static Exclusive, id: SysId) -> Group<'a> {
        Group { session, exclusive, id, of: Vec::new() }
    }

    /// The same group, of which the domains of these members count and no others.
    #[must_use]
    pub fn among(self, of: &[SysId]) -> Group<'a> {
        Group { of: of.to_vec(), ..self }
    }

    /// The same over another session.
    fn over<'b>(&self, session: &'b Session) -> Group<'b> {
        Group { session, exclusive: self.exclusive, id: self.id.clone(), of: self.of.clone() }
    }

    /// The same in the domain of one member, where nobody has said which domains count.
    fn around(&self, id: Option<&SysId>) -> Group<'a> {
        let of = if self.of.is_empty() { id.cloned().into_iter().collect() } else { self.of.clone() };
        Group { session: self.session, exclusive: self.exclusive, id: self.id.clone(), of }
    }

    /// What talks to the instance.
    pub fn client(&self) -> &Client {
        &self.session.client
    }

    /// The members of the domains that count, by name.
    ///
    /// # Errors
    /// The request failed.
    pub async fn rows(&self) -> Result<Vec<Row>, ServiceError> {
        Ok(within(self.rows_of_all().await?, &self.of))
    }

    /// The members of all domains that the user sees, by name.
    ///
    /// # Errors
    /// The request failed.
    pub async fn rows_of_all(&self) -> Result<Vec<Row>, ServiceError> {
        let it = self.exclusive;
        let id = std::slice::from_ref(&self.id);
        let records = records(self.session, it.members, it.group, id, &it.member_columns()).await?;
        let mut rows: Vec<Row> = records.iter().filter_map(|record| row(it, record)).collect();
        rows.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(rows)
    }

    /// Where a member leads to, read from the table of its class. `None`: there is no such member.
    ///
    /// # Errors
    /// The request failed.
    pub async fn endpoint(&self, id: &SysId) -> Result<Option<Endpoint>, ServiceError> {
        Ok(endpoints(self.session, self.exclusive, std::slice::from_ref(id)).await?.remove(id))
    }

    /// Makes `wish` the only active member, or none. Returns the members as they are afterwards.
    ///
    /// # Errors
    /// One message that says what was refused, what was done about it and what is active now.
    pub async fn switch(&self, wish: Option<&SysId>) -> Result<Vec<Row>, Diagnostics> {
        self.switch_seen(None, wish).await
    }

    /// The same, beginning with members that were looked at just now.
    ///
    /// # Errors
    /// As [`Group::switch`].
    pub async fn switch_from(&self, rows: Vec<Row>, wish: Option<&SysId>) -> Result<Vec<Row>, Diagnostics> {
        self.switch_seen(Some(rows), wish).await
    }

    /// The same, also after an interrupt: a switch that has begun goes through or back.
    ///
    /// # Errors
    /// As [`Group::switch`].
    pub async fn switch_insistently(&self, wish: Option<&SysId>) -> Result<Vec<Row>, Diagnostics> {
        let session = self.session.insistent();
        self.over(&session).switch(wish).await
    }

    async fn switch_seen(
        &self,
        seen: Option<Vec<Row>>,
        wish: Option<&SysId>,
    ) -> Result<Vec<Row>, Diagnostics> {
        let lock = self.session.lock(&self.id);
        let _guard = lock.lock().await;
        let group = self.around(wish);
        match group.settle(seen, wish).await {
            Ok(rows) => Ok(rows),
            Err(failure) => Err(group.explain(failure, wish).await),
        }
    }

    /// Deactivates one member and leaves the others as they are.
    ///
    /// # Errors
    /// One message that says what was refused and what is active now.
    pub async fn switch_off(&self, id: &SysId) -> Result<(), Diagnostics> {
        let lock = self.session.lock(&self.id);
        let _guard = lock.lock().await;
        let group = self.around(Some(id));
        let outcome = match group.rows().await {
            Ok(rows) if rows.iter().any(|it| it.member.active && it.member.sys_id == *id) => {
                group.set(id, false, &rows).await
            }
            Ok(_) => Ok(()),
            Err(error) => Err(error),
        };
        match outcome {
            Ok(()) => Ok(()),
            Err(error) => Err(group.explain(error.into(), None).await),
        }
    }

    async fn settle(&self, seen: Option<Vec<Row>>, wish: Option<&SysId>) -> Result<Vec<Row>, Failure> {
        let mut seen = seen;
        for _ in 0..ROUNDS_MAX {
            let rows = match seen.take() {
                Some(rows) => within(rows, &self.of),
                None => self.rows().await?,
            };
            let members: Vec<Member> = rows.iter().map(|it| it.member.clone()).collect();
            if let Some(wish) = wish
                && !members.iter().any(|it| it.sys_id == *wish)
            {
                return Err(Failure::Ours(errors::no_member(self.exclusive, &self.id, wish).into()));
            }
            let list = exclusive::steps(self.belief(), &members, wish);
            if list.is_empty() {
                return Ok(rows);
            }
            for switch in list {
                seen = self.step(switch, &rows).await?;
            }
        }
        Err(Failure::Ours(errors::unsteady(self.exclusive, &self.id).into()))
    }

    fn belief(&self) -> Belief {
        self.session.belief(self.exclusive.rule)
    }

    fn believe(&self, belief: Belief) {
        self.session.believe(self.exclusive.rule, belief);
    }

    /// One step. Gives the members as they are after it, where it looked.
    async fn step(&self, switch: Switch, rows: &[Row]) -> Result<Option<Vec<Row>>, Failure> {
        match switch {
            // Nothing of this group was touched.
            Switch::Learn => {
                probe::learn(self.session, self.exclusive).await?;
                return Ok(Some(rows.to_vec()));
            }
            Switch::Off(id) => self.set(&id, false, rows).await?,
            Switch::On(id) => return self.on(&id, rows).await,
            Switch::Swap { off, on, travel } => self.swap(&off, &on, travel, rows).await?,
        }
        Ok(None)
    }

    /// Activates one. A refusal teaches what the instance does, and so does a rival that stays active.
    async fn on(&self, id: &SysId, rows: &[Row]) -> Result<Option<Vec<Row>>, Failure> {
        let rival = rows.iter().any(|it| it.member.active && it.member.sys_id != *id);
        let belief = self.belief();
        match self.set(id, true, rows).await {
            Err(error)
                if rival && error.kind == Kind::Refused && belief != exclusive::after_refusal(belief) =>
            {
                self.believe(exclusive::after_refusal(belief));
                Ok(None)
            }
            Err(error) => Err(error.into()),
            Ok(()) => {
                let after = self.rows().await?;
                // What stays active in another domain teaches nothing.
                let own = within(after.clone(), std::slice::from_ref(id));
                let members: Vec<Member> = own.into_iter().map(|it| it.member).collect();
                self.believe(exclusive::after_read_back(belief, &members, id));
                Ok(Some(after))
            }
        }
    }

    async fn rows_insistently(&self) -> Result<Vec<Row>, ServiceError> {
        self.over(&self.session.insistent()).rows().await
    }

    async fn set_insistently(&self, id: &SysId, active: bool, rows: &[Row]) -> Result<(), ServiceError> {
        self.over(&self.session.insistent()).set(id, active, rows).await
    }

    async fn set(&self, id: &SysId, active: bool, rows: &[Row]) -> Result<(), ServiceError> {
        let class = self.class(id, rows);
        let Ok(table) = Table::of(self.session, class) else { return Ok(()) };
        let flag = self.exclusive.flag;
        let cells = BTreeMap::from([(flag.to_owned(), active.to_string())]);
        let row = table.update(id, &cells, &[flag], WriteStyle::ActualValues).await?;
        let is_kept = row.get(flag).is_none() || row.flag(flag) == active;
        if is_kept { Ok(()) } else { Err(dropped(class, id, flag)) }
    }

    /// The table of a member's class, through which it is written: a base table takes the columns of the base alone.
    fn class<'b>(&self, id: &SysId, rows: &'b [Row]) -> &'b str {
        class_of(rows, id).unwrap_or(self.exclusive.concrete)
    }

    async fn explain(&self, failure: Failure, wish: Option<&SysId>) -> Diagnostics {
        // Also after an interrupt: the message has to say what is active.
        let rows = self.rows_insistently().await;
        let wished = wish.map_or("none".to_owned(), |id| match &rows {
            Ok(rows) => name_of(rows, id),
            Err(_) => id.to_string(),
        });
        let active = rows
            .map(|rows| rows.into_iter().filter(|it| it.member.active).map(|it| it.name).collect::<Vec<_>>());
        let active = active.as_deref().map_err(|_| ());
        match failure {
            Failure::Ours(problems) => problems,
            Failure::Service(error) => {
                errors::switch_failed(self.exclusive, &self.id, &wished, &error, active).into()
            }
            Failure::Swap { error, back } => {
                let back = back.as_ref().map(|it| (it.name.as_str(), it.error.as_ref()));
                errors::swap_failed(self.exclusive, &self.id, &wished, &error, back, active).into()
            }
        }
    }
}

/// The class that the instance names for a member. Nothing where that is no name of a table: what is written through it would
/// be left out in silence.
fn class_of<'b>(rows: &'b [Row], id: &SysId) -> Option<&'b str> {
    let class = rows.iter().find(|it| it.member.sys_id == *id).map(|it| it.class.as_str());
    class.filter(|it| it.parse::<TableName>().is_ok())
}

/// A write that was accepted and dropped: taken for a success, it would stop a swap between its two halves.
fn dropped(class: &str, id: &SysId, column: &str) -> ServiceError {
    let request = Request::new(Method::Patch, format!("/api/now/table/{class}/{id}"));
    let reason = format!(
        "the write was accepted and `{column}` kept its value, as it does when the user may not write that column"
    );
    ServiceError::new(Kind::Forbidden, &request, reason)
}

/// A record of a member.
fn row(exclusive: &Exclusive, record: &Record) -> Option<Row> {
    let sys_id: SysId = record.text("sys_id").parse().ok()?;
    let name = record.get(exclusive.name).filter(|it| !it.is_empty()).unwrap_or(sys_id.as_str()).to_owned();
    let text = |column: &str| record.text(column).to_owned();
    Some(Row {
        member: Member { active: record.flag(exclusive.flag), sys_id },
        name,
        updated_by: text("sys_updated_by"),
        updated_on: text("sys_updated_on"),
        class: text("sys_class_name"),
        place: exclusive.place.and_then(|it| record.get(it)).map(str::to_owned),
        domain: exclusive.domain.map(|it| domain(record.text(it)).to_owned()).unwrap_or_default(),
    })
}

/// How people know a member, or else its id.
pub fn name_of(rows: &[Row], id: &SysId) -> String {
    rows.iter().find(|it| it.member.sys_id == *id).map_or_else(|| id.to_string(), |it| it.name.clone())
}

/// The table of the groups, looked up once more by name for messages.
///
/// # Errors
/// The request failed, or a name in the dialect is not legal.
pub async fn group(
    session: &Session,
    exclusive: &Exclusive,
    id: &SysId,
) -> Result<Option<Record>, Diagnostics> {
    let table = Table::of(session, exclusive.groups)?;
    let doing = errors::Doing { verb: "read", noun: exclusive.group_noun, name: id.as_str() };
    table
        .read(id, &exclusive.group_columns(), Freshness::Now)
        .await
        .map_err(|error| errors::service(&doing, &error, "Nothing was changed.").into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_member_is_written_through_its_class_only_where_that_can_be_a_table() {
        let id: SysId = "0123456789abcdef0123456789abcdef".parse().unwrap();
        let member = Member { sys_id: id.clone(), active: true };
        let of = |class: &str| Row {
            member: member.clone(),
            name: "orders".to_owned(),
            updated_by: String::new(),
            updated_on: String::new(),
            class: class.to_owned(),
            place: None,
            domain: String::new(),
        };
        for (class, expected) in
            [("http_connection", Some("http_connection")), ("", None), ("a table", None), ("a/b?c", None)]
        {
            assert_eq!(class_of(&[of(class)], &id), expected, "{class}");
        }
        assert_eq!(class_of(&[], &id), None);
    }
}
