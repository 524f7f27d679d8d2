//! Loads a simulated instance with many records and many clients, and prints what it costs. Figures, not judgements.

use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::build;
use crate::failure::{Failure, Outcome, with_path};
use crate::workspace::{Profile, SIMULATOR, Workspace};

/// Pages whose median is shown, and how long they are.
const PAGES: usize = 30;
const PAGE_ROWS: usize = 1000;
/// Single reads whose median is shown.
const READS: usize = 500;
/// Rounds of each of many clients: a list, a read and a write.
const ROUNDS: usize = 20;
/// Connections of one alias, as in a large company.
const CONNECTIONS_PER_ALIAS: usize = 10;
/// The administrator's proof: the name and password below, encoded.
const PROOF: &str = "Basic YWRtaW46bG9hZA==";
const PASSWORD: &str = "load";

/// How much.
#[derive(clap::Args)]
pub struct Options {
    /// How many connections
    #[arg(long, default_value_t = 10_000)]
    connections: usize,
    /// How many records, with the connections
    #[arg(long, default_value_t = 100_000)]
    records: usize,
    /// How many clients at once
    #[arg(long, default_value_t = 50)]
    clients: usize,
    /// Measures the debug build
    #[arg(long)]
    debug: bool,
}

/// Fills an instance, asks it, and prints the figures.
pub fn run(workspace: &Workspace, options: &Options) -> Outcome<()> {
    let profile = if options.debug { Profile::Debug } else { Profile::Release };
    build::binaries(workspace, profile, &[SIMULATOR])?;
    let folder = workspace.target().join("load");
    let _ = fs::remove_dir_all(&folder);
    with_path(fs::create_dir_all(&folder), "create", &folder)?;
    let (fixture, data) = (folder.join("fixture.json"), folder.join("instance.db"));
    with_path(fs::write(&fixture, rows(options).to_string()), "write", &fixture)?;
    let program = workspace.binary(profile, SIMULATOR);
    let (loaded, filled) = timed(|| Loaded::start(&program, &data, &fixture))?;
    println!(
        "{} connections and {} records filled in {:.1} s",
        options.connections,
        options.records,
        filled.as_secs_f64()
    );
    drop(loaded);
    let (loaded, opened) = timed(|| Loaded::start(&program, &data, &fixture))?;
    println!("opened again in {} with {:.0} MB in the file", ms(opened), size(&data)?);
    pages(&loaded, options)?;
    reads(&loaded, options)?;
    crowd(&loaded, options)?;
    println!("memory: {} MiB now, {} MiB at most", loaded.memory("VmRSS:")?, loaded.memory("VmHWM:")?);
    Ok(())
}

fn pages(loaded: &Loaded, options: &Options) -> Outcome<()> {
    let mut times = Vec::new();
    for n in 0..PAGES {
        let offset = n * PAGE_ROWS % options.connections.max(1);
        let target = format!(
            "/api/now/table/http_connection?sysparm_query=ORDERBYsys_id&sysparm_limit={PAGE_ROWS}&sysparm_offset={offset}"
        );
        times.push(loaded.expect("GET", &target, "")?);
    }
    println!("list page of {PAGE_ROWS} with all columns: {}", summary(times)?);
    Ok(())
}

fn reads(loaded: &Loaded, options: &Options) -> Outcome<()> {
    let mut times = Vec::new();
    for n in 0..READS {
        times.push(loaded.expect("GET", &record(n * 97 % options.connections.max(1)), "")?);
    }
    println!("single read: {}", summary(times)?);
    Ok(())
}

/// Many clients at once; every answer that is not a success counts as an error.
fn crowd(loaded: &Loaded, options: &Options) -> Outcome<()> {
    let began = Instant::now();
    let outcomes: Vec<Outcome<Vec<Duration>>> = thread::scope(|scope| {
        let one = |client: usize| scope.spawn(move || rounds(loaded, options, client));
        let clients: Vec<_> = (0..options.clients).map(one).collect();
        let died = |_| Err(Failure::new("a client died"));
        clients.into_iter().map(|it| it.join().unwrap_or_else(died)).collect()
    });
    let took = began.elapsed();
    let mut times = Vec::new();
    let mut errors = Vec::new();
    for outcome in outcomes {
        match outcome {
            Ok(own) => times.extend(own),
            Err(failure) => errors.push(failure.to_string()),
        }
    }
    let per_second = times.len() as f64 / took.as_secs_f64();
    println!(
        "{} clients at once: {} answers, {} errors, {per_second:.0} answers per second, {}",
        options.clients,
        times.len(),
        errors.len(),
        summary(times)?
    );
    match errors.first() {
        Some(error) => Err(Failure::new(error.clone())),
        None => Ok(()),
    }
}

