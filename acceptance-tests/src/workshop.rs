//! One test's workshop: a folder with a configuration, and a Terraform that uses an example provider of the framework.

use std::cell::RefCell;
use std::fs;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::binaries::Binaries;
use crate::run::Run;
use crate::terraform::Terraform;

/// Arguments of every command that could ask, or colour what it says.
const QUIET: [&str; 2] = ["-input=false", "-no-color"];

/// The example providers, which every workshop has at hand.
const EXAMPLES: [&str; 2] = ["everything", "scratch"];

/// A folder and a Terraform.
pub struct Workshop {
    folder: TempDir,
    terraform: Terraform,
    provider: String,
    environment: RefCell<Vec<(String, String)>>,
}

impl Workshop {
    /// A folder whose configuration requires the example of this name, the provider `example.com/test/<name>`.
    pub fn new(terraform: Terraform, example: &str) -> Workshop {
        let folder = TempDir::with_prefix("workshop-").expect("a folder for the test can be made");
        for part in ["configuration", "plugins"] {
            fs::create_dir(folder.path().join(part)).expect("a folder for the test can be made");
        }
        let workshop =
            Workshop { folder, terraform, provider: example.to_owned(), environment: RefCell::default() };
        for name in EXAMPLES {
            std::os::unix::fs::symlink(Binaries::built().example(name), workshop.program(name))
                .expect("a link can be made");
        }
        fs::write(workshop.settings(), workshop.settings_text()).expect("the settings can be written");
        workshop
    }

    /// Which Terraform it has.
    pub fn terraform(&self) -> Terraform {
        self.terraform
    }

    /// Writes `main.tf`: what is required, then this text.
    pub fn hcl(&self, text: &str) -> &Workshop {
        let name = &self.provider;
        let required = format!(
            "terraform {{\n  required_providers {{\n    {name} = {{\n      source = \"example.com/test/{name}\"\n    }}\n  }}\n}}\n\n"
        );
        self.file("main.tf", &format!("{required}{text}"))
    }

    /// Writes a file of the configuration as it is.
    pub fn file(&self, name: &str, text: &str) -> &Workshop {
        fs::write(self.configuration().join(name), text).expect("a file of the configuration can be written");
        self
    }

    /// A file that a command left, empty when it left none.
    pub fn left(&self, name: &str) -> String {
        let bytes = fs::read(self.configuration().join(name)).unwrap_or_default();
        String::from_utf8_lossy(&bytes).into_owned()
    }

    /// Takes a file of the configuration away.
    pub fn without_file(&self, name: &str) -> &Workshop {
        fs::remove_file(self.configuration().join(name)).expect("a file of the configuration can be removed");
        self
    }

    /// Sets a variable of the environment of every later run.
    pub fn environment(&self, name: &str, value: &str) -> &Workshop {
        self.environment.borrow_mut().retain(|(key, _)| key != name);
        self.environment.borrow_mut().push((name.to_owned(), value.to_owned()));
        self
    }

    /// Plans into the file `plan`; exit code 0 says nothing to do, 2 something to do, 1 failure.
    pub fn plan(&self) -> Run {
        self.quietly(&["plan", "-detailed-exitcode", "-out=plan"])
    }

    /// Plans and applies.
    pub fn apply(&self) -> Run {
        self.quietly(&["apply", "-auto-approve"])
    }

    /// Destroys everything.
    pub fn destroy(&self) -> Run {
        self.quietly(&["destroy", "-auto-approve"])
    }

    /// Applies, fails the test unless that works, and again unless a second plan is empty.
    #[track_caller]
    pub fn converges(&self) -> Run {
        let run = self.apply().ends_with(0);
        self.plan().ends_with(0);
        run
    }

    /// Runs a command that takes the usual options.
    pub fn quietly(&self, arguments: &[&str]) -> Run {
        let [command, rest @ ..] = arguments else { panic!("a command has a name") };
        let arguments: Vec<&str> = std::iter::once(command).chain(&QUIET).chain(rest).copied().collect();
        self.run(&arguments)
    }

    /// Runs any command.
    pub fn run(&self, arguments: &[&str]) -> Run {
        let output = self.command(arguments).output().expect("Terraform can be run");
        Run::of(format!("terraform {}", arguments.join(" ")), &output)
    }

    /// Starts a command whose process is the test's to end.
    pub fn start(&self, arguments: &[&str]) -> Child {
        let mut command = self.command(arguments);
        command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("Terraform can be run")
    }

    /// The attributes of a resource in the state; null when it is not there.
    pub fn state(&self, address: &str) -> Value {
        let run = self.run(&["show", "-json"]).ends_with(0);
        let shown: Value = serde_json::from_str(&run.stdout).expect("a shown state is JSON");
        let resources = shown.pointer("/values/root_module/resources").and_then(Value::as_array).cloned();
        let found =
            resources.unwrap_or_default().into_iter().find(|it| it.get("address") == Some(&json!(address)));
        found.and_then(|it| it.get("values").cloned()).unwrap_or(Value::Null)
    }

    /// An output in the state.
    pub fn output(&self, name: &str) -> Value {
        let run = self.run(&["output", "-json", name]).ends_with(0);
        serde_json::from_str(&run.stdout).expect("an output is JSON")
    }

    /// The folder of the configuration, where Terraform runs.
    pub fn configuration(&self) -> PathBuf {
        self.folder.path().join("configuration")
    }

    /// The program of the provider as Terraform starts it.
    pub fn provider(&self) -> PathBuf {
        self.program(&self.provider)
    }

    fn program(&self, name: &str) -> PathBuf {
        self.plugins().join(format!("terraform-provider-{name}"))
    }

    fn plugins(&self) -> PathBuf {
        self.folder.path().join("plugins")
    }

    fn settings(&self) -> PathBuf {
        self.folder.path().join("terraform.rc")
    }

    fn settings_text(&self) -> String {
        let plugins = Value::String(self.plugins().display().to_string());
        let overrides =
            EXAMPLES.map(|name| format!("    \"example.com/test/{name}\" = {plugins}\n")).concat();
        format!(
            "provider_installation {{\n  dev_overrides {{\n{overrides}  }}\n  direct {{}}\n}}\ndisable_checkpoint = true\n"
        )
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(self.terraform.program());
        command.current_dir(self.configuration()).args(arguments);
        for name in ["TF_CLI_ARGS", "TF_DATA_DIR", "TF_WORKSPACE", "TF_LOG", "TF_LOG_PROVIDER", "TF_LOG_PATH"]
        {
            command.env_remove(name);
        }
        command.env("TF_CLI_CONFIG_FILE", self.settings());
        command.env("TF_IN_AUTOMATION", "1").env("CHECKPOINT_DISABLE", "1");
        command.envs(self.environment.borrow().iter().map(|(name, value)| (name, value)));
        command
    }
}
