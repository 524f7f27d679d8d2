//! Which record a declared object is: by its import block, by what people name it by, or by what it points at.

use reconcile::{Column, Holds};
use servicenow_core::{SysId, TableName};
use terraform_provider_servicenow::definition::Definition;
use terraform_provider_servicenow::errors as provider_errors;
use tf_core::{Diagnostics, Object, Severity, Value};
use tf_plugin::State;

use super::tables::{Look, Seen, Tables, definition};
use super::text;
use super::wish::Wish;
use crate::declared::Resource;
use crate::live::Live;

/// What became of a declared object.
#[derive(Clone, Debug)]
pub enum Match {
    /// It is there.
    Live(Box<State>),
    /// It is not on the instance.
    Missing,
    /// Whether it is there is not known: this user does not see it, and why.
    Hidden(String),
    /// It cannot be told which record it is.
    Undecided(Vec<String>),
}

/// How to get at one object.
enum Way {
    /// The state that a read begins with.
    State(Box<State>),
    /// By an id or a name, as an import does.
    Import(String),
    /// The one object that has these attributes.
    Search(Object),
    /// It is settled already.
    Settled(Match),
}

/// What a declared object is on the instance, read in the spelling of what is declared.
pub async fn find(live: &Live, tables: &Tables, resource: &Resource, wish: &Wish) -> Match {
    let look = tables.of(&resource.type_name);
    match look {
        Some(Look::Hidden(reason)) => return Match::Hidden(reason.clone()),
        Some(Look::Failed(reason)) => return Match::Undecided(vec![reason.clone()]),
        _ => {}
    }
    let seen = look.and_then(Look::seen);
    match way(live, tables, seen, resource, wish).await {
        Way::Settled(it) => it,
        Way::State(state) => read(live, resource, wish, *state, seen).await,
        Way::Import(id) => match live.import(&resource.type_name, &id).await {
            Ok(state) => read(live, resource, wish, state, seen).await,
            Err(said) if seen.is_some_and(|it| it.hidden() == 0) && is_absence(&said) => Match::Missing,
            Err(said) => Match::Undecided(errors(&said)),
        },
        Way::Search(conditions) => search(live, resource, wish, &conditions).await,
    }
}

async fn way(live: &Live, tables: &Tables, seen: Option<&Seen>, resource: &Resource, wish: &Wish) -> Way {
    if let Some(state) = &resource.remembered {
        return Way::State(Box::new(state.clone()));
    }
    if let Some(id) = &resource.import_id {
        let Some(id) = id.value.value.as_str() else {
            return Way::Settled(Match::Undecided(doubts("the id of its `import` block", &id.doubts)));
        };
        return match (seen, id.parse::<SysId>()) {
            (Some(seen), Ok(_)) => by_id(live, seen, resource, id),
            _ => Way::Import(id.to_owned()),
        };
    }
    match definition(&resource.type_name) {
        Some(definition) => by_name(live, (tables, seen), resource, wish, definition).await,
        None => by_group(live, resource, wish),
    }
}

fn by_id(live: &Live, seen: &Seen, resource: &Resource, id: &str) -> Way {
    match seen.row(id) {
        Some(_) => found(live, &resource.type_name, id),
        None => Way::Settled(absent(seen)),
    }
}

/// The state that a read of that id begins with.
fn found(live: &Live, type_name: &str, id: &str) -> Way {
    let id: Option<SysId> = id.parse().ok();
    match (live.subject(type_name), id) {
        (Some(subject), Some(id)) => Way::State(Box::new(State::from(subject.named(&id)))),
        _ => Way::Settled(Match::Undecided(vec!["its record has no id".to_owned()])),
    }
}

fn absent(seen: &Seen) -> Match {
    match seen.hidden() {
        0 => Match::Missing,
        hidden => Match::Hidden(format!(
            "`{}` has {hidden} records that this user does not see; whether it is one of them is not known.",
            seen.table
        )),
    }
}

