//! Programs of others that the tests need, installed into the target folder when they are not there.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Mutex;

use acceptance_tests::root;

/// What is installed, with its version, and whether it is taken without what it depends on: of the checker of
/// accessibility only the script is needed, which any browser runs.
const PACKAGES: &[(&str, bool)] = &[
    ("check-jsonschema==0.39.0", true),
    ("kubernetes-validate==1.37.0", true),
    ("axe-playwright-python==0.1.8", false),
    ("xmlschema==4.3.2", true),
];

/// Crates whose published sources hold a schema of somebody else's, with the version.
const CRATES: &[(&str, &str)] = &[("serde-sarif", "0.8.0"), ("junit-report", "0.9.1")];

/// The folder of the installed programs.
pub fn python() -> PathBuf {
    // Tests that run as threads of one process must not install twice at once; those that run as processes rename.
    static INSTALLING: Mutex<()> = Mutex::new(());
    let _one = INSTALLING.lock().unwrap();
    let folder = root().join("target/reports-tools");
    let wanted = format!("{PACKAGES:?}");
    let mark = folder.join("installed");
    if fs::read_to_string(&mark).ok().as_deref() != Some(&wanted) {
        let _lock = Lock::take(&root().join("target/reports-tools.lock"));
        if fs::read_to_string(&mark).ok().as_deref() != Some(&wanted) {
            install(&folder);
            fs::write(&mark, wanted).unwrap();
        }
    }
    folder
}

/// A file of a published crate. The package manager fetches it and what it needs; nothing is built.
pub fn source(of: &str, path: &str) -> PathBuf {
    let folder = root().join("target/reports-tools-crates");
    let _lock = Lock::take(&root().join("target/reports-tools-crates.lock"));
    let manifest = folder.join("Cargo.toml");
    let dependencies: String =
        CRATES.iter().map(|(name, version)| format!("{name} = \"={version}\"\n")).collect();
    let text = format!(
        "[package]\nname = \"schemas-of-others\"\nversion = \"0.0.0\"\nedition = \"2021\"\n\n[workspace]\n\n\
         [dependencies]\n{dependencies}"
    );
    if fs::read_to_string(&manifest).ok().as_deref() != Some(&text) {
        fs::create_dir_all(folder.join("src")).unwrap();
        fs::write(folder.join("src/lib.rs"), "").unwrap();
        fs::write(&manifest, text).unwrap();
    }
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.current_dir(&folder).args(["metadata", "--format-version", "1", "--quiet"]);
    let output = cargo.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let mut packages = metadata["packages"].as_array().unwrap().iter();
    let package =
        packages.find(|it| it["name"] == of).unwrap_or_else(|| panic!("{of} is none of {CRATES:?}"));
    let found = Path::new(package["manifest_path"].as_str().unwrap()).with_file_name("").join(path);
    assert!(found.is_file(), "{} is not there", found.display());
    found
}

fn install(folder: &Path) {
    let _ = fs::remove_dir_all(folder);
    run(Command::new("python3").args(["-m", "venv"]).arg(folder));
    for (package, with_dependencies) in PACKAGES {
        let mut pip = Command::new(folder.join("bin/python"));
        pip.args([
            "-m",
            "pip",
            "install",
            "--quiet",
            "--no-input",
            "--no-compile",
            "--disable-pip-version-check",
        ]);
        if !with_dependencies {
            pip.arg("--no-deps");
        }
        run(pip.arg(package));
    }
}

/// What a program prints; it has to succeed.
pub fn run(command: &mut Command) -> String {
    let output = command.output().unwrap_or_else(|it| panic!("{command:?} cannot be run: {it}"));
    let printed =
        format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{command:?}: {printed}");
    printed
}

/// A lock between processes, which the system lets go when its holder ends.
struct Lock(#[expect(dead_code, reason = "held, not read")] fs::File);

impl Lock {
    fn take(path: &Path) -> Lock {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        let file = fs::File::create(path).unwrap();
        file.lock().unwrap();
        Lock(file)
    }
}
