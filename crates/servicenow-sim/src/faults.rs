//! Trouble on demand: which request goes wrong, and how.

use serde::{Deserialize, Serialize};
use servicenow_core::Request;

/// One planned trouble.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fault {
    /// Which matching request from now on, counted from 1.
    #[serde(default = "one")]
    pub at: u32,
    /// Only requests with this verb, in capitals.
    #[serde(default)]
    pub method: Option<String>,
    /// Only requests whose path, with or without its encoded query, contains this.
    #[serde(default)]
    pub path_contains: Option<String>,
    /// What goes wrong.
    pub kind: FaultKind,
    /// How many matching requests in a row.
    #[serde(default = "one")]
    pub times: u32,
}

/// What goes wrong with a request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FaultKind {
    /// Nothing is done, and this is the answer.
    RefusedBefore {
        /// The status code.
        status: u16,
        /// The body, as JSON text.
        body: String,
    },
    /// Nothing is done, and no answer comes.
    LostBefore,
    /// The work is done, and no answer comes.
    LostAfter,
    /// Nothing is done, and the platform's usual answer for this status comes.
    Status {
        /// The status code.
        status: u16,
        /// Seconds in the header `Retry-After`; with 429 the `X-RateLimit-*` headers come with it.
        #[serde(default)]
        retry_after_s: Option<u64>,
    },
    /// Nothing is done, and an HTML page comes.
    Html {
        /// The status code.
        status: u16,
    },
    /// The work is done, and the body is cut in half.
    TruncatedBody,
    /// The work is done, and the body has an error appended, as of a cancelled transaction.
    ErrorInBody,
    /// The work is done, and the answer is held back.
    Delay {
        /// Milliseconds.
        ms: u64,
    },
}

fn one() -> u32 {
    1
}

impl Fault {
    /// Trouble with the next request.
    pub fn next(kind: FaultKind) -> Fault {
        Fault { at: 1, method: None, path_contains: None, kind, times: 1 }
    }

    /// Trouble with the n-th request from now on, counted from 1.
    pub fn nth(at: u32, kind: FaultKind) -> Fault {
        Fault { at, ..Fault::next(kind) }
    }

    /// Only with requests of this verb, in capitals.
    #[must_use]
    pub fn on_method(self, method: &str) -> Fault {
        Fault { method: Some(method.to_owned()), ..self }
    }

    /// Only with requests whose path contains this.
    #[must_use]
    pub fn on_path(self, path_contains: &str) -> Fault {
        Fault { path_contains: Some(path_contains.to_owned()), ..self }
    }

    /// That many times in a row.
    #[must_use]
    pub fn times(self, times: u32) -> Fault {
        Fault { times, ..self }
    }

    fn matches(&self, request: &Request) -> bool {
        let method = self.method.as_deref().is_none_or(|it| it.eq_ignore_ascii_case(request.method.as_str()));
        let path = self
            .path_contains
            .as_deref()
            .is_none_or(|it| request.path.contains(it) || request.target().contains(it));
        method && path
    }
}

/// The troubles that are still to come.
#[derive(Debug, Default)]
pub struct Faults {
    planned: Vec<Planned>,
}

#[derive(Debug)]
struct Planned {
    fault: Fault,
    seen: u32,
}

impl Planned {
    fn is_over(&self) -> bool {
        self.seen + 1 >= self.fault.at.saturating_add(self.fault.times)
    }
}

impl Faults {
    /// Plans a trouble.
    pub fn add(&mut self, fault: Fault) {
        self.planned.push(Planned { fault, seen: 0 });
    }

    /// Forgets all of them.
    pub fn clear(&mut self) {
        self.planned.clear();
    }

    /// Those still to come.
    pub fn pending(&self) -> Vec<&Fault> {
        self.planned.iter().map(|it| &it.fault).collect()
    }

    /// What goes wrong with this request. Every matching fault counts it; the first that is due happens.
    pub fn take(&mut self, request: &Request) -> Option<FaultKind> {
        let mut due = None;
        for planned in self.planned.iter_mut().filter(|it| it.fault.matches(request)) {
            planned.seen += 1;
            if planned.seen >= planned.fault.at && due.is_none() {
                due = Some(planned.fault.kind.clone());
            }
        }
        self.planned.retain(|it| !it.is_over());
        due
    }
}

#[cfg(test)]
mod tests {
    use servicenow_core::Method;

    use super::*;

    fn check(fault: Fault, expected: &[bool]) {
        let mut faults = Faults::default();
        faults.add(fault);
        let requests = [
            Request::new(Method::Get, "/api/now/table/sys_alias"),
            Request::new(Method::Post, "/api/now/table/sys_alias"),
            Request::new(Method::Post, "/api/now/table/http_connection"),
            Request::new(Method::Post, "/api/now/table/http_connection"),
            Request::new(Method::Get, "/api/now/table/http_connection"),
        ];
        let happened: Vec<bool> = requests.iter().map(|it| faults.take(it).is_some()).collect();
        assert_eq!(happened, expected);
        assert!(faults.pending().is_empty(), "a fault that is over is forgotten");
    }

    #[test]
    fn a_fault_happens_to_the_matching_request_that_it_names() {
        let lost = FaultKind::LostAfter;
        check(Fault::next(lost.clone()), &[true, false, false, false, false]);
        check(Fault::nth(3, lost.clone()), &[false, false, true, false, false]);
        check(Fault::next(lost.clone()).on_method("POST"), &[false, true, false, false, false]);
        check(Fault::next(lost.clone()).on_path("http_connection"), &[false, false, true, false, false]);
        check(Fault::nth(2, lost.clone()).on_method("post").times(2), &[false, false, true, true, false]);
        check(Fault::next(lost).times(5), &[true; 5]);
    }

    #[test]
    fn a_fault_is_written_as_json() {
        let json = r#"{"kind":{"status":{"status":429,"retry_after_s":1}},"method":"POST"}"#;
        let fault: Fault = serde_json::from_str(json).unwrap();
        let kind = FaultKind::Status { status: 429, retry_after_s: Some(1) };
        assert_eq!(fault, Fault::next(kind).on_method("POST"));
        let lost: Fault = serde_json::from_str(r#"{"kind":"lost_after","at":2}"#).unwrap();
        assert_eq!(lost, Fault::nth(2, FaultKind::LostAfter));
        assert!(serde_json::from_str::<Fault>(r#"{"kind":"lost_after","when":2}"#).is_err());
    }
}
