//! Encoded queries that no value can break out of: the encoding has no escape, so what cannot be expressed is refused.

mod encoded;

use self::encoded::Encoded;
use crate::Record;

/// A query in ServiceNow's encoding, safe by construction: conditions that all must hold, each with alternatives.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Query {
    /// Every group must hold; a group holds when one of its conditions does.
    groups: Vec<Vec<Condition>>,
    /// Conditions that somebody wrote in the platform's own encoding; they hold besides.
    encoded: Encoded,
    orders: Vec<String>,
}

/// A value that cannot be expressed in a query.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{reason}")]
pub struct QueryError {
    /// Why, and what to use instead.
    pub reason: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Condition {
    column: String,
    test: Test,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Test {
    Equals(String),
    NotEquals(String),
    IsIn(Vec<String>),
    IsGreater(String),
    IsLess(String),
    IsFrom(String),
    Contains(String),
    IsEmpty,
    IsNotEmpty,
}

impl Query {
    /// A query without conditions: every row.
    pub fn new() -> Query {
        Query::default()
    }

    /// And the column holds this value. An empty value means that the column is empty.
    pub fn equals(self, column: &str, value: &str) -> Result<Query, QueryError> {
        let test = if value.is_empty() { Test::IsEmpty } else { Test::Equals(checked_value(value)?) };
        self.and(column, test)
    }

    /// And the column holds anything but this value. An empty value means that the column is not empty.
    pub fn not_equals(self, column: &str, value: &str) -> Result<Query, QueryError> {
        let test = if value.is_empty() { Test::IsNotEmpty } else { Test::NotEquals(checked_value(value)?) };
        self.and(column, test)
    }

    /// And the column holds one of these values.
    pub fn is_in<T: AsRef<str>>(self, column: &str, values: &[T]) -> Result<Query, QueryError> {
        if values.is_empty() {
            return refused("a list of values to look for is empty: leave the condition out or give a value");
        }
        let items: Result<Vec<String>, QueryError> =
            values.iter().map(|it| checked_item(it.as_ref())).collect();
        self.and(column, Test::IsIn(items?))
    }

    /// And the column holds a text that comes after this one, without regard to case: the rest of a list in that order.
    pub fn comes_after(self, column: &str, value: &str) -> Result<Query, QueryError> {
        if value.trim().is_empty() {
            return refused("a list can only go on after a value: give the last one that was seen");
        }
        if value.starts_with('=') {
            return refused(
                "a value beginning with `=` cannot be compared, because `>=` is another operator",
            );
        }
        let test = Test::IsGreater(checked_value(value)?);
        self.and(column, test)
    }

    /// And the column holds a text that comes before this one, without regard to case: the beginning of a list in that order.
    pub fn comes_before(self, column: &str, value: &str) -> Result<Query, QueryError> {
        if value.trim().is_empty() {
            return refused("nothing comes before an empty text: give a value");
        }
        if value.starts_with('=') {
            return refused(
                "a value beginning with `=` cannot be compared, because `<=` is another operator",
            );
        }
        let test = Test::IsLess(checked_value(value)?);
        self.and(column, test)
    }

    /// And the column holds this text or one that comes after it: for times, which are written from the year down.
    pub fn not_before(self, column: &str, value: &str) -> Result<Query, QueryError> {
        if value.trim().is_empty() {
            return refused("everything is from an empty text on: leave the condition out or give a value");
        }
        let test = Test::IsFrom(checked_value(value)?);
        self.and(column, test)
    }

    /// And the column holds this text somewhere, without regard to case: one id among those of a list column.
    pub fn contains(self, column: &str, value: &str) -> Result<Query, QueryError> {
        if value.is_empty() {
            return refused("every value contains an empty text: leave the condition out or give a value");
        }
        let test = Test::Contains(checked_value(value)?);
        self.and(column, test)
    }

    /// And this holds, which somebody wrote in the platform's own encoding: conditions joined by `^`, alternatives by
    /// `^OR`, whole alternatives by `^NQ`, and orders.
    pub fn encoded(mut self, text: &str) -> Result<Query, QueryError> {
        if !self.encoded.is_empty() {
            return refused("there is one encoded query already: join the two with `^`");
        }
        let (encoded, orders) = Encoded::parse(text)?;
        self.encoded = encoded;
        self.orders.extend(orders);
        Ok(self)
    }

    /// And the column is empty.
    pub fn is_empty(self, column: &str) -> Result<Query, QueryError> {
        self.and(column, Test::IsEmpty)
    }

    /// Or, instead of the condition immediately before, the column holds this value.
    pub fn or_equals(mut self, column: &str, value: &str) -> Result<Query, QueryError> {
        let test = if value.is_empty() { Test::IsEmpty } else { Test::Equals(checked_value(value)?) };
        let condition = Condition { column: checked_column(column)?, test };
        match self.groups.last_mut() {
            Some(group) => group.push(condition),
            None => return refused("an alternative needs a condition before it: begin with `equals`"),
        }
        Ok(self)
    }

    /// Rows in ascending order of the column, after the orders given before.
    pub fn order_by(mut self, column: &str) -> Result<Query, QueryError> {
        self.orders.push(format!("ORDERBY{}", checked_column(column)?));
        Ok(self)
    }

    /// Whether rows come in an order that somebody asked for.
    pub fn is_ordered(&self) -> bool {
        !self.orders.is_empty()
    }

    /// The query as it travels in `sysparm_query`, not yet percent-encoded.
    pub fn render(&self) -> String {
        let group = |conditions: &Vec<Condition>| {
            let parts: Vec<String> = conditions.iter().map(Condition::render).collect();
            parts.join("^OR")
        };
        let conditions: Vec<String> = self.groups.iter().map(group).collect();
        let conditions = self.encoded.joined(&conditions.join("^"));
        let parts =
            std::iter::once(conditions).filter(|it| !it.is_empty()).chain(self.orders.iter().cloned());
        parts.collect::<Vec<String>>().join("^")
    }

    /// The columns that conditions look at, in order, each once.
    pub fn columns(&self) -> Vec<&str> {
        let mut columns: Vec<&str> = Vec::new();
        let ours = self.groups.iter().flatten().map(|it| it.column.as_str());
        for column in ours.chain(self.encoded.columns()) {
            if !columns.contains(&column) {
                columns.push(column);
            }
        }
        columns
    }

    /// Whether rows that are at hand can be searched in place of the instance's: every condition asks whether a plain column
    /// holds one of some texts, and no order is asked for.
    pub fn is_plain(&self) -> bool {
        let is_plain = |it: &Condition| {
            !it.column.contains('.') && matches!(it.test, Test::Equals(_) | Test::IsIn(_) | Test::IsEmpty)
        };
        self.encoded.is_empty() && self.orders.is_empty() && self.groups.iter().flatten().all(is_plain)
    }

    /// The first column that has to hold one of some texts, with these, as [`folded`] has them; `None` if there is none.
    pub fn sought(&self) -> Option<(&str, Vec<String>)> {
        self.groups.iter().find_map(|group| match group.as_slice() {
            [Condition { column, test: Test::Equals(value) }] => Some((column.as_str(), vec![folded(value)])),
            [Condition { column, test: Test::IsIn(items) }] => {
                Some((column.as_str(), items.iter().map(|it| folded(it)).collect()))
            }
            _ => None,
        })
    }

    /// Whether a row that came back is one that was asked for. The platform drops a condition that it does not
    /// understand and returns the whole table, so a row without a plain column that was asked about does not match;
    /// a dot-walked column that the row does not hold is not checked. Of what somebody wrote in the platform's own encoding
    /// only the columns are checked, dot-walked ones too.
    pub fn matches(&self, record: &Record) -> bool {
        self.unmet(record).is_none()
    }

    /// The column of the first condition that a row does not meet.
    pub fn unmet(&self, record: &Record) -> Option<&str> {
        let failed = self.groups.iter().find(|group| !group.iter().any(|it| it.holds(record)));
        let failed = failed.and_then(|group| group.first()).map(|it| it.column.as_str());
        failed.or_else(|| self.encoded.columns().find(|it| record.get(it).is_none()))
    }

    fn and(mut self, column: &str, test: Test) -> Result<Query, QueryError> {
        self.groups.push(vec![Condition { column: checked_column(column)?, test }]);
        Ok(self)
    }
}

impl Condition {
    fn render(&self) -> String {
        let column = &self.column;
        match &self.test {
            Test::Equals(value) => format!("{column}={value}"),
            Test::NotEquals(value) => format!("{column}!={value}"),
            Test::IsIn(items) => format!("{column}IN{}", items.join(",")),
            Test::IsGreater(value) => format!("{column}>{value}"),
            Test::IsLess(value) => format!("{column}<{value}"),
            Test::IsFrom(value) => format!("{column}>={value}"),
            Test::Contains(value) => format!("{column}LIKE{value}"),
            Test::IsEmpty => format!("{column}ISEMPTY"),
            Test::IsNotEmpty => format!("{column}ISNOTEMPTY"),
        }
    }

    fn holds(&self, record: &Record) -> bool {
        let Some(stored) = record.get(&self.column) else { return self.column.contains('.') };
        match &self.test {
            Test::Equals(value) => same(stored, value),
            Test::NotEquals(value) => !same(stored, value),
            Test::IsIn(items) => items.iter().any(|it| same(stored, it)),
            Test::IsGreater(value) => stored.to_lowercase() > value.to_lowercase(),
            Test::IsLess(value) => stored.to_lowercase() < value.to_lowercase(),
            Test::IsFrom(value) => stored.to_lowercase() >= value.to_lowercase(),
            Test::Contains(value) => stored.to_lowercase().contains(&value.to_lowercase()),
            Test::IsEmpty => stored.is_empty(),
            Test::IsNotEmpty => !stored.is_empty(),
        }
    }
}

/// Whether the platform takes two texts for equal: its default collation ignores case and trailing blanks.
fn same(stored: &str, asked: &str) -> bool {
    stored == asked || folded(stored) == folded(asked)
}

/// A text in the one spelling of all that the platform takes for equal.
pub fn folded(text: &str) -> String {
    match text.trim_end().to_lowercase().as_str() {
        // A boolean column reads as a word and is often asked for as a digit.
        "1" => "true".to_owned(),
        "0" => "false".to_owned(),
        other => other.to_owned(),
    }
}

/// The name of a column, or of one that is reached through references.
///
/// # Errors
/// It is none, or an operator could be read out of it.
pub fn checked_column(column: &str) -> Result<String, QueryError> {
    // Operators are upper-case words without a separator, so an upper-case letter could turn into one.
    let legal = |it: u8| it.is_ascii_lowercase() || it.is_ascii_digit() || it == b'_';
    let is_name = |part: &str| !part.is_empty() && part.bytes().all(legal);
    if column.split('.').all(is_name) {
        Ok(column.to_owned())
    } else {
        refused(
            "a column name has lower-case letters, digits and underscores, with dots between the steps of a path",
        )
    }
}

/// A value as it can stand in a query.
///
/// # Errors
/// It would end the condition or be run by the instance.
pub fn checked_value(value: &str) -> Result<String, QueryError> {
    if value.contains('^') {
        return refused(
            "a value with `^` cannot be looked up, because ServiceNow's queries have no escape for it: use the sys_id",
        );
    }
    if value.chars().any(char::is_control) {
        return refused(
            "a value with a line break or another control character cannot be looked up: use the sys_id",
        );
    }
    let start: String = value.trim_start().chars().take(EVALUATED.len()).collect();
    if start.eq_ignore_ascii_case(EVALUATED) {
        return refused(
            "a value beginning with `javascript:` would be run by the instance and cannot be looked up: use the sys_id",
        );
    }
    Ok(value.to_owned())
}

/// How a value begins that the instance runs as a script.
const EVALUATED: &str = "javascript:";

/// A value as it can stand in a list of values.
///
/// # Errors
/// It is empty, holds a comma, or would end the condition or be run by the instance.
pub fn checked_item(item: &str) -> Result<String, QueryError> {
    if item.trim().is_empty() {
        return refused(
            "a list of values to look for holds an empty one: leave it out or ask for empty separately",
        );
    }
    if item.contains(',') {
        return refused(
            "a value with a comma cannot be looked up in a list, because commas separate its items: ask for it alone",
        );
    }
    checked_value(item)
}

fn refused<T>(reason: &str) -> Result<T, QueryError> {
    Err(QueryError { reason: reason.to_owned() })
}

#[cfg(test)]
mod tests;
