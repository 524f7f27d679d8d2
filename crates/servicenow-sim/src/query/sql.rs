//! Encoded queries: from groups of conditions to SQL.

use super::moment::{Moment, Unit};
use super::script::{self, Asker};
use super::times::{self, Distance};
use super::{Clause, Condition, Group, Operator, Query};
use crate::dictionary::{Column, ColumnKind, Table};
use crate::instance::{Instance, text};
use crate::settings::{LIST_ORDER, QUERY_SCRIPTS};
use crate::store::{Selection, StoreError, quoted};

/// References that a path may follow. Each costs a nested query, so that a hostile path must end somewhere.
const PATH_MAX: usize = 8;
/// Conditions and sort columns of a query; SQLite takes expressions a thousand deep.
const CONDITIONS_MAX: usize = 500;
/// Values of one list, and what may stand in a whole query: SQLite takes 32766 parameters.
const VALUES_MAX: usize = 30_000;
/// Rows above a row that a search in a hierarchy climbs; more is a circle.
const HIERARCHY_MAX: usize = 50;

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

/// Turns a user's query over a table into SQL. Parts that the table does not know are left out.
pub fn compile(
    instance: &Instance,
    user_name: &str,
    table: &Table,
    query: &Query,
) -> Result<Compiled, StoreError> {
    let mut compiler = Compiler {
        instance,
        table,
        user_name,
        parameters: Vec::new(),
        invalid: query.malformed,
        left: CONDITIONS_MAX,
        failure: None,
    };
    let groups: Vec<String> = query.groups.iter().filter_map(|it| compiler.group(it)).collect();
    let order: Vec<String> = query
        .order
        .iter()
        .filter_map(|it| compiler.order(&it.field, if it.descending { " DESC" } else { "" }))
        .collect();
    let order = match instance.settings.text(LIST_ORDER) {
        "by_id" if order.is_empty() => "t0.sys_id".to_owned(),
        "by_id_backwards" if order.is_empty() => "t0.sys_id DESC".to_owned(),
        _ => order.join(", "),
    };
    let Compiler { parameters, invalid, failure, .. } = compiler;
    match failure {
        Some(failure) => Err(failure),
        None => {
            let rows = Selection { condition: groups.join(" OR "), order: String::new(), parameters };
            Ok(Compiled { rows, order, invalid })
        }
    }
}

