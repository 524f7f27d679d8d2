//! A column: its kind, its facts, and the line that describes it in a document.

use std::fmt;

use serde::de::{Error, MapAccess, Visitor, value::MapAccessDeserializer};
use serde::{Deserialize, Deserializer};

/// What a column holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ColumnKind {
    /// A text.
    #[default]
    String,
    /// A text with translations.
    TranslatedText,
    /// A script. It is stored and never run.
    Script,
    /// An address.
    Url,
    /// A text that is JSON.
    Json,
    /// An encoded query.
    Conditions,
    /// The name of a table.
    TableName,
    /// `true` or `false`.
    Boolean,
    /// A whole number.
    Integer,
    /// A whole number with more digits.
    Longint,
    /// A number with a fraction.
    Decimal,
    /// One of the column's choices.
    Choice,
    /// The id of a row of another table.
    Reference,
    /// Ids of rows of another table, joined with commas.
    GlideList,
    /// A moment in UTC.
    GlideDateTime,
    /// A day.
    GlideDate,
    /// A length of time, kept as a moment after 1970.
    GlideDuration,
    /// A password that is hashed.
    Password,
    /// A password that is encrypted.
    Password2,
    /// Entries that are added and read elsewhere: reads empty.
    JournalInput,
    /// A record id.
    #[serde(rename = "GUID")]
    Guid,
    /// The name of the row's own table.
    SysClassName,
    /// A domain.
    DomainId,
    /// Values of variables that another record defines: reads empty and ignores writes.
    GlideVar,
}

/// Every kind with its name in `sys_dictionary.internal_type`.
const KINDS: &[(ColumnKind, &str)] = &[
    (ColumnKind::String, "string"),
    (ColumnKind::TranslatedText, "translated_text"),
    (ColumnKind::Script, "script"),
    (ColumnKind::Url, "url"),
    (ColumnKind::Json, "json"),
    (ColumnKind::Conditions, "conditions"),
    (ColumnKind::TableName, "table_name"),
    (ColumnKind::Boolean, "boolean"),
    (ColumnKind::Integer, "integer"),
    (ColumnKind::Longint, "longint"),
    (ColumnKind::Decimal, "decimal"),
    (ColumnKind::Choice, "choice"),
    (ColumnKind::Reference, "reference"),
    (ColumnKind::GlideList, "glide_list"),
    (ColumnKind::GlideDateTime, "glide_date_time"),
    (ColumnKind::GlideDate, "glide_date"),
    (ColumnKind::GlideDuration, "glide_duration"),
    (ColumnKind::Password, "password"),
    (ColumnKind::Password2, "password2"),
    (ColumnKind::JournalInput, "journal_input"),
    (ColumnKind::Guid, "GUID"),
    (ColumnKind::SysClassName, "sys_class_name"),
    (ColumnKind::DomainId, "domain_id"),
    (ColumnKind::GlideVar, "glide_var"),
];

impl ColumnKind {
    /// As `sys_dictionary.internal_type` says it.
    pub fn internal_type(self) -> &'static str {
        KINDS.iter().find(|(kind, _)| *kind == self).map_or("string", |(_, name)| name)
    }

    /// Every kind with its name.
    pub fn all() -> impl Iterator<Item = (ColumnKind, &'static str)> {
        KINDS.iter().copied()
    }

    /// Whether what it holds is a secret.
    pub fn is_secret(self) -> bool {
        matches!(self, ColumnKind::Password | ColumnKind::Password2)
    }
}

/// What happens to a row that refers to a row that is deleted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cascade {
    /// Its reference is emptied.
    Clear,
    /// It is deleted too.
    Delete,
    /// It keeps the others from being deleted.
    Restrict,
    /// Its reference stays and leads nowhere.
    None,
}

impl Cascade {
    /// As `sys_dictionary.reference_cascade_rule` says it.
    pub fn name(self) -> &'static str {
        match self {
            Cascade::Clear => "clear",
            Cascade::Delete => "delete",
            Cascade::Restrict => "restrict",
            Cascade::None => "none",
        }
    }
}

/// A column of a table.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// What people see.
    pub label: String,
    /// What it holds.
    pub kind: ColumnKind,
    /// Characters that it keeps; more are cut off.
    pub max_length: Option<usize>,
    /// Its value in a new row.
    pub default: String,
    /// Whether people must fill it in.
    pub mandatory: bool,
    /// Whether the instance alone writes it.
    pub read_only: bool,
    /// Whether no two rows may have the same value.
    pub unique: bool,
    /// Whether it stands for the row where the row is referred to.
    pub display: bool,
    /// The table that it refers to.
    pub reference: Option<String>,
    /// What happens to this row when the row that it refers to is deleted; the setting decides when nothing is said.
    pub cascade: Option<Cascade>,
    /// Values and labels.
    pub choices: Vec<(String, String)>,
}

