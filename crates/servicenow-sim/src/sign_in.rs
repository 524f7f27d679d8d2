//! Who is asking: what a request proves, and which user that makes it.

mod basic;
mod bearer;
mod form;
mod key;
mod policies;
pub mod roles;
pub mod sessions;
mod signed;
mod zone;

use servicenow_core::Response;

use crate::answer::failures;
use crate::arrival::Arrival;
use crate::instance::{Instance, text};
use crate::store::{Row, StoreError};
use sessions::{Session, Sessions};

/// The role that may do everything.
const ADMINISTRATOR: &str = "admin";
/// The role that takes every write away.
const READ_ONLY: &str = "snc_read_only";

/// How a user proved to be that user.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Proof {
    /// Name and password.
    Basic,
    /// An OAuth token, or an identity token of another provider.
    Bearer,
    /// An API key.
    Key,
    /// A signature of the body.
    Signature,
    /// The cookie of a session.
    Session,
    /// A client certificate.
    Certificate,
}

/// A user that signed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct User {
    /// The id of its row.
    pub sys_id: String,
    /// The name that it signs in with.
    pub user_name: String,
    /// The domain that it belongs to.
    pub domain: String,
    /// The names of its roles, with those that they contain.
    pub roles: Vec<String>,
    /// How it signed in.
    pub proof: Proof,
    /// Seconds that its clock is ahead of UTC.
    pub offset_s: i64,
}

impl User {
    /// Whether it may do everything.
    pub fn is_administrator(&self) -> bool {
        self.has(ADMINISTRATOR)
    }

    /// Whether its roles take every write away.
    pub fn is_read_only(&self) -> bool {
        self.has(READ_ONLY)
    }

    /// Whether it has a role.
    pub fn has(&self, role: &str) -> bool {
        self.roles.iter().any(|it| it == role)
    }
}

/// Who asks, and in which session.
#[derive(Debug, Default)]
pub struct Caller {
    /// The user, or nothing for somebody who proved to be none.
    pub user: Option<User>,
    /// What is said to a proof that is wrong in a way of its own.
    pub refusal: Option<Response>,
    /// The session, and whether it began with this request.
    pub session: Session,
}

/// What a request proved.
enum Proven {
    /// Nothing was tried.
    Nothing,
    /// What was tried is wrong.
    Wrong,
    /// What was tried is wrong, and this is said.
    Refused(Response),
    /// This row of `sys_user`, in this way.
    User(Row, Proof),
}

/// Finds out who asks. A proof in the request itself counts more than the session that its cookie names.
pub fn sign_in(
    instance: &Instance,
    sessions: &mut Sessions,
    arrival: &Arrival,
) -> Result<Caller, StoreError> {
    let found = sessions.named(instance, arrival)?;
    let mut caller = match proven(instance, found.as_ref(), arrival)? {
        Proven::User(row, proof) => admitted(instance, arrival, &row, proof)?,
        Proven::Refused(refusal) => Caller { refusal: Some(refusal), ..Caller::default() },
        Proven::Nothing | Proven::Wrong => Caller::default(),
    };
    let user_name = caller.user.as_ref().map(|it| it.user_name.as_str());
    caller.session = sessions.continued(instance, found, user_name);
    Ok(caller)
}

fn proven(instance: &Instance, session: Option<&Session>, arrival: &Arrival) -> Result<Proven, StoreError> {
    for proof in [key::proven, signed::proven, bearer::proven, basic::proven, form::proven] {
        match proof(instance, arrival)? {
            Proven::Nothing => {}
            proven => return Ok(proven),
        }
    }
    match sessions::proven(instance, session, arrival)? {
        Proven::Nothing => by_certificate(instance, arrival),
        proven => Ok(proven),
    }
}

fn admitted(instance: &Instance, arrival: &Arrival, row: &Row, proof: Proof) -> Result<Caller, StoreError> {
    if !may_sign_in(row, proof) || !policies::admit(instance, &arrival.request, proof)? {
        return Ok(Caller::default());
    }
    let user = User {
        sys_id: text(row, "sys_id").to_owned(),
        user_name: text(row, "user_name").to_owned(),
        domain: text(row, "sys_domain").to_owned(),
        roles: roles::of(instance, text(row, "sys_id"))?,
        proof,
        offset_s: zone::offset_s(text(row, "time_zone")),
    };
    Ok(Caller { user: Some(user), ..Caller::default() })
}

/// Whether a user may sign in at all. A password that must be changed opens nothing, other proofs do not care.
fn may_sign_in(user: &Row, proof: Proof) -> bool {
    text(user, "active") == "true"
        && text(user, "locked_out") != "true"
        && (proof != Proof::Basic || text(user, "password_needs_reset") != "true")
}

/// The active user that a certificate, which the socket verified, belongs to.
fn by_certificate(instance: &Instance, arrival: &Arrival) -> Result<Proven, StoreError> {
    let Some(subject) = arrival.certificate.as_deref() else {
        return Ok(Proven::Nothing);
    };
    let known = [("subject", subject), ("active", "true")];
    let found = instance.store.matching(&instance.dictionary, "sys_user_certificate", &known)?;
    let user = found.first().map(|(_, row)| text(row, "user").to_owned()).unwrap_or_default();
    user_with_id(instance, &user, Proof::Certificate)
}

fn user_with_id(instance: &Instance, sys_id: &str, proof: Proof) -> Result<Proven, StoreError> {
    let found = instance.store.find(&instance.dictionary, "sys_user", sys_id)?;
    Ok(found.map_or(Proven::Wrong, |(_, row)| Proven::User(row, proof)))
}

/// The row of the user of that name.
pub fn user_named(instance: &Instance, user_name: &str) -> Result<Option<Row>, StoreError> {
    let named = [("user_name", user_name)];
    let found = instance.store.matching(&instance.dictionary, "sys_user", &named)?;
    Ok(found.into_iter().next().map(|(_, row)| row))
}

/// Whether that is the user's password and the user may sign in with it.
pub fn knows_password(instance: &Instance, user: &Row, password: &str) -> Result<bool, StoreError> {
    let stored = instance.store.decrypt(text(user, "user_password"))?;
    let right = stored.is_some_and(|it| !it.is_empty() && it == password);
    Ok(right && may_sign_in(user, Proof::Basic))
}

/// Name and secret of the `Authorization` header, whoever they belong to.
pub fn basic_pair(arrival: &Arrival) -> Option<(String, String)> {
    let (scheme, value) = arrival.header("authorization")?.split_once(' ')?;
    basic::pair(value).filter(|_| scheme.eq_ignore_ascii_case("basic"))
}

/// What somebody is told who proved to be nobody.
pub fn unknown(caller: &Caller) -> Response {
    caller.refusal.clone().unwrap_or_else(failures::not_authenticated)
}

#[cfg(test)]
mod tests;
