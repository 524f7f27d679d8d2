//! `everything_thing` as a list.

use async_trait::async_trait;
use tf_core::{Attr, Diagnostics, Model, Schema, check, model};
use tf_plugin::{Found, ListRequest, ListResource, Listing};

use crate::thing::{self, fill};
use crate::thing_abilities::named;

/// Things, as many as wanted.
#[derive(Clone, Debug, Default, PartialEq, Model)]
struct Attributes {
    /// What their names begin with.
    #[tf(optional())]
    prefix: Attr<String>,
    /// How many there are.
    #[tf(optional().check(check::range(0, 10_000)))]
    amount: Attr<i64>,
}

pub struct Search;

#[async_trait]
impl ListResource for Search {
    fn type_name(&self) -> &str {
        thing::TYPE_NAME
    }

    fn schema(&self) -> Schema {
        model::schema::<Attributes>()
    }

    async fn list(&self, request: ListRequest, listing: &Listing) -> Diagnostics {
        let config = Attributes::from_object(&request.config).unwrap_or_default();
        let prefix = config.prefix.known().cloned().unwrap_or_else(|| "found-".to_owned());
        for number in 1..=config.amount.known().copied().unwrap_or(3) {
            let mut object = named(&format!("{prefix}{number}"));
            if request.whole {
                fill(&mut object);
            }
            if listing.found(Found::new(format!("thing number {number}"), object)).await.is_err() {
                break;
            }
        }
        Diagnostics::none()
    }
}