/// A column as an object of a document.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Described {
    name: String,
    label: String,
    #[serde(rename = "type", default)]
    kind: ColumnKind,
    #[serde(default)]
    max_length: Option<usize>,
    #[serde(default)]
    default: String,
    #[serde(default)]
    mandatory: bool,
    #[serde(default)]
    read_only: bool,
    #[serde(default)]
    unique: bool,
    #[serde(default)]
    display: bool,
    #[serde(default)]
    reference: Option<String>,
    #[serde(default)]
    cascade: Option<Cascade>,
    #[serde(default)]
    choices: Vec<(String, String)>,
}

impl From<Described> for Column {
    fn from(it: Described) -> Column {
        Column {
            name: it.name,
            label: it.label,
            kind: it.kind,
            max_length: it.max_length,
            default: it.default,
            mandatory: it.mandatory,
            read_only: it.read_only,
            unique: it.unique,
            display: it.display,
            reference: it.reference,
            cascade: it.cascade,
            choices: it.choices,
        }
    }
}

/// A line that describes no column.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{line}` describes no column: {reason}; write `name | Label | type and length or table | flags | value: Label; …`"
)]
pub struct ColumnError {
    line: String,
    reason: String,
}

impl Column {
    /// Reads `name | Label | type 40 | mandatory unique =default | value: Label; value: Label`.
    ///
    /// Behind the type stand the length, and for references and lists the table. The last two parts may be left out.
    ///
    /// # Errors
    /// A part is missing or unknown.
    pub fn parse(line: &str) -> Result<Column, ColumnError> {
        let wrong = |reason: String| ColumnError { line: line.to_owned(), reason };
        let mut parts = line.split('|').map(str::trim);
        let (Some(name), Some(label), Some(kind)) = (parts.next(), parts.next(), parts.next()) else {
            return Err(wrong("it has fewer than three parts".to_owned()));
        };
        let mut column = Column { name: name.to_owned(), label: label.to_owned(), ..Column::default() };
        column.read_kind(kind).map_err(wrong)?;
        for flag in parts.next().unwrap_or_default().split_whitespace() {
            column.read_flag(flag).map_err(wrong)?;
        }
        for choice in parts.next().unwrap_or_default().split(';').map(str::trim).filter(|it| !it.is_empty()) {
            let (value, label) =
                choice.split_once(':').ok_or_else(|| wrong(format!("the choice `{choice}` has no label")))?;
            column.choices.push((value.trim().to_owned(), label.trim().to_owned()));
        }
        Ok(column)
    }

    fn read_kind(&mut self, text: &str) -> Result<(), String> {
        let mut words = text.split_whitespace();
        let named = words.next().unwrap_or_default();
        let kind = KINDS.iter().find(|(_, name)| *name == named);
        self.kind = kind.map(|(kind, _)| *kind).ok_or_else(|| format!("there is no type `{named}`"))?;
        for word in words {
            match word.parse() {
                Ok(length) => self.max_length = Some(length),
                Err(_) => self.reference = Some(word.to_owned()),
            }
        }
        Ok(())
    }

    fn read_flag(&mut self, flag: &str) -> Result<(), String> {
        match flag {
            "mandatory" => self.mandatory = true,
            "read_only" => self.read_only = true,
            "unique" => self.unique = true,
            "display" => self.display = true,
            "on_delete_clear" => self.cascade = Some(Cascade::Clear),
            "on_delete_delete" => self.cascade = Some(Cascade::Delete),
            "on_delete_restrict" => self.cascade = Some(Cascade::Restrict),
            "on_delete_none" => self.cascade = Some(Cascade::None),
            other => match other.strip_prefix('=') {
                Some(value) => self.default = value.to_owned(),
                None => return Err(format!("there is no flag `{other}`")),
            },
        }
        Ok(())
    }
}

/// A line or an object.
impl<'de> Deserialize<'de> for Column {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Column, D::Error> {
        deserializer.deserialize_any(LineOrObject)
    }
}

struct LineOrObject;

impl<'de> Visitor<'de> for LineOrObject {
    type Value = Column;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a column: a line or an object")
    }

    fn visit_str<E: Error>(self, line: &str) -> Result<Column, E> {
        Column::parse(line).map_err(E::custom)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Column, A::Error> {
        Described::deserialize(MapAccessDeserializer::new(map)).map(Column::from)
    }
}
