//! How the objects of a type are found on the instance: by id, by what people know them by, by filters, and by a query of
//! the user's own. Data sources, lists and actions all look things up here.

mod conditions;
mod filters;
mod looks;

use std::sync::Arc;

use async_trait::async_trait;
use servicenow_client::Pages;
use servicenow_core::similar::similar;
use servicenow_core::{Query, QueryError, Record, ServiceError, SysId};
use tf_core::{Attribute, AttributeType, Behavior, Diagnostics, Mode, Object, Schema, Value};
use tf_plugin::{ReadOutcome, Resource, State};
use tokio::task::JoinSet;

pub use self::conditions::Conditions;
pub use self::filters::{Filter, Test, first_sentence};
use crate::definition::Definition;
use crate::errors::{self, Doing};
use crate::lifecycle::Records;
use crate::session::{Session, Shared};
use crate::tables::Table;

/// Rows that a search for one object looks at: enough to name those that it could be.
const CANDIDATES_MAX: u64 = 11;

/// Rows among which similar names are looked for.
const NAMES_MAX: u64 = 1_000;

const NOTHING_CHANGED: &str = "Nothing was changed.";

/// Reads one object.
#[async_trait]
pub trait Reads: Send + Sync {
    /// The object as it is, from what a state holds of it.
    async fn read(&self, state: State) -> ReadOutcome;
}

/// An object of a managed type is read as during a refresh.
struct Managed(Arc<dyn Resource>);

#[async_trait]
impl Reads for Managed {
    async fn read(&self, state: State) -> ReadOutcome {
        self.0.read(state).await
    }
}

/// A type whose objects can be looked up.
#[derive(Clone)]
pub struct Subject {
    /// Its whole type name.
    pub type_name: &'static str,
    /// What one is called in messages.
    pub noun: &'static str,
    /// The menu group on the registry.
    pub subcategory: &'static str,
    /// The table each row of which is one object.
    pub table: &'static str,
    /// Columns by which people know one, the surest first.
    pub keys: &'static [&'static str],
    /// What a search can be narrowed by.
    pub filters: Arc<[Filter]>,
    /// The attributes that show what is on the instance.
    pub shown: Arc<[Attribute]>,
    /// Markdown, one sentence first: what one is.
    pub doc: Arc<str>,
    /// Reads one, given its id.
    reads: Arc<dyn Reads>,
    /// What a state holds before anything was read; ids are missing.
    blank: Arc<Object>,
    /// The attributes that are the id of the row.
    ids: &'static [&'static str],
    /// An object is there only while one of these attributes has a value; none of them: always.
    exists_with: &'static [&'static str],
    /// Rows that hold this text in this column stand for no object.
    except: Option<(&'static str, &'static str)>,
}

/// One object that was found.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// Its id.
    pub id: SysId,
    /// How people know it.
    pub label: String,
}

impl Subject {
    /// The objects of a definition.
    pub fn of(definition: &'static Definition, shared: &Arc<Shared>) -> Option<Subject> {
        let main = definition.layout.main()?;
        let looks = looks::of(definition, main);
        let resource: Arc<dyn Resource> = Arc::new(Records::new(definition, shared.clone()));
        Some(Subject {
            type_name: definition.type_name,
            noun: definition.noun,
            subcategory: definition.subcategory,
            table: main.table,
            keys: definition.natural_keys,
            filters: looks.filters,
            shown: looks.shown,
            doc: looks.doc,
            blank: looks.blank,
            reads: Arc::new(Managed(resource)),
            ids: &["id"],
            exists_with: &[],
            except: None,
        })
    }

    /// The objects of a resource that is no record of its own: each stands for a row of another table.
    pub fn standing_for(resource: Arc<dyn Resource>, shown: &[&str], beside: Beside) -> Subject {
        let schema = resource.schema();
        let shown =
            schema.block.attributes.iter().filter(|it| shown.contains(&it.name.as_str())).cloned().collect();
        Subject::beside(Arc::new(Managed(resource)), &schema, shown, beside)
    }

    /// The objects of something that has no layout. What nobody wrote has its default.
    pub fn beside(reads: Arc<dyn Reads>, schema: &Schema, shown: Vec<Attribute>, beside: Beside) -> Subject {
        let mut blank = blank(schema);
        let defaults =
            schema.block.attributes.iter().filter_map(|it| Some((it, it.behavior.default.as_ref()?)));
        blank.extend(defaults.map(|(attribute, default)| (attribute.name.clone(), default.clone())));
        Subject {
            type_name: beside.type_name,
            noun: beside.noun,
            subcategory: beside.subcategory,
            table: beside.table,
            keys: beside.keys,
            filters: beside.filters.into(),
            doc: schema.block.doc.as_str().into(),
            shown: shown.into(),
            blank: Arc::new(blank),
            reads,
            ids: beside.ids,
            exists_with: beside.exists_with,
            except: beside.except,
        }
    }

