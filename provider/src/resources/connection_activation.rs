//! `servicenow_connection_activation`: which connection of an alias is the active one.

use tf_core::{Attr, Model, check, model};

use super::pointer::{Pointer, VerifyBlock};
use super::sys_id;
use crate::dialects::native;

/// The one active connection of an alias. Creating it and changing `connection_id` activates that connection and
/// deactivates the others; a switch made by hand shows up in the next plan and is healed by the next apply. Give it
/// `lifecycle { create_before_destroy = true }`, so that Terraform moves it before it deletes a connection that is no
/// longer declared.
#[derive(Clone, Debug, Default, PartialEq, Model)]
pub struct Activation {
    /// The sys_id of the alias.
    #[tf(computed().stable())]
    pub id: Attr<String>,
    /// The sys_id of the alias whose active connection is chosen.
    #[tf(required().replaces().check(sys_id()))]
    pub connection_alias_id: Attr<String>,
    /// The sys_id of the connection that is to be the active one. Refer to the `id` of a resource, so that Terraform
    /// orders the changes.
    #[tf(required().check(sys_id()))]
    pub connection_id: Attr<String>,
    /// What happens to the active connection when this resource is destroyed: `keep` leaves it active, `deactivate`
    /// switches it off, and then nothing is sent.
    #[tf(optional().default("keep").check(check::one_of(&["keep", "deactivate"])))]
    pub on_destroy: Attr<String>,
    /// What happens to a connection that somebody else activated and the state does not know: `deactivate`, which is used
    /// when nothing is given, plans to switch it off; `adopt` keeps it active until `connection_id` names another
    /// connection than before; `error` ends the plan.
    #[tf(optional().check(check::one_of(&["deactivate", "adopt", "error"])))]
    pub on_foreign_active: Attr<String>,
    /// Asks the other system before a switch, which is not made when it does not answer as expected, and after it, when the
    /// connection that was active before is activated again.
    #[tf(optional())]
    pub verify: Attr<VerifyBlock>,
    /// Names of the connections that the last switch deactivated, or that the planned one will.
    #[tf(computed())]
    pub deactivates: Attr<Vec<String>>,
    /// The sys_id of the connection that was active before the last switch: what `connection_id`, or that of the action
    /// `servicenow_activate_connection`, has to be to go back. Null when none was.
    #[tf(computed())]
    pub previous_connection_id: Attr<String>,
}

/// The resource.
pub const POINTER: Pointer = Pointer {
    type_name: "servicenow_connection_activation",
    schema: model::schema::<Activation>,
    exclusive: &native::CONNECTIONS,
    group_id: "connection_alias_id",
    group_active: None,
    ids: &["id", "connection_alias_id"],
    subcategory: "Connections",
    notes: "## How a switch is done\n\nOn an instance that deactivates the others by itself the \
            new connection is activated with one write, and there is no moment without an active one. Elsewhere the old \
            one is deactivated first, so that two are never active; when the new one is refused, the old one is activated \
            again and the error says so. Which kind of instance it is, is found out before the first switch of a run; see \
            `one_active_rule` in the [provider's settings](../index.md).\n\n## Required roles\n\n`connection_admin`.",
};
