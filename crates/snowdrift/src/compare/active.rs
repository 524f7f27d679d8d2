//! Which connection of an integration is active, against what is declared of it: moved, none, several; and whether what is
//! active fits the environment.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use servicenow_core::Record as Row;
use terraform_provider_servicenow::dialects::{Exclusive, GROUPS};
use terraform_provider_servicenow::switch::domain;
use tf_core::{Object, Value};

use super::findings::{apply, declared, record};
use super::pair::{Choice, Declares, Pair, written};
use super::tables::{Seen, Tables, definition};
use super::{Compared, text};
use crate::declared::Resource;
use crate::live::Live;
use crate::report::{Class, ConnectionLine, Finding, IntegrationLine, Record, Remedy, Status};

/// The members of every declared group.
pub struct Groups {
    groups: BTreeMap<String, Group>,
    /// What is declared of the choice in each group.
    choices: BTreeMap<String, Vec<Declares>>,
    /// The name of each member and of each declared group by its id.
    names: BTreeMap<String, String>,
    /// The domain of each member that has one: one may be active in each domain.
    domains: BTreeMap<String, String>,
}

struct Group {
    active: Vec<String>,
    members: usize,
    allows_several: bool,
}

/// How the declared choice stands.
pub enum Standing {
    /// Another one is active.
    Moved {
        /// What is declared.
        from: String,
        /// What is active.
        to: String,
    },
    /// None is active; what is declared.
    Dark(String),
    /// The group has several active ones, which is a finding of its own.
    Told,
}

impl Groups {
    /// Looks at the members of the groups that are declared or chosen in.
    pub fn of(compared: &Compared, tables: &Tables) -> Groups {
        let mut groups = Groups {
            groups: BTreeMap::new(),
            choices: choices(compared),
            names: BTreeMap::new(),
            domains: BTreeMap::new(),
        };
        for exclusive in GROUPS {
            if let Some(seen) = tables.members(exclusive) {
                groups.add(exclusive, seen);
            }
        }
        for pair in &compared.pairs {
            let Some((exclusive, _)) = group_of(pair.type_name()) else { continue };
            let id = pair.id.as_deref().unwrap_or_default();
            let row = tables.row(exclusive.groups, id);
            if let Some(name) = row.map(|it| it.text(exclusive.group_name)).filter(|it| !it.is_empty()) {
                groups.names.insert(id.to_owned(), name.to_owned());
            }
            if let Some(group) = groups.groups.get_mut(id) {
                group.allows_several =
                    exclusive.group_allows_several.zip(row).is_some_and(|(column, row)| row.flag(column));
            }
        }
        groups
    }

    fn add(&mut self, exclusive: &Exclusive, seen: &Seen) {
        for (id, row) in seen.rows() {
            let name = row.text(exclusive.name);
            self.names.insert(id.clone(), if name.is_empty() { id.clone() } else { name.to_owned() });
            let group = row.text(exclusive.group);
            if group.is_empty() {
                continue;
            }
            if let Some(domain) = exclusive.domain.map(|it| domain(row.text(it))).filter(|it| !it.is_empty())
            {
                self.domains.insert(id.clone(), domain.to_owned());
            }
            let empty = || Group { active: Vec::new(), members: 0, allows_several: false };
            let group = self.groups.entry(group.to_owned()).or_insert_with(empty);
            group.members += 1;
            if row.flag(exclusive.flag) {
                group.active.push(id.clone());
            }
        }
    }

    /// A record under the name of what it is of, where its type has no name of its own: a pointer is one of its group.
    pub fn named(&self, record: Record) -> Record {
        let name = self.names.get(&record.sys_id).filter(|_| record.name == record.sys_id).cloned();
        Record { name: name.unwrap_or(record.name), ..record }
    }

    fn name(&self, id: &str) -> String {
        self.names.get(id).map_or_else(|| format!("`{id}`"), |it| format!("\"{it}\""))
    }

    fn share_domain(&self, one: &str, other: &str) -> bool {
        self.domains.get(one) == self.domains.get(other)
    }

