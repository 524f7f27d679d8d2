//! What can be looked up without being managed.

pub mod connection_status;
pub mod connection_test;
mod connections;
mod directory;
mod many;
mod one;
pub mod preflight;
pub mod records;
mod unifi_integration;

use std::sync::Arc;

use tf_plugin::DataSource;

pub use self::many::{Many, plural, query};
pub use self::one::One;
use crate::registry::{self, Listed};
use crate::session::Shared;
use crate::subject::Subject;

/// Every data source.
pub fn all(shared: &Arc<Shared>) -> Vec<Listed<dyn DataSource>> {
    let directory = directory::subjects(shared);
    let found = registry::managed(shared).into_iter().chain(directory).flat_map(|it| of(it, shared));
    found.chain(others(shared)).collect()
}

/// What is found out and is no object of the instance.
fn others(shared: &Arc<Shared>) -> [Listed<dyn DataSource>; 6] {
    let listed = |it: Arc<dyn DataSource>, subcategory: &'static str| Listed { it, subcategory, notes: "" };
    [
        listed(Arc::new(connection_status::Source::new(shared.clone())), "Connections"),
        listed(Arc::new(connections::Source::new(shared.clone())), "Connections"),
        listed(Arc::new(connection_test::Source::new(shared.clone())), "Connections"),
        listed(Arc::new(preflight::Source::new(shared.clone())), "Environment"),
        listed(Arc::new(records::OneRecord::new(shared.clone())), "Records"),
        listed(Arc::new(records::ManyRecords::new(shared.clone())), "Records"),
    ]
}

/// The data source of one object and that of many.
fn of(subject: Subject, shared: &Arc<Shared>) -> [Listed<dyn DataSource>; 2] {
    let subcategory = subject.subcategory;
    let one: Arc<dyn DataSource> = match subject.type_name {
        unifi_integration::TYPE_NAME => {
            Arc::new(unifi_integration::Source::new(subject.clone(), shared.clone()))
        }
        _ => Arc::new(One::new(subject.clone(), shared.clone())),
    };
    let many: Arc<dyn DataSource> = Arc::new(Many::new(subject, shared.clone()));
    [one, many].map(|it| Listed { it, subcategory, notes: "" })
}
