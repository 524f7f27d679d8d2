//! Between protobuf messages and Terraform's vocabulary.

pub(crate) mod from;
pub(crate) mod to;

#[cfg(test)]
mod tests;
