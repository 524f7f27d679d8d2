//! The messages about the records of a resource, with examples.

use reconcile::Lookup;
use servicenow_core::Record;

use super::{DOING, Entry, ID};
use crate::errors;

const ENVIRONMENT: Lookup = Lookup { table: "x_snd_eb_environment", keys: &["name"] };
const AGENT: Lookup = Lookup { table: "ecc_agent", keys: &["name"] };

/// These messages.
pub const ROWS: &[Entry] = &[
    Entry {
        name: "no_such_column",
        cause: "The name of a column is assumed, and this instance calls it otherwise or does not have it.",
        remedy: "Correct the name with the setting `columns`.",
        example: || {
            errors::no_such_column(
                "HTTP connection",
                "http_connection",
                "mid_capabilities",
                &["capabilities"],
            )
        },
    },
    Entry {
        name: "no_column_to_write",
        cause: "An attribute is set whose column this instance does not have under the assumed name.",
        remedy: "Correct the name with the setting `columns`, or leave the attribute out.",
        example: || errors::no_column_to_write(&DOING, "mid_cluster", "http_connection", "mid_cluster", &[]),
    },
    Entry {
        name: "no_such_table",
        cause: "A record is to be in a table that the instance does not have.",
        remedy: "Correct the name of the table.",
        example: || errors::no_such_table(&DOING, "sc_req_items", &["sc_req_item".to_owned()]),
    },
    Entry {
        name: "no_such_field",
        cause: "A record of any table names a column that the table does not have.",
        remedy: "Correct the name of the column.",
        example: || errors::no_such_field(&DOING, "fields", "sc_req_item", "amount", &["quantity"]),
    },
    Entry {
        name: "unknown_name",
        cause: "An attribute names a record that does not exist or is hidden.",
        remedy: "Correct the name, or give the sys_id.",
        example: || {
            let name = ("mid-prod", &["mid-production".to_owned()][..]);
            errors::unknown_name(&DOING, "mid_server", &AGENT, name, "Nothing was changed.")
        },
    },
    Entry {
        name: "unknown_choice",
        cause: "An attribute is a word that the instance does not offer for the column.",
        remedy: "Write the label or the value of one that it offers.",
        example: || {
            let offered = ["\"Basic\" (`basic`)".to_owned(), "\"OAuth 2.0\" (`oauth`)".to_owned()];
            errors::unknown_choice(&DOING, "authentication", "kerberos", &offered, "Nothing was changed.")
        },
    },
    Entry {
        name: "ambiguous_name",
        cause: "An attribute names a record by a name that several have.",
        remedy: "Give the sys_id.",
        example: || {
            errors::ambiguous_name(&DOING, "mid_server", "mid-prod", &[ID.to_owned()], "Nothing was changed.")
        },
    },
    Entry {
        name: "foretold",
        cause: "A plan refers to a record that is not there, or that several have the name of.",
        remedy: "Correct the name, or refer to the resource that creates the record.",
        example: || {
            let name = ("Prodution", &["Production".to_owned()][..]);
            let problem = errors::unknown_name(&DOING, "environment", &ENVIRONMENT, name, errors::STILL);
            errors::foretold("environment", "Prodution", problem)
        },
    },
    Entry {
        name: "secret_may_differ",
        cause: "Somebody changed a record whose secret this configuration had written.",
        remedy: "Write the secret again by changing its version, or let `reassert_secret` decide.",
        example: || {
            let cells = [("sys_updated_by", "jane.doe"), ("sys_updated_on", "2026-01-31 12:00:00")];
            let (secret, version) = ("password_wo", "password_wo_version");
            errors::secret_may_differ("basic auth credential", "orders", secret, version, &Record::of(cells))
        },
    },
    Entry {
        name: "out_of_place",
        cause: "An attribute is set that means nothing with the values of the others.",
        remedy: "Remove it, or change the other attribute.",
        example: || {
            errors::out_of_place(
                "mid_server",
                "A MID server is used when `mid_selection` is `specific_mid_server`, and it is `auto_select`.",
                "Remove `mid_server`, or select a specific MID server.",
            )
        },
    },
    Entry {
        name: "lacking",
        cause: "An attribute is missing that another one needs.",
        remedy: "Set it.",
        example: || {
            errors::lacking(
                "protocol_profile",
                "Mutual authentication takes its certificates from a protocol profile.",
            )
        },
    },
    Entry {
        name: "doubtful",
        cause: "A combination of attributes is allowed and seldom works.",
        remedy: "Check that it is meant.",
        example: || {
            errors::doubtful(
                "mutual_auth",
                "Mutual authentication may not work through a MID server",
                "Classic outbound web services do not support it. The plan goes on. Test the connection before it is \
                 activated.",
            )
        },
    },
];
