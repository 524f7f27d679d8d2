//! `servicenow_unifi_integration`: one process of the instance with one external system.

use reconcile::{Column, Exists, Holds, Layout, RecordLayout};
use tf_core::{Attr, Model, check, model};

use super::not_blank;
use super::references::{COMPANY, SCOPE, UNIFI_PROCESS};
use crate::definition::{Definition, Roles};

/// An integration of Unifi: one process of the instance with one external system. Whether it is active follows from its
/// connections, so that nothing here sets it; its state and status are what Unifi makes of its traffic.
#[derive(Clone, Debug, Default, PartialEq, Model)]
pub struct UnifiIntegration {
    /// The sys_id of the integration.
    #[tf(computed().stable())]
    pub id: Attr<String>,
    /// Name of the integration.
    #[tf(required().check(not_blank()).check(check::length(1, 100)))]
    pub name: Attr<String>,
    /// The process that the integration serves: its name or its sys_id.
    #[tf(optional())]
    pub process: Attr<String>,
    /// The company that runs the other system: its name or its sys_id.
    #[tf(optional())]
    pub company: Attr<String>,
    /// How messages travel.
    #[tf(optional().default("rest").check(check::one_of(&["rest", "soap"])))]
    pub service_type: Attr<String>,
    /// What messages are written in. `json` when nothing is given.
    #[tf(optional_computed().stable().check(check::one_of(&["json", "xml", "advanced"])))]
    pub message_format: Attr<String>,
    /// What the integration is for.
    #[tf(optional().check(check::length(0, 4_000)))]
    pub description: Attr<String>,
    /// Whether Unifi writes down more than usual.
    #[tf(optional().default(false))]
    pub debug: Attr<bool>,
    /// Seconds that a message may take that is waited for. The instance decides when nothing is given.
    #[tf(optional_computed().stable().check(check::at_least(1)))]
    pub sync_timeout_seconds: Attr<i64>,
    /// Seconds that a message may take that is not waited for. The instance decides when nothing is given.
    #[tf(optional_computed().stable().check(check::at_least(1)))]
    pub async_timeout_seconds: Attr<i64>,
    /// Seconds that a MID server may take. The instance decides when nothing is given.
    #[tf(optional_computed().stable().check(check::at_least(1)))]
    pub mid_timeout_seconds: Attr<i64>,
    /// Seconds before a failed message is sent again. The instance decides when nothing is given.
    #[tf(optional_computed().stable().check(check::at_least(0)))]
    pub retry_delay_seconds: Attr<i64>,
    /// How often a failed message is sent again at most. The instance decides when nothing is given.
    #[tf(optional_computed().stable().check(check::at_least(0)))]
    pub retry_limit: Attr<i64>,
    /// Seconds between heartbeats. The instance decides when nothing is given.
    #[tf(optional_computed().stable().check(check::at_least(1)))]
    pub heartbeat_seconds: Attr<i64>,
    /// The script that tells which message an incoming call is.
    #[tf(optional().check(check::length(0, 8_000)))]
    pub identify_message_script: Attr<String>,
    /// The application that the integration belongs to: its scope, its name or its sys_id. The one that the instance
    /// chooses when nothing is given.
    #[tf(optional_computed().stable().replaces())]
    pub application: Attr<String>,
    /// Whether one of its connections is active.
    #[tf(computed())]
    pub active: Attr<bool>,
    /// What Unifi does with its messages, such as `active`, `paused` or `off`.
    #[tf(computed())]
    pub state: Attr<String>,
    /// What the last heartbeats say, such as `up`, `down` or `awaiting`.
    #[tf(computed())]
    pub status: Attr<String>,
}

const LAYOUT: Layout = Layout {
    records: &[RecordLayout {
        slot: "integration",
        table: "x_snd_eb_integration",
        exists: Exists::Always,
        columns: &[
            Column::new("sys_id", Holds::SysId("id")),
            Column::new("name", Holds::Text("name")).assumed(),
            Column::new("process", Holds::Lookup("process", UNIFI_PROCESS)).assumed(),
            Column::new("company", Holds::Lookup("company", COMPANY)).assumed(),
            Column::new("service_type", Holds::Text("service_type")).assumed(),
            Column::new("message_format", Holds::Text("message_format")).assumed(),
            Column::new("description", Holds::Text("description")).assumed(),
            Column::new("debug", Holds::Flag("debug")).assumed(),
            Column::new("sync_timeout", Holds::Number("sync_timeout_seconds")).assumed(),
            Column::new("async_timeout", Holds::Number("async_timeout_seconds")).assumed(),
            Column::new("mid_timeout", Holds::Number("mid_timeout_seconds")).assumed(),
            Column::new("retry_delay", Holds::Number("retry_delay_seconds")).assumed(),
            Column::new("retry_limit", Holds::Number("retry_limit")).assumed(),
            Column::new("heartbeat_frequency", Holds::Number("heartbeat_seconds")).assumed(),
            Column::new("identify_message_script", Holds::Lines("identify_message_script")).assumed(),
            Column::new("sys_scope", Holds::Lookup("application", SCOPE)),
            Column::new("active", Holds::Observed("active")).assumed(),
            Column::new("state", Holds::Calculated("state")).assumed(),
            Column::new("status", Holds::Calculated("status")).assumed(),
        ],
    }],
};

/// The resource.
pub const DEFINITION: Definition = Definition {
    type_name: "servicenow_unifi_integration",
    noun: "Unifi integration",
    subcategory: "Unifi",
    schema: model::schema::<UnifiIntegration>,
    layout: &LAYOUT,
    composite_keys: &[&["process.name", "name"]],
    roles: Roles { read: &["x_snd_eb.manager", "x_snd_eb.user"], write: &["x_snd_eb.admin"] },
    ..Definition::PLAIN
};
