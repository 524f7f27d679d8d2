//! What the story plays with: a folder, a Terraform, an instance, and a colleague's hands.

use std::cell::Cell;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use acceptance_tests::{Instance, Watch};
use serde_json::{Value, json};

use super::stage::Stage;
use crate::build;
use crate::failure::{Failure, Outcome, with_path};
use crate::mirror;
use crate::terraform;
use crate::workspace::{PROVIDER, Profile, SIMULATOR, Workspace};

/// The password of the story's integration: made up, but treated as a real one.
const SECRET: &str = "correct-horse-battery-staple";

/// How much of Terraform's output is shown.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Show {
    /// Nothing: the step is only a proof.
    Nothing,
    /// What happens to which resource, and the sum.
    Headlines,
    /// The whole plan.
    Whole,
}

/// People who use the instance without Terraform.
#[derive(Clone, Copy, Debug)]
pub enum Colleague {
    /// On call tonight.
    OnCall,
}

impl Colleague {
    /// How the instance calls them.
    pub fn user_name(self) -> &'static str {
        match self {
            Colleague::OnCall => "on.call",
        }
    }

    fn password(self) -> &'static str {
        match self {
            Colleague::OnCall => "on-call-tonight",
        }
    }
}

/// Everything on the stage.
pub struct Scene {
    /// Where it is told.
    pub stage: Stage,
    folder: PathBuf,
    terraform: PathBuf,
    settings: PathBuf,
    instance: Instance,
    /// Journal lines before the present chapter's last command.
    told: Cell<usize>,
}

/// A command of Terraform that ended as told.
pub struct Told {
    line: String,
    text: String,
}

impl Scene {
    /// Builds, finds Terraform, starts the instance, which may outlive the story.
    pub fn set(workspace: &Workspace, stage: Stage, keep: bool) -> Outcome<Scene> {
        build::binaries(workspace, Profile::Debug, &[PROVIDER, SIMULATOR])?;
        let terraform = terraform::find(workspace, None)?;
        let all = workspace.target().join("demo");
        let folder = all.join("orders");
        if folder.exists() {
            with_path(fs::remove_dir_all(&folder), "clear", &folder)?;
        }
        with_path(fs::create_dir_all(&folder), "create", &folder)?;
        let settings = mirror::write(workspace, Profile::Debug, &all.join("mirror"))?;
        let simulator = workspace.binary(Profile::Debug, SIMULATOR);
        let start = if keep { Instance::start_apart } else { Instance::start };
        let instance = start(&simulator, &["--fixture", "demo"])?;
        let on_call = Colleague::OnCall;
        instance.add_user(on_call.user_name(), on_call.password(), &["admin"])?;
        stage.close(&format!("\n   Terraform   {}", terraform.display()));
        stage.close(&format!("   instance    {} (simulated)", instance.url));
        stage.close(&format!("   files       {}", folder.display()));
        Ok(Scene { stage, folder, terraform, settings, instance, told: Cell::new(0) })
    }

