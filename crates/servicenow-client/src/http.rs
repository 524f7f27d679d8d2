//! The transport over HTTP: without cookies, following nothing, failing with a cause.

mod failure;

use std::sync::OnceLock;
use std::time::{Duration, Instant};

use async_trait::async_trait;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use reqwest::redirect::Policy;
use servicenow_core::{InstanceUrl, Method, Request, Response, SysId};
use uuid::Uuid;

use crate::headers::ExtraHeader;
use crate::proxy::ProxyChoice;
use crate::tls::{Authorities, ClientCertificate};
use crate::{Cause, TlsFault, Transport, TransportError};

/// How long a connection may take: a host that answers at all does so within a second or two.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// How long an answer may take: the instance ends a request after about a minute, which it may have spent in a queue.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(90);

/// How long an unused connection is kept: less than load balancers do, so that a request does not meet a closing one.
const IDLE_TIMEOUT: Duration = Duration::from_secs(30);

/// How long a connection may be silent before the other side is asked whether it is still there, and how often it is asked:
/// a machine that was switched off says nothing, and a request would wait for its whole time.
const ALIVE_CHECK: Duration = Duration::from_secs(15);
const ALIVE_CHECKS_MAX: u32 = 3;

/// The largest answer: a page of a thousand rows with long scripts stays below it.
const BODY_BYTES_MAX: usize = 64 * 1024 * 1024;

/// Headers that prove nothing: the libraries below log headers, and leave out the values of those that are marked, which are
/// all others. A key of another system may be in a header of any name.
const SHOWN: &[&str] = &["accept", "content-type", "x-no-response-body"];

/// Where, and how it is reached.
#[derive(Clone, Debug)]
pub struct HttpSettings {
    /// The instance.
    pub instance: InstanceUrl,
    /// What the instance's log shows as the caller: program and version.
    pub user_agent: String,
    /// How long a connection may take.
    pub connect_timeout: Duration,
    /// How long an answer may take.
    pub request_timeout: Duration,
    /// How long a connection may be silent before the other side is asked whether it is still there.
    pub alive_check: Duration,
    /// Authorities that are trusted beside those of the system.
    pub authorities: Option<Authorities>,
    /// The certificate that is shown to the instance.
    pub client_certificate: Option<ClientCertificate>,
    /// What stands between.
    pub proxy: ProxyChoice,
    /// Headers that are sent with every request.
    pub headers: Vec<ExtraHeader>,
}

impl HttpSettings {
    /// The usual settings.
    pub fn new(instance: InstanceUrl) -> HttpSettings {
        HttpSettings {
            instance,
            user_agent: concat!("servicenow-client/", env!("CARGO_PKG_VERSION")).to_owned(),
            connect_timeout: CONNECT_TIMEOUT,
            request_timeout: REQUEST_TIMEOUT,
            alive_check: ALIVE_CHECK,
            authorities: None,
            client_certificate: None,
            proxy: ProxyChoice::Usual,
            headers: Vec::new(),
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

    fn http(&self) -> Result<reqwest::Client, TransportError> {
        self.http.get_or_init(|| build(&self.settings)).clone()
    }

    fn outgoing(&self, request: &Request) -> Result<reqwest::RequestBuilder, TransportError> {
        let url = format!("{}{}", self.base, request.target());
        let mut outgoing = self.http()?.request(verb(request.method), url);
        for (name, value) in &request.headers {
            let (name, value) = header(name, value)?;
            outgoing = outgoing.header(name, value);
        }
        if let Some(body) = &request.body {
            outgoing = outgoing.body(body.clone());
        }
        Ok(outgoing)
    }

    fn failure(&self, error: reqwest::Error) -> TransportError {
        failure::of(error, &self.way())
    }

    fn way(&self) -> failure::Way<'_> {
        let settings = &self.settings;
        let proxy = match (&settings.proxy, settings.instance.is_loopback()) {
            (ProxyChoice::Usual, true) => None,
            (choice, _) => choice.on_the_way_to(&self.base),
        };
        failure::Way {
            host: settings.instance.host(),
            proxy,
            request_timeout: settings.request_timeout,
            connect_timeout: settings.connect_timeout,
            shows_certificate: settings.client_certificate.is_some(),
        }
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
    prepared(settings).and_then(reqwest::ClientBuilder::build).map_err(|error| TransportError {
        sent: false,
        kind: Cause::Tls(TlsFault::Other),
        reason: format!("the HTTP client could not be set up: {}", failure::chain(&error)),
    })
}

fn prepared(settings: &HttpSettings) -> Result<reqwest::ClientBuilder, reqwest::Error> {
    let headers: HeaderMap = settings.headers.iter().filter_map(ExtraHeader::to_reqwest).collect();
    let mut builder = reqwest::Client::builder()
        .user_agent(&settings.user_agent)
        .default_headers(headers)
        .connect_timeout(settings.connect_timeout)
        .timeout(settings.request_timeout)
        .pool_idle_timeout(IDLE_TIMEOUT)
        // All three are said, because what a system takes without them differs, up to hours.
        .tcp_keepalive(settings.alive_check)
        .tcp_keepalive_interval(settings.alive_check / ALIVE_CHECKS_MAX)
        .tcp_keepalive_retries(ALIVE_CHECKS_MAX)
        .http2_keep_alive_interval(settings.alive_check)
        .http2_keep_alive_timeout(settings.alive_check)
        // A redirect leads to a login page or away from the instance, and would take the credentials along.
        .redirect(Policy::none())
        .referer(false);
    match &settings.proxy {
        ProxyChoice::Given(proxy) => builder = builder.proxy(proxy.to_reqwest()?),
        // What runs on this machine is never behind a proxy that nobody chose.
        ProxyChoice::Usual if settings.instance.is_loopback() => builder = builder.no_proxy(),
        ProxyChoice::Usual => {}
    }
    if let Some(authorities) = &settings.authorities {
        builder = builder.tls_certs_merge(authorities.to_reqwest()?);
    }
    if let Some(certificate) = &settings.client_certificate {
        builder = builder.identity(certificate.to_reqwest()?);
    }
    Ok(builder)
}

fn header(name: &str, value: &str) -> Result<(HeaderName, HeaderValue), TransportError> {
    let unusable = |reason: String| TransportError { sent: false, kind: Cause::Url, reason };
    let parsed = HeaderName::from_bytes(name.as_bytes());
    let name = parsed.map_err(|_| unusable("a header has an impossible name".to_owned()))?;
    let value = HeaderValue::from_str(value);
    let mut value = value.map_err(|_| unusable(format!("the header `{name}` has an impossible value")))?;
    value.set_sensitive(!SHOWN.contains(&name.as_str()));
    Ok((name, value))
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

/// An answer had begun, so the request had certainly arrived.
fn broken(error: TransportError) -> TransportError {
    TransportError { sent: true, ..error }
}

#[cfg(test)]
mod tests;
