//! How values travel: MessagePack between Terraform and the plugin, JSON in stored states, type JSON in schemas.

pub mod json;
pub mod msgpack;
pub mod type_json;

use std::fmt;

use crate::{Path, Step, Value};

/// How deeply values and types may be nested. Real schemas stay below ten; the bound keeps a hostile value from
/// exhausting the stack.
pub const DEPTH_MAX: usize = 64;

/// How many values one message may hold. A byte on the wire can become a few hundred in memory; this keeps any
/// message below half a gigabyte. The largest real states stay far below a tenth of it.
pub const VALUES_MAX: usize = 1_000_000;

/// Bytes that are not a value of the wanted type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WireError {
    /// Where in the value.
    pub path: Path,
    /// What is wrong there. Never quotes a value, which may be secret.
    pub reason: String,
}

impl WireError {
    fn new(reason: impl Into<String>) -> WireError {
        WireError { path: Path::root(), reason: reason.into() }
    }

    /// The same, seen from one step above.
    fn below(mut self, step: Step) -> WireError {
        self.path.0.insert(0, step);
        self
    }

    /// The same for the whole. Elements of sets have no path, so the steps below a set say nothing.
    fn without_path(self) -> WireError {
        WireError { path: Path::root(), ..self }
    }
}

impl fmt::Display for WireError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.path == Path::root() {
            return f.write_str(&self.reason);
        }
        write!(f, "{}: {}", self.path, self.reason)
    }
}

impl std::error::Error for WireError {}

/// What a decoder may still use up.
struct Budget {
    depth: usize,
    values: usize,
}

impl Budget {
    fn new() -> Budget {
        Budget { depth: DEPTH_MAX, values: VALUES_MAX }
    }

    /// Accounts for one value.
    fn spend(&mut self) -> Result<(), WireError> {
        self.values = self
            .values
            .checked_sub(1)
            .ok_or_else(|| WireError::new(format!("the message holds more than {VALUES_MAX} values")))?;
        Ok(())
    }

    /// Accounts for one level of nesting, until [`Budget::leave`].
    fn enter(&mut self) -> Result<(), WireError> {
        self.depth = self
            .depth
            .checked_sub(1)
            .ok_or_else(|| WireError::new(format!("values are nested more than {DEPTH_MAX} levels deep")))?;
        Ok(())
    }

    fn leave(&mut self) {
        self.depth += 1;
    }
}

/// A value that is not of the type it should be encoded as.
fn mismatch(wanted: &str, found: &Value) -> WireError {
    WireError::new(format!("expected {wanted}, found {}", found.kind()))
}

#[cfg(test)]
pub(crate) mod random;
