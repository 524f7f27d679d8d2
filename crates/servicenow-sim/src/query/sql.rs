//! Encoded queries: from groups of conditions to SQL.

use super::{Clause, Condition, Group, Operator, Query};
use crate::dictionary::{Column, ColumnKind, Dictionary, Table};
use crate::store::{Selection, quoted, source};

/// References that a path may follow. Each costs a nested query, so that a hostile path must end somewhere.
const PATH_MAX: usize = 8;
/// Conditions and sort columns of a query; SQLite takes expressions a thousand deep.
const CONDITIONS_MAX: usize = 500;

/// What became of a query.
#[derive(Clone, Debug)]
pub struct Compiled {
    /// The rows, without their order.
    pub rows: Selection,
    /// Their order.
    pub order: String,
    /// Whether a part was left out because the platform does not know it.
    pub invalid: bool,
}

/// Turns a query over a table into SQL. Parts that the table does not know are left out.
pub fn compile(dictionary: &Dictionary, table: &Table, query: &Query) -> Compiled {
    let mut compiler = Compiler {
        dictionary,
        table,
        parameters: Vec::new(),
        invalid: query.malformed,
        left: CONDITIONS_MAX,
    };
    let groups: Vec<String> = query.groups.iter().filter_map(|it| compiler.group(it)).collect();
    let order: Vec<String> = query
        .order
        .iter()
        .filter_map(|it| compiler.order(&it.field, if it.descending { " DESC" } else { "" }))
        .collect();
    let rows =
        Selection { condition: groups.join(" OR "), order: String::new(), parameters: compiler.parameters };
    Compiled { rows, order: order.join(", "), invalid: compiler.invalid }
}

struct Compiler<'a> {
    dictionary: &'a Dictionary,
    table: &'a Table,
    parameters: Vec<String>,
    invalid: bool,
    left: usize,
}

/// A column reached through references, as SQL.
struct Reached<'a> {
    sql: String,
    column: &'a Column,
}

impl<'a> Compiler<'a> {
    fn group(&mut self, group: &Group) -> Option<String> {
        let clauses: Vec<String> = group.iter().filter_map(|it| self.clause(it)).collect();
        (!clauses.is_empty()).then(|| format!("({})", clauses.join(" AND ")))
    }

    fn clause(&mut self, clause: &Clause) -> Option<String> {
        let conditions: Vec<String> = clause.iter().filter_map(|it| self.condition(it)).collect();
        (!conditions.is_empty()).then(|| format!("({})", conditions.join(" OR ")))
    }

    fn condition(&mut self, condition: &Condition) -> Option<String> {
        let reached = self.reach(&condition.field);
        let other = match condition.operator {
            Operator::SameAs | Operator::NotSameAs => self.reach(&condition.value).map(|it| it.sql),
            _ => Some(String::new()),
        };
        let affordable = self.left > 0;
        self.left = self.left.saturating_sub(1);
        match (reached, other) {
            (Some(reached), Some(other)) if affordable => Some(self.compare(&reached, condition, &other)),
            _ => {
                self.invalid = true;
                None
            }
        }
    }

    fn order(&mut self, field: &str, direction: &str) -> Option<String> {
        let reached = self.reach(field).and_then(|it| self.shown(field, it));
        let affordable = self.left > 0;
        self.left = self.left.saturating_sub(1);
        let Some(reached) = reached.filter(|_| affordable) else {
            self.invalid = true;
            return None;
        };
        Some(format!("{}{direction}", ordered(&reached)))
    }

    /// Rows are sorted by what people see: the display column of a referred row.
    fn shown(&self, field: &str, reached: Reached<'a>) -> Option<Reached<'a>> {
        let target = reached.column.reference.as_ref().and_then(|it| self.dictionary.table(it));
        match target.and_then(Table::display_column) {
            Some(display) if reached.column.kind == ColumnKind::Reference => {
                self.reach(&format!("{field}.{}", display.name))
            }
            _ => Some(reached),
        }
    }

    fn reach(&self, path: &str) -> Option<Reached<'a>> {
        let names: Vec<&str> = path.split('.').collect();
        if names.len() > PATH_MAX { None } else { self.step(self.table, &names, 0) }
    }