    /// The conditions that a configuration puts down.
    ///
    /// # Errors
    /// A value cannot be asked for.
    pub fn conditions(&self, session: &Session, config: &Object) -> Result<Conditions, Diagnostics> {
        let table = Table::of(session, self.table)?;
        let mut conditions =
            Conditions::except(self.except).map_err(|error| self.refused("query", &error))?;
        for filter in self.filters.iter() {
            let value = config.get(&filter.attribute).filter(|it| !it.is_null());
            let Some(value) = value else { continue };
            conditions = conditions
                .and(&table, filter, value)
                .map_err(|error| self.refused(&filter.attribute, &error))?;
        }
        if let Some(text) = config.get("query").and_then(Value::as_str) {
            conditions = conditions.encoded(text).map_err(|error| self.refused("query", &error))?;
        }
        Ok(conditions)
    }

    fn refused(&self, attribute: &str, error: &QueryError) -> Diagnostics {
        errors::bad_condition(self.noun, attribute, &error.to_string()).into()
    }

    /// The one object that meets the conditions.
    ///
    /// # Errors
    /// None does, or several do.
    pub async fn one(&self, session: &Session, conditions: &Conditions) -> Result<Row, Diagnostics> {
        let mut search = self.search(session, conditions, Some(CANDIDATES_MAX))?;
        let mut found = Vec::new();
        while let Some(rows) = search.next().await? {
            // The instance compares without regard to case; a name is meant as it is written.
            found.extend(rows.iter().filter(|it| conditions.are_exact(it)).filter_map(|it| self.row(it)));
        }
        match found.as_slice() {
            [row] => Ok(row.clone()),
            [] => Err(self.nothing(session, conditions).await?),
            several => {
                let several: Vec<(&str, &str)> =
                    several.iter().map(|it| (it.label.as_str(), it.id.as_str())).collect();
                Err(errors::several_found(self.noun, &conditions.words, &several).into())
            }
        }
    }

    /// A message with the names that could have been meant.
    async fn nothing(&self, session: &Session, conditions: &Conditions) -> Result<Diagnostics, Diagnostics> {
        let table = Table::of(session, self.table)?;
        let mut suggestions = Vec::new();
        if let Some((column, wanted)) = &conditions.named {
            let mut pages = table.pages(&Query::new(), &[column], Some(NAMES_MAX));
            let mut names: Vec<String> = Vec::new();
            while let Ok(Some(rows)) = pages.next().await {
                names.extend(rows.into_iter().map(|it| table.ours(it).text(column).to_owned()));
            }
            suggestions =
                similar(wanted, names.iter().map(String::as_str)).into_iter().map(str::to_owned).collect();
        }
        Ok(errors::nothing_found(self.noun, self.table, &conditions.words, &suggestions).into())
    }

    /// Everything that meets the conditions, page after page; no more than `rows_max` where that is given.
    ///
    /// # Errors
    /// A name is not legal: a mistake in this provider.
    pub fn search<'a>(
        &'a self,
        session: &'a Session,
        conditions: &Conditions,
        rows_max: Option<u64>,
    ) -> Result<Search<'a>, Diagnostics> {
        let table = Table::of(session, self.table)?;
        let pages = table.pages(&conditions.query, self.keys, rows_max);
        let columns = conditions.query.columns().into_iter().map(str::to_owned).collect();
        Ok(Search { subject: self, table, pages, columns })
    }

    /// A row of a search. A row without an id cannot be anything.
    pub fn row(&self, record: &Record) -> Option<Row> {
        let id: SysId = record.text("sys_id").parse().ok()?;
        let label = self.keys.iter().map(|key| record.text(key)).find(|it| !it.is_empty());
        Some(Row { label: label.unwrap_or(id.as_str()).to_owned(), id })
    }

    /// The object of a row with nothing but its id.
    pub fn named(&self, id: &SysId) -> Object {
        let mut object = Object::clone(&self.blank);
        for name in self.ids {
            object.insert((*name).to_owned(), Value::string(id.as_str()));
        }
        object
    }

    /// The whole object of a row; `None` when it is gone by now.
    ///
    /// # Errors
    /// It cannot be read.
    pub async fn read(&self, id: &SysId) -> Result<(Option<Object>, Diagnostics), Diagnostics> {
        let state = State { object: self.named(id), private: Vec::new() };
        let outcome = self.reads.read(state).await;
        if outcome.diagnostics.has_errors() {
            return Err(outcome.diagnostics);
        }
        Ok((outcome.state.map(|it| it.object), outcome.diagnostics))
    }

    /// The whole objects of rows, in their order, without those that are gone by now. They are read at the same time, so
    /// that the client can ask for many with one request.
    ///
    /// # Errors
    /// One cannot be read.
    pub async fn read_all(&self, rows: &[Row]) -> Result<(Vec<(Row, Object)>, Diagnostics), Diagnostics> {
        let mut reads = JoinSet::new();
        for (at, row) in rows.iter().cloned().enumerate() {
            let subject = self.clone();
            reads.spawn(async move { (at, subject.read(&row.id).await, row) });
        }
        let mut answers = reads.join_all().await;
        answers.sort_by_key(|it| it.0);
        let (mut objects, mut said) = (Vec::new(), Diagnostics::none());
        for (_, answer, row) in answers {
            let (object, diagnostics) = answer?;
            said.extend(diagnostics);
            objects.extend(object.filter(|it| self.exists(it)).map(|it| (row, it)));
        }
        Ok((objects, said))
    }

    /// Whether every row of the table is an object. Where not, only reading tells.
    pub fn is_every_row(&self) -> bool {
        self.exists_with.is_empty()
    }

    fn exists(&self, object: &Object) -> bool {
        // An empty list is no value.
        let has_value = |it: &Value| !it.is_null() && it.as_elements().is_none_or(|it| !it.is_empty());
        self.is_every_row() || self.exists_with.iter().any(|name| object.get(*name).is_some_and(has_value))
    }

    /// A request of a search failed.
    pub fn failed(&self, error: &ServiceError) -> Diagnostics {
        let doing = Doing { verb: "look up", noun: self.noun, name: "(by its attributes)" };
        errors::service(&doing, error, NOTHING_CHANGED).into()
    }
}

