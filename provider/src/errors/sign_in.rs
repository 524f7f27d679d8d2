//! Messages about an instance that cannot be used: what stands in the way, and the way out of each.

use servicenow_client::Authenticator;
use servicenow_client::authenticator::{GrantSource, OAuth};
use servicenow_client::guard::Finding;
use servicenow_core::{Cause, Kind, ServiceError, TlsFault};
use tf_core::Diagnostic;

use super::why;

/// What stands in the way of using an instance.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Obstacle {
    /// The address or a header cannot be used.
    Url,
    /// The host name is unknown.
    Name,
    /// No connection.
    Tcp,
    /// No connection or answer in time.
    Timeout,
    /// No trusted encrypted connection.
    Tls(TlsFault),
    /// The proxy.
    Proxy,
    /// The credentials are not accepted, or there are none.
    Credentials,
    /// A file or a command does not give the secret.
    Secret,
    /// The password may be right, and the second factor is missing.
    SecondFactor,
    /// The user may not read what was asked for.
    Role,
    /// The table that was asked for is not there.
    Table,
    /// It sleeps.
    Hibernating,
    /// It is under maintenance, restarts or is too busy.
    Maintenance,
    /// It takes no more requests for now.
    Throttled,
    /// Something else answers.
    NotServiceNow,
    /// Anything else.
    Other,
}

/// What a failed first request says about the instance.
pub fn obstacle(error: &ServiceError) -> Obstacle {
    match (error.cause, error.kind) {
        (Some(Cause::Url), _) => Obstacle::Url,
        (Some(Cause::Name), _) => Obstacle::Name,
        (Some(Cause::Tcp), _) => Obstacle::Tcp,
        (Some(Cause::Timeout), _) => Obstacle::Timeout,
        (Some(Cause::Tls(fault)), _) => Obstacle::Tls(fault),
        (Some(Cause::Proxy), _) => Obstacle::Proxy,
        (Some(Cause::Secret), _) => Obstacle::Secret,
        (_, Kind::Unreachable) if error.status == Some(407) => Obstacle::Proxy,
        (_, Kind::Unauthenticated) if error.wants_second_factor() => Obstacle::SecondFactor,
        (_, Kind::Unauthenticated) => Obstacle::Credentials,
        (_, Kind::Forbidden) => Obstacle::Role,
        (_, Kind::InvalidTable) => Obstacle::Table,
        // The reason of a token endpoint begins with its address.
        (_, Kind::Unavailable) if error.is_hibernating() || error.reason.contains("hibernates") => {
            Obstacle::Hibernating
        }
        (_, Kind::Unavailable) => Obstacle::Maintenance,
        (_, Kind::Throttled) => Obstacle::Throttled,
        (_, Kind::NotServiceNow) => Obstacle::NotServiceNow,
        _ => Obstacle::Other,
    }
}

/// The instance cannot be used.
pub fn sign_in(instance: &str, authenticator: &Authenticator, error: &ServiceError) -> Diagnostic {
    let obstacle = obstacle(error);
    Diagnostic::error(
        format!("Could not sign in to {instance}"),
        format!("{} Nothing was read or changed. {}", why(error), way_out(obstacle, authenticator, error)),
    )
}

/// The instance is not the expected one, or it cannot be told.
pub fn not_expected(instance: &str, finding: &Finding) -> Diagnostic {
    let next = match finding {
        Finding::Unreadable { .. } => {
            "Give the user read access to the records `instance_name` and `instance_id` of `sys_properties`, or set \
             `when_unreadable = \"allow\"` in `expected_instance` to write without that proof."
        }
        _ => "Check `instance_url` and `expected_instance`: one of the two means another instance.",
    };
    Diagnostic::error(
        format!("{instance} is not proven to be the expected instance"),
        format!("On {instance} {finding}. Nothing is written to it. {next}"),
    )
}