/// A record that people know by its name, and where that is not enough by what it refers to.
async fn by_name(
    live: &Live,
    (tables, seen): (&Tables, Option<&Seen>),
    resource: &Resource,
    wish: &Wish,
    definition: &'static Definition,
) -> Way {
    let Some(main) = definition.layout.main() else { return Way::Settled(Match::Missing) };
    let named =
        definition.natural_keys.iter().filter_map(|key| main.columns.iter().find(|it| it.name == *key));
    let written = |it: &&Column| attribute(it).is_some_and(|name| resource.attributes.contains_key(name));
    let heads = definition.composite_keys.iter().flat_map(|it| it.iter());
    let heads = heads.filter_map(|key| {
        let head = key.split('.').next().unwrap_or(key);
        main.columns.iter().find(|it| it.name == head)
    });
    let named: Vec<&Column> = named.filter(written).take(1).collect();
    let keys: Vec<&Column> = if named.is_empty() { heads.filter(written).collect() } else { named };
    if keys.is_empty() {
        let reason =
            "nothing is written that names its record. Add an `import` block, or compare with a state";
        return Way::Settled(Match::Undecided(vec![reason.to_owned()]));
    }
    let mut conditions: Vec<(&Column, String)> = Vec::new();
    for column in keys {
        match wanted(wish, column) {
            Ok(text) => conditions.push((column, text)),
            Err(doubts) => return Way::Settled(Match::Undecided(doubts)),
        }
    }
    if seen.is_some() {
        // A row holds the id of what is written by its name.
        for (column, text) in &mut conditions {
            let Holds::Lookup(name, lookup) = column.holds else { continue };
            match tables.meanings.of(live, lookup, text).await {
                Ok(id) => *text = id,
                Err(reason) => {
                    let what = format!("`{name}`, by which its record is found,");
                    return Way::Settled(Match::Undecided(doubts(&what, &[reason])));
                }
            }
        }
    }
    match seen {
        Some(seen) => among(live, seen, resource, wish, definition, &conditions),
        None => Way::Search(
            conditions
                .into_iter()
                .filter_map(|(column, text)| Some((attribute(column)?.to_owned(), Value::string(text))))
                .collect(),
        ),
    }
}

/// The attribute that a column holds.
fn attribute(column: &Column) -> Option<&'static str> {
    match column.holds {
        Holds::Text(it) | Holds::Reference(it, _) | Holds::Lookup(it, _) => Some(it),
        _ => None,
    }
}

/// The text that a declared object has in a column, or why that is not known.
fn wanted(wish: &Wish, column: &Column) -> Result<String, Vec<String>> {
    let name = attribute(column).unwrap_or_default();
    if let Some(finding) = wish.undecided.get(name) {
        return Err(doubts(&format!("`{name}`, by which its record is found,"), &finding.doubts));
    }
    Ok(text(&wish.config, name).unwrap_or_default().to_owned())
}

fn doubts(what: &str, reasons: &[String]) -> Vec<String> {
    let reason = if reasons.is_empty() { "it is not known".to_owned() } else { reasons.join("; ") };
    vec![format!("{what} is not decided: {reason}")]
}

fn among(
    live: &Live,
    seen: &Seen,
    resource: &Resource,
    wish: &Wish,
    definition: &'static Definition,
    conditions: &[(&Column, String)],
) -> Way {
    let asked = |column: &Column| live.session.columns.asked(seen.table, column.name).to_owned();
    let names: Vec<String> = conditions.iter().map(|(column, _)| asked(column)).collect();
    let Some(((_, first), column)) = conditions.first().zip(names.first()) else {
        return Way::Settled(Match::Missing);
    };
    let fits =
        |id: &&String, column: &str, text: &str| seen.row(id).is_some_and(|it| it.text(column) == text);
    let found_ids = seen.holding(column, first);
    let mut candidates: Vec<&String> = found_ids.iter().collect();
    for ((_, text), column) in conditions.iter().zip(&names).skip(1) {
        candidates.retain(|it| fits(it, column, text));
    }
    let mut open = Vec::new();
    for column in definition.layout.main().into_iter().flat_map(|it| it.columns) {
        if candidates.len() < 2 {
            break;
        }
        let Holds::Reference(name, _) = column.holds else { continue };
        match wish.undecided.get(name) {
            Some(_) => open.push(name),
            None => {
                let text = text(&wish.config, name).unwrap_or_default();
                let narrowed: Vec<&String> =
                    candidates.iter().copied().filter(|it| fits(it, &asked(column), text)).collect();
                // A reference that was changed by hand must not make a record another one.
                if !narrowed.is_empty() {
                    candidates = narrowed;
                }
            }
        }
    }
    match candidates.as_slice() {
        [] => Way::Settled(absent(seen)),
        [id] => found(live, &resource.type_name, id),
        several => Way::Settled(Match::Undecided(vec![several_records(first, several, &open)])),
    }
}

fn several_records(name: &str, ids: &[&String], open: &[&str]) -> String {
    let mut ids: Vec<&str> = ids.iter().map(|it| it.as_str()).collect();
    ids.truncate(5);
    let open = if open.is_empty() {
        String::new()
    } else {
        format!(" (`{}` could tell them apart and is not decided)", open.join("`, `"))
    };
    format!(
        "several records are called `{name}`: {}{open}. Add an `import` block with the id of the right one",
        ids.join(", ")
    )
}