fn rounds(loaded: &Loaded, options: &Options, client: usize) -> Outcome<Vec<Duration>> {
    let mut times = Vec::new();
    for round in 0..ROUNDS {
        let own = record((client * ROUNDS + round) % options.connections.max(1));
        times.push(loaded.expect("GET", "/api/now/table/http_connection?sysparm_limit=20", "")?);
        times.push(loaded.expect("GET", &own, "")?);
        times.push(loaded.expect("PATCH", &own, &format!(r#"{{"host":"{client}-{round}.example"}}"#))?);
    }
    Ok(times)
}

/// The rows of the fixture: aliases with connections, and users for the rest.
fn rows(options: &Options) -> Value {
    let aliases = options.connections.div_ceil(CONNECTIONS_PER_ALIAS);
    let users = options.records.saturating_sub(options.connections + aliases);
    let alias = |n: usize| json!({"sys_id": id("a", n), "name": format!("alias_{n}")});
    let connection = |n: usize| {
        json!({
            "sys_id": id("c", n), "name": format!("connection {n}"), "connection_alias": id("a", n / CONNECTIONS_PER_ALIAS),
            "active": n.is_multiple_of(CONNECTIONS_PER_ALIAS), "connection_url": format!("https://{n}.example.com/api"),
        })
    };
    let user = |n: usize| json!({"user_name": format!("user.{n}"), "first_name": "User", "last_name": n.to_string()});
    json!({
        "sys_alias": (0..aliases).map(alias).collect::<Vec<_>>(),
        "http_connection": (0..options.connections).map(connection).collect::<Vec<_>>(),
        "sys_user": (0..users).map(user).collect::<Vec<_>>(),
    })
}

fn id(kind: &str, n: usize) -> String {
    format!("{kind}{n:031x}")
}

fn record(n: usize) -> String {
    format!("/api/now/table/http_connection/{}", id("c", n))
}

/// A simulator that ends with this value.
struct Loaded {
    child: Child,
    address: SocketAddr,
}

impl Loaded {
    fn start(program: &Path, data: &PathBuf, fixture: &Path) -> Outcome<Loaded> {
        let mut command = Command::new(program);
        command.args(["--listen", "127.0.0.1:0", "--password", PASSWORD, "--data"]).arg(data);
        let mut child = command.arg("--fixture").arg(fixture).stdout(Stdio::piped()).spawn()?;
        let silent = || Failure::new("the simulator did not say where it is");
        let output = child.stdout.take().ok_or_else(silent)?;
        let mut loaded = Loaded { child, address: ([127, 0, 0, 1], 0).into() };
        let mut line = String::new();
        BufReader::new(output).read_line(&mut line)?;
        let said: Value = serde_json::from_str(&line).map_err(|_| silent())?;
        let url = said.get("url").and_then(Value::as_str).and_then(|it| it.strip_prefix("http://"));
        loaded.address = url.and_then(|it| it.parse().ok()).ok_or_else(silent)?;
        Ok(loaded)
    }

    /// Asks, and gives how long the whole answer took; anything but a success is a failure.
    fn expect(&self, method: &str, target: &str, body: &str) -> Outcome<Duration> {
        let began = Instant::now();
        let mut stream = TcpStream::connect(self.address)?;
        let length = body.len();
        let text = format!(
            "{method} {target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nAuthorization: {PROOF}\r\n\
             Content-Type: application/json\r\nContent-Length: {length}\r\n\r\n{body}"
        );
        stream.write_all(text.as_bytes())?;
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer)?;
        let took = began.elapsed();
        if answer.starts_with(b"HTTP/1.1 2") {
            return Ok(took);
        }
        let head: String = String::from_utf8_lossy(&answer).chars().take(300).collect();
        Err(Failure::new(format!("{method} {target} was answered with `{head}`")))
    }

    /// A line of what Linux tells about the memory of a process, in MiB.
    fn memory(&self, name: &str) -> Outcome<u64> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        let line = status.lines().find_map(|it| it.strip_prefix(name)).unwrap_or_default();
        let kib = line.split_whitespace().next().and_then(|it| it.parse::<u64>().ok());
        Ok(kib.ok_or_else(|| Failure::new("this system does not tell how much memory a process has"))? / 1024)
    }
}

impl Drop for Loaded {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn timed<T>(work: impl FnOnce() -> Outcome<T>) -> Outcome<(T, Duration)> {
    let began = Instant::now();
    Ok((work()?, began.elapsed()))
}

/// The data file with its log, in MB.
fn size(data: &Path) -> Outcome<f64> {
    let log = data.with_extension("db-wal");
    let bytes = fs::metadata(data)?.len() + fs::metadata(log).map_or(0, |it| it.len());
    Ok(bytes as f64 / 1e6)
}

fn summary(mut times: Vec<Duration>) -> Outcome<String> {
    times.sort();
    let at = |percent: usize| times.get(times.len() * percent / 100).copied();
    let (median, slow) = at(50).zip(at(95)).ok_or_else(|| Failure::new("nothing was measured"))?;
    Ok(format!("median {}, 95th of 100 {}", ms(median), ms(slow)))
}

fn ms(time: Duration) -> String {
    format!("{:.1} ms", time.as_secs_f64() * 1000.0)
}
