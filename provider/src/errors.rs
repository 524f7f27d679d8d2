//! Every message about the world, worded in one place. Each says what could not be done, where, why, what state things
//! are in now, and what to do next.

pub mod catalogue;
mod choices;
mod columns;
mod draining;
mod environments;
mod looking;
mod rotation;
mod rows;
mod settings;
mod several;
mod sign_in;
mod switching;

pub use choices::*;
pub use columns::*;
pub use draining::*;
pub use environments::*;
pub use looking::*;
pub use rotation::*;
pub use rows::*;
pub use settings::*;
pub use several::*;
pub use sign_in::*;
pub use switching::*;

use servicenow_core::{Kind, ServiceError, SysId};
use tf_core::{Diagnostic, Mismatch, Path};

use crate::lifecycle::Conflict;

/// What was being done, for the title of a message.
#[derive(Clone, Debug)]
pub struct Doing<'a> {
    /// `create`, `read`, `change`, `delete`, …
    pub verb: &'a str,
    /// `HTTP connection`
    pub noun: &'a str,
    /// How people know it: its name, or its id.
    pub name: &'a str,
}

impl Doing<'_> {
    fn title(&self) -> String {
        format!("Could not {} the {} \"{}\"", self.verb, self.noun, self.name)
    }
}

/// A fault of this provider.
pub fn bug(what: &str) -> Diagnostic {
    Diagnostic::error(
        "The ServiceNow provider has a fault",
        format!(
            "{what}. Nothing was changed by this step. This is a mistake in the provider and not in the \
             configuration: report it with this text and the version of the provider."
        ),
    )
}

/// A value that does not have the type its schema says.
pub fn mismatch(mismatch: &Mismatch) -> Diagnostic {
    bug(&format!(
        "At `{}` there is a {} where a {} belongs",
        mismatch.path, mismatch.found, mismatch.expected
    ))
    .at(mismatch.path.clone())
}

/// A request about one thing failed.
pub fn service(doing: &Doing<'_>, error: &ServiceError, now: &str) -> Diagnostic {
    Diagnostic::error(
        doing.title(),
        format!("{} {now} {}", why(error), remedy(error, "the user that signs in")),
    )
}

/// What happened, in the instance's own words.
pub(crate) fn why(error: &ServiceError) -> String {
    let request = format!("`{} {}`", error.method, error.path);
    let reason = sentence(&error.reason);
    match (error.kind, error.status) {
        (Kind::WrongInstance, _) => format!("{request} was not sent: {reason}"),
        (Kind::Unreachable, _) => format!("{request} did not reach the instance: {reason}"),
        (Kind::Lost, _) => format!("{request} was sent and its answer got lost: {reason}"),
        (Kind::Stopped, _) => {
            format!("{request} was not carried out because Terraform was interrupted: {reason}")
        }
        (Kind::OutOfTime | Kind::GivenUp, _) => format!("{request} was not sent: {reason}"),
        (_, Some(status)) => format!("ServiceNow answered {request} with {status}: {reason}"),
        (_, None) => format!("{request} failed: {reason}"),
    }
}

fn remedy(error: &ServiceError, user: &str) -> String {
    match error.kind {
        Kind::Unreachable => {
            "Check `instance_url` (or `instance`), the network and the proxy variables, then run \
                              Terraform again."
                .to_owned()
        }
        Kind::Lost => "Run Terraform again: it reads what is really there and goes on from that.".to_owned(),
        Kind::Unauthenticated => format!(
            "Check what the provider block or the variables that begin with `SERVICENOW_` give to sign in with: it may have \
             expired or been revoked in the meantime. And check that {user} is active, not locked out and allowed to use \
             web services."
        ),
        Kind::Forbidden => format!(
            "Give {user} the role that this needs: `connection_admin` for connections, `credential_admin` for \
             credentials, `admin` for aliases. Then apply again."
        ),
        Kind::Refused => {
            "Settle what the rule asks for, on the instance or in the configuration, then apply again."
                .to_owned()
        }
        Kind::Conflict => {
            "A record with these unique values exists already. Import it, or choose other values, then \
                           apply again."
                .to_owned()
        }
        Kind::NotFound => format!(
            "Either it does not exist any more or {user} may not see it: ServiceNow answers the same for both. Run \
             `terraform plan` to see what is there."
        ),
        Kind::InvalidTable => {
            "Check that the instance has this table and that it is open to web services.".to_owned()
        }
        Kind::Throttled => match error.retry_after_s {
            Some(seconds) => {
                format!(
                    "Run Terraform again in {}, when the instance takes requests again, or give the operation more time \
                     in the `timeouts` block of the resource: it then waits.",
                    duration(seconds)
                )
            }
            None => "Run Terraform again later, or with a smaller `-parallelism`.".to_owned(),
        },
        Kind::Unavailable => {
            "Wake the instance or wait until it is back, then run Terraform again.".to_owned()
        }
        Kind::NotServiceNow => {
            "Check that `instance_url` is the address of a ServiceNow instance and that no proxy or \
                                login page answers in its place."
                .to_owned()
        }
        Kind::Cancelled | Kind::Server => {
            "Run Terraform again; if it stays so, the instance's system log tells more.".to_owned()
        }
        Kind::BadRequest | Kind::Inconsistent => {
            "Run Terraform again; if it stays so, report this text with the version of the provider."
                .to_owned()
        }
        Kind::Stopped => "Run Terraform again to go on.".to_owned(),
        Kind::WrongInstance => {
            "Check `instance_url` and `expected_instance`: one of the two means another instance.".to_owned()
        }
        Kind::GivenUp => {
            "Wait until the instance answers again, then run Terraform again: it goes on from what is there."
                .to_owned()
        }
        Kind::OutOfTime => {
            "Give the operation more time in the `timeouts` block of the resource, then run Terraform again."
                .to_owned()
        }
    }
}

