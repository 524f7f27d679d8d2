//! What every kind of credential has: its name, and who may use it.

use reconcile::{Column, Holds};
use tf_core::model::SetOf;
use tf_core::{Attr, Diagnostics, Model, Object, Value, check};

use super::pointer::VerifyBlock;
use super::references::MID_SERVER;
use super::{not_blank, sys_ids};
use crate::errors;

/// Which credential it is.
#[derive(Clone, Debug, Default, PartialEq, Model)]
pub struct Named {
    /// The sys_id of the credential.
    #[tf(computed().stable())]
    pub id: Attr<String>,
    /// Name of the credential.
    #[tf(required().check(not_blank()).check(check::length(0, 100)))]
    pub name: Attr<String>,
}

/// What is done about a secret that somebody else may have changed.
#[derive(Clone, Debug, Default, PartialEq, Model)]
pub struct Reassert {
    /// What to do when somebody changed the credential after this configuration had written the secret: `true` writes it
    /// again, `false` says nothing. Without it such a change is a warning.
    #[tf(optional())]
    pub reassert_secret: Attr<bool>,
}

/// Who is asked after the secret was written.
#[derive(Clone, Debug, Default, PartialEq, Model)]
pub struct Asked {
    /// Asks each active connection that refers to the credential after the secret was written, signed in with it; the path
    /// is one that only somebody who is signed in may see. When one does not answer as expected the apply ends with an error,
    /// or with a warning where the credential is new; the new secret stays, because the old one cannot be read. From where
    /// Terraform runs, a secret is sent over `https` alone, to the host of the connection, and no redirect is followed. What
    /// cannot be asked, as through a MID server, is a warning.
    #[tf(optional())]
    pub verify: Attr<VerifyBlock>,
}

/// Who may use the credential.
#[derive(Clone, Debug, Default, PartialEq, Model)]
pub struct Use {
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

/// The column of the id.
pub const ID: Column = Column::new("sys_id", Holds::SysId("id"));

/// The column of the name.
pub const NAME: Column = Column::new("name", Holds::Text("name"));

/// The columns of [`Use`].
pub const USE: [Column; 5] = [
    Column::new("order", Holds::Number("order")),
    Column::new("active", Holds::Flag("active")),
    Column::new("applies_to", Holds::Text("applies_to")).assumed(),
    Column::new("mid_list", Holds::Lookups("mid_servers", MID_SERVER)).assumed(),
    Column::new("tag", Holds::References("credential_alias_ids", "sys_alias")),
];

/// MID servers are named where a credential is for those alone.
pub fn check_use(config: &Object) -> Diagnostics {
    let is_null = |name: &str| config.get(name).is_none_or(Value::is_null);
    let applies_to = config.get("applies_to");
    let is_specific = applies_to.and_then(Value::as_str) == Some("specific");
    if is_specific && is_null("mid_servers") {
        return errors::lacking("mid_servers", "The credential is for specific MID servers alone.").into();
    }
    if !is_specific && !applies_to.is_some_and(Value::is_unknown) && !is_null("mid_servers") {
        let reason = "The credential is for all MID servers: `applies_to` is not `specific`.";
        let remedy = "Set `applies_to = \"specific\"`, or remove `mid_servers`.";
        return errors::out_of_place("mid_servers", reason, remedy).into();
    }
    Diagnostics::none()
}

/// What the attribute that asks other systems is called. It has no column.
pub const VERIFY: &str = "verify";
