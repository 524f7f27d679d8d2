//! By what an object is known apart from its state: its id, and the instance that it is on.

use async_trait::async_trait;
use tf_core::{Attr, Diagnostics, IdentitySchema, Model, Object, Value};
use tf_plugin::{Identify, Import, State};

use crate::errors;
use crate::lifecycle::Records;
use crate::resources::pointer::Activation;
use crate::session::Shared;

/// What names an object for good.
#[derive(Clone, Debug, Default, PartialEq, Model)]
pub struct Identity {
    /// The sys_id of the record.
    #[tf(required())]
    pub id: Attr<String>,
    /// The host of the instance, such as `dev12345.service-now.com`. An import from another instance is refused.
    #[tf(optional())]
    pub instance: Attr<String>,
}

/// The identity of an object that has an id.
pub fn of(shared: &Shared, object: &Object) -> Object {
    let id = object.get("id").cloned().unwrap_or(Value::Null);
    // During a plan whose settings are not known yet there is no instance, and nothing that could be wrong about it.
    let instance = shared.get().map_or(Value::Null, |it| Value::string(host(&it.instance)));
    let instance = if id.is_null() { Value::Null } else { instance };
    [("id".to_owned(), id), ("instance".to_owned(), instance)].into()
}

/// The id in an identity, if it means this instance.
///
/// # Errors
/// It means another one, or there is no session.
pub fn id(shared: &Shared, identity: &Object) -> Result<String, Diagnostics> {
    let text = |name: &str| identity.get(name).and_then(Value::as_str).unwrap_or_default();
    let session = shared.session()?;
    let (wanted, here) = (host(text("instance")), host(&session.instance));
    if !wanted.is_empty() && !wanted.eq_ignore_ascii_case(here) {
        return Err(errors::other_instance(text("id"), wanted, here).into());
    }
    Ok(text("id").to_owned())
}

/// An address without its scheme and path.
fn host(address: &str) -> &str {
    let rest = address.split_once("://").map_or(address, |it| it.1);
    rest.split('/').next().unwrap_or(rest)
}

#[async_trait]
impl Identify for Records {
    fn identity_schema(&self) -> IdentitySchema {
        IdentitySchema::of::<Identity>()
    }

    fn identity_of(&self, object: &Object) -> Option<Object> {
        Some(of(self.shared(), object))
    }

    async fn by_identity(&self, identity: &Object) -> Result<Option<State>, Diagnostics> {
        self.by_id(&id(self.shared(), identity)?).await.map(Some)
    }

    fn may_change(&self) -> bool {
        // The same instance may get another address.
        true
    }
}

#[async_trait]
impl Identify for Activation {
    fn identity_schema(&self) -> IdentitySchema {
        IdentitySchema::of::<Identity>()
    }

    fn identity_of(&self, object: &Object) -> Option<Object> {
        Some(of(self.shared(), object))
    }

    async fn by_identity(&self, identity: &Object) -> Result<Option<State>, Diagnostics> {
        self.by_id(&id(self.shared(), identity)?).await.map(Some)
    }

    fn may_change(&self) -> bool {
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_instance_is_known_by_its_host() {
        for (address, expected) in [
            ("https://dev12345.service-now.com", "dev12345.service-now.com"),
            ("https://dev12345.service-now.com/", "dev12345.service-now.com"),
            ("http://127.0.0.1:8080", "127.0.0.1:8080"),
            ("dev12345.service-now.com", "dev12345.service-now.com"),
            ("", ""),
        ] {
            assert_eq!(host(address), expected);
        }
    }
}
