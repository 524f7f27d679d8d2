//! Runs other programs and shows the command line first, so that a person can repeat it.

use std::ffi::OsStr;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::{Command, ExitStatus, Stdio};

use crate::failure::{Failure, Outcome};

/// Runs it with this program's own input and output; anything but success is a failure.
pub fn run(command: &mut Command) -> Outcome<()> {
    let line = command_line(command);
    println!("$ {line}");
    let status = command.status().map_err(|error| not_started(&line, &error))?;
    succeeded(&line, status)
}

/// Runs it silently and gives what it wrote to its output; what it wrote to its error output explains a failure.
pub fn read(command: &mut Command) -> Outcome<String> {
    let line = command_line(command);
    let output = command.stdin(Stdio::null()).output().map_err(|error| not_started(&line, &error))?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
    }
    let explanation = String::from_utf8_lossy(&output.stderr);
    Err(Failure::new(format!("`{line}` ended with {}\n{}", output.status, explanation.trim_end())))
}

/// Runs it, passes both of its outputs on line by line, and shows every line to `listen` as well.
pub fn run_and_listen(command: &mut Command, mut listen: impl FnMut(&str) + Send) -> Outcome<()> {
    let line = command_line(command);
    println!("$ {line}");
    let mut child = command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| not_started(&line, &error))?;
    let errors = child.stderr.take();
    let output = child.stdout.take();
    let heard = std::sync::Mutex::new(&mut listen);
    std::thread::scope(|scope| {
        scope.spawn(|| pass_on(errors, &mut std::io::stderr(), &heard));
        pass_on(output, &mut std::io::stdout(), &heard);
    });
    let status = child.wait().map_err(|error| not_started(&line, &error))?;
    succeeded(&line, status)
}

fn pass_on<L: FnMut(&str)>(
    source: Option<impl Read>,
    destination: &mut impl Write,
    listen: &std::sync::Mutex<&mut L>,
) {
    let Some(source) = source else { return };
    let mut reader = BufReader::new(source);
    let mut bytes = Vec::new();
    while reader.read_until(b'\n', &mut bytes).is_ok_and(|count| count > 0) {
        // A terminal that went away must not end the tests.
        let _ = destination.write_all(&bytes).and_then(|()| destination.flush());
        if let Ok(mut listen) = listen.lock() {
            listen(String::from_utf8_lossy(&bytes).trim_end());
        }
        bytes.clear();
    }
}

/// The command as a person would type it.
pub fn command_line(command: &Command) -> String {
    // Cargo names itself to its children by a long path that nobody types.
    let program = Path::new(command.get_program());
    let cargo = program.file_stem().filter(|stem| *stem == "cargo");
    let words = std::iter::once(cargo.unwrap_or(command.get_program())).chain(command.get_args());
    words.map(word).collect::<Vec<_>>().join(" ")
}

fn word(text: &OsStr) -> String {
    let text = text.to_string_lossy();
    if text.is_empty() || text.contains([' ', '"', '\'', '$', '*', '(', ')', ';', '&', '|', '<', '>']) {
        format!("'{}'", text.replace('\'', r"'\''"))
    } else {
        text.into_owned()
    }
}

fn succeeded(line: &str, status: ExitStatus) -> Outcome<()> {
    if status.success() { Ok(()) } else { Err(Failure::new(format!("`{line}` ended with {status}"))) }
}

fn not_started(line: &str, error: &std::io::Error) -> Failure {
    Failure::new(format!("could not run `{line}`: {error}"))
}

/// Lets the command take this program's place, so that Ctrl-C and the exit code are the command's own.
#[cfg(unix)]
pub fn become_it(command: &mut Command) -> Outcome<std::process::ExitCode> {
    use std::os::unix::process::CommandExt as _;
    let error = command.exec();
    Err(not_started(&command_line(command), &error))
}

/// Runs the command and ends as it does.
#[cfg(not(unix))]
pub fn become_it(command: &mut Command) -> Outcome<std::process::ExitCode> {
    let status = command.status().map_err(|error| not_started(&command_line(command), &error))?;
    let code = status.code().and_then(|code| u8::try_from(code).ok());
    Ok(code.map_or(std::process::ExitCode::FAILURE, std::process::ExitCode::from))
}
