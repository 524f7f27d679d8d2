//! Whether the other system of a connection can be reached from here, stage by stage: name, TCP, TLS, proxy,
//! authentication, authorisation, content. Nothing but one `GET` is sent.

pub mod certificate;
pub mod document;
pub mod judge;

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use servicenow_client::proxy::ProxyChoice;
use servicenow_client::tls::Authorities;
use servicenow_client::{HttpSettings, HttpTransport, Transport};
use servicenow_core::{InstanceUrl, SysId};
use terraform_provider_servicenow::data_sources::connection_test::connection;
use terraform_provider_servicenow::outside::Outside;
use terraform_provider_servicenow::tables;
use terraform_provider_servicenow::target;
use tf_core::{Diagnostic, Diagnostics, Secret};
use tokio::net::{TcpStream, lookup_host};
use tokio::task::JoinSet;
use tokio::time::timeout;

use crate::live::Live;
use crate::progress::Watch;
use crate::report::{ConnectionLine, IntegrationLine};
use document::{ConnectionTest, Outcome, Stage, Step};

/// Other systems that are asked at the same time.
const AT_ONCE: usize = 8;

/// Where every test is made from, unless the connection says that the instance takes another way.
const HERE: &str = "the machine where snowdrift runs";

/// How to ask.
#[derive(Clone)]
pub struct Asking {
    /// How long a connection and an answer may take each.
    pub timeout: Duration,
    /// Authorities that are trusted beside those of the system.
    pub authorities: Option<Authorities>,
    /// The header that proves who asks; without it nothing does.
    pub authorization: Option<Secret>,
    /// The time, as an instance writes it.
    pub now: String,
}

/// The connections of a name: that of a connection, or of an integration, whose active ones are meant. Without a name all
/// active ones.
pub fn chosen(
    integrations: &[IntegrationLine],
    name: Option<&str>,
    inactive: bool,
) -> Vec<(String, ConnectionLine)> {
    let mut chosen = Vec::new();
    for integration in integrations {
        for it in &integration.connections {
            let is_it = name.is_some_and(|name| it.name == name || it.sys_id == name);
            let of_it = name.is_none_or(|name| integration.name == name || integration.sys_id == name);
            if is_it || (of_it && (it.active || inactive)) {
                chosen.push((integration.name.clone(), it.clone()));
            }
        }
    }
    chosen
}

/// Tests connections, a few at the same time.
///
/// # Errors
/// The instance does not answer.
pub async fn test(
    live: &Arc<Live>,
    chosen: Vec<(String, ConnectionLine)>,
    asking: &Asking,
    watch: &dyn Watch,
) -> Result<Vec<ConnectionTest>, Diagnostics> {
    watch.begins("connections to test", chosen.len());
    let mut tests = Vec::new();
    for chunk in chosen.chunks(AT_ONCE) {
        let mut running = JoinSet::new();
        for (integration, line) in chunk.iter().cloned() {
            let (live, asking) = (live.clone(), asking.clone());
            running.spawn(async move {
                let (url, through) = way(&live, &line).await?;
                let steps = steps(&url, &asking).await;
                Ok::<ConnectionTest, Diagnostics>(ConnectionTest::new(
                    integration,
                    line,
                    vantage(through),
                    steps,
                ))
            });
        }
        while let Some(test) = running.join_next().await {
            watch.advances(1);
            tests.push(test.map_err(|_| broken_off())??);
        }
    }
    tests.sort_by(|one, other| (&one.integration, &one.name).cmp(&(&other.integration, &other.name)));
    Ok(tests)
}

fn broken_off() -> Diagnostics {
    let detail = "This is a fault of snowdrift. Nothing was changed. Test the connections one by one, and report the one that \
        breaks off.";
    Diagnostic::error("A test broke off", detail).into()
}

fn vantage(through_mid: bool) -> String {
    if through_mid {
        return format!("{HERE}; the instance goes through a MID server, which may see something else");
    }
    HERE.to_owned()
}

/// The whole URL of a connection, and whether the instance goes there through a MID server.
async fn way(live: &Live, line: &ConnectionLine) -> Result<(String, bool), Diagnostics> {
    let Ok(id) = line.sys_id.parse::<SysId>() else { return Ok((String::new(), false)) };
    if line.type_name != "servicenow_unifi_connection" {
        let row = connection(&live.session, &id).await?;
        return Ok((row.text("connection_url").to_owned(), row.flag("use_mid")));
    }
    let table = tables::table("x_snd_eb_connection")?;
    let row = live.session.client.get(&table, &id, &["endpoint_url", "mid_server"]).await;
    let row = row.ok().flatten().unwrap_or_default();
    // Unifi fills in what stands in braces for each message: what comes before it can be asked.
    let url = row.text("endpoint_url").split('{').next().unwrap_or_default().to_owned();
    Ok((url, !row.text("mid_server").is_empty()))
}

