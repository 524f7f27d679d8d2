//! Section 3: the batch, aggregate, import set and attachment APIs.

use super::Behaviour;
use super::Confidence::{Documented, Inferred, Seen};

/// The rows.
pub const ROWS: &[Behaviour] = &[
    Behaviour {
        id: "3.1-batch",
        section: "3.1",
        behaviour: "Each request of a batch is answered as if it came alone, inside a 200, one after the other.",
        confidence: Documented,
        setting: None,
        test: "answer::tests::batch::each_request_of_a_batch_is_answered_as_if_it_came_alone",
    },
    Behaviour {
        id: "3.1-access",
        section: "3.1",
        behaviour: "Access controls apply to each request of a batch.",
        confidence: Documented,
        setting: None,
        test: "answer::tests::batch::access_is_checked_for_each_request_and_the_batch_needs_a_user",
    },
    Behaviour {
        id: "3.1-limits",
        section: "3.1",
        behaviour: "A batch that hits a limit leaves the rest unserviced.",
        confidence: Documented,
        setting: Some("batch_quota_ms"),
        test: "answer::tests::batch::a_batch_that_hits_a_limit_leaves_the_rest_unserviced",
    },
    Behaviour {
        id: "3.1-output-size",
        section: "3.1",
        behaviour: "A header lowers how large an answer in a batch may be.",
        confidence: Documented,
        setting: Some("batch_output_bytes_max"),
        test: "answer::tests::batch::a_header_lowers_how_large_an_answer_in_a_batch_may_be",
    },
    Behaviour {
        id: "3.1-rate-limits",
        section: "3.1",
        behaviour: "The requests in a batch count against rate limits.",
        confidence: Inferred,
        setting: None,
        test: "traffic::tests::the_requests_in_a_batch_are_counted",
    },
    Behaviour {
        id: "3.2-ungrouped",
        section: "3.2",
        behaviour: "Aggregates without groups are one object of texts.",
        confidence: Seen,
        setting: None,
        test: "answer::tests::stats::aggregates_without_groups_are_one_object_of_texts",
    },
    Behaviour {
        id: "3.2-grouped",
        section: "3.2",
        behaviour: "Grouped aggregates name their values and can be picked and sorted.",
        confidence: Documented,
        setting: None,
        test: "answer::tests::stats::groups_name_their_values_and_can_be_picked_and_sorted",
    },
    Behaviour {
        id: "3.2-access",
        section: "3.2",
        behaviour: "Aggregates of a table that the user may not read are refused.",
        confidence: Documented,
        setting: None,
        test: "answer::tests::stats::aggregates_of_a_table_that_the_user_may_not_read_are_refused",
    },
    Behaviour {
        id: "3.4-files",
        section: "3.4",
        behaviour: "A file comes back as it was sent, raw or in a form.",
        confidence: Documented,
        setting: None,
        test: "answer::tests::attachment::a_file_comes_back_as_it_was_sent_in_either_way",
    },
    Behaviour {
        id: "3.4-access",
        section: "3.4",
        behaviour: "A file needs a record that its sender may write.",
        confidence: Inferred,
        setting: None,
        test: "answer::tests::attachment::a_file_needs_a_record_that_its_sender_may_write",
    },
];
