//! The messages of a group that have not come to their end, and what the instance calls the states that tell so.

use reconcile::{Choices, drain};
use servicenow_core::{Query, Record, SysId};

use crate::choices::{self, Meant};
use crate::dialects::Traffic;
use crate::errors::{Left, Undrained};
use crate::execute::Failure;
use crate::session::Session;
use crate::tables::Table;

/// Unfinished messages of one group at most: more of them are no queue that comes to its end while somebody waits, but a
/// state of finished ones that is called otherwise.
const UNFINISHED_MAX: u64 = 2_000;

/// What the direction of a message says that comes in. It goes through no connection, and no pause holds it back.
const INBOUND: &str = "inbound";

/// What states are called on the instance, as they are stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stored {
    /// A group that holds messages back.
    pub paused: String,
    waiting: Vec<String>,
    finished: Vec<String>,
}

/// A message that has not come to its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unfinished {
    /// What decides over it.
    pub message: drain::Message,
    /// How people know it.
    pub left: Left,
}

/// What the state of a group is called that holds its messages back.
///
/// # Errors
/// The instance could not be asked, or has no such state.
pub async fn paused(session: &Session, traffic: &Traffic) -> Result<String, Undrained> {
    let word = session.states.paused.as_deref().unwrap_or(traffic.paused);
    match meant(session, traffic.state, word).await? {
        Meant::Value(value) => Ok(value),
        Meant::OneOf(offered) => Err(no_state(traffic.state, "paused", word, offered)),
    }
}

impl Stored {
    /// Asks the instance what the states are called.
    ///
    /// # Errors
    /// The instance could not be asked, or has none of that name.
    pub async fn of(session: &Session, traffic: &Traffic) -> Result<Stored, Undrained> {
        let (given, choices) = (&session.states, traffic.progress);
        Ok(Stored {
            paused: paused(session, traffic).await?,
            waiting: values(session, choices, "queued", (&given.queued, traffic.waiting)).await?,
            finished: values(session, choices, "finished", (&given.finished, traffic.finished)).await?,
        })
    }
}

/// The values of the words that somebody gave, all of which have to be there, or else of those of ours that are.
async fn values(
    session: &Session,
    choices: &Choices,
    key: &'static str,
    (given, ours): (&[String], &[&str]),
) -> Result<Vec<String>, Undrained> {
    let is_given = !given.is_empty();
    let words: Vec<&str> = if is_given { given.iter().map(String::as_str).collect() } else { ours.to_vec() };
    let (mut values, mut refused) = (Vec::new(), None);
    for word in words {
        match meant(session, choices, word).await? {
            Meant::Value(value) => values.push(value),
            Meant::OneOf(offered) => refused = refused.or(Some((word, offered))),
        }
    }
    match refused {
        Some((word, offered)) if is_given || values.is_empty() => Err(no_state(choices, key, word, offered)),
        _ => Ok(values),
    }
}

async fn meant(session: &Session, choices: &Choices, word: &str) -> Result<Meant, Undrained> {
    choices::meant(session, choices, word).await.map_err(|failure| match failure {
        Failure::Service(error) => Undrained::Failed(error),
        Failure::Bug(problems) => Undrained::Ours(problems),
        Failure::Unsettled(..) => Undrained::Ours(crate::errors::bug("a list of choices was written").into()),
    })
}

fn no_state(choices: &Choices, key: &'static str, word: &str, offered: Vec<String>) -> Undrained {
    Undrained::NoState { column: choices.name, key, word: word.to_owned(), offered }
}

/// The table of messages has the columns that are asked about. An instance may answer a question about a column that it
/// does not have with no records, which would look like the end of all messages.
///
/// # Errors
/// It has not, or they are hidden.
pub async fn check_columns(session: &Session, traffic: &Traffic) -> Result<(), Undrained> {
    let table = Table::of(session, traffic.progress.table)?;
    let columns = [traffic.group, traffic.progress.column];
    let missing =
        |column: &&str| Undrained::NoColumn { table: traffic.progress.table, column: table.column(column) };
    if let Some(dictionary) = session.dictionary(traffic.progress.table).await {
        let absent = columns.iter().find(|it| !dictionary.has(&table.column(it)));
        return absent.map_or(Ok(()), |it| Err(missing(it)));
    }
    let first = table.pages(&Query::new(), &columns, Some(1)).next().await?;
    let first = first.unwrap_or_default().into_iter().next().map(|it| table.ours(it));
    let absent = first.and_then(|row| columns.iter().find(|it| row.get(it).is_none()).map(missing));
    absent.map_or(Ok(()), Err)
}

/// The unfinished messages of a group that go out, the oldest first.
///
/// # Errors
/// They could not be read, some are hidden from this user, or there are too many.
pub async fn unfinished(
    session: &Session,
    traffic: &Traffic,
    group: &SysId,
    stored: &Stored,
) -> Result<Vec<Unfinished>, Undrained> {
    let name = traffic.progress.table;
    let table = Table::of(session, name)?;
    let state = table.column(traffic.progress.column);
    let query = table.query(&[(traffic.group, group.as_str())]);
    let query = stored.finished.iter().try_fold(query?, |query, it| query.not_equals(&state, it))?;
    let columns =
        [traffic.group, traffic.progress.column, traffic.number, traffic.direction, "sys_created_on"];
    let mut pages = table.pages(&query, &columns, Some(UNFINISHED_MAX));
    let mut rows: Vec<Record> = Vec::new();
    while let Some(page) = pages.next().await? {
        rows.extend(page.into_iter().map(|it| table.ours(it)));
    }
    let (seen, counted) = (u64::try_from(rows.len()).unwrap_or(u64::MAX), pages.counted());
    match counted {
        Some(counted) if counted > UNFINISHED_MAX => return Err(Undrained::TooMany { table: name, counted }),
        Some(counted) if counted <= seen => {}
        // Rows that come to their end between two pages are few, and the next apply looks again.
        _ => return Err(Undrained::Hidden { table: name }),
    }
    rows.retain(|it| !it.text(traffic.direction).eq_ignore_ascii_case(INBOUND));
    let age = |it: &Record| (it.text("sys_created_on").to_owned(), it.text(traffic.number).to_owned());
    rows.sort_by_key(age);
    Ok(rows.iter().map(|it| message(it, traffic, stored)).collect())
}

fn message(row: &Record, traffic: &Traffic, stored: &Stored) -> Unfinished {
    let (id, state) = (row.text("sys_id"), row.text(traffic.progress.column));
    let number = row.get(traffic.number).filter(|it| !it.is_empty()).unwrap_or(id);
    Unfinished {
        message: drain::Message {
            id: id.to_owned(),
            is_waiting: stored.waiting.iter().any(|it| it.eq_ignore_ascii_case(state)),
        },
        left: Left {
            number: number.to_owned(),
            state: state.to_owned(),
            since: row.text("sys_created_on").to_owned(),
        },
    }
}
