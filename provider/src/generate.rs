//! Documentation and schemas, made from the descriptions.

mod pages;

use std::collections::BTreeMap;
use std::sync::Arc;

use tf_core::docs::Kind;
use tf_core::provider_json::{self, Schemas};
use tf_core::{IdentitySchema, Schema, json_schema, model};

use self::pages::Pages;
use crate::registry::{DEFINITIONS, Listed, POINTERS};
use crate::resources::environment::Environments;
use crate::resources::record;
use crate::session::Shared;
use crate::settings::ProviderBlock;
use crate::{SOURCE_ADDRESS, actions, data_sources, ephemerals, errors, functions, lists, registry};

/// What a page needs beyond the schema.
struct Topic {
    kind: Kind,
    type_name: String,
    subcategory: &'static str,
    notes: String,
    schema: Schema,
    identity: Option<IdentitySchema>,
}

/// Every generated file, by its path from the root of the repository. `read` gives the text of a file by such a path.
pub fn files(read: &dyn Fn(&str) -> Option<String>) -> BTreeMap<String, String> {
    let shared: Arc<Shared> = Arc::default();
    let topics: Vec<Topic> = resources(&shared).into_iter().chain(others(&shared)).collect();
    let provider = model::schema::<ProviderBlock>();
    let pages = Pages { read };
    let mut files = BTreeMap::from([
        ("docs/index.md".to_owned(), pages.index(&provider)),
        ("schemas/provider.json".to_owned(), provider_schema(&provider, &topics)),
        ("docs/guides/errors.md".to_owned(), errors::catalogue::page()),
    ]);
    for topic in &topics {
        let (path, page) = pages.topic(topic);
        files.insert(path, page);
        if topic.kind == Kind::Resource {
            let schema = pretty(&json_schema::render(&topic.type_name, &topic.schema));
            files.insert(format!("schemas/resources/{}.schema.json", topic.type_name), schema);
        }
    }
    files.extend(functions::all().iter().map(|it| pages.function(&it.signature())));
    files
}

fn resources(shared: &Arc<Shared>) -> Vec<Topic> {
    let about = |type_name: &str| {
        let definition = DEFINITIONS.iter().find(|it| it.type_name == type_name);
        let pointer = POINTERS.iter().find(|it| it.type_name == type_name);
        let of_definition = definition.map(|it| (it.subcategory, it.page_notes()));
        let of_pointer = pointer.map(|it| (it.subcategory, it.notes.to_owned()));
        let beside = match type_name {
            Environments::TYPE_NAME => ("Connections", Environments::NOTES.to_owned()),
            _ => ("Records", record::Records::NOTES.to_owned()),
        };
        of_definition.or(of_pointer).unwrap_or(beside)
    };
    let topic = |it: Arc<dyn tf_plugin::Resource>| {
        let (subcategory, notes) = about(it.type_name());
        Topic {
            kind: Kind::Resource,
            type_name: it.type_name().to_owned(),
            subcategory,
            notes,
            schema: it.schema(),
            identity: it.identity().map(tf_plugin::Identify::identity_schema),
        }
    };
    registry::resources(shared).into_iter().map(topic).collect()
}

/// Everything else that has a schema.
fn others(shared: &Arc<Shared>) -> Vec<Topic> {
    let mut topics = Vec::new();
    for Listed { it, subcategory, notes } in data_sources::all(shared) {
        topics.push(Topic::new(Kind::DataSource, it.type_name(), (subcategory, notes), it.schema()));
    }
    for Listed { it, subcategory, notes } in lists::all(shared) {
        topics.push(Topic::new(Kind::ListResource, it.type_name(), (subcategory, notes), it.schema()));
    }
    for Listed { it, subcategory, notes } in ephemerals::all(shared) {
        topics.push(Topic::new(Kind::EphemeralResource, it.type_name(), (subcategory, notes), it.schema()));
    }
    for Listed { it, subcategory, notes } in actions::all(shared) {
        topics.push(Topic::new(Kind::Action, it.type_name(), (subcategory, notes), it.schema()));
    }
    topics
}

impl Topic {
    /// A page about something without an identity: its menu group, and what it says beyond the attributes.
    fn new(kind: Kind, type_name: &str, about: (&'static str, &'static str), schema: Schema) -> Topic {
        let (subcategory, notes) = about;
        let (type_name, notes) = (type_name.to_owned(), notes.to_owned());
        Topic { kind, type_name, subcategory, notes, schema, identity: None }
    }
}

fn provider_schema(provider: &Schema, topics: &[Topic]) -> String {
    let of = |kind: Kind| -> BTreeMap<String, Schema> {
        let those = topics.iter().filter(|it| it.kind == kind);
        those.map(|it| (it.type_name.clone(), it.schema.clone())).collect()
    };
    let identities = topics.iter().filter_map(|it| Some((it.type_name.clone(), it.identity.clone()?)));
    let functions = functions::all().into_iter().map(|it| it.signature());
    let schemas = Schemas {
        provider: provider.clone(),
        resources: of(Kind::Resource),
        data_sources: of(Kind::DataSource),
        functions: functions.map(|it| (it.name.clone(), it)).collect(),
        ephemeral_resources: of(Kind::EphemeralResource),
        identities: identities.collect(),
        list_resources: of(Kind::ListResource),
        actions: of(Kind::Action),
    };
    pretty(&provider_json::render(SOURCE_ADDRESS, &schemas))
}

fn pretty(json: &serde_json::Value) -> String {
    format!("{json:#}\n")
}
