//! Settings of the rows and rules, of the state the instance is in, and of its latency.

use super::{Allowed, Setting};
use crate::rules::rule_names;

/// What the instance does when a second connection of an alias becomes active.
pub const ONE_ACTIVE_RULE: &str = "one_active_rule";
/// Whether two active connections may share a credential.
pub const CREDENTIAL_ONCE_RULE: &str = "credential_once_rule";
/// Which characters the name of an alias may have.
pub const ALIAS_NAME_CHARACTERS: &str = "alias_name_characters";
/// How a two-way password reads.
pub const PASSWORD2_READ: &str = "password2_read";
/// When a written two-way password is encrypted.
pub const PASSWORD2_WRITE: &str = "password2_write";
/// Whether a query with an invalid part answers no rows.
pub const INVALID_QUERY_RETURNS_NO_ROWS: &str = "invalid_query_returns_no_rows";
/// Whether a choice column takes a value outside its choices.
pub const CHOICE_ALLOWS_NON_EXISTING_VALUE: &str = "choice_allows_non_existing_value";
/// Whether mandatory columns are enforced for web services.
pub const MANDATORY_COLUMNS: &str = "mandatory_columns";
/// What happens to references to a deleted record.
pub const DELETE_OF_REFERENCED: &str = "delete_of_referenced";
/// What becomes of scripts in queries.
pub const QUERY_SCRIPTS: &str = "query_scripts";
/// Whether two carets in a query stand for one.
pub const QUERY_CARET_ESCAPE: &str = "query_caret_escape";
/// The order of a list for which none was asked.
pub const LIST_ORDER: &str = "list_order";
/// The business rules that do not run.
pub const RULES_OFF: &str = "rules_off";
/// What happens to a text that is longer than its column.
pub const LONG_VALUES: &str = "long_values";
/// Whether read-only columns take values.
pub const READ_ONLY_COLUMNS: &str = "read_only_columns";
/// Which changes are kept in the audit table.
pub const AUDIT: &str = "audit";
/// Whether changes of application files are captured in update sets.
pub const UPDATE_SET_CAPTURE: &str = "update_set_capture";

/// The settings.
pub const DATA: &[Setting] = &[
    Setting {
        name: ONE_ACTIVE_RULE,
        allowed: Allowed::Words(&["cascade", "refuse", "none"]),
        default: "cascade",
        meaning: "When a connection becomes active beside an active one of its alias and domain: deactivate \
                  the others, refuse the write, or allow both.",
        source: "documented that there is at most one active connection; how the instance keeps it is assumed",
    },
    Setting {
        name: CREDENTIAL_ONCE_RULE,
        allowed: Allowed::Words(&["refuse", "none"]),
        default: "refuse",
        meaning: "When a second active connection uses the same credential: refuse the write or allow it.",
        source: "documented",
    },
    Setting {
        name: ALIAS_NAME_CHARACTERS,
        allowed: Allowed::Words(&["wide", "word", "any"]),
        default: "wide",
        meaning: "Characters in the name of an alias: the wide set of newer releases, only letters, digits \
                  and underscore as in older documents, or any.",
        source: "documented, differently for different releases",
    },
    Setting {
        name: PASSWORD2_READ,
        allowed: Allowed::Words(&["ciphertext", "empty", "mask"]),
        default: "ciphertext",
        meaning: "What reading a two-way password gives: its ciphertext, an empty text or asterisks.",
        source: "seen differently by different clients",
    },
    Setting {
        name: PASSWORD2_WRITE,
        allowed: Allowed::Words(&["always", "display_value_only", "raw_unless_display_value"]),
        default: "display_value_only",
        meaning: "When a written two-way password is encrypted: always; only with \
                  sysparm_input_display_value=true and discarded without it; or stored raw, and so unusable, \
                  without it.",
        source: "documented for encrypted columns that the display-value path is needed; the rest is assumed",
    },
    Setting {
        name: INVALID_QUERY_RETURNS_NO_ROWS,
        allowed: Allowed::Words(&["false", "true"]),
        default: "false",
        meaning: "Whether a query with an unknown column or operator answers no rows instead of ignoring that \
                  part.",
        source: "documented: property glide.invalid_query.returns_no_rows",
    },
    Setting {
        name: CHOICE_ALLOWS_NON_EXISTING_VALUE,
        allowed: Allowed::Words(&["false", "true"]),
        default: "false",
        meaning: "Whether a choice column stores a value outside its choices; otherwise it keeps what it had.",
        source: "documented: property glide.rest.choice.allow_non_existing_value; that the old value stays is assumed",
    },
    Setting {
        name: MANDATORY_COLUMNS,
        allowed: Allowed::Words(&["ignored", "data_policy"]),
        default: "ignored",
        meaning: "Whether mandatory columns bind web services through a data policy.",
        source: "assumed",
    },
    Setting {
        name: DELETE_OF_REFERENCED,
        allowed: Allowed::Words(&["clear", "keep"]),
        default: "clear",
        meaning: "What happens to references to a deleted record: cleared, or kept without a target.",
        source: "assumed",
    },
    Setting {
        name: QUERY_SCRIPTS,
        allowed: Allowed::Words(&["known", "ignored", "no_rows"]),
        default: "known",
        meaning: "What becomes of a value in a query that is a script. Nothing is ever run: well-known calls such as \
                  gs.getUserID() and gs.daysAgoStart(7) are understood and others are invalid parts, all of them are \
                  invalid parts, or the query has no rows.",
        source: "documented that they are evaluated; which are understood here is a choice",
    },
    Setting {
        name: QUERY_CARET_ESCAPE,
        allowed: Allowed::Words(&["false", "true"]),
        default: "false",
        meaning: "Whether two carets in a query stand for one that is part of a value.",
        source: "official code says that there is no escape; that newer releases have one is assumed",
    },
    Setting {
        name: LIST_ORDER,
        allowed: Allowed::Words(&["stored", "by_id", "by_id_backwards"]),
        default: "stored",
        meaning: "The order of a list for which none was asked: as the rows lie in the database, by id, or by id from \
                  the last to the first.",
        source: "seen: the platform promises none",
    },
    Setting {
        name: RULES_OFF,
        allowed: Allowed::Names(rule_names),
        default: "",
        meaning: "Business rules that do not run: their names, joined with commas.",
        source: "a wish of whoever tests",
    },
    Setting {
        name: LONG_VALUES,
        allowed: Allowed::Words(&["truncate", "refuse"]),
        default: "truncate",
        meaning: "What happens to a text that is longer than its column: it is cut without a word, or the write is \
                  refused.",
        source: "assumed",
    },
    Setting {
        name: READ_ONLY_COLUMNS,
        allowed: Allowed::Words(&["kept", "written"]),
        default: "kept",
        meaning: "Whether columns that the dictionary calls read-only keep what they have, or take a written value where \
                  nothing computes them.",
        source: "assumed",
    },
    Setting {
        name: AUDIT,
        allowed: Allowed::Words(&["audited", "all", "none"]),
        default: "audited",
        meaning: "Whose changes are kept in sys_audit: those of tables that the dictionary calls audited, of all tables \
                  or of none.",
        source: "which tables are audited is assumed",
    },
    Setting {
        name: UPDATE_SET_CAPTURE,
        allowed: Allowed::Words(&["true", "false"]),
        default: "true",
        meaning: "Whether changes of application files are captured in the current update set of whoever makes them.",
        source: "seen; which update set is the current one is assumed",
    },
];