    /// Those that are active beside another one of their domain.
    fn with_rivals<'a>(&self, active: &'a [String]) -> Vec<&'a String> {
        let has_rival = |it: &&String| active.iter().filter(|other| self.share_domain(it, other)).count() > 1;
        active.iter().filter(has_rival).collect()
    }

    /// How the choice stands that an object declares, if it declares one and nothing else differs.
    pub fn standing_of(&self, pair: &Pair) -> Option<Standing> {
        let differing = pair.differing.as_ref()?;
        let only = |name: &str| differing.attributes.iter().all(|it| it == name);
        let (choice, group) = (pair.choice.as_ref()?, pair.group()?);
        match &choice.declares {
            Declares::Active(wish) if only("connection_id") => self.standing(group, wish),
            Declares::Itself(Some(true)) if only(switch(pair.type_name())?.1) => {
                self.standing(group, pair.id.as_deref()?)
            }
            Declares::Active(_) | Declares::Itself(_) => None,
        }
    }

    fn standing(&self, group: &str, wish: &str) -> Option<Standing> {
        let group = self.groups.get(group)?;
        let active: Vec<&String> = group.active.iter().filter(|it| self.share_domain(wish, it)).collect();
        let wish = self.name(wish);
        Some(match active.as_slice() {
            [] => Standing::Dark(wish),
            [one] => Standing::Moved { from: wish, to: self.name(one) },
            _ if group.allows_several => return None,
            _ => Standing::Told,
        })
    }

    /// Declared groups in which several are active, or none although nobody declares it so.
    pub fn findings(&self, live: &Live, compared: &Compared) -> Vec<Finding> {
        let mut findings = Vec::new();
        let mut told = BTreeSet::new();
        for (id, pair) in owners(compared) {
            let Some(group) = self.groups.get(id).filter(|_| told.insert(id.to_owned())) else { continue };
            let address = &pair.declaration.address;
            let (class, words) = match group.active.as_slice() {
                [] if self.is_meant_to_be_dark(id) || self.is_chosen(id) => continue,
                [] => (Class::NoneActive, dark(address, group.members)),
                [_] => continue,
                _ if group.allows_several => continue,
                several => {
                    let several = self.with_rivals(several);
                    if several.is_empty() {
                        continue;
                    }
                    let names: Vec<String> = several.iter().map(|it| self.name(it)).collect();
                    (
                        Class::SeveralActive,
                        format!(
                            "{} connections of the integration of `{address}` are active at once: {}.",
                            several.len(),
                            names.join(", ")
                        ),
                    )
                }
            };
            let by_hand = "Leave one connection active, or declare which one with an activation.".to_owned();
            let is_pointer = is_pointer(pair);
            let remedy = Remedy {
                apply: is_pointer.then(|| apply(address)),
                by_hand: (!is_pointer).then_some(by_hand),
                adopt: None,
            };
            let record = super::findings::record_of(live, pair);
            findings.push(Finding { remedy, ..declared(live, class, words, &pair.declaration, record) });
        }
        findings
    }

    /// Whether a pointer or a connection says which one is active, which is a finding of its own where it is not so.
    fn is_chosen(&self, id: &str) -> bool {
        let mut declared = self.choices.get(id).into_iter().flatten();
        declared.any(|it| !matches!(it, Declares::Itself(None | Some(false))))
    }

    /// Whether every declared connection of a group is declared to be off, or none is declared at all.
    fn is_meant_to_be_dark(&self, id: &str) -> bool {
        let mut declared = self.choices.get(id).into_iter().flatten();
        declared.all(|it| matches!(it, Declares::Active(_) | Declares::Itself(Some(false))))
    }
}

/// What is declared of the choice in each group, by its id.
fn choices(compared: &Compared) -> BTreeMap<String, Vec<Declares>> {
    let mut choices: BTreeMap<String, Vec<Declares>> = BTreeMap::new();
    for pair in &compared.pairs {
        if let (Some(choice), Some(group)) = (&pair.choice, pair.group()) {
            choices.entry(group.to_owned()).or_default().push(choice.declares.clone());
        }
    }
    choices
}

