//! What is declared, what is live, and how the two differ.

pub mod declared;
pub mod evaluate;
