//! Exactly these members of a group are active, in this order: carried out step by step, and led back when a step fails.

use std::collections::BTreeMap;

use reconcile::exclusive::several::{Change, Ranked, Target, changes};
use servicenow_client::WriteStyle;
use servicenow_core::{ServiceError, SysId};
use tf_core::Diagnostics;

use super::endpoints::records;
use super::{Group, ROUNDS_MAX, Row, dropped, name_of, row, within};
use crate::errors::{self, WayBack};
use crate::tables::Table;

impl<'a> Group<'a> {
    /// The members of the domains that count, with their places, by name.
    ///
    /// # Errors
    /// The request failed.
    pub async fn placed_rows(&self) -> Result<Vec<Row>, ServiceError> {
        let it = self.exclusive;
        let id = std::slice::from_ref(&self.id);
        let records = records(self.session, it.members, it.group, id, &it.placed_columns()).await?;
        let mut rows: Vec<Row> = records.iter().filter_map(|record| row(it, record)).collect();
        rows.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(within(rows, &self.of))
    }

    /// Makes these the only active members, in this order, beginning with members that were looked at just now. Returns the
    /// members as they are afterwards.
    ///
    /// # Errors
    /// One message that says what was refused, what was done about it and what is active now.
    pub async fn switch_several(&self, seen: Vec<Row>, wish: &[SysId]) -> Result<Vec<Row>, Diagnostics> {
        let lock = self.session.lock(&self.id);
        let _guard = lock.lock().await;
        if let Some(missing) = wish.iter().find(|id| !seen.iter().any(|it| it.member.sys_id == **id)) {
            return Err(errors::no_member(self.exclusive, &self.id, missing).into());
        }
        let mut course =
            Course { group: self, insistent: self.insistent(), before: &seen, wish, begun: false };
        course.settle().await
    }

    /// Makes the members what they were when somebody looked, also after an interrupt.
    ///
    /// # Errors
    /// One message that says what was refused and what is active now.
    pub async fn restore(&self, before: &[Row]) -> Result<(), Diagnostics> {
        let lock = self.session.lock(&self.id);
        let _guard = lock.lock().await;
        let insistent = self.insistent();
        let outcome = match insistent.placed_rows().await {
            Ok(now) => insistent.make_all(&now, before).await,
            Err(error) => Err(error),
        };
        let Err(error) = outcome else { return Ok(()) };
        let now = insistent.placed_rows().await.unwrap_or_default();
        let wish: Vec<SysId> =
            before.iter().filter(|it| it.member.active).map(|it| it.member.sys_id.clone()).collect();
        let course = Course { group: self, insistent, before, wish: &wish, begun: true };
        Err(course.failed(&error, WayBack::Stopped, &now).into())
    }

    fn insistent(&self) -> Insistent {
        Insistent {
            session: self.session.insistent(),
            exclusive: self.exclusive,
            id: self.id.clone(),
            of: self.of.clone(),
        }
    }

    async fn make(&self, change: &Change, rows: &[Row]) -> Result<(), ServiceError> {
        match change {
            Change::Off(id) => self.set(id, false, rows).await,
            Change::On(id) => self.set(id, true, rows).await,
            Change::Place(id, place) => self.place(id, *place, rows).await,
        }
    }

    /// Writes a place. The name of the column is that of the base table: every class has it from there.
    async fn place(&self, id: &SysId, place: Option<i64>, rows: &[Row]) -> Result<(), ServiceError> {
        let column =
            self.exclusive.place.and_then(|it| self.session.columns.theirs(self.exclusive.members, it));
        let class = self.class(id, rows);
        let (Some(column), Ok(table)) = (column, Table::of(self.session, class)) else { return Ok(()) };
        let value = place.map(|it| it.to_string()).unwrap_or_default();
        let cells = BTreeMap::from([(column.to_owned(), value.clone())]);
        let row = table.update(id, &cells, &[column], WriteStyle::ActualValues).await?;
        let is_kept = row.get(column).is_none_or(|it| number(it) == place);
        if is_kept { Ok(()) } else { Err(dropped(class, id, column)) }
    }
}

/// One course from what was to what is wished.
struct Course<'a> {
    group: &'a Group<'a>,
    insistent: Insistent,
    before: &'a [Row],
    wish: &'a [SysId],
    /// Whether something was written: from then on it goes through or back, also after an interrupt.
    begun: bool,
}

