//! What is declared, what is live, and how the two differ.

pub mod commands;
pub mod declared;
pub mod evaluate;
pub mod live;
pub mod report;
