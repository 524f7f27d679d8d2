//! Real Terraform, from the oldest version to the newest, over the framework's own example providers.

#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests throughout: they deal with files, processes and time, and fail on the first surprise"
)]

/// One test for each of these versions, which runs `check` with it.
macro_rules! on_each {
    ($($name:ident $version:ident),+ $(,)?) => {$(
        #[test]
        fn $name() {
            check(acceptance_tests::Terraform::$version);
        }
    )+};
}

mod actions;
mod attached;
mod behaviors;
mod blocks;
mod ephemeral;
mod functions;
mod imports;
mod lifecycle;
mod logs;
mod misbehaviour;
mod moves;
mod old_states;
mod orphans;
mod queries;
mod write_only;

use acceptance_tests::{Terraform, Workshop};

/// A folder with the provider that has one of everything.
fn everything(terraform: Terraform) -> Workshop {
    Workshop::new(terraform, "everything")
}
