//! From wanted attributes to record operations and back. Pure: no client, no clock, no async, no table or column name.
//!
//! A [`Layout`] says where one resource lives on an instance. [`lower()`] reads it one way, [`lift()`] the other, and
//! [`steps()`] lists what is left to do between what is wanted and what was found. [`exclusive`] does the same for
//! "exactly one of a group is active", and [`drain`] says when it may be switched without losing a message.

pub mod cell;
pub mod drain;
pub mod exclusive;
pub mod found;
pub mod layout;
pub mod lift;
pub mod lower;
pub mod names;
pub mod steps;

pub use crate::cell::Cell;
pub use crate::found::{Found, Place};
pub use crate::layout::{Certainty, Choices, Column, Exists, Holds, Layout, Lookup, RecordLayout};
pub use crate::lift::{hidden, lift};
pub use crate::lower::{Wanted, lower};
pub use crate::names::{Labelled, Named, Names, labelled, named};
pub use crate::steps::{Step, steps};

#[cfg(test)]
mod sample;
