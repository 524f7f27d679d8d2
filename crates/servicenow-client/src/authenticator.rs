//! The ways in which requests can prove who sends them.

use servicenow_core::Secret;
use servicenow_core::token::{Application, Grant};

use crate::Source;
use crate::jwt::{Claims, SigningKey};
use crate::source::SourceError;

/// A way to sign in. Its `Debug` shows no secret.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Authenticator {
    /// Nothing is sent: the client certificate of the connection says who asks.
    Certificate,
    /// User name and password with every request.
    Basic {
        /// Who.
        username: String,
        /// The proof.
        password: Source,
    },
    /// A token that somebody else obtained.
    Bearer(Source),
    /// An API key of the instance.
    ApiKey(Source),
    /// Tokens of the instance, asked for when they are needed.
    OAuth(OAuth),
}

/// How tokens are asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OAuth {
    /// The client id in the instance's application registry.
    pub client_id: String,
    /// The client secret; a public application has none.
    pub client_secret: Option<Source>,
    /// What the tokens may be used for; without it the instance decides.
    pub scope: Option<String>,
    /// What entitles to them.
    pub grant: GrantSource,
}

/// What entitles to a token, and where it comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum GrantSource {
    /// The application itself.
    ClientCredentials,
    /// A user's name and password.
    Password {
        /// Who.
        username: String,
        /// The proof.
        password: Source,
    },
    /// A refresh token. One that the instance hands out in its place is used from then on.
    RefreshToken(Source),
    /// An assertion that is signed here.
    JwtBearer {
        /// The private key in PEM.
        private_key: Source,
        /// What is asserted.
        claims: Claims,
    },
}

/// Credentials that cannot be sent. Never holds them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AuthenticatorError {
    /// Basic authentication ends the user name at the first colon.
    #[error("a user name with a colon cannot be used with basic authentication")]
    ColonInUsername,
    /// Nobody can sign in without a name.
    #[error("the user name is empty")]
    NoUsername,
    /// A secret of more than one line.
    #[error(
        "the password, client secret or refresh token holds a line break, as a text that was read from a file often does at \
         its end: take it away, for example with `trimspace`"
    )]
    LineBreak,
    /// Headers take visible ASCII characters only.
    #[error("the token or key holds a blank, a line break or another character that cannot be sent")]
    NotSendable,
}

impl Authenticator {
    /// Basic authentication with a password that is known already.
    pub fn basic(username: impl Into<String>, password: impl Into<String>) -> Authenticator {
        Authenticator::Basic { username: username.into(), password: Source::given(password) }
    }

    /// Who signs in, where that is known before anything was asked.
    pub fn username(&self) -> Option<&str> {
        match self {
            Authenticator::Basic { username, .. }
            | Authenticator::OAuth(OAuth { grant: GrantSource::Password { username, .. }, .. }) => {
                Some(username)
            }
            _ => None,
        }
    }

    /// Whether the credentials can be sent at all, as far as that shows without reading them.
    pub fn check(&self) -> Result<(), AuthenticatorError> {
        match self {
            Authenticator::Basic { username, .. } if username.is_empty() => {
                Err(AuthenticatorError::NoUsername)
            }
            Authenticator::Basic { username, .. } if username.contains(':') => {
                Err(AuthenticatorError::ColonInUsername)
            }
            Authenticator::Basic { password, .. } => password.check_line(),
            Authenticator::Bearer(Source::Given(it)) | Authenticator::ApiKey(Source::Given(it)) => {
                sendable(it)
            }
            Authenticator::OAuth(oauth) => oauth.lines().into_iter().try_for_each(Source::check_line),
            _ => Ok(()),
        }
    }

    /// Whether other credentials may come of asking for them again.
    pub(crate) fn may_change(&self) -> bool {
        match self {
            Authenticator::Certificate => false,
            Authenticator::Basic { password: source, .. }
            | Authenticator::Bearer(source)
            | Authenticator::ApiKey(source) => source.may_change(),
            Authenticator::OAuth(_) => true,
        }
    }

    /// The secrets that are known without asking anybody.
    pub(crate) fn given(&self) -> Vec<Secret> {
        let sources: Vec<&Source> = match self {
            Authenticator::Certificate => Vec::new(),
            Authenticator::Basic { password: source, .. }
            | Authenticator::Bearer(source)
            | Authenticator::ApiKey(source) => vec![source],
            Authenticator::OAuth(oauth) => oauth.sources(),
        };
        sources.into_iter().filter_map(Source::as_given).cloned().collect()
    }
}

impl OAuth {
    fn sources(&self) -> Vec<&Source> {
        let of_grant = match &self.grant {
            GrantSource::ClientCredentials => None,
            GrantSource::Password { password: source, .. }
            | GrantSource::RefreshToken(source)
            | GrantSource::JwtBearer { private_key: source, .. } => Some(source),
        };
        self.client_secret.iter().chain(of_grant).collect()
    }

    /// The secrets that are one line.
    fn lines(&self) -> Vec<&Source> {
        let of_grant = match &self.grant {
            GrantSource::Password { password: source, .. } | GrantSource::RefreshToken(source) => {
                Some(source)
            }
            GrantSource::ClientCredentials | GrantSource::JwtBearer { .. } => None,
        };
        self.client_secret.iter().chain(of_grant).collect()
    }

