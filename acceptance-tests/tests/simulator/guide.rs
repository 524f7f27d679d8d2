//! The guide tells the truth: its files and commands are taken from the page and run from top to bottom.

use std::env;
use std::fs;
use std::path::Path;
use std::process::Command;

use acceptance_tests::{Binaries, Terraform, root};

use crate::started::{Started, output};

/// A part of the page that a reader would copy.
#[derive(Debug, PartialEq)]
enum Part {
    /// A file with its content.
    File(String, String),
    /// Commands.
    Commands(String),
}

fn parts(page: &str) -> Vec<Part> {
    let (mut parts, mut named) = (Vec::new(), String::new());
    let mut lines = page.lines();
    while let Some(line) = lines.next() {
        if let Some(name) = line.strip_prefix('`').and_then(|it| it.strip_suffix("`:")) {
            named = name.to_owned();
        } else if let Some(language) = line.strip_prefix("```") {
            let block: Vec<&str> = lines.by_ref().take_while(|it| !it.starts_with("```")).collect();
            let text = format!("{}\n", block.join("\n"));
            match language {
                "sh" => parts.push(Part::Commands(text)),
                "terraform" => parts.push(Part::File(std::mem::take(&mut named), text)),
                _ => {}
            }
        }
    }
    parts
}

/// All commands as one script. The provider comes from the build, so that nothing is installed.
fn script(parts: &[Part], url: &str) -> String {
    let commands = parts.iter().filter_map(|it| match it {
        Part::Commands(text) => {
            Some(text.replace("http://127.0.0.1:8080", url).replace("terraform init\n", ""))
        }
        Part::File(..) => None,
    });
    format!("set -euo pipefail\n{}", commands.collect::<Vec<_>>().join("\n"))
}

fn settings(directory: &Path) -> String {
    let place = serde_json::Value::String(directory.display().to_string());
    format!(
        "provider_installation {{\n  dev_overrides {{\n    \"snowdrift/servicenow\" = {place}\n  }}\n  direct {{}}\n}}\n\
         disable_checkpoint = true\n"
    )
}

/// The applications of the instance that a page starts.
fn applications(page: &str) -> Vec<&str> {
    let start = page.lines().find(|it| it.starts_with("$ servicenow-sim ")).unwrap_or_default();
    start.split_once("--app").map(|it| vec!["--app", it.1.trim()]).unwrap_or_default()
}

/// Runs a page from top to bottom against a simulated instance, and gives what was said.
fn run(page: &str, parts_min: usize) -> String {
    let page = fs::read_to_string(root().join("docs/guides").join(page)).unwrap();
    let started = Started::known_by("simulated", &applications(&page));
    let folder = tempfile::tempdir().unwrap();
    let parts = parts(&page);
    assert!(parts.len() >= parts_min, "{parts:?}");
    for part in &parts {
        if let Part::File(name, text) = part {
            let path = folder.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
    }
    let binaries = Binaries::built().directory();
    let rc = folder.path().join("terraform.rc");
    fs::write(&rc, settings(binaries)).unwrap();
    let tools = folder.path().join("bin");
    fs::create_dir(&tools).unwrap();
    std::os::unix::fs::symlink(Terraform::V1_15.program(), tools.join("terraform")).unwrap();
    let path = env::var_os("PATH").unwrap_or_default();
    let places = [tools, binaries.to_path_buf()].into_iter().chain(env::split_paths(&path));
    let mut bash = Command::new("bash");
    bash.current_dir(folder.path()).env("PATH", env::join_paths(places).unwrap());
    bash.env("TF_CLI_CONFIG_FILE", &rc).env("TF_IN_AUTOMATION", "1");
    output(bash.args(["-c", &script(&parts, started.text("url"))]))
}

#[test]
fn every_command_of_the_guide_works() {
    let said = run("simulator.md", 8);
    assert!(said.contains("2 passed, 0 failed"), "{said}");
}

#[test]
fn every_command_of_the_users_guides_works() {
    for page in ["getting-started.md", "secrets-and-rotation.md", "least-privilege.md", "unifi.md"] {
        assert!(run(page, 4).contains("Apply complete!"), "{page}");
    }
}

#[test]
fn every_command_of_the_recipes_works() {
    let page = fs::read_to_string(root().join("docs/guides/simulator-recipes.md")).unwrap();
    for grant in ["password", "refresh_token", "client_credentials", "authorization_code", "jwt-bearer"] {
        assert!(page.contains(grant), "no recipe for {grant}");
    }
    run("simulator-recipes.md", 12);
}

#[test]
fn files_and_commands_are_found_on_a_page() {
    let page = "text\n```text\n$ no\n```\n`main.tf`:\n\n```terraform\na = 1\n```\n```sh\nls\npwd\n```\n";
    let expected =
        [Part::File("main.tf".to_owned(), "a = 1\n".to_owned()), Part::Commands("ls\npwd\n".to_owned())];
    assert_eq!(parts(page), expected);
}
