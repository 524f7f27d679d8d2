//! Settings of the shell around the instance: whether it is awake, and how long it takes.

use super::{Allowed, Setting};

/// Whether the instance is awake.
pub const STATE: &str = "state";
/// How long every answer takes.
pub const LATENCY_MS: &str = "latency_ms";
/// How much longer an answer may take.
pub const LATENCY_JITTER_MS: &str = "latency_jitter_ms";

/// The settings.
pub const SHELL: &[Setting] = &[
    Setting {
        name: STATE,
        allowed: Allowed::Words(&["up", "hibernating", "maintenance", "login_page"]),
        default: "up",
        meaning: "Whether the instance answers, or sends the page of a hibernating instance (200), of \
                  maintenance (503) or of the login form (200).",
        source: "the pages were seen by several clients",
    },
    Setting {
        name: LATENCY_MS,
        allowed: Allowed::Milliseconds,
        default: "0",
        meaning: "Milliseconds that every answer over HTTP is held back after its work was done.",
        source: "a wish of whoever tests",
    },
    Setting {
        name: LATENCY_JITTER_MS,
        allowed: Allowed::Milliseconds,
        default: "0",
        meaning: "Up to so many milliseconds more for each answer over HTTP, the same for the same sequence of \
                  requests.",
        source: "a wish of whoever tests",
    },
];
