//! A browser for the tests that look at pages: the one that is there, else Debian's own.

use std::path::PathBuf;
use std::process::Command;

use acceptance_tests::browser::on_path;

use crate::failure::{Failure, Outcome};
use crate::process;

/// The browser, installed now with the system's package manager when there is none.
pub fn find() -> Outcome<PathBuf> {
    if let Some(found) = on_path() {
        return Ok(found);
    }
    println!("No Chromium or Chrome is on PATH: installing Debian's");
    let by_hand = |failure: Failure| {
        Failure::new(format!("{failure}\nInstall Chromium or Chrome by hand, so that it is on PATH."))
    };
    let apt = |arguments: &[&str]| {
        let mut apt = Command::new("apt-get");
        apt.env("DEBIAN_FRONTEND", "noninteractive").arg("-qq").args(arguments);
        process::run(&mut apt).map_err(by_hand)
    };
    apt(&["update"])?;
    apt(&["install", "--yes", "--no-install-recommends", "chromium"])?;
    on_path().ok_or_else(|| by_hand(Failure::new("apt-get installed `chromium`, which is not on PATH")))
}