struct Compiler<'a> {
    instance: &'a Instance,
    table: &'a Table,
    user_name: &'a str,
    parameters: Vec<String>,
    invalid: bool,
    left: usize,
    failure: Option<StoreError>,
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
        let affordable = self.left > 0;
        self.left = self.left.saturating_sub(1);
        let before = self.parameters.len();
        let sql = if affordable { self.meaning(condition) } else { None };
        if sql.is_none() {
            self.invalid = true;
            self.parameters.truncate(before);
        }
        sql
    }

    fn meaning(&mut self, condition: &Condition) -> Option<String> {
        match condition.operator {
            Operator::Related => return self.related(condition),
            Operator::Text => return Some(self.words(&condition.value)),
            _ => {}
        }
        let reached = self.reach(&condition.field)?;
        if condition.operator == Operator::DatePart {
            return times::date_part(&reached.sql, &condition.value);
        }
        let scripts = self.instance.settings.text(QUERY_SCRIPTS);
        let mut parts = Vec::new();
        for part in condition.value.split('@') {
            match (script::script(part), scripts) {
                (None, _) => parts.push(part.to_owned()),
                (Some(script), "known") => parts.push(script::known(script, self.asker()?.borrowed())?),
                (Some(_), "no_rows") => return Some("0".to_owned()),
                (Some(_), _) => return None,
            }
        }
        self.compare(&reached, condition.operator, &parts.join("@"))
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
    fn shown(&mut self, field: &str, reached: Reached<'a>) -> Option<Reached<'a>> {
        let target = reached.column.reference.as_ref().and_then(|it| self.instance.dictionary.table(it));
        match target.and_then(Table::display_column) {
            Some(display) if reached.column.kind == ColumnKind::Reference => {
                self.reach(&format!("{field}.{}", display.name))
            }
            _ => Some(reached),
        }
    }

    fn reach(&mut self, path: &str) -> Option<Reached<'a>> {
        let names: Vec<&str> = path.split('.').collect();
        if names.len() > PATH_MAX { None } else { self.step(self.table, &names, 0) }
    }

    fn step(&mut self, table: &'a Table, names: &[&str], depth: usize) -> Option<Reached<'a>> {
        let (first, rest) = names.split_first()?;
        let column = table.column(first)?;
        let here = format!("t{depth}.{}", quoted(&column.name));
        if rest.is_empty() {
            return Some(Reached { sql: here, column });
        }
        let target = self.instance.dictionary.table(column.reference.as_ref()?)?;
        let inner = self.step(target, rest, depth + 1)?;
        let sql = format!(
            "COALESCE((SELECT {} FROM {} AS t{next} WHERE t{next}.sys_id = {here}), '')",
            inner.sql,
            self.source(target)?,
            next = depth + 1
        );
        Some(Reached { sql, column: inner.column })
    }

    fn source(&mut self, table: &Table) -> Option<String> {
        self.kept(self.instance.store.source(&self.instance.dictionary, table))
    }

    /// What the database gave; what it refused ends the whole query.
    fn kept<T>(&mut self, outcome: Result<T, StoreError>) -> Option<T> {
        match outcome {
            Ok(value) => Some(value),
            Err(failure) => {
                self.failure.get_or_insert(failure);
                None
            }
        }
    }

    fn compare(&mut self, reached: &Reached<'_>, operator: Operator, written: &str) -> Option<String> {
        let field = format!("{} COLLATE NOCASE", reached.sql);
        let value = stored(reached.column, written);
        Some(match operator {
            Operator::Is => format!("{field} = {}", self.parameter(value)),
            Operator::IsNot => format!("{field} <> {}", self.parameter(value)),
            Operator::Less => self.rank(reached, "<", value),
            Operator::LessOrIs => self.rank(reached, "<=", value),
            Operator::Greater => self.rank(reached, ">", value),
            Operator::GreaterOrIs => self.rank(reached, ">=", value),
            Operator::In => format!("{field} IN ({})", self.list(reached.column, written)?),
            Operator::NotIn => format!("{field} NOT IN ({})", self.list(reached.column, written)?),
            Operator::Like => self.like(&field, "LIKE", format!("%{}%", plain(&value))),
            Operator::NotLike => self.like(&field, "NOT LIKE", format!("%{}%", plain(&value))),
            Operator::StartsWith => self.like(&field, "LIKE", format!("{}%", plain(&value))),
            Operator::EndsWith => self.like(&field, "LIKE", format!("%{}", plain(&value))),
            Operator::DoesNotHave => {
                let list = format!("(',' || {} || ',') COLLATE NOCASE", reached.sql);
                self.like(&list, "NOT LIKE", format!("%,{},%", plain(&value)))
            }
            Operator::IsEmpty => format!("{field} = ''"),
            Operator::IsNotEmpty => format!("{field} <> ''"),
            Operator::Anything => "1".to_owned(),
            Operator::Between => self.between(reached, written),
            Operator::InstanceOf => {
                let family = self.instance.dictionary.table(written).map(|it| it.family.join(","));
                format!("{field} IN ({})", self.list(reached.column, &family.unwrap_or_default())?)
            }
            Operator::Dynamic => self.dynamic(reached, written)?,
            Operator::InHierarchy => self.hierarchy(reached, written)?,
            operator => return self.compare_columns(reached, operator, written),
        })
    }

    /// Comparisons with another column, with the clock or with the calendar.
    fn compare_columns(
        &mut self,
        reached: &Reached<'_>,
        operator: Operator,
        written: &str,
    ) -> Option<String> {
        let now = Moment(i64::try_from(self.instance.clock.unix_ms() / 1000).ok()?);
        Some(match operator {
            Operator::SameAs => self.same(reached, "=", written)?,
            Operator::NotSameAs => self.same(reached, "<>", written)?,
            Operator::GreaterField => self.field(reached, ">", written)?,
            Operator::LessField => self.field(reached, "<", written)?,
            Operator::GreaterOrIsField => self.field(reached, ">=", written)?,
            Operator::LessOrIsField => self.field(reached, "<=", written)?,
            Operator::On | Operator::NotOn => {
                let (begin, end) = times::stretch(written)?;
                let inside = self.between(reached, &format!("{begin}@{end}"));
                if operator == Operator::On { inside } else { format!("NOT {inside}") }
            }
            Operator::RelativeAfter => {
                let (moment, _) = times::relative(written, now)?;
                self.rank(reached, ">=", moment.text())
            }
            Operator::RelativeBefore => {
                let (moment, _) = times::relative(written, now)?;
                self.rank(reached, "<=", moment.text())
            }
            Operator::RelativeOn => {
                let (moment, unit) = times::relative(written, now)?;
                let unit = if matches!(unit, Unit::Minute | Unit::Hour) { unit } else { Unit::Day };
                let stretch = format!("{}@{}", moment.start(unit).text(), moment.end(unit).text());
                self.between(reached, &stretch)
            }
            Operator::MoreThan | Operator::LessThan => {
                let distance = Distance::parse(written)?;
                let other = self.reach(&distance.field)?;
                distance.sql(&reached.sql, &other.sql, operator == Operator::MoreThan)
            }
            _ => return None,
        })
    }

    /// The same as another column; with `@day` behind it only the day counts.
    fn same(&mut self, reached: &Reached<'_>, comparison: &str, written: &str) -> Option<String> {
        let (field, day) = match written.split_once('@') {
            Some((field, "day")) => (field, true),
            Some(_) => return None,
            None => (written, false),
        };
        let other = self.reach(field)?.sql;
        Some(if day {
            format!("substr({}, 1, 10) {comparison} substr({other}, 1, 10)", reached.sql)
        } else {
            format!("{} COLLATE NOCASE {comparison} {other}", reached.sql)
        })
    }

    fn field(&mut self, reached: &Reached<'_>, comparison: &str, field: &str) -> Option<String> {
        let other = self.reach(field)?;
        Some(format!(
            "({} <> '' AND {} <> '' AND {} {comparison} {})",
            reached.sql,
            other.sql,
            ordered(reached),
            ordered(&other)
        ))
    }

    /// What the script of a dynamic filter says; only well-known scripts are understood.
    fn dynamic(&mut self, reached: &Reached<'_>, sys_id: &str) -> Option<String> {
        let found =
            self.instance.store.find(&self.instance.dictionary, "sys_filter_option_dynamic", sys_id.trim());
        let (_, filter) = self.kept(found)??;
        let values = script::known(text(&filter, "script"), self.asker()?.borrowed())?;
        Some(format!("{} COLLATE NOCASE IN ({})", reached.sql, self.list(reached.column, &values)?))
    }

    /// A row, or one whose parent is in the hierarchy.
    fn hierarchy(&mut self, reached: &Reached<'_>, sys_id: &str) -> Option<String> {
        let target = self.instance.dictionary.table(reached.column.reference.as_ref()?)?;
        target.column("parent")?;
        let source = self.source(target)?;
        let root = self.parameter(sys_id.to_owned());
        Some(format!(
            "{} IN (WITH RECURSIVE below(id, depth) AS (SELECT {root}, 0 UNION SELECT h.sys_id, depth + 1 \
             FROM {source} AS h JOIN below ON h.parent = below.id WHERE depth < {HIERARCHY_MAX}) \
             SELECT id FROM below)",
            reached.sql
        ))
    }

    /// How many rows of another table refer to the row.
    fn related(&mut self, condition: &Condition) -> Option<String> {
        let (table, column) = condition.field.split_once('.')?;
        let table = self.instance.dictionary.table(table)?;
        let column = table.column(column)?;
        let (count, conditions) = condition.value.split_once(',').unwrap_or((&condition.value, ""));
        let comparison = [">=", "<=", "!=", "=", ">", "<"].into_iter().find(|it| count.starts_with(it))?;
        let count: u32 = count.strip_prefix(comparison)?.trim().parse().ok()?;
        let comparison = if comparison == "!=" { "<>" } else { comparison };
        let query = super::parse(conditions.trim_start_matches('^'));
        // A related-list condition inside another one is unknown to the platform too.
        let nested = query.groups.iter().flatten().flatten().any(|it| it.operator == Operator::Related);
        if nested {
            return None;
        }
        let inner = compile(self.instance, self.user_name, table, &query);
        let inner = self.kept(inner)?;
        self.invalid |= inner.invalid;
        // The inner query has the outer one's first alias, and hides it: the outer row is joined by its id.
        let source = self.source(table)?;
        let column = quoted(&column.name);
        let filter = if inner.rows.condition.is_empty() { "1" } else { &inner.rows.condition };
        let own = self.source(self.table)?;
        self.parameters.extend(inner.rows.parameters);
        Some(format!(
            "t0.sys_id IN (SELECT o.sys_id FROM {own} AS o LEFT JOIN (SELECT t0.{column} AS target, COUNT(*) AS \
             number FROM {source} AS t0 WHERE {filter} GROUP BY t0.{column}) AS r ON r.target = o.sys_id \
             WHERE COALESCE(r.number, 0) {comparison} {count})"
        ))
    }

    /// Every word is in some column that people read.
    fn words(&mut self, words: &str) -> String {
        let table = self.table;
        let read = |it: &&Column| {
            matches!(it.kind, ColumnKind::String | ColumnKind::TranslatedText | ColumnKind::Url)
                && !it.name.starts_with("sys_")
        };
        let columns: Vec<&Column> = table.columns.iter().filter(read).collect();
        let mut all = vec!["1".to_owned()];
        for word in words.split_whitespace().take(PATH_MAX) {
            let any: Vec<String> = columns
                .iter()
                .map(|it| {
                    let field = format!("t0.{} COLLATE NOCASE", quoted(&it.name));
                    self.like(&field, "LIKE", format!("%{}%", plain(word)))
                })
                .collect();
            all.push(format!("({})", any.join(" OR ")));
        }
        format!("({})", all.join(" AND "))
    }

    fn asker(&mut self) -> Option<OwnedAsker> {
        let instance = self.instance;
        let named = [("user_name", self.user_name)];
        let users = self.kept(instance.store.matching(&instance.dictionary, "sys_user", &named))?;
        let user_id = users.first().map(|(_, row)| text(row, "sys_id").to_owned()).unwrap_or_default();
        let member = [("user", user_id.as_str())];
        let found = instance.store.matching(&instance.dictionary, "sys_user_grmember", &member);
        let groups: Vec<String> =
            self.kept(found)?.iter().map(|(_, row)| text(row, "group").to_owned()).collect();
        let now = Moment(i64::try_from(instance.clock.unix_ms() / 1000).ok()?);
        Some(OwnedAsker { user_id, user_name: self.user_name.to_owned(), groups: groups.join(","), now })
    }

    fn parameter(&mut self, value: String) -> &'static str {
        self.parameters.push(value);
        "?"
    }

    fn list(&mut self, column: &Column, value: &str) -> Option<String> {
        let values: Vec<&str> = value.split(',').collect();
        if self.parameters.len() + values.len() > VALUES_MAX {
            return None;
        }
        let marks: Vec<&str> = values.into_iter().map(|it| self.parameter(stored(column, it))).collect();
        Some(marks.join(", "))
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

/// Who asks.
struct OwnedAsker {
    user_id: String,
    user_name: String,
    groups: String,
    now: Moment,
}

impl OwnedAsker {
    fn borrowed(&self) -> Asker<'_> {
        Asker { user_id: &self.user_id, user_name: &self.user_name, groups: &self.groups, now: self.now }
    }
}

fn ordered(reached: &Reached<'_>) -> String {
    ranked(reached.column, &reached.sql)
}

fn ranked(column: &Column, sql: &str) -> String {
    match column.kind {
        ColumnKind::Integer | ColumnKind::Longint => format!("CAST({sql} AS INTEGER)"),
        ColumnKind::Decimal => format!("CAST({sql} AS REAL)"),
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
