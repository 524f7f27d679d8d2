//! `ReadResource`: the live state.

use tf_core::{Diagnostics, Path, Value};

use super::{Served, state};
use crate::convert::to;
use crate::errors::{self, Moment};
use crate::proto::tfplugin6::read_resource::{Request, Response};
use crate::provider::State;

pub(super) async fn answer(served: &Served, request: Request) -> Result<Response, Diagnostics> {
    let place = served.place(&request.type_name);
    let offered = served.resource(&request.type_name)?;
    let described = offered.described();
    let stored = state::incoming(place, "the stored state", request.current_state.as_ref(), described)?;
    let Some(object) = stored else { return Ok(Response::default()) };
    let outcome = offered.resource.read(State { object, private: request.private.clone() }).await;
    let diagnostics = to::diagnostics(&outcome.diagnostics);
    if outcome.diagnostics.has_errors() {
        // After an error the host keeps what it had; it still reads what it is sent.
        let (new_state, private) = (request.current_state, request.private);
        return Ok(Response { new_state, private, diagnostics, ..Response::default() });
    }
    let Some(live) = outcome.state else { return Ok(Response { diagnostics, ..Response::default() }) };
    let object = state::storable(&described.schema, live.object);
    if let Some((name, _)) = object.iter().find(|it| !Value::is_wholly_known(it.1)) {
        let rule = "a value is unknown although the object was read";
        return Err(errors::broken_rule(place, Moment::Read, &Path::attribute(name), rule));
    }
    let new_state = Some(state::outgoing(place, "the state that was read", Some(&object), described)?);
    Ok(Response { new_state, private: live.private, diagnostics, ..Response::default() })
}