    fn step(&self, table: &'a Table, names: &[&str], depth: usize) -> Option<Reached<'a>> {
        let (first, rest) = names.split_first()?;
        let column = table.column(first)?;
        let here = format!("t{depth}.{}", quoted(&column.name));
        if rest.is_empty() {
            return Some(Reached { sql: here, column });
        }
        let target = self.dictionary.table(column.reference.as_ref()?)?;
        let inner = self.step(target, rest, depth + 1)?;
        let sql = format!(
            "COALESCE((SELECT {} FROM {} AS t{next} WHERE t{next}.sys_id = {here}), '')",
            inner.sql,
            source(self.dictionary, target),
            next = depth + 1
        );
        Some(Reached { sql, column: inner.column })
    }

    fn compare(&mut self, reached: &Reached<'_>, condition: &Condition, other: &str) -> String {
        let field = format!("{} COLLATE NOCASE", reached.sql);
        let value = stored(reached.column, &condition.value);
        match condition.operator {
            Operator::Is => format!("{field} = {}", self.parameter(value)),
            Operator::IsNot => format!("{field} <> {}", self.parameter(value)),
            Operator::Less => self.rank(reached, "<", value),
            Operator::LessOrIs => self.rank(reached, "<=", value),
            Operator::Greater => self.rank(reached, ">", value),
            Operator::GreaterOrIs => self.rank(reached, ">=", value),
            Operator::In => format!("{field} IN ({})", self.list(reached.column, &condition.value)),
            Operator::NotIn => format!("{field} NOT IN ({})", self.list(reached.column, &condition.value)),
            Operator::Like => self.like(&field, "LIKE", format!("%{}%", plain(&value))),
            Operator::NotLike => self.like(&field, "NOT LIKE", format!("%{}%", plain(&value))),
            Operator::StartsWith => self.like(&field, "LIKE", format!("{}%", plain(&value))),
            Operator::EndsWith => self.like(&field, "LIKE", format!("%{}", plain(&value))),
            Operator::IsEmpty => format!("{field} = ''"),
            Operator::IsNotEmpty => format!("{field} <> ''"),
            Operator::Anything => "1".to_owned(),
            Operator::Between => self.between(reached, &condition.value),
            Operator::SameAs => format!("{field} = {other}"),
            Operator::NotSameAs => format!("{field} <> {other}"),
            Operator::InstanceOf => {
                let family = self.dictionary.table(&condition.value).map(|it| it.family.join(","));
                format!("{field} IN ({})", self.list(reached.column, &family.unwrap_or_default()))
            }
        }
    }

    fn parameter(&mut self, value: String) -> &'static str {
        self.parameters.push(value);
        "?"
    }

    fn list(&mut self, column: &Column, value: &str) -> String {
        let marks: Vec<&str> = value.split(',').map(|it| self.parameter(stored(column, it))).collect();
        marks.join(", ")
    }

    fn like(&mut self, field: &str, operator: &str, pattern: String) -> String {
        format!("{field} {operator} {} ESCAPE '\\'", self.parameter(pattern))
    }

    /// An empty column is neither smaller nor larger than anything.
    fn rank(&mut self, reached: &Reached<'_>, operator: &str, value: String) -> String {
        let mark = ranked(reached.column, self.parameter(value));
        format!("({} <> '' AND {} {operator} {mark})", reached.sql, ordered(reached))
    }

    fn between(&mut self, reached: &Reached<'_>, value: &str) -> String {
        let (low, high) = value.split_once('@').unwrap_or((value, value));
        let low = self.rank(reached, ">=", low.to_owned());
        let high = self.rank(reached, "<=", high.to_owned());
        format!("({low} AND {high})")
    }
}

fn ordered(reached: &Reached<'_>) -> String {
    ranked(reached.column, &reached.sql)
}

fn ranked(column: &Column, sql: &str) -> String {
    match column.kind {
        ColumnKind::Integer => format!("CAST({sql} AS INTEGER)"),
        _ => format!("{sql} COLLATE NOCASE"),
    }
}

/// A value as the column stores it.
fn stored(column: &Column, value: &str) -> String {
    match (column.kind, value) {
        (ColumnKind::Boolean, "1") => "true".to_owned(),
        (ColumnKind::Boolean, "0") => "false".to_owned(),
        _ => value.to_owned(),
    }
}

/// A text without wildcards.
fn plain(value: &str) -> String {
    value.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_")
}
