//! The simulator: an instance with its journal and its faults, shared by whoever asks.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;
use servicenow_core::{Request, Response};
use uuid::Uuid;

use crate::answer::{self, failures, pages};
use crate::arrival::Arrival;
use crate::clock::Clock;
use crate::control;
use crate::dictionary::ColumnKind;
use crate::faults::{Fault, FaultKind, Faults};
use crate::fixture::{self, Fixture, FixtureError};
use crate::instance::{Instance, InstanceError, text};
use crate::journal::{Asked, Journal};
use crate::settings::{LATENCY_MS, STATE, SettingError};
use crate::sign_in::sessions::Sessions;
use crate::sign_in::{Caller, sign_in};
use crate::store::{Row, StoreError};

/// The administrator that every instance has.
pub const ADMINISTRATOR: &str = "admin";

/// Where links of an in-process instance point.
const BASE_URL_DEFAULT: &str = "https://instance.example";
/// The fact that says that an instance is not new.
const FILLED: &str = "filled";
/// What a client meets when no answer came: no status code is 0.
const STATUS_LOST: u16 = 0;

/// How an instance is opened.
#[derive(Clone, Debug)]
pub struct Options {
    /// The file that keeps the rows; without it they are in memory.
    pub data: Option<PathBuf>,
    /// What a new instance holds; ignored when the file has rows already.
    pub fixture: Fixture,
    /// Names and values of settings that differ from their defaults.
    pub settings: Vec<(String, String)>,
    /// The instance's own URL: where links point.
    pub base_url: String,
    /// The administrator's password; without it a random one, or the one that the file has.
    pub password: Option<String>,
    /// The time.
    pub now: Clock,
}

impl Default for Options {
    fn default() -> Options {
        Options {
            data: None,
            fixture: Fixture::default(),
            settings: Vec::new(),
            base_url: BASE_URL_DEFAULT.to_owned(),
            password: None,
            now: Clock::default(),
        }
    }
}

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
    sessions: Sessions,
    secret_columns: Vec<String>,
}

/// An answer and how long it is held back.
#[derive(Debug)]
pub struct Exchange {
    /// The answer; its status is 0 when it is lost.
    pub response: Response,
    /// Milliseconds.
    pub delay_ms: u64,
}

impl Simulator {
    /// Opens an instance, and fills it if it is new.
    pub fn open(options: Options) -> Result<Simulator, SimulatorError> {
        let Options { data, fixture, settings, base_url, password, now } = options;
        let mut instance = Instance::open(data.as_deref(), now, &base_url)?;
        for (name, value) in &settings {
            instance.settings.set(name, value)?;
        }
        instance.store.work(|| prepare(&instance, &fixture, password))?;
        let secret_columns = instance.dictionary.secret_columns();
        let state = State {
            instance,
            faults: Faults::default(),
            journal: Journal::default(),
            sessions: Sessions::default(),
            secret_columns,
        };
        Ok(Simulator { state: Arc::new(Mutex::new(state)) })
    }

    /// The instance's answer. It never waits: delays count over HTTP only. A lost answer has the status 0.
    pub fn answer(&self, request: &Request) -> Response {
        self.exchange(&Arrival::plain(request)).response
    }

    /// The instance's answer, and how long it is to be held back.
    pub(crate) fn exchange(&self, arrival: &Arrival) -> Exchange {
        let mut state = self.lock();
        if arrival.request.path.starts_with(control::PREFIX) {
            return Exchange { response: control::answer(&mut state, &arrival.request), delay_ms: 0 };
        }
        state.exchange(arrival)
    }

    /// Changes a setting.
    pub fn set(&self, key: &str, value: &str) -> Result<(), SettingError> {
        self.lock().instance.settings.set(key, value)
    }

