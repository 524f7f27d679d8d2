//! What holds for the repository itself: layers, files, documents, and generated things.

#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "tests throughout: they look at files, ask cargo, and fail on the first surprise"
)]

mod documents;
mod generated;
mod layers;
mod sources;
mod tree;
