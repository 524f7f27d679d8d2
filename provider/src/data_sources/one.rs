//! The data source of one object: by its id, or by what people know it by.

use std::sync::Arc;

use async_trait::async_trait;
use servicenow_core::SysId;
use tf_core::{Attribute, Behavior, Block, Diagnostics, Mode, Object, Schema, Value};
use tf_plugin::{DataOutcome, DataSource};

use crate::errors;
use crate::resources::sys_id;
use crate::session::{Session, Shared};
use crate::subject::{Conditions, Subject, first_sentence, only, read_only};
use crate::timeouts;

/// A data source that finds one object.
pub struct One {
    subject: Subject,
    shared: Arc<Shared>,
}

impl One {
    /// The data source of a subject.
    pub fn new(subject: Subject, shared: Arc<Shared>) -> One {
        One { subject, shared }
    }

    /// What the attributes look like: those that a search can begin with may be set, all others are shown.
    fn attributes(&self) -> Vec<Attribute> {
        let shown = |it: &Attribute| {
            let behavior = self.behavior(it);
            let is_asked = behavior.mode != Mode::Computed;
            let doc = if is_asked { first_sentence(&it.doc).to_owned() } else { it.doc.clone() };
            Attribute { behavior, doc, ..read_only(it) }
        };
        let shown = self.subject.shown.iter().map(shown);
        let more = self
            .subject
            .filters
            .iter()
            .filter(|it| !self.subject.shown.iter().any(|shown| shown.name == it.attribute));
        shown.chain(more.map(|it| it.attribute())).collect()
    }

    fn behavior(&self, attribute: &Attribute) -> Behavior {
        if attribute.name == "id" {
            return Behavior { mode: Mode::OptionalComputed, checks: vec![sys_id()], ..Behavior::default() };
        }
        let is_filter = self.subject.filters.iter().any(|it| it.attribute == attribute.name);
        let mode = if is_filter { Mode::OptionalComputed } else { Mode::Computed };
        Behavior { mode, ..Behavior::default() }
    }

    async fn find(&self, session: &Session, config: &Object) -> Result<(Object, Diagnostics), Diagnostics> {
        let conditions = match config.get("id").and_then(Value::as_str).map(str::parse::<SysId>) {
            Some(Ok(id)) => Conditions::id(&id).map_err(|_| errors::bug("an id is no legal condition"))?,
            Some(Err(_)) => {
                return Err(errors::bad_condition(self.subject.noun, "id", "it is no sys_id").into());
            }
            None => self.subject.conditions(session, config)?,
        };
        let row = self.subject.one(session, &conditions).await?;
        let (object, said) = self.subject.read(&row.id).await?;
        let object = object.ok_or_else(|| errors::gone_again(self.subject.noun, &row.label))?;
        let mut object = only(&self.attributes(), &object);
        // What the user wrote stays as it was written.
        for (name, value) in config.iter().filter(|it| !it.1.is_null()) {
            object.insert(name.clone(), value.clone());
        }
        Ok((object, said))
    }
}

#[async_trait]
impl DataSource for One {
    fn type_name(&self) -> &str {
        self.subject.type_name
    }

    fn schema(&self) -> Schema {
        let noun = self.subject.noun;
        let doc = format!(
            "Finds one {noun}: by its `id`, or by everything else that is set below. It is an error when there is none, and \
             when there are several. {}",
            first_sentence(&self.subject.doc)
        );
        Schema { version: 0, block: Block { doc, attributes: self.attributes(), ..Block::default() } }
    }

    fn validate(&self, config: &Object) -> Diagnostics {
        let is_set = |name: &str| config.get(name).is_some_and(|it| !it.is_null());
        let others: Vec<&str> = self.subject.filters.iter().map(|it| it.attribute.as_str()).collect();
        match (is_set("id"), others.iter().find(|it| is_set(it))) {
            (true, Some(other)) => errors::id_and_condition(self.subject.noun, other).into(),
            (false, None) => errors::no_condition(self.subject.noun, &others).into(),
            _ => Diagnostics::none(),
        }
    }

    async fn read(&self, config: Object) -> DataOutcome {
        let session = match self.shared.session() {
            Ok(session) => session.for_operation(timeouts::DEFAULT_MS),
            Err(problems) => return problems.into(),
        };
        match self.find(&session, &config).await {
            Ok((object, said)) => DataOutcome { diagnostics: session.redacted(said, &[]), ..object.into() },
            Err(problems) => session.redacted(problems, &[]).into(),
        }
    }
}
