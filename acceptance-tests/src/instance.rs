//! A simulated instance as a process of its own, and a person's hands on it.

use std::io::{self, BufRead as _, BufReader};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value, json};

use crate::loopback::{self, Answer, Question};

/// A running simulated instance. It ends with this value.
#[derive(Debug)]
pub struct Instance {
    child: Option<Child>,
    address: SocketAddr,
    /// Where it answers.
    pub url: String,
    /// Its administrator.
    pub username: String,
    /// The administrator's password.
    pub password: String,
}

/// One line of the journal: what the instance was asked.
#[derive(Clone, Debug, PartialEq)]
pub struct Asked {
    /// When, in milliseconds since 1970 by the clock of the instance.
    pub at_ms: u64,
    /// Who asked.
    pub user: String,
    /// The HTTP method.
    pub method: String,
    /// The path with its query.
    pub path: String,
    /// The status of the answer; zero when the answer was lost.
    pub status: u16,
}

impl Asked {
    /// Whether this could change something.
    pub fn is_write(&self) -> bool {
        !matches!(self.method.as_str(), "GET" | "HEAD")
    }
}

impl Instance {
    /// Starts a simulator on a free port and waits until it is ready.
    ///
    /// # Errors
    /// The program does not start, or does not say that it is ready.
    pub fn start(simulator: &Path, arguments: &[&str]) -> io::Result<Instance> {
        Instance::spawn(&mut command(simulator, arguments))
    }

    /// Starts a simulator that can outlive the terminal, in which Ctrl-C does not reach it.
    ///
    /// # Errors
    /// The program does not start, or does not say that it is ready.
    pub fn start_apart(simulator: &Path, arguments: &[&str]) -> io::Result<Instance> {
        use std::os::unix::process::CommandExt as _;
        Instance::spawn(command(simulator, arguments).process_group(0))
    }

    fn spawn(command: &mut Command) -> io::Result<Instance> {
        let mut child = command.spawn()?;
        match ready(&mut child) {
            Ok((url, username, password, address)) => {
                Ok(Instance { child: Some(child), address, url, username, password })
            }
            Err(error) => {
                let _ = child.kill();
                let _ = child.wait();
                Err(error)
            }
        }
    }

    /// Lets it live on after this program, and gives its process id.
    pub fn leave_running(mut self) -> Option<u32> {
        self.child.take().map(|child| child.id())
    }

    /// Asks as the administrator.
    ///
    /// # Errors
    /// No answer came.
    pub fn call(&self, method: &str, path: &str, body: Option<&Value>) -> io::Result<Answer> {
        self.call_as((&self.username, &self.password), method, path, body)
    }

    /// Asks as somebody, given by user name and password.
    ///
    /// # Errors
    /// No answer came.
    pub fn call_as(
        &self,
        (username, password): (&str, &str),
        method: &str,
        path: &str,
        body: Option<&Value>,
    ) -> io::Result<Answer> {
        let authorization = Some(format!("Basic {}", STANDARD.encode(format!("{username}:{password}"))));
        loopback::ask(self.address, &Question { method, path, authorization, body })
    }

    /// The rows of a table that match an encoded query.
    ///
    /// # Errors
    /// No answer came, or it was not a list.
    pub fn rows(&self, table: &str, query: &str) -> io::Result<Vec<Map<String, Value>>> {
        let path = format!(
            "/api/now/table/{table}?sysparm_exclude_reference_link=true&sysparm_query={}",
            query.replace('^', "%5E").replace(' ', "%20")
        );
        let answer = self.call("GET", &path, None)?;
        let rows = answer.result().as_array().ok_or_else(|| refused("GET", &path, &answer))?;
        Ok(rows.iter().filter_map(Value::as_object).cloned().collect())
    }

    /// Creates a row and gives it back.
    ///
    /// # Errors
    /// No answer came, or the instance refused.
    pub fn insert(&self, table: &str, cells: &Value) -> io::Result<Map<String, Value>> {
        let path = format!(
            "/api/now/table/{table}?sysparm_exclude_reference_link=true&sysparm_input_display_value=true"
        );
        let answer = self.call("POST", &path, Some(cells))?;
        answer.result().as_object().cloned().ok_or_else(|| refused("POST", &path, &answer))
    }

    /// Changes cells of a row, as somebody.
    ///
    /// # Errors
    /// No answer came, or the instance refused.
    pub fn edit_as(&self, who: (&str, &str), record: (&str, &str), cells: &Value) -> io::Result<()> {
        let path = format!("/api/now/table/{}/{}", record.0, record.1);
        let answer = self.call_as(who, "PATCH", &path, Some(cells))?;
        if answer.status == 200 { Ok(()) } else { Err(refused("PATCH", &path, &answer)) }
    }

