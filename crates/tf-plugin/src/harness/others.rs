//! Data sources, ephemeral resources, lists and actions, as a host asks for them.

use std::time::SystemTime;

use tf_core::{Diagnostics, Object};

use super::client::{sent, whole, written};
use super::{Client, HarnessError};
use crate::convert::from;
use crate::host::Feature;
use crate::proto::tfplugin6 as proto;
use crate::provider::{DataOutcome, Opened, Renewed};

/// What validates a configuration of a kind.
macro_rules! validations {
    ($($(#[$doc:meta])* $name:ident: $catalogue:ident, $message:ident, $feature:expr;)+) => {$(
        $(#[$doc])*
        ///
        /// # Errors
        /// The host does not know such a thing, or the call fails.
        pub async fn $name(&self, type_name: &str, config: &Object) -> Result<Diagnostics, HarnessError> {
            let feature: Option<Feature> = $feature;
            feature.map_or(Ok(()), |it| self.needs(it))?;
            let described = self.catalogue.described(&self.catalogue.$catalogue, type_name)?;
            let config = Some(written(described, config)?);
            #[allow(clippy::needless_update, reason = "one of the messages has a field more")]
            let request =
                proto::$message::Request { type_name: type_name.to_owned(), config, ..Default::default() };
            let answer = self.raw().$message(request).await?.into_inner();
            Ok(from::diagnostics(&answer.diagnostics))
        }
    )+};
}

impl Client {
    validations! {
        /// Checks a `data` block.
        validate_data_source: data_sources, validate_data_resource_config, None;
        /// Checks an `ephemeral` block.
        validate_ephemeral: ephemeral_resources, validate_ephemeral_resource_config, Some(Feature::Ephemeral);
        /// Checks the `config` of a `list` block.
        validate_list: list_resources, validate_list_resource_config, Some(Feature::Lists);
        /// Checks the `config` of an `action` block.
        validate_action: actions, validate_action_config, Some(Feature::Actions);
    }

    /// Reads a data source. Members of the configuration may be left out.
    ///
    /// # Errors
    /// The call fails, or the object is not of the type that the schema says.
    pub async fn read_data(&self, type_name: &str, config: &Object) -> Result<DataOutcome, HarnessError> {
        let described = self.catalogue.described(&self.catalogue.data_sources, type_name)?;
        let request = proto::read_data_source::Request {
            type_name: type_name.to_owned(),
            config: Some(written(described, config)?),
            client_capabilities: self.host.capabilities(),
            provider_meta: self.meta()?,
        };
        let answer = self.raw().read_data_source(request).await?.into_inner();
        Ok(DataOutcome {
            object: from::object(answer.state.as_ref(), &described.ty)?,
            deferred: self.deferral(answer.deferred)?,
            diagnostics: from::diagnostics(&answer.diagnostics),
        })
    }

    /// Opens an ephemeral resource. Members of the configuration may be left out.
    ///
    /// # Errors
    /// The host does not know them, the call fails, or the result is not of the type that the schema says.
    pub async fn open(&self, type_name: &str, config: &Object) -> Result<Opened, HarnessError> {
        self.needs(Feature::Ephemeral)?;
        let described = self.catalogue.described(&self.catalogue.ephemeral_resources, type_name)?;
        let request = proto::open_ephemeral_resource::Request {
            type_name: type_name.to_owned(),
            config: Some(written(described, config)?),
            // Hosts send it with everything false.
            client_capabilities: Some(proto::ClientCapabilities::default()),
        };
        let answer = self.raw().open_ephemeral_resource(request).await?.into_inner();
        Ok(Opened {
            result: from::object(answer.result.as_ref(), &described.ty)?,
            private: answer.private.unwrap_or_default(),
            renew_at: moment(answer.renew_at),
            deferred: self.deferral(answer.deferred)?,
            diagnostics: from::diagnostics(&answer.diagnostics),
        })
    }

    /// Renews what was opened, with the private bytes of the last answer.
    ///
    /// # Errors
    /// The call fails.
    pub async fn renew(&self, type_name: &str, private: &[u8]) -> Result<Renewed, HarnessError> {
        let request = proto::renew_ephemeral_resource::Request {
            type_name: type_name.to_owned(),
            private: Some(private.to_vec()),
        };
        let answer = self.raw().renew_ephemeral_resource(request).await?.into_inner();
        Ok(Renewed {
            private: answer.private.unwrap_or_default(),
            renew_at: moment(answer.renew_at),
            diagnostics: from::diagnostics(&answer.diagnostics),
        })
    }

    /// Closes what was opened, with the private bytes that opening gave.
    ///
    /// # Errors
    /// The call fails.
    pub async fn close(&self, type_name: &str, private: &[u8]) -> Result<Diagnostics, HarnessError> {
        let request = proto::close_ephemeral_resource::Request {
            type_name: type_name.to_owned(),
            private: Some(private.to_vec()),
        };
        let answer = self.raw().close_ephemeral_resource(request).await?.into_inner();
        Ok(from::diagnostics(&answer.diagnostics))
    }

    /// Lists objects until there are no more, or as many as wanted: then the stream is dropped.
    ///
    /// # Errors
    /// The host does not know lists, the call fails, or an event is not of the type that the schema says.
    pub async fn list(
        &self,
        type_name: &str,
        config: &Object,
        wish: Wish,
    ) -> Result<Vec<Listed>, HarnessError> {
        self.needs(Feature::Lists)?;
        let catalogue = &self.catalogue;
        let described = catalogue.described(&catalogue.list_resources, type_name)?;
        let resource = self.described(type_name)?;
        let identified = catalogue.identified(type_name)?;
        let request = proto::list_resource::Request {
            type_name: type_name.to_owned(),
            config: Some(written(described, config)?),
            include_resource_object: wish.whole,
            limit: wish.limit,
        };
        let mut events = self.raw().list_resource(request).await?.into_inner();
        let mut listed = Vec::new();
        while let Some(event) = events.message().await? {
            let identity = event.identity.and_then(|it| it.identity_data);
            listed.push(Listed {
                identity: from::object(identity.as_ref(), &identified.ty)?,
                display_name: event.display_name,
                object: from::object(event.resource_object.as_ref(), &resource.ty)?,
                diagnostics: from::diagnostics(&event.diagnostic),
            });
            if wish.stop_after.is_some_and(|it| listed.len() >= it) {
                break;
            }
        }
        Ok(listed)
    }

    /// Plans an action. Members of the configuration may be left out.
    ///
    /// # Errors
    /// The host does not know actions, or the call fails.
    pub async fn plan_action(&self, action_type: &str, config: &Object) -> Result<Diagnostics, HarnessError> {
        self.needs(Feature::Actions)?;
        let described = self.catalogue.described(&self.catalogue.actions, action_type)?;
        let request = proto::plan_action::Request {
            action_type: action_type.to_owned(),
            config: Some(written(described, config)?),
            client_capabilities: self.host.capabilities(),
        };
        let answer = self.raw().plan_action(request).await?.into_inner();
        self.deferral(answer.deferred)?;
        Ok(from::diagnostics(&answer.diagnostics))
    }

    /// Invokes an action and waits for its end.
    ///
    /// # Errors
    /// The host does not know actions, the call fails, or the action ends without saying so.
    pub async fn invoke(&self, action_type: &str, config: &Object) -> Result<Invoked, HarnessError> {
        use proto::invoke_action::event::Type;
        self.needs(Feature::Actions)?;
        let described = self.catalogue.described(&self.catalogue.actions, action_type)?;
        let request = proto::invoke_action::Request {
            action_type: action_type.to_owned(),
            config: Some(sent(described, Some(&whole(described, config)))?),
            client_capabilities: self.host.capabilities(),
        };
        let mut events = self.raw().invoke_action(request).await?.into_inner();
        let mut lines = Vec::new();
        while let Some(event) = events.message().await? {
            match event.r#type {
                Some(Type::Progress(progress)) => lines.push(progress.message),
                Some(Type::Completed(completed)) => {
                    let diagnostics = from::diagnostics(&completed.diagnostics);
                    return Ok(Invoked { lines, diagnostics });
                }
                // Terraform crashes over it.
                None => return Err(HarnessError::Incomplete("InvokeAction", "what happened")),
            }
        }
        Err(HarnessError::Incomplete("InvokeAction", "an end"))
    }
}

/// How much of a list is wanted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Wish {
    /// Whole objects, or just what identifies them.
    pub whole: bool,
    /// The limit that the provider is told, 0 for none.
    pub limit: i64,
    /// When to drop the stream, as hosts do that have enough.
    pub stop_after: Option<usize>,
}

/// One object of a list, or a message.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Listed {
    /// What identifies it.
    pub identity: Option<Object>,
    /// How people know it.
    pub display_name: String,
    /// The whole object, if it was wanted.
    pub object: Option<Object>,
    /// What to tell the user.
    pub diagnostics: Diagnostics,
}

/// What an action did.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Invoked {
    /// How far it was, line by line.
    pub lines: Vec<String>,
    /// What to tell the user.
    pub diagnostics: Diagnostics,
}

fn moment(timestamp: Option<prost_types::Timestamp>) -> Option<SystemTime> {
    timestamp.and_then(|it| SystemTime::try_from(it).ok())
}
