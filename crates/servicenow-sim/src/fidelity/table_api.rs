//! Section 1: the Table API.

use super::Behaviour;
use super::Confidence::{Documented, Inferred, Seen};

/// The rows.
pub const ROWS: &[Behaviour] = &[
    Behaviour {
        id: "1.1-verbs",
        section: "1.1",
        behaviour: "Rows are listed, read, created (201), changed (200) and deleted (204) under all three paths.",
        confidence: Documented,
        setting: None,
        test: "answer::tests::a_record_is_created_read_changed_and_deleted",
    },
    Behaviour {
        id: "1.1-empty-list",
        section: "1.1",
        behaviour: "An empty list is 200, and 404 in version 1.",
        confidence: Documented,
        setting: None,
        test: "answer::tests::an_empty_list_is_empty_or_in_the_first_version_not_found",
    },
    Behaviour {
        id: "1.5-caller-sys-id",
        section: "1.5",
        behaviour: "A sys_id in the body of an insert is honoured in its spelling.",
        confidence: Seen,
        setting: None,
        test: "answer::tests::an_id_of_the_caller_is_kept_in_its_spelling_and_found_in_any",
    },
    Behaviour {
        id: "1.5-same-values",
        section: "1.5",
        behaviour: "A write of the values that are there already is no update.",
        confidence: Inferred,
        setting: None,
        test: "answer::tests::a_change_that_changes_nothing_is_not_counted",
    },
];