/// What a resource declares about which one of a group is active; `object` is the live one.
pub fn choice(resource: &Resource, object: &Object) -> Option<Choice> {
    let group_in = |attribute: &str| text(object, attribute).map(Box::from);
    if let Some((group, wish)) = pointer(&resource.type_name) {
        let wish = written(resource, wish).and_then(Value::as_str).unwrap_or_default();
        return Some(Choice { group: group_in(group), declares: Declares::Active(wish.into()) });
    }
    let (_, flag, group) = switch(&resource.type_name)?;
    let active = written(resource, flag).and_then(Value::as_bool);
    Some(Choice { group: group_in(group), declares: Declares::Itself(active) })
}

fn is_pointer(pair: &Pair) -> bool {
    pointer(pair.type_name()).is_some()
}

/// What is said of a group with so many connections of which none is active.
fn dark(address: &str, members: usize) -> String {
    let none = match members {
        0 => format!("The integration of `{address}` has no connection"),
        1 => format!("The only connection of the integration of `{address}` is not active"),
        _ => format!("None of the {members} connections of the integration of `{address}` is active"),
    };
    format!("{none}: nothing is sent.")
}

/// Who speaks for a group: its pointer, or else the group itself.
fn owners(compared: &Compared) -> Vec<(&str, &Pair)> {
    let pointers = compared.pairs.iter().filter(|it| is_pointer(it));
    let pointers = pointers.filter_map(|pair| Some((pair.group()?, pair)));
    let groups = compared.pairs.iter().filter_map(|pair| {
        group_of(pair.type_name())?;
        Some((pair.id.as_deref()?, pair))
    });
    pointers.chain(groups).collect()
}

/// The kind of group that a type is the record of, and the type.
fn group_of(type_name: &str) -> Option<(&'static Exclusive, &'static str)> {
    let definition = definition(type_name)?;
    let table = definition.layout.main()?.table;
    GROUPS.iter().find(|it| it.groups == table).map(|it| (*it, definition.type_name))
}

/// Of a pointer the attributes that name the group and the member.
fn pointer(type_name: &str) -> Option<(&'static str, &'static str)> {
    match type_name {
        "servicenow_connection_activation" => Some(("connection_alias_id", "connection_id")),
        "servicenow_unifi_activation" => Some(("integration_id", "connection_id")),
        _ => None,
    }
}

/// Of a member the kind of its group, and the attributes that say whether it is active and which group it is in.
fn switch(type_name: &str) -> Option<(&'static Exclusive, &'static str, &'static str)> {
    let definition = definition(type_name)?;
    let exclusive = definition.exclusive?;
    let main = definition.layout.main()?;
    let held = |column: &str| {
        let column = main.columns.iter().find(|it| it.name == column)?;
        column.holds.attributes().first().copied()
    };
    Some((exclusive, held(exclusive.flag)?, held(exclusive.group)?))
}

/// Why a declared connection is active where it should not be: it leads where its environment does not belong.
pub fn misfit(live: &Live, resource: &Resource, object: &Object) -> Option<String> {
    let (exclusive, flag, _) = switch(&resource.type_name)?;
    let own = exclusive.environment.and_then(|_| text(object, "environment"));
    // A connection that is off belongs to another environment by design.
    if object.get(flag).and_then(Value::as_bool) != Some(true) {
        return None;
    }
    let main = definition(&resource.type_name)?.layout.main()?;
    let address = main.columns.iter().find(|it| it.name == exclusive.address)?.holds.attributes();
    let address = text(object, address.first().copied()?)?;
    let misfit = live.session.environment_hosts.misfit(own, address)?;
    let belongs = match misfit.belongs_to.as_slice() {
        [] => "is not among its hosts".to_owned(),
        others => format!("belongs to {}", others.join(", ")),
    };
    Some(format!(
        "`{}` is active for {} and leads to `{}`, which {belongs}.",
        resource.address, misfit.environment, misfit.host
    ))
}