    /// Where the configuration is.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The integration's password.
    pub fn secret(&self) -> &'static str {
        SECRET
    }

    /// Writes a file of the configuration.
    pub fn write(&self, name: &str, text: &str) -> Outcome<()> {
        let path = self.folder.join(name);
        with_path(fs::write(&path, text), "write", &path)
    }

    /// Plans, and fails unless that ends with this exit code: 0 for nothing to do, 2 for something to do.
    pub fn plan(&self, code: i32, show: Show) -> Outcome<Told> {
        self.terraform(&["plan", "-input=false", "-detailed-exitcode"], code, show)
    }

    /// Runs Terraform, and fails unless it ends with this exit code.
    pub fn terraform(&self, arguments: &[&str], code: i32, show: Show) -> Outcome<Told> {
        self.told.set(self.journal()?.len());
        let line = format!("terraform {}", arguments.join(" "));
        if show != Show::Nothing {
            self.stage.command(&line);
        }
        let mut command = Command::new(&self.terraform);
        command
            .args(arguments)
            .env("TF_CLI_ARGS", "-no-color")
            .current_dir(&self.folder)
            .stdin(Stdio::null());
        command.envs(self.environment()).env("TF_IN_AUTOMATION", "1").env_remove("SERVICENOW_INSTANCE");
        let output =
            command.output().map_err(|error| Failure::new(format!("could not run `{line}`: {error}")))?;
        let text =
            String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
        if output.status.code() != Some(code) {
            let ended = output.status;
            return Err(Failure::new(format!("`{line}` should end with {code}, but {ended}:\n{text}")));
        }
        self.stage.output(shown(&text, show));
        Ok(Told { line, text })
    }

    /// Fails with this reason unless it is so.
    pub fn expect(&self, so: bool, otherwise: &str) -> Outcome<()> {
        if so { Ok(()) } else { Err(Failure::new(otherwise)) }
    }

    /// Fails unless exactly this connection of the integration is active.
    pub fn expect_active(&self, name: &str) -> Outcome<()> {
        let query = "nameSTARTSWITHdemo-orders^active=true";
        let rows = self.instance.rows("sys_connection", query)?;
        let names: Vec<&str> =
            rows.iter().filter_map(|row| row.get("name").and_then(Value::as_str)).collect();
        self.expect(
            names == [name],
            &format!("`{name}` should be the active connection, but it is {names:?}"),
        )
    }

    /// Does the work and fails when a look at the instance meanwhile found none or several active connections. Gives
    /// the number of looks.
    pub fn never_dark_during(&self, work: impl FnOnce() -> Outcome<()>) -> Outcome<usize> {
        let alias = self.row("sys_alias", "name=demo_orders")?;
        let (outcome, seen) = Watch::during(&self.instance, &alias, work);
        outcome?;
        let steady = seen.looks > 0 && seen.counts.iter().all(|count| *count == 1);
        self.expect(steady, &format!("one connection should be active at every moment, but {seen:?}"))?;
        Ok(seen.looks)
    }

    /// How many rows match.
    pub fn count(&self, table: &str, query: &str) -> Outcome<usize> {
        Ok(self.instance.rows(table, query)?.len())
    }

    /// The id of the one row that matches.
    pub fn row(&self, table: &str, query: &str) -> Outcome<String> {
        let rows = self.instance.rows(table, query)?;
        let found = rows.first().and_then(|row| row.get("sys_id")).and_then(Value::as_str);
        found.map(str::to_owned).ok_or_else(|| Failure::new(format!("no row of {table} with {query}")))
    }

    /// The password of a credential, as the platform would use it.
    pub fn stored_secret(&self, credential: &str) -> Outcome<Option<String>> {
        Ok(self.instance.secret("basic_auth_credentials", credential, "password")?)
    }

    /// Fails when Terraform's state holds the text.
    pub fn never_in_state(&self, text: &str) -> Outcome<()> {
        let path = self.folder.join("terraform.tfstate");
        let state = with_path(fs::read_to_string(&path), "read", &path)?;
        self.expect(!state.contains(text), "the state holds the password")
    }

    /// A colleague changes a record.
    pub fn by_hand(&self, who: Colleague, table: &str, id: &str, cells: &Value) -> Outcome<()> {
        let person = (who.user_name(), who.password());
        self.stage.command(&format!("({})  {table}: {cells}", who.user_name()));
        Ok(self.instance.edit_as(person, (table, id), cells)?)
    }

    /// An alias and a connection appear that no configuration knows.
    pub fn click_together(&self) -> Outcome<()> {
        let alias =
            json!({"name": "demo_payments", "type": "connection", "connection_type": "http_connection"});
        let alias = self.instance.insert("sys_alias", &alias)?;
        let connection = json!({
            "name": "demo-payments",
            "connection_alias": alias.get("sys_id"),
            "connection_url": "https://payments.example.com",
            // An active one would rightly not be deleted at the end.
            "active": "false",
        });
        self.instance.insert("http_connection", &connection)?;
        Ok(())
    }

    /// The writes that the last command asked for, as `METHOD path`.
    pub fn writes(&self) -> Outcome<Vec<String>> {
        let journal = self.journal()?;
        let since = journal.iter().skip(self.told.get()).filter(|asked| asked.is_write());
        let path = |path: &str| path.split('?').next().unwrap_or_default().to_owned();
        Ok(since.map(|asked| format!("{} {}", asked.method, path(&asked.path))).collect())
    }

    /// Shows the writes of the last command. Those that only find out how the instance behaves are told in a sentence.
    pub fn show_writes(&self) -> Outcome<()> {
        let writes = self.writes()?;
        let (switch, trial): (Vec<&String>, Vec<&String>) =
            writes.iter().partition(|write| write.starts_with("PATCH"));
        self.expect(!switch.is_empty(), "nothing was written")?;
        self.stage.say("What that asked the instance to change:");
        self.stage.output(switch.into_iter().map(String::as_str));
        if !trial.is_empty() {
            self.stage.say(&format!(
                "and {} writes on two short-lived records of an alias that does not exist: they show whether this \
                 instance switches the old connection off by itself. It does, so one write is the whole switch.",
                trial.len()
            ));
        }
        Ok(())
    }

    /// Says what was shown, and how to go on.
    pub fn end(self, keep: bool) -> Outcome<()> {
        let file = self.folder.join("environment.sh");
        if keep {
            let lines = self.environment().map(|(name, value)| format!("export {name}='{value}'\n"));
            with_path(fs::write(&file, lines.concat()), "write", &file)?;
        }
        self.stage.close(&format!(
            "\nShown: plan, apply, an empty plan, a switch by hand seen and healed, blue to green, import, destroy. \
             Files: {}",
            self.folder.display()
        ));
        if keep {
            self.stage.close(&format!(
                "\nThe instance keeps running at {}. To go on by hand:\n",
                self.instance.url
            ));
            self.stage.close(&format!("    cd {} && . ./environment.sh", self.folder.display()));
            self.stage.close("    rm import.tf payments.tf");
            self.stage.close(&format!("    {} apply", self.terraform.display()));
            if let Some(id) = self.instance.leave_running() {
                self.stage.close(&format!("    kill {id}    # ends the instance"));
            }
        }
        Ok(())
    }

    fn environment(&self) -> [(&'static str, String); 6] {
        [
            ("TF_CLI_CONFIG_FILE", self.settings.display().to_string()),
            ("CHECKPOINT_DISABLE", "1".to_owned()),
            ("SERVICENOW_INSTANCE_URL", self.instance.url.clone()),
            ("SERVICENOW_USERNAME", self.instance.username.clone()),
            ("SERVICENOW_PASSWORD", self.instance.password.clone()),
            ("TF_VAR_orders_password", SECRET.to_owned()),
        ]
    }

    fn journal(&self) -> Outcome<Vec<acceptance_tests::Asked>> {
        Ok(self.instance.journal()?)
    }
}

