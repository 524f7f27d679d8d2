//! Serves a Terraform provider over plugin protocol 6. The only crate that has seen protobuf.

mod accept;
mod broker;
mod connection;
mod controller;
mod convert;
pub mod environment;
mod errors;
mod guard;
pub mod handshake;
pub mod harness;
mod lifetime;
mod listen;
pub mod log;
mod mtls;
mod offer;
pub mod proto;
pub mod provider;
mod rpc;
mod serve;
mod services;
mod stdio;

pub use crate::environment::HostEnvironment;
pub use crate::provider::{Applied, Apply, Configure, Planning, Provider, ReadOutcome, Resource, State};
pub use crate::serve::{run, serve};
