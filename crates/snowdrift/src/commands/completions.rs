//! `snowdrift completions` and `snowdrift man`: what the description of the arguments gives a shell and `man`.

use std::fs;
use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::CommandFactory as _;

use super::Failure;

/// Prints the completions for a shell.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  snowdrift completions bash > /etc/bash_completion.d/snowdrift
  snowdrift completions zsh > \"${fpath[1]}/_snowdrift\"
  snowdrift completions fish > ~/.config/fish/completions/snowdrift.fish
  snowdrift completions powershell >> $PROFILE")]
pub struct Completions {
    /// For which shell
    shell: clap_complete::Shell,
}

/// Prints the manual page, or writes one for each command.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  snowdrift man | man -l -
  snowdrift man --out /usr/local/share/man/man1")]
pub struct Man {
    /// The folder for the pages of all commands
    #[arg(long, value_name = "FOLDER")]
    out: Option<PathBuf>,
}

impl Completions {
    /// Runs the command.
    ///
    /// # Errors
    /// The completions cannot be printed.
    pub fn run(&self, out: &mut dyn Write) -> Result<ExitCode, Failure> {
        let mut text = Vec::new();
        clap_complete::generate(self.shell, &mut super::Arguments::command(), "snowdrift", &mut text);
        out.write_all(&text)?;
        Ok(ExitCode::SUCCESS)
    }
}

impl Man {
    /// Runs the command.
    ///
    /// # Errors
    /// The pages cannot be written.
    pub fn run(&self, out: &mut dyn Write) -> Result<ExitCode, Failure> {
        let command = super::Arguments::command();
        match &self.out {
            None => clap_mangen::Man::new(command).render(out)?,
            Some(folder) => {
                fs::create_dir_all(folder)?;
                clap_mangen::generate_to(command, folder)?;
            }
        }
        Ok(ExitCode::SUCCESS)
    }
}

#[cfg(test)]
#[allow(clippy::disallowed_methods, reason = "reads the pages that were written")]
mod tests {
    use clap::ValueEnum as _;

    use super::*;

    #[test]
    fn every_shell_has_completions_for_every_command() {
        for shell in clap_complete::Shell::value_variants() {
            let mut out = Vec::new();
            Completions { shell: *shell }.run(&mut out).unwrap();
            let text = String::from_utf8(out).unwrap();
            for command in super::super::Arguments::command().get_subcommands() {
                assert!(text.contains(command.get_name()), "{shell}: {}", command.get_name());
            }
        }
    }

    #[test]
    fn there_is_a_page_for_each_command() {
        let folder = tempfile::tempdir().unwrap();
        let deep = folder.path().join("share/man1");
        let mut out = Vec::new();
        Man { out: Some(deep.clone()) }.run(&mut out).unwrap();
        assert!(out.is_empty());
        for command in super::super::Arguments::command().get_subcommands() {
            let page = fs::read_to_string(deep.join(format!("snowdrift-{}.1", command.get_name()))).unwrap();
            assert!(page.contains(".SH SYNOPSIS"), "{page}");
        }
        Man { out: None }.run(&mut out).unwrap();
        assert!(String::from_utf8(out).unwrap().contains("snowdrift \\- "));
    }
}
