//! The simulator: an instance with its journal and its faults, shared by whoever asks.

mod moments;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;
use servicenow_core::{Request, Response};
use uuid::Uuid;

use crate::answer;
use crate::arrival::Arrival;
use crate::clock::Clock;
use crate::control::{self, PeopleError, Person, add_people};
use crate::dictionary::{Application, application};
use crate::exchange::{Aside, Exchange};
use crate::faults::{Fault, FaultKind, Faults, WrongCertificate};
use crate::fixture::{self, Fixture, FixtureError};
use crate::instance::{Instance, InstanceError, text};
use crate::journal::{Asked, Journal};
use crate::settings::{BODY_BYTES_MAX, SettingError};
use crate::sign_in::sessions::Sessions;
use crate::store::readers::Readers;
use crate::store::{Row, Store, StoreError};
use crate::traffic::Traffic;

/// The administrator that every instance has.
pub const ADMINISTRATOR: &str = "admin";

/// Where links of an in-process instance point.
const BASE_URL_DEFAULT: &str = "https://instance.example";
/// The fact that says that an instance is not new.
const FILLED: &str = "filled";
/// Query parameters that hold secrets and are no columns.
const SECRET_PARAMETERS: [&str; 3] = ["x-sn-apikey", "client_secret", "assertion"];

/// How an instance is opened.
#[derive(Clone, Debug)]
pub struct Options {
    /// The file that keeps the rows; without it they are in memory.
    pub data: Option<PathBuf>,
    /// What a new instance holds; ignored when the file has rows already.
    pub fixture: Fixture,
    /// Applications beside the platform itself: names of [`crate::APPLICATIONS`].
    pub applications: Vec<String>,
    /// JSON files that describe more tables and columns; the guide of the simulator tells their format.
    pub tables: Vec<PathBuf>,
    /// Names and values of settings that differ from their defaults.
    pub settings: Vec<(String, String)>,
    /// The instance's own URL: where links point.
    pub base_url: String,
    /// The administrator's password; without it a random one, or the one that the file has.
    pub password: Option<String>,
    /// The time.
    pub now: Clock,
    /// Users beside those of the fixture.
    pub people: Vec<Person>,
}

impl Default for Options {
    fn default() -> Options {
        Options {
            data: None,
            fixture: Fixture::default(),
            applications: Vec::new(),
            tables: Vec::new(),
            settings: Vec::new(),
            base_url: BASE_URL_DEFAULT.to_owned(),
            password: None,
            now: Clock::default(),
            people: Vec::new(),
        }
    }
}

pub use moments::{MomentError, SecretState};

