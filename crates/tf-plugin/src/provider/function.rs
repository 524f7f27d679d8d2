//! Something that is computed from its arguments alone.

use tf_core::{FunctionSignature, Value};

/// A function of the provider. It is called many times in a run, several times at once, and before the provider is
/// configured, and gives the same for the same arguments.
pub trait Function: Send + Sync + 'static {
    /// Its name, what it takes and what it gives.
    fn signature(&self) -> FunctionSignature;

    /// Computes. There is one argument for every parameter, and those of the variadic one follow. None is null or unknown
    /// unless its parameter says so.
    ///
    /// # Errors
    /// The arguments make no sense.
    fn call(&self, arguments: &[Value]) -> Result<Value, FunctionError>;
}

/// Why there is no result. Functions have no other messages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FunctionError {
    /// Full sentences.
    pub text: String,
    /// Whose fault it is, counted from 0 over all arguments.
    pub argument: Option<usize>,
}

impl FunctionError {
    /// Something is wrong with all of them together.
    pub fn new(text: impl Into<String>) -> FunctionError {
        FunctionError { text: text.into(), argument: None }
    }

    /// Something is wrong with one argument, counted from 0.
    pub fn argument(argument: usize, text: impl Into<String>) -> FunctionError {
        FunctionError { text: text.into(), argument: Some(argument) }
    }
}
