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
mod certificate;
mod choices;
mod clock;
#[cfg(test)]
mod contract;
mod control;
mod der;
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
mod people;
mod query;
mod records;
mod rules;
mod scripted;
pub mod settings;
mod sign_in;
mod simulator;
mod store;
mod traffic;

pub use crate::clock::Clock;
pub use crate::control::{PeopleError, Person};
pub use crate::dictionary::{APPLICATIONS, Application, DictionaryError};
pub use crate::faults::{Fault, FaultKind, Page, Probability, WrongCertificate};
pub use crate::fixture::{Fixture, FixtureError};
pub use crate::instance::InstanceError;
pub use crate::people::clone::{CloneProfile, CloneSource};
pub use crate::people::later::Later;
pub use crate::people::{Edit, EditAction, EditError};
pub use crate::settings::SettingError;
pub use crate::simulator::{MomentError, Options, SecretState, Simulator, SimulatorError};