impl Told {
    /// Fails unless the text is in the output, however its lines are wrapped.
    pub fn says(&self, text: &str) -> Outcome<&Told> {
        let Told { line, text: output } = self;
        let running = output.replace(['│', '╷', '╵'], " ").split_whitespace().collect::<Vec<_>>().join(" ");
        if running.contains(text) {
            return Ok(self);
        }
        Err(Failure::new(format!("`{line}` should say `{text}`, but:\n{output}")))
    }

    /// Fails when the text is in the output.
    pub fn never_says(&self, text: &str) -> Outcome<&Told> {
        if self.text.contains(text) {
            return Err(Failure::new(format!("`{}` shows a secret", self.line)));
        }
        Ok(self)
    }
}

/// The lines worth showing.
fn shown(text: &str, show: Show) -> Vec<&str> {
    let sums = ["Plan:", "Apply complete!", "Destroy complete!", "No changes."];
    let headline = |line: &str| line.starts_with("  # ") || sums.iter().any(|sum| line.starts_with(sum));
    match show {
        Show::Nothing => Vec::new(),
        Show::Headlines => text.lines().filter(|line| headline(line)).collect(),
        Show::Whole => {
            text.lines().skip_while(|line| !headline(line)).filter(|line| worth_showing(line)).collect()
        }
    }
}

fn worth_showing(line: &str) -> bool {
    !line.starts_with('─')
        && !line.starts_with("Note: You didn't use")
        && !line.starts_with("exactly these actions")
}
