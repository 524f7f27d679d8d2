//! Reads everything from the instance that can be declared, and finds out what else there is.

use std::collections::{BTreeMap, BTreeSet};

use reconcile::Holds;
use servicenow_core::{Kind, Query};
use terraform_provider_servicenow::definition::Definition;
use terraform_provider_servicenow::registry::DEFINITIONS;
use terraform_provider_servicenow::subject::{Row, Subject};
use terraform_provider_servicenow::tables;
use tf_core::{Diagnostics, Object, Severity, Value};

use super::document::{Reason, Skipped};
use super::selection::Selection;
use super::usual;
use crate::live::Live;
use crate::progress::Watch;

/// Objects that are read at the same time: enough that their reads become few requests.
const AT_ONCE: usize = 200;

/// Ids that one request asks for: with their commas they have to fit into its address.
const IDS_MAX: usize = 40;

/// Tables of which only some classes have a type of their own, with the column of their names.
const FAMILIES: [&str; 2] = ["sys_connection", "discovery_credentials"];

/// Which users are machines: people are no part of an integration.
const MACHINES: &str = "web_service_access_only=true^ORidentity_type=machine";

/// One object of the instance.
#[derive(Clone, Debug, PartialEq)]
pub struct Item {
    /// The Terraform type.
    pub type_name: String,
    /// The table of its record.
    pub table: &'static str,
    /// The id that imports it.
    pub id: String,
    /// What people call it.
    pub label: String,
    /// Its live state.
    pub object: Object,
    /// How a person would write it; what is left out is null.
    pub config: Object,
}

/// What there is.
#[derive(Debug, Default)]
pub struct Collected {
    /// What can be declared.
    pub items: Vec<Item>,
    /// What cannot, and why.
    pub skipped: Vec<Skipped>,
    /// What breaks rules of the provider, which counts where connections are told apart.
    pub invalid: Vec<Item>,
}

/// The definition of a type.
pub fn definition(type_name: &str) -> Option<&'static Definition> {
    DEFINITIONS.iter().find(|it| it.type_name == type_name).copied()
}

/// Reads every object that is a record, type by type.
///
/// # Errors
/// The instance does not answer. What is closed to this user or not there at all is no error.
pub async fn collect(
    live: &Live,
    selection: &Selection,
    watch: &dyn Watch,
) -> Result<Collected, Diagnostics> {
    let mut collected = Collected::default();
    for definition in DEFINITIONS {
        let Some(subject) = live.subject(definition.type_name) else { continue };
        // What integrations refer to is wanted with them, so that only a plain list of types leaves some out here.
        let is_needed = selection.has_type(definition.type_name) || selection.is_by_integration();
        if is_needed {
            of_type(live, definition, subject, selection, watch, &mut collected).await?;
        }
    }
    if selection.types.is_empty() && !selection.is_by_integration() {
        for table in FAMILIES {
            strangers(live, table, &mut collected).await?;
        }
    }
    Ok(collected)
}

async fn of_type(
    live: &Live,
    definition: &'static Definition,
    subject: &Subject,
    selection: &Selection,
    watch: &dyn Watch,
    collected: &mut Collected,
) -> Result<(), Diagnostics> {
    let skip = |reason: Reason, count: u64, detail: String| Skipped {
        reason,
        type_name: Some(definition.type_name.to_owned()),
        table: subject.table.to_owned(),
        id: None,
        name: None,
        count,
        detail,
    };
    let total = match live.session.client.sees(&tables::table(subject.table)?).await {
        Ok((_, total)) => total,
        // An application that is not installed has nothing to export.
        Err(error) if matches!(error.kind, Kind::InvalidTable | Kind::NotFound) => return Ok(()),
        Err(error) if error.kind == Kind::Forbidden => {
            let detail = format!("{} {}", closed(definition), error.reason);
            collected.skipped.push(skip(Reason::Hidden, 0, detail));
            return Ok(());
        }
        Err(error) => return Err(subject.failed(&error)),
    };
    if total == 0 {
        return Ok(());
    }
    let everything = live.rows(definition.type_name, &Object::new()).await?;
    let seen = u64::try_from(everything.len()).unwrap_or(u64::MAX);
    if seen < total {
        collected.skipped.push(skip(Reason::Hidden, total - seen, closed(definition)));
    }
    let rows = narrowed(live, definition, selection, everything, &skip, collected).await?;
    watch.begins(definition.noun, rows.len());
    for chunk in rows.chunks(AT_ONCE) {
        for (row, object) in read(subject, chunk, collected).await {
            add(live, definition, &row, object, collected);
        }
        watch.advances(chunk.len());
    }
    Ok(())
}

