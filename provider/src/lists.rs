//! What `terraform query` finds: the objects of every type that nobody may manage yet, one after the other.

mod records;

use std::sync::Arc;

use async_trait::async_trait;
use tf_core::{Attribute, Block, Diagnostics, Object, Schema};
use tf_plugin::{Found, ListRequest, ListResource, Listing};

use crate::data_sources::query;
use crate::registry::{self, Listed};
use crate::session::{Session, Shared};
use crate::subject::{Row, Subject, first_sentence};
use crate::timeouts;

/// Every list.
pub fn all(shared: &Arc<Shared>) -> Vec<Listed<dyn ListResource>> {
    let list = |subject: Subject| {
        let subcategory = subject.subcategory;
        let it: Arc<dyn ListResource> = Arc::new(List { subject, shared: shared.clone() });
        Listed { it, subcategory, notes: "" }
    };
    let records: Arc<dyn ListResource> = Arc::new(records::Records::new(shared.clone()));
    let records = Listed { it: records, subcategory: "Records", notes: "" };
    registry::managed(shared).into_iter().map(list).chain([records]).collect()
}

/// The objects of one type.
struct List {
    subject: Subject,
    shared: Arc<Shared>,
}

#[async_trait]
impl ListResource for List {
    fn type_name(&self) -> &str {
        self.subject.type_name
    }

    fn schema(&self) -> Schema {
        let mut attributes: Vec<Attribute> = self.subject.filters.iter().map(|it| it.attribute()).collect();
        attributes.push(query());
        let doc = format!(
            "Finds every {} that meets the conditions. {}",
            self.subject.noun,
            first_sentence(&self.subject.doc)
        );
        Schema { version: 0, block: Block { doc, attributes, ..Block::default() } }
    }

    async fn list(&self, request: ListRequest, listing: &Listing) -> Diagnostics {
        let session = match self.shared.session() {
            Ok(session) => session.for_operation(timeouts::DEFAULT_MS),
            Err(problems) => return problems,
        };
        let listed = self.listed(&session, &request, listing).await;
        session.redacted(listed.err().unwrap_or_default(), &[])
    }
}

impl List {
    /// Hands out page after page, so that the first objects are shown before the last ones are read.
    async fn listed(
        &self,
        session: &Session,
        request: &ListRequest,
        listing: &Listing,
    ) -> Result<(), Diagnostics> {
        let conditions = self.subject.conditions(session, &request.config)?;
        let mut search = self.subject.search(session, &conditions, request.limit)?;
        while let Some(page) = search.next().await? {
            let exact = page.iter().filter(|it| conditions.are_exact(it));
            let rows: Vec<Row> = exact.filter_map(|it| self.subject.row(it)).collect();
            for (row, object) in self.objects(&rows, request.whole).await? {
                if listing.found(Found::new(row.label, object)).await.is_err() {
                    return Ok(());
                }
            }
        }
        Ok(())
    }

    async fn objects(&self, rows: &[Row], whole: bool) -> Result<Vec<(Row, Object)>, Diagnostics> {
        if whole || !self.subject.is_every_row() {
            return self.subject.read_all(rows).await.map(|it| it.0);
        }
        Ok(rows.iter().map(|it| (it.clone(), self.subject.named(&it.id))).collect())
    }
}
