//! The transport over HTTP: signed in from the first byte, without cookies, following nothing.

use std::error::Error;
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use async_trait::async_trait;
use reqwest::header::{AUTHORIZATION, HeaderValue};
use reqwest::redirect::Policy;
use servicenow_core::{InstanceUrl, Method, Request, Response, SysId};
use uuid::Uuid;

use crate::{Authenticator, Cause, Transport, TransportError};

/// How long a connection may take: a host that answers at all does so within a second or two.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// How long an answer may take: the instance ends a request after about a minute, which it may have spent in a queue.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(90);

/// How long an unused connection is kept: less than load balancers do, so that a request does not meet a closing one.
const IDLE_TIMEOUT: Duration = Duration::from_secs(30);

/// The largest answer: a page of a thousand rows with long scripts stays below it.
const BODY_BYTES_MAX: usize = 64 * 1024 * 1024;

/// Where and as whom.
#[derive(Clone, Debug)]
pub struct HttpSettings {
    /// The instance.
    pub instance: InstanceUrl,
    /// Who signs in.
    pub authenticator: Authenticator,
    /// What the instance's log shows as the caller: program and version.
    pub user_agent: String,
    /// How long a connection may take.
    pub connect_timeout: Duration,
    /// How long an answer may take.
    pub request_timeout: Duration,
}

impl HttpSettings {
    /// The usual settings.
    pub fn new(instance: InstanceUrl, authenticator: Authenticator) -> HttpSettings {
        HttpSettings {
            instance,
            authenticator,
            user_agent: concat!("servicenow-client/", env!("CARGO_PKG_VERSION")).to_owned(),
            connect_timeout: CONNECT_TIMEOUT,
            request_timeout: REQUEST_TIMEOUT,
        }
    }
}

/// HTTP with TLS, connection reuse, HTTP/2 where offered, and compression.
pub struct HttpTransport {
    settings: HttpSettings,
    base: String,
    began: Instant,
    /// Built with the first request: reading the trusted certificates must not slow a start that asks for nothing.
    http: OnceLock<Result<reqwest::Client, TransportError>>,
}

impl HttpTransport {
    /// A transport that has done nothing yet.
    #[expect(clippy::disallowed_methods, reason = "this is the edge where the clock comes from")]
    pub fn new(settings: HttpSettings) -> HttpTransport {
        let base = settings.instance.to_string();
        HttpTransport { settings, base, began: Instant::now(), http: OnceLock::new() }
    }

    /// A transport that signs in with user name and password and names its program to the instance.
    pub fn basic(
        instance: InstanceUrl,
        username: impl Into<String>,
        password: impl Into<String>,
        user_agent: &str,
    ) -> HttpTransport {
        let settings = HttpSettings::new(instance, Authenticator::basic(username, password));
        HttpTransport::new(HttpSettings { user_agent: user_agent.to_owned(), ..settings })
    }

    fn http(&self) -> Result<reqwest::Client, TransportError> {
        self.http.get_or_init(|| build(&self.settings)).clone()
    }

    fn outgoing(&self, request: &Request) -> Result<reqwest::RequestBuilder, TransportError> {
        let url = format!("{}{}", self.base, request.target());
        let mut outgoing = self.http()?.request(verb(request.method), url);
        for (name, value) in &request.headers {
            outgoing = outgoing.header(name, value);
        }
        if let Some(body) = &request.body {
            outgoing = outgoing.body(body.clone());
        }
        let unusable = |reason: String| TransportError { sent: false, kind: Cause::Url, reason };
        let proof = self.settings.authenticator.header().map_err(|it| unusable(it.to_string()))?;
        let mut proof = HeaderValue::from_str(&proof)
            .map_err(|_| unusable("the credentials cannot be written into a header".to_owned()))?;
        proof.set_sensitive(true);
        Ok(outgoing.header(AUTHORIZATION, proof))
    }

    fn failure(&self, error: reqwest::Error) -> TransportError {
        failure(error, self.settings.instance.host(), self.settings.request_timeout)
    }
}

#[async_trait]
impl Transport for HttpTransport {
    async fn send(&self, request: &Request) -> Result<Response, TransportError> {
        let mut incoming = self.outgoing(request)?.send().await.map_err(|it| self.failure(it))?;
        let status = incoming.status().as_u16();
        let text = |it: &HeaderValue| String::from_utf8_lossy(it.as_bytes()).into_owned();
        let headers =
            incoming.headers().iter().map(|(name, value)| (name.to_string(), text(value))).collect();
        let mut body = Vec::new();
        while let Some(chunk) = incoming.chunk().await.map_err(|it| broken(self.failure(it)))? {
            if body.len() + chunk.len() > BODY_BYTES_MAX {
                let reason = format!("the answer is larger than {BODY_BYTES_MAX} bytes");
                return Err(TransportError { sent: true, kind: Cause::Lost, reason });
            }
            body.extend_from_slice(&chunk);
        }
        Ok(Response { status, headers, body })
    }

