//! One test's world: a folder with a configuration, an instance, and a Terraform that uses the built provider.

use std::cell::{Cell, RefCell};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::binaries::Binaries;
use crate::instance::Instance;
use crate::loopback::Answer;
use crate::plan::Changes;
use crate::run::Run;
use crate::secrets;
use crate::terraform::Terraform;

/// What every configuration starts with.
const REQUIRED: &str = r#"terraform {
  required_providers {
    servicenow = {
      source = "snowdrift/servicenow"
    }
  }
}
"#;

/// The provider takes its settings from the environment.
const PROVIDER: &str = "\nprovider \"servicenow\" {}\n\n";

/// How a world begins.
#[derive(Clone, Copy, Debug)]
pub struct Setup<'a> {
    /// The Terraform it uses.
    pub terraform: Terraform,
    /// More arguments for the simulator.
    pub simulator: &'a [&'a str],
}

/// A folder, an instance and a Terraform.
pub struct World {
    folder: Option<TempDir>,
    /// The simulated instance.
    pub instance: Instance,
    terraform: Terraform,
    environment: RefCell<Vec<(String, String)>>,
    secrets: RefCell<Vec<String>>,
    runs: Cell<usize>,
}

impl World {
    /// An empty instance and this Terraform.
    pub fn new(terraform: Terraform) -> World {
        World::with(Setup { terraform, simulator: &["--fixture", "empty"] })
    }

    /// A world of its own kind.
    pub fn with(setup: Setup<'_>) -> World {
        let folder = TempDir::with_prefix("acceptance-").expect("a folder for the test can be made");
        let instance =
            Instance::start(&Binaries::built().simulator(), setup.simulator).expect("the simulator starts");
        for part in ["configuration", "left"] {
            fs::create_dir(folder.path().join(part)).expect("a folder for the test can be made");
        }
        let world = World {
            environment: RefCell::new(vec![
                ("SERVICENOW_INSTANCE_URL".to_owned(), instance.url.clone()),
                ("SERVICENOW_USERNAME".to_owned(), instance.username.clone()),
                ("SERVICENOW_PASSWORD".to_owned(), instance.password.clone()),
            ]),
            secrets: RefCell::new(vec![
                instance.password.clone(),
                format!("{}:{}", instance.username, instance.password),
            ]),
            folder: Some(folder),
            instance,
            terraform: setup.terraform,
            runs: Cell::new(0),
        };
        fs::write(world.settings(), settings_text()).expect("the settings can be written");
        world
    }

    /// Writes `main.tf`: a provider that takes its settings from the environment, then this text.
    pub fn hcl(&self, text: &str) -> &World {
        self.hcl_with_provider(PROVIDER, text)
    }

    /// Writes `main.tf` with a provider block of its own.
    pub fn hcl_with_provider(&self, provider: &str, text: &str) -> &World {
        fs::write(self.configuration().join("main.tf"), format!("{REQUIRED}{provider}{text}"))
            .expect("main.tf can be written");
        self
    }

    /// Writes a file of the configuration as it is.
    pub fn file(&self, name: &str, text: &str) -> &World {
        fs::write(self.configuration().join(name), text).expect("a file of the configuration can be written");
        self
    }

    /// Sets a variable of the environment of every later run.
    pub fn environment(&self, name: &str, value: &str) -> &World {
        self.environment.borrow_mut().retain(|(key, _)| key != name);
        self.environment.borrow_mut().push((name.to_owned(), value.to_owned()));
        self
    }

    /// Takes a variable out of the environment of every later run.
    pub fn without_environment(&self, name: &str) -> &World {
        self.environment.borrow_mut().retain(|(key, _)| key != name);
        self
    }

    /// Gives an ephemeral input variable a secret value, and remembers the value as one that must be found nowhere.
    pub fn plant(&self, variable: &str, secret: &str) -> &World {
        self.secrets.borrow_mut().push(secret.to_owned());
        self.environment(&format!("TF_VAR_{variable}"), secret)
    }

    /// Remembers a value as one that must be found nowhere.
    pub fn conceal(&self, secret: &str) -> &World {
        self.secrets.borrow_mut().push(secret.to_owned());
        self
    }

    /// Forgets what must be found nowhere: for the test that shows that it would be found.
    pub fn pardon(&self) {
        self.secrets.borrow_mut().clear();
    }

    /// Plans into a file; exit code 0 says nothing to do, 2 something to do, 1 failure.
    pub fn plan(&self) -> Run {
        self.run(&["plan", "-input=false", "-no-color", "-detailed-exitcode", "-out=../left/plan"])
    }

    /// What the last plan would change.
    pub fn changes(&self) -> Changes {
        let shown = self.run(&["show", "-json", "../left/plan"]).ends_with(0);
        Changes::of(&serde_json::from_str(&shown.stdout).expect("a shown plan is JSON"))
    }

    /// Plans and applies.
    pub fn apply(&self) -> Run {
        self.run(&["apply", "-input=false", "-no-color", "-auto-approve"])
    }

