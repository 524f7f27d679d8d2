//! What is declared, what is live, and how the two differ.

pub mod adopt;
pub mod commands;
pub mod compare;
#[allow(clippy::disallowed_methods, reason = "reads snowdrift.toml")]
pub mod config;
pub mod connection_test;
pub mod declared;
pub mod evaluate;
pub mod export;
pub mod formats;
#[allow(clippy::disallowed_methods, reason = "reads the reports of earlier runs")]
pub mod history;
pub mod live;
pub mod merge;
pub mod progress;
pub mod report;
pub mod schemas;
pub mod sign_in;
pub mod status;
#[allow(clippy::disallowed_methods, reason = "measures how long a run takes")]
pub mod timings;
