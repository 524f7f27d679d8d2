//! What has to do with identities: reading, applying and importing with them, and taking over objects of other types.

use tf_core::{Diagnostics, Object, Value};

use super::client::sent;
use super::{Client, HarnessError, Imported};
use crate::convert::{from, to};
use crate::host::Feature;
use crate::proto::tfplugin6 as proto;
use crate::provider::{MoveSource, ReadOutcome, State};

impl Client {
    /// Reads with the identity that is stored, and gives the one that comes back.
    ///
    /// # Errors
    /// The call fails, or an answer is not of the type that the schema says.
    pub async fn read_identified(
        &self,
        type_name: &str,
        state: &State,
        identity: Option<&Object>,
    ) -> Result<(ReadOutcome, Option<Object>), HarnessError> {
        let described = self.described(type_name)?;
        let request = proto::read_resource::Request {
            type_name: type_name.to_owned(),
            current_state: Some(sent(described, Some(&state.object))?),
            private: state.private.clone(),
            client_capabilities: self.host.capabilities(),
            current_identity: self.sent_identity(type_name, identity)?,
            provider_meta: self.meta()?,
        };
        let answer = self.raw().read_resource(request).await?.into_inner();
        let object = from::object(answer.new_state.as_ref(), &described.ty)?;
        let outcome = ReadOutcome {
            state: object.map(|object| State { object, private: answer.private }),
            deferred: self.deferral(answer.deferred)?,
            diagnostics: from::diagnostics(&answer.diagnostics),
        };
        Ok((outcome, self.identity(type_name, answer.new_identity.as_ref())?))
    }

    /// Finds what an identity names.
    ///
    /// # Errors
    /// The host does not know identities, the call fails, or an answer is not of the type that the schema says.
    pub async fn import_identified(
        &self,
        type_name: &str,
        identity: &Object,
    ) -> Result<Imported, HarnessError> {
        self.needs(Feature::Identity)?;
        let request = proto::import_resource_state::Request {
            type_name: type_name.to_owned(),
            id: String::new(),
            client_capabilities: self.host.capabilities(),
            identity: self.sent_identity(type_name, Some(identity))?,
        };
        self.imported(request).await
    }

    /// Brings a stored identity up to date.
    ///
    /// # Errors
    /// The call fails, or the answer is not of the type that the schema says.
    pub async fn upgrade_identity(
        &self,
        type_name: &str,
        version: i64,
        stored: &serde_json::Value,
    ) -> Result<(Option<Object>, Diagnostics), HarnessError> {
        self.needs(Feature::Identity)?;
        let json = stored.to_string().into_bytes();
        let request = proto::upgrade_resource_identity::Request {
            type_name: type_name.to_owned(),
            version,
            raw_identity: Some(proto::RawState { json, ..proto::RawState::default() }),
        };
        let answer = self.raw().upgrade_resource_identity(request).await?.into_inner();
        let identity = self.identity(type_name, answer.upgraded_identity.as_ref())?;
        Ok((identity, from::diagnostics(&answer.diagnostics)))
    }

    /// Takes over an object of another type. OpenTofu asks without looking whether the provider does that.
    ///
    /// # Errors
    /// The host does not know it or does not ask, the call fails, or the answer is not of the type that the schema says.
    pub async fn take_over(&self, target: &str, source: &MoveSource) -> Result<Imported, HarnessError> {
        self.needs(Feature::Moves)?;
        if !self.host.is_opentofu() && !self.catalogue.capabilities.move_resource_state {
            return Err(HarnessError::Refused("the provider does not take over states".to_owned()));
        }
        let raw = |json: &serde_json::Value| proto::RawState {
            json: json.to_string().into_bytes(),
            ..proto::RawState::default()
        };
        let request = proto::move_resource_state::Request {
            source_provider_address: source.address.clone(),
            source_type_name: source.type_name.clone(),
            source_schema_version: source.schema_version,
            source_state: Some(raw(&source.state)),
            target_type_name: target.to_owned(),
            source_private: source.private.clone(),
            source_identity: source.identity.as_ref().map(raw),
            source_identity_schema_version: 0,
        };
        let answer = self.raw().move_resource_state(request).await?.into_inner();
        let object = from::object(answer.target_state.as_ref(), &self.described(target)?.ty)?;
        let state = object.map(|object| State { object, private: answer.target_private });
        let diagnostics = from::diagnostics(&answer.diagnostics);
        let identity = self.identity(target, answer.target_identity.as_ref())?;
        Ok(Imported { state, identity, deferred: None, diagnostics })
    }

    /// Has the provider write down an object as a user would.
    ///
    /// # Errors
    /// The host does not ask, the call fails, or the answer is not of the type that the schema says.
    pub async fn generate_config(
        &self,
        type_name: &str,
        state: &Object,
    ) -> Result<(Option<Object>, Diagnostics), HarnessError> {
        self.needs(Feature::GeneratedConfig)?;
        if !self.catalogue.capabilities.generate_resource_config {
            return Err(HarnessError::Refused("the provider does not write configuration".to_owned()));
        }
        let described = self.described(type_name)?;
        let state = Some(sent(described, Some(state))?);
        let request = proto::generate_resource_config::Request { type_name: type_name.to_owned(), state };
        let answer = self.raw().generate_resource_config(request).await?.into_inner();
        let config = from::object(answer.config.as_ref(), &described.ty)?;
        Ok((config, from::diagnostics(&answer.diagnostics)))
    }

    pub(super) fn sent_identity(
        &self,
        type_name: &str,
        identity: Option<&Object>,
    ) -> Result<Option<proto::ResourceIdentityData>, HarnessError> {
        let Some(identity) = identity else { return Ok(None) };
        let data = to::value(&Value::Map(identity.clone()), &self.catalogue.identified(type_name)?.ty)?;
        Ok(Some(proto::ResourceIdentityData { identity_data: Some(data) }))
    }

    /// Hosts that do not know identities throw them away.
    pub(super) fn identity(
        &self,
        type_name: &str,
        identity: Option<&proto::ResourceIdentityData>,
    ) -> Result<Option<Object>, HarnessError> {
        if !self.host.knows(Feature::Identity) {
            return Ok(None);
        }
        let Some(data) = identity.and_then(|it| it.identity_data.as_ref()) else { return Ok(None) };
        Ok(from::object(Some(data), &self.catalogue.identified(type_name)?.ty)?)
    }
}
