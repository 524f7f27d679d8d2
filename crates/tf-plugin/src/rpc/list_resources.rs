//! `ListResource`: objects that exist, one event for each, until the host has enough.

use tf_core::Diagnostics;
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio_stream::StreamExt;
use tokio_stream::wrappers::ReceiverStream;
use tonic::Status;
use tonic::codegen::BoxStream;
use tracing::Instrument;

use super::{Served, identity, state};
use crate::convert::to;
use crate::errors::{self, Moment, Place};
use crate::guard;
use crate::offer::Offered;
use crate::proto::tfplugin6::list_resource::{Event, Request};
use crate::provider::{Found, ListRequest, ListResource, Listing, Resource};

type Events = mpsc::Sender<Result<Event, Status>>;

/// The search ends with the stream: a host that has enough drops it.
pub(super) fn list(served: &Served, request: Request) -> BoxStream<Event> {
    let (events, receiver) = mpsc::channel(1);
    let span = served.span("ListResource", &request.type_name);
    let served = served.clone();
    let mut search = JoinSet::new();
    search.spawn(async move { listed(&served, request, events).await }.instrument(span));
    // Dropping the set ends what is in it.
    Box::pin(ReceiverStream::new(receiver).map(move |event| {
        let _search = &search;
        event
    }))
}

async fn listed(served: &Served, request: Request, events: Events) {
    let place = served.place(&request.type_name);
    let diagnostics = match guard::caught(answer(served, &request, &events)).await {
        Ok(outcome) => outcome.unwrap_or_else(|refused| refused),
        Err(_message) => errors::panicked(place, "ListResource"),
    };
    tracing::debug!(diagnostics = diagnostics.0.len(), "answered");
    if !diagnostics.is_empty() {
        // A host that has gone needs no message.
        let _ = events.send(Ok(message(&diagnostics))).await;
    }
}

fn message(diagnostics: &Diagnostics) -> Event {
    Event { diagnostic: to::diagnostics(diagnostics), ..Event::default() }
}

async fn answer(served: &Served, request: &Request, events: &Events) -> Result<Diagnostics, Diagnostics> {
    let place = served.place(&request.type_name);
    let lister = served.one_of(&served.offer().list_resources, &request.type_name)?;
    let listed = served.resource(&request.type_name)?;
    let config = state::configuration(place, request.config.as_ref(), lister.described())?;
    let whole = request.include_resource_object;
    let limit = u64::try_from(request.limit).ok().filter(|it| *it > 0);
    let wish = ListRequest { config, whole, limit };
    searched(place, lister, listed, wish, events).await
}

/// Passes on what is found until nobody wants more.
async fn searched(
    place: Place<'_>,
    lister: &Offered<dyn ListResource>,
    listed: &Offered<dyn Resource>,
    wish: ListRequest,
    events: &Events,
) -> Result<Diagnostics, Diagnostics> {
    let (sender, mut finds) = mpsc::channel(1);
    let (whole, limit) = (wish.whole, wish.limit.unwrap_or(u64::MAX));
    let mut passed_on = 0;
    let search = async {
        // The search owns the sending end: the finds are over when it is.
        let listing = Listing { sender };
        lister.it.list(wish, &listing).await
    };
    let pass_on = async {
        while let Some(found) = finds.recv().await {
            let event = event(place, listed, found, whole)?;
            if events.send(Ok(event)).await.is_err() {
                break;
            }
            passed_on += 1;
            if passed_on >= limit {
                break;
            }
        }
        finds.close();
        Ok(())
    };
    tokio::pin!(search, pass_on);
    tokio::select! {
        diagnostics = &mut search => pass_on.await.map(|()| diagnostics),
        // Whoever goes on searching although nobody wants more is left alone with it.
        passed = &mut pass_on => passed.map(|()| Diagnostics::none()),
    }
}

fn event(
    place: Place<'_>,
    listed: &Offered<dyn Resource>,
    found: Found,
    whole: bool,
) -> Result<Event, Diagnostics> {
    let described = listed.described();
    let what = "an object that was found";
    let (object, whole_object) = if whole {
        let (sent, object) = state::existing(place, Moment::List, what, found.object, described)?;
        (Some(sent), object)
    } else {
        (None, found.object)
    };
    let identity = identity::settled(place, Moment::List, listed, None, &whole_object)?;
    Ok(Event {
        identity: Some(identity.ok_or_else(|| errors::without_identity(place))?),
        display_name: found.display_name,
        resource_object: object,
        diagnostic: to::diagnostics(&found.diagnostics),
    })
}
