//! What the objects refer to: ids become references where the files declare what they mean, and names that people know
//! where the instance has just one record of that name.

use std::collections::{BTreeMap, BTreeSet};

use reconcile::{Exists, Holds, Lookup};
use servicenow_core::{Query, Record, SysId};
use terraform_provider_servicenow::tables;
use tf_core::{Object, Value};
use tokio::task::JoinSet;

use super::collect::{Item, definition};
use super::expression::Expression;
use crate::live::Live;

/// Ids that one request asks for.
const IDS_MAX: usize = 40;

/// Questions that are asked at the same time.
const AT_ONCE: usize = 8;

/// Names for ids: by table and id.
pub type Names = BTreeMap<(&'static str, String), String>;

/// Where ids lead within the files: the address of the resource, by id.
pub type Addresses = BTreeMap<String, String>;

/// An attribute whose ids may be written as names: the path, and where names are looked up.
fn lookups(type_name: &str) -> Vec<(Vec<&'static str>, &'static Lookup)> {
    let Some(definition) = definition(type_name) else { return Vec::new() };
    let mut found = Vec::new();
    for record in definition.layout.records {
        for column in record.columns {
            let Some(lookup) = column.holds.lookup() else { continue };
            let path = match (record.exists, column.holds) {
                (Exists::ForEach(outer), Holds::KeyLookup(_)) => vec![outer],
                (Exists::ForEach(outer), holds) => {
                    holds.attributes().first().map_or_else(Vec::new, |inner| vec![outer, *inner])
                }
                (_, holds) => holds.attributes(),
            };
            found.push((path, lookup));
        }
    }
    found
}

/// Every id that a value holds, with where it stands.
pub fn ids(config: &Object) -> Vec<(Vec<String>, String)> {
    let mut found = Vec::new();
    for (name, value) in config {
        gather(value, &mut vec![name.clone()], &mut found);
    }
    found
}

fn gather(value: &Value, path: &mut Vec<String>, found: &mut Vec<(Vec<String>, String)>) {
    match value {
        Value::String(text) if text.parse::<SysId>().is_ok() => found.push((path.clone(), text.clone())),
        Value::List(items) | Value::Set(items) => items.iter().for_each(|it| gather(it, path, found)),
        Value::Map(members) => {
            for (name, value) in members {
                path.push(name.clone());
                gather(value, path, found);
                path.pop();
            }
        }
        _ => {}
    }
}

/// Whether a path is that of a lookup. A map has any key between the two words.
fn is_at(path: &[String], wanted: &[&str]) -> bool {
    match (path, wanted) {
        ([one], [other]) => one == other,
        ([outer, _, inner], [one, other]) => outer == one && inner == other,
        _ => false,
    }
}

/// Where the names of the ids at a path are looked up.
pub fn lookup_at(type_name: &str, path: &[String]) -> Option<&'static Lookup> {
    lookups(type_name).into_iter().find(|(wanted, _)| is_at(path, wanted)).map(|it| it.1)
}

/// Names for the ids that lead out of the files. An id without one stays as it is: nothing, or too much, has its name.
pub async fn names(live: &Live, items: &[Item], addresses: &Addresses) -> Names {
    let mut wanted: BTreeMap<&'static str, (&'static Lookup, BTreeSet<String>)> = BTreeMap::new();
    for item in items {
        for (path, id) in ids(&item.config) {
            if addresses.contains_key(&id) {
                continue;
            }
            if let Some(lookup) = lookup_at(&item.type_name, &path) {
                wanted.entry(lookup.table).or_insert_with(|| (lookup, BTreeSet::new())).1.insert(id);
            }
        }
    }
    let mut names = Names::new();
    for (lookup, ids) in wanted.into_values() {
        for (id, name) in of_table(live, lookup, &ids.into_iter().collect::<Vec<_>>()).await {
            names.insert((lookup.table, id), name);
        }
    }
    names
}

async fn of_table(live: &Live, lookup: &'static Lookup, ids: &[String]) -> Vec<(String, String)> {
    let mut candidates = Vec::new();
    for chunk in ids.chunks(IDS_MAX) {
        let Ok(query) = Query::new().is_in("sys_id", chunk) else { continue };
        let rows = rows(live, lookup, query).await;
        let named = |row: &Record| {
            let (key, name) =
                lookup.keys.iter().map(|key| (*key, row.text(key))).find(|it| !it.1.is_empty())?;
            Some((row.text("sys_id").to_owned(), key, name.to_owned()))
        };
        candidates.extend(rows.iter().filter_map(named));
    }
    // What looks like an id would be taken for one.
    candidates.retain(|(_, _, name)| name.parse::<SysId>().is_err());
    let mut unique = Vec::new();
    for chunk in candidates.chunks(AT_ONCE) {
        let mut questions = JoinSet::new();
        for (id, key, name) in chunk.iter().cloned() {
            let session = live.session.clone();
            questions.spawn(async move {
                let table = tables::table(lookup.table).ok()?;
                let query = Query::new().equals(key, &name).ok()?;
                let rows = session.client.list(&table, &query, &[key]).await.ok()?;
                let exact: Vec<&Record> = rows.iter().filter(|it| it.text(key) == name).collect();
                let is_it = matches!(exact.as_slice(), [row] if row.text("sys_id") == id);
                is_it.then_some((id, name))
            });
        }
        unique.extend(questions.join_all().await.into_iter().flatten());
    }
    unique
}

