//! Looks for secrets wherever Terraform or the provider leave something behind.

use std::fs;
use std::path::Path;
use std::process::Command;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE_NO_PAD};

/// A plan file is an archive with compressed members; every private Terraform has brought Python along.
const UNPACK: &str = "import sys, zipfile\n\
                      archive = zipfile.ZipFile(sys.argv[1])\n\
                      for name in archive.namelist(): sys.stdout.buffer.write(archive.read(name))";

/// Where a secret was found, if anywhere. `left` holds files and folders that a user might keep or hand on.
pub(crate) fn find(secrets: &[String], left: &Path) -> Vec<String> {
    let mut found = Vec::new();
    search(left, &mut |path, content| {
        for secret in secrets.iter().filter(|secret| holds(content, secret)) {
            found.push(format!("`{secret}` in {}", path.display()));
        }
    });
    found
}

/// Whether the content holds the secret as it is, or encoded as a header or an embedded document would.
pub(crate) fn holds(content: &[u8], secret: &str) -> bool {
    let encoded = [STANDARD.encode(secret), STANDARD_NO_PAD.encode(secret), URL_SAFE_NO_PAD.encode(secret)];
    let forms = std::iter::once(secret.as_bytes()).chain(encoded.iter().map(String::as_bytes));
    forms.into_iter().any(|form| content.windows(form.len()).any(|window| window == form))
}

fn search(path: &Path, look: &mut impl FnMut(&Path, &[u8])) {
    if path.is_dir() {
        for entry in fs::read_dir(path).expect("a folder of the test can be listed") {
            search(&entry.expect("a folder of the test can be listed").path(), look);
        }
        return;
    }
    // Sockets of plugins and broken links have no content.
    let Ok(content) = fs::read(path) else { return };
    look(path, &content);
    if content.starts_with(b"PK") {
        let unpacked = Command::new("python3").args(["-c", UNPACK]).arg(path).output();
        let unpacked = unpacked.expect("python3 can be run to look into a plan file");
        assert!(unpacked.status.success(), "the plan file {} could not be read", path.display());
        look(path, &unpacked.stdout);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(content: &str, expected: bool) {
        assert_eq!(holds(content.as_bytes(), "pl4nted"), expected, "{content}");
    }

    #[test]
    fn a_secret_is_found_in_every_form() {
        check("a pl4nted b", true);
        check("pl4nted", true);
        check("x=cGw0bnRlZA==", true);
        check("x=cGw0bnRlZA", true);
        check("pl4nte", false);
        check("", false);
    }
}
