//! The simulated instance as a program: real clients, hostile ones, a browser, sudden death, and HTTPS.

#![allow(
    clippy::disallowed_methods,
    clippy::print_stderr,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests throughout: they deal with files, processes and time, and fail on the first surprise"
)]

mod browser;
mod clients;
mod control;
mod guide;
mod hostile;
mod https;
mod killed;
mod started;
