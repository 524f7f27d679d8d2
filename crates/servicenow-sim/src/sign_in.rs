//! Who is asking, and what that user may do.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use servicenow_core::Request;

use crate::dictionary::Table;
use crate::instance::{Instance, text};
use crate::store::{Row, StoreError};

/// Everybody who signed in.
const EVERYBODY: &str = "*";
/// The role that may do everything.
const ADMINISTRATOR: &str = "admin";
/// The role that takes every write away.
const READ_ONLY: &str = "snc_read_only";

/// A user that signed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct User {
    /// The name that it signs in with.
    pub user_name: String,
    /// The names of its roles.
    pub roles: Vec<String>,
}

impl User {
    /// Whether it sees the rows of a table.
    pub fn reads(&self, instance: &Instance, table: &Table) -> bool {
        self.has_one_of(&instance.dictionary.access(table).read)
    }

    /// Whether it may create, change and delete rows of a table.
    pub fn writes(&self, instance: &Instance, table: &Table) -> bool {
        let access = instance.dictionary.access(table);
        !access.closed && !self.has(READ_ONLY) && self.has_one_of(&access.write)
    }

    fn has(&self, role: &str) -> bool {
        self.roles.iter().any(|it| it == role)
    }

    fn has_one_of(&self, roles: &[String]) -> bool {
        self.has(ADMINISTRATOR) || roles.iter().any(|it| it == EVERYBODY || self.has(it))
    }
}

/// The user that the request's `Authorization` header proves, if it proves one.
pub fn sign_in(instance: &Instance, request: &Request) -> Result<Option<User>, StoreError> {
    let Some((user_name, password)) = basic(request) else {
        return Ok(None);
    };
    let users = instance.store.matching(&instance.dictionary, "sys_user", &[("user_name", &user_name)])?;
    let Some((_, row)) = users.into_iter().next() else {
        return Ok(None);
    };
    if !may_sign_in(&row) || !knows_password(instance, &row, &password)? {
        return Ok(None);
    }
    Ok(Some(User {
        user_name: text(&row, "user_name").to_owned(),
        roles: roles(instance, text(&row, "sys_id"))?,
    }))
}

fn basic(request: &Request) -> Option<(String, String)> {
    let (_, header) = request.headers.iter().find(|(it, _)| it.eq_ignore_ascii_case("authorization"))?;
    let (scheme, value) = header.split_once(' ')?;
    let decoded = STANDARD.decode(value.trim()).ok().filter(|_| scheme.eq_ignore_ascii_case("basic"))?;
    let decoded = String::from_utf8(decoded).ok()?;
    let (user_name, password) = decoded.split_once(':')?;
    Some((user_name.to_owned(), password.to_owned()))
}

fn may_sign_in(user: &Row) -> bool {
    text(user, "active") == "true"
        && text(user, "locked_out") != "true"
        && text(user, "password_needs_reset") != "true"
}

/// A password that was stored without being hashed opens nothing.
fn knows_password(instance: &Instance, user: &Row, password: &str) -> Result<bool, StoreError> {
    let stored = instance.store.decrypt(text(user, "user_password"))?;
    Ok(stored.is_some_and(|it| !it.is_empty() && it == password))
}

fn roles(instance: &Instance, user: &str) -> Result<Vec<String>, StoreError> {
    let granted = instance.store.matching(&instance.dictionary, "sys_user_has_role", &[("user", user)])?;
    let mut names = Vec::new();
    for (_, row) in granted.iter().filter(|(_, row)| text(row, "state") != "inactive") {
        let role = instance.store.find(&instance.dictionary, "sys_user_role", text(row, "role"))?;
        names.extend(role.map(|(_, row)| text(&row, "name").to_owned()));
    }
    Ok(names)
}
