//! Documentation and schemas, made from the descriptions.

use std::collections::BTreeMap;

use tf_core::docs::{self, Kind, Page};
use tf_core::provider_json::{self, Schemas};
use tf_core::{Schema, json_schema, model};

use crate::registry::DEFINITIONS;
use crate::resources::connection_activation::{Activation, ConnectionActivation};
use crate::settings::ProviderBlock;
use crate::{PREFIX, SOURCE_ADDRESS, errors, timeouts};

/// What a page needs beyond the schema.
struct Topic {
    type_name: &'static str,
    subcategory: &'static str,
    notes: String,
    schema: Schema,
}

/// Every generated file, by its path from the root of the repository. `read` gives the text of a file by such a path.
pub fn files(read: &dyn Fn(&str) -> Option<String>) -> BTreeMap<String, String> {
    let topics = topics();
    let provider = model::schema::<ProviderBlock>();
    let mut files = BTreeMap::from([
        ("docs/index.md".to_owned(), index(&provider, read)),
        ("schemas/provider.json".to_owned(), provider_schema(&provider, &topics)),
        ("docs/guides/errors.md".to_owned(), errors::catalogue::page()),
    ]);
    for topic in &topics {
        let short = short(topic.type_name);
        files.insert(format!("docs/resources/{short}.md"), page(topic, read));
        let schema = pretty(&json_schema::render(topic.type_name, &topic.schema));
        files.insert(format!("schemas/resources/{}.schema.json", topic.type_name), schema);
    }
    files
}

fn topics() -> Vec<Topic> {
    let records = DEFINITIONS.iter().map(|it| Topic {
        type_name: it.type_name,
        subcategory: it.subcategory,
        notes: it.page_notes(),
        schema: it.whole_schema(),
    });
    let activation = Topic {
        type_name: ConnectionActivation::TYPE_NAME,
        subcategory: "Connections",
        notes: ConnectionActivation::NOTES.to_owned(),
        schema: timeouts::with_block(model::schema::<Activation>()),
    };
    records.chain([activation]).collect()
}

fn index(provider: &Schema, read: &dyn Fn(&str) -> Option<String>) -> String {
    docs::page(&Page {
        kind: Kind::Provider,
        title: "Provider: ServiceNow",
        type_name: PREFIX,
        description: first_sentence(&provider.block.doc),
        subcategory: "",
        example: read("examples/provider/provider.tf").as_deref(),
        ..Page::new(provider)
    })
}

fn page(topic: &Topic, read: &dyn Fn(&str) -> Option<String>) -> String {
    let folder = format!("examples/resources/{}", topic.type_name);
    docs::page(&Page {
        title: topic.type_name,
        type_name: topic.type_name,
        description: first_sentence(&topic.schema.block.doc),
        subcategory: topic.subcategory,
        example: read(&format!("{folder}/resource.tf")).as_deref(),
        import: read(&format!("{folder}/import.sh")).as_deref(),
        extra: &topic.notes,
        ..Page::new(&topic.schema)
    })
}

fn provider_schema(provider: &Schema, topics: &[Topic]) -> String {
    let resources = topics.iter().map(|it| (it.type_name.to_owned(), it.schema.clone())).collect();
    let schemas = Schemas { provider: provider.clone(), resources, ..Schemas::default() };
    pretty(&provider_json::render(SOURCE_ADDRESS, &schemas))
}

fn first_sentence(doc: &str) -> &str {
    doc.split_inclusive(". ").next().or(doc.lines().next()).unwrap_or(doc).trim()
}

fn short(type_name: &str) -> &str {
    type_name.strip_prefix(PREFIX).and_then(|it| it.strip_prefix('_')).unwrap_or(type_name)
}

fn pretty(json: &serde_json::Value) -> String {
    format!("{json:#}\n")
}
