//! `servicenow_oauth_profile`: how tokens of a provider are asked for, and what they may be used for.

use reconcile::{Column, Exists, Holds, Layout, RecordLayout};
use tf_core::model::SetOf;
use tf_core::{Attr, Model, check, model};

use super::references::{OAUTH_SCOPE, SCOPE};
use super::{not_blank, sys_id};
use crate::definition::{Definition, Roles};

/// How tokens of an OAuth provider are asked for: what entitles to them, and the scopes that they are for. A provider
/// comes with a default profile; this is another one beside it.
#[derive(Clone, Debug, Default, PartialEq, Model)]
pub struct OauthProfile {
    /// The sys_id of the profile.
    #[tf(computed().stable())]
    pub id: Attr<String>,
    /// Name of the profile.
    #[tf(required().check(not_blank()).check(check::length(0, 255)))]
    pub name: Attr<String>,
    /// The sys_id of the provider in the application registry.
    #[tf(required().replaces().check(sys_id()))]
    pub oauth_provider_id: Attr<String>,
    /// What entitles to a token.
    #[tf(optional()
        .default("authorization_code")
        .check(check::one_of(&["authorization_code", "client_credentials", "password", "jwt_bearer"])))]
    pub grant_type: Attr<String>,
    /// Whether it is the profile that is used where none is named. `true` takes that from the other profiles of the
    /// provider.
    #[tf(optional().default(false))]
    pub default: Attr<bool>,
    /// The scopes that tokens are asked for: names of scopes of the provider, or their sys_ids where several providers have a
    /// scope of that name.
    #[tf(optional())]
    pub scopes: Attr<SetOf<String>>,
    /// The application that the profile belongs to: its scope, its name or its sys_id. The global one when nothing is
    /// given.
    #[tf(optional_computed().stable().replaces())]
    pub scope: Attr<String>,
}

const LAYOUT: Layout = Layout {
    records: &[
        RecordLayout {
            slot: "profile",
            table: "oauth_entity_profile",
            exists: Exists::Always,
            columns: &[
                Column::new("sys_id", Holds::SysId("id")),
                Column::new("name", Holds::Text("name")),
                Column::new("oauth_entity", Holds::Reference("oauth_provider_id", "oauth_entity")),
                Column::new("grant_type", Holds::Text("grant_type")),
                Column::new("default", Holds::Flag("default")),
                Column::new("sys_scope", Holds::Lookup("scope", SCOPE)),
            ],
        },
        RecordLayout {
            slot: "scope",
            table: "oauth_entity_profile_scope",
            exists: Exists::ForEach("scopes"),
            columns: &[
                Column::new("oauth_entity_profile", Holds::Slot("profile")),
                Column::new("oauth_entity_scope", Holds::KeyLookup(OAUTH_SCOPE)),
            ],
        },
    ],
};

/// The resource.
pub const DEFINITION: Definition = Definition {
    type_name: "servicenow_oauth_profile",
    noun: "OAuth profile",
    subcategory: "OAuth",
    schema: model::schema::<OauthProfile>,
    layout: &LAYOUT,
    composite_keys: &[&["oauth_entity.name", "name"]],
    roles: Roles {
        read: &["oauth_admin", "mi_admin", "credential_admin"],
        write: &["oauth_admin", "mi_admin"],
    },
    ..Definition::PLAIN
};
