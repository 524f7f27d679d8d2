//! A switch while nothing is on its way: the group is kept from sending, what is in work comes to its end, and whatever
//! becomes of the switch, the group sends again or a message says that it does not.

use std::collections::BTreeMap;

use reconcile::drain::{self, Next, Waiting};
use servicenow_client::{Freshness, WriteStyle};
use servicenow_core::ServiceError;
use tf_core::Diagnostics;

use super::Group;
use super::messages::{Stored, Unfinished, check_columns, unfinished};
use crate::dialects::Traffic;
use crate::errors::{self, Left, Undrained, Why};
use crate::session::Session;
use crate::tables::Table;

/// Between the first two looks; each wait is twice the one before.
const WAIT_FIRST_MS: u64 = 1_000;

/// Between two looks at most: a pause is not to last longer than what it waits for.
const WAIT_MAX_MS: u64 = 10_000;

/// What is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Drain {
    /// What becomes of messages that wait for the old one.
    pub waiting: Waiting,
    /// How long it may take.
    pub longest_ms: u64,
}

/// Who keeps the group from sending.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Held {
    /// Nobody, or somebody else, who also ends it.
    NotByUs,
    /// This switch; with the state that was there before.
    ByUs(String),
}

/// One switch of one group.
struct Course<'a> {
    group: &'a Group<'a>,
    /// The same, for what has to be done after an interrupt too.
    insistent: Session,
    traffic: &'static Traffic,
    drain: Drain,
    held: Held,
    began_ms: u64,
}

impl Group<'_> {
    /// Does some work, which is a switch, while the group is drained. `name` is how people know the group. Besides what the
    /// work gives there is what has to be said all the same: messages that go to the new one, or a group that does not send.
    ///
    /// # Errors
    /// Nothing was switched because the group could not be drained, or the work failed.
    pub async fn drained<T>(
        &self,
        name: &str,
        drain: Drain,
        work: impl Future<Output = Result<T, Diagnostics>>,
    ) -> Result<(T, Diagnostics), Diagnostics> {
        let Some(traffic) = self.exclusive.traffic else {
            return work.await.map(|it| (it, Diagnostics::none()));
        };
        let mut course = Course {
            group: self,
            insistent: self.session.insistent(),
            traffic,
            drain,
            held: Held::NotByUs,
            began_ms: self.session.transport.now_ms(),
        };
        let settled = course.settle().await;
        let outcome = match &settled {
            Ok(_) => Some(work.await),
            Err(_) => None,
        };
        let end = course.resume().await;
        let was_resumed = matches!(end, Ok(true));
        let stays = end
            .err()
            .map(|why| errors::still_paused(self.exclusive, (name, &self.id), course.before(), &why));
        let mut said = Diagnostics(stays.into_iter().collect());
        match (settled, outcome) {
            (Ok(quiet), Some(Ok(it))) => {
                said.extend(self.told(name, &quiet));
                Ok((it, said))
            }
            (Err(reason), _) => {
                let mut problems =
                    Diagnostics::from(errors::not_drained(self.exclusive, name, &reason, was_resumed));
                problems.extend(said);
                Err(problems)
            }
            (Ok(_), outcome) => {
                let mut problems = outcome.and_then(Result::err).unwrap_or_default();
                problems.extend(said);
                Err(problems)
            }
        }
    }

    /// What nobody should overlook after a switch that went well.
    fn told(&self, name: &str, quiet: &Quiet) -> Diagnostics {
        let mut said = Diagnostics::none();
        if !quiet.handed_over.is_empty() {
            said.push(errors::waiting_goes_to_new(self.exclusive, name, &quiet.handed_over));
        }
        if quiet.is_paused_by_others {
            said.push(errors::group_is_paused(self.exclusive, name, &self.id));
        }
        said
    }
}

/// A group that may be switched now.
struct Quiet {
    /// What waits for the old one and goes to the new one.
    handed_over: Vec<Left>,
    /// Whether somebody else holds its messages back, and goes on doing so.
    is_paused_by_others: bool,
}

