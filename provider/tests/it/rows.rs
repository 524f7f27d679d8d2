//! Rules of single resources, beside what holds for all.

mod choices;
mod columns;
mod inbound;
mod keys;
mod mid_servers;
mod record;
pub mod rotation;
mod rules;
mod secrets;
mod unifi;