/// What is no record of its own: it stands for a group, or chooses for several.
fn by_group(live: &Live, resource: &Resource, wish: &Wish) -> Way {
    if let Some(subject) = live.subject(&resource.type_name) {
        let group =
            subject.filters.iter().map(|it| it.attribute.as_str()).find(|it| wish.config.contains_key(*it));
        let Some(group) = group else { return Way::Settled(Match::Missing) };
        if let Some(finding) = wish.undecided.get(group) {
            return Way::Settled(Match::Undecided(doubts(&format!("`{group}`"), &finding.doubts)));
        }
        return match text(&wish.config, group) {
            Some(id) => found(live, &resource.type_name, id),
            None => Way::Settled(Match::Missing),
        };
    }
    if let Some((name, finding)) = wish.undecided.iter().next() {
        return Way::Settled(Match::Undecided(doubts(&format!("`{name}`"), &finding.doubts)));
    }
    if wish.config.contains_key("connections") {
        // It is on no instance; its choices are.
        return Way::State(Box::new(State::from(wish.as_state())));
    }
    let reason = "a record of any table has no name that it could be found by. Add an `import` block, or compare with a \
                  state";
    Way::Settled(Match::Undecided(vec![reason.to_owned()]))
}

async fn search(live: &Live, resource: &Resource, wish: &Wish, conditions: &Object) -> Match {
    match live.rows(&resource.type_name, conditions).await {
        Err(said) => Match::Undecided(errors(&said)),
        Ok(rows) => match rows.as_slice() {
            [] => unseen(live, resource).await,
            [row] => match found(live, &resource.type_name, row.id.as_str()) {
                Way::State(state) => read(live, resource, wish, *state, None).await,
                _ => Match::Missing,
            },
            several => {
                let ids: Vec<String> = several.iter().map(|it| it.id.to_string()).collect();
                let name = several.first().map(|it| it.label.as_str()).unwrap_or_default();
                Match::Undecided(vec![several_records(name, &ids.iter().collect::<Vec<_>>(), &[])])
            }
        },
    }
}

/// Nothing was found in a table that was not read whole.
async fn unseen(live: &Live, resource: &Resource) -> Match {
    let table: Option<TableName> = live.subject(&resource.type_name).and_then(|it| it.table.parse().ok());
    let Some(table) = table else { return Match::Missing };
    match live.session.client.sees(&table).await {
        Ok((0, total)) if total > 0 => {
            Match::Hidden(format!("this user sees no record of `{table}`, which has {total}."))
        }
        Ok(_) => Match::Missing,
        Err(error) => Match::Hidden(super::tables::reason(live, &error)),
    }
}

/// Reads what was found, in the spelling of what is declared.
async fn read(live: &Live, resource: &Resource, wish: &Wish, start: State, seen: Option<&Seen>) -> Match {
    let start = match resource.remembered {
        Some(_) => start,
        None => State { object: begun(wish, &start.object), private: start.private },
    };
    let outcome = live.read(&resource.type_name, start).await;
    if outcome.diagnostics.has_errors() {
        let said = errors(&outcome.diagnostics);
        return if says_hidden(&outcome.diagnostics) {
            Match::Hidden(said.join(" "))
        } else {
            Match::Undecided(said)
        };
    }
    match outcome.state {
        Some(state) => Match::Live(Box::new(state)),
        None => seen.map_or(Match::Missing, absent),
    }
}

/// What a read begins with: the declared values for their spelling, and the ids of what was found.
fn begun(wish: &Wish, ids: &Object) -> Object {
    let mut object = wish.as_state();
    for (name, value) in ids {
        if object.get(name).is_none_or(Value::is_null) {
            object.insert(name.clone(), value.clone());
        }
    }
    if let Some(id) = ids.get("id") {
        object.insert("id".to_owned(), id.clone());
    }
    object
}

/// Whether the provider says that a record is there and hidden.
fn says_hidden(said: &Diagnostics) -> bool {
    said.0.iter().any(provider_errors::is_hidden_record)
}

/// Whether an import found nothing, rather than that it could not ask.
fn is_absence(said: &Diagnostics) -> bool {
    said.0.iter().all(|it| it.severity != Severity::Error || provider_errors::is_nothing_to_import(it))
}

fn errors(said: &Diagnostics) -> Vec<String> {
    let errors = said.0.iter().filter(|it| it.severity == Severity::Error);
    errors.map(|it| format!("{}: {}", it.summary, it.detail)).collect()
}
