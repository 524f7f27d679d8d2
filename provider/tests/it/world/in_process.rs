//! The wire, replaced by a function call.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use servicenow_client::{Cause, Transport, TransportError};
use servicenow_core::{Method, Request, Response, SysId};
use servicenow_sim::Simulator;
use tokio::sync::Notify;

use super::active::{active, active_names, most_active};
use super::parts;

/// Whatever else goes on: told of every request, as `METHOD /path`, before it is carried out, and of every `wait`.
pub type Meanwhile = Option<Box<dyn FnMut(&str) + Send>>;

/// The wire, replaced by a function call.
pub struct InProcess {
    /// The instance.
    pub simulator: Simulator,
    pub authorization: String,
    /// Milliseconds that were waited for, instead of waiting.
    pub waited_ms: Arc<Mutex<u64>>,
    pub instants: Arc<Mutex<Vec<usize>>>,
    /// Whether our own code breaks after the next record was created.
    pub breaks: Arc<AtomicBool>,
    /// Aliases in which a write of ours made a second connection active.
    pub doubled: Arc<Mutex<Vec<String>>>,
    pub sets: Arc<Mutex<Vec<BTreeSet<String>>>>,
    /// Whether a batch of writes is asked of the instance part by part.
    pub each_part: Arc<AtomicBool>,
    pub kill: Arc<Kill>,
    pub meanwhile: Arc<Mutex<Meanwhile>>,
    pub ids: AtomicU64,
}

impl InProcess {
    /// Carries out a request, part by part where that is wished. A part that is lost ends the batch.
    fn carry_out(&self, request: &Request) -> Response {
        if request.path != Request::WRITES || !self.each_part.load(Ordering::Relaxed) {
            return self.ask(request);
        }
        let mut is_over = false;
        let mut served = Vec::new();
        for (id, part) in parts::of(request) {
            let response = (!is_over).then(|| self.ask(&part));
            let response = response.filter(|it| it.status != 0);
            is_over |= response.is_none();
            served.push((id, response));
        }
        parts::answer(&served)
    }

    /// Something else goes on in the same world.
    fn meanwhile(&self, what: &str) {
        if let Some(meanwhile) = self.meanwhile.lock().unwrap().as_mut() {
            meanwhile(what);
        }
    }

    /// Asks the instance, and looks at what is active before and after a write.
    fn ask(&self, request: &Request) -> Response {
        if request.method.is_read() || !may_switch(request) {
            return self.simulator.answer(request);
        }
        let before = active(&self.simulator);
        let response = self.simulator.answer(request);
        let after = active(&self.simulator);
        let is_doubled = |(alias, count): &(&String, &usize)| {
            **count > 1 && before.get(*alias).is_none_or(|before| before < count)
        };
        let doubled = after.iter().filter(is_doubled).map(|(alias, _)| alias.clone());
        self.doubled.lock().unwrap().extend(doubled);
        self.sets.lock().unwrap().push(active_names(&self.simulator));
        response
    }
}

/// Whether a write can make a connection active or not: looking at all of them after every other one is what much of the
/// time of the loops would go into.
fn may_switch(request: &Request) -> bool {
    ["connection", "alias", "x_snd_eb", "batch", "orch_jms"].iter().any(|it| request.path.contains(it))
}

/// The end of a process in the middle of a request.
#[derive(Default)]
pub struct Kill {
    /// The number of the request, from 1 on; 0 lets the process live.
    pub at: AtomicU64,
    /// Whether the instance carries the request out.
    pub executed: AtomicBool,
    pub now: Notify,
}

impl Kill {
    /// Whether this request is the one.
    fn is_now(&self) -> bool {
        let left = self.at.load(Ordering::Relaxed);
        left > 0 && self.at.fetch_sub(1, Ordering::Relaxed) == 1
    }
}

#[async_trait]
impl Transport for InProcess {
    async fn send(&self, request: &Request) -> Result<Response, TransportError> {
        only_what_is_needed(request);
        let mut request = request.clone();
        request.headers.push(("Authorization".to_owned(), self.authorization.clone()));
        // Whoever else runs at the same time has a turn between any two requests.
        tokio::task::yield_now().await;
        let is_killed = self.kill.is_now();
        if is_killed && !self.kill.executed.load(Ordering::Relaxed) {
            self.kill.now.notify_one();
            std::future::pending::<()>().await;
        }
        self.meanwhile(&format!("{} {}", request.method.as_str(), request.path));
        let response = self.carry_out(&request);
        if is_killed {
            self.kill.now.notify_one();
            std::future::pending::<()>().await;
        }
        if !request.method.is_read() && may_switch(&request) {
            self.instants.lock().unwrap().push(most_active(&self.simulator));
        }
        if request.method == Method::Post && self.breaks.swap(false, Ordering::Relaxed) {
            panic!("our own code broke");
        }
        if response.status == 0 {
            return Err(TransportError {
                sent: true,
                kind: Cause::Lost,
                reason: "the answer got lost".to_owned(),
            });
        }
        Ok(response)
    }

    async fn sleep(&self, wait: Duration) {
        *self.waited_ms.lock().unwrap() += u64::try_from(wait.as_millis()).unwrap();
        self.meanwhile("wait");
    }

    fn now_ms(&self) -> u64 {
        *self.waited_ms.lock().unwrap()
    }

    fn random(&self) -> f64 {
        0.5
    }

    fn new_sys_id(&self) -> SysId {
        let number = self.ids.fetch_add(1, Ordering::Relaxed) + 1;
        SysId::from_bytes((0xfeed_0000_0000_0000_0000_0000_0000_0000_u128 + u128::from(number)).to_be_bytes())
    }
}

/// No request asks for columns that nobody needs, or for values in another form than they are stored.
fn only_what_is_needed(request: &Request) {
    if !request.path.starts_with("/api/now/table/") || request.method == Method::Delete {
        return;
    }
    let parameter = |name: &str| request.query.iter().find(|it| it.0 == name).map(|it| it.1.as_str());
    let columns = parameter("sysparm_fields").unwrap_or_default();
    assert!(columns.contains("sys_id") && columns.contains("sys_mod_count"), "{request:?}");
    assert_eq!(parameter("sysparm_display_value"), Some("false"), "{request:?}");
    assert_eq!(parameter("sysparm_exclude_reference_link"), Some("true"), "{request:?}");
}
