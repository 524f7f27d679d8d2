//! The private bytes of a state or a plan: JSON members that several parts keep there, none of which knows the others.

use serde_json::{Map, Value as Json};

/// A member, if it is there.
pub fn get(private: &[u8], member: &str) -> Option<Json> {
    let json: Json = serde_json::from_slice(private).ok()?;
    json.get(member).cloned()
}

/// The bytes with a member; what else is there stays.
pub fn with(private: &[u8], member: &str, value: Json) -> Vec<u8> {
    let mut members: Map<String, Json> = serde_json::from_slice(private).unwrap_or_default();
    members.insert(member.to_owned(), value);
    Json::Object(members).to_string().into_bytes()
}
