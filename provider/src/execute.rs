//! Runs the steps of one resource. No `if` about meaning: what to do was decided before.

use std::collections::{BTreeMap, BTreeSet};

use reconcile::{Cell, Found, Layout, Place, Step, Wanted, steps};
use servicenow_client::WriteStyle;
use servicenow_core::{Record, ServiceError, SysId, TableName, not_kept};
use tf_core::{Diagnostic, Diagnostics, Secret};

use crate::doubts::{self, Outcome};
use crate::errors::{self, Doing, NotKept};
use crate::session::Session;
use crate::tables::Table;

/// Rounds of comparing and writing after which something refuses to settle. The second one finds nothing to do, unless
/// the instance changes on its own.
const ROUNDS_MAX: usize = 4;

/// The records of one resource on their way to what is wanted.
pub struct Run<'a> {
    /// The instance.
    pub session: &'a Session,
    /// Where the resource lives.
    pub layout: &'static Layout,
    /// The id that a new main record gets.
    pub new_id: SysId,
    /// What is there. After a failure: what is there for certain.
    pub found: Found,
    /// What was there in the beginning.
    before: Found,
    /// Whether the answer to a create got lost, so that the new record may exist.
    pub maybe_created: bool,
    /// How many writes took effect.
    pub writes: usize,
    /// Secret columns that were written.
    pub secrets_written: BTreeSet<&'static str>,
    /// Table and column of what may be missing from an answer without a word: assumed columns that nobody set.
    pub unasked: BTreeSet<(&'static str, &'static str)>,
}

/// Why a run ended early.
#[derive(Debug)]
pub enum Failure {
    /// A request failed.
    Service(ServiceError),
    /// The instance keeps other values in these columns of a table.
    Unsettled(&'static str, Vec<NotKept>),
    /// A mistake of ours.
    Bug(Diagnostics),
}

impl Failure {
    /// As a message.
    pub fn diagnostics(&self, doing: &Doing<'_>, now: &str) -> Diagnostics {
        match self {
            Failure::Service(error) => errors::service(doing, error, now).into(),
            Failure::Unsettled(table, columns) => errors::not_stored(doing, table, columns).into(),
            Failure::Bug(problems) => problems.clone(),
        }
    }
}

impl From<ServiceError> for Failure {
    fn from(error: ServiceError) -> Failure {
        Failure::Service(error)
    }
}

impl From<Diagnostics> for Failure {
    fn from(problems: Diagnostics) -> Failure {
        Failure::Bug(problems)
    }
}

impl From<Diagnostic> for Failure {
    fn from(problem: Diagnostic) -> Failure {
        Failure::Bug(problem.into())
    }
}

impl<'a> Run<'a> {
    /// A run from what was found.
    pub fn new(session: &'a Session, layout: &'static Layout, found: Found) -> Run<'a> {
        let new_id = session.transport.new_sys_id();
        Run {
            session,
            layout,
            new_id,
            before: found.clone(),
            found,
            maybe_created: false,
            writes: 0,
            secrets_written: BTreeSet::new(),
            unasked: BTreeSet::new(),
        }
    }

    /// Compares and writes until nothing is left to do.
    ///
    /// # Errors
    /// A request failed, or the instance keeps something else than what was sent.
    pub async fn settle(&mut self, wanted: &[Wanted], mut rewrite: BTreeSet<&str>) -> Result<(), Failure> {
        let mut before: Vec<Step> = Vec::new();
        for _ in 0..ROUNDS_MAX {
            let list = steps(wanted, &self.found, self.layout, &rewrite);
            if list.is_empty() {
                return Ok(());
            }
            // The same again right after it was written: the instance does not want it.
            if list == before {
                break;
            }
            for step in &list {
                self.step(step).await?;
                self.writes += 1;
            }
            rewrite.clear();
            before = list;
        }
        Err(self.unsettled(&steps(wanted, &self.found, self.layout, &rewrite)).await)
    }

    /// What the instance keeps otherwise than it was sent.
    async fn unsettled(&self, left: &[Step]) -> Failure {
        let written = |step: &Step| match step {
            Step::Create { place, table, cells } | Step::Update { place, table, cells, .. } => {
                Some((place.clone(), *table, self.texts(cells)))
            }
            Step::WriteSecrets { .. } | Step::Delete { .. } => None,
        };
        let Some((place, table, sent)) = left.iter().find_map(written) else {
            return errors::bug("a change does not settle although nothing differs").into();
        };
        let after = self.found.get(&place).cloned().unwrap_or_default();
        let outcome = Outcome { table, sent: &sent, before: self.before.get(&place), after: &after };
        Failure::Unsettled(table, outcome.explained(self.session, not_kept(&sent, &after)).await)
    }