/// A simulator that cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum SimulatorError {
    /// Tables or rows.
    #[error(transparent)]
    Instance(#[from] InstanceError),
    /// A setting.
    #[error(transparent)]
    Setting(#[from] SettingError),
    /// What a new instance holds.
    #[error(transparent)]
    Fixture(#[from] FixtureError),
    /// People of a file.
    #[error(transparent)]
    People(#[from] PeopleError),
    /// The rows of an older instance.
    #[error("the rows of the simulated instance cannot be used")]
    Store(#[from] StoreError),
}

/// A simulated instance. Clones share it.
#[derive(Clone, Debug)]
pub struct Simulator {
    state: Arc<Mutex<State>>,
}

/// What changes while an instance runs.
#[derive(Debug)]
pub struct State {
    /// Tables, rows and settings.
    pub instance: Instance,
    /// The troubles to come.
    pub faults: Faults,
    /// What was asked.
    pub journal: Journal,
    /// The rows of a node that lags behind.
    pub lagging: Option<Store>,
    /// More connections to the file of the rows, if there is one.
    pub readers: Option<Arc<Readers>>,
    /// Rows that were kept for later, by name.
    pub snapshots: BTreeMap<String, Store>,
    /// Who is signed in by a cookie.
    pub sessions: Sessions,
    /// What is going on.
    pub traffic: Traffic,
    options: Options,
    secret_columns: Vec<String>,
}

impl Simulator {
    /// Opens an instance, and fills it if it is new.
    pub fn open(options: Options) -> Result<Simulator, SimulatorError> {
        let instance = open(&options)?;
        let mut secret_columns = instance.dictionary.secret_columns();
        secret_columns.extend(SECRET_PARAMETERS.map(str::to_owned));
        let readers = options.data.as_deref().map(|it| Arc::new(Readers::of(it)));
        let state = State {
            instance,
            readers,
            faults: Faults::default(),
            journal: Journal::default(),
            lagging: None,
            snapshots: BTreeMap::new(),
            sessions: Sessions::default(),
            traffic: Traffic::default(),
            options,
            secret_columns,
        };
        Ok(Simulator { state: Arc::new(Mutex::new(state)) })
    }

    /// The instance's answer. It never waits: delays count over HTTP only. A lost answer has the status 0.
    pub fn answer(&self, request: &Request) -> Response {
        // Nothing waits here, so that one request is over before the next one comes.
        self.exchange(&Arrival { takes_time: false, ..Arrival::plain(request) }).received()
    }

    /// The instance's answer, and how it is to be delivered.
    pub(crate) fn exchange(&self, arrival: &Arrival) -> Exchange {
        let mut state = self.lock();
        if control::is_for_control(&arrival.request.path) {
            return Exchange::plain(control::answer(&mut state, &arrival.request));
        }
        let begun = state.begin(arrival);
        let aside = state.aside(arrival, &begun);
        let done = match aside {
            Some(Aside::Rows(asked, instance)) => {
                let readers = state.readers.clone();
                drop(state);
                let answered = asked.answered(&instance);
                if let Some(readers) = readers {
                    readers.end(instance.store);
                }
                state = self.lock();
                // What a reader cannot do, because something must be written first, the writer can.
                let answered = answered.or_else(|_| asked.answered(&state.instance));
                Some(answered.unwrap_or_else(|it| broken(&it)).into())
            }
            Some(Aside::Answered(response)) => Some(response.into()),
            None => state.finish_work(arrival, &begun),
        };
        state.end(arrival, begun, done)
    }

    /// How large a body may be.
    pub(crate) fn body_bytes_max(&self) -> usize {
        let bytes = self.lock().instance.ruled_number(BODY_BYTES_MAX).unwrap_or_default();
        usize::try_from(bytes).unwrap_or(usize::MAX)
    }

    /// Changes a setting.
    pub fn set(&self, key: &str, value: &str) -> Result<(), SettingError> {
        self.lock().instance.settings.set(key, value)
    }

    /// Plans a trouble. One that needs rows which cannot be copied is not planned.
    pub fn fault(&self, fault: Fault) {
        let _ = self.lock().plan(fault);
    }

    /// What is wrong with the certificate of this TLS handshake.
    pub(crate) fn handshake(&self) -> Option<WrongCertificate> {
        self.lock().faults.take_handshake()
    }

    /// Forgets the troubles that are still to come.
    pub fn clear_faults(&self) {
        self.lock().faults.clear();
    }

    /// The name of the administrator.
    pub fn username(&self) -> String {
        ADMINISTRATOR.to_owned()
    }

    /// The administrator's password; nothing when somebody made it unusable.
    pub fn password(&self) -> String {
        password(&self.lock().instance).ok().flatten().unwrap_or_default()
    }

    /// The header with which the administrator signs in.
    pub fn authorization(&self) -> (String, String) {
        let proof = STANDARD.encode(format!("{}:{}", self.username(), self.password()));
        answer::header("Authorization", &format!("Basic {proof}"))
    }

    /// What was asked so far, as `GET /_sim/journal` answers it.
    pub fn journal(&self) -> Value {
        self.lock().journal.to_json()
    }

    /// Empties the journal.
    pub fn clear_journal(&self) {
        self.lock().journal.clear();
    }

    /// What the platform would decrypt: nothing when no such record or two-way password is there, when it is empty, or
    /// when it was stored without being encrypted.
    pub fn stored_secret(&self, table: &str, sys_id: &str, column: &str) -> Option<String> {
        self.lock().instance.stored_secret(table, sys_id, column).ok().flatten()
    }

    /// All rows of a table and of those that extend it, as they are stored; nothing for an unknown table.
    pub fn rows(&self, table: &str) -> Vec<BTreeMap<String, String>> {
        let state = self.lock();
        let instance = &state.instance;
        let found = instance.store.matching(&instance.dictionary, table, &[]).unwrap_or_default();
        found.into_iter().map(|(_, row)| row).collect()
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// Plans a trouble, and gives it the seed that it needs.
    pub fn plan(&mut self, fault: Fault) -> Result<(), StoreError> {
        let seed = fault.seed.unwrap_or_else(|| u64::from(Uuid::new_v4().as_fields().0));
        if fault.kind == FaultKind::StaleRead {
            self.lagging = Some(self.instance.store.copy()?);
        }
        self.faults.add(Fault { seed: fault.is_random().then_some(seed), ..fault });
        Ok(())
    }

    /// Leads back to what a new instance has: rows, settings and time. Nothing is planned and nothing noted any more; the
    /// administrator keeps the password, and snapshots are kept.
    pub fn start_over(&mut self) -> Result<(), SimulatorError> {
        let password = password(&self.instance)?;
        let fresh = open(&Options { data: None, password, ..self.options.clone() })?;
        self.instance.store.replace_by(&fresh.store)?;
        self.instance.settings = fresh.settings;
        self.instance.plans.clear();
        self.instance.clock.return_to_machine();
        self.faults.clear();
        self.journal.clear();
        self.sessions = Sessions::default();
        self.traffic = Traffic::default();
        self.lagging = None;
        Ok(())
    }

    /// Writes down what was asked.
    pub fn note(&mut self, asked: Asked<'_>) {
        self.journal.add(asked, &self.secret_columns);
    }
}

/// An instance with its settings and, if it is new, with its rows.
fn open(options: &Options) -> Result<Instance, SimulatorError> {
    let Options { data, fixture, applications, tables, settings, base_url, password, now, people } = options;
    let mut instance = Instance::open(data.as_deref(), applications, tables, now.clone(), base_url)?;
    let installed: Result<Vec<_>, _> = applications.iter().map(|it| application(it)).collect();
    let installed = installed.map_err(InstanceError::from)?;
    for (name, value) in settings {
        instance.settings.set(name, value)?;
    }
    instance.store.work(|| prepare(&instance, &installed, fixture, password.clone()))?;
    instance.store.work(|| add_people(&instance, people))?;
    instance.store.settle()?;
    Ok(instance)
}

fn prepare(
    instance: &Instance,
    applications: &[&Application],
    fixture: &Fixture,
    chosen: Option<String>,
) -> Result<(), SimulatorError> {
    if instance.store.fact(FILLED)?.is_none() {
        fixture::fill(instance, applications, fixture)?;
        instance.store.note(FILLED, "true")?;
    }
    let kept = password(instance)?.filter(|it| !it.is_empty());
    match (chosen, kept) {
        (Some(chosen), _) => set_password(instance, &chosen)?,
        (None, Some(_)) => {}
        (None, None) => set_password(instance, &Uuid::new_v4().simple().to_string())?,
    }
    Ok(())
}

fn broken(error: &StoreError) -> Response {
    answer::failures::broken(&error.to_string())
}

fn administrator(instance: &Instance) -> Result<Option<Row>, StoreError> {
    let named = [("user_name", ADMINISTRATOR)];
    let found = instance.store.matching(&instance.dictionary, "sys_user", &named)?;
    Ok(found.into_iter().next().map(|(_, row)| row))
}

fn password(instance: &Instance) -> Result<Option<String>, StoreError> {
    match administrator(instance)? {
        Some(row) => instance.store.decrypt(text(&row, "user_password")),
        None => Ok(None),
    }
}

fn set_password(instance: &Instance, password: &str) -> Result<(), StoreError> {
    if let Some(row) = administrator(instance)? {
        let changes = Row::from([("user_password".to_owned(), instance.store.encrypt(password)?)]);
        instance.store.update("sys_user", text(&row, "sys_id"), &changes)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests;
