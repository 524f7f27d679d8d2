//! Every message, with an example, its cause and the way out: the page about errors is made from this table, and a test
//! holds it against the constructors, so that no message is missing.

mod draining;
mod looking;
mod rotation;
mod rows;
mod several;
mod switching;

use servicenow_client::Authenticator;
use servicenow_client::guard::Finding;
use servicenow_core::{
    Dropped, DroppedKind, Kind, Method, Request, ServiceError, Suspicion, SysId, ValueKind,
};
use tf_core::{Diagnostic, Mismatch, Path, Severity};

use super::{Doing, NotKept, Unseen, remedy, why};
use crate::dialects::native::CONNECTIONS;
use crate::lifecycle::Conflict;

/// One message.
pub struct Entry {
    /// The name of its constructor.
    pub name: &'static str,
    /// How it comes about.
    pub cause: &'static str,
    /// What to do about it.
    pub remedy: &'static str,
    /// What it looks like.
    pub example: fn() -> Diagnostic,
}

/// The messages about settings, requests and imports, by what people were doing.
const CATALOGUE: &[Entry] = &[
    Entry {
        name: "not_configured",
        cause: "A setting of the provider comes from a resource that does not exist yet.",
        remedy: "Apply the resources that the settings come from first.",
        example: || super::not_configured(&["password".to_owned()]),
    },
    Entry {
        name: "missing_setting",
        cause: "A setting is neither in the provider block nor in the environment.",
        remedy: "Set one of the two.",
        example: || super::missing_setting("username", "SERVICENOW_USERNAME"),
    },
    Entry {
        name: "two_instances",
        cause: "Two settings say where the instance is.",
        remedy: "Remove one of the two.",
        example: super::two_instances,
    },
    Entry {
        name: "bad_instance",
        cause: "The address of the instance cannot be one.",
        remedy: "Correct it.",
        example: || super::bad_instance("instance_url", "the address has no host"),
    },
    Entry {
        name: "bad_setting",
        cause: "A setting of the provider cannot be used.",
        remedy: "Correct it.",
        example: || super::bad_setting("proxy_url", "the address has no host"),
    },
    Entry {
        name: "bad_variable",
        cause: "An environment variable of the provider cannot be used.",
        remedy: "Correct or remove it.",
        example: || super::bad_variable("SERVICENOW_VALIDATE", "it takes `off`, `warn` and `error`"),
    },
    Entry {
        name: "two_settings",
        cause: "Two settings say the same thing.",
        remedy: "Remove one of the two.",
        example: || super::two_settings("credentials", "username"),
    },
    Entry {
        name: "two_methods",
        cause: "The settings ask for two ways to sign in.",
        remedy: "Remove one of the two.",
        example: || super::two_methods(("an API key", "`api_key`"), ("a bearer token", "`token`")),
    },
    Entry {
        name: "no_method",
        cause: "No setting says who signs in.",
        remedy: "Give one of the ways to sign in.",
        example: super::no_method,
    },
    Entry {
        name: "sign_in",
        cause: "The first request of a run failed: the address, the network, the credentials or the state of the instance.",
        remedy: "The message names the way out for each; the guide on signing in shows the settings.",
        example: || {
            let instance = "https://dev12345.service-now.com";
            super::sign_in(instance, &Authenticator::Certificate, &failure(Kind::Unauthenticated))
        },
    },
    Entry {
        name: "not_expected",
        cause: "The instance behind the address is not the one that `expected_instance` names, or does not tell.",
        remedy: "Check both settings, and give the user read access to the properties that tell.",
        example: || {
            super::not_expected(
                "https://dev12345.service-now.com",
                &Finding::Unreadable { property: "instance_id" },
            )
        },
    },
    Entry {
        name: "service",
        cause: "A request about one object failed.",
        remedy: "The table at the end of this page says it for each kind of failure.",
        example: || super::service(&DOING, &failure(Kind::Forbidden), "Nothing was changed."),
    },
    Entry {
        name: "missing_reference",
        cause: "An attribute refers to a record that does not exist or is hidden from the user.",
        remedy: "Refer to the `id` of a resource, or correct the sys_id.",
        example: || {
            super::missing_reference(
                &DOING,
                "credential_id",
                "discovery_credentials",
                ID,
                "Nothing was changed.",
            )
        },
    },
    Entry {
        name: "maybe_created",
        cause: "The answer to a create got lost, and nobody could look whether it happened.",
        remedy: "Run Terraform again: the state knows where to look.",
        example: || super::maybe_created(&DOING, &failure(Kind::Lost), &id()),
    },
    Entry {
        name: "changed_meanwhile",
        cause: "Somebody changed the record on the instance after the plan was made.",
        remedy: "Plan again and decide, or set `on_conflict = \"overwrite\"`.",
        example: || super::changed_meanwhile(&DOING, &conflict()),
    },
    Entry {
        name: "not_stored",
        cause: "The instance accepted a write and keeps other values. The message names the most likely cause of each: a \
                column that is too short, a value that is no choice or of another type, a missing right, or a business rule.",
        remedy: "The message says it for each column.",
        example: || super::not_stored(&DOING, "http_connection", &[not_kept()]),
    },
    Entry {
        name: "not_verified",
        cause: "A column was written and the answer does not show it, because the user may not read it.",
        remedy: "Give the user read access.",
        example: || super::not_verified("http_connection", &[unseen()]),
    },
    Entry {
        name: "hidden_columns",
        cause: "The user may not read a column that the resource manages.",
        remedy: "Give the user read access.",
        example: || super::hidden_columns("HTTP connection", "orders", "http_connection", &[unseen()]),
    },
    Entry {
        name: "hidden_record",
        cause: "A record in the state exists and is hidden from the user that signs in now.",
        remedy: "Give the user one of the roles. The state keeps the object.",
        example: || super::hidden_record(&DOING, "http_connection", &["connection_admin".to_owned()]),
    },
    Entry {
        name: "vanished",
        cause: "A record that was planned to be changed is not there any more.",
        remedy: "Plan again.",
        example: || super::vanished(&DOING, &id()),
    },
    Entry {
        name: "nothing_to_import",
        cause: "No record has the name or sys_id that was given, or the user may not see it.",
        remedy: "Check the spelling and the roles.",
        example: || {
            super::nothing_to_import("HTTP connection", "http_connection", "orders", &["name".to_owned()])
        },
    },
    Entry {
        name: "several_to_import",
        cause: "Several records have the name that was given.",
        remedy: "Import by sys_id.",
        example: || super::several_to_import("HTTP connection", "orders", &[ID.to_owned(), "f".repeat(32)]),
    },
    Entry {
        name: "bad_import",
        cause: "The name that was given cannot be looked up.",
        remedy: "Import by sys_id.",
        example: || super::bad_import("HTTP connection", "a^b", "a value with `^` cannot be looked up"),
    },
    Entry {
        name: "version_without_secret",
        cause: "The version of a secret was raised and the secret is not in the configuration.",
        remedy: "Give the secret, or leave the version as it is.",
        example: || super::version_without_secret("password_wo", "password_wo_version"),
    },
    Entry {
        name: "no_group",
        cause: "A connection is to be the active one of its alias and belongs to none.",
        remedy: "Name the alias.",
        example: || super::no_group(&DOING, &CONNECTIONS),
    },
    Entry {
        name: "bug",
        cause: "A mistake in the provider.",
        remedy: "Report it.",
        example: || super::bug("A state has no id"),
    },
    Entry {
        name: "mismatch",
        cause: "A mistake in the provider: a value does not have the type that its schema says.",
        remedy: "Report it.",
        example: || {
            super::mismatch(&Mismatch {
                path: Path::attribute("name"),
                expected: "a text",
                found: "a number",
            })
        },
    },
];