async fn rows(live: &Live, lookup: &'static Lookup, query: Query) -> Vec<Record> {
    let Ok(table) = tables::table(lookup.table) else { return Vec::new() };
    // Without the right to look there are no names, and the ids stay.
    live.session.client.list(&table, &query, lookup.keys).await.unwrap_or_default()
}

/// How the attributes of an object are written: what leads to another object of the files is a reference.
pub struct Writing<'a> {
    /// Where ids lead.
    pub addresses: &'a Addresses,
    /// Names of what is not in the files.
    pub names: &'a Names,
    /// Ids that this object must not refer to, because what they mean leads back to it.
    pub cut: &'a BTreeSet<String>,
}

impl Writing<'_> {
    /// The expression of one attribute.
    pub fn expression(&self, item: &Item, attribute: &tf_core::Attribute, value: &Value) -> Expression {
        self.at(item, &attribute.ty, &mut vec![attribute.name.clone()], value)
    }

    fn at(
        &self,
        item: &Item,
        ty: &tf_core::AttributeType,
        path: &mut Vec<String>,
        value: &Value,
    ) -> Expression {
        use tf_core::{AttributeType, Nesting};
        match (ty, value) {
            (AttributeType::Nested { nesting: Nesting::Map, attributes }, Value::Map(members)) => {
                let entry = |(key, it): (&String, &Value)| {
                    path.push(key.clone());
                    let entry = self.members(item, attributes, path, it);
                    path.pop();
                    (key.clone(), entry)
                };
                Expression::Map(members.iter().map(entry).collect())
            }
            (AttributeType::Nested { attributes, .. }, Value::List(items) | Value::Set(items)) => {
                Expression::List(items.iter().map(|it| self.members(item, attributes, path, it)).collect())
            }
            (AttributeType::Nested { attributes, .. }, value) => self.members(item, attributes, path, value),
            (_, value) => self.plain(item, path, value),
        }
    }

    fn members(
        &self,
        item: &Item,
        attributes: &[tf_core::Attribute],
        path: &mut Vec<String>,
        value: &Value,
    ) -> Expression {
        let Some(object) = value.as_object() else { return Expression::Value(value.clone()) };
        let mut members = Vec::new();
        for attribute in attributes {
            let Some(value) = object.get(&attribute.name).filter(|it| !it.is_null()) else { continue };
            path.push(attribute.name.clone());
            members.push((attribute.name.clone(), self.at(item, &attribute.ty, path, value)));
            path.pop();
        }
        Expression::Object(members)
    }

    fn plain(&self, item: &Item, path: &[String], value: &Value) -> Expression {
        match value {
            Value::String(text) => {
                self.id(item, path, text).unwrap_or_else(|| Expression::Value(value.clone()))
            }
            Value::List(items) | Value::Set(items) => {
                let mut items: Vec<Expression> = items.iter().map(|it| self.plain(item, path, it)).collect();
                // People look for names in their order, not in that of ids.
                if matches!(value, Value::Set(_)) {
                    items.sort_by_key(|it| super::expression::text(it, 0));
                }
                Expression::List(items)
            }
            other => Expression::Value(other.clone()),
        }
    }

    fn id(&self, item: &Item, path: &[String], text: &str) -> Option<Expression> {
        if let Some(address) = self.addresses.get(text).filter(|_| !self.cut.contains(text)) {
            return Some(Expression::Reference(format!("{address}.id")));
        }
        let lookup = lookup_at(&item.type_name, path)?;
        let name = self.names.get(&(lookup.table, text.to_owned()))?;
        Some(Expression::Value(Value::string(name.as_str())))
    }
}

/// Which references have to stay ids, because they would close a circle, which Terraform refuses: for each object, by its
/// place, the ids.
pub fn circles(items: &[Item], addresses: &Addresses) -> Vec<BTreeSet<String>> {
    let place: BTreeMap<&str, usize> = items
        .iter()
        .enumerate()
        .filter(|(_, it)| addresses.contains_key(&it.id) && definition(&it.type_name).is_some())
        .map(|(at, it)| (it.id.as_str(), at))
        .collect();
    let mut edges: Vec<BTreeSet<usize>> = vec![BTreeSet::new(); items.len()];
    let mut cut: Vec<BTreeSet<String>> = vec![BTreeSet::new(); items.len()];
    for (from, item) in items.iter().enumerate() {
        for (_, id) in ids(&item.config) {
            let Some(to) = place.get(id.as_str()).copied() else { continue };
            if reaches(&edges, to, from) {
                if let Some(cut) = cut.get_mut(from) {
                    cut.insert(id);
                }
            } else if let Some(edges) = edges.get_mut(from) {
                edges.insert(to);
            }
        }
    }
    cut
}

fn reaches(edges: &[BTreeSet<usize>], from: usize, goal: usize) -> bool {
    let (mut open, mut seen) = (vec![from], BTreeSet::new());
    while let Some(at) = open.pop() {
        if at == goal {
            return true;
        }
        if seen.insert(at) {
            open.extend(edges.get(at).into_iter().flatten().copied());
        }
    }
    false
}