/// A search on its way through the pages.
pub struct Search<'a> {
    subject: &'a Subject,
    table: Table<'a>,
    pages: Pages<'a>,
    /// The columns that were asked about.
    columns: Vec<String>,
}

impl Search<'_> {
    /// The rows of the next page; `None` at the end.
    ///
    /// # Errors
    /// The request failed, or the instance left out a condition.
    pub async fn next(&mut self) -> Result<Option<Vec<Record>>, Diagnostics> {
        let rows = self.pages.next().await.map_err(|error| self.subject.failed(&error))?;
        // What is reached through a reference is in every answer, unless the condition means nothing there.
        let missing = |row: &Record| self.columns.iter().find(|it| row.get(it).is_none());
        match rows.iter().flatten().find_map(missing) {
            Some(column) => {
                Err(errors::condition_left_out(self.subject.noun, self.subject.table, column).into())
            }
            None => Ok(rows.map(|it| it.into_iter().map(|row| self.table.ours(row)).collect())),
        }
    }
}

/// How something without a layout is looked up.
pub struct Beside {
    /// Its whole type name.
    pub type_name: &'static str,
    /// What one is called in messages.
    pub noun: &'static str,
    /// The menu group on the registry.
    pub subcategory: &'static str,
    /// The table each row of which stands for an object.
    pub table: &'static str,
    /// Columns by which people know such a row, the surest first.
    pub keys: &'static [&'static str],
    /// What a search can be narrowed by.
    pub filters: Vec<Filter>,
    /// The attributes that are the id of the row.
    pub ids: &'static [&'static str],
    /// An object is there only while one of these attributes has a value; none of them: always.
    pub exists_with: &'static [&'static str],
    /// Rows that hold this text in this column stand for no object.
    pub except: Option<(&'static str, &'static str)>,
}

/// Every attribute and block as null.
fn blank(schema: &Schema) -> Object {
    let attributes = schema.block.attributes.iter().map(|it| it.name.clone());
    let blocks = schema.block.blocks.iter().map(|it| it.name.clone());
    attributes.chain(blocks).map(|it| (it, Value::Null)).collect()
}

/// An attribute that only shows.
pub fn read_only(attribute: &Attribute) -> Attribute {
    let ty = match &attribute.ty {
        AttributeType::Nested { nesting, attributes } => {
            let attributes = attributes.iter().filter(|it| !it.write_only).map(read_only).collect();
            AttributeType::Nested { nesting: *nesting, attributes }
        }
        plain @ AttributeType::Plain(_) => plain.clone(),
    };
    Attribute {
        name: attribute.name.clone(),
        doc: attribute.doc.clone(),
        ty,
        sensitive: attribute.sensitive,
        write_only: attribute.write_only,
        behavior: Behavior { mode: Mode::Computed, ..Behavior::default() },
    }
}

/// The members of an object that a schema of these attributes has, and null for those that it lacks.
pub fn only(attributes: &[Attribute], object: &Object) -> Object {
    let member = |it: &Attribute| {
        let value = object.get(&it.name).unwrap_or(&Value::Null);
        let value = match (&it.ty, value) {
            (AttributeType::Nested { attributes, .. }, value) => inside(attributes, value),
            (_, value) => value.clone(),
        };
        (it.name.clone(), value)
    };
    attributes.iter().map(member).collect()
}

fn inside(attributes: &[Attribute], value: &Value) -> Value {
    // A map of objects and an object look the same; an object has its attributes for members.
    let is_object =
        |it: &Object| it.keys().all(|key| attributes.iter().any(|attribute| attribute.name == *key));
    match value {
        Value::Map(members) if is_object(members) => Value::Map(only(attributes, members)),
        Value::Map(members) => {
            Value::Map(members.iter().map(|(key, it)| (key.clone(), inside(attributes, it))).collect())
        }
        Value::List(items) => Value::List(items.iter().map(|it| inside(attributes, it)).collect()),
        Value::Set(items) => Value::set(items.iter().map(|it| inside(attributes, it)).collect()),
        other => other.clone(),
    }
}
