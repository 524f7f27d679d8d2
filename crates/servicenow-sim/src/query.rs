//! Encoded queries: from text to groups of conditions.

mod moment;
mod script;
pub mod sql;
mod times;

use crate::instance::Instance;
use crate::settings::QUERY_CARET_ESCAPE;

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
    /// Larger than another column.
    GreaterField,
    /// Smaller than another column.
    LessField,
    /// Larger than another column, or the same.
    GreaterOrIsField,
    /// Smaller than another column, or the same.
    LessOrIsField,
    /// Of a class, or of one that extends it.
    InstanceOf,
    /// In a stretch of time: `label@begin@end`, or a day.
    On,
    /// Not in a stretch of time.
    NotOn,
    /// In a part of the calendar, such as a weekday or a month.
    DatePart,
    /// Later than so long ago: `@hour@ago@1`.
    RelativeAfter,
    /// Earlier than so long ago.
    RelativeBefore,
    /// On the day so long ago.
    RelativeOn,
    /// More than so long before or after another column: `field@hour@before@1`.
    MoreThan,
    /// Less than so long before or after another column.
    LessThan,
    /// What a dynamic filter says: the id of one.
    Dynamic,
    /// A row of another table, or one below it.
    InHierarchy,
    /// A comma list that has no such value.
    DoesNotHave,
    /// Rows of another table that refer to this one, counted: the field is `table.column`, the value `>=1,conditions`.
    Related,
    /// Some column has the word. The field is empty.
    Text,
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
    ("NOTON", Operator::NotOn),
    ("NSAMEAS", Operator::NotSameAs),
    ("SAMEAS", Operator::SameAs),
    ("GT_OR_EQUALS_FIELD", Operator::GreaterOrIsField),
    ("LT_OR_EQUALS_FIELD", Operator::LessOrIsField),
    ("GT_FIELD", Operator::GreaterField),
    ("LT_FIELD", Operator::LessField),
    ("RELATIVEGT", Operator::RelativeAfter),
    ("RELATIVEGE", Operator::RelativeAfter),
    ("RELATIVELT", Operator::RelativeBefore),
    ("RELATIVELE", Operator::RelativeBefore),
    ("RELATIVEEE", Operator::RelativeOn),
    ("MORETHAN", Operator::MoreThan),
    ("LESSTHAN", Operator::LessThan),
    ("DATEPART", Operator::DatePart),
    ("DYNAMIC", Operator::Dynamic),
    ("DOESNOTHAVE", Operator::DoesNotHave),
    ("EXCLUDING", Operator::NotIn),
    ("IN_HIERARCHY_DYNAMIC", Operator::InHierarchy),
    ("IN_HIERARCHY", Operator::InHierarchy),
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
    ("ON", Operator::On),
];

/// What begins a condition over rows that refer to the row, and what ends it.
const RELATED: &str = "RLQUERY";
const RELATED_END: &str = "ENDRLQUERY";
/// What begins a search for words, and what only says which index to search in.
const TEXT: &str = "123TEXTQUERY321=";
const TEXT_INDEX: &str = "123TEXTINDEXGROUP321=";

/// Reads a query. It never fails: what cannot be understood is left out, as on the platform.
pub fn parse(text: &str) -> Query {
    parse_parts(text.split('^').map(str::to_owned))
}

/// Reads a query in which two carets stand for one that is part of a value.
pub fn parse_with_carets(text: &str) -> Query {
    const CARET: &str = "\u{0}";
    let text = text.replace("^^", CARET);
    parse_parts(text.split('^').map(|it| it.replace(CARET, "^")))
}

fn parse_parts(parts: impl Iterator<Item = String>) -> Query {
    let mut query = Query { groups: vec![Group::new()], ..Query::default() };
    let mut parts = parts.filter(|it| !it.is_empty());
    while let Some(part) = parts.next() {
        match part.strip_prefix(RELATED) {
            Some(related) => {
                let rest: Vec<String> = parts.by_ref().take_while(|it| it != RELATED_END).collect();
                query.add_related(related, &rest.join("^"));
            }
            None => query.add(&part),
        }
    }
    query.groups.retain(|it| !it.is_empty());
    query
}

impl Instance {
    /// Reads a query as this instance reads them.
    pub fn read_query(&self, text: &str) -> Query {
        if self.settings.flag(QUERY_CARET_ESCAPE) { parse_with_carets(text) } else { parse(text) }
    }
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
        } else if part != "EQ" && !part.starts_with("GROUPBY") && !part.starts_with(TEXT_INDEX) {
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

    /// `table.column,>=1,conditions`; more conditions may stand before the end mark.
    fn add_related(&mut self, text: &str, rest: &str) {
        let clause = match text.split_once(',') {
            Some((field, value)) if !field.is_empty() => {
                let value = if rest.is_empty() { value.to_owned() } else { format!("{value}^{rest}") };
                vec![Condition { field: field.to_owned(), operator: Operator::Related, value }]
            }
            _ => Clause::new(),
        };
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
    if let Some(words) = text.strip_prefix(TEXT) {
        return Some(Condition { field: String::new(), operator: Operator::Text, value: words.to_owned() });
    }
    let length = text.bytes().take_while(|it| is_field_byte(*it)).count();
    let (field, rest) = text.split_at_checked(length)?;
    let (operator, value) =
        SPELLINGS.iter().find_map(|(it, operator)| Some((*operator, rest.strip_prefix(it)?)))?;
    (!field.is_empty()).then(|| Condition { field: field.to_owned(), operator, value: value.to_owned() })
}

#[cfg(test)]
mod tests;
