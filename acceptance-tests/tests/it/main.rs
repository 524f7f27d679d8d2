//! Real Terraform, the built provider and a simulated instance: what a user sees.

#![allow(
    clippy::disallowed_methods,
    clippy::print_stderr,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests throughout: they deal with files, processes and time, and fail on the first surprise"
)]

mod activation;
mod alias;
mod catalogue;
mod connection;
mod credential;
mod demo;
mod draining;
mod drift;
mod encrypted;
mod errors;
mod evaluation;
mod examples;
mod histories;
mod import;
mod interrupt;
mod lost;
mod meanwhile;
mod oauth;
mod order_of_changes;
mod orders;
mod planted;
mod proxies;
mod record;
mod rehearsal;
mod rotation;
mod scenarios;
mod schema;
mod secrets;
mod sign_in;
mod size;
mod snowdrift_adopt;
mod snowdrift_drift;
mod snowdrift_export;
mod snowdrift_status;
mod snowdrift_test;
mod sources;
mod start;
mod versions;
