//! Reports as people meet them: the built program, a browser, a checker of accessibility, and the schemas of those who
//! run the examples.

#![allow(
    clippy::disallowed_methods,
    clippy::print_stderr,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests throughout: they deal with files, processes and time, and fail on the first surprise"
)]

mod eyes;
mod gitops;
mod guides;
mod merge;
mod page;
mod schemas;
mod status_page;
mod tools;