impl Course<'_> {
    /// Waits until the group may be switched.
    async fn settle(&mut self) -> Result<Quiet, Undrained> {
        let stored = Stored::of(self.group.session, self.traffic).await?;
        check_columns(self.group.session, self.traffic).await?;
        let state = self.state(self.group.session).await?;
        let is_on = self.group.rows().await?.iter().any(|it| it.member.active);
        let is_paused_by_others = state == stored.paused;
        let mut course = drain::Drain::new(self.drain.waiting, is_paused_by_others || !is_on);
        let mut wait_ms = WAIT_FIRST_MS;
        loop {
            let seen = unfinished(self.group.session, self.traffic, &self.group.id, &stored).await?;
            let messages: Vec<drain::Message> = seen.iter().map(|it| it.message.clone()).collect();
            match course.next(&messages) {
                Next::Switch => {
                    self.is_still(&stored).await?;
                    return Ok(Quiet { handed_over: self.handed_over(seen), is_paused_by_others });
                }
                Next::Pause => {
                    self.pause(&state, &stored).await?;
                    wait_ms = WAIT_FIRST_MS;
                    continue;
                }
                // It is tried once more when all is over, and then said why not.
                Next::Resume => self.resume().await.map(|_| ()).map_err(|_| Undrained::NotResumed)?,
                Next::Held(ids) => {
                    return Err(Undrained::Held { left: named(&seen, &ids), is_paused: is_paused_by_others });
                }
                Next::NotHeld(ids) => return Err(Undrained::NotHeld { left: named(&seen, &ids) }),
                Next::Wait => {}
            }
            let left_ms = self.left_ms();
            if left_ms == 0 {
                return Err(self.late(&seen));
            }
            self.group.session.client.wait_ms(wait_ms.min(left_ms)).await;
            wait_ms = (wait_ms * 2).min(WAIT_MAX_MS);
        }
    }

    fn left_ms(&self) -> u64 {
        let gone_ms = self.group.session.transport.now_ms().saturating_sub(self.began_ms);
        self.drain.longest_ms.saturating_sub(gone_ms)
    }

    fn late(&self, seen: &[Unfinished]) -> Undrained {
        let mut states: BTreeMap<String, usize> = BTreeMap::new();
        for it in seen {
            *states.entry(it.left.state.clone()).or_default() += 1;
        }
        Undrained::Late {
            longest_s: self.drain.longest_ms.div_ceil(1_000),
            states,
            oldest: seen.first().map(|it| it.left.clone()),
        }
    }

    /// What waits when nobody waits for it. Whatever came in the pause is for the new one anyway.
    fn handed_over(&self, seen: Vec<Unfinished>) -> Vec<Left> {
        let waits = seen.into_iter().map(|it| it.left);
        if self.drain.waiting == Waiting::SendToNew { waits.collect() } else { Vec::new() }
    }

    async fn state(&self, session: &Session) -> Result<String, ServiceError> {
        let table = Table::of(session, self.traffic.state.table);
        let Ok(table) = table else { return Ok(String::new()) };
        let row = table.read(&self.group.id, &[self.traffic.state.column], Freshness::Now).await?;
        Ok(row.map(|it| it.text(self.traffic.state.column).to_owned()).unwrap_or_default())
    }

    /// Somebody may have resumed it in the meantime.
    async fn is_still(&self, stored: &Stored) -> Result<(), Undrained> {
        if self.held == Held::NotByUs {
            return Ok(());
        }
        let state = self.state(self.group.session).await?;
        if state == stored.paused {
            Ok(())
        } else {
            Err(Undrained::NotKept { wanted: stored.paused.clone(), state })
        }
    }

    /// From the first byte of the request on the group may be paused.
    async fn pause(&mut self, before: &str, stored: &Stored) -> Result<(), Undrained> {
        self.held = Held::ByUs(before.to_owned());
        match self.write(self.group.session, &stored.paused).await {
            Ok(()) => self.is_still(stored).await,
            Err(error) => {
                if !error.kind.may_have_taken_effect() {
                    self.held = Held::NotByUs;
                }
                Err(error.into())
            }
        }
    }

    async fn write(&self, session: &Session, state: &str) -> Result<(), ServiceError> {
        let column = self.traffic.state.column;
        let Ok(table) = Table::of(session, self.traffic.state.table) else { return Ok(()) };
        let cells = BTreeMap::from([(column.to_owned(), state.to_owned())]);
        table.update(&self.group.id, &cells, &[column], WriteStyle::ActualValues).await.map(|_| ())
    }

    /// Lets the group send again, if it was kept from it here and still is, and says whether it was. Where nobody knows
    /// through which connection it would send, or there is none, it stays paused: messages that wait are better than messages
    /// that go astray.
    async fn resume(&mut self) -> Result<bool, Why> {
        let Held::ByUs(before) = self.held.clone() else { return Ok(false) };
        let state = self.state(&self.insistent).await.map_err(Why::Unread)?;
        let paused = super::messages::paused(&self.insistent, self.traffic).await;
        if paused.is_ok_and(|it| it != state) {
            self.held = Held::NotByUs;
            return Ok(false);
        }
        let rows = self.group.rows_insistently().await.map_err(Why::Unread)?;
        match rows.iter().filter(|it| it.member.active).count() {
            1 => {}
            count => return Err(Why::Active(count)),
        }
        self.write(&self.insistent, &before).await.map_err(Why::Refused)?;
        match self.state(&self.insistent).await {
            Ok(now) if now == state => Err(Why::NotKept),
            Ok(_) => {
                self.held = Held::NotByUs;
                Ok(true)
            }
            Err(error) => Err(Why::Unread(error)),
        }
    }

    /// The state to return to.
    fn before(&self) -> &str {
        match &self.held {
            Held::ByUs(before) => before,
            Held::NotByUs => "",
        }
    }
}

fn named(seen: &[Unfinished], ids: &[String]) -> Vec<Left> {
    seen.iter().filter(|it| ids.contains(&it.message.id)).map(|it| it.left.clone()).collect()
}
