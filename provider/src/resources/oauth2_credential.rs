//! `servicenow_oauth2_credential`: tokens of another system, obtained through a profile.

use reconcile::{Column, Exists, Holds, Layout, RecordLayout};
use tf_core::{Attr, Diagnostics, Model, Object, check, model};

use super::{credential, sys_id};
use crate::definition::{Definition, Roles};

/// Tokens of another system, which the instance obtains and renews through an OAuth profile. The credential itself holds no
/// secret; that of the client is kept by [`servicenow_oauth_provider`](oauth_provider.md).
#[derive(Clone, Debug, Default, PartialEq, Model)]
pub struct Oauth2Credential {
    /// Which credential it is.
    #[tf(flatten())]
    pub named: credential::Named,
    /// The sys_id of the OAuth profile that tokens are obtained through.
    #[tf(required().check(sys_id()))]
    pub oauth_profile_id: Attr<String>,
    /// Whether tokens are obtained through a MID server.
    #[tf(optional().default(false))]
    pub connect_via_mid: Attr<bool>,
    /// Whose tokens they are: `system` for one set that everybody shares, `personal` for one set for each user.
    #[tf(optional().default("system").check(check::one_of(&["system", "personal"])))]
    pub integration_type: Attr<String>,
    /// Who may use it.
    #[tf(flatten())]
    pub in_use: credential::Use,
}

const LAYOUT: Layout = Layout {
    records: &[RecordLayout {
        slot: "credential",
        table: "oauth_2_0_credentials",
        exists: Exists::Always,
        columns: &[
            credential::ID,
            credential::NAME,
            Column::new("oauth_entity_profile", Holds::Reference("oauth_profile_id", "oauth_entity_profile"))
                .assumed(),
            Column::new("connect_via_mid", Holds::Flag("connect_via_mid")).assumed(),
            Column::new("integration_type", Holds::Text("integration_type")).assumed(),
            credential::USE[0],
            credential::USE[1],
            credential::USE[2],
            credential::USE[3],
            credential::USE[4],
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
    credential::check_use(config)
}
