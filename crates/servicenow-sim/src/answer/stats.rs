//! The Aggregate API: counts, sums and extremes of rows, in groups or over all of them.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};
use servicenow_core::Response;

use super::Call;
use super::failures::{self, json_response};
use super::parameters::Display;
use crate::access::Operation;
use crate::dictionary::ColumnKind;
use crate::store::{Row, StoreError};

/// Digits behind the point of an average, as the platform shows them.
const AVERAGE_DIGITS: usize = 4;

/// What is computed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Function {
    Count,
    Sum,
    Avg,
    Min,
    Max,
}

const FUNCTIONS: [(Function, &str); 4] =
    [(Function::Sum, "sum"), (Function::Avg, "avg"), (Function::Min, "min"), (Function::Max, "max")];

/// Rows that have the same values in the columns by which they are grouped.
struct Rows {
    key: Vec<String>,
    rows: Vec<Row>,
}

impl Call<'_> {
    /// The aggregates that the parameters ask for.
    pub fn stats(&self) -> Result<Response, StoreError> {
        if !self.rights.table(self.table, Operation::Read) {
            return Ok(failures::not_authorized());
        }
        let Some(rows) = self.matching_rows()? else {
            return Ok(failures::unreadable_query());
        };
        let group_by = self.listed("sysparm_group_by");
        if group_by.is_empty() {
            let stats = self.aggregates(&rows);
            return Ok(json_response(200, &json!({"result": {"stats": stats}})));
        }
        let mut groups = self.grouped(rows, &group_by)?;
        groups.retain(|it| self.has(&it.rows));
        self.sort(&mut groups, &group_by);
        let result: Result<Vec<Value>, StoreError> =
            groups.iter().map(|it| self.group(it, &group_by)).collect();
        Ok(json_response(200, &json!({"result": result?})))
    }

    fn grouped(&self, rows: Vec<Row>, group_by: &[String]) -> Result<Vec<Rows>, StoreError> {
        let mut groups: BTreeMap<Vec<String>, Vec<Row>> = BTreeMap::new();
        for row in rows {
            let key: Result<Vec<String>, StoreError> =
                group_by.iter().map(|it| self.stored(&row, it)).collect();
            groups.entry(key?).or_default().push(row);
        }
        Ok(groups.into_iter().map(|(key, rows)| Rows { key, rows }).collect())
    }

    fn group(&self, group: &Rows, group_by: &[String]) -> Result<Value, StoreError> {
        let mut fields = Vec::new();
        for (field, value) in group_by.iter().zip(&group.key) {
            let shown = match group.rows.first() {
                Some(row) => self.shown_at(row, field)?,
                None => String::new(),
            };
            fields.push(match self.parameters.display {
                Display::Actual => json!({"field": field, "value": value}),
                Display::Shown => json!({"field": field, "value": shown}),
                Display::Both => json!({"field": field, "value": value, "display_value": shown}),
            });
        }
        Ok(json!({"stats": self.aggregates(&group.rows), "groupby_fields": fields}))
    }

    /// Numbers are texts. What is not asked for is absent.
    fn aggregates(&self, rows: &[Row]) -> Value {
        let mut stats = Map::new();
        if self.parameter("sysparm_count").is_some_and(|it| it.eq_ignore_ascii_case("true")) {
            stats.insert("count".to_owned(), json!(rows.len().to_string()));
        }
        for (function, name) in FUNCTIONS {
            let fields = self.listed(&format!("sysparm_{name}_fields"));
            let values: Map<String, Value> = fields
                .into_iter()
                .filter(|it| self.table.column(it).is_some() && self.readable(self.table, it))
                .map(|it| (it.clone(), json!(self.aggregate(function, &it, rows))))
                .collect();
            if !values.is_empty() {
                stats.insert(name.to_owned(), Value::Object(values));
            }
        }
        Value::Object(stats)
    }

    /// Empty columns count for nothing; without any other the aggregate is empty.
    fn aggregate(&self, function: Function, column: &str, rows: &[Row]) -> String {
        let values: Vec<&str> = rows
            .iter()
            .filter_map(|it| it.get(column))
            .map(String::as_str)
            .filter(|it| !it.is_empty())
            .collect();
        let kind = self.table.column(column).map(|it| it.kind).unwrap_or_default();
        let numbers: Vec<f64> = values.iter().filter_map(|it| it.parse().ok()).collect();
        let sum: f64 = numbers.iter().sum();
        match function {
            Function::Count => values.len().to_string(),
            _ if values.is_empty() => String::new(),
            Function::Sum => number(sum),
            Function::Avg => match u32::try_from(numbers.len()).ok().filter(|it| *it > 0) {
                Some(count) => number(sum / f64::from(count)),
                None => String::new(),
            },
            Function::Min if kind == ColumnKind::Integer => extreme(&numbers, f64::min),
            Function::Max if kind == ColumnKind::Integer => extreme(&numbers, f64::max),
            Function::Min => values.iter().min().map(|it| (*it).to_owned()).unwrap_or_default(),
            Function::Max => values.iter().max().map(|it| (*it).to_owned()).unwrap_or_default(),
        }
    }

    /// Whether a group passes `sysparm_having`: `aggregate^field^operator^value`, several separated by commas.
    fn has(&self, rows: &[Row]) -> bool {
        self.listed("sysparm_having").iter().all(|condition| {
            let parts: Vec<&str> = condition.split('^').collect();
            let &[name, field, operator, value] = parts.as_slice() else {
                return true;
            };
            let found: f64 = self.named(name, field, rows).parse().unwrap_or_default();
            let value: f64 = value.parse().unwrap_or_default();
            match operator {
                ">" => found > value,
                ">=" => found >= value,
                "<" => found < value,
                "<=" => found <= value,
                "!=" => found != value,
                _ => found == value,
            }
        })
    }

    fn named(&self, name: &str, field: &str, rows: &[Row]) -> String {
        let function = FUNCTIONS.iter().find(|(_, it)| name.eq_ignore_ascii_case(it)).map(|(it, _)| *it);
        match function {
            Some(function) => self.aggregate(function, field, rows),
            None if self.table.column(field).is_some() => self.aggregate(Function::Count, field, rows),
            None => rows.len().to_string(),
        }
    }

    /// By the columns or aggregates of `sysparm_order_by`; `DESC` behind one turns it around.
    fn sort(&self, groups: &mut [Rows], group_by: &[String]) {
        let mut wanted = self.listed("sysparm_order_by");
        wanted.reverse();
        // The last wish first: a stable sort keeps it where later ones see no difference.
        for wish in wanted {
            let (wish, descending) =
                wish.strip_suffix("DESC").map_or((wish.as_str(), false), |it| (it, true));
            let wish = wish.trim_end_matches('^').trim();
            groups.sort_by(|one, other| {
                let (one, other) = (self.rank(one, wish, group_by), self.rank(other, wish, group_by));
                let order = match (one.parse::<f64>(), other.parse::<f64>()) {
                    (Ok(one), Ok(other)) => one.total_cmp(&other),
                    _ => one.cmp(&other),
                };
                if descending { order.reverse() } else { order }
            });
        }
    }

    fn rank(&self, group: &Rows, wish: &str, group_by: &[String]) -> String {
        match wish.split_once('^') {
            Some((name, field)) => self.named(name, field, &group.rows),
            None if wish.eq_ignore_ascii_case("count") => group.rows.len().to_string(),
            None => {
                let value = group_by.iter().zip(&group.key).find(|(it, _)| *it == wish);
                value.map(|(_, it)| it.clone()).unwrap_or_default()
            }
        }
    }

    /// The parts of a parameter that is a list.
    fn listed(&self, name: &str) -> Vec<String> {
        let parts = self.parameter(name).unwrap_or_default().split(',').map(str::trim);
        parts.filter(|it| !it.is_empty()).map(str::to_owned).collect()
    }

    fn parameter(&self, name: &str) -> Option<&str> {
        let found = self.request.query.iter().find(|(it, _)| it == name);
        found.map(|(_, value)| value.as_str())
    }
}

fn extreme(numbers: &[f64], pick: fn(f64, f64) -> f64) -> String {
    numbers.iter().copied().reduce(pick).map(number).unwrap_or_default()
}

/// Whole numbers without a point, others with a few digits behind it.
fn number(value: f64) -> String {
    if value.fract() == 0.0 { format!("{value:.0}") } else { format!("{value:.AVERAGE_DIGITS$}") }
}
