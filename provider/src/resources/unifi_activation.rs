//! `servicenow_unifi_activation`: which connection of a Unifi integration is the active one.

use tf_core::{Attr, Model, check, model};

use super::pointer::{DrainBlock, Pointer, VerifyBlock};
use super::sys_id;
use crate::dialects::unifi;

/// The one active connection of a Unifi integration; the integration is active with it. Creating it and changing
/// `connection_id` activates that connection, and the others are deactivated; a switch made by hand shows up in the next
/// plan and is healed by the next apply. Give it `lifecycle { create_before_destroy = true }`, so that Terraform moves it
/// before it deletes a connection that is no longer declared.
#[derive(Clone, Debug, Default, PartialEq, Model)]
pub struct UnifiActivation {
    /// The sys_id of the integration.
    #[tf(computed().stable())]
    pub id: Attr<String>,
    /// The sys_id of the integration whose active connection is chosen.
    #[tf(required().replaces().check(sys_id()))]
    pub integration_id: Attr<String>,
    /// The sys_id of the connection that is to be the active one. Refer to the `id` of a resource, so that Terraform
    /// orders the changes.
    #[tf(required().check(sys_id()))]
    pub connection_id: Attr<String>,
    /// What happens to the active connection when this resource is destroyed: `keep` leaves it active, `deactivate`
    /// switches it off, and then the integration is not active any more.
    #[tf(optional().default("keep").check(check::one_of(&["keep", "deactivate"])))]
    pub on_destroy: Attr<String>,
    /// What happens to a connection that somebody else activated and the state does not know: `deactivate`, which is used
    /// when nothing is given, plans to switch it off; `adopt` keeps it active until `connection_id` names another
    /// connection than before; `error` ends the plan.
    #[tf(optional().check(check::one_of(&["deactivate", "adopt", "error"])))]
    pub on_foreign_active: Attr<String>,
    /// Asks the other system before a switch, which is not made when it does not answer as expected, and after it, when the
    /// connection that was active before is activated again. Nothing that proves who asks is sent.
    #[tf(optional())]
    pub verify: Attr<VerifyBlock>,
    /// Lets messages come to their end before a switch: the integration is paused, what is in work is waited for, the
    /// connection is switched with its `verify`, and the integration is resumed, whatever became of the switch. What came in
    /// while it was paused is sent by the new connection. Without it a switch neither pauses nor waits. See the
    /// [guide](../guides/environments-and-switching.md) for what is assumed of Unifi there, and how it is checked.
    #[tf(optional())]
    pub wait_until_inactive_drained: Attr<DrainBlock>,
    /// Names of the connections that the last switch deactivated, or that the planned one will.
    #[tf(computed())]
    pub deactivates: Attr<Vec<String>>,
    /// The sys_id of the connection that was active before the last switch: what `connection_id`, or that of the action
    /// `servicenow_activate_connection`, has to be to go back. Null when none was.
    #[tf(computed())]
    pub previous_connection_id: Attr<String>,
    /// Whether the integration is active. Unifi keeps it: on while one of the connections is active.
    #[tf(computed())]
    pub integration_active: Attr<bool>,
}

/// The resource.
pub const POINTER: Pointer = Pointer {
    type_name: "servicenow_unifi_activation",
    schema: model::schema::<UnifiActivation>,
    exclusive: &unifi::CONNECTIONS,
    group_id: "integration_id",
    several: None,
    group_active: Some("integration_active"),
    ids: &["id", "integration_id"],
    subcategory: "Unifi",
    notes: "## How a switch is done\n\nUnifi deactivates the other connections of an integration itself when one becomes active, \
            so that one write is enough. Where a look afterwards shows that one of the others is still active, it is \
            deactivated, and for the rest of the run the old one goes off before the new one goes on; see \
            `unifi_one_active_rule` in the [provider's settings](../index.md). The integration's own flag is read after each \
            switch and never written.\n\n## Messages on their way\n\nA message that waits goes to whichever connection \
            is active when its turn comes. With `wait_until_inactive_drained` a switch waits until nothing that was meant for the \
            old connection is left; see the [guide](../guides/environments-and-switching.md).\n\n## Required roles\n\n`x_snd_eb.admin`.",
};
