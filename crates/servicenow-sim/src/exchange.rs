//! One request and its answer: who asks, which trouble happens, what is noted, and how the answer is delivered.

use std::mem;

use servicenow_core::Response;

use crate::answer::around::{Around, Part};
use crate::answer::{self, Opened, failures, pages};
use crate::arrival::Arrival;
use crate::faults::{Asker, FaultKind, Met, Place, STATUS_LOST, below, instead, spoiled};
use crate::instance::Instance;
use crate::journal::Asked;
use crate::settings::{LATENCY_JITTER_MS, LATENCY_MS, STATE};
use crate::sign_in::{Caller, sign_in};
use crate::simulator::State;
use crate::traffic;

/// An answer and how it comes to the client.
#[derive(Debug)]
pub struct Exchange {
    /// The answer; its status is 0 when it is lost.
    pub response: Response,
    /// Milliseconds that it is held back.
    pub delay_ms: u64,
    /// How it travels.
    pub delivery: Delivery,
}

/// How an answer travels over a socket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Delivery {
    /// Whole.
    Whole,
    /// Its connection ends after so many bytes of the body.
    Cut {
        /// Bytes.
        after_bytes: usize,
    },
    /// Its body comes in drops.
    Drip {
        /// Bytes in a drop.
        bytes: usize,
        /// Milliseconds before each drop.
        every_ms: u64,
    },
    /// Its connection ends without a byte.
    Lost,
    /// Its connection is reset.
    Reset,
}

impl Exchange {
    /// An answer that comes whole and at once.
    pub fn plain(response: Response) -> Exchange {
        Exchange { response, delay_ms: 0, delivery: Delivery::Whole }
    }

    /// What a client gets that has no socket: an answer of which only a part arrives is lost.
    pub fn received(self) -> Response {
        match self.delivery {
            Delivery::Whole | Delivery::Drip { .. } => self.response,
            Delivery::Cut { .. } | Delivery::Lost | Delivery::Reset => failures::empty(STATUS_LOST),
        }
    }
}

/// A request between its beginning and its end.
#[derive(Debug)]
pub struct Begun {
    caller: Caller,
    met: Option<Met>,
    admission: Admission,
    /// How long the work takes.
    work_ms: u64,
    /// How long it waits for its turn.
    waits_ms: u64,
}

/// Whether the work of a request is done.
#[derive(Debug)]
enum Admission {
    /// It is.
    Admitted,
    /// A trouble answers instead.
    Answered(Response),
    /// The instance is too busy.
    Refused(Response),
}

/// Work that is done.
#[derive(Debug)]
pub struct Done {
    response: Response,
    /// What became of the parts of a batch.
    parts: Vec<Part>,
    /// A trouble of a part that is one of the connection.
    broken: Option<Met>,
}

impl From<Response> for Done {
    fn from(response: Response) -> Done {
        Done { response, parts: Vec::new(), broken: None }
    }
}

/// A read that is answered beside everything else.
pub enum Aside<'a> {
    /// It was answered already.
    Answered(Response),
    /// From these rows.
    Rows(answer::Asked<'a>, Box<Instance>),
}

impl State {
    /// Who asks, which trouble is met, and whether the work is done at all.
    pub fn begin(&mut self, arrival: &Arrival) -> Begun {
        let request = &arrival.request;
        let now = self.instance.catch_up();
        let (caller, failed) = match now.and_then(|()| sign_in(&self.instance, &mut self.sessions, arrival)) {
            Ok(caller) => (caller, None),
            Err(error) => (Caller::default(), Some(failures::broken(&error.to_string()))),
        };
        let user = caller.user.as_ref().map(|it| it.user_name.as_str()).unwrap_or_default();
        let met = self.faults.take(Asker { request, user, place: Place::Alone });
        let work_ms = self.delay_ms(met.as_ref());
        let now_s = self.instance.clock.unix_ms() / 1000;
        let (admission, waits_ms) = match met.as_ref().and_then(|it| instead(&it.kind, now_s)).or(failed) {
            Some(response) => (Admission::Answered(response), 0),
            None => match self.traffic.admit(&self.instance, arrival, &caller, work_ms) {
                Ok(waits_ms) => (Admission::Admitted, waits_ms),
                Err(refused) => (Admission::Refused(refused), 0),
            },
        };
        Begun { caller, met, admission, work_ms, waits_ms }
    }

    /// Does the work of a request that was admitted.
    pub fn finish_work(&mut self, arrival: &Arrival, begun: &Begun) -> Option<Done> {
        self.traffic.spent_ms = 0;
        let admitted = matches!(begun.admission, Admission::Admitted);
        admitted.then(|| self.work(arrival, &begun.caller, begun.met.as_ref()))
    }

