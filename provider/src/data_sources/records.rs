//! `servicenow_record` and `servicenow_records`: rows of any table, as texts.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use async_trait::async_trait;
use servicenow_core::{Query, QueryError, Record, SysId, TableName};
use tf_core::model::SetOf;
use tf_core::{Attr, Check, Diagnostics, Model, Object, Schema, Value, check, model};
use tf_plugin::{DataOutcome, DataSource};

use crate::errors::{self, Doing};
use crate::resources::sys_id;
use crate::session::{Session, Shared};
use crate::timeouts;

/// Rows that one data source shows at most.
const LIMIT_MAX: i64 = 100_000;

/// A second row is enough to know that there are several; a few more are named.
const CANDIDATES_MAX: u64 = 11;

const NOUN: &str = "record";

/// One record of any table, as texts: by its sys_id, or as the only one that a query selects. It is an error when there is
/// none, and when there are several.
#[derive(Clone, Debug, Default, PartialEq, Model)]
#[tf(exactly_one(&["id", "query"]))]
pub struct One {
    /// The sys_id of the record.
    #[tf(optional_computed().check(sys_id()))]
    pub id: Attr<String>,
    /// Name of the table: `incident`.
    #[tf(required().check(table_name()))]
    pub table: Attr<String>,
    /// A condition in ServiceNow's encoded form, which one record meets. Values that come from outside belong through the
    /// function `encoded_query`.
    #[tf(optional().check(check::length(1, 10_000)))]
    pub query: Attr<String>,
    /// The columns that are shown; `caller_id.user_name` leads into the record that a column refers to.
    #[tf(required().check(check::elements(1, 1_000)))]
    pub fields: Attr<SetOf<String>>,
    /// What the columns hold, as the instance stores it. An empty column is an empty text.
    #[tf(computed())]
    pub values: Attr<BTreeMap<String, String>>,
}

/// Records of any table, as texts, in the order of their sys_ids or in the order that the query asks for.
#[derive(Clone, Debug, Default, PartialEq, Model)]
pub struct Many {
    /// Name of the table: `incident`.
    #[tf(required().check(table_name()))]
    pub table: Attr<String>,
    /// A condition in ServiceNow's encoded form: `active=true^ORDERBYname`. Every record when nothing is given. Values that
    /// come from outside belong through the function `encoded_query`.
    #[tf(optional().check(check::length(1, 10_000)))]
    pub query: Attr<String>,
    /// The columns that are shown; `caller_id.user_name` leads into the record that a column refers to.
    #[tf(required().check(check::elements(1, 1_000)))]
    pub fields: Attr<SetOf<String>>,
    /// The greatest number of records that is shown; all of them when nothing is given.
    #[tf(optional().check(check::range(1, LIMIT_MAX)))]
    pub limit: Attr<i64>,
    /// The sys_ids of the records.
    #[tf(computed())]
    pub ids: Attr<Vec<String>>,
    /// What the columns of each record hold, as the instance stores it.
    #[tf(computed())]
    pub records: Attr<Vec<BTreeMap<String, String>>>,
}

/// What is asked of a table.
struct Question {
    table: TableName,
    query: Query,
    fields: Vec<String>,
    rows_max: Option<u64>,
}

impl Question {
    fn new(
        table: &Attr<String>,
        query: Result<Query, QueryError>,
        fields: &Attr<SetOf<String>>,
    ) -> Result<Question, Diagnostics> {
        let refused = |attribute: &str, reason: &str| errors::bad_condition(NOUN, attribute, reason);
        let name = table.known().cloned().unwrap_or_default();
        let table = name.parse().map_err(|_| refused("table", "it is no name of a table"))?;
        let query = query.map_err(|error| refused("query", &error.to_string()))?;
        let fields = fields.known().map(|it| it.0.clone()).unwrap_or_default();
        Ok(Question { table, query, fields, rows_max: None })
    }

    /// The records, and a warning about columns that no record shows.
    async fn ask(&self, session: &Session) -> Result<(Vec<Record>, Diagnostics), Diagnostics> {
        let fields: Vec<&str> = self.fields.iter().map(String::as_str).collect();
        let failed = |error| {
            let doing = Doing { verb: "look up", noun: NOUN, name: self.table.as_str() };
            Diagnostics::from(errors::service(&doing, &error, "Nothing was changed."))
        };
        let mut pages = session.client.pages(&self.table, &self.query, &fields, self.rows_max);
        let (mut records, mut missing) = (Vec::new(), BTreeSet::new());
        while let Some(rows) = pages.next().await.map_err(failed)? {
            for row in rows {
                missing.extend(fields.iter().filter(|it| row.get(it).is_none()).map(|it| (*it).to_owned()));
                records.push(row);
            }
        }
        let said = if missing.is_empty() {
            Diagnostics::none()
        } else {
            errors::fields_missing(self.table.as_str(), &missing.into_iter().collect::<Vec<_>>()).into()
        };
        Ok((records, said))
    }