/// Every kind of failed request, with the status that usually comes with it.
const KINDS: &[(Kind, Option<u16>, &str)] = &[
    (Kind::Unreachable, None, "no connection to `dev12345.service-now.com`"),
    (Kind::Lost, None, "the connection broke before the answer was complete"),
    (Kind::Unauthenticated, Some(401), "\"User Not Authenticated\""),
    (
        Kind::Forbidden,
        Some(403),
        "\"Operation Failed: ACL Exception Insert Failed due to security constraints\"",
    ),
    (
        Kind::Refused,
        Some(403),
        "\"Operation against file 'http_connection' was aborted by Business Rule 'Freeze'\"",
    ),
    (Kind::Conflict, Some(403), "\"Unique Key violation detected by database\""),
    (Kind::NotFound, Some(404), "\"No Record found\""),
    (Kind::InvalidTable, Some(400), "\"Invalid table http_connection\""),
    (Kind::BadRequest, Some(400), "\"Exception while reading request\""),
    (Kind::Throttled, Some(429), "\"Rate limit exceeded\""),
    (Kind::Unavailable, Some(503), "the answer is a maintenance page"),
    (Kind::NotServiceNow, Some(200), "the answer is a web page with the title \"Sign in\" and no JSON"),
    (Kind::Cancelled, Some(200), "\"Transaction cancelled: maximum execution time exceeded\""),
    (Kind::Server, Some(500), "the instance failed and gives no reason"),
    (Kind::Inconsistent, Some(200), "the answer is another record than the one asked for"),
    (Kind::Stopped, None, "the run was stopped before this request"),
    (Kind::OutOfTime, None, "the time that the operation may take was over before this request"),
    (Kind::WrongInstance, None, "the instance is another one than `expected_instance` names"),
    (Kind::GivenUp, None, "nothing is sent for a while, because the last 8 requests got no answer"),
];