/// Every stage, in order. What a stage before made impossible is not reached.
pub async fn steps(url: &str, asking: &Asking) -> Vec<Step> {
    let mut steps = Vec::new();
    let Some(place) = Place::of(url) else {
        let reason = "the connection has no address that can be asked from here";
        steps.push(Step::new(Stage::Name, Outcome::Failed, reason));
        return finished(steps);
    };
    let proxy = ProxyChoice::Usual.on_the_way_to(url).filter(|_| place.is_http && !place.is_here());
    let reached = match &proxy {
        Some(proxy) => {
            let detail = format!("the proxy `{proxy}` does it");
            steps.push(Step::new(Stage::Name, Outcome::Skipped, &detail));
            steps.push(Step::new(Stage::Tcp, Outcome::Skipped, detail));
            true
        }
        None => reach(&place, asking, &mut steps).await,
    };
    if !reached {
        return finished(steps);
    }
    if !place.is_http {
        let detail = "the connection does not speak HTTP, and nothing else is asked from here";
        steps.extend(
            [Stage::Tls, Stage::Proxy, Stage::Authentication, Stage::Authorisation, Stage::Content]
                .map(|it| Step::new(it, Outcome::Skipped, detail)),
        );
        return steps;
    }
    let seen = match (place.is_encrypted, &proxy) {
        (true, None) => Some(certificate::look(&place.host, place.port, asking.timeout).await),
        _ => None,
    };
    let headers: Vec<(String, String)> =
        asking.authorization.iter().map(|it| ("Authorization".to_owned(), it.expose().to_owned())).collect();
    let answer = target::ask(&outside(asking), url, asking.timeout, &headers).await;
    let ways = judge::Ways {
        is_encrypted: place.is_encrypted,
        proxy: proxy.as_deref(),
        signs_in: asking.authorization.is_some(),
        now: &asking.now,
    };
    steps.extend(judge::judge(&ways, seen.as_ref(), &answer));
    finished(steps)
}

/// Whether there is somebody at the address.
async fn reach(place: &Place, asking: &Asking, steps: &mut Vec<Step>) -> bool {
    let name = (place.host.as_str(), place.port);
    let found = timeout(asking.timeout, lookup_host(name)).await;
    let addresses: Vec<std::net::SocketAddr> = match found {
        Ok(Ok(addresses)) => addresses.collect(),
        Ok(Err(error)) => {
            let detail = format!("the name `{}` is unknown here: {error}", place.host);
            steps.push(Step::new(Stage::Name, Outcome::Failed, detail));
            return false;
        }
        Err(_) => {
            let detail = format!("nobody says in time what the name `{}` stands for", place.host);
            steps.push(Step::new(Stage::Name, Outcome::Failed, detail));
            return false;
        }
    };
    let ips: Vec<String> = addresses.iter().map(|it| it.ip().to_string()).collect();
    steps.push(Step::new(Stage::Name, Outcome::Passed, format!("`{}` is {}", place.host, ips.join(", "))));
    let (outcome, detail) = match timeout(asking.timeout, TcpStream::connect(addresses.as_slice())).await {
        Ok(Ok(_)) => (Outcome::Passed, format!("port {} is open", place.port)),
        Ok(Err(error)) => {
            (Outcome::Failed, format!("port {} does not take a connection: {error}", place.port))
        }
        Err(_) => (
            Outcome::Failed,
            format!("port {} does not answer in time: a firewall may be between", place.port),
        ),
    };
    steps.push(Step::new(Stage::Tcp, outcome, detail));
    outcome == Outcome::Passed
}

fn outside(asking: &Asking) -> Outside {
    let authorities = asking.authorities.clone();
    let reach = move |address: InstanceUrl, timeout: Duration| -> Arc<dyn Transport> {
        Arc::new(HttpTransport::new(HttpSettings {
            user_agent: format!("snowdrift/{}", env!("CARGO_PKG_VERSION")),
            connect_timeout: timeout,
            request_timeout: timeout,
            authorities: authorities.clone(),
            ..HttpSettings::new(address)
        }))
    };
    Outside { reach: Arc::new(reach), ..Outside::default() }
}

/// With the stages that were not reached.
fn finished(mut steps: Vec<Step>) -> Vec<Step> {
    for stage in Stage::ALL {
        if !steps.iter().any(|it| it.stage == stage) {
            steps.push(Step::new(stage, Outcome::NotReached, "a stage before failed"));
        }
    }
    steps
}

/// Where a URL leads.
#[derive(Debug, PartialEq, Eq)]
struct Place {
    host: String,
    port: u16,
    is_http: bool,
    is_encrypted: bool,
}

impl Place {
    /// Whether it is on this machine, so that no proxy of the environment is on the way.
    fn is_here(&self) -> bool {
        self.host.eq_ignore_ascii_case("localhost")
            || self.host.parse::<IpAddr>().is_ok_and(|it| it.is_loopback())
    }

    fn of(url: &str) -> Option<Place> {
        let (scheme, rest) = url.split_once("://")?;
        let scheme = scheme.rsplit(':').next()?.to_lowercase();
        let authority = rest.split(['/', '?', '#', ';']).next()?;
        let authority = authority.rsplit('@').next()?;
        let (host, port) = match authority.strip_prefix('[') {
            Some(six) => {
                let (host, rest) = six.split_once(']')?;
                (host, rest.strip_prefix(':'))
            }
            None => authority.split_once(':').map_or((authority, None), |(host, port)| (host, Some(port))),
        };
        let usual = match scheme.as_str() {
            "https" => Some(443),
            "http" => Some(80),
            _ => None,
        };
        let port = match port {
            Some(port) => port.parse().ok()?,
            None => usual?,
        };
        let is_legal = !host.is_empty() && !host.contains(['{', '}', '$', ' ']);
        is_legal.then(|| Place {
            host: host.to_owned(),
            port,
            is_http: usual.is_some(),
            is_encrypted: scheme == "https",
        })
    }
}

#[cfg(test)]
mod tests;
