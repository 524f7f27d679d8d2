//! `servicenow_retry_policy`: what happens when a call of an integration fails.

use reconcile::{Column, Exists, Holds, Layout, RecordLayout};
use tf_core::{Attr, Diagnostics, Model, Object, Value, check, model};

use super::not_blank;
use super::references::SCOPE;
use crate::definition::{Definition, Roles};
use crate::errors;

/// How often and when a failed call is repeated. An alias that has the policy uses it for the steps of its flows.
#[derive(Clone, Debug, Default, PartialEq, Model)]
pub struct RetryPolicy {
    /// The sys_id of the policy.
    #[tf(computed().stable())]
    pub id: Attr<String>,
    /// Name of the policy.
    #[tf(required().check(not_blank()).check(check::length(1, 40)))]
    pub name: Attr<String>,
    /// What kind of calls it is for.
    #[tf(optional().default("http").check(check::one_of(&["http", "jdbc", "basic"])))]
    pub connection_type: Attr<String>,
    /// When a call is repeated: `fixed_time_interval` waits the same time before each repetition, `exponential_backoff`
    /// twice as long as before, and `retry_after` as long as the other system asks for, which only HTTP knows.
    #[tf(optional()
        .default("fixed_time_interval")
        .check(check::one_of(&["fixed_time_interval", "exponential_backoff", "retry_after"])))]
    pub strategy: Attr<String>,
    /// How often a call is repeated at most.
    #[tf(optional().check(check::at_least(0)))]
    pub max_retries: Attr<i64>,
    /// Seconds before a repetition, before the first one where they grow.
    #[tf(optional().check(check::at_least(0)))]
    pub interval_seconds: Attr<i64>,
    /// Seconds after which no repetition begins any more. Needed for `retry_after`, and for it alone.
    #[tf(optional().check(check::range(1, 86_400)))]
    pub max_elapsed_seconds: Attr<i64>,
    /// Which failures are repeated, as an encoded query such as `status_code=429^ORstatus_code=503`. Only HTTP has it.
    #[tf(optional().check(check::length(0, 4_000)))]
    pub condition: Attr<String>,
    /// The application that the policy belongs to: its scope, its name or its sys_id. The global one when nothing is given.
    #[tf(optional_computed().stable().replaces())]
    pub scope: Attr<String>,
}

const TYPES: &[(&str, &str)] = &[
    ("http", "http_retry_conditions"),
    ("jdbc", "jdbc_retry_conditions"),
    ("basic", "basic_retry_conditions"),
];

const LAYOUT: Layout = Layout {
    records: &[RecordLayout {
        slot: "policy",
        table: "sys_retry_policy",
        exists: Exists::Always,
        columns: &[
            Column::new("sys_id", Holds::SysId("id")),
            Column::new("name", Holds::Text("name")),
            Column::new("connection_type", Holds::Choice("connection_type", TYPES)),
            Column::new("retry_strategy", Holds::Text("strategy")),
            Column::new("count", Holds::Number("max_retries")),
            Column::new("interval", Holds::Number("interval_seconds")),
            Column::new("max_elapsed_time", Holds::Number("max_elapsed_seconds")),
            Column::new("condition", Holds::Text("condition")),
            Column::new("sys_scope", Holds::Lookup("scope", SCOPE)),
        ],
    }],
};

/// The resource.
pub const DEFINITION: Definition = Definition {
    type_name: "servicenow_retry_policy",
    noun: "retry policy",
    subcategory: "Connections",
    schema: model::schema::<RetryPolicy>,
    layout: &LAYOUT,
    check: fits_together,
    roles: Roles { read: &["connection_admin", "flow_designer"], write: &["admin"] },
    ..Definition::PLAIN
};

/// What the strategies take and exclude.
fn fits_together(config: &Object) -> Diagnostics {
    let mut problems = Diagnostics::none();
    let text = |name: &str| config.get(name).and_then(Value::as_str);
    let is_set = |name: &str| config.get(name).is_some_and(|it| !it.is_null() && !it.is_unknown());
    let is_open = |name: &str| config.get(name).is_some_and(Value::is_unknown);
    let kind = text("connection_type").unwrap_or("http");
    if is_set("condition") && kind != "http" {
        let reason = format!("Only HTTP calls have conditions, and `connection_type` is `{kind}`.");
        problems.push(errors::out_of_place("condition", &reason, "Remove `condition`."));
    }
    if text("strategy") != Some("retry_after") {
        if is_set("max_elapsed_seconds") && !is_open("strategy") {
            let reason = "It bounds the strategy `retry_after`, which this policy does not have.";
            let remedy = "Remove `max_elapsed_seconds`, or set `strategy = \"retry_after\"`.";
            problems.push(errors::out_of_place("max_elapsed_seconds", reason, remedy));
        }
        return problems;
    }
    if kind != "http" {
        let reason = format!("Only HTTP answers say when to come back, and `connection_type` is `{kind}`.");
        problems.push(errors::out_of_place("strategy", &reason, "Choose another strategy."));
    }
    for name in ["max_retries", "interval_seconds"] {
        if is_set(name) {
            let reason = "With the strategy `retry_after` the other system decides when and how often.";
            problems.push(errors::out_of_place(name, reason, &format!("Remove `{name}`.")));
        }
    }
    if !is_set("max_elapsed_seconds") && !is_open("max_elapsed_seconds") {
        problems.push(errors::lacking("max_elapsed_seconds", "The strategy `retry_after` needs a bound."));
    }
    problems
}