fn way_out(obstacle: Obstacle, authenticator: &Authenticator, error: &ServiceError) -> String {
    match obstacle {
        Obstacle::Url => "Check `instance_url` and `headers`, then run Terraform again.".to_owned(),
        Obstacle::Name => "Check `instance_url` (or `instance`) for a wrong letter. If it is right, this machine does not \
                           see the name: it may need a VPN, or a proxy (`proxy_url`, `HTTPS_PROXY`)."
            .to_owned(),
        Obstacle::Tcp => "Check `instance_url` with its port, and whether a firewall, a VPN or a proxy (`proxy_url`, \
                          `HTTPS_PROXY`) stands between."
            .to_owned(),
        Obstacle::Timeout => "Check whether a firewall, a VPN or a proxy stands between; where the instance is only slow, \
                              raise `request_timeout_seconds`."
            .to_owned(),
        Obstacle::Tls(fault) => certificate(fault).to_owned(),
        Obstacle::Proxy => "Check `proxy_url` (or `HTTPS_PROXY` and `NO_PROXY`) with its user name and password, and \
                            whether the proxy lets this host through."
            .to_owned(),
        Obstacle::Credentials => credentials(authenticator),
        Obstacle::Secret => "Look at the file, or run the command by hand, on this machine and as the user that runs \
                             Terraform: it has to give the secret on one line and nothing else, a command within 30 \
                             seconds and without a question."
            .to_owned(),
        Obstacle::SecondFactor => "Nobody is there to type a code: sign in with `oauth`, `api_key` or `mtls`, or exempt this \
                                   user from multi-factor authentication, as is usual for an integration user."
            .to_owned(),
        Obstacle::Role => "The credentials are right. Give the user read access to that table, for example a role, or \
                           `snc_platform_rest_api_access` where the instance restricts its REST API; or choose another \
                           `validate_table`."
            .to_owned(),
        Obstacle::Table => "Check `validate_table`, and that the table is open to web services.".to_owned(),
        Obstacle::Hibernating => {
            "Wake the instance at the developer site, wait a few minutes, then run Terraform again.".to_owned()
        }
        Obstacle::Maintenance => "Run Terraform again when the instance is back: wait until it is back from a restart, \
                                  an upgrade or maintenance."
            .to_owned(),
        Obstacle::Throttled => match error.retry_after_s {
            Some(seconds) => format!("Run Terraform again in {}.", super::duration(seconds)),
            None => "Run Terraform again later, or with a smaller `-parallelism`.".to_owned(),
        },
        Obstacle::NotServiceNow => "Check that `instance_url` is the address of a ServiceNow instance, and that no proxy \
                                    and no login page of a single sign-on answers in its place."
            .to_owned(),
        Obstacle::Other => "Run Terraform again; if it stays so, the instance's system log tells more.".to_owned(),
    }
}

fn certificate(fault: TlsFault) -> &'static str {
    match fault {
        TlsFault::UnknownIssuer => {
            "If a proxy of your company opens encrypted connections, or the instance has a certificate of a private \
             authority, give that authority's certificate in `ca_certificates_file`."
        }
        TlsFault::Expired | TlsFault::NotYetValid => {
            "Check the clock of this machine; if it is right, the certificate of the other side has to be renewed."
        }
        TlsFault::WrongName => {
            "Check the host in `instance_url`: it has to be a name that the certificate of the other side is for."
        }
        TlsFault::ClientCertificate => {
            "Give a client certificate in `mtls`, or check that the instance trusts the authority of the one that is \
             given and that it has not expired."
        }
        TlsFault::NotTls => "Check the scheme and the port in `instance_url`: nothing there speaks TLS.",
        TlsFault::Other => {
            "Check `instance_url`, `mtls` and `ca_certificates_file`, and what stands between."
        }
    }
}

fn credentials(authenticator: &Authenticator) -> String {
    match authenticator {
        Authenticator::Basic { username, .. } => format!(
            "Check `username` and `password` (or `SERVICENOW_USERNAME` and `SERVICENOW_PASSWORD`), and that the user \
             \"{username}\" is active, not locked out, allowed to use web services, not asked for a second factor and without a \
             password that has to be changed."
        ),
        Authenticator::Bearer(_) => "Check `token` (or `SERVICENOW_TOKEN`): it may have expired, be revoked or be of another \
                                     instance. An identity token needs a record of the kind External OIDC Provider."
            .to_owned(),
        Authenticator::ApiKey(_) => "Check `api_key` (or `SERVICENOW_API_KEY`): it may have expired, and the instance needs \
                                     an inbound authentication profile for API keys and a REST API access policy that \
                                     uses it for the Table API."
            .to_owned(),
        Authenticator::OAuth(oauth) => of_oauth(oauth),
        _ => "Check that the instance maps the certificate in `mtls` to an active user.".to_owned(),
    }
}

fn of_oauth(oauth: &OAuth) -> String {
    let grant = match &oauth.grant {
        GrantSource::ClientCredentials => {
            "the property `glide.oauth.inbound.client.credential.grant_type.enabled` is `true` and the record names an \
             OAuth application user"
                .to_owned()
        }
        GrantSource::Password { username, .. } => {
            format!("the user \"{username}\" is active and `password` is right")
        }
        GrantSource::RefreshToken(_) => "`oauth.refresh_token` is of this application and not expired".to_owned(),
        GrantSource::JwtBearer { .. } => {
            "the record has a verifier map with the key id and the public key, `subject` is the value of its user field, \
             and the clocks agree"
                .to_owned()
        }
    };
    format!(
        "The instance gives the same answer to every cause. Check `oauth.client_id` and `oauth.client_secret` against the \
         record in its application registry, that the record is active, and that {grant}."
    )
}
