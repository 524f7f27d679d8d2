//! Rules of single resources, beside what holds for all.

mod choices;
mod columns;
mod inbound;
mod record;
mod rules;
mod secrets;
mod unifi;
