//! Tests of what a user would write.
