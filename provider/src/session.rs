//! What the resources of one process share: the client, what was learnt of the instance, one lock per group.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use reconcile::exclusive::Belief;
use servicenow_client::{Client, Transport};
use servicenow_core::SysId;
use tf_core::{Diagnostic, Diagnostics, Secret};

use crate::claims::Claims;
use crate::columns::Columns;
use crate::dialects::Rule;
use crate::environment_hosts::EnvironmentHosts;
use crate::errors;
use crate::foreseen::Foreseen;
use crate::outside::Outside;
use crate::resources::mid::status::MidServers;
use crate::settings::Settings;
use crate::states::States;

/// What a write does when somebody else changed the record since the plan was made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum OnConflict {
    /// It stops and says who changed what.
    #[default]
    Error,
    /// It goes on.
    Overwrite,
}

/// A configured connection to one instance. Clones share everything but the time they may take.
#[derive(Clone)]
pub struct Session {
    /// Talks to the instance.
    pub client: Client,
    /// The one seam to the world, for ids.
    pub transport: Arc<dyn Transport>,
    /// The address of the instance, for messages.
    pub instance: String,
    /// What a write does about a change that it did not know of.
    pub on_conflict: OnConflict,
    /// Columns that are called otherwise on this instance than in the layouts.
    pub columns: Arc<Columns>,
    /// What the states of integrations and messages are called on this instance.
    pub states: Arc<States>,
    missed: Arc<Mutex<HashSet<(&'static str, &'static str)>>>,
    meanings: Arc<Mutex<HashMap<(&'static str, String), String>>>,
    /// Which hosts belong to which environment.
    pub environment_hosts: Arc<EnvironmentHosts>,
    /// Who wants to say which member of a group is active.
    pub claims: Arc<Claims>,
    /// What a plan can know of records that an apply will look for.
    pub foreseen: Arc<Foreseen>,
    beliefs: Arc<Mutex<BTreeMap<&'static str, Belief>>>,
    said: Arc<Mutex<Diagnostics>>,
    seen: Arc<Mutex<HashSet<(&'static str, SysId)>>>,
    /// Held while the instance is asked who keeps the one-active rule, so that it is asked once.
    pub learning: Arc<tokio::sync::Mutex<()>>,
    locks: Arc<Mutex<HashMap<SysId, Arc<tokio::sync::Mutex<()>>>>>,
    /// Whether several writes in one request do not work for this user.
    is_batch_refused: Arc<AtomicBool>,
    told_of_outage: Arc<AtomicBool>,
    told: Arc<Mutex<HashSet<String>>>,
    /// The MID servers, looked up once; nothing when this user may not see them.
    pub mid_servers: Arc<tokio::sync::OnceCell<Option<MidServers>>>,
}

impl Session {
    /// A session over a transport.
    pub fn new(settings: &Settings, transport: Arc<dyn Transport>) -> Session {
        let client = Client::new(transport.clone()).with_read_strategy(settings.read_strategy);
        let client = settings.concurrency.map_or(client.clone(), |it| client.with_concurrency(it));
        Session {
            client,
            claims: Arc::new(Claims::new(format!("{:x}", transport.random().to_bits()))),
            foreseen: Arc::default(),
            transport,
            instance: settings.url.to_string(),
            on_conflict: settings.on_conflict,
            columns: Arc::new(settings.columns.clone()),
            states: Arc::new(settings.states.clone()),
            missed: Arc::default(),
            meanings: Arc::default(),
            environment_hosts: Arc::new(settings.environment_hosts.clone()),
            beliefs: Arc::new(Mutex::new(settings.beliefs.clone())),
            said: Arc::default(),
            seen: Arc::default(),
            learning: Arc::default(),
            locks: Arc::default(),
            is_batch_refused: Arc::default(),
            told_of_outage: Arc::default(),
            told: Arc::default(),
            mid_servers: Arc::default(),
        }
    }

    /// The same session for one operation that has to end within so many milliseconds.
    pub fn for_operation(&self, budget_ms: u64) -> Session {
        Session { client: self.client.for_operation(budget_ms), ..self.clone() }
    }

    /// The same session for what has to be finished, even when Terraform is interrupted.
    pub fn insistent(&self) -> Session {
        Session { client: self.client.insistent(), ..self.clone() }
    }

    /// Who keeps a rule, as far as is known.
    pub fn belief(&self, rule: &Rule) -> Belief {
        let beliefs = self.beliefs.lock().unwrap_or_else(PoisonError::into_inner);
        beliefs.get(rule.setting).copied().unwrap_or(rule.assumed)
    }

    /// Remembers who keeps a rule for the rest of the run.
    pub fn believe(&self, rule: &Rule, belief: Belief) {
        self.beliefs.lock().unwrap_or_else(PoisonError::into_inner).insert(rule.setting, belief);
    }

    /// Whether this user was refused several writes in one request during this run.
    pub fn is_batch_refused(&self) -> bool {
        self.is_batch_refused.load(Ordering::SeqCst)
    }

    /// Remembers that several writes in one request are refused.
    pub fn refuses_batches(&self) {
        self.is_batch_refused.store(true, Ordering::SeqCst);
    }

    /// Messages without what the session signs in with and without these secrets: an instance may quote what it was sent.
    pub fn redacted(&self, mut messages: Diagnostics, secrets: &[Secret]) -> Diagnostics {
        for message in &mut messages.0 {
            for secret in secrets {
                secret.redact(&mut message.summary);
                secret.redact(&mut message.detail);
            }
            self.transport.redact(&mut message.summary);
            self.transport.redact(&mut message.detail);
        }
        messages
    }

    /// Whether an error that concerns the whole instance has been told in this run; from now on it has. Terraform asks
    /// for every object on its own, and a thousand times the same message hides what happened.
    pub fn has_told_of_outage(&self) -> bool {
        self.told_of_outage.swap(true, Ordering::SeqCst)
    }

    /// Whether something is told for the first time in this run; from now on it has been.
    pub fn is_first(&self, what: &str) -> bool {
        self.told.lock().unwrap_or_else(PoisonError::into_inner).insert(what.to_owned())
    }

    /// Keeps a warning for the operation that is under way.
    pub fn say(&self, warning: Diagnostic) {
        self.said.lock().unwrap_or_else(PoisonError::into_inner).push(warning);
    }

    /// The warnings that were kept.
    pub fn said(&self) -> Diagnostics {
        std::mem::take(&mut *self.said.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Whether a record was seen during this run: what many others refer to is looked up once.
    pub fn has_seen(&self, table: &'static str, id: &SysId) -> bool {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner).contains(&(table, id.clone()))
    }

    /// Whether nobody has told yet, during this run, that the instance has no such column.
    pub fn is_first_to_miss(&self, table: &'static str, column: &'static str) -> bool {
        self.missed.lock().unwrap_or_else(PoisonError::into_inner).insert((table, column))
    }

    /// Remembers that a record was seen.
    pub fn saw(&self, table: &'static str, id: &SysId) {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner).insert((table, id.clone()));
    }

    /// The id of the record of a table that a name was found to stand for during this run.
    pub fn meaning_of(&self, table: &'static str, name: &str) -> Option<String> {
        let meanings = self.meanings.lock().unwrap_or_else(PoisonError::into_inner);
        meanings.get(&(table, name.to_owned())).cloned()
    }

    /// Remembers what a name stands for: what many refer to is looked up once.
    pub fn means(&self, table: &'static str, name: &str, id: &str) {
        let mut meanings = self.meanings.lock().unwrap_or_else(PoisonError::into_inner);
        meanings.insert((table, name.to_owned()), id.to_owned());
    }

    /// Forgets a record that was removed.
    pub fn forget(&self, id: &SysId) {
        let mut meanings = self.meanings.lock().unwrap_or_else(PoisonError::into_inner);
        meanings.retain(|_, meant| meant != id.as_str());
        drop(meanings);
        self.seen.lock().unwrap_or_else(PoisonError::into_inner).retain(|(_, seen)| seen != id);
    }

    /// The lock of one group: two switches of the same group never overlap in this process.
    pub fn lock(&self, group: &SysId) -> Arc<tokio::sync::Mutex<()>> {
        let mut locks = self.locks.lock().unwrap_or_else(PoisonError::into_inner);
        locks.entry(group.clone()).or_default().clone()
    }
}

/// The place where `configure` puts the session and the resources find it.
#[derive(Default)]
pub struct Shared {
    session: RwLock<Option<Arc<Session>>>,
    /// The settings that were not known when there was no session.
    unknown: RwLock<Vec<String>>,
    /// The world beside the instance.
    outside: Outside,
}

impl Shared {
    /// A place in another world, which tests choose.
    pub fn within(outside: Outside) -> Shared {
        Shared { outside, ..Shared::default() }
    }

    /// The world beside the instance.
    pub fn outside(&self) -> &Outside {
        &self.outside
    }

    /// Replaces the session: in debug mode one process serves many commands.
    pub fn put(&self, session: Option<Arc<Session>>) {
        *self.session.write().unwrap_or_else(PoisonError::into_inner) = session;
    }

    /// Remembers which settings there is no session for want of.
    pub fn wait_for(&self, unknown: Vec<String>) {
        *self.unknown.write().unwrap_or_else(PoisonError::into_inner) = unknown;
    }

    /// The session, if the provider is configured.
    pub fn get(&self) -> Option<Arc<Session>> {
        self.session.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The session.
    ///
    /// # Errors
    /// The provider is not configured, or its settings are not known yet.
    pub fn session(&self) -> Result<Arc<Session>, Diagnostics> {
        self.get().ok_or_else(|| {
            let unknown = self.unknown.read().unwrap_or_else(PoisonError::into_inner);
            errors::not_configured(&unknown).into()
        })
    }
}
