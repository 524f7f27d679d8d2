//! Serves a Terraform provider over plugin protocol 6. The only crate that has seen protobuf.

mod accept;
mod broker;
mod connection;
mod controller;
mod convert;
pub mod debug;
pub mod environment;
mod errors;
mod guard;
pub mod handshake;
pub mod harness;
pub mod host;
mod lifetime;
mod listen;
pub mod log;
mod mtls;
mod offer;
mod opening;
mod output;
pub mod proto;
pub mod provider;
mod rpc;
mod serve;
mod services;
mod stdio;

pub use crate::environment::HostEnvironment;
pub use crate::provider::{
    Action, ActionPlan, Applied, Apply, Close, Configure, DataOutcome, DataSource, Deferral, Enough,
    EphemeralResource, Found, Function, FunctionError, GenerateConfig, Identify, Import, ListRequest,
    ListResource, Listing, Move, MoveSource, Opened, Planning, Progress, Provider, ReadOutcome, Renew,
    Renewed, Resource, State, Telling, Upgrade,
};
pub use crate::serve::{run, serve};

/// The provider in the README compiles.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