/// Seconds, and the same in minutes where nobody reads so many seconds.
fn duration(seconds: u64) -> String {
    const LEGIBLE_MAX_S: u64 = 120;
    match seconds {
        0..=LEGIBLE_MAX_S => format!("{seconds} seconds"),
        _ => format!("{seconds} seconds ({} minutes)", seconds.div_ceil(60)),
    }
}

/// A record that something refers to is not there.
pub fn missing_reference(doing: &Doing<'_>, attribute: &str, table: &str, id: &str, now: &str) -> Diagnostic {
    Diagnostic::error(
        doing.title(),
        format!(
            "`{attribute}` is `{id}`, and `GET /api/now/table/{table}/{id}` finds no such record: it does not exist, or \
             the user that signs in may not see it. ServiceNow would have stored the dangling reference without a word. \
             {now} Refer to the `id` of the resource that is meant, or correct the sys_id, then apply again."
        ),
    )
    .at(Path::attribute(attribute))
}

/// Whether a create took effect is not known, and nothing else was left to do.
pub fn maybe_created(doing: &Doing<'_>, error: &ServiceError, id: &SysId) -> Diagnostic {
    Diagnostic::warning(
        format!("It is not certain that the {} \"{}\" was created", doing.noun, doing.name),
        format!(
            "{} Whether it took effect could not be looked up. The state remembers the sys_id {id}, under which it was to \
             be created. Run Terraform again: it then sees whether it is there, and creates it when it is not.",
            why(error)
        ),
    )
}

/// Somebody changed a record between plan and write.
pub fn changed_meanwhile(doing: &Doing<'_>, conflict: &Conflict) -> Diagnostic {
    let attributes: Vec<String> = conflict.attributes.iter().map(|it| format!("`{it}`")).collect();
    let who = if conflict.updated_by.is_empty() { "Somebody" } else { conflict.updated_by.as_str() };
    let when = match conflict.updated_on.as_str() {
        "" => String::new(),
        time => format!(" at {time} UTC"),
    };
    Diagnostic::error(
        format!("The {} \"{}\" was changed since it was planned", doing.noun, doing.name),
        format!(
            "{who} changed the record last{when}, after the plan was made: {} on the instance is not what the plan saw. \
             To {} it now would undo that. Nothing was changed. Plan again to see what is there and decide, or set \
             `on_conflict = \"overwrite\"` in the provider block to go on regardless.",
            attributes.join(" and "),
            doing.verb
        ),
    )
}

/// What [`nothing_to_import`] says and no other message.
const NOT_SEEN: &str = "that the user may see has this sys_id or";

/// Whether a message is that of an import that found nothing.
pub fn is_nothing_to_import(it: &Diagnostic) -> bool {
    it.detail.contains(NOT_SEEN)
}

/// An import that found nothing.
pub fn nothing_to_import(noun: &str, table: &str, id: &str, keys: &[String]) -> Diagnostic {
    Diagnostic::error(
        format!("Could not import the {noun} \"{id}\""),
        format!(
            "No record of `{table}` {NOT_SEEN} {}. The state is unchanged. Check the \
             spelling and the user's roles; upper and lower case matter.",
            names(keys)
        ),
    )
}

/// An import that found several.
pub fn several_to_import(noun: &str, id: &str, ids: &[String]) -> Diagnostic {
    Diagnostic::error(
        format!("Several records are called \"{id}\""),
        format!(
            "The {noun} to import is not certain: these records have that name: {}. The state is unchanged. Import the \
             one that is meant by its sys_id.",
            ids.join(", ")
        ),
    )
}

/// An import id that cannot be looked up.
pub fn bad_import(noun: &str, id: &str, reason: &str) -> Diagnostic {
    Diagnostic::error(
        format!("Could not import the {noun} \"{id}\""),
        format!(
            "It cannot be looked up: {} The state is unchanged. Import by sys_id instead.",
            sentence(reason)
        ),
    )
}

/// A raised version with nothing to write.
pub fn version_without_secret(attribute: &str, version: &str) -> Diagnostic {
    Diagnostic::error(
        format!("`{version}` changes and `{attribute}` is not given"),
        format!(
            "A new version writes the secret again, and there is none to write. Nothing was changed. Set `{attribute}`, \
             or leave `{version}` as it is."
        ),
    )
    .at(Path::attribute(version))
}

/// A record that should be changed is gone.
pub fn vanished(doing: &Doing<'_>, id: &SysId) -> Diagnostic {
    Diagnostic::error(
        doing.title(),
        format!(
            "The record {id} was there when the plan was made and is not there now, or the user that signs in may not \
             see it any more. Nothing was changed. Plan again: Terraform then sees what is there."
        ),
    )
}

fn names(keys: &[String]) -> String {
    keys.iter().map(|it| format!("`{it}`")).collect::<Vec<_>>().join(" or ")
}

/// With a capital where it begins and a full stop where it ends.
fn sentence(text: &str) -> String {
    let text = text.trim();
    let stop = if text.ends_with(['.', '!', '?']) { "" } else { "." };
    let mut letters = text.chars();
    let first = letters.next().map(|it| it.to_uppercase().to_string()).unwrap_or_default();
    format!("{first}{}{stop}", letters.as_str())
}
