//! Findings from what was compared: their class, their words, and the ways out.

use serde_json::Value as Json;
use tf_core::Mode;

use super::active::{Groups, Standing};
use super::pair::{Declaration, Pair};
use super::tables::{Tables, column_of, definition};
use super::{Compared, Options};
use crate::live::Live;
use crate::report::{Class, Difference, Finding, Place, Record, Remedy, Values};

/// Attributes that a summary names before it only counts.
const NAMED_MAX: usize = 3;

/// Every finding about something that is declared.
pub fn of(live: &Live, compared: &Compared, tables: &Tables, options: &Options) -> Vec<Finding> {
    let groups = Groups::of(compared, tables);
    let mut findings = Vec::new();
    for pair in &compared.pairs {
        findings.extend(changed(live, pair, &groups));
        findings.extend(super::remembered::secret(live, pair, tables, options));
        findings.extend(super::active::misfitting(live, pair));
    }
    for resource in &compared.missing {
        let words = format!("`{}` is declared and not on the instance.", resource.address);
        let remedy =
            Remedy { apply: Some(apply(&resource.address)), by_hand: Some(to_drop(resource)), adopt: None };
        findings.push(Finding { remedy, ..declared(live, Class::Missing, words, resource, None) });
    }
    for (resource, reason) in &compared.hidden {
        let words = format!("Whether `{}` is on the instance is not known: {reason}", resource.address);
        let by_hand = "Give the user that looks a role that may read the table, then look again.".to_owned();
        let remedy = Remedy { by_hand: Some(by_hand), ..Remedy::default() };
        findings.push(Finding { remedy, ..declared(live, Class::Hidden, words, resource, None) });
    }
    findings.extend(groups.findings(live, compared));
    findings
}

fn to_drop(resource: &Declaration) -> String {
    format!(
        "If it is not wanted any more, remove its block and run `terraform state rm {}`, or let Terraform plan its removal.",
        shell(&resource.address)
    )
}

/// What the plan would change of an object.
fn changed(live: &Live, pair: &Pair, groups: &Groups) -> Option<Finding> {
    let differing = pair.differing.as_ref()?;
    let (class, words) = match groups.standing_of(pair) {
        // Said once, of the group as a whole.
        Some(Standing::Told) => return None,
        Some(Standing::Moved { from, to }) => (
            Class::ActivationMoved,
            format!("`{}` declares {from} to be active, and {to} is.", pair.declaration.address),
        ),
        Some(Standing::Dark(declared)) => (
            Class::NoneActive,
            format!(
                "`{}` declares {declared} to be active, and none is: nothing is sent.",
                pair.declaration.address
            ),
        ),
        None => (Class::Changed, summary(&pair.declaration.address, &differing.differences)),
    };
    let remedy = Remedy { apply: Some(apply(&pair.declaration.address)), ..Remedy::default() };
    let record = record_of(live, pair).map(|it| groups.named(it));
    Some(Finding {
        differences: differing.differences.clone(),
        remedy,
        ..declared(live, class, words, &pair.declaration, record)
    })
}

fn summary(address: &str, all: &[Difference]) -> String {
    if let [one] = all {
        let values = match &one.values {
            Values::Shown { declared, live } => short(live).zip(short(declared)),
            Values::Hidden => None,
        };
        return match values {
            Some((live, declared)) => {
                format!("`{}` of `{address}` is {live}, and {declared} is declared.", one.attribute)
            }
            None => format!("`{}` of `{address}` is not as declared.", one.attribute),
        };
    }
    let names: Vec<String> = all.iter().take(NAMED_MAX).map(|it| format!("`{}`", it.attribute)).collect();
    let more = all.len().saturating_sub(names.len());
    let more = if more == 0 { String::new() } else { format!(" and {more} more") };
    format!("{}{more} of `{address}` are not as declared.", names.join(", "))
}

/// Characters of a value that a summary quotes.
const QUOTED_MAX: usize = 60;

/// A value for a sentence, if it is short enough for one.
fn short(value: &Json) -> Option<String> {
    let text = match value {
        Json::Null => "not set".to_owned(),
        Json::String(it) => format!("\"{it}\""),
        Json::Bool(_) | Json::Number(_) => value.to_string(),
        Json::Array(_) | Json::Object(_) => return None,
    };
    (text.chars().count() <= QUOTED_MAX && !text.contains(char::is_control)).then_some(text)
}

