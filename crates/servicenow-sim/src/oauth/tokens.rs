//! Tokens as rows of `oauth_credential`: given, found again until they expire, and taken away.

use aws_lc_rs::digest::{SHA256, digest};
use uuid::Uuid;

use crate::clock::{seconds, timestamp};
use crate::instance::{Instance, text};
use crate::records::values::Meaning;
use crate::records::{Wanted, WriteError, Writer};
use crate::store::{Row, StoreError};

/// The table of tokens.
const TABLE: &str = "oauth_credential";
/// Who writes the rows of tokens.
const SYSTEM_USER: &str = "system";

/// What a row of the table is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Opens the web services.
    Access,
    /// Gives a new access token.
    Refresh,
    /// Gives the first tokens, once.
    Code,
}

impl Kind {
    fn as_str(self) -> &'static str {
        match self {
            Kind::Access => "access_token",
            Kind::Refresh => "refresh_token",
            Kind::Code => "authorization_code",
        }
    }
}

/// For whom a token is.
#[derive(Clone, Debug)]
pub struct Holder<'a> {
    /// The id of the row of `oauth_entity`.
    pub client: &'a str,
    /// The id of the row of `sys_user`.
    pub user: &'a str,
    /// The names of its scopes, separated by spaces.
    pub scopes: &'a str,
}

/// A token and the seconds that it still lives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    /// What the client sends.
    pub clear: String,
    /// Seconds.
    pub lives_s: u64,
}

/// The current token of that kind, or a new one that lives for so many seconds: what `make` makes, or a random text.
pub fn current(
    instance: &Instance,
    kind: Kind,
    holder: &Holder<'_>,
    lifespan_s: u64,
    make: impl FnOnce(u64) -> Result<Option<String>, StoreError>,
) -> Result<Token, StoreError> {
    let same =
        [("type", kind.as_str()), ("peer", holder.client), ("user", holder.user), ("scopes", holder.scopes)];
    for (_, row) in instance.store.matching(&instance.dictionary, TABLE, &same)? {
        let clear = instance.store.decrypt(text(&row, "token_received"))?;
        if let Some((clear, lives_s)) = clear.zip(left_s(instance, &row)) {
            return Ok(Token { clear, lives_s });
        }
    }
    let clear = make(lifespan_s)?.unwrap_or_else(random);
    keep(instance, kind, holder, &clear, lifespan_s, &[])?;
    Ok(Token { clear, lives_s: lifespan_s })
}

fn random() -> String {
    format!("{}{}", Uuid::new_v4().simple(), Uuid::new_v4().simple())
}

/// A new token, with more columns of its row.
pub fn issue(
    instance: &Instance,
    kind: Kind,
    holder: &Holder<'_>,
    lifespan_s: u64,
    more: &[(&str, &str)],
) -> Result<String, StoreError> {
    let clear = random();
    keep(instance, kind, holder, &clear, lifespan_s, more)?;
    Ok(clear)
}

fn keep(
    instance: &Instance,
    kind: Kind,
    holder: &Holder<'_>,
    clear: &str,
    lifespan_s: u64,
    more: &[(&str, &str)],
) -> Result<(), StoreError> {
    let expires = timestamp(instance.clock.unix_ms() + lifespan_s * 1000);
    let columns = [
        ("type", kind.as_str()),
        ("token", &digest_of(clear)),
        ("token_received", clear),
        ("expires", &expires),
        ("peer", holder.client),
        ("user", holder.user),
        ("scopes", holder.scopes),
    ];
    let columns = columns.iter().chain(more);
    let wanted: Wanted = columns.map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    let Some(table) = instance.dictionary.table(TABLE) else {
        return Ok(());
    };
    let writer = Writer {
        user_name: SYSTEM_USER,
        meaning: Meaning::Display,
        bound_by_rules: false,
        gives_system_columns: false,
        offset_s: 0,
    };
    match instance.store.work(|| instance.create(writer, table, &wanted)) {
        Ok(_) | Err(WriteError::Refused(_)) => Ok(()),
        Err(WriteError::Store(error)) => Err(error),
    }
}

/// The row of a token of that kind that still lives.
pub fn find(instance: &Instance, kind: Kind, clear: &str) -> Result<Option<Row>, StoreError> {
    let same = [("type", kind.as_str()), ("token", &digest_of(clear))];
    let found = instance.store.matching(&instance.dictionary, TABLE, &same)?;
    Ok(found.into_iter().map(|(_, row)| row).find(|it| left_s(instance, it).is_some()))
}

/// Ends a token of whatever kind.
pub fn revoke(instance: &Instance, clear: &str) -> Result<(), StoreError> {
    let same = [("token", digest_of(clear))];
    let same: Vec<(&str, &str)> = same.iter().map(|(name, value)| (*name, value.as_str())).collect();
    for (table, row) in instance.store.matching(&instance.dictionary, TABLE, &same)? {
        instance.store.delete(&table.name, text(&row, "sys_id"))?;
        instance.store.forget(text(&row, "token_received"))?;
    }
    Ok(())
}

/// Seconds that a token still lives.
fn left_s(instance: &Instance, row: &Row) -> Option<u64> {
    let expires_s = seconds(text(row, "expires"))?;
    expires_s.checked_sub(instance.clock.unix_ms() / 1000).filter(|it| *it > 0)
}

/// What is kept of a token where it can be looked for.
fn digest_of(clear: &str) -> String {
    digest(&SHA256, clear.as_bytes()).as_ref().iter().map(|it| format!("{it:02x}")).collect()
}
