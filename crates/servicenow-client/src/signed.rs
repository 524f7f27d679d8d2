//! A transport that proves who asks: it obtains what is needed once for all, renews it in time, and once after a refusal.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex as StdMutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use servicenow_core::token::{self, Token};
use servicenow_core::{Cause, Kind, Request, Response, Secret, ServiceError, SysId};
use tokio::sync::Mutex;

use crate::authenticator::{GrantSource, OAuth, sendable};
use crate::jwt::CLOCK_SKEW_S;
use crate::source::SourceError;
use crate::{Authenticator, Transport, TransportError};

/// How long before its end a token is renewed: longer than any request takes.
const MARGIN_MS: u64 = 60_000;

/// What the proof is sent in.
const AUTHORIZATION: &str = "Authorization";

/// What an API key is sent in.
const API_KEY: &str = "x-sn-apikey";

/// Seconds since 1970, for assertions that are valid for a while.
pub type WallClock = Arc<dyn Fn() -> u64 + Send + Sync>;

/// A transport that adds the proof of who asks to every request.
pub struct Signed {
    inner: Arc<dyn Transport>,
    authenticator: Authenticator,
    wall_clock: WallClock,
    /// Held while something is obtained, so that many requests wait for one.
    held: Mutex<Held>,
    /// Every secret that was ever sent, so that none is repeated in a message.
    used: StdMutex<Vec<Secret>>,
}

#[derive(Default)]
struct Held {
    proof: Option<Arc<Proof>>,
    refresh_token: Option<Secret>,
    /// A refusal that stays one: asking again for every request would lock the user out.
    refusal: Option<TransportError>,
}

/// What a request is signed with.
struct Proof {
    header: Option<(&'static str, Secret)>,
    renew_at_ms: Option<u64>,
    ends_at_ms: Option<u64>,
    /// Whether it came out the same when it was asked for again after a refusal: asking once more changes nothing.
    is_unchanged: AtomicBool,
}

impl Signed {
    /// Signs what goes over `inner`. The clock is for assertions alone.
    pub fn over(inner: Arc<dyn Transport>, authenticator: Authenticator, wall_clock: WallClock) -> Signed {
        let used = StdMutex::new(authenticator.given());
        Signed { inner, authenticator, wall_clock, held: Mutex::default(), used }
    }

    /// What a request is signed with. `refused` is what the instance did not accept.
    async fn proof(&self, refused: Option<&Arc<Proof>>) -> Result<Arc<Proof>, TransportError> {
        let mut held = self.held.lock().await;
        let now_ms = self.inner.now_ms();
        let accepted =
            held.proof.clone().filter(|it| !refused.is_some_and(|refused| Arc::ptr_eq(it, refused)));
        if let Some(proof) = accepted.as_ref().filter(|it| it.renew_at_ms.is_none_or(|at| now_ms < at)) {
            return Ok(Arc::clone(proof));
        }
        if let Some(refusal) = &held.refusal {
            return Err(refusal.clone());
        }
        match self.obtain(&mut held).await {
            Ok(proof) => {
                let proof = Arc::new(proof);
                held.proof = Some(Arc::clone(&proof));
                Ok(proof)
            }
            Err(error) => {
                if matches!(error.kind, Cause::Secret | Cause::Credentials(Kind::Unauthenticated)) {
                    held.refusal = Some(error.clone());
                }
                // One that is still good outlasts an instance that cannot issue another for now.
                accepted.filter(|it| it.ends_at_ms.is_some_and(|at| now_ms < at)).ok_or(error)
            }
        }
    }

    async fn obtain(&self, held: &mut Held) -> Result<Proof, TransportError> {
        let header = match &self.authenticator {
            Authenticator::Certificate => None,
            Authenticator::Basic { username, password } => {
                let password = password.read_line().await.map_err(|it| unobtainable(&it))?;
                let pair = BASE64_STANDARD.encode(format!("{username}:{}", password.expose()));
                self.remember(&[&password, &Secret::new(pair.as_str())]);
                Some((AUTHORIZATION, Secret::new(format!("Basic {pair}"))))
            }
            Authenticator::Bearer(source) => {
                Some(self.bearer(&source.read_line().await.map_err(|it| unobtainable(&it))?)?)
            }
            Authenticator::ApiKey(source) => {
                let key = source.read_line().await.map_err(|it| unobtainable(&it))?;
                sendable(&key).map_err(|it| refusal(it.to_string()))?;
                self.remember(&[&key]);
                Some((API_KEY, key))
            }
            Authenticator::OAuth(oauth) => return self.token(oauth, held).await,
        };
        Ok(Proof { header, renew_at_ms: None, ends_at_ms: None, is_unchanged: AtomicBool::new(false) })
    }

    fn bearer(&self, token: &Secret) -> Result<(&'static str, Secret), TransportError> {
        sendable(token).map_err(|it| refusal(it.to_string()))?;
        self.remember(&[token]);
        Ok((AUTHORIZATION, Secret::new(format!("Bearer {}", token.expose()))))
    }

