//! What a request meets at an instance beside the work itself: the traffic, the troubles to come, and a node that lags
//! behind. The parts of a batch meet it one by one, as requests that come alone do.

use servicenow_core::{Request, Response};

use super::answer;
use crate::arrival::Arrival;
use crate::faults::{Faults, Met};
use crate::instance::Instance;
use crate::sign_in::Caller;
use crate::store::{Store, StoreError};
use crate::traffic::Traffic;

/// What a request meets, and what is to be told of its parts.
#[derive(Debug)]
pub struct Around<'a> {
    /// What is going on.
    pub traffic: &'a mut Traffic,
    /// The troubles to come.
    pub faults: &'a mut Faults,
    /// The rows of a node that lags behind.
    pub lagging: &'a mut Option<Store>,
    /// The parts that were carried out or met a trouble, in order.
    pub parts: Vec<Part>,
    /// A trouble of a part that is one of the connection, on which everything travels.
    pub broken: Option<Met>,
}

/// A part of a batch, and what became of it.
#[derive(Debug)]
pub struct Part {
    /// What the batch calls it.
    pub id: String,
    /// The request.
    pub request: Request,
    /// The status code; 0 when there is no answer to it.
    pub status: u16,
    /// The name of the trouble that it met.
    pub fault: Option<&'static str>,
}

impl<'a> Around<'a> {
    /// Before anything was asked.
    pub fn new(
        traffic: &'a mut Traffic,
        faults: &'a mut Faults,
        lagging: &'a mut Option<Store>,
    ) -> Around<'a> {
        Around { traffic, faults, lagging, parts: Vec::new(), broken: None }
    }

    /// The answer of a node that lags behind, if there is one: from rows as they were.
    ///
    /// # Errors
    /// The database failed.
    pub fn answer_behind(
        &mut self,
        instance: &Instance,
        arrival: &Arrival,
        caller: &Caller,
    ) -> Result<Response, StoreError> {
        let Some(rows) = self.lagging.take() else {
            return answer(instance, self, arrival, caller);
        };
        let behind = instance.with(rows);
        let answered = answer(&behind, self, arrival, caller);
        *self.lagging = Some(behind.store);
        answered
    }
}