    /// Creates a user with roles who can sign in.
    ///
    /// # Errors
    /// No answer came, or the instance refused.
    pub fn add_user(&self, name: &str, password: &str, roles: &[&str]) -> io::Result<()> {
        let user = self
            .insert("sys_user", &json!({"user_name": name, "user_password": password, "active": "true"}))?;
        for role in roles {
            let known = self.rows("sys_user_role", &format!("name={role}"))?;
            let row = match known.into_iter().next() {
                Some(row) => row,
                None => self.insert("sys_user_role", &json!({"name": role}))?,
            };
            self.insert(
                "sys_user_has_role",
                &json!({"user": user.get("sys_id"), "role": row.get("sys_id")}),
            )?;
        }
        Ok(())
    }

    /// What it was asked so far, in order.
    ///
    /// # Errors
    /// No answer came.
    pub fn journal(&self) -> io::Result<Vec<Asked>> {
        let answer = self.call("GET", "/_sim/journal", None)?;
        let lines = answer.json.as_array().cloned().unwrap_or_default();
        Ok(lines.iter().map(asked).collect())
    }

    /// Forgets the journal, so that what follows stands alone.
    ///
    /// # Errors
    /// No answer came.
    pub fn forget_journal(&self) -> io::Result<()> {
        self.call("DELETE", "/_sim/journal", None).map(|_| ())
    }

    /// Changes a setting of the simulator.
    ///
    /// # Errors
    /// No answer came, or the setting is unknown.
    pub fn set(&self, key: &str, value: &str) -> io::Result<()> {
        let answer = self.call("POST", "/_sim/settings", Some(&json!({ key: value })))?;
        if answer.status == 200 { Ok(()) } else { Err(refused("POST", "/_sim/settings", &answer)) }
    }

    /// Plans something to go wrong.
    ///
    /// # Errors
    /// No answer came, or the fault is not understood.
    pub fn fault(&self, fault: &Value) -> io::Result<()> {
        let answer = self.call("POST", "/_sim/faults", Some(fault))?;
        if answer.status < 300 { Ok(()) } else { Err(refused("POST", "/_sim/faults", &answer)) }
    }

    /// What the platform would decrypt: the secret as a reader of the credential gets it.
    ///
    /// # Errors
    /// No answer came.
    pub fn secret(&self, table: &str, id: &str, column: &str) -> io::Result<Option<String>> {
        let path = format!("/_sim/secret?table={table}&sys_id={id}&column={column}");
        Ok(self.call("GET", &path, None)?.json.get("value").and_then(Value::as_str).map(str::to_owned))
    }

    /// Ends it, as a machine that is switched off.
    pub fn stop(&mut self) {
        if let Some(mut child) = self.child.take() {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

impl Drop for Instance {
    fn drop(&mut self) {
        self.stop();
    }
}

fn command(simulator: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(simulator);
    command.args(["--listen", "127.0.0.1:0"]).args(arguments).stdin(Stdio::null()).stdout(Stdio::piped());
    command
}

fn ready(child: &mut Child) -> io::Result<(String, String, String, SocketAddr)> {
    let not_ready =
        |line: &str| io::Error::other(format!("the simulator did not say that it is ready, but `{line}`"));
    let output = child.stdout.take().ok_or_else(|| not_ready(""))?;
    let mut line = String::new();
    BufReader::new(output).read_line(&mut line)?;
    let said: Value = serde_json::from_str(&line).map_err(|_| not_ready(line.trim_end()))?;
    let text =
        |key: &str| said.get(key).and_then(Value::as_str).map(str::to_owned).ok_or_else(|| not_ready(&line));
    let url = text("url")?;
    let address = url.trim_start_matches("http://").trim_end_matches('/').parse();
    Ok((url.clone(), text("username")?, text("password")?, address.map_err(|_| not_ready(&line))?))
}

fn asked(line: &Value) -> Asked {
    let text = |key: &str| line.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
    let status = line.get("status").and_then(Value::as_u64).and_then(|status| u16::try_from(status).ok());
    let at_ms = line.get("at_ms").and_then(Value::as_u64).unwrap_or(0);
    Asked {
        at_ms,
        user: text("user"),
        method: text("method"),
        path: text("path"),
        status: status.unwrap_or(0),
    }
}

fn refused(method: &str, path: &str, answer: &Answer) -> io::Error {
    io::Error::other(format!(
        "the simulator answered `{method} {path}` with {}: {}",
        answer.status, answer.json
    ))
}