    /// A read that needs nothing but rows, so that it may be answered beside everything else.
    pub fn aside<'a>(&mut self, arrival: &'a Arrival, begun: &'a Begun) -> Option<Aside<'a>> {
        let readers = self.readers.as_ref()?;
        let usual = matches!(begun.admission, Admission::Admitted)
            && begun.met.is_none()
            && answer::only_reads(&arrival.request)
            && pages::of_state(self.instance.settings.text(STATE)).is_none();
        if !usual {
            return None;
        }
        let rows = readers.begin(&self.instance.store).ok()?;
        match answer::opened(&self.instance, &mut self.traffic, arrival, &begun.caller) {
            Ok(Opened::Asked(asked)) => Some(Aside::Rows(asked, Box::new(self.instance.with(rows)))),
            Ok(Opened::Answered(response)) => Some(Aside::Answered(response)),
            Err(error) => Some(Aside::Answered(failures::broken(&error.to_string()))),
        }
    }

    /// How the answer is delivered, after everything was noted. Without a response the request was not admitted.
    pub fn end(&mut self, arrival: &Arrival, begun: Begun, done: Option<Done>) -> Exchange {
        let Begun { caller, met, admission, work_ms, waits_ms } = begun;
        let Done { response, parts, broken } =
            done.unwrap_or_else(|| Done::from(failures::empty(STATUS_LOST)));
        let (response, delay_ms) = match admission {
            Admission::Refused(refused) => (refused, 0),
            Admission::Answered(response) => (response, work_ms),
            Admission::Admitted => {
                let response = spoiled(met.as_ref().map(|it| &it.kind), response);
                let work_ms = work_ms.max(mem::take(&mut self.traffic.spent_ms));
                let (response, work_ms) = traffic::cut_off(&self.instance, arrival, response, work_ms);
                (response, waits_ms + work_ms)
            }
        };
        let response = answer::finish(arrival, response, &caller);
        let delivery = delivery(broken.as_ref().or(met.as_ref()), &response);
        let status = match delivery {
            Delivery::Whole | Delivery::Drip { .. } => response.status,
            Delivery::Cut { .. } | Delivery::Lost | Delivery::Reset => STATUS_LOST,
        };
        let at_ms = self.instance.clock.unix_ms();
        let fault = met.as_ref().map(|it| it.kind.name());
        let user = caller.user.map(|it| it.user_name).unwrap_or_default();
        self.note(Asked { at_ms, user, request: &arrival.request, status, fault, parts });
        Exchange { response, delay_ms, delivery }
    }

    /// Does the work; a read may be sent to a node that lags behind.
    fn work(&mut self, arrival: &Arrival, caller: &Caller, met: Option<&Met>) -> Done {
        if let Some(page) = pages::of_state(self.instance.settings.text(STATE)) {
            return Done::from(page);
        }
        let lags =
            answer::verb(&arrival.request).is_read() && met.is_some_and(|it| it.kind == FaultKind::StaleRead);
        let mut around = Around::new(&mut self.traffic, &mut self.faults, &mut self.lagging);
        let answered = match lags {
            true => around.answer_behind(&self.instance, arrival, caller),
            false => answer::answer(&self.instance, &mut around, arrival, caller),
        };
        let response = answered.unwrap_or_else(|it| failures::broken(&it.to_string()));
        Done { response, parts: around.parts, broken: around.broken }
    }

    fn delay_ms(&self, met: Option<&Met>) -> u64 {
        let settings = &self.instance.settings;
        let jitter = settings.milliseconds(LATENCY_JITTER_MS);
        let usual = settings.milliseconds(LATENCY_MS) + below(jitter, self.journal.count(), jitter + 1);
        usual + met.map_or(0, Met::delay_ms)
    }
}

fn delivery(met: Option<&Met>, response: &Response) -> Delivery {
    match met.map(|it| &it.kind) {
        Some(FaultKind::LostBefore | FaultKind::LostAfter) => Delivery::Lost,
        Some(FaultKind::ResetBefore | FaultKind::ResetAfter) => Delivery::Reset,
        Some(FaultKind::CutBody { after_bytes }) => {
            Delivery::Cut { after_bytes: after_bytes.unwrap_or(response.body.len() / 2) }
        }
        Some(FaultKind::Drip { bytes, every_ms }) => {
            Delivery::Drip { bytes: (*bytes).max(1), every_ms: *every_ms }
        }
        _ => Delivery::Whole,
    }
}

#[cfg(test)]
mod tests;