const ID: &str = "0123456789abcdef0123456789abcdef";
const DOING: Doing<'static> = Doing { verb: "change", noun: "HTTP connection", name: "orders" };

/// Every message, whatever it is about.
pub fn entries() -> impl Iterator<Item = &'static Entry> {
    CATALOGUE
        .iter()
        .chain(rows::ROWS)
        .chain(looking::LOOKING)
        .chain(switching::ENTRIES)
        .chain(several::ENTRIES)
        .chain(rotation::ENTRIES)
        .chain(draining::ENTRIES)
}

/// The page about errors.
pub fn page() -> String {
    let mut page = "---\npage_title: \"Errors and warnings\"\nsubcategory: \"\"\ndescription: |-\n  Every message of the \
                    provider, how it comes about and what to do.\n---\n\n# Errors and warnings\n\nEvery message says what \
                    could not be done, where, why in the instance's own words, what state things are in now, and what to \
                    do next. The examples below are made by the provider itself.\n"
        .to_owned();
    for entry in entries() {
        let example = (entry.example)();
        let severity = if example.severity == Severity::Error { "Error" } else { "Warning" };
        page.push_str(&format!(
            "\n## {}\n\n{severity}. {}\n\n> {}\n\n**What to do:** {}\n",
            example.summary.replace('`', ""),
            entry.cause,
            example.detail.replace('\n', "\n> "),
            entry.remedy
        ));
    }
    page.push_str("\n## When a request fails\n\nThe same failure means the same wherever it occurs.\n\n| why | what to do |\n|---|---|\n");
    for (kind, status, reason) in KINDS {
        let error = ServiceError { status: *status, reason: (*reason).to_owned(), ..failure(*kind) };
        page.push_str(&format!("| {} | {} |\n", why(&error), remedy(&error, "the user that signs in")));
    }
    page
}

fn failure(kind: Kind) -> ServiceError {
    let (_, status, reason) = KINDS.iter().find(|it| it.0 == kind).copied().unwrap_or((kind, None, ""));
    let request = Request::new(Method::Patch, format!("/api/now/table/http_connection/{ID}"));
    ServiceError { status, ..ServiceError::new(kind, &request, reason) }
}

fn id() -> SysId {
    SysId::from_bytes([
        0x01, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd, 0xef, 0x01, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd, 0xef,
    ])
}

fn conflict() -> Conflict {
    Conflict {
        attributes: vec!["connection_url".to_owned()],
        updated_by: "jane.doe".to_owned(),
        updated_on: "2026-01-31 12:00:00".to_owned(),
    }
}

fn not_kept() -> NotKept {
    let (sent, stored) = (ValueKind::Text(60), Some(ValueKind::Text(40)));
    let dropped = Dropped { column: "name".to_owned(), kind: DroppedKind::Truncated, sent, stored };
    NotKept { dropped, why: Suspicion::TooLong(40) }
}

fn unseen() -> Unseen {
    let roles = vec!["connection_admin".to_owned()];
    Unseen { column: "credential".to_owned(), why: Suspicion::NotReadable(roles) }
}

#[cfg(test)]
mod tests;
