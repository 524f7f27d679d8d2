//! `servicenow_api_key_profile`: where callers put their API key.

use reconcile::{Column, Exists, Holds, Layout, RecordLayout};
use tf_core::{Attr, Model, check, model};

use super::not_blank;
use super::references::SCOPE;
use crate::definition::{Definition, Roles};

/// An inbound authentication profile for API keys: the header or query parameter that carries the key. An access policy that
/// names it admits keys.
#[derive(Clone, Debug, Default, PartialEq, Model)]
pub struct ApiKeyProfile {
    /// The sys_id of the profile.
    #[tf(computed().stable())]
    pub id: Attr<String>,
    /// Name of the profile.
    #[tf(required().check(not_blank()).check(check::length(1, 100)))]
    pub name: Attr<String>,
    /// Name of the header or parameter that carries the key. `x-sn-apikey` when nothing is given.
    #[tf(optional_computed().stable().check(not_blank()).check(check::length(1, 100)))]
    pub parameter: Attr<String>,
    /// Where the key may be: in a `header`, in the `query`, or in `both`. A key in a query is in the logs of everything on its
    /// way. The instance decides when nothing is given.
    #[tf(optional_computed().stable().check(check::one_of(&["header", "query", "both"])))]
    pub location: Attr<String>,
    /// Whether the profile counts.
    #[tf(optional().default(true))]
    pub active: Attr<bool>,
    /// The application that the profile belongs to: its scope, its name or its sys_id. The global one when nothing is given.
    #[tf(optional_computed().stable().replaces())]
    pub scope: Attr<String>,
}

const LAYOUT: Layout = Layout {
    records: &[RecordLayout {
        slot: "profile",
        table: "http_key_auth",
        exists: Exists::Always,
        columns: &[
            Column::new("sys_id", Holds::SysId("id")),
            Column::new("name", Holds::Text("name")).assumed(),
            Column::new("auth_parameter", Holds::Text("parameter")).assumed(),
            Column::new("parameter_type", Holds::Text("location")).assumed(),
            Column::new("active", Holds::Flag("active")).assumed(),
            Column::new("sys_scope", Holds::Lookup("scope", SCOPE)),
        ],
    }],
};

/// The resource.
pub const DEFINITION: Definition = Definition {
    type_name: "servicenow_api_key_profile",
    noun: "API key profile",
    subcategory: "Inbound",
    schema: model::schema::<ApiKeyProfile>,
    layout: &LAYOUT,
    roles: Roles { read: &["api_service_admin"], write: &["api_service_admin"] },
    notes: "## What is assumed\n\nThe plugin for tokens, `com.glide.tokenbased_auth`, brings API keys. Neither the table \
            `http_key_auth` nor its columns are documented.",
    ..Definition::PLAIN
};
