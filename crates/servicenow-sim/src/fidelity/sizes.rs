//! Section 8: sizes and times.

use super::Behaviour;
use super::Confidence::Documented;

/// The rows.
pub const ROWS: &[Behaviour] = &[
    Behaviour {
        id: "8-body",
        section: "8",
        behaviour: "A request body may have 10 MiB.",
        confidence: Documented,
        setting: None,
        test: "answer::tests::what_cannot_be_served_is_refused_in_the_platforms_words",
    },
    Behaviour {
        id: "8-session",
        section: "8",
        behaviour: "An integration session rests for a minute.",
        confidence: Documented,
        setting: Some("session_timeout_ms"),
        test: "sign_in::tests::a_session_stands_for_its_user_and_needs_its_token_to_write",
    },
];
