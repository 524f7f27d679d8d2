//! `servicenow_api_access_policy`: how callers of a web service may sign in.

use reconcile::{Column, Exists, Holds, Layout, RecordLayout};
use tf_core::model::SetOf;
use tf_core::{Attr, Model, check, model};

use super::not_blank;
use super::references::{AUTHENTICATION_PROFILE, SCOPE};
use crate::definition::{Definition, Roles};

/// A REST API access policy: the ways in which callers of an API may sign in. Where a policy covers an API, every way that it
/// does not name is refused; without one all ways are open but API keys.
#[derive(Clone, Debug, Default, PartialEq, Model)]
pub struct ApiAccessPolicy {
    /// The sys_id of the policy.
    #[tf(computed().stable())]
    pub id: Attr<String>,
    /// Name of the policy.
    #[tf(required().check(not_blank()).check(check::length(1, 100)))]
    pub name: Attr<String>,
    /// The path of the API that the policy covers, such as `/now/table` or the `base_path` of an inbound endpoint.
    #[tf(required().check(not_blank()).check(check::length(1, 255)))]
    pub api_path: Attr<String>,
    /// The HTTP method that the policy covers; all of them when nothing is given.
    #[tf(optional().check(check::one_of(&["GET", "POST", "PUT", "PATCH", "DELETE"])))]
    pub method: Attr<String>,
    /// The ways to sign in that the policy admits: names or sys_ids of inbound authentication profiles. Nobody is let in when
    /// nothing is given.
    #[tf(optional())]
    pub authentication_profiles: Attr<SetOf<String>>,
    /// Whether the policy counts.
    #[tf(optional().default(true))]
    pub active: Attr<bool>,
    /// The application that the policy belongs to: its scope, its name or its sys_id. The global one when nothing is given.
    #[tf(optional_computed().stable().replaces())]
    pub scope: Attr<String>,
}

const LAYOUT: Layout = Layout {
    records: &[
        RecordLayout {
            slot: "policy",
            table: "sys_api_access_policy",
            exists: Exists::Always,
            columns: &[
                Column::new("sys_id", Holds::SysId("id")),
                Column::new("name", Holds::Text("name")).assumed(),
                Column::new("rest_api_path", Holds::Text("api_path")).assumed(),
                Column::new("http_method", Holds::Text("method")).assumed(),
                Column::new("active", Holds::Flag("active")).assumed(),
                Column::new("sys_scope", Holds::Lookup("scope", SCOPE)),
            ],
        },
        RecordLayout {
            slot: "admission",
            table: "sys_auth_profile_mapping",
            exists: Exists::ForEach("authentication_profiles"),
            columns: &[
                Column::new("api_access_policy", Holds::Slot("policy")).assumed(),
                Column::new("inbound_auth_profile", Holds::KeyLookup(AUTHENTICATION_PROFILE)).assumed(),
            ],
        },
    ],
};

/// The resource.
pub const DEFINITION: Definition = Definition {
    type_name: "servicenow_api_access_policy",
    noun: "API access policy",
    subcategory: "Inbound",
    schema: model::schema::<ApiAccessPolicy>,
    layout: &LAYOUT,
    roles: Roles { read: &["api_service_admin"], write: &["api_service_admin"] },
    notes: "## Before it is applied\n\nA policy shuts out whoever signs in otherwise, Terraform itself included where it \
            covers the Table API. Name the profile of every way that is in use.\n\n## What is assumed\n\nThe plugin \
            `com.glide.rest.policy` brings policies. The tables are documented, their columns are not.",
    ..Definition::PLAIN
};
