//! Commands that give a secret, and every way in which they do not.

use super::*;

fn command(words: &[&str]) -> Command {
    Command::new(words.iter().map(|it| (*it).to_owned())).unwrap()
}

fn script(text: &str) -> Command {
    command(&["sh", "-c", text])
}

#[tokio::test]
async fn the_output_is_the_secret_without_its_last_line_end() {
    for (format, expected) in [
        ("planted", "planted"),
        ("planted\\n", "planted"),
        ("planted\\r\\n", "planted"),
        ("planted\\n\\n", "planted\n"),
        (" planted \\n", " planted "),
    ] {
        let secret = command(&["printf", format]).read().await.unwrap();
        assert_eq!(secret.expose(), expected, "{format:?}");
    }
}

#[tokio::test]
async fn no_shell_sees_the_arguments() {
    let secret = command(&["printf", "%s", "$(id); `id` > /tmp/x & $HOME *"]).read().await.unwrap();
    assert_eq!(secret.expose(), "$(id); `id` > /tmp/x & $HOME *");
}

async fn check_refused(command: &Command, parts: &[&str]) -> String {
    let error = command.read().await.unwrap_err().to_string();
    for part in parts {
        assert!(error.contains(part), "{part} is missing in {error}");
    }
    assert!(!error.contains("planted"), "{error}");
    error
}

#[tokio::test]
async fn a_command_that_gives_nothing_says_why() {
    check_refused(&command(&["no-such-program-anywhere"]), &["`no-such-program-anywhere`", "cannot be run"])
        .await;
    check_refused(&script("echo planted; exit 3"), &["`sh`", "exit code 3"]).await;
    check_refused(&script("kill -9 $$"), &["a signal"]).await;
    check_refused(&command(&["true"]), &["wrote nothing"]).await;
    check_refused(&script("printf '\\n'"), &["wrote nothing"]).await;
    check_refused(&script("printf '\\377planted'"), &["no text"]).await;
    check_refused(&script("head -c 70000 /dev/zero"), &["more than 65536 bytes"]).await;
}

#[tokio::test]
async fn of_a_complaint_only_the_beginning_is_repeated() {
    let long = format!("echo 'not signed in {}' >&2; echo 'token planted' >&2; exit 1", "x".repeat(200));
    let error = check_refused(&script(&long), &["complained first: \"not signed in x"]).await;
    assert!(error.len() < 250, "{error}");
}

#[tokio::test]
async fn a_command_that_hangs_is_stopped() {
    let hanging = script("sleep 600").within(Duration::from_millis(200));
    check_refused(&hanging, &["did not end within 0.2 s"]).await;
}

#[tokio::test]
async fn a_command_that_waits_for_input_gets_none() {
    check_refused(&command(&["cat"]), &["wrote nothing"]).await;
}

#[tokio::test]
async fn a_talkative_command_is_read_to_its_end() {
    let secret = script("head -c 300000 /dev/zero >&2; echo abc").read().await.unwrap();
    assert_eq!(secret.expose(), "abc");
}

#[test]
fn a_command_needs_a_program() {
    assert_eq!(Command::new([]), None);
    assert_eq!(Command::new([String::new(), "a".to_owned()]), None);
}