    /// Plans a trouble.
    pub fn fault(&self, fault: Fault) {
        self.lock().faults.add(fault);
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

impl Instance {
    /// What the platform would decrypt.
    pub fn stored_secret(
        &self,
        table: &str,
        sys_id: &str,
        column: &str,
    ) -> Result<Option<String>, StoreError> {
        let Some((class, row)) = self.store.find(&self.dictionary, table, sys_id)? else {
            return Ok(None);
        };
        match class.column(column).filter(|it| it.kind == ColumnKind::Password2) {
            Some(_) => self.store.decrypt(text(&row, column)),
            None => Ok(None),
        }
    }
}

impl State {
    fn exchange(&mut self, arrival: &Arrival) -> Exchange {
        let request = &arrival.request;
        let fault = self.faults.take(request);
        let signed_in = sign_in(&self.instance, &mut self.sessions, arrival);
        let mut delay_ms = self.instance.settings.milliseconds(LATENCY_MS);
        let (caller, response) = match signed_in {
            Ok(caller) => {
                let response = match fault.as_ref().and_then(|it| self.refusal(it)) {
                    Some(response) => response,
                    None => {
                        if let Some(FaultKind::Delay { ms }) = fault {
                            delay_ms += ms;
                        }
                        spoil(fault.as_ref(), self.response(arrival, &caller))
                    }
                };
                (caller, response)
            }
            Err(error) => (Caller::default(), failures::broken(&error.to_string())),
        };
        let response = match response.status {
            STATUS_LOST => response,
            _ => answer::finish(arrival, response, &caller),
        };
        self.note(request, &caller, response.status);
        Exchange { response, delay_ms }
    }

    fn note(&mut self, request: &Request, caller: &Caller, status: u16) {
        let user = caller.user.as_ref().map(|it| it.user_name.clone()).unwrap_or_default();
        let asked = Asked { at_ms: self.instance.clock.unix_ms(), user, request, status };
        self.journal.add(asked, &self.secret_columns);
    }

    fn response(&self, arrival: &Arrival, caller: &Caller) -> Response {
        match pages::of_state(self.instance.settings.text(STATE)) {
            Some(page) => page,
            None => answer::answer(&self.instance, arrival, caller)
                .unwrap_or_else(|it| failures::broken(&it.to_string())),
        }
    }

    /// What a fault answers instead of doing the work.
    fn refusal(&self, fault: &FaultKind) -> Option<Response> {
        match fault {
            FaultKind::RefusedBefore { status, body } => {
                Some(Response { body: body.clone().into_bytes(), ..failures::empty(*status) })
            }
            FaultKind::LostBefore => Some(failures::empty(STATUS_LOST)),
            FaultKind::Status { status, retry_after_s } => {
                let now_s = self.instance.clock.unix_ms() / 1000;
                Some(failures::usual(*status, *retry_after_s, now_s))
            }
            FaultKind::Html { status } => {
                Some(pages::html(*status, "Unexpected page", "This page is not what was asked for."))
            }
            _ => None,
        }
    }
}

/// What a fault makes of an answer after the work was done.
fn spoil(fault: Option<&FaultKind>, response: Response) -> Response {
    match fault {
        Some(FaultKind::LostAfter) => failures::empty(STATUS_LOST),
        Some(FaultKind::TruncatedBody) => {
            let mut response = response;
            response.body.truncate(response.body.len() / 2);
            response
        }
        Some(FaultKind::ErrorInBody) => failures::cancelled(response),
        _ => response,
    }
}

fn prepare(instance: &Instance, fixture: &Fixture, chosen: Option<String>) -> Result<(), SimulatorError> {
    if instance.store.fact(FILLED)?.is_none() {
        fixture::fill(instance, fixture)?;
        instance.store.note(FILLED, "true")?;
    }
    fixture::describe(instance)?;
    let kept = password(instance)?.filter(|it| !it.is_empty());
    match (chosen, kept) {
        (Some(chosen), _) => set_password(instance, &chosen)?,
        (None, Some(_)) => {}
        (None, None) => set_password(instance, &Uuid::new_v4().simple().to_string())?,
    }
    Ok(())
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
