//! Everything that can stand in the way of an instance, each told in one message with its own way out.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use servicenow_client::{Cause, TlsFault, Transport, TransportError};
use servicenow_core::{Kind, Method, Request, Response, SysId, answer};
use terraform_provider_servicenow::errors::{Obstacle, obstacle};
use terraform_provider_servicenow::{Environment, ServiceNow};
use tf_core::{Diagnostics, Object, Value};
use tf_plugin::{Configure, Provider};

use crate::world::{errors, warnings};

/// What every request ends with.
#[derive(Clone)]
pub enum Ends {
    Answer(u16, &'static str),
    /// 401, with the header that speaks of a second factor.
    SecondFactor,
    Failure(Cause),
}

#[async_trait]
impl Transport for Ends {
    async fn send(&self, _: &Request) -> Result<Response, TransportError> {
        match self {
            Ends::Answer(status, body) => {
                Ok(Response { status: *status, headers: Vec::new(), body: body.as_bytes().to_vec() })
            }
            Ends::SecondFactor => {
                let headers = vec![("X-MFA_TOKEN".to_owned(), "invalid".to_owned())];
                Ok(Response { status: 401, headers, body: REFUSED.as_bytes().to_vec() })
            }
            Ends::Failure(kind) => {
                Err(TransportError { sent: false, kind: *kind, reason: "what was met".to_owned() })
            }
        }
    }

    async fn sleep(&self, _: Duration) {}

    fn now_ms(&self) -> u64 {
        0
    }

    fn random(&self) -> f64 {
        0.5
    }

    fn new_sys_id(&self) -> SysId {
        SysId::from_bytes([7; 16])
    }

    fn redact(&self, text: &mut String) {
        *text = text.replace("planted", "(sensitive)");
    }
}

/// The errors at configure, for an environment.
async fn said(ends: Ends, variables: &[(&str, &str)]) -> Vec<String> {
    errors(&configured(ends, variables).await)
}

/// Everything that is said at configure, for an environment.
pub async fn all_said(ends: Ends, variables: &[(&str, &str)]) -> Vec<String> {
    let problems = configured(ends, variables).await;
    [errors(&problems), warnings(&problems)].concat()
}

async fn configured(ends: Ends, variables: &[(&str, &str)]) -> Diagnostics {
    let environment = Environment::from_variables(|name| {
        variables.iter().find(|it| it.0 == name).map(|it| it.1.to_owned())
    });
    let provider = ServiceNow::over(environment, Arc::new(move |_| Arc::new(ends.clone())));
    let names = provider.schema().block.attributes;
    let config: Object = names.into_iter().map(|it| (it.name, Value::Null)).collect();
    provider.configure(Configure { terraform_version: "1.15.5".to_owned(), config }).await
}

const BASIC: &[(&str, &str)] = &[
    ("SERVICENOW_INSTANCE", "dev1"),
    ("SERVICENOW_USERNAME", "integration"),
    ("SERVICENOW_PASSWORD", "planted"),
];

async fn check(ends: Ends, variables: &[(&str, &str)], parts: &[&str]) {
    let problems = said(ends, variables).await;
    let [problem] = &problems[..] else { panic!("{problems:?}") };
    let always = ["Could not sign in to https://dev1.service-now.com", "Nothing was read or changed."];
    for part in parts.iter().chain(&always) {
        assert!(problem.contains(part), "{part} is missing in {problem}");
    }
    assert!(!problem.contains("planted"), "{problem}");
}

const HIBERNATING: &str = "<html><title>Instance Hibernating page</title></html>";
const MAINTENANCE: &str = "<html><title>Maintenance</title>Down for maintenance</html>";
const LOGIN: &str = "<html><title>Log in</title><form action=\"login.do\"></form></html>";
const FOREIGN: &str = "<html><title>Welcome to nginx</title></html>";
const ACL: &str = r#"{"error":{"message":"User Not Authorized","detail":"Failed API level ACL Validation"},"status":"failure"}"#;
const REFUSED: &str =
    r#"{"error":{"message":"User Not Authenticated","detail":"planted is wrong"},"status":"failure"}"#;

/// What stands in the way, what shows it, and what the message says.
fn cases() -> Vec<(Obstacle, Ends, &'static [&'static str])> {
    use Ends::{Answer, Failure};
    let tls =
        |fault, parts: &'static [&'static str]| (Obstacle::Tls(fault), Failure(Cause::Tls(fault)), parts);
    vec![
        (Obstacle::Url, Failure(Cause::Url), &["Check `instance_url` and `headers`"]),
        (Obstacle::Name, Failure(Cause::Name), &["for a wrong letter", "VPN", "`proxy_url`"]),
        (Obstacle::Tcp, Failure(Cause::Tcp), &["with its port", "firewall"]),
        (Obstacle::Timeout, Failure(Cause::Timeout), &["`request_timeout_seconds`"]),
        tls(TlsFault::UnknownIssuer, &["`ca_certificates_file`"]),
        tls(TlsFault::Expired, &["clock of this machine", "renewed"]),
        tls(TlsFault::NotYetValid, &["clock of this machine"]),
        tls(TlsFault::WrongName, &["a name that the certificate of the other side is for"]),
        tls(TlsFault::ClientCertificate, &["a client certificate in `mtls`"]),
        tls(TlsFault::NotTls, &["the scheme and the port"]),
        tls(TlsFault::Other, &["`ca_certificates_file`"]),
        (Obstacle::Proxy, Failure(Cause::Proxy), &["`proxy_url` (or `HTTPS_PROXY`"]),
        (Obstacle::Proxy, Answer(407, ""), &["`proxy_url`", "asks for credentials"]),
        (
            Obstacle::Credentials,
            Answer(401, REFUSED),
            &["401", "User Not Authenticated", "`username` and `password`"],
        ),
        (
            Obstacle::Secret,
            Failure(Cause::Secret),
            &["What was met", "run the command by hand", "within 30 seconds"],
        ),
        (
            Obstacle::SecondFactor,
            Ends::SecondFactor,
            &["401", "second factor", "User Not Authenticated", "`oauth`, `api_key` or `mtls`"],
        ),
        (Obstacle::Role, Answer(403, ACL), &["The credentials are right", "`snc_platform_rest_api_access`"]),
        (
            Obstacle::Table,
            Answer(400, r#"{"error":{"message":"Invalid table sys_user"}}"#),
            &["open to web services"],
        ),
        (Obstacle::Hibernating, Answer(200, HIBERNATING), &["hibernates", "Wake the instance"]),
        (Obstacle::Hibernating, Answer(503, HIBERNATING), &["Wake the instance"]),
        (Obstacle::Maintenance, Answer(503, MAINTENANCE), &["maintenance page", "is back"]),
        (Obstacle::Maintenance, Answer(502, ""), &["502", "is back"]),
        (Obstacle::Throttled, Answer(429, ""), &["429", "`-parallelism`"]),
        (Obstacle::NotServiceNow, Answer(200, LOGIN), &["login page", "single sign-on"]),
        (Obstacle::NotServiceNow, Answer(200, FOREIGN), &["Welcome to nginx", "a ServiceNow instance"]),
        (Obstacle::NotServiceNow, Answer(302, ""), &["a ServiceNow instance"]),
        (Obstacle::NotServiceNow, Answer(404, "nothing"), &["a ServiceNow instance"]),
        (Obstacle::Other, Answer(500, ""), &["500", "system log"]),
        (Obstacle::Maintenance, Failure(Cause::Credentials(Kind::Unavailable)), &["What was met", "is back"]),
    ]
}