    /// The columns that were asked for, and those alone.
    fn values(&self, record: &Record) -> BTreeMap<String, String> {
        self.fields.iter().map(|it| (it.clone(), record.text(it).to_owned())).collect()
    }
}

fn encoded(query: &Attr<String>) -> Result<Query, QueryError> {
    query.known().map_or(Ok(Query::new()), |it| Query::new().encoded(it))
}

fn table_name() -> Check {
    let test = |value: &Value| match value.as_str() {
        Some(text) if text.parse::<TableName>().is_err() => Err(format!(
            "`{text}` is no name of a table. It has lower-case letters, digits and underscores, such as `sc_req_item`"
        )),
        _ => Ok(()),
    };
    Check::new("the name of a table", test)
}

/// The data source of one record.
pub struct OneRecord {
    shared: Arc<Shared>,
}

impl OneRecord {
    /// The data source.
    pub fn new(shared: Arc<Shared>) -> OneRecord {
        OneRecord { shared }
    }

    async fn find(session: &Session, config: &Object) -> Result<(Object, Diagnostics), Diagnostics> {
        let mut model = One::from_object(config).map_err(|it| errors::mismatch(&it))?;
        let (query, words) = match model.id.known().and_then(|it| it.parse::<SysId>().ok()) {
            Some(id) => (Query::new().equals("sys_id", id.as_str()), format!("`id` is `{id}`")),
            None => (
                encoded(&model.query),
                format!("`query` is `{}`", model.query.known().cloned().unwrap_or_default()),
            ),
        };
        let question =
            Question { rows_max: Some(CANDIDATES_MAX), ..Question::new(&model.table, query, &model.fields)? };
        let (records, said) = question.ask(session).await?;
        let table = question.table.as_str();
        match records.as_slice() {
            [record] => {
                if model.id.known().is_none() {
                    model.id = Attr::Known(record.text("sys_id").to_owned());
                }
                model.values = Attr::Known(question.values(record));
                Ok((model.to_object(), said))
            }
            [] => Err(errors::nothing_found(NOUN, table, &[words], &[]).into()),
            several => {
                let ids: Vec<(&str, &str)> = several.iter().map(|it| (table, it.text("sys_id"))).collect();
                Err(errors::several_found(NOUN, &[words], &ids).into())
            }
        }
    }
}

/// The data source of many records.
pub struct ManyRecords {
    shared: Arc<Shared>,
}

impl ManyRecords {
    /// The data source.
    pub fn new(shared: Arc<Shared>) -> ManyRecords {
        ManyRecords { shared }
    }

    async fn find(session: &Session, config: &Object) -> Result<(Object, Diagnostics), Diagnostics> {
        let mut model = Many::from_object(config).map_err(|it| errors::mismatch(&it))?;
        let rows_max = model.limit.known().map(|it| it.unsigned_abs());
        let question =
            Question { rows_max, ..Question::new(&model.table, encoded(&model.query), &model.fields)? };
        let (records, said) = question.ask(session).await?;
        model.ids = Attr::Known(records.iter().map(|it| it.text("sys_id").to_owned()).collect());
        model.records = Attr::Known(records.iter().map(|it| question.values(it)).collect());
        Ok((model.to_object(), said))
    }
}

/// What a data source shows of what was found.
fn outcome(session: &Session, found: Result<(Object, Diagnostics), Diagnostics>) -> DataOutcome {
    match found {
        Ok((object, said)) => DataOutcome { diagnostics: session.redacted(said, &[]), ..object.into() },
        Err(problems) => session.redacted(problems, &[]).into(),
    }
}

#[async_trait]
impl DataSource for OneRecord {
    fn type_name(&self) -> &str {
        "servicenow_record"
    }

    fn schema(&self) -> Schema {
        model::schema::<One>()
    }

    async fn read(&self, config: Object) -> DataOutcome {
        match self.shared.session().map(|it| it.for_operation(timeouts::DEFAULT_MS)) {
            Ok(session) => outcome(&session, OneRecord::find(&session, &config).await),
            Err(problems) => problems.into(),
        }
    }
}

#[async_trait]
impl DataSource for ManyRecords {
    fn type_name(&self) -> &str {
        "servicenow_records"
    }

    fn schema(&self) -> Schema {
        model::schema::<Many>()
    }

    async fn read(&self, config: Object) -> DataOutcome {
        match self.shared.session().map(|it| it.for_operation(timeouts::DEFAULT_MS)) {
            Ok(session) => outcome(&session, ManyRecords::find(&session, &config).await),
            Err(problems) => problems.into(),
        }
    }
}
