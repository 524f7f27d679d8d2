//! Rules of single resources, beside what holds for all.

mod columns;
mod inbound;
mod record;
mod rules;
mod secrets;
mod unifi;