    /// Columns that were sent and are not in the answer: nobody can say what became of them.
    async fn compare(&self, table: &'static str, sent: &BTreeMap<String, String>, row: &Record) {
        let absent: Vec<&str> = sent
            .iter()
            // Nothing was to be there, and nothing is seen.
            .filter(|(column, value)| row.get(column).is_none() && !value.is_empty())
            .filter(|(column, _)| !self.unasked.iter().any(|it| *it == (table, column.as_str())))
            .map(|(column, _)| column.as_str())
            .collect();
        let unseen = doubts::unseen(self.session, table, &absent).await;
        if !unseen.is_empty() {
            self.session.say(errors::not_verified(table, &unseen));
        }
    }

    async fn step(&mut self, step: &Step) -> Result<(), Failure> {
        match step {
            Step::Create { place, table: name, cells } => {
                let (table, cells) = (Table::of(self.session, name)?, self.texts(cells));
                let id = self.id_for(place);
                let created = table.create(&id, &cells, &self.columns(place)).await;
                if let Err(error) = &created {
                    self.maybe_created |= error.kind.may_have_taken_effect() && self.is_main(place.slot);
                }
                let row = created?;
                self.compare(name, &cells, &row).await;
                self.found.insert(place.clone(), row);
            }
            Step::Update { place, table, sys_id, cells } => {
                let cells = self.texts(cells);
                self.write(place, table, sys_id, &cells, WriteStyle::ActualValues).await?;
                if let Some(row) = self.found.get(place) {
                    self.compare(table, &cells, row).await;
                }
            }
            Step::WriteSecrets { place, table, cells } => {
                let id = self.found.get(place).map(|it| it.text("sys_id").parse::<SysId>());
                let Some(Ok(id)) = id else {
                    return Err(errors::bug("a secret has no record to go to").into());
                };
                let texts =
                    cells.iter().map(|(name, it)| ((*name).to_owned(), it.expose().to_owned())).collect();
                // Encrypted columns are stored in usable form through the display-value path alone.
                self.write(place, table, &id, &texts, WriteStyle::DisplayValues).await?;
                self.secrets_written.extend(cells.keys());
            }
            Step::Delete { place, table, sys_id } => {
                Table::of(self.session, table)?.delete(sys_id).await?;
                self.session.forget(sys_id);
                self.found.remove(place);
            }
        }
        Ok(())
    }

    async fn write(
        &mut self,
        place: &Place,
        table: &str,
        id: &SysId,
        cells: &BTreeMap<String, String>,
        style: WriteStyle,
    ) -> Result<(), Failure> {
        let row = Table::of(self.session, table)?.update(id, cells, &self.columns(place), style).await?;
        self.found.insert(place.clone(), row);
        Ok(())
    }

    fn texts(&self, cells: &BTreeMap<&'static str, Cell>) -> BTreeMap<String, String> {
        let text = |cell: &Cell| match cell {
            Cell::Slot(slot) => self.found.one(slot).map(|it| it.text("sys_id").to_owned()),
            other => other.text(),
        };
        cells.iter().filter_map(|(name, cell)| Some(((*name).to_owned(), text(cell)?))).collect()
    }

    fn columns(&self, place: &Place) -> Vec<&'static str> {
        self.layout.record(place.slot).map(reconcile::RecordLayout::readable).unwrap_or_default()
    }

    fn is_main(&self, slot: &str) -> bool {
        self.layout.main().is_some_and(|it| it.slot == slot)
    }

    fn id_for(&self, place: &Place) -> SysId {
        if self.is_main(place.slot) { self.new_id.clone() } else { self.session.transport.new_sys_id() }
    }
}

/// Writes secrets of a record in a request of their own: encrypted columns are stored in usable form through the
/// display-value path alone.
///
/// # Errors
/// The request failed.
pub async fn write_secrets(
    session: &Session,
    table: &TableName,
    id: &SysId,
    secrets: &BTreeMap<String, Secret>,
    columns: &[&str],
) -> Result<Record, ServiceError> {
    let texts = secrets.iter().map(|(name, it)| (name.clone(), it.expose().to_owned())).collect();
    session.client.update(table, id, &texts, columns, WriteStyle::DisplayValues).await
}
