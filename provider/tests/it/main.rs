//! The life of every resource, in one process: the provider over the simulated instance's answers, without a socket and
//! without a real wait.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

mod actions;
mod activation;
mod active;
mod catalogue;
mod claims;
mod conflicts;
mod crash;
mod diagnostics;
mod domains;
mod doubts;
mod draining;
mod environment;
mod faults;
mod fitness;
mod foretold;
mod found;
mod histories;
mod inventory;
mod obstacles;
mod outage;
mod queries;
mod records;
mod requests;
mod rows;
mod several;
mod sign_in;
mod standing;
mod statuses;
mod swaps;
mod timeouts;
mod unifi_settings;
mod verify;
mod wire;
mod world;
