//! The life of every resource, in one process: the provider over the simulated instance's answers, without a socket and
//! without a real wait.

mod activation;
mod faults;
mod records;
mod sign_in;
mod world;
