//! What holds for everything in the list.

use std::collections::BTreeSet;

use reconcile::Holds;
use tf_core::schema::rules;
use tf_core::{Attribute, model};

use super::*;
use crate::PREFIX;
use crate::settings::ProviderBlock;
use crate::tables::table;

fn attributes(definition: &Definition) -> Vec<Attribute> {
    (definition.schema)().block.attributes
}

#[test]
fn every_schema_keeps_terraforms_rules() {
    for resource in resources(&Arc::default()) {
        assert_eq!(rules::resource(&resource.schema()), Vec::new(), "{}", resource.type_name());
        assert!(resource.type_name().starts_with(&format!("{PREFIX}_")), "{}", resource.type_name());
    }
    assert_eq!(rules::provider(&model::schema::<ProviderBlock>()), Vec::new());
}

#[test]
fn every_schema_beside_resources_keeps_terraforms_rules() {
    let shared = Arc::default();
    for source in crate::data_sources::all(&shared) {
        let name = source.it.type_name();
        assert_eq!(rules::question(&source.it.schema()), Vec::new(), "{name}");
        assert!(name.starts_with(&format!("{PREFIX}_")), "{name}");
    }
    for list in crate::lists::all(&shared) {
        assert_eq!(rules::list(&list.it.schema()), Vec::new(), "{}", list.it.type_name());
    }
    for ephemeral in crate::ephemerals::all(&shared) {
        assert_eq!(rules::question(&ephemeral.it.schema()), Vec::new(), "{}", ephemeral.it.type_name());
    }
    for action in crate::actions::all(&shared) {
        assert_eq!(rules::action(&action.it.schema()), Vec::new(), "{}", action.it.type_name());
    }
    for resource in resources(&shared).iter().filter(|it| !OF_NO_RECORD.contains(&it.type_name())) {
        let identity = resource.identity().map(tf_plugin::Identify::identity_schema);
        let problems = identity.as_ref().map(rules::identity);
        assert_eq!(problems, Some(Vec::new()), "{}", resource.type_name());
    }
}

#[test]
fn every_resource_can_be_listed_and_looked_up() {
    let shared = Arc::default();
    let lists: BTreeSet<String> =
        crate::lists::all(&shared).iter().map(|it| it.it.type_name().to_owned()).collect();
    let sources: BTreeSet<String> =
        crate::data_sources::all(&shared).iter().map(|it| it.it.type_name().to_owned()).collect();
    // A record of any table is found only where its table is named: there is no one table to search.
    let is_found = |name: &str| !OF_NO_RECORD.contains(&name) && name != record::Records::TYPE_NAME;
    for resource in resources(&shared).iter().filter(|it| is_found(it.type_name())) {
        let name = resource.type_name();
        assert!(lists.contains(name), "{name} has no list");
        assert!(sources.contains(name), "{name} has no data source");
        assert!(sources.contains(&crate::data_sources::plural(name)), "{name} has no data source of many");
    }
}

#[test]
fn every_type_name_is_there_once() {
    let all = resources(&Arc::default());
    let names: BTreeSet<&str> = all.iter().map(|it| it.type_name()).collect();
    assert_eq!(names.len(), all.len());
}

#[test]
fn every_attribute_is_laid_out_exactly_once() {
    for definition in DEFINITIONS {
        let mut held = definition.layout.attributes();
        held.extend(definition.beside);
        let attributes = attributes(definition);
        let mut declared: Vec<&str> = attributes.iter().map(|it| it.name.as_str()).collect();
        held.sort_unstable();
        declared.sort_unstable();
        assert_eq!(held, declared, "{}", definition.type_name);
    }
}

#[test]
fn a_secret_column_holds_a_write_only_attribute_and_no_other_column_does() {
    for definition in DEFINITIONS {
        let columns = definition.layout.records.iter().flat_map(|it| it.columns);
        let secrets: BTreeSet<&str> = columns
            .filter_map(|it| match it.holds {
                Holds::Secret(attribute, _) => Some(attribute),
                _ => None,
            })
            .collect();
        let attributes = attributes(definition);
        let hidden = attributes.iter().filter(|it| it.sensitive || it.write_only);
        let hidden: BTreeSet<&str> = hidden.map(|it| it.name.as_str()).collect();
        assert_eq!(secrets, hidden, "{}", definition.type_name);
        assert!(attributes.iter().all(|it| it.sensitive == it.write_only), "{}", definition.type_name);
    }
}

#[test]
fn every_table_has_a_legal_name_and_every_layout_a_main_record() {
    for definition in DEFINITIONS {
        for record in definition.layout.records {
            assert!(table(record.table).is_ok(), "{}", record.table);
            for column in record.columns {
                if let Holds::Reference(_, target) | Holds::References(_, target) = column.holds {
                    assert!(table(target).is_ok(), "{target}");
                }
                if let Some(lookup) = column.holds.lookup() {
                    assert!(table(lookup.table).is_ok() && !lookup.keys.is_empty(), "{}", lookup.table);
                }
            }
        }
        assert!(definition.layout.main().is_some(), "{}", definition.type_name);
        if let Some(exclusive) = definition.exclusive {
            let names = [exclusive.members, exclusive.concrete, exclusive.groups];
            assert!(names.iter().all(|it| table(it).is_ok()), "{names:?}");
        }
    }
}

#[test]
fn every_natural_key_is_a_column_of_the_main_record() {
    for definition in DEFINITIONS {
        let columns: Vec<&str> = definition.layout.main().unwrap().columns.iter().map(|it| it.name).collect();
        for key in definition.natural_keys {
            assert!(columns.contains(key), "{}: {key}", definition.type_name);
        }
    }
}
