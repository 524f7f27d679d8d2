//! Letting messages come to their end before a switch, as a pointer asks for it.

use reconcile::drain::Waiting;
use tf_core::{Attr, Model, Object, Value, check};

use crate::switch::Drain;
use crate::timeouts;

/// The attribute.
pub const ATTRIBUTE: &str = "wait_until_inactive_drained";

/// How messages come to their end before a switch.
#[derive(Clone, Debug, Default, PartialEq, Model)]
pub struct DrainBlock {
    /// How long it is waited at most, such as `10m`. When it is over, nothing is switched, the integration is resumed, and an
    /// error says what is still on its way. The whole operation has to fit into `timeouts`.
    #[tf(required().check(timeouts::duration()))]
    pub longest_wait: Attr<String>,
    /// What becomes of transactions that wait when the integration is paused, and that were meant for the old connection.
    /// With `refuse`, which is used when nothing is given, nothing is switched while there are any: they are let go to the old
    /// connection first. With `send_to_new` the new connection sends them, and a warning names them.
    #[tf(optional().check(check::one_of(&["refuse", "send_to_new"])))]
    pub queued: Attr<String>,
}

/// What an object asks for.
pub fn of(object: &Object) -> Option<Drain> {
    let block = object.get(ATTRIBUTE).and_then(Value::as_object)?;
    let text = |name: &str| block.get(name).and_then(Value::as_str);
    let longest_ms = text("longest_wait").and_then(timeouts::milliseconds)?;
    let waiting = match text("queued") {
        Some("send_to_new") => Waiting::SendToNew,
        _ => Waiting::Refuse,
    };
    Some(Drain { waiting, longest_ms })
}