/// Reads some objects of a type by their ids.
///
/// # Errors
/// The instance does not answer. What cannot be declared is no error: it is in what was skipped.
pub async fn chosen(
    live: &Live,
    type_name: &str,
    ids: &[&str],
    collected: &mut Collected,
) -> Result<(), Diagnostics> {
    let (Some(definition), Some(subject)) = (definition(type_name), live.subject(type_name)) else {
        return Ok(());
    };
    for some in ids.chunks(IDS_MAX) {
        let query = Value::string(format!("sys_idIN{}", some.join(",")));
        let rows = live.rows(type_name, &Object::from([("query".to_owned(), query)])).await?;
        for (row, object) in read(subject, &rows, collected).await {
            add(live, definition, &row, object, collected);
        }
    }
    Ok(())
}

fn closed(definition: &Definition) -> String {
    format!(
        "The user that signed in may not see it, so that it is not in the files. Give the user one of the roles {} and export \
         again.",
        definition.roles.read.iter().map(|it| format!("`{it}`")).collect::<Vec<_>>().join(", ")
    )
}

/// The rows that are what the type stands for and that were asked for.
async fn narrowed(
    live: &Live,
    definition: &'static Definition,
    selection: &Selection,
    everything: Vec<Row>,
    skip: &dyn Fn(Reason, u64, String) -> Skipped,
    collected: &mut Collected,
) -> Result<Vec<Row>, Diagnostics> {
    let mut rows = everything;
    let kind = kind(definition);
    if let Some((query, detail)) = &kind {
        let kept = ids(live, definition.type_name, query).await?;
        let others = rows.iter().filter(|it| !kept.contains(it.id.as_str())).count();
        rows.retain(|it| kept.contains(it.id.as_str()));
        if others > 0 {
            collected.skipped.push(skip(
                Reason::AnotherKind,
                u64::try_from(others).unwrap_or(u64::MAX),
                detail.clone(),
            ));
        }
    }
    if let Some(query) = selection.queries.get(definition.type_name) {
        let kept = ids(live, definition.type_name, query).await?;
        let others = rows.iter().filter(|it| !kept.contains(it.id.as_str())).count();
        rows.retain(|it| kept.contains(it.id.as_str()));
        if others > 0 {
            let detail = format!("The query `{query}` does not select it.");
            collected.skipped.push(skip(
                Reason::NotSelected,
                u64::try_from(others).unwrap_or(u64::MAX),
                detail,
            ));
        }
    }
    Ok(rows)
}

/// The query that tells the objects of a type from what else is in its table, and words about the rest.
fn kind(definition: &'static Definition) -> Option<(String, String)> {
    if definition.type_name == "servicenow_integration_user" {
        let detail = "It is a person: integrations are used by users that may call web services alone, or that are machines.";
        return Some((MACHINES.to_owned(), detail.to_owned()));
    }
    let main = definition.layout.main()?;
    let fixed = main.columns.iter().find_map(|it| match it.holds {
        Holds::Fixed(word) => Some((it.name, word)),
        _ => None,
    });
    let (column, word) = fixed?;
    let detail = format!(
        "It is in the table `{}` and is no {}: its `{column}` is not `{word}`.",
        main.table, definition.noun
    );
    Some((format!("{column}={word}"), detail))
}

async fn ids(live: &Live, type_name: &str, query: &str) -> Result<BTreeSet<String>, Diagnostics> {
    let conditions = Object::from([("query".to_owned(), Value::string(query))]);
    let rows = live.rows(type_name, &conditions).await?;
    Ok(rows.into_iter().map(|it| it.id.to_string()).collect())
}

