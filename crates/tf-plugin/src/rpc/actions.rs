//! `PlanAction` and `InvokeAction`: doing what leaves no state, and telling how far it is.

use tf_core::Diagnostics;
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
use tonic::Status;
use tonic::codegen::BoxStream;
use tracing::Instrument;

use super::{Served, deferral, state};
use crate::convert::to;
use crate::errors;
use crate::guard;
use crate::proto::tfplugin6::invoke_action::event::{Completed, Progress, Type};
use crate::proto::tfplugin6::invoke_action::{Event, Request};
use crate::proto::tfplugin6::plan_action;
use crate::provider::Telling;

/// How many lines wait for a host that is slower than the action.
const LINES_WAITING_MAX: usize = 16;

type Events = mpsc::Sender<Result<Event, Status>>;

pub(super) async fn plan(
    served: &Served,
    request: plan_action::Request,
) -> Result<plan_action::Response, Diagnostics> {
    let place = served.place(&request.action_type);
    let offered = served.one_of(&served.offer().actions, &request.action_type)?;
    let config = state::configuration(place, request.config.as_ref(), offered.described())?;
    let allowed = deferral::allowed(request.client_capabilities.as_ref());
    if let Some(deferred) = deferral::of_provider(served, allowed) {
        return Ok(plan_action::Response { deferred: Some(deferred), diagnostics: Vec::new() });
    }
    let planned = offered.it.plan(&config).await;
    let deferred = deferral::of_answer(place, allowed, planned.deferred)?;
    Ok(plan_action::Response { deferred, diagnostics: to::diagnostics(&planned.diagnostics) })
}

/// The action goes on to its end also when the host does not listen any more: half of it would be worse.
pub(super) fn invoke(served: &Served, request: Request) -> BoxStream<Event> {
    let (events, receiver) = mpsc::channel(1);
    let span = served.span("InvokeAction", &request.action_type);
    let served = served.clone();
    tokio::spawn(async move { invoked(&served, request, events).await }.instrument(span));
    Box::pin(ReceiverStream::new(receiver))
}

async fn invoked(served: &Served, request: Request, events: Events) {
    let place = served.place(&request.action_type);
    let diagnostics = match guard::caught(answer(served, &request, &events)).await {
        Ok(outcome) => outcome.unwrap_or_else(|refused| refused),
        Err(_message) => errors::panicked(place, "InvokeAction"),
    };
    tracing::debug!(diagnostics = diagnostics.0.len(), "answered");
    let completed = Completed { diagnostics: to::diagnostics(&diagnostics) };
    // A host that has gone needs no message.
    let _ = events.send(Ok(Event { r#type: Some(Type::Completed(completed)) })).await;
}

async fn answer(served: &Served, request: &Request, events: &Events) -> Result<Diagnostics, Diagnostics> {
    let place = served.place(&request.action_type);
    let offered = served.one_of(&served.offer().actions, &request.action_type)?;
    let config = state::configuration(place, request.config.as_ref(), offered.described())?;
    let (sender, mut lines) = mpsc::channel(LINES_WAITING_MAX);
    let work = async {
        let telling = Telling { sender };
        offered.it.invoke(config, &telling).await
    };
    let pass_on = async {
        while let Some(message) = lines.recv().await {
            let progress = Event { r#type: Some(Type::Progress(Progress { message })) };
            if events.send(Ok(progress)).await.is_err() {
                // From now on lines are thrown away and nobody waits for it.
                lines.close();
            }
        }
    };
    let (diagnostics, ()) = tokio::join!(work, pass_on);
    Ok(diagnostics)
}