    /// Destroys everything.
    pub fn destroy(&self) -> Run {
        self.run(&["destroy", "-input=false", "-no-color", "-auto-approve"])
    }

    /// Takes an existing object under management.
    pub fn import(&self, address: &str, id: &str) -> Run {
        self.run(&["import", "-input=false", "-no-color", address, id])
    }

    /// Forgets an object without touching the instance.
    pub fn forget(&self, address: &str) -> Run {
        self.run(&["state", "rm", address])
    }

    /// Plans and fails the test unless there is nothing to do.
    #[track_caller]
    pub fn plan_is_empty(&self) {
        self.plan().ends_with(0).says("No changes");
    }

    /// Applies, fails the test unless that works, and again unless a second plan is empty.
    #[track_caller]
    pub fn converges(&self) -> Run {
        let run = self.apply().ends_with(0);
        self.plan_is_empty();
        run
    }

    /// The state as Terraform shows it to machines.
    pub fn show_json(&self) -> Value {
        let run = self.run(&["show", "-json"]).ends_with(0);
        serde_json::from_str(&run.stdout).expect("a shown state is JSON")
    }

    /// The attributes of a resource in the state; null when it is not there.
    pub fn state(&self, address: &str) -> Value {
        let shown = self.show_json();
        let resources = shown.pointer("/values/root_module/resources").and_then(Value::as_array).cloned();
        let found =
            resources.unwrap_or_default().into_iter().find(|it| it.get("address") == Some(&json!(address)));
        found.and_then(|it| it.get("values").cloned()).unwrap_or(Value::Null)
    }

    /// One attribute of a resource in the state, as text.
    #[track_caller]
    pub fn attribute(&self, address: &str, name: &str) -> String {
        let state = self.state(address);
        let value = state.get(name).and_then(Value::as_str);
        value.unwrap_or_else(|| panic!("no text `{name}` in {address}: {state}")).to_owned()
    }

    /// The id of a resource in the state.
    #[track_caller]
    pub fn id(&self, address: &str) -> String {
        self.attribute(address, "id")
    }

    /// Asks the instance by hand.
    pub fn api(&self, method: &str, path: &str, body: &Value) -> Answer {
        let body = Some(body).filter(|body| !body.is_null());
        self.instance.call(method, path, body).expect("the simulator answers")
    }

    /// Changes cells of a record by hand, as the administrator.
    #[track_caller]
    pub fn edit(&self, table: &str, id: &str, cells: &Value) {
        let administrator = (self.instance.username.as_str(), self.instance.password.as_str());
        self.instance
            .edit_as(administrator, (table, id), cells)
            .expect("the simulator takes an edit by hand");
    }

    /// The writes since the journal was last forgotten, as `METHOD table`.
    pub fn writes(&self) -> Vec<String> {
        let journal = self.instance.journal().expect("the simulator gives its journal");
        journal
            .iter()
            .filter(|asked| asked.is_write())
            .map(|asked| short(&asked.method, &asked.path))
            .collect()
    }

    /// Runs Terraform to its end.
    pub fn run(&self, arguments: &[&str]) -> Run {
        let output = self.command(arguments).output().expect("Terraform can be run");
        self.keep(Run::of(format!("terraform {}", arguments.join(" ")), &output))
    }

    /// Runs `snowdrift` to its end, in the folder of the configuration and with the same environment.
    pub fn snowdrift(&self, arguments: &[&str]) -> Run {
        let mut command = self.prepared(&Binaries::built().snowdrift());
        let output = command.args(arguments).output().expect("snowdrift can be run");
        self.keep(Run::of(format!("snowdrift {}", arguments.join(" ")), &output))
    }