#[tokio::test]
async fn whatever_stands_in_the_way_is_one_message_with_its_own_way_out() {
    let request = Request::new(Method::Get, "/api/now/table/sys_user");
    for (expected, ends, parts) in cases() {
        let error = match ends.send(&request).await {
            Ok(response) => answer::classify(&request, &response).unwrap_err(),
            Err(error) => error.into_service_error(&request),
        };
        assert_eq!(obstacle(&error), expected, "{error}");
        check(ends, BASIC, parts).await;
    }
}

#[test]
fn every_obstacle_has_a_case() {
    let seen: std::collections::HashSet<Obstacle> = cases().into_iter().map(|it| it.0).collect();
    // Seven of them are faults of an encrypted connection.
    assert_eq!(seen.len(), 22, "{seen:?}");
}

#[tokio::test]
async fn wrong_credentials_name_the_settings_that_were_used() {
    let of = |pairs: &[(&'static str, &'static str)]| [&BASIC[..1], pairs].concat();
    let client = [("SERVICENOW_OAUTH_CLIENT_ID", "id"), ("SERVICENOW_OAUTH_CLIENT_SECRET", "planted")];
    let grant = |kind, more: &[(&'static str, &'static str)]| {
        of(&[&client[..], &[("SERVICENOW_OAUTH_GRANT_TYPE", kind)], more].concat())
    };
    let refused = || Ends::Failure(Cause::Credentials(Kind::Unauthenticated));
    for (ends, variables, parts) in [
        (Ends::Answer(401, REFUSED), of(&[("SERVICENOW_TOKEN", "planted")]), &["`token`", "expired"][..]),
        (Ends::Answer(401, REFUSED), of(&[("SERVICENOW_API_KEY", "planted")]), &["REST API access policy"]),
        (refused(), of(&client), &["`oauth.client_id`", "client.credential.grant_type.enabled"]),
        (
            refused(),
            grant("password", &[("SERVICENOW_USERNAME", "me"), ("SERVICENOW_PASSWORD", "planted")]),
            &["the user \"me\""],
        ),
        (
            refused(),
            grant("refresh_token", &[("SERVICENOW_OAUTH_REFRESH_TOKEN", "planted")]),
            &["`oauth.refresh_token`"],
        ),
        (
            refused(),
            grant(
                "jwt_bearer",
                &[("SERVICENOW_OAUTH_SUBJECT", "me"), ("SERVICENOW_OAUTH_PRIVATE_KEY", "planted")],
            ),
            &["verifier map", "clocks"],
        ),
    ] {
        check(ends, &variables, parts).await;
    }
}

