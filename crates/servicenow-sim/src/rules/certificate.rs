//! Rules of certificates: the platform reads them and fills in what they say.

use super::{Change, Moment, Rule, Verdict};
use crate::certificate;
use crate::instance::Instance;
use crate::records::WriteError;

/// These rules.
pub const RULES: &[Rule] = &[Rule {
    name: "Read certificate",
    sys_id: "b1a5000000000000000000000000f101",
    table: "sys_certificate",
    moment: Moment::Computes(read),
}];

/// Subject, issuer and validity come from the PEM text; a text that cannot be read, and a key store, say nothing.
fn read(_: &Instance, change: &mut Change<'_>) -> Result<Verdict, WriteError> {
    if change.text("pem_certificate").is_empty() || !change.touches(&["pem_certificate"]) {
        return Ok(Verdict::Go);
    }
    let read = certificate::of_pem(change.text("pem_certificate")).unwrap_or_default();
    for (column, value) in [
        ("subject", read.subject),
        ("issuer", read.issuer),
        ("valid_from", read.valid_from),
        ("expires", read.expires),
    ] {
        change.fill(column, value);
    }
    Ok(Verdict::Go)
}
