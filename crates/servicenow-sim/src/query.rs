//! Encoded queries: from text to groups of conditions.

pub mod sql;

/// A query: groups of which one must hold, and an order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Query {
    /// The groups, separated by `^NQ`.
    pub groups: Vec<Group>,
    /// The columns to sort by.
    pub order: Vec<Order>,
    /// Parts that cannot be understood, for those who want no rows then.
    pub malformed: bool,
}

/// Clauses that must all hold.
pub type Group = Vec<Clause>;

/// Conditions of which one must hold: a condition and its `^OR` alternatives.
pub type Clause = Vec<Condition>;

/// A comparison of a column, maybe one of a referred row, with a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Condition {
    /// The column, with dots where it is reached through references.
    pub field: String,
    /// The comparison.
    pub operator: Operator,
    /// The value as written.
    pub value: String,
}

/// A column to sort by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Order {
    /// The column, with dots where it is reached through references.
    pub field: String,
    /// Whether the largest comes first.
    pub descending: bool,
}

/// A comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operator {
    /// The same.
    Is,
    /// Anything else, also empty.
    IsNot,
    /// Smaller.
    Less,
    /// Smaller or the same.
    LessOrIs,
    /// Larger.
    Greater,
    /// Larger or the same.
    GreaterOrIs,
    /// One of a comma list.
    In,
    /// None of a comma list.
    NotIn,
    /// Contains.
    Like,
    /// Does not contain.
    NotLike,
    /// Begins with.
    StartsWith,
    /// Ends with.
    EndsWith,
    /// Empty.
    IsEmpty,
    /// Not empty.
    IsNotEmpty,
    /// Holds for every row.
    Anything,
    /// Between two values, with both.
    Between,
    /// The same as another column.
    SameAs,
    /// Not the same as another column.
    NotSameAs,
    /// Of a class, or of one that extends it.
    InstanceOf,
}

/// Spellings, each before those that it begins with.
const SPELLINGS: &[(&str, Operator)] = &[
    ("!=", Operator::IsNot),
    ("!*", Operator::NotLike),
    ("<=", Operator::LessOrIs),
    (">=", Operator::GreaterOrIs),
    ("=", Operator::Is),
    ("<", Operator::Less),
    (">", Operator::Greater),
    ("*", Operator::Like),
    ("%", Operator::EndsWith),
    ("NOT IN", Operator::NotIn),
    ("NOT LIKE", Operator::NotLike),
    ("NOTLIKE", Operator::NotLike),
    ("NOTEMPTY", Operator::IsNotEmpty),
    ("NSAMEAS", Operator::NotSameAs),
    ("SAMEAS", Operator::SameAs),
    ("STARTSWITH", Operator::StartsWith),
    ("ENDSWITH", Operator::EndsWith),
    ("ISNOTEMPTY", Operator::IsNotEmpty),
    ("ISEMPTY", Operator::IsEmpty),
    ("INSTANCEOF", Operator::InstanceOf),
    ("IN", Operator::In),
    ("EMPTYSTRING", Operator::IsEmpty),
    ("EMPTY", Operator::IsEmpty),
    ("ANYTHING", Operator::Anything),
    ("BETWEEN", Operator::Between),
    ("LIKE", Operator::Like),
];

/// A value that the platform would run as a script. It is never run here.
const SCRIPT_PREFIX: &str = "javascript:";

/// Reads a query. It never fails: what cannot be understood is left out, as on the platform.
pub fn parse(text: &str) -> Query {
    let mut query = Query { groups: vec![Group::new()], ..Query::default() };
    for part in text.split('^').filter(|it| !it.is_empty()) {
        query.add(part);
    }
    query.groups.retain(|it| !it.is_empty());
    query
}

/// Whether a byte may be part of a column name or of a path of them.
pub fn is_field_byte(byte: u8) -> bool {
    byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'_' | b'.')
}

impl Query {
    fn add(&mut self, part: &str) {
        if let Some(field) = part.strip_prefix("ORDERBYDESC") {
            self.order.push(Order { field: field.to_owned(), descending: true });
        } else if let Some(field) = part.strip_prefix("ORDERBY") {
            self.order.push(Order { field: field.to_owned(), descending: false });
        } else if let Some(rest) = part.strip_prefix("OR") {
            self.add_alternative(rest);
        } else if let Some(rest) = part.strip_prefix("NQ") {
            self.groups.push(Group::new());
            self.add_condition(rest);
        } else if part != "EQ" && !part.starts_with("GROUPBY") {
            self.add_condition(part);
        }
    }

    /// An empty clause stays where a condition was left out, so that its alternatives bind to it and to no other.
    fn add_condition(&mut self, text: &str) {
        let clause: Clause = condition(text).into_iter().collect();
        self.malformed |= clause.is_empty();
        if let Some(group) = self.groups.last_mut() {
            group.push(clause);
        }
    }

    fn add_alternative(&mut self, text: &str) {
        match (condition(text), self.groups.last_mut().and_then(|it| it.last_mut())) {
            (Some(condition), Some(clause)) => clause.push(condition),
            _ => self.malformed = true,
        }
    }
}

fn condition(text: &str) -> Option<Condition> {
    let length = text.bytes().take_while(|it| is_field_byte(*it)).count();
    let (field, rest) = text.split_at_checked(length)?;
    let (operator, value) =
        SPELLINGS.iter().find_map(|(it, operator)| Some((*operator, rest.strip_prefix(it)?)))?;
    let script = value.trim_start().to_ascii_lowercase().starts_with(SCRIPT_PREFIX);
    let legible = !field.is_empty() && !script;
    legible.then(|| Condition { field: field.to_owned(), operator, value: value.to_owned() })
}

#[cfg(test)]
mod tests;