/// The finding about a declared connection that is active where it should not be.
pub fn misfitting(live: &Live, pair: &Pair) -> Option<Finding> {
    let words = pair.misfit.as_ref()?.to_string();
    let by_hand =
        "Activate the connection of this environment, or correct `environment_hosts` if the host is right.";
    let remedy = Remedy { by_hand: Some(by_hand.to_owned()), ..Remedy::default() };
    let record = super::findings::record_of(live, pair);
    Some(Finding { remedy, ..declared(live, Class::EnvironmentMismatch, words, &pair.declaration, record) })
}

/// The declared integrations with all of their connections.
pub fn lines(live: &Live, compared: &Compared, tables: &Tables) -> Vec<IntegrationLine> {
    let by_id: HashMap<&str, &Pair> =
        compared.pairs.iter().filter_map(|it| Some((it.id.as_deref()?, it))).collect();
    let mut lines = Vec::new();
    for pair in &compared.pairs {
        let Some((exclusive, _)) = group_of(pair.type_name()) else { continue };
        let (Some(id), Some(seen)) = (pair.id.as_deref(), tables.members(exclusive)) else {
            continue;
        };
        let members = seen.holding(exclusive.group, id);
        let rows = members.iter().filter_map(|id| Some((id, seen.row(id)?)));
        let mut connections: Vec<ConnectionLine> =
            rows.map(|(id, row)| line(live, exclusive, id, row, by_id.get(id.as_str()).copied())).collect();
        connections.sort_by(|one, other| one.name.cmp(&other.name));
        let record = super::findings::record_of(live, pair);
        lines.push(IntegrationLine {
            name: record.map_or_else(|| id.to_owned(), |it| it.name),
            table: exclusive.groups.to_owned(),
            sys_id: id.to_owned(),
            address: Some(pair.declaration.address.clone()),
            connections,
        });
    }
    lines.sort_by(|one, other| one.name.cmp(&other.name));
    lines
}

fn line(live: &Live, exclusive: &Exclusive, id: &str, row: &Row, pair: Option<&Pair>) -> ConnectionLine {
    let active = row.flag(exclusive.flag);
    let shown = |it: &Option<Box<str>>| it.as_ref().map(ToString::to_string);
    let environment = pair.and_then(|it| shown(&it.environment));
    let stamp = |column: &str| Some(row.text(column)).filter(|it| !it.is_empty()).map(str::to_owned);
    ConnectionLine {
        name: record(live, exclusive.members, id, row.text(exclusive.name)).name,
        type_name: pair.map_or_else(|| type_of(row), |it| it.type_name().to_owned()),
        sys_id: id.to_owned(),
        address: pair.map(|it| it.declaration.address.clone()),
        environment: environment.or_else(|| live.session.environment_hosts.environment.clone()),
        endpoint: pair.and_then(|it| shown(&it.endpoint)),
        active,
        declared_active: pair.and_then(Pair::declared_active),
        // Whether it has what it needs is told by the rules of the inventory.
        status: if active { Status::Unknown } else { Status::Deactivated },
        status_reason: None,
        changed_by: stamp("sys_updated_by"),
        changed_on: stamp("sys_updated_on").map(|it| super::who::time(&it)),
    }
}

/// The type whose records are of the class of a row.
fn type_of(row: &Row) -> String {
    let class = row.text("sys_class_name");
    let all = terraform_provider_servicenow::registry::DEFINITIONS;
    let found = all.iter().find(|it| it.layout.main().is_some_and(|main| main.table == class));
    found.map_or_else(|| class.to_owned(), |it| it.type_name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_group_without_an_active_connection_is_told_in_words_for_each_number() {
        for (members, expected) in [
            (0, "The integration of `a.b` has no connection: nothing is sent."),
            (1, "The only connection of the integration of `a.b` is not active: nothing is sent."),
            (2, "None of the 2 connections of the integration of `a.b` is active: nothing is sent."),
        ] {
            assert_eq!(dark("a.b", members), expected);
        }
    }
}
