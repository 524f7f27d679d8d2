//! Terraform's vocabulary: values, types, schemas, planning rules. Pure: no I/O, no async, no clock, no protobuf.

pub mod check;
pub mod diag;
pub mod docs;
pub mod form;
pub mod identity;
mod implied;
pub mod json_schema;
pub mod json_text;
pub mod model;
pub mod number;
pub mod path;
pub mod plan;
pub mod provider_json;
pub mod schema;
pub mod secret;
pub mod signature;
pub mod spec;
pub mod stored;
pub mod ty;
pub mod value;
pub mod wire;
mod words;

// The derive writes paths that begin with the name of this crate.
#[cfg(test)]
extern crate self as tf_core;

pub use tf_derive::Model;

pub use crate::diag::{Diagnostic, Diagnostics, Severity};
pub use crate::identity::{IdentityAttribute, IdentitySchema};
pub use crate::model::{Attr, Codec, Description, Dynamic, Field, Mismatch, Model, Whole};
pub use crate::number::Number;
pub use crate::path::{Path, Step};
pub use crate::schema::{
    Attribute, AttributeType, Behavior, Block, Check, Condition, Form, Mode, NestedBlock, Nesting, OnWire,
    Relation, Replace, Schema,
};
pub use crate::secret::{Secret, Sensitive, WriteOnly};
pub use crate::signature::{FunctionSignature, Parameter};
pub use crate::spec::{BlockSpec, Spec};
pub use crate::ty::Type;
pub use crate::value::{Object, Refinements, Value};

/// The examples of the README compile and hold.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
