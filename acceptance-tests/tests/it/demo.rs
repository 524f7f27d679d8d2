//! The demonstration tells what happens, so it has to happen.

use std::process::{Command, Stdio};

use acceptance_tests::Binaries;

#[test]
fn the_demonstration_is_as_told() {
    let output = Command::new(Binaries::built().xtask())
        .args(["demo", "--fast"])
        .env("NO_COLOR", "1")
        .env("SNOWDRIFT_BINARIES", Binaries::built().directory())
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let (told, complained) =
        (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{told}\n{complained}");
    assert!(told.contains("Shown: plan, apply") && !told.contains('\u{1b}'), "{told}");
}
