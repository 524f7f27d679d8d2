//! How requests prove who sends them.

use std::fmt;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;

/// A way to sign in. Its `Debug` shows no secret.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Authenticator {
    /// User name and password with every request.
    Basic {
        /// Who.
        username: String,
        /// The proof.
        password: String,
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
}

impl Authenticator {
    /// Basic authentication.
    pub fn basic(username: impl Into<String>, password: impl Into<String>) -> Authenticator {
        Authenticator::Basic { username: username.into(), password: password.into() }
    }

    /// Whether the credentials can be sent at all. Sending checks it too; asking before gives a better place to report it.
    pub fn check(&self) -> Result<(), AuthenticatorError> {
        match self {
            Authenticator::Basic { username, .. } if username.is_empty() => {
                Err(AuthenticatorError::NoUsername)
            }
            Authenticator::Basic { username, .. } if username.contains(':') => {
                Err(AuthenticatorError::ColonInUsername)
            }
            Authenticator::Basic { .. } => Ok(()),
        }
    }

    /// The value of the `Authorization` header.
    pub(crate) fn header(&self) -> Result<String, AuthenticatorError> {
        self.check()?;
        match self {
            Authenticator::Basic { username, password } => {
                Ok(format!("Basic {}", BASE64_STANDARD.encode(format!("{username}:{password}"))))
            }
        }
    }
}

impl fmt::Debug for Authenticator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Authenticator::Basic { username, .. } => f
                .debug_struct("Basic")
                .field("username", username)
                .field("password", &format_args!("(sensitive)"))
                .finish(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_header_holds_name_and_password_in_base64() {
        let authenticator = Authenticator::basic("Aladdin", "open sesame");
        assert_eq!(authenticator.header().unwrap(), "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
    }

    #[test]
    fn a_password_may_hold_colons_and_a_user_name_may_not() {
        for (username, password, expected) in [
            ("user", "a:b", Ok(())),
            ("us:er", "a", Err(AuthenticatorError::ColonInUsername)),
            ("", "a", Err(AuthenticatorError::NoUsername)),
        ] {
            let authenticator = Authenticator::basic(username, password);
            assert_eq!(authenticator.check(), expected, "{username}");
            assert_eq!(authenticator.header().map(|_| ()), expected, "{username}");
        }
    }

    #[test]
    fn debugging_shows_no_password() {
        let shown = format!("{:?}", Authenticator::basic("user", "planted"));
        assert_eq!(shown, r#"Basic { username: "user", password: (sensitive) }"#);
    }
}