    async fn token(&self, oauth: &OAuth, held: &mut Held) -> Result<Proof, TransportError> {
        let token = self.ask(oauth, held.refresh_token.as_ref()).await?;
        if let Some(refresh_token) = token.refresh_token {
            self.remember(&[&refresh_token]);
            held.refresh_token = Some(refresh_token);
        }
        let now_ms = self.inner.now_ms();
        let life_ms = token.expires_in_s.map(|it| it.saturating_mul(1_000));
        // The instance hands out the token that it has, perhaps near its end: half of what is left then, so that the
        // next one is not asked for with every request.
        let renew_in_ms = life_ms.map(|it| it.saturating_sub(MARGIN_MS).max(it / 2));
        Ok(Proof {
            header: Some(self.bearer(&token.access_token)?),
            renew_at_ms: renew_in_ms.map(|it| now_ms.saturating_add(it)),
            ends_at_ms: life_ms.map(|it| now_ms.saturating_add(it)),
            is_unchanged: AtomicBool::new(false),
        })
    }

    /// Asks the instance for a token.
    async fn ask(&self, oauth: &OAuth, newer: Option<&Secret>) -> Result<Token, TransportError> {
        let application = oauth.application().await.map_err(|it| unobtainable(&it))?;
        let id = self.inner.new_sys_id();
        let grant =
            oauth.grant(newer, (self.wall_clock)(), id.as_str()).await.map_err(|it| unobtainable(&it))?;
        let request = token::request(&application, &grant);
        tracing::debug!(grant = %grant, "asking for a token");
        let response = self.inner.send(&request).await.map_err(|it| TransportError { sent: false, ..it })?;
        token::read(&application, &grant, &request, &response).map_err(|it| {
            let mut refused = not_issued(&it);
            // An assertion says when it was made, and a wrong clock makes it one of the past or of the future.
            let is_dated = matches!(oauth.grant, GrantSource::JwtBearer { .. });
            if let Some(skew) = clocks_differ(&response, (self.wall_clock)()).filter(|_| is_dated) {
                refused.reason = format!("{}; {skew}", refused.reason);
            }
            refused
        })
    }

    fn remember(&self, secrets: &[&Secret]) {
        let mut used = self.used.lock().unwrap_or_else(PoisonError::into_inner);
        for secret in secrets {
            if !used.contains(secret) {
                used.push((*secret).clone());
            }
        }
    }

    async fn send_with(&self, request: &Request, proof: &Proof) -> Result<Response, TransportError> {
        let Some((name, value)) = &proof.header else { return self.inner.send(request).await };
        let mut signed = request.clone();
        signed.headers.push(((*name).to_owned(), value.expose().to_owned()));
        self.inner.send(&signed).await
    }
}

#[async_trait]
impl Transport for Signed {
    async fn send(&self, request: &Request) -> Result<Response, TransportError> {
        const UNAUTHORIZED: u16 = 401;
        if request.path == token::PATH {
            // Whoever asks for a token proves with the request itself who that is.
            return self.inner.send(request).await;
        }
        let proof = self.proof(None).await?;
        let response = self.send_with(request, &proof).await?;
        let is_final = !self.authenticator.may_change() || proof.is_unchanged.load(Ordering::Relaxed);
        if response.status != UNAUTHORIZED || is_final {
            return Ok(response);
        }
        // What was not accepted took no effect, so it can be sent again; once, because a policy refuses for ever.
        let newer = self.proof(Some(&proof)).await?;
        if newer.header == proof.header {
            newer.is_unchanged.store(true, Ordering::Relaxed);
            // A password that was refused would bring its user nearer to being locked out; a token would not.
            if !matches!(self.authenticator, Authenticator::OAuth(_)) {
                return Ok(response);
            }
        }
        tracing::debug!(method = %request.method, path = %request.path, "signed in again after 401");
        self.send_with(request, &newer).await
    }

    async fn sleep(&self, wait: Duration) {
        self.inner.sleep(wait).await;
    }

    fn now_ms(&self) -> u64 {
        self.inner.now_ms()
    }

    fn random(&self) -> f64 {
        self.inner.random()
    }

    fn new_sys_id(&self) -> SysId {
        self.inner.new_sys_id()
    }

    fn redact(&self, text: &mut String) {
        for secret in self.used.lock().unwrap_or_else(PoisonError::into_inner).iter() {
            secret.redact(text);
        }
        self.inner.redact(text);
    }
}

fn refusal(reason: String) -> TransportError {
    TransportError { sent: false, kind: Cause::Credentials(Kind::Unauthenticated), reason }
}

fn unobtainable(error: &SourceError) -> TransportError {
    TransportError { sent: false, kind: Cause::Secret, reason: error.to_string() }
}

/// How far the clock of this machine is from that of an answer, in words; nothing when that explains no refusal.
fn clocks_differ(response: &Response, now_s: u64) -> Option<String> {
    let theirs_s = response.date_s()?;
    let (seconds, where_to) = match now_s.checked_sub(theirs_s) {
        Some(ahead) => (ahead, "ahead of"),
        None => (theirs_s - now_s, "behind"),
    };
    (seconds > CLOCK_SKEW_S)
        .then(|| format!("the clock of this machine is {seconds} seconds {where_to} that of the instance"))
}

/// A failure of the token endpoint, told with its own address: the request that needed the token was not sent.
fn not_issued(error: &ServiceError) -> TransportError {
    let answered = error.status.map_or_else(String::new, |it| format!(" was answered with {it}"));
    let reason = format!("`{} {}`{answered}: {}", error.method, error.path, error.reason);
    TransportError { sent: false, kind: Cause::Credentials(error.kind), reason }
}

#[cfg(test)]
mod tests;
