//! Sessions: cookies that stand for a user, and the token that unsafe requests in them need.

use std::collections::{BTreeMap, VecDeque};

use servicenow_core::Method;
use uuid::Uuid;

use super::{Proof, Proven, user_named};
use crate::answer::verb;
use crate::arrival::Arrival;
use crate::instance::Instance;
use crate::settings::SESSION_TIMEOUT_MS;
use crate::store::StoreError;

/// The cookie that names the session.
const COOKIE: &str = "JSESSIONID";
/// Sessions kept; the oldest is forgotten, since a client without a cookie jar begins one with every request.
const SESSIONS_MAX: usize = 10_000;

/// A session.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Session {
    /// The value of its cookie.
    pub id: String,
    /// What the header `X-UserToken` must hold in unsafe requests that the cookie alone proves.
    pub token: String,
    /// Whose it is; nobody's before somebody signed in.
    pub user_name: Option<String>,
    /// Whether it began with this request.
    pub is_new: bool,
    used_ms: u64,
}

/// The sessions of an instance.
#[derive(Debug, Default)]
pub struct Sessions {
    by_id: BTreeMap<String, Session>,
    order: VecDeque<String>,
}

impl Sessions {
    /// The session that a request's cookie names, unless it rested for too long.
    pub fn named(&self, instance: &Instance, arrival: &Arrival) -> Result<Option<Session>, StoreError> {
        let Some(session) = cookie(arrival, COOKIE).and_then(|it| self.by_id.get(it)) else {
            return Ok(None);
        };
        let rest_ms_max = instance.ruled_number(SESSION_TIMEOUT_MS)?;
        let lives = instance.clock.unix_ms().saturating_sub(session.used_ms) <= rest_ms_max;
        Ok(lives.then(|| session.clone()))
    }

    /// The session goes on, or a new one begins, with that user.
    pub fn continued(
        &mut self,
        instance: &Instance,
        found: Option<Session>,
        user_name: Option<&str>,
    ) -> Session {
        let known = found.is_some();
        let mut session = found.unwrap_or_else(begun);
        session.used_ms = instance.clock.unix_ms();
        session.user_name = user_name.map(str::to_owned).or(session.user_name);
        session.is_new = false;
        self.by_id.insert(session.id.clone(), session.clone());
        if !known {
            self.order.push_back(session.id.clone());
        }
        while self.order.len() > SESSIONS_MAX {
            if let Some(oldest) = self.order.pop_front() {
                self.by_id.remove(&oldest);
            }
        }
        Session { is_new: !known, ..session }
    }
}

fn begun() -> Session {
    let id = || Uuid::new_v4().simple().to_string();
    Session { id: id().to_uppercase(), token: id() + &id(), ..Session::default() }
}

/// The user of the session, when the request is safe or has the session's token.
pub(super) fn proven(
    instance: &Instance,
    session: Option<&Session>,
    arrival: &Arrival,
) -> Result<Proven, StoreError> {
    // Whoever tries to prove something else is not who the cookie says.
    if arrival.header("authorization").is_some() {
        return Ok(Proven::Wrong);
    }
    let Some((session, user_name)) = session.and_then(|it| Some((it, it.user_name.as_deref()?))) else {
        return Ok(Proven::Nothing);
    };
    let safe = matches!(verb(&arrival.request), Method::Get | Method::Head);
    if !safe && arrival.header("x-usertoken") != Some(session.token.as_str()) {
        return Ok(Proven::Wrong);
    }
    let user = user_named(instance, user_name)?;
    Ok(user.map_or(Proven::Wrong, |row| Proven::User(row, Proof::Session)))
}

/// The value of a cookie of a request.
pub fn cookie<'a>(arrival: &'a Arrival, name: &str) -> Option<&'a str> {
    let cookies = arrival.header("cookie")?.split(';').map(str::trim);
    cookies.filter_map(|it| it.split_once('=')).find(|(it, _)| *it == name).map(|(_, value)| value)
}
