//! `everything_shelf`: blocks in every nesting, with blocks inside, of which the provider decides a part.

use std::collections::BTreeMap;

use async_trait::async_trait;
use tf_core::model::SetOf;
use tf_core::{Attr, Model, Number, Object, Schema, Value, model};
use tf_plugin::{Applied, Apply, ReadOutcome, Resource, State};

pub struct Shelf;

/// A shelf that exists in the state alone.
#[derive(Clone, Debug, Default, PartialEq, Model)]
struct Attributes {
    /// What it is called.
    #[tf(required().replaces())]
    name: Attr<String>,
    /// How often it was written.
    #[tf(computed())]
    revision: Attr<i64>,
    /// What it leans on.
    #[tf(block())]
    back: Attr<Board>,
    /// What it stands on.
    #[tf(group())]
    foot: Attr<Foot>,
    /// What carries the books, from top to bottom.
    #[tf(block().at_most(4))]
    board: Attr<Vec<Board>>,
    /// What hangs on it.
    #[tf(block())]
    hook: Attr<SetOf<Hook>>,
    /// What is closed, by name.
    #[tf(block())]
    drawer: Attr<BTreeMap<String, Board>>,
}

/// What the provider has a say in.
#[derive(Clone, Debug, Default, PartialEq, Model)]
struct Decided {
    /// Its color, chosen for whoever does not mind.
    #[tf(optional_computed())]
    color: Attr<String>,
    /// When it was made. This does not change.
    #[tf(computed().stable())]
    mark: Attr<String>,
    /// When it was written last.
    #[tf(computed())]
    outcome: Attr<String>,
}

/// A board.
#[derive(Clone, Debug, Default, PartialEq, Model)]
struct Board {
    /// What it is made of.
    #[tf(required())]
    what: Attr<String>,
    /// How thick it is.
    #[tf(optional().default(2_i64))]
    thickness: Attr<i64>,
    /// What the provider has a say in.
    #[tf(flatten())]
    decided: Decided,
    /// What lies on it.
    #[tf(block())]
    book: Attr<Vec<Hook>>,
}

/// A hook, or a book.
#[derive(Clone, Debug, Default, PartialEq, Model)]
struct Hook {
    /// What it is.
    #[tf(required())]
    what: Attr<String>,
    /// What the provider has a say in.
    #[tf(flatten())]
    decided: Decided,
}

/// A foot, which is there even when nobody writes it.
#[derive(Clone, Debug, Default, PartialEq, Model)]
struct Foot {
    /// How high it is.
    #[tf(optional())]
    height: Attr<i64>,
    /// What the provider has a say in.
    #[tf(flatten())]
    decided: Decided,
}

#[async_trait]
impl Resource for Shelf {
    fn type_name(&self) -> &str {
        "everything_shelf"
    }

    fn schema(&self) -> Schema {
        model::schema::<Attributes>()
    }

    async fn read(&self, state: State) -> ReadOutcome {
        state.into()
    }

    async fn apply(&self, apply: Apply) -> Applied {
        let Some(mut object) = apply.planned else { return Applied::default() };
        let revision = 1 + apply.prior.as_ref().map_or(0, revision);
        object.insert("revision".to_owned(), Value::Number(Number::from(revision)));
        let written = Value::string(format!("write {revision}"));
        object.values_mut().for_each(|it| settle(it, &written));
        Applied { state: Some(State { object, private: Vec::new() }), ..Applied::default() }
    }
}

fn revision(prior: &Object) -> i64 {
    match prior.get("revision") {
        Some(Value::Number(number)) => number.to_i64().unwrap_or_default(),
        _ => 0,
    }
}

/// Gives this value to everything that was left open.
fn settle(value: &mut Value, written: &Value) {
    match value {
        it if it.is_unknown() => *it = written.clone(),
        Value::Map(members) => members.values_mut().for_each(|it| settle(it, written)),
        Value::List(items) => items.iter_mut().for_each(|it| settle(it, written)),
        Value::Set(items) => {
            let mut items = std::mem::take(items);
            items.iter_mut().for_each(|it| settle(it, written));
            *value = Value::set(items);
        }
        _ => {}
    }
}