    /// Starts Terraform in a process group of its own, as a shell does.
    pub fn start(&self, arguments: &[&str]) -> Running<'_> {
        use std::os::unix::process::CommandExt as _;
        let mut command = self.command(arguments);
        command.process_group(0).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let child = command.spawn().expect("Terraform can be run");
        Running { world: self, child, command: format!("terraform {}", arguments.join(" ")) }
    }

    /// Runs a script in which `terraform` is the Terraform of this world, and `snowdrift` the one that was built.
    pub fn shell(&self, script: &Path) -> Run {
        let bin = self.path().join("bin");
        if !bin.exists() {
            fs::create_dir(&bin).expect("a folder for the test can be made");
            let programs = [
                ("terraform", self.terraform.program().to_path_buf()),
                ("snowdrift", Binaries::built().snowdrift()),
            ];
            for (name, program) in programs {
                std::os::unix::fs::symlink(program, bin.join(name)).expect("a link can be made");
            }
        }
        let usual = std::env::var_os("PATH").unwrap_or_default();
        let path = std::env::join_paths(std::iter::once(bin).chain(std::env::split_paths(&usual)));
        let mut command = self.prepared(Path::new("sh"));
        command.arg(script).env("PATH", path.expect("folders without colons"));
        let output = command.output().expect("a shell can be run");
        self.keep(Run::of(format!("sh {}", script.display()), &output))
    }

    /// The folder of the configuration, where Terraform runs.
    pub fn configuration(&self) -> PathBuf {
        self.path().join("configuration")
    }

    /// Everything that Terraform and the provider wrote to their logs so far.
    pub fn log(&self) -> String {
        fs::read(self.path().join("left/trace.log"))
            .map(|it| String::from_utf8_lossy(&it).into_owned())
            .unwrap_or_default()
    }

    fn path(&self) -> &Path {
        self.folder.as_ref().expect("the folder lives as long as the world").path()
    }

    fn settings(&self) -> PathBuf {
        self.path().join("terraform.rc")
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = self.prepared(self.terraform.program());
        command.args(arguments);
        command
    }

    fn prepared(&self, program: &Path) -> Command {
        let mut command = Command::new(program);
        command.current_dir(self.configuration());
        for name in ["SERVICENOW_INSTANCE", "TF_CLI_ARGS", "TF_DATA_DIR", "TF_WORKSPACE"] {
            command.env_remove(name);
        }
        command.env("TF_CLI_CONFIG_FILE", self.settings());
        command.env("TF_IN_AUTOMATION", "1").env("CHECKPOINT_DISABLE", "1");
        command.env("TF_LOG", "TRACE").env("TF_LOG_PATH", self.path().join("left/trace.log"));
        command.envs(self.environment.borrow().iter().map(|(name, value)| (name, value)));
        command
    }

    /// What a user sees is one of the places where no secret may be.
    fn keep(&self, run: Run) -> Run {
        self.runs.set(self.runs.get() + 1);
        let path = self.path().join(format!("left/run-{}", self.runs.get()));
        fs::write(path, run.to_string()).expect("the output of a run can be kept");
        run
    }

    /// Leaves the state and the journal beside what is left already, and looks for the secrets in all of it. The end of
    /// a world does the same and fails the test when it finds one.
    pub fn find_secrets(&self) -> Vec<String> {
        let left = self.path().join("left");
        for name in ["terraform.tfstate", "terraform.tfstate.backup", "crash.log"] {
            let _ = fs::copy(self.configuration().join(name), left.join(name));
        }
        // Of a state without a resource there is nothing to show.
        let state = fs::read_to_string(self.configuration().join("terraform.tfstate")).unwrap_or_default();
        if state.contains("\"provider\":") {
            self.show_json();
        }
        if let Ok(journal) = self.instance.journal() {
            fs::write(left.join("journal"), format!("{journal:#?}")).expect("the journal can be kept");
        }
        secrets::find(&self.secrets.borrow(), &left)
    }
}

impl Drop for World {
    fn drop(&mut self) {
        let found = if thread::panicking() { Vec::new() } else { self.find_secrets() };
        if thread::panicking() || !found.is_empty() {
            let kept = self.folder.take().map(TempDir::keep);
            eprintln!("everything of this test is kept in {}", kept.unwrap_or_default().display());
        }
        assert!(found.is_empty(), "secrets were left behind: {}", found.join(", "));
    }
}

/// A Terraform that is at work.
pub struct Running<'a> {
    world: &'a World,
    child: Child,
    command: String,
}

impl Running<'_> {
    /// Presses Ctrl-C: the whole process group hears it, plugins too.
    pub fn interrupt(&self) {
        let group = format!("-{}", self.child.id());
        let status = Command::new("kill").args(["-INT", "--", &group]).status().expect("`kill` can be run");
        assert!(status.success(), "the running Terraform could not be interrupted");
    }

    /// Whether it came to its end by itself.
    pub fn is_over(&mut self) -> bool {
        self.child.try_wait().is_ok_and(|it| it.is_some())
    }

    /// Kills it with everything that it started, as a machine that goes down.
    pub fn kill(mut self) {
        let group = format!("-{}", self.child.id());
        let _ = Command::new("kill").args(["-KILL", "--", &group]).stderr(Stdio::null()).status();
        let _ = self.child.wait();
    }

    /// Waits for its end.
    pub fn wait(self) -> Run {
        let output = self.child.wait_with_output().expect("Terraform ends");
        self.world.keep(Run::of(self.command, &output))
    }
}

/// Terraform takes the provider from the build, and asks nobody for news.
fn settings_text() -> String {
    let directory = Binaries::built().directory().display().to_string();
    format!(
        "provider_installation {{\n  dev_overrides {{\n    \"snowdrift/servicenow\" = {}\n  }}\n  direct {{}}\n}}\n\
         disable_checkpoint = true\n",
        Value::String(directory)
    )
}

/// A journal line without ids and queries: `PATCH http_connection`.
fn short(method: &str, path: &str) -> String {
    let path = path.split('?').next().unwrap_or_default();
    let table = path.split("/table/").nth(1).and_then(|rest| rest.split('/').next());
    format!("{method} {}", table.unwrap_or(path))
}
