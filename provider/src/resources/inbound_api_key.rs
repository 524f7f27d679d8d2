//! `servicenow_inbound_api_key`: a key by which another system calls the instance as a user.

use reconcile::{Column, Exists, Holds, Layout, RecordLayout};
use tf_core::model::SetOf;
use tf_core::{Attr, Check, Model, Secret, Value, WriteOnly, check, model};

use super::references::{AUTH_SCOPE, USER};
use super::{REASSERT, SECRET_NOTES, not_blank};
use crate::definition::{Definition, Roles};

/// A key by which another system calls web services as a user, without a password. It counts where a REST API access policy
/// admits keys: see [`servicenow_api_access_policy`](api_access_policy.md). The key is write-only; where none is given the
/// instance makes one, which it shows to people and not here.
#[derive(Clone, Debug, Default, PartialEq, Model)]
pub struct InboundApiKey {
    /// The sys_id of the key's record.
    #[tf(computed().stable())]
    pub id: Attr<String>,
    /// Name of the key.
    #[tf(required().check(not_blank()).check(check::length(1, 100)))]
    pub name: Attr<String>,
    /// The user that callers with the key are: a user name or a sys_id.
    #[tf(required())]
    pub user: Attr<String>,
    /// What the key is for.
    #[tf(optional().check(check::length(0, 1_000)))]
    pub description: Attr<String>,
    /// The key. Without it the record keeps the one that it has on the instance.
    #[tf(optional().version("key_wo_version"))]
    pub key_wo: Attr<WriteOnly<Secret>>,
    /// Any text that stands for the current key, such as a number or a date. A change of it writes the key again.
    #[tf(optional())]
    pub key_wo_version: Attr<String>,
    /// What to do when somebody changed the record after this configuration had written the key: `true` writes it again,
    /// `false` says nothing. Without it such a change is a warning.
    #[tf(optional())]
    pub reassert_secret: Attr<bool>,
    /// What the key may be used for: names or sys_ids of authentication scopes. For everything that the user may do when
    /// nothing is given.
    #[tf(optional())]
    pub scopes: Attr<SetOf<String>>,
    /// The end of its life in UTC, such as `2027-01-31 00:00:00`. The instance removes keys a while after their end; without
    /// an end the key lives for ever.
    #[tf(optional().check(moment()))]
    pub expires_at: Attr<String>,
    /// Whether the key may be used.
    #[tf(optional().default(true))]
    pub active: Attr<bool>,
}

const LAYOUT: Layout = Layout {
    records: &[RecordLayout {
        slot: "key",
        table: "api_key",
        exists: Exists::Always,
        columns: &[
            Column::new("sys_id", Holds::SysId("id")),
            Column::new("name", Holds::Text("name")).assumed(),
            Column::new("user", Holds::Lookup("user", USER)).assumed(),
            Column::new("description", Holds::Text("description")).assumed(),
            Column::new("token", Holds::Secret("key_wo", "key_wo_version")).assumed(),
            Column::new("auth_scope", Holds::Lookups("scopes", AUTH_SCOPE)).assumed(),
            Column::new("expires", Holds::Text("expires_at")).assumed(),
            Column::new("active", Holds::Flag("active")).assumed(),
        ],
    }],
};

/// The resource.
pub const DEFINITION: Definition = Definition {
    type_name: "servicenow_inbound_api_key",
    noun: "inbound API key",
    subcategory: "Inbound",
    schema: model::schema::<InboundApiKey>,
    layout: &LAYOUT,
    beside: &[REASSERT],
    roles: Roles { read: &["api_service_admin"], write: &["api_service_admin"] },
    notes: SECRET_NOTES,
    ..Definition::PLAIN
};

/// Year, month, day, hour, minute and second, as the instance writes a moment.
const SHAPE: &str = "0000-00-00 00:00:00";

/// A check that a text is a moment as the instance writes it.
fn moment() -> Check {
    let fits = |(it, shape): (u8, u8)| if shape == b'0' { it.is_ascii_digit() } else { it == shape };
    let test = move |value: &Value| match value.as_str() {
        Some(text) if text.len() != SHAPE.len() || !text.bytes().zip(SHAPE.bytes()).all(fits) => {
            Err(format!("`{text}` is no moment. Write it in UTC, such as `2027-01-31 00:00:00`"))
        }
        _ => Ok(()),
    };
    Check::new("a moment in UTC such as `2027-01-31 00:00:00`", test)
        .in_json_schema("pattern", "^[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}$")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_written_as_the_instance_writes_it() {
        for (text, is_good) in [
            ("2031-01-31 00:00:00", true),
            ("2031-01-31T00:00:00", false),
            ("2031-01-31 00:00:00Z", false),
            ("2031-01-31", false),
            ("20x1-01-31 00:00:00", false),
            ("next year", false),
        ] {
            assert_eq!((moment().test)(&Value::string(text)).is_ok(), is_good, "{text}");
        }
    }
}
