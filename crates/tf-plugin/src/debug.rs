//! Debug mode: a person starts the provider, in a debugger or a terminal, and tells Terraform where it is.

use std::ffi::OsString;

use serde_json::json;

use crate::handshake::{Address, PROTOCOL_VERSION};

/// The argument that asks for it, as people write it here and as they know it from other providers.
const ARGUMENTS: [&str; 2] = ["--debug", "-debug"];

/// The variable by which hosts learn of providers that run already.
pub const VARIABLE: &str = "TF_REATTACH_PROVIDERS";

/// Whether these arguments of the program ask for it.
pub(crate) fn wanted(mut arguments: impl Iterator<Item = OsString>) -> bool {
    arguments.any(|it| ARGUMENTS.iter().any(|wanted| it == *wanted))
}

/// The value of the variable: the provider's source address, and how to reach the process.
///
/// `Test` says that the process is not the host's own: it is neither told to end nor killed.
pub fn value(source: &str, process_id: u32, address: &Address) -> String {
    let (network, place) = match address {
        Address::Unix(path) => ("unix", path),
        Address::Tcp(address) => ("tcp", address),
    };
    let reattached = json!({
        "Protocol": "grpc",
        "ProtocolVersion": PROTOCOL_VERSION,
        "Pid": process_id,
        "Test": true,
        "Addr": { "Network": network, "String": place },
    });
    json!({ source: reattached }).to_string()
}

/// What a person reads, with lines that can be pasted as they are.
pub fn instructions(source: &str, value: &str) -> String {
    let (sh, powershell) = (value.replace('\'', r"'\''"), value.replace('\'', "''"));
    format!(
        "The provider `{source}` is running. It serves every command of Terraform and OpenTofu that is told of it, until\n\
         Ctrl-C. Paste one of these lines into another terminal, then run `terraform plan` there as usual.\n\
         \n\
         sh, bash, zsh:\n\
         \n\
         \x20   export {VARIABLE}='{sh}'\n\
         \n\
         PowerShell:\n\
         \n\
         \x20   $env:{VARIABLE}='{powershell}'\n\
         \n"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(arguments: &[&str], expected: bool) {
        assert_eq!(wanted(arguments.iter().map(OsString::from)), expected, "{arguments:?}");
    }

    #[test]
    fn the_argument_is_known_in_both_spellings_and_nothing_else_is() {
        check(&["--debug"], true);
        check(&["-debug"], true);
        check(&["x", "--debug"], true);
        check(&[], false);
        check(&["debug", "--debugger", "--Debug", ""], false);
    }

    #[test]
    fn the_value_is_what_hosts_parse() {
        let text = value("acme/cloud", 42, &Address::Unix("/tmp/plugin1".to_owned()));
        let expected = r#"{"acme/cloud":{"Addr":{"Network":"unix","String":"/tmp/plugin1"},"Pid":42,"Protocol":"grpc","ProtocolVersion":6,"Test":true}}"#;
        assert_eq!(text, expected);
        assert!(value("a/b", 1, &Address::Tcp("127.0.0.1:1".to_owned())).contains(r#""Network":"tcp""#));
    }

    #[test]
    fn a_quote_in_a_path_does_not_break_the_lines() {
        let text = instructions("acme/cloud", "{it's}");
        assert!(text.contains(r"export TF_REATTACH_PROVIDERS='{it'\''s}'"), "{text}");
        assert!(text.contains("$env:TF_REATTACH_PROVIDERS='{it''s}'"), "{text}");
    }
}
