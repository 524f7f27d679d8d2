//! Looks for secrets wherever Terraform or the provider leave something behind.

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE_NO_PAD};

/// Reads forms, one a line in hexadecimal digits, and writes `number<tab>path` for each that is in a file below a folder.
/// A plan file is an archive with compressed members, which are looked into. Every private Terraform has brought Python
/// along, and Python searches megabytes of logs a hundred times faster than an unoptimized loop does.
const SEARCH: &str = r"
import os, sys, zipfile
forms = [bytes.fromhex(line) for line in sys.stdin.read().split()]
for folder, _, names in os.walk(sys.argv[1]):
    for path in (os.path.join(folder, name) for name in sorted(names)):
        if not os.path.isfile(path):
            continue
        contents = [open(path, 'rb').read()]
        if contents[0].startswith(b'PK'):
            archive = zipfile.ZipFile(path)
            contents += [archive.read(name) for name in archive.namelist()]
        for number, form in enumerate(forms):
            if any(form in content for content in contents):
                print(number, path, sep='\t')
";

/// Where a secret was found, if anywhere. `left` is a folder of what a user might keep or hand on.
pub(crate) fn find(secrets: &[String], left: &Path) -> Vec<String> {
    let forms: Vec<(&String, Vec<u8>)> =
        secrets.iter().flat_map(|secret| forms(secret).map(|form| (secret, form))).collect();
    let lines: String = forms.iter().map(|(_, form)| hexadecimal(form)).collect();
    let mut found: Vec<String> = search(&lines, left)
        .lines()
        .filter_map(|line| {
            let (number, path) = line.split_once('\t')?;
            let (secret, _) = forms.get(number.parse::<usize>().ok()?)?;
            Some(format!("`{secret}` in {path}"))
        })
        .collect();
    found.dedup();
    found
}

/// A secret as it is, and encoded as a header or an embedded document would.
fn forms(secret: &str) -> [Vec<u8>; 4] {
    let encoded = [STANDARD.encode(secret), STANDARD_NO_PAD.encode(secret), URL_SAFE_NO_PAD.encode(secret)];
    let [padded, bare, for_urls] = encoded.map(String::into_bytes);
    [secret.as_bytes().to_vec(), padded, bare, for_urls]
}

fn hexadecimal(form: &[u8]) -> String {
    let digits: String = form.iter().map(|it| format!("{it:02x}")).collect();
    digits + "\n"
}

fn search(forms: &str, left: &Path) -> String {
    let mut search = Command::new("python3");
    search.args(["-c", SEARCH]).arg(left).stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = search.spawn().expect("python3 can be run to look for secrets");
    let mut input = child.stdin.take().expect("its input is a pipe");
    input.write_all(forms.as_bytes()).expect("python3 reads what it is to look for");
    drop(input);
    let output = child.wait_with_output().expect("the search ends");
    assert!(output.status.success(), "what is left in {} could not be searched", left.display());
    String::from_utf8(output.stdout).expect("paths of tests are text")
}

#[cfg(test)]
mod tests {
    use std::fs;

    use tempfile::TempDir;

    use super::*;

    const SECRET: &str = "pl4nted";

    #[track_caller]
    fn check(content: &str, is_found: bool) {
        let folder = TempDir::new().unwrap();
        fs::create_dir(folder.path().join("deeper")).unwrap();
        fs::write(folder.path().join("deeper/file"), content).unwrap();
        let found = find(&["other".to_owned(), SECRET.to_owned()], folder.path());
        let expected = format!("`{SECRET}` in {}", folder.path().join("deeper/file").display());
        assert_eq!(found, if is_found { vec![expected] } else { Vec::new() }, "{content}");
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

    #[test]
    fn a_secret_is_found_in_a_compressed_archive() {
        let folder = TempDir::new().unwrap();
        let archive = folder.path().join("plan");
        let pack = "import sys, zipfile\n\
                    archive = zipfile.ZipFile(sys.argv[1], 'w', zipfile.ZIP_DEFLATED)\n\
                    archive.writestr('member', 'pl4nted ' * 99)";
        let packed = Command::new("python3").args(["-c", pack]).arg(&archive).status().unwrap();
        assert!(packed.success());
        assert_eq!(
            find(&[SECRET.to_owned()], folder.path()),
            [format!("`{SECRET}` in {}", archive.display())]
        );
        assert_eq!(find(&["absent".to_owned()], folder.path()), Vec::<String>::new());
    }
}
