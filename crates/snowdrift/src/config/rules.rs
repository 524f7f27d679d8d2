//! Rules of `snowdrift.toml` that let a finding be: which, why, and until when.

use jiff::civil::Date;
use serde::Deserialize;
use toml::Value as Toml;

use crate::report::{Class, Finding};

/// One `[[ignore]]` table. All that it names has to hold.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// Why what it matches is let be.
    pub reason: String,
    /// The last day on which it holds; nothing if without end.
    #[serde(default, deserialize_with = "day")]
    pub until: Option<Date>,
    /// The class of the finding.
    pub class: Option<Class>,
    /// The Terraform address, where `*` stands for anything.
    pub address: Option<String>,
    /// The Terraform type, where `*` stands for anything.
    #[serde(rename = "type")]
    pub type_name: Option<String>,
    /// An attribute, where `*` stands for anything. The rest of the finding stays.
    pub attribute: Option<String>,
    /// The name of the record, where `*` stands for anything.
    pub record: Option<String>,
    /// The name of the instance, where `*` stands for anything.
    pub instance: Option<String>,
}

fn day<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<Date>, D::Error> {
    let text = match Toml::deserialize(deserializer)? {
        Toml::String(it) => it,
        Toml::Datetime(it) => it.to_string(),
        _ => return Err(serde::de::Error::custom("`until` is a day, such as 2027-01-31")),
    };
    let wrong =
        |_| serde::de::Error::custom(format!("`until` is `{text}`, which is no day; write 2027-01-31"));
    text.parse().map(Some).map_err(wrong)
}

/// Reads the rules.
///
/// # Errors
/// One means nothing; the message says which and why.
pub fn read(section: Toml) -> Result<Vec<Rule>, String> {
    let Toml::Array(tables) = section else { return Err("`ignore` is written as `[[ignore]]`".to_owned()) };
    let mut rules = Vec::new();
    for (at, table) in tables.into_iter().enumerate() {
        let wrong = |reason: &str| format!("in the {}. `[[ignore]]`: {}", at + 1, reason.trim_end());
        let rule: Rule = table.try_into().map_err(|it: toml::de::Error| wrong(it.message()))?;
        if rule.reason.trim().is_empty() {
            return Err(wrong("its `reason` is empty; say why what it matches is let be"));
        }
        if rule.is_boundless() {
            return Err(wrong(
                "it would let everything be; name at least one of class, address, type, attribute, record",
            ));
        }
        rules.push(rule);
    }
    Ok(rules)
}

impl Rule {
    fn is_boundless(&self) -> bool {
        let names = [&self.address, &self.type_name, &self.attribute, &self.record];
        self.class.is_none() && names.iter().all(|it| it.is_none())
    }

    /// Whether it holds on a day.
    pub fn holds_on(&self, today: Date) -> bool {
        self.until.is_none_or(|it| today <= it)
    }

    /// Whether it is about that finding, apart from its attributes.
    pub fn is_about(&self, finding: &Finding, instance: &str) -> bool {
        let fits = |pattern: &Option<String>, text: Option<&str>| {
            pattern.as_deref().is_none_or(|pattern| text.is_some_and(|it| matches(pattern, it)))
        };
        self.class.is_none_or(|it| it == finding.class)
            && fits(&self.address, finding.address.as_deref())
            && fits(&self.type_name, Some(&finding.type_name))
            && fits(&self.record, finding.record.as_ref().map(|it| it.name.as_str()))
            && fits(&self.instance, Some(instance))
    }

    /// Whether it is about that attribute: the attribute itself, or one that it is within.
    pub fn names(&self, attribute: &str) -> bool {
        let outer = attribute.split(['.', '[']).next().unwrap_or(attribute);
        self.attribute.as_deref().is_none_or(|it| matches(it, attribute) || matches(it, outer))
    }
}

/// Whether a text fits a pattern in which `*` stands for any characters, or none.
pub fn matches(pattern: &str, text: &str) -> bool {
    let mut parts = pattern.split('*');
    let Some(mut rest) = parts.next().and_then(|first| text.strip_prefix(first)) else { return false };
    let mut last: Option<&str> = None;
    for part in parts {
        if let Some(before) = last.replace(part) {
            match rest.find(before) {
                Some(at) => rest = rest.get(at + before.len()..).unwrap_or_default(),
                None => return false,
            }
        }
    }
    match last {
        Some(end) => rest.ends_with(end),
        None => rest.is_empty(),
    }
}
