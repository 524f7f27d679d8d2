//! `servicenow_oauth2_credential`: tokens of another system, obtained through a profile.

use reconcile::{Column, Exists, Holds, Layout, RecordLayout};
use tf_core::model::SetOf;
use tf_core::{Attr, Diagnostics, Model, Object, check, model};

use super::references::MID_SERVER;
use super::{not_blank, sys_id, sys_ids};
use crate::definition::{Definition, Roles};

/// Tokens of another system, which the instance obtains and renews through an OAuth profile. The credential itself holds no
/// secret; that of the client is kept by [`servicenow_oauth_provider`](oauth_provider.md).
#[derive(Clone, Debug, Default, PartialEq, Model)]
pub struct Oauth2Credential {
    /// The sys_id of the credential.
    #[tf(computed().stable())]
    pub id: Attr<String>,
    /// Name of the credential.
    #[tf(required().check(not_blank()).check(check::length(0, 100)))]
    pub name: Attr<String>,
    /// The sys_id of the OAuth profile that tokens are obtained through.
    #[tf(required().check(sys_id()))]
    pub oauth_profile_id: Attr<String>,
    /// Whether tokens are obtained through a MID server.
    #[tf(optional().default(false))]
    pub connect_via_mid: Attr<bool>,
    /// Whose tokens they are: `system` for one set that everybody shares, `personal` for one set for each user.
    #[tf(optional().default("system").check(check::one_of(&["system", "personal"])))]
    pub integration_type: Attr<String>,
    /// Position among credentials that fit equally well: lower comes first.
    #[tf(optional().default(100))]
    pub order: Attr<i64>,
    /// Whether the credential may be used.
    #[tf(optional().default(true))]
    pub active: Attr<bool>,
    /// Which MID servers may use the credential: `all`, or those of `mid_servers`.
    #[tf(optional().default("all").check(check::one_of(&["all", "specific"])))]
    pub applies_to: Attr<String>,
    /// The MID servers that may use the credential: names or sys_ids.
    #[tf(optional())]
    pub mid_servers: Attr<SetOf<String>>,
    /// The sys_ids of the credential aliases that the credential serves.
    #[tf(optional().check(sys_ids()))]
    pub credential_alias_ids: Attr<SetOf<String>>,
}

const LAYOUT: Layout = Layout {
    records: &[RecordLayout {
        slot: "credential",
        table: "oauth_2_0_credentials",
        exists: Exists::Always,
        columns: &[
            Column::new("sys_id", Holds::SysId("id")),
            Column::new("name", Holds::Text("name")),
            Column::new("oauth_entity_profile", Holds::Reference("oauth_profile_id", "oauth_entity_profile"))
                .assumed(),
            Column::new("connect_via_mid", Holds::Flag("connect_via_mid")).assumed(),
            Column::new("integration_type", Holds::Text("integration_type")).assumed(),
            Column::new("order", Holds::Number("order")),
            Column::new("active", Holds::Flag("active")),
            Column::new("applies_to", Holds::Text("applies_to")).assumed(),
            Column::new("mid_list", Holds::Lookups("mid_servers", MID_SERVER)).assumed(),
            Column::new("tag", Holds::References("credential_alias_ids", "sys_alias")),
        ],
    }],
};

/// The resource.
pub const DEFINITION: Definition = Definition {
    type_name: "servicenow_oauth2_credential",
    noun: "OAuth 2.0 credential",
    subcategory: "Credentials",
    schema: model::schema::<Oauth2Credential>,
    layout: &LAYOUT,

    check: fits_together,
    roles: Roles { read: &["credential_admin"], write: &["credential_admin"] },

    ..Definition::PLAIN
};

fn fits_together(config: &Object) -> Diagnostics {
    super::for_specific_mid_servers(config)
}
