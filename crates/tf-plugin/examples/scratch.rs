//! A provider for tests: notes that exist in the state alone. Some texts make it misbehave.

use std::process::ExitCode;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use tf_core::{Attr, Diagnostic, Diagnostics, Model, Object, Path, Schema, Secret, Value, WriteOnly, model};
use tf_plugin::{Applied, Apply, Configure, HostEnvironment, Import, Provider, ReadOutcome, Resource, State};

/// Longer than any test: whoever waits this long is ended.
const A_LONG_WAIT: Duration = Duration::from_secs(600);

fn main() -> ExitCode {
    #[expect(clippy::disallowed_methods, reason = "the main file is where the environment is read")]
    let read = |name: &str| std::env::var(name).ok();
    let environment = HostEnvironment::from_vars(read).with_own_log("scratch", read);
    tf_plugin::run(Arc::new(Scratch::default()), &environment, "example.com/test/scratch")
}

/// Notes for trying things out.
#[derive(Clone, Debug, Default, PartialEq, Model)]
struct Settings {
    /// The greatest number of characters that a note may have.
    #[tf(optional())]
    length_max: Attr<i64>,
}

/// A note that exists in the state alone.
#[derive(Clone, Debug, Default, PartialEq, Model)]
struct Note {
    /// What the note says.
    #[tf(required())]
    text: Attr<String>,
    /// How many characters that are.
    #[tf(computed())]
    length: Attr<i64>,
    /// A secret that is accepted and forgotten.
    #[tf(optional())]
    secret_wo: Attr<WriteOnly<Secret>>,
    /// Raised to hand over the secret again.
    #[tf(optional())]
    secret_wo_version: Attr<i64>,
}

#[derive(Default)]
struct Scratch {
    settings: Arc<Mutex<Settings>>,
}

#[async_trait]
impl Provider for Scratch {
    fn schema(&self) -> Schema {
        model::schema::<Settings>()
    }

    fn resources(&self) -> Vec<Arc<dyn Resource>> {
        vec![Arc::new(Notes { settings: Arc::clone(&self.settings) })]
    }

    async fn configure(&self, request: Configure) -> Diagnostics {
        if let (Ok(mut settings), Ok(new)) = (self.settings.lock(), Settings::from_object(&request.config)) {
            *settings = new;
        }
        Diagnostics::none()
    }
}

struct Notes {
    settings: Arc<Mutex<Settings>>,
}

impl Notes {
    fn length_max(&self) -> i64 {
        self.settings.lock().ok().and_then(|it| it.length_max.known().copied()).unwrap_or(i64::MAX)
    }

    #[expect(clippy::panic, reason = "tests want to see what becomes of a panic")]
    fn written(&self, note: &Note) -> Applied {
        let text = note.text.known().cloned().unwrap_or_default();
        if text == "panic" {
            panic!("the note says so");
        }
        if text == "print" {
            print();
        }
        let length = i64::try_from(text.chars().count()).unwrap_or(i64::MAX);
        let mut diagnostics = Diagnostics::none();
        if length > self.length_max() {
            let detail =
                format!("It has {length} characters. The note was written all the same. Shorten it.");
            diagnostics.push(Diagnostic::error("The note is too long", detail).at(Path::attribute("text")));
        }
        let text = if text == "misprint" { "misprinted".to_owned() } else { text };
        let note = Note { text: Attr::Known(text), length: Attr::Known(length), ..note.clone() };
        Applied { state: Some(State { object: note.to_object(), private: b"mark".to_vec() }), diagnostics }
    }
}

/// Does what a resource should not do.
#[expect(clippy::print_stdout, reason = "tests want to see what becomes of it")]
fn print() {
    println!("printed by the provider");
    // A program that it starts may print as well.
    let _ = std::process::Command::new("sh").args(["-c", "echo printed by a program of its own"]).status();
}

#[async_trait]
impl Resource for Notes {
    fn type_name(&self) -> &str {
        "scratch_note"
    }

    fn schema(&self) -> Schema {
        model::schema::<Note>()
    }

    async fn read(&self, state: State) -> ReadOutcome {
        state.into()
    }

    async fn apply(&self, apply: Apply) -> Applied {
        tracing::info!(creating = apply.prior.is_none(), "applying");
        let Some(planned) = apply.planned else { return Applied::default() };
        if planned.get("text").and_then(Value::as_str) == Some("wait") {
            tokio::time::sleep(A_LONG_WAIT).await;
        }
        match Note::from_object(&planned) {
            Ok(note) => self.written(&note),
            Err(fault) => {
                let text =
                    format!("At `{}` there is {} instead of {}.", fault.path, fault.found, fault.expected);
                Applied { state: None, diagnostics: Diagnostic::error("The plan is unreadable", text).into() }
            }
        }
    }

    fn import(&self) -> Option<&dyn Import> {
        Some(self)
    }
}

#[async_trait]
impl Import for Notes {
    async fn by_id(&self, id: &str) -> Result<State, Diagnostics> {
        let length = i64::try_from(id.chars().count()).unwrap_or(i64::MAX);
        let note = Note { text: Attr::Known(id.to_owned()), length: Attr::Known(length), ..Note::default() };
        let object: Object = note.to_object();
        Ok(State { object, private: Vec::new() })
    }
}