impl Course<'_> {
    async fn settle(&mut self) -> Result<Vec<Row>, Diagnostics> {
        let mut rows = self.before.to_vec();
        for _ in 0..ROUNDS_MAX {
            let list = changes(&ranked(&rows), &self.target(&rows));
            if list.is_empty() {
                return Ok(rows);
            }
            let failed = self.carry_out(&list, &rows).await.err();
            let now = self.insistent.placed_rows().await;
            rows = match (failed, now) {
                (None, Ok(now)) => now,
                (None, Err(error)) => return Err(self.failed(&error, WayBack::Stopped, &[]).into()),
                (Some((_, error)), Err(_)) => return Err(self.failed(&error, WayBack::Stopped, &[]).into()),
                // The answer got lost, and it happened all the same.
                (Some((change, error)), Ok(now))
                    if error.kind.may_have_taken_effect()
                        && !changes(&ranked(&now), &self.target(&now)).contains(&change) =>
                {
                    now
                }
                (Some((_, error)), Ok(now)) => return Err(self.lead_back(&error, &now).await),
            };
        }
        Err(errors::unsteady(self.group.exclusive, &self.group.id).into())
    }

    /// What is wished. Where the instance shows no places there is no order to wish for.
    fn target(&self, rows: &[Row]) -> Target {
        if rows.iter().any(|it| it.place.is_some()) {
            Target::ordered(&ranked(rows), self.wish)
        } else {
            Target::unordered(self.wish)
        }
    }

    async fn carry_out(&mut self, list: &[Change], rows: &[Row]) -> Result<(), (Change, ServiceError)> {
        for change in list {
            let outcome = if self.begun {
                self.insistent.make(change, rows).await
            } else {
                self.group.make(change, rows).await
            };
            outcome.map_err(|error| (change.clone(), error))?;
            self.begun = true;
        }
        Ok(())
    }

    /// Back to what was, from what is there now.
    async fn lead_back(&self, error: &ServiceError, now: &[Row]) -> Diagnostics {
        if changes(&ranked(now), &Target::as_seen(&ranked(self.before))).is_empty() {
            return self.failed(error, WayBack::NothingDone, now).into();
        }
        let outcome = self.insistent.make_all(now, self.before).await;
        let after = self.insistent.placed_rows().await.unwrap_or_default();
        let back = match &outcome {
            Ok(()) => WayBack::AsBefore,
            Err(second) => WayBack::Failed(second),
        };
        self.failed(error, back, &after).into()
    }

    /// `now` is empty where it could not be read.
    fn failed(&self, error: &ServiceError, back: WayBack<'_>, now: &[Row]) -> tf_core::Diagnostic {
        let wished: Vec<String> = self.wish.iter().map(|id| name_of(self.before, id)).collect();
        let active: Vec<String> =
            now.iter().filter(|it| it.member.active).map(|it| it.name.clone()).collect();
        let active = if now.is_empty() { Err(()) } else { Ok(active.as_slice()) };
        errors::several_failed(self.group.exclusive, &self.group.id, &wished, error, (back, active))
    }
}

/// The group over a session that goes on after an interrupt.
struct Insistent {
    session: crate::session::Session,
    exclusive: &'static crate::dialects::Exclusive,
    id: SysId,
    of: Vec<SysId>,
}

impl Insistent {
    fn group(&self) -> Group<'_> {
        Group::new(&self.session, self.exclusive, self.id.clone()).among(&self.of)
    }

    async fn placed_rows(&self) -> Result<Vec<Row>, ServiceError> {
        self.group().placed_rows().await
    }

    async fn make(&self, change: &Change, rows: &[Row]) -> Result<(), ServiceError> {
        self.group().make(change, rows).await
    }

    /// Makes members what they were. What cannot be given its place again is activated all the same; nothing is activated
    /// beside what could not be switched off.
    async fn make_all(&self, now: &[Row], before: &[Row]) -> Result<(), ServiceError> {
        let mut failed = Ok(());
        let mut is_mixed = false;
        for change in changes(&ranked(now), &Target::as_seen(&ranked(before))) {
            if is_mixed && matches!(change, Change::On(_)) {
                continue;
            }
            if let Err(error) = self.make(&change, now).await {
                is_mixed |= matches!(change, Change::Off(_));
                failed = failed.and(Err(error));
            }
        }
        failed
    }
}

/// The members in the order in which the instance would choose: by place, those without one last, and where places tell
/// nothing as `known` has them, then by name.
pub fn in_order(rows: &[Row], known: &[SysId]) -> Vec<Row> {
    let mut rows = rows.to_vec();
    let seen = |row: &Row| known.iter().position(|it| *it == row.member.sys_id).unwrap_or(usize::MAX);
    rows.sort_by_key(|row| {
        let place = row.place.as_deref().and_then(number);
        (place.is_none(), place, seen(row), row.name.clone())
    });
    rows
}

fn ranked(rows: &[Row]) -> Vec<Ranked> {
    let ranked = |it: &Row| Ranked { member: it.member.clone(), rank: it.place.as_deref().and_then(number) };
    rows.iter().map(ranked).collect()
}

fn number(text: &str) -> Option<i64> {
    text.trim().parse().ok()
}