/// Whole objects. Where one of many cannot be read, each is read alone, so that the others are not lost with it.
async fn read(subject: &Subject, rows: &[Row], collected: &mut Collected) -> Vec<(Row, Object)> {
    if let Ok((objects, _)) = subject.read_all(rows).await {
        return objects;
    }
    let mut objects = Vec::new();
    for row in rows {
        match subject.read(&row.id).await {
            Ok((Some(object), _)) => objects.push((row.clone(), object)),
            Ok((None, _)) => {}
            Err(problems) => collected.skipped.push(Skipped {
                reason: Reason::Unreadable,
                type_name: Some(subject.type_name.to_owned()),
                table: subject.table.to_owned(),
                id: Some(row.id.to_string()),
                name: Some(row.label.clone()),
                count: 1,
                detail: words(&problems),
            }),
        }
    }
    objects
}

fn add(live: &Live, definition: &'static Definition, row: &Row, object: Object, collected: &mut Collected) {
    let mut config = live.as_written(definition.type_name, &object);
    usual::strip(definition.type_name, &mut config);
    let problems = live.validate(definition.type_name, &config);
    let item = Item {
        type_name: definition.type_name.to_owned(),
        table: definition.layout.main().map_or("", |it| it.table),
        id: row.id.to_string(),
        label: label(&object, row),
        object,
        config,
    };
    if problems.has_errors() {
        collected.skipped.push(invalid(&item, &problems));
        collected.invalid.push(item);
    } else {
        collected.items.push(item);
    }
}

/// Something whose values no plan would accept.
pub fn invalid(item: &Item, problems: &Diagnostics) -> Skipped {
    Skipped {
        reason: Reason::Invalid,
        type_name: Some(item.type_name.clone()),
        table: item.table.to_owned(),
        id: Some(item.id.clone()),
        name: Some(item.label.clone()),
        count: 1,
        detail: format!("{} Correct it on the instance and export again.", words(problems)),
    }
}

/// The name that people know, which may be longer than the one that the search found.
fn label(object: &Object, row: &Row) -> String {
    let named = ["name", "user_name"].iter().find_map(|it| object.get(*it).and_then(Value::as_str));
    named.filter(|it| !it.is_empty()).unwrap_or(&row.label).to_owned()
}

/// Errors as running text.
pub fn words(problems: &Diagnostics) -> String {
    let errors = problems.0.iter().filter(|it| it.severity == Severity::Error);
    let texts: Vec<String> =
        errors.map(|it| format!("{}: {}", it.summary, it.detail.replace('\n', " "))).collect();
    texts.join(" ")
}

/// Records of classes for which the provider has no type.
async fn strangers(live: &Live, table: &str, collected: &mut Collected) -> Result<(), Diagnostics> {
    let known: BTreeSet<&str> =
        DEFINITIONS.iter().filter_map(|it| it.layout.main()).map(|it| it.table).collect();
    let rows =
        live.session.client.list(&tables::table(table)?, &Query::new(), &["name", "sys_class_name"]).await;
    let rows = match rows {
        Ok(rows) => rows,
        // The types of the family have told already that they are closed.
        Err(error) if matches!(error.kind, Kind::InvalidTable | Kind::NotFound | Kind::Forbidden) => {
            return Ok(());
        }
        Err(error) => {
            let failed = live.subject("servicenow_connection_alias").map(|it| it.failed(&error));
            return Err(failed.unwrap_or_default());
        }
    };
    // The base class itself is the table of a type where one of them is called so.
    let strangers = rows.iter().filter(|it| !known.contains(it.text("sys_class_name")));
    let mut by_name: BTreeMap<(String, String), Skipped> = BTreeMap::new();
    for row in strangers {
        let class = row.text("sys_class_name");
        let class = if class.is_empty() { table } else { class };
        let skipped = Skipped {
            reason: Reason::Unsupported,
            type_name: None,
            table: class.to_owned(),
            id: Some(row.text("sys_id").to_owned()),
            name: Some(row.text("name").to_owned()),
            count: 1,
            detail: format!(
                "The provider has no resource for the class `{class}`, so that it stays as it is. `servicenow_record` can \
                 declare a record of any table."
            ),
        };
        by_name.insert((row.text("name").to_owned(), row.text("sys_id").to_owned()), skipped);
    }
    collected.skipped.extend(by_name.into_values());
    Ok(())
}
