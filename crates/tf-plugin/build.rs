//! Turns the two protocol descriptions into Rust, without any program from outside.

use std::error::Error;

fn main() -> Result<(), Box<dyn Error>> {
    let files = ["proto/tfplugin6.proto", "proto/plugin.proto"];
    for file in files {
        println!("cargo:rerun-if-changed={file}");
    }
    let descriptions = protox::compile(files, ["proto"])?;
    tonic_prost_build::configure()
        .generate_default_stubs(true)
        .build_transport(false)
        .emit_rerun_if_changed(false)
        .compile_fds(descriptions)?;
    Ok(())
}
