//! A brownfield instance as configuration: files that take over what exists, and a proof that nothing would change.

pub mod expression;
pub mod identifier;
