//! The Import Set API: a row comes into a staging table, and transform maps carry it to where it belongs.

use serde_json::{Value, json};
use servicenow_core::Response;

use super::failures::{self, json_response};
use super::{Call, write};
use crate::access::Operation;
use crate::dictionary::Table;
use crate::instance::{flag, text};
use crate::records::values::Meaning;
use crate::records::{Wanted, WriteError, Writer};
use crate::settings::IMPORT_WITHOUT_MAP;
use crate::store::{Row, StoreError};

/// What every staging table extends.
const STAGING: &str = "sys_import_set_row";
/// The table of imports.
const SETS: &str = "sys_import_set";
/// The last part of the path that takes several rows.
const SEVERAL: &str = "insertMultiple";

/// What a map made of a row.
struct Carried {
    status: &'static str,
    target: Option<(String, String)>,
    shown: (String, String),
    message: String,
}

impl Call<'_> {
    /// Answers a request for a staging table.
    pub fn import(&self, verb: servicenow_core::Method, rest: &[&str], document: &Value) -> ImportAnswer {
        use servicenow_core::Method::{Get, Head, Post};
        if !self.table.is_a(STAGING) {
            return Ok(failures::invalid_table(&self.table.name));
        }
        match (verb, rest) {
            (Post, []) => self.imported(document),
            (Post, [SEVERAL]) => self.imported_later(document),
            (Get | Head, [sys_id]) => self.import_result(sys_id),
            _ => Ok(failures::method_not_allowed()),
        }
    }

    /// Adds a row and carries it on at once.
    fn imported(&self, document: &Value) -> ImportAnswer {
        let set = self.new_set("synchronous")?;
        let row = match self.staged(&set, document.clone())? {
            Ok(row) => row,
            Err(failure) => return Ok(failure),
        };
        let results = self.carried(&row)?;
        if results.is_empty() && self.instance.settings.text(IMPORT_WITHOUT_MAP) == "error_500" {
            let reason = format!("No transform map for {}", self.table.name);
            return Ok(failures::failure(500, "Transform failed", Some(&reason)));
        }
        Ok(json_response(201, &self.told(&set, &results)))
    }

    /// Adds rows that are carried on when somebody looks at them: the platform does it in the background.
    fn imported_later(&self, document: &Value) -> ImportAnswer {
        let records = document.get("records").and_then(Value::as_array).cloned().unwrap_or_default();
        let set = self.new_set("asynchronous")?;
        for record in &records {
            let row = match self.staged(&set, record.clone())? {
                Ok(row) => row,
                Err(failure) => return Ok(failure),
            };
            self.carried(&row)?;
        }
        let set_id = text(&set, "sys_id");
        Ok(json_response(
            201,
            &json!({
                "import_set_id": set_id,
                "multi_import_set_id": "",
                "result": [{"status": "success", "count": records.len().to_string()}],
            }),
        ))
    }

    /// What became of a row that was imported before.
    fn import_result(&self, sys_id: &str) -> ImportAnswer {
        let Some((_, row)) = self.seen(sys_id)? else {
            return Ok(failures::no_record());
        };
        let found =
            self.instance.store.find(&self.instance.dictionary, SETS, text(&row, "sys_import_set"))?;
        let set = found.map(|(_, row)| row).unwrap_or_default();
        let target = text(&row, "sys_target_table").to_owned();
        let sys_id = text(&row, "sys_target_sys_id").to_owned();
        let carried = Carried {
            status: if text(&row, "sys_import_state") == "error" { "error" } else { "ignored" },
            shown: self.shown_target(&target, &sys_id)?,
            target: (!sys_id.is_empty()).then_some((target, sys_id)),
            message: text(&row, "sys_import_state_comment").to_owned(),
        };
        let map = self.instance.display("sys_transform_map", text(&row, "sys_transform_map"))?;
        let result = self.result(&map.unwrap_or_default(), &carried);
        Ok(json_response(200, &self.told(&set, &[result])))
    }

    fn told(&self, set: &Row, results: &[Value]) -> Value {
        json!({
            "import_set": text(set, "number"),
            "staging_table": self.table.name,
            "result": results,
        })
    }

    fn result(&self, map: &str, carried: &Carried) -> Value {
        let (table, sys_id) = carried.target.clone().unwrap_or_default();
        let link = format!("{}/api/now/table/{table}/{sys_id}", self.base);
        let mut result = json!({
            "transform_map": map,
            "table": table,
            "display_name": carried.shown.0,
            "display_value": carried.shown.1,
            "record_link": if sys_id.is_empty() { String::new() } else { link },
            "status": carried.status,
            "sys_id": sys_id,
        });
        if let (false, Some(members)) = (carried.message.is_empty(), result.as_object_mut()) {
            let name = if carried.status == "error" { "error_message" } else { "status_message" };
            members.insert(name.to_owned(), json!(carried.message));
        }
        result
    }

    fn new_set(&self, mode: &str) -> Result<Row, StoreError> {
        let Some(table) = self.instance.dictionary.table(SETS) else {
            return Ok(Row::new());
        };
        let count = self.instance.store.count(&self.instance.dictionary, table, &Default::default())?;
        let number = format!("ISET{:07}", 10_001 + count);
        let wanted = wanted(&[
            ("number", &number),
            ("table_name", &self.table.name),
            ("state", "processed"),
            ("mode", mode),
        ]);
        let created = self.instance.store.work(|| self.instance.create(self.platform(), table, &wanted));
        created.or_else(|it| stored(it).map(|()| Row::new()))
    }

    /// A row of the staging table; the caller's values of the platform's own columns do not count.
    fn staged(&self, set: &Row, document: Value) -> Result<Result<Row, Response>, StoreError> {
        let mut columns = write::columns(document);
        columns.retain(|name, _| !name.starts_with("sys_"));
        columns.insert("sys_import_set".to_owned(), text(set, "sys_id").to_owned());
        self.insert(columns)
    }

    /// Carries a row with every active map of its table, in order.
    fn carried(&self, row: &Row) -> Result<Vec<Value>, StoreError> {
        let mine = [("source_table", self.table.name.as_str()), ("active", "true")];
        let found = self.instance.store.matching(&self.instance.dictionary, "sys_transform_map", &mine)?;
        let mut maps: Vec<Row> = found.into_iter().map(|(_, row)| row).collect();
        maps.sort_by_key(|it| text(it, "order").parse::<i64>().unwrap_or_default());
        let mut results = Vec::new();
        for map in &maps {
            let carried = match self.instance.dictionary.table(text(map, "target_table")) {
                Some(target) => self.carry(map, target, row)?,
                None => failed(format!("There is no table {}", text(map, "target_table"))),
            };
            self.note_result(map, row, &carried)?;
            results.push(self.result(text(map, "name"), &carried));
        }
        Ok(results)
    }

    fn carry(&self, map: &Row, target: &Table, row: &Row) -> Result<Carried, StoreError> {
        let mine = [("map", text(map, "sys_id"))];
        let entries =
            self.instance.store.matching(&self.instance.dictionary, "sys_transform_entry", &mine)?;
        let (mut values, mut keys) = (Wanted::new(), Vec::new());
        for (_, entry) in &entries {
            let (from, to) = (text(entry, "source_field"), text(entry, "target_field"));
            values.insert(to.to_owned(), text(row, from).to_owned());
            if flag(entry, "coalesce") && target.column(to).is_some() {
                keys.push((to, text(row, from)));
            }
        }
        // An empty key names no row, and two rows with the same key are not told apart.
        let named = !keys.is_empty() && keys.iter().all(|(_, value)| !value.is_empty());
        let found = match named {
            true => self.instance.store.matching(&self.instance.dictionary, &target.name, &keys)?,
            false => Vec::new(),
        };
        let right = if found.is_empty() { Operation::Create } else { Operation::Write };
        if !self.rights.table(target, right) {
            return Ok(failed("ACL Exception Insert Failed due to security constraints".to_owned()));
        }
        let rules = flag(map, "run_business_rules");
        let writer = Writer { bound_by_rules: rules, ..self.platform() };
        let existing = found.first();
        let outcome = self.instance.store.work(|| match existing {
            Some((class, before)) => self.instance.change(writer, class, before, &values),
            None => self.instance.create(writer, target, &values),
        });
        match outcome {
            Ok(after) => {
                let status = match existing {
                    None => "inserted",
                    Some((_, before)) if *before == after => "ignored",
                    Some(_) => "updated",
                };
                let sys_id = text(&after, "sys_id").to_owned();
                let shown = self.shown_target(&target.name, &sys_id)?;
                Ok(Carried {
                    status,
                    shown,
                    target: Some((target.name.clone(), sys_id)),
                    message: String::new(),
                })
            }
            Err(WriteError::Refused(reason)) => Ok(failed(reason)),
            Err(WriteError::Store(error)) => Err(error),
        }
    }

    /// The display column of the target table, and what it holds.
    fn shown_target(&self, table: &str, sys_id: &str) -> Result<(String, String), StoreError> {
        let column = self.instance.dictionary.table(table).and_then(Table::display_column);
        let name = column.map(|it| it.name.clone()).unwrap_or_default();
        let shown = if sys_id.is_empty() { None } else { self.instance.display(table, sys_id)? };
        Ok((name, shown.unwrap_or_default()))
    }

    fn note_result(&self, map: &Row, row: &Row, carried: &Carried) -> Result<(), StoreError> {
        let (table, sys_id) = carried.target.clone().unwrap_or_default();
        let state = match carried.status {
            "error" => "error",
            "ignored" => "ignored",
            _ => "processed",
        };
        let changes = wanted(&[
            ("sys_import_state", state),
            ("sys_import_state_comment", &carried.message),
            ("sys_target_table", &table),
            ("sys_target_sys_id", &sys_id),
            ("sys_transform_map", text(map, "sys_id")),
        ]);
        self.instance.store.update(&self.table.name, text(row, "sys_id"), &changes)
    }

    /// Rows of imports are the platform's; what reaches the target table is written in the caller's name.
    fn platform(&self) -> Writer<'_> {
        Writer {
            user_name: &self.user.user_name,
            meaning: Meaning::Display,
            bound_by_rules: true,
            gives_system_columns: false,
            offset_s: self.user.offset_s,
        }
    }
}

/// An answer, or why the database has none.
type ImportAnswer = Result<Response, StoreError>;

fn failed(message: String) -> Carried {
    Carried { status: "error", target: None, shown: Default::default(), message }
}

fn wanted(values: &[(&str, &str)]) -> Wanted {
    values.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

/// A refusal of a row of the platform's own changes nothing else.
fn stored(error: WriteError) -> Result<(), StoreError> {
    match error {
        WriteError::Refused(_) => Ok(()),
        WriteError::Store(error) => Err(error),
    }
}
