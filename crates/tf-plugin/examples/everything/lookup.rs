//! `everything_lookup`: a data source.

use async_trait::async_trait;
use tf_core::{Attr, Diagnostic, Model, Object, Path, Schema, Value, model};
use tf_plugin::{DataOutcome, DataSource};

use crate::text;

/// What a word means.
#[derive(Clone, Debug, Default, PartialEq, Model)]
struct Attributes {
    /// The word.
    #[tf(required())]
    word: Attr<String>,
    /// What it means.
    #[tf(computed())]
    meaning: Attr<String>,
}

pub struct Lookup;

#[async_trait]
impl DataSource for Lookup {
    fn type_name(&self) -> &str {
        "everything_lookup"
    }

    fn schema(&self) -> Schema {
        model::schema::<Attributes>()
    }

    async fn read(&self, mut config: Object) -> DataOutcome {
        let word = text(&config, "word").to_owned();
        if word.is_empty() {
            let detail = "The word is empty, and nothing is said about nothing. Name a word.";
            let problem = Diagnostic::error("There is no such word", detail).at(Path::attribute("word"));
            return tf_core::Diagnostics::from(problem).into();
        }
        config.insert("meaning".to_owned(), Value::string(format!("what {word} means")));
        config.into()
    }
}