    async fn sleep(&self, wait: Duration) {
        tokio::time::sleep(wait).await;
    }

    fn now_ms(&self) -> u64 {
        u64::try_from(self.began.elapsed().as_millis()).unwrap_or(u64::MAX)
    }

    fn random(&self) -> f64 {
        // The lower half of a random id holds no fixed bits below the highest two; a fraction holds 53.
        const FRACTION_BITS: u32 = 53;
        let (_, low) = Uuid::new_v4().as_u64_pair();
        (low & ((1 << FRACTION_BITS) - 1)) as f64 / (1_u64 << FRACTION_BITS) as f64
    }

    fn new_sys_id(&self) -> SysId {
        SysId::from_bytes(Uuid::new_v4().into_bytes())
    }
}

fn build(settings: &HttpSettings) -> Result<reqwest::Client, TransportError> {
    let builder = reqwest::Client::builder()
        .user_agent(&settings.user_agent)
        .connect_timeout(settings.connect_timeout)
        .timeout(settings.request_timeout)
        .pool_idle_timeout(IDLE_TIMEOUT)
        // A redirect leads to a login page or away from the instance, and would take the credentials along.
        .redirect(Policy::none())
        .referer(false);
    // What runs on this machine is never behind a proxy.
    let builder = if settings.instance.is_loopback() { builder.no_proxy() } else { builder };
    builder.build().map_err(|error| TransportError {
        sent: false,
        kind: Cause::Tls,
        reason: format!("the HTTP client could not be set up: {}", chain(&error)),
    })
}

fn verb(method: Method) -> reqwest::Method {
    match method {
        Method::Get => reqwest::Method::GET,
        Method::Head => reqwest::Method::HEAD,
        Method::Post => reqwest::Method::POST,
        Method::Put => reqwest::Method::PUT,
        Method::Patch => reqwest::Method::PATCH,
        Method::Delete => reqwest::Method::DELETE,
    }
}

/// Where a request failed, told from the library's error without the address in it, whose query is nobody's business.
fn failure(error: reqwest::Error, host: &str, request_timeout: Duration) -> TransportError {
    let error = error.without_url();
    let words = chain(&error);
    let lower = words.to_lowercase();
    let mentions = |parts: &[&str]| parts.iter().any(|it| lower.contains(it));
    let not_sent = |kind: Cause, reason: String| TransportError { sent: false, kind, reason };
    if error.is_builder() {
        return not_sent(Cause::Url, format!("the request cannot be sent: {words}"));
    }
    if !error.is_connect() {
        let (kind, reason) = if error.is_timeout() {
            (Cause::Timeout, format!("no complete answer within {} s", request_timeout.as_secs()))
        } else {
            (Cause::Lost, format!("the connection to `{host}` broke before the answer was complete: {words}"))
        };
        return TransportError { sent: true, kind, reason };
    }
    if error.is_timeout() {
        return not_sent(Cause::Timeout, format!("`{host}` accepted no connection in time"));
    }
    if mentions(&["proxy", "tunnel"]) {
        return not_sent(Cause::Proxy, format!("the proxy did not connect to `{host}`: {words}"));
    }
    if error.is_dns() || mentions(&["dns error", "failed to lookup"]) {
        return not_sent(Cause::Name, format!("the host name `{host}` is unknown: {words}"));
    }
    if mentions(&["certificate", "tls", "handshake", "corrupt message", "close_notify", "unexpected eof"]) {
        return not_sent(Cause::Tls, format!("no trusted encrypted connection to `{host}`: {words}"));
    }
    not_sent(Cause::Tcp, format!("no connection to `{host}`: {words}"))
}

/// An answer had begun, so the request had certainly arrived.
fn broken(error: TransportError) -> TransportError {
    TransportError { sent: true, ..error }
}

/// An error and its causes on one line, each text once.
fn chain(error: &dyn Error) -> String {
    let mut texts: Vec<String> = Vec::new();
    let mut next: Option<&dyn Error> = Some(error);
    while let Some(error) = next {
        let text = error.to_string();
        if !texts.iter().any(|it| it.contains(&text)) {
            texts.push(text);
        }
        next = error.source();
    }
    texts.join(": ")
}

#[cfg(test)]
mod tests;