/// A finding about something that is declared, without differences, change and remedy.
pub fn declared(
    live: &Live,
    class: Class,
    summary: String,
    resource: &Declaration,
    record: Option<Record>,
) -> Finding {
    Finding {
        fingerprint: fingerprint(&[&live.name, class.word(), &resource.address]),
        class,
        severity: class.usual_severity(),
        summary,
        address: Some(resource.address.clone()),
        type_name: resource.type_name.clone(),
        record,
        place: place(&resource.place),
        differences: Vec::new(),
        change: None,
        remedy: Remedy::default(),
    }
}

/// A finding about a record that nothing declares.
pub fn found(live: &Live, class: Class, summary: String, type_name: &str, record: Record) -> Finding {
    Finding {
        fingerprint: fingerprint(&[&live.name, class.word(), &record.table, &record.sys_id]),
        class,
        severity: class.usual_severity(),
        summary,
        address: None,
        type_name: type_name.to_owned(),
        record: Some(record),
        place: None,
        differences: Vec::new(),
        change: None,
        remedy: Remedy::default(),
    }
}

/// The record of an object.
pub fn record_of(live: &Live, pair: &Pair) -> Option<Record> {
    let id = pair.id.as_deref()?;
    let table = match definition(pair.type_name()).and_then(|it| it.layout.main()) {
        Some(main) => main.table,
        None => match live.subject(pair.type_name()) {
            Some(subject) => subject.table,
            None => pair.table.as_deref()?,
        },
    };
    let name = pair.name.as_deref().unwrap_or(id);
    Some(record(live, table, id, name))
}

/// A record with where a person can open it.
pub fn record(live: &Live, table: &str, id: &str, name: &str) -> Record {
    Record {
        table: table.to_owned(),
        sys_id: id.to_owned(),
        name: name.to_owned(),
        url: format!("{}/{table}.do?sys_id={id}", live.url),
    }
}

/// The column of the instance that holds the attribute of a difference.
pub fn column(type_name: &str, difference: &Difference) -> Option<(&'static str, &'static str)> {
    let outer = difference.attribute.split(['.', '[']).next().unwrap_or_default();
    column_of(type_name, outer)
}

/// The command that makes one object as declared.
pub fn apply(address: &str) -> String {
    format!("terraform apply -target={}", shell(address))
}

/// A text as a shell takes it for one word.
fn shell(text: &str) -> String {
    let is_plain = |it: char| it.is_ascii_alphanumeric() || "._-/:".contains(it);
    if text.chars().all(is_plain) { text.to_owned() } else { format!("'{}'", text.replace('\'', "'\\''")) }
}

/// The place in a document; `None` for what is written nowhere.
pub fn place(place: &crate::declared::Place) -> Option<Place> {
    if place.line == 0 {
        return None;
    }
    let file = place.file.display().to_string().replace(std::path::MAIN_SEPARATOR, "/");
    let file = file.strip_prefix("./").unwrap_or(&file).to_owned();
    Some(Place { file, line: u64::try_from(place.line).unwrap_or(u64::MAX) })
}

/// A clause as a sentence.
pub fn sentence(clause: &str) -> String {
    let mut letters = clause.trim().chars();
    let first = letters.next().map(|it| it.to_uppercase().to_string()).unwrap_or_default();
    let end = if clause.trim_end().ends_with(['.', '!', '?']) { "" } else { "." };
    format!("{first}{}{end}", letters.as_str())
}

/// Sixteen hexadecimal digits that are the same for the same parts on every machine: FNV-1a, 64 bits, with a separator.
pub fn fingerprint(parts: &[&str]) -> String {
    const BASIS: u64 = 0xcbf2_9ce4_8422_2325;
    const PRIME: u64 = 0x0000_0100_0000_01b3;
    let bytes = parts.iter().flat_map(|it| it.bytes().chain([0xff]));
    let hash = bytes.fold(BASIS, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(PRIME));
    format!("{hash:016x}")
}

/// Whether a type has that attribute and lets people set it.
pub fn is_settable(live: &Live, type_name: &str, attribute: &str) -> bool {
    let attributes = live.schema(type_name).into_iter().flat_map(|it| &it.block.attributes);
    attributes.into_iter().any(|it| it.name == attribute && it.behavior.mode != Mode::Computed)
}
