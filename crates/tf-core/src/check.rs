//! To be written.
use crate::Check;
fn pass(demand: &str) -> Check { Check { demand: demand.to_owned(), test: std::sync::Arc::new(|_| Ok(())) } }
/// shim
pub fn one_of(_: &[&str]) -> Check { pass("") }
/// shim
pub fn length(_: usize, _: usize) -> Check { pass("") }
/// shim
pub fn url() -> Check { pass("") }
