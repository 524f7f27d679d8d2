//! A world for tests: real Terraform, the built provider and a simulated instance, each as a process of its own.
//!
//! Nothing here knows the provider from within. A test writes HCL, runs Terraform, changes records by hand, and looks
//! at what a user would see: exit codes, output, state, and what the instance was asked.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr,
    clippy::disallowed_methods,
    reason = "support for tests: what fails here fails the test, and it deals with files, processes and time"
)]

mod binaries;
pub mod browser;
mod instance;
mod loopback;
mod plan;
mod run;
mod secrets;
mod terraform;
mod watch;
mod workshop;
mod world;

pub use binaries::{Binaries, root};
pub use instance::{Asked, Instance};
pub use loopback::Answer;
pub use plan::{Change, Changes};
pub use run::Run;
pub use terraform::Terraform;
pub use watch::{Seen, Watch};
pub use workshop::Workshop;
pub use world::{Running, Setup, World};
