//! One page of documentation for each thing that the provider offers, with the examples from the repository.

use tf_core::docs::{self, FunctionPage, Kind, Page};
use tf_core::{FunctionSignature, Schema};

use super::Topic;
use crate::PREFIX;
use crate::subject::first_sentence;

/// Makes pages; `read` gives the text of a file by its path from the root of the repository.
pub(super) struct Pages<'a> {
    pub read: &'a dyn Fn(&str) -> Option<String>,
}

impl Pages<'_> {
    /// The page of the provider and its settings.
    pub fn index(&self, provider: &Schema) -> String {
        docs::page(&Page {
            kind: Kind::Provider,
            title: "Provider: ServiceNow",
            type_name: PREFIX,
            description: first_sentence(&provider.block.doc),
            subcategory: "",
            example: (self.read)("examples/provider/provider.tf").as_deref(),
            ..Page::new(provider)
        })
    }

    /// The path and the page of a type.
    pub fn topic(&self, topic: &Topic) -> (String, String) {
        let (folder, file) = example(topic.kind);
        let folder = format!("examples/{folder}/{}", topic.type_name);
        let import = (self.read)(&format!("{folder}/import.sh")).filter(|_| topic.kind == Kind::Resource);
        let page = docs::page(&Page {
            kind: topic.kind,
            title: &topic.type_name,
            type_name: &topic.type_name,
            description: first_sentence(&topic.schema.block.doc),
            subcategory: topic.subcategory,
            example: (self.read)(&format!("{folder}/{file}")).as_deref(),
            import: import.as_deref(),
            identity: topic.identity.as_ref(),
            extra: &topic.notes,
            ..Page::new(&topic.schema)
        });
        (topic.kind.path(short(&topic.type_name)), page)
    }

    /// The path and the page of a function.
    pub fn function(&self, signature: &FunctionSignature) -> (String, String) {
        let name = &signature.name;
        let page = docs::function(&FunctionPage {
            title: name,
            subcategory: "",
            example: (self.read)(&format!("examples/functions/{name}/function.tf")).as_deref(),
            signature,
            extra: "",
        });
        (Kind::Function.path(name), page)
    }
}

/// The folder and the name of the example of a kind.
fn example(kind: Kind) -> (&'static str, &'static str) {
    match kind {
        Kind::Provider => ("provider", "provider.tf"),
        Kind::Resource => ("resources", "resource.tf"),
        Kind::DataSource => ("data-sources", "data-source.tf"),
        Kind::EphemeralResource => ("ephemeral-resources", "ephemeral-resource.tf"),
        Kind::ListResource => ("list-resources", "list-resource.tfquery.hcl"),
        Kind::Action => ("actions", "action.tf"),
        Kind::Function => ("functions", "function.tf"),
    }
}

fn short(type_name: &str) -> &str {
    type_name.strip_prefix(PREFIX).and_then(|it| it.strip_prefix('_')).unwrap_or(type_name)
}
