//! The data source of many objects: everything that meets a few conditions.

use std::sync::Arc;

use async_trait::async_trait;
use tf_core::{
    Attribute, AttributeType, Behavior, Block, Diagnostics, Mode, Nesting, Object, Schema, Type, Value, check,
};
use tf_plugin::{DataOutcome, DataSource};

use crate::session::{Session, Shared};
use crate::subject::{Conditions, Row, Subject, first_sentence, only, read_only};
use crate::timeouts;

/// Rows that one data source shows at most: more belong into a report and not into a state.
const LIMIT_MAX: i64 = 100_000;

/// A data source that finds many objects.
pub struct Many {
    subject: Subject,
    type_name: String,
    shared: Arc<Shared>,
}

impl Many {
    /// The data source of a subject.
    pub fn new(subject: Subject, shared: Arc<Shared>) -> Many {
        let type_name = plural(subject.type_name);
        Many { subject, type_name, shared }
    }

    async fn find(
        &self,
        session: &Session,
        mut config: Object,
    ) -> Result<(Object, Diagnostics), Diagnostics> {
        let conditions = self.subject.conditions(session, &config)?;
        let limit = match config.get("limit") {
            Some(Value::Number(number)) => number.to_i64().and_then(|it| u64::try_from(it).ok()),
            _ => None,
        };
        let rows = self.rows(session, &conditions, limit).await?;
        let (found, said) = self.subject.read_all(&rows).await?;
        let ids = found.iter().map(|(row, _)| Value::string(row.id.as_str())).collect();
        let objects = found.iter().map(|(_, it)| Value::Map(only(&self.subject.shown, it))).collect();
        config.insert("ids".to_owned(), Value::List(ids));
        config.insert("objects".to_owned(), Value::List(objects));
        Ok((config, said))
    }

    async fn rows(
        &self,
        session: &Session,
        conditions: &Conditions,
        limit: Option<u64>,
    ) -> Result<Vec<Row>, Diagnostics> {
        let mut search = self.subject.search(session, conditions, limit)?;
        let mut rows = Vec::new();
        while let Some(page) = search.next().await? {
            rows.extend(
                page.iter().filter(|it| conditions.are_exact(it)).filter_map(|it| self.subject.row(it)),
            );
        }
        if !conditions.query.is_ordered() {
            rows.sort_by(|one, other| (&one.label, one.id.as_str()).cmp(&(&other.label, other.id.as_str())));
        }
        Ok(rows)
    }
}

#[async_trait]
impl DataSource for Many {
    fn type_name(&self) -> &str {
        &self.type_name
    }

    fn schema(&self) -> Schema {
        let mut attributes: Vec<Attribute> = self.subject.filters.iter().map(|it| it.attribute()).collect();
        attributes.push(query());
        attributes.push(Attribute {
            behavior: Behavior { checks: vec![check::range(1, LIMIT_MAX)], ..Behavior::default() },
            ..plain(
                "limit",
                "The greatest number of objects that is shown; all of them when nothing is given.",
                Type::Number,
            )
        });
        let computed = Behavior { mode: Mode::Computed, ..Behavior::default() };
        let ids =
            "The sys_ids of the objects, in the order of their names, or in the order that `query` asks for.";
        attributes.push(Attribute {
            behavior: computed.clone(),
            ..plain("ids", ids, Type::List(Box::new(Type::String)))
        });
        let shown = self.subject.shown.iter().map(read_only).collect();
        attributes.push(Attribute {
            behavior: computed,
            ty: AttributeType::Nested { nesting: Nesting::List, attributes: shown },
            ..plain("objects", "The objects, in the same order as their sys_ids.", Type::String)
        });
        let doc = format!(
            "Finds every {} that meets the conditions. {}",
            self.subject.noun,
            first_sentence(&self.subject.doc)
        );
        Schema { version: 0, block: Block { doc, attributes, ..Block::default() } }
    }

    async fn read(&self, config: Object) -> DataOutcome {
        let session = match self.shared.session() {
            Ok(session) => session.for_operation(timeouts::DEFAULT_MS),
            Err(problems) => return problems.into(),
        };
        match self.find(&session, config).await {
            Ok((object, said)) => DataOutcome { diagnostics: session.redacted(said, &[]), ..object.into() },
            Err(problems) => session.redacted(problems, &[]).into(),
        }
    }
}

/// The condition that users write themselves.
pub fn query() -> Attribute {
    plain(
        "query",
        "A condition in ServiceNow's encoded form, in addition to the others: `nameSTARTSWITHjira^ORDERBYname`. Values that \
         come from outside belong through the function `encoded_query`, so that they cannot add conditions.",
        Type::String,
    )
}

fn plain(name: &str, doc: &str, ty: Type) -> Attribute {
    Attribute {
        name: name.to_owned(),
        doc: doc.to_owned(),
        ty: AttributeType::Plain(ty),
        sensitive: false,
        write_only: false,
        behavior: Behavior::default(),
    }
}

/// The name of many things of a type.
pub fn plural(type_name: &str) -> String {
    match type_name.strip_suffix('y') {
        Some(stem) if !stem.ends_with(['a', 'e', 'i', 'o', 'u']) => format!("{stem}ies"),
        _ if type_name.ends_with(['s', 'x']) => format!("{type_name}es"),
        _ => format!("{type_name}s"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_things_have_a_name_of_their_own() {
        for (one, many) in [
            ("servicenow_connection_alias", "servicenow_connection_aliases"),
            ("servicenow_http_connection", "servicenow_http_connections"),
            ("servicenow_retry_policy", "servicenow_retry_policies"),
            ("servicenow_key", "servicenow_keys"),
        ] {
            assert_eq!(plural(one), many);
        }
    }
}
