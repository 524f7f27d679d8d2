//! Messages about a secret that was written and asked about.

use tf_core::{Diagnostic, Path, Severity};

/// A secret that was written.
#[derive(Clone, Copy, Debug)]
pub struct Rotated<'a> {
    /// What holds it.
    pub noun: &'a str,
    /// How people know that.
    pub name: &'a str,
    /// The attribute of the secret.
    pub secret: &'static str,
    /// The attribute of its version.
    pub version: &'static str,
    /// Whether it was created together with what holds it.
    pub is_new: bool,
}

/// A system does not answer as expected to somebody who signs in with a secret that was just written. An error, but for what
/// is new: Terraform would replace it.
pub fn secret_not_accepted(it: &Rotated<'_>, outcomes: &[String]) -> Diagnostic {
    let Rotated { noun, name, secret, version, is_new } = it;
    let severity = if *is_new { Severity::Warning } else { Severity::Error };
    let detail = format!(
        "`{secret}` was written, and then each active connection that signs in with it was asked, signed in with it as \
         `verify` says. {}. The new secret is stored and the state has its `{version}`; the one before cannot be read, so \
         that nothing was restored. Have the other system accept the secret, or write the right one with another \
         `{version}`.",
        outcomes.join(". ")
    );
    let title = format!("The new secret of the {noun} \"{name}\" does not work");
    Diagnostic { severity, ..Diagnostic::error(title, detail) }.at(Path::attribute("verify"))
}

/// Not every connection could be asked whether a secret that was just written works.
pub fn secret_not_proven(it: &Rotated<'_>, reasons: &[String]) -> Diagnostic {
    let Rotated { noun, name, secret, version, .. } = it;
    Diagnostic::warning(
        format!("The new secret of the {noun} \"{name}\" is not proven"),
        format!(
            "`{secret}` was written and the state has its `{version}`, and `verify` could not ask all who sign in with it: \
             {}. Nothing else is wrong so far. Test the connections on the instance, or have the instance ask with \
             `vantage = \"instance\"` in `verify`.",
            reasons.join(". ").trim_end_matches('.')
        ),
    )
    .at(Path::attribute("verify"))
}
