//! What the shell around the instance does: pages instead of answers, answers that do not arrive, and nodes that lag behind.

use super::Behaviour;
use super::Confidence::{Documented, Inferred, Seen};
use crate::settings::{LATENCY_JITTER_MS, LATENCY_MS, STATE};

/// The rows.
pub const ROWS: &[Behaviour] = &[
    Behaviour {
        id: "1.6-page-instead-of-json",
        section: "1.6",
        behaviour: "A sleeping instance, a login form or a node under maintenance answers HTML where JSON was expected.",
        confidence: Seen,
        setting: Some(STATE),
        test: "exchange::tests::a_trouble_says_whether_the_work_was_done_and_what_the_client_gets",
    },
    Behaviour {
        id: "1.6-cut-answer",
        section: "1.6",
        behaviour: "An answer may end in the middle of its JSON although the work was done.",
        confidence: Documented,
        setting: None,
        test: "http::tests::a_cut_body_promises_more_than_comes",
    },
    Behaviour {
        id: "7-node-that-lags",
        section: "7",
        behaviour: "Another node may answer reads for a while from what it knew before.",
        confidence: Inferred,
        setting: None,
        test: "exchange::tests::a_node_that_lags_behind_answers_reads_from_earlier_rows_and_takes_writes",
    },
    Behaviour {
        id: "8-latency",
        section: "8",
        behaviour: "Answers take tens of milliseconds to seconds, and not always the same.",
        confidence: Documented,
        setting: Some(LATENCY_MS),
        test: "http::tests::latency_holds_an_answer_back",
    },
    Behaviour {
        id: "8-jitter",
        section: "8",
        behaviour: "How long an answer takes differs from one to the next.",
        confidence: Documented,
        setting: Some(LATENCY_JITTER_MS),
        test: "exchange::tests::latency_with_jitter_is_a_setting",
    },
];
