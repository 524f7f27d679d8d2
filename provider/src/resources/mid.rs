//! How a connection is reached through a MID server: rules and columns that all kinds of connections share.

pub mod status;

use reconcile::{Column, Holds};
use tf_core::{Attr, Diagnostics, Model, Object, Value, check};

use super::references::{MID_APPLICATION, MID_CAPABILITY, MID_CLUSTER, MID_SERVER};
use crate::errors;

/// The ways to select a MID server, as the instance spells them.
pub const SELECTIONS: [&str; 3] = ["auto_select", "specific_mid_server", "specific_mid_cluster"];

/// How a connection is reached through a MID server. What a MID server has to be capable of is beside it, because each kind of
/// connection needs something else.
#[derive(Clone, Debug, Default, PartialEq, Model)]
pub struct Mid {
    /// Whether the connection goes through a MID server.
    #[tf(optional().default(false))]
    pub use_mid: Attr<bool>,
    /// Which MID server that is.
    #[tf(flatten())]
    pub selection: Selection,
}

/// Which MID server a connection goes through.
#[derive(Clone, Debug, Default, PartialEq, Model)]
pub struct Selection {
    /// How the MID server is found: `auto_select` takes any that fits, `specific_mid_server` the one of `mid_server`,
    /// `specific_mid_cluster` one of `mid_cluster`. `auto_select` when nothing is given.
    #[tf(optional_computed().stable().check(check::one_of(&SELECTIONS)))]
    pub mid_selection: Attr<String>,
    /// The MID server: its name or its sys_id. A plan warns of one that is not up, not validated or not there.
    #[tf(optional())]
    pub mid_server: Attr<String>,
    /// The cluster of MID servers: its name or its sys_id.
    #[tf(optional())]
    pub mid_cluster: Attr<String>,
    /// The application that a MID server has to serve: its name or its sys_id.
    #[tf(optional())]
    pub mid_application: Attr<String>,
}

/// The columns about MID servers.
pub const COLUMNS: [Column; 6] = [
    Column::new("use_mid", Holds::Flag("use_mid")),
    Column::new("mid_selection", Holds::Text("mid_selection")),
    Column::new("mid_server", Holds::Lookup("mid_server", MID_SERVER)),
    Column::new("mid_cluster", Holds::Lookup("mid_cluster", MID_CLUSTER)).assumed(),
    Column::new("mid_application", Holds::Lookup("mid_application", MID_APPLICATION)).assumed(),
    Column::new("mid_capabilities", Holds::Lookups("mid_capabilities", MID_CAPABILITY)).assumed(),
];

/// What belongs to which selection.
const BELONGINGS: [(&str, &str); 4] = [
    ("mid_server", "specific_mid_server"),
    ("mid_cluster", "specific_mid_cluster"),
    ("mid_application", "auto_select"),
    ("mid_capabilities", "auto_select"),
];

/// What the configuration says of a MID server fits together. The value that every connection has is no harm: it is what
/// Terraform below 1.14 writes down when it generates configuration.
pub fn check(config: &Object) -> Diagnostics {
    let mut problems = Diagnostics::none();
    let text = |name: &str| config.get(name).and_then(Value::as_str);
    let is_open = |name: &str| config.get(name).is_some_and(Value::is_unknown);
    let is_set = |name: &str| config.get(name).is_some_and(|it| !it.is_null() && !it.is_unknown());
    let is_used = config.get("use_mid").and_then(Value::as_bool).unwrap_or_default();
    for name in ["mid_selection", "mid_server", "mid_cluster", "mid_application", "mid_capabilities"] {
        let says_nothing = text(name) == Some("auto_select");
        if is_set(name) && !says_nothing && !is_used && !is_open("use_mid") {
            let reason = "The connection does not go through a MID server: `use_mid` is not `true`.";
            problems.push(errors::out_of_place(
                name,
                reason,
                &format!("Set `use_mid = true`, or remove `{name}`."),
            ));
        }
    }
    if !problems.has_errors() && is_used {
        problems.extend(check_selection(config));
    }
    problems
}

/// What the configuration says of a MID server fits together where the connection goes through one in any case.
pub fn check_selection(config: &Object) -> Diagnostics {
    let mut problems = Diagnostics::none();
    let is_open = |name: &str| config.get(name).is_some_and(Value::is_unknown);
    let is_set = |name: &str| config.get(name).is_some_and(|it| !it.is_null() && !it.is_unknown());
    if is_open("mid_selection") {
        return problems;
    }
    let selection = config.get("mid_selection").and_then(Value::as_str).unwrap_or("auto_select");
    for (name, needed) in BELONGINGS {
        if is_set(name) && selection != needed {
            let reason = format!("It counts when `mid_selection` is `{needed}`, and it is `{selection}`.");
            let remedy = format!("Set `mid_selection = \"{needed}\"`, or remove `{name}`.");
            problems.push(errors::out_of_place(name, &reason, &remedy));
        }
        let is_missing = !is_set(name) && !is_open(name) && selection == needed && needed != "auto_select";
        if is_missing {
            problems.push(errors::lacking(name, &format!("`mid_selection` is `{needed}`.")));
        }
    }
    problems
}
