//! What the two protocol descriptions under `proto/` become in Rust.

#![allow(missing_docs, unused_qualifications, clippy::all, clippy::too_many_lines, reason = "generated code")]

/// The provider protocol.
pub mod tfplugin6 {
    tonic::include_proto!("tfplugin6");
}

/// The services that every plugin offers beside its own.
pub mod plugin {
    tonic::include_proto!("plugin");
}