#[tokio::test]
async fn certificates_that_cannot_be_read_are_named_before_anything_is_asked() {
    let of = |pairs: &[(&'static str, &'static str)]| [BASIC, pairs].concat();
    for (variables, parts) in [
        (of(&[("SERVICENOW_CA_CERTIFICATES", "planted")]), ["`ca_certificates`", "no certificate in PEM"]),
        (
            of(&[("SERVICENOW_CA_CERTIFICATES_FILE", "/nowhere/x")]),
            ["`ca_certificates_file`", "`/nowhere/x`"],
        ),
        (of(&[("SERVICENOW_MTLS_PKCS12_FILE", "/nowhere/x")]), ["`mtls.pkcs12_file`", "cannot be read"]),
        (
            of(&[("SERVICENOW_MTLS_CERTIFICATE", "planted"), ("SERVICENOW_MTLS_PRIVATE_KEY", "planted")]),
            ["`mtls`", "no certificate in PEM"],
        ),
        (
            of(&[
                ("SERVICENOW_MTLS_CERTIFICATE", "planted"),
                ("SERVICENOW_MTLS_PRIVATE_KEY_COMMAND", r#"["false"]"#),
            ]),
            ["`mtls.private_key_command`", "exit code 1"],
        ),
    ] {
        let problems = said(Ends::Answer(200, r#"{"result":[]}"#), &variables).await;
        let [problem] = &problems[..] else { panic!("{problems:?}") };
        for part in parts.iter().chain(&["Nothing was asked of any instance"]) {
            assert!(problem.contains(part), "{part} is missing in {problem}");
        }
        assert!(!problem.contains("planted"), "{problem}");
    }
}

/// What an administrator meets who reads a secret or a bundle from a file and gets more or less than is in it.
#[tokio::test]
async fn a_secret_with_a_line_break_and_a_broken_bundle_are_named_before_anything_is_asked() {
    let whole = "-----BEGIN CERTIFICATE-----\nplanted\n-----END CERTIFICATE-----\n";
    for (variables, parts) in [
        (
            vec![("SERVICENOW_USERNAME", "me"), ("SERVICENOW_PASSWORD", "planted\n")],
            ["holds a line break", "`trimspace`"],
        ),
        (vec![("SERVICENOW_CREDENTIALS", "me:planted\r\n")], ["holds a line break", "`trimspace`"]),
        (vec![("SERVICENOW_TOKEN", "planted\n")], ["a line break", "cannot be sent"]),
        (
            vec![("SERVICENOW_TOKEN", "planted"), ("SERVICENOW_CA_CERTIFICATES", whole)],
            ["`ca_certificates`", "Certificate number 1 in it cannot be read"],
        ),
    ] {
        let variables = [&BASIC[..1], &variables[..]].concat();
        let problems = said(Ends::Answer(200, r#"{"result":[]}"#), &variables).await;
        let [problem] = &problems[..] else { panic!("{problems:?}") };
        for part in parts.iter().chain(&["Nothing was asked of any instance"]) {
            assert!(problem.contains(part), "{part} is missing in {problem}");
        }
        assert!(!problem.contains("planted"), "{problem}");
    }
}

#[tokio::test]
async fn who_may_not_read_the_table_of_users_has_signed_in_all_the_same() {
    let hidden = r#"{"error":{"message":"Operation Failed","detail":"ACL Exception"},"status":"failure"}"#;
    assert_eq!(said(Ends::Answer(403, hidden), BASIC).await, Vec::<String>::new());
    let chosen = [BASIC, &[("SERVICENOW_VALIDATE_TABLE", "incident")]].concat();
    check(Ends::Answer(403, hidden), &chosen, &["another `validate_table`"]).await;
}
