//! What is declared, what is live, and how the two differ.

pub mod commands;
#[allow(clippy::disallowed_methods, reason = "reads snowdrift.toml")]
pub mod config;
pub mod declared;
pub mod evaluate;
pub mod export;
pub mod live;
pub mod progress;
pub mod report;
pub mod sign_in;
