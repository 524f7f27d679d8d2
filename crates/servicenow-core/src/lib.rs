//! ServiceNow's vocabulary: ids, tables, records, queries, requests, and what answers mean. Pure: no I/O, no clock.

pub mod answer;
pub mod cause;
mod come_back;
pub mod compare;
pub mod dictionary;
pub mod error;
pub mod http;
pub mod instance;
pub mod pace;
mod page;
pub mod query;
pub mod record;
pub mod retry;
pub mod rows;
pub mod secret;
pub mod similar;
pub mod suspicion;
pub mod sys_id;
pub mod table;
pub mod table_api;
pub mod token;

pub use crate::cause::{Cause, TlsFault};
pub use crate::compare::{Dropped, DroppedKind, ValueKind, dropped, not_kept};
pub use crate::dictionary::{Description, MissingColumn};
pub use crate::error::{Kind, ServiceError};
pub use crate::http::{Method, Request, Response};
pub use crate::instance::{InstanceUrl, InstanceUrlError};
pub use crate::query::{Query, QueryError};
pub use crate::record::Record;
pub use crate::retry::Retry;
pub use crate::secret::Secret;
pub use crate::suspicion::Suspicion;
pub use crate::sys_id::SysId;
pub use crate::table::TableName;
pub use crate::table_api::WriteStyle;

/// Keeps the example of the README true.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