    /// The application, with its secret read.
    pub(crate) async fn application(&self) -> Result<Application, SourceError> {
        let client_secret = match &self.client_secret {
            Some(source) => Some(source.read_line().await?),
            None => None,
        };
        Ok(Application { client_id: self.client_id.clone(), client_secret, scope: self.scope.clone() })
    }

    /// The grant, with its secret read. `newer` is the refresh token that the instance handed out last.
    pub(crate) async fn grant(
        &self,
        newer: Option<&Secret>,
        now_s: u64,
        id: &str,
    ) -> Result<Grant, SourceError> {
        Ok(match &self.grant {
            GrantSource::ClientCredentials => Grant::ClientCredentials,
            GrantSource::Password { username, password } => {
                Grant::Password { username: username.clone(), password: password.read_line().await? }
            }
            GrantSource::RefreshToken(source) => Grant::RefreshToken(match newer {
                Some(token) => token.clone(),
                None => source.read_line().await?,
            }),
            GrantSource::JwtBearer { private_key, claims } => {
                let key = SigningKey::from_pem(&private_key.read().await?);
                let signed = key.and_then(|it| it.sign(claims, now_s, id));
                Grant::JwtBearer(signed.map_err(|it| SourceError::new(it.to_string()))?)
            }
        })
    }
}

impl Source {
    /// Whether what is known already is one line.
    fn check_line(&self) -> Result<(), AuthenticatorError> {
        let is_broken = self.as_given().is_some_and(|it| it.expose().contains(['\n', '\r']));
        if is_broken { Err(AuthenticatorError::LineBreak) } else { Ok(()) }
    }
}

/// Whether a text can stand in a header.
pub(crate) fn sendable(secret: &Secret) -> Result<(), AuthenticatorError> {
    let text = secret.expose();
    let fits = !text.is_empty() && text.bytes().all(|it| it.is_ascii_graphic());
    if fits { Ok(()) } else { Err(AuthenticatorError::NotSendable) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(authenticator: &Authenticator, expected: Result<(), AuthenticatorError>) {
        assert_eq!(authenticator.check(), expected, "{authenticator:?}");
    }

    #[test]
    fn a_password_may_hold_colons_and_a_user_name_may_not() {
        check(&Authenticator::basic("user", "a:b"), Ok(()));
        check(&Authenticator::basic("us:er", "a"), Err(AuthenticatorError::ColonInUsername));
        check(&Authenticator::basic("", "a"), Err(AuthenticatorError::NoUsername));
        check(&Authenticator::basic("user", "a b\n"), Err(AuthenticatorError::LineBreak));
    }

    #[test]
    fn a_token_is_visible_ascii() {
        for (text, expected) in [
            ("abc.DEF-123_~+/=", Ok(())),
            ("", Err(AuthenticatorError::NotSendable)),
            ("a b", Err(AuthenticatorError::NotSendable)),
            ("a\nX-Evil: 1", Err(AuthenticatorError::NotSendable)),
            ("ä", Err(AuthenticatorError::NotSendable)),
        ] {
            check(&Authenticator::Bearer(Source::given(text)), expected);
            check(&Authenticator::ApiKey(Source::given(text)), expected);
        }
    }

    #[test]
    fn what_is_given_for_a_token_is_one_line_unless_it_is_a_key() {
        let oauth = |secret: &str, grant| {
            let client_secret = Some(Source::given(secret));
            Authenticator::OAuth(OAuth { client_id: "id".to_owned(), client_secret, scope: None, grant })
        };
        let broken = Err(AuthenticatorError::LineBreak);
        check(&oauth("a", GrantSource::ClientCredentials), Ok(()));
        check(&oauth("a\n", GrantSource::ClientCredentials), broken);
        check(&oauth("a", GrantSource::RefreshToken(Source::given("r\r\n"))), broken);
        let password = Source::given("p\n");
        check(&oauth("a", GrantSource::Password { username: "u".to_owned(), password }), broken);
        let private_key = Source::given("-----BEGIN PRIVATE KEY-----\nA\n-----END PRIVATE KEY-----\n");
        let claims = Claims {
            issuer: "id".to_owned(),
            subject: "u".to_owned(),
            audience: "id".to_owned(),
            key_id: None,
            lifetime_s: 300,
        };
        check(&oauth("a", GrantSource::JwtBearer { private_key, claims }), Ok(()));
    }

    #[test]
    fn debugging_shows_no_secret() {
        let grants = [
            GrantSource::Password { username: "user".to_owned(), password: Source::given("planted") },
            GrantSource::RefreshToken(Source::given("planted")),
        ];
        for grant in grants {
            let client_secret = Some(Source::given("planted"));
            let oauth = OAuth { client_id: "id".to_owned(), client_secret, scope: None, grant };
            assert!(!format!("{:?}", Authenticator::OAuth(oauth)).contains("planted"));
        }
        assert!(!format!("{:?}", Authenticator::basic("user", "planted")).contains("planted"));
    }
}
