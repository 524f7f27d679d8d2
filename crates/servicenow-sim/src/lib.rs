//! A simulated ServiceNow instance: its tables, rules and web services, for trying things out and for tests.
//!
//! It is written from what is known of the platform and from nothing that the rest of this workspace believes, so that
//! it can be a witness. [`Simulator::answer`] is the whole instance in one function; [`http`] puts it on a socket.

#![allow(
    clippy::disallowed_methods,
    reason = "an instance has a clock and rows on disk; they enter in `clock`, `store` and `fixture` only"
)]

mod access;
mod answer;
mod arrival;
mod clock;
mod control;
mod dictionary;
mod exchange;
mod faults;
pub mod fidelity;
mod fixture;
pub mod http;
mod instance;
mod journal;
pub mod listing;
mod oauth;
mod page;
mod query;
mod records;
mod rules;
pub mod settings;
mod sign_in;
mod simulator;
mod store;
mod traffic;

pub use crate::clock::Clock;
pub use crate::control::{PeopleError, Person};
pub use crate::dictionary::DictionaryError;
pub use crate::faults::{Fault, FaultKind, Page, Probability, WrongCertificate};
pub use crate::fixture::{Fixture, FixtureError};
pub use crate::instance::InstanceError;
pub use crate::settings::SettingError;
pub use crate::simulator::{Options, Simulator, SimulatorError};
