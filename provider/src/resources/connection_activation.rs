//! `servicenow_connection_activation`: which connection of an alias is the active one.

use std::collections::BTreeSet;

use tf_core::{Attr, Check, Model, Value, check, model};

use super::pointer::{Pointer, VerifyBlock};
use super::sys_id;
use crate::dialects::native;

/// The one active connection of an alias, or the several of an alias with `multiple_connections`. Creating it and changing
/// what it names activates that and deactivates the others; a switch made by hand shows up in the next plan and is healed by
/// the next apply. Give it `lifecycle { create_before_destroy = true }`, so that Terraform moves it before it deletes a
/// connection that is no longer declared.
#[derive(Clone, Debug, Default, PartialEq, Model)]
#[tf(exactly_one(&["connection_id", "connection_ids"]))]
pub struct Activation {
    /// The sys_id of the alias.
    #[tf(computed().stable())]
    pub id: Attr<String>,
    /// The sys_id of the alias whose active connection is chosen.
    #[tf(required().replaces().check(sys_id()))]
    pub connection_alias_id: Attr<String>,
    /// The sys_id of the connection that is to be the active one. Refer to the `id` of a resource, so that Terraform
    /// orders the changes.
    #[tf(optional().check(sys_id()))]
    pub connection_id: Attr<String>,
    /// The sys_ids of the connections that are to be active, the one that is to be taken first at the front: for an alias
    /// with `multiple_connections`, where `connection_id` is refused. Refer to the `id` of resources.
    #[tf(optional().check(check::elements(1, SEVERAL_MAX)).check(different()))]
    pub connection_ids: Attr<Vec<String>>,
    /// What happens to the active connections when this resource is destroyed: `keep` leaves them active, `deactivate`
    /// switches them off, and then nothing is sent.
    #[tf(optional().default("keep").check(check::one_of(&["keep", "deactivate"])))]
    pub on_destroy: Attr<String>,
    /// What happens to a connection that somebody else activated and the state does not know: `deactivate`, which is used
    /// when nothing is given, plans to switch it off; `adopt` keeps it active until `connection_id` or `connection_ids` name
    /// others than before; `error` ends the plan.
    #[tf(optional().check(check::one_of(&["deactivate", "adopt", "error"])))]
    pub on_foreign_active: Attr<String>,
    /// Asks the other system before a switch, which is not made when it does not answer as expected, and after it, when the
    /// connection that was active before is activated again. Nothing that proves who asks is sent.
    #[tf(optional())]
    pub verify: Attr<VerifyBlock>,
    /// Names of the connections that the last switch deactivated, or that the planned one will.
    #[tf(computed())]
    pub deactivates: Attr<Vec<String>>,
    /// The sys_id of the connection that was active before the last switch: what `connection_id`, or that of the action
    /// `servicenow_activate_connection`, has to be to go back. Null when none was.
    #[tf(computed())]
    pub previous_connection_id: Attr<String>,
    /// The sys_ids of the connections that were active before the last switch, where several are declared: what
    /// `connection_ids` has to be to go back.
    #[tf(computed())]
    pub previous_connection_ids: Attr<Vec<String>>,
}

/// More connections than this at once are a mistake in a configuration: each of them takes a write.
const SEVERAL_MAX: usize = 50;

/// A check that sys_ids are what they should be, and each is there once.
fn different() -> Check {
    let test = |value: &Value| {
        let ids = value.as_elements().unwrap_or_default();
        let mut seen = BTreeSet::new();
        ids.iter().try_for_each(|it| {
            (sys_id().test)(it)?;
            match it.as_str() {
                Some(id) if !seen.insert(id.to_ascii_lowercase()) => {
                    Err(format!("`{id}` is there twice. A connection has one place in the order"))
                }
                _ => Ok(()),
            }
        })
    };
    Check::new("sys_ids that are all different", test)
}

/// The resource.
pub const POINTER: Pointer = Pointer {
    type_name: "servicenow_connection_activation",
    schema: model::schema::<Activation>,
    exclusive: &native::CONNECTIONS,
    group_id: "connection_alias_id",
    several: Some("connection_ids"),
    group_active: None,
    ids: &["id", "connection_alias_id"],
    subcategory: "Connections",
    notes: "## How a switch is done\n\nOn an instance that deactivates the others by itself the \
            new connection is activated with one write, and there is no moment without an active one. Elsewhere the old \
            one is deactivated first, so that two are never active; when the new one is refused, the old one is activated \
            again and the error says so. Which kind of instance it is, is found out before the first switch of a run; see \
            `one_active_rule` in the [provider's settings](../index.md). Where the instance was seen to refuse a second active \
            one, both writes travel in one request.\n\n## Several active connections\n\nAn alias with `multiple_connections` \
            takes `connection_ids`. What is active and not in it goes off before anything in it comes on, so that connections \
            that were never declared together are never active together; those in both stay on throughout. When one cannot be \
            activated, all is changed back to what it was.\n\nWhich of several the instance takes depends on what asks it. \
            Where it goes by their order, that is the column `order` of the connection, the lower first; its name is not \
            established, and the provider setting `columns` corrects it (`sys_connection.order`). It is written only where \
            the order is not as declared.\n\n## Domains\n\nIn an instance that separates domains one connection of an alias may be \
            active in each. What counts is the domain of the connection that is declared: what is active in another domain is \
            neither shown as a switch by somebody else nor switched off, and each domain may have an activation of its own. \
            The user that signs in has to see the connections of the domain. Where several domains have an active one, an \
            import leaves `connection_id` open.\n\n## Required roles\n\n`connection_admin`.",
};
