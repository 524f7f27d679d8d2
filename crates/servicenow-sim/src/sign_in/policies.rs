//! REST API access policies: which ways to sign in an API admits.

use servicenow_core::Request;

use super::Proof;
use crate::instance::{Instance, flag, text};
use crate::settings::API_KEY_NEEDS_POLICY;
use crate::store::{Row, StoreError};

/// Whether the API that is asked for admits that way to sign in. Where no policy covers it, everything is admitted but
/// API keys and signatures, which only a policy that is not the global one lets in.
pub fn admit(instance: &Instance, request: &Request, proof: Proof) -> Result<bool, StoreError> {
    // A session has been admitted when it began.
    if proof == Proof::Session {
        return Ok(true);
    }
    let active = [("active", "true")];
    let policies = instance.store.matching(&instance.dictionary, "sys_api_access_policy", &active)?;
    let mut covered = false;
    for (_, policy) in policies.iter().filter(|(_, it)| covers(it, request)) {
        covered = true;
        let global = flag(policy, "global");
        if (!is_token(proof) || !global) && lets_in(instance, policy, proof)? {
            return Ok(true);
        }
    }
    let key_alone = is_token(proof) && instance.settings.flag(API_KEY_NEEDS_POLICY);
    Ok(!covered && !key_alone)
}

/// Whether a proof is one of those that only a policy of its own lets in.
fn is_token(proof: Proof) -> bool {
    matches!(proof, Proof::Key | Proof::Signature)
}

/// Whether a policy, or a scope of OAuth, names this path and verb.
pub fn covers(row: &Row, request: &Request) -> bool {
    let path = text(row, "rest_api_path").trim_matches('/');
    let asked = request.path.trim_matches('/');
    let asked = asked.strip_prefix("api/").unwrap_or(asked);
    let path = path.strip_prefix("api/").unwrap_or(path);
    let below = asked
        .strip_prefix(path)
        .is_some_and(|rest| path.is_empty() || rest.is_empty() || rest.starts_with('/'));
    let method = text(row, "http_method");
    let same = method.is_empty() || method.eq_ignore_ascii_case(request.method.as_str());
    (flag(row, "global") || below) && same
}

/// Whether one of a policy's active profiles is of that kind.
fn lets_in(instance: &Instance, policy: &Row, proof: Proof) -> Result<bool, StoreError> {
    let mine = [("api_access_policy", text(policy, "sys_id"))];
    for (_, mapping) in instance.store.matching(&instance.dictionary, "sys_auth_profile_mapping", &mine)? {
        let profile = text(&mapping, "inbound_auth_profile");
        let found = instance.store.find(&instance.dictionary, "inbound_auth_profile", profile)?;
        let fits = found.is_some_and(|(class, it)| flag(&it, "active") && is_for(&class.name, &it, proof));
        if fits {
            return Ok(true);
        }
    }
    Ok(false)
}

fn is_for(class: &str, profile: &Row, proof: Proof) -> bool {
    match class {
        "http_key_auth" => proof == Proof::Key,
        "http_hmac_auth" => proof == Proof::Signature,
        "std_http_auth" => match text(profile, "type") {
            "oauth" => proof == Proof::Bearer,
            "certificate" => proof == Proof::Certificate,
            _ => proof == Proof::Basic,
        },
        _ => false,
    }
}
