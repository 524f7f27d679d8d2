//! The calls of a host, in Terraform's vocabulary.

use std::collections::HashMap;
use std::sync::Arc;

use tf_core::{Diagnostics, Object, Path, Schema};
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
use tonic::Code;
use tonic::transport::Channel;

use super::catalogue::Catalogue;
use super::propose::propose;
use super::{HarnessError, Host, dial};
use crate::connection::Connection;
use crate::convert::{from, to};
use crate::host::Feature;
use crate::lifetime::{Lifetime, Owner};
use crate::offer::Described;
use crate::proto::plugin::Empty;
use crate::proto::plugin::grpc_controller_client::GrpcControllerClient;
use crate::proto::tfplugin6 as proto;
use crate::proto::tfplugin6::provider_client::ProviderClient;
use crate::provider::{Applied, Deferral, Provider, ReadOutcome, State};
use crate::rpc::Served;
use crate::serve;
use crate::services::MESSAGE_BYTES_MAX;

/// How much a pipe in memory holds before the writer waits.
const PIPE_BYTES: usize = 1024 * 1024;

/// A plugin, seen from the host.
#[derive(Clone, Debug)]
pub struct Client {
    channel: Channel,
    raw: ProviderClient<Channel>,
    pub(super) catalogue: Arc<Catalogue>,
    pub(super) host: Host,
    meta: Option<Object>,
}

/// The answer to a question for a plan.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Planned {
    /// `None` for a deletion, and after errors.
    pub state: Option<Object>,
    /// What forces a replacement.
    pub requires_replace: Vec<Path>,
    /// Opaque.
    pub private: Vec<u8>,
    /// What will identify it.
    pub identity: Option<Object>,
    /// Why it is put off, if it is.
    pub deferred: Option<Deferral>,
    /// What to tell the user.
    pub diagnostics: Diagnostics,
}

/// The answer to an import.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Imported {
    /// `None` after errors.
    pub state: Option<State>,
    /// What identifies it.
    pub identity: Option<Object>,
    /// Why it is put off, if it is.
    pub deferred: Option<Deferral>,
    /// What to tell the user.
    pub diagnostics: Diagnostics,
}

impl Client {
    /// Serves a provider in this process and connects to it.
    ///
    /// # Errors
    /// Its schema cannot be read.
    pub async fn in_process(provider: Arc<dyn Provider>, address: &str) -> Result<Client, HarnessError> {
        let (host, plugin) = tokio::io::duplex(PIPE_BYTES);
        let lifetime = Lifetime::new(Owner::Host);
        let (sender, incoming) = mpsc::channel(1);
        // The receiver is here, so that this cannot fail.
        let _ = sender.send(Ok(Connection::new(plugin, lifetime.connection()))).await;
        let served = Served::new(provider, address);
        tokio::spawn(async move {
            serve::answer(served, ReceiverStream::new(incoming), &lifetime).await;
            drop(sender);
        });
        Client::over(dial::dial_memory(host).await?).await
    }

    /// Asks for the schema, as every host does first.
    pub(super) async fn over(channel: Channel) -> Result<Client, HarnessError> {
        let raw = ProviderClient::new(channel.clone())
            .max_decoding_message_size(MESSAGE_BYTES_MAX)
            .max_encoding_message_size(MESSAGE_BYTES_MAX);
        let request = proto::get_provider_schema::Request {};
        let answer = raw.clone().get_provider_schema(request).await?.into_inner();
        let mut asking = raw.clone();
        let request = proto::get_resource_identity_schemas::Request {};
        let identities = match asking.get_resource_identity_schemas(request).await {
            Ok(answer) => answer.into_inner().identity_schemas,
            // The only call that hosts let a provider not know.
            Err(status) if status.code() == Code::Unimplemented => HashMap::new(),
            Err(status) => return Err(status.into()),
        };
        let catalogue = Arc::new(Catalogue::new(answer, &identities)?);
        Ok(Client { channel, raw, catalogue, host: Host::default(), meta: None })
    }

    /// The same, giving itself out for another host than a recent Terraform.
    #[must_use]
    pub fn posing_as(self, host: Host) -> Client {
        Client { host, ..self }
    }

    /// The same, for a module that says this about itself in a `provider_meta` block. Members may be left out.
    #[must_use]
    pub fn with_meta(self, meta: Object) -> Client {
        Client { meta: Some(meta), ..self }
    }

    /// Hosts send it only where the provider has a schema for it, and null where the module says nothing.
    pub(super) fn meta(&self) -> Result<Option<proto::DynamicValue>, HarnessError> {
        let Some(described) = &self.catalogue.meta else { return Ok(None) };
        let meta = self.meta.as_ref().map(|it| whole(described, it));
        Ok(Some(sent(described, meta.as_ref())?))
    }

    /// Fails where users of the host could not get at the feature.
    pub(super) fn needs(&self, feature: Feature) -> Result<(), HarnessError> {
        if self.host.knows(feature) {
            Ok(())
        } else {
            Err(HarnessError::HostLacks(self.host.name(), feature))
        }
    }

    /// What a host makes of a deferral that it did not allow, or that says nothing.
    pub(super) fn deferral(
        &self,
        deferred: Option<proto::Deferred>,
    ) -> Result<Option<Deferral>, HarnessError> {
        let Some(deferred) = deferred else { return Ok(None) };
        let allowed = self.host.capabilities().is_some_and(|it| it.deferral_allowed);
        match from::deferral(deferred).filter(|_| allowed) {
            Some(deferral) => Ok(Some(deferral)),
            None => {
                Err(HarnessError::Refused("a deferral that was not allowed, or has no reason".to_owned()))
            }
        }
    }

    /// The calls as they go over the wire.
    pub fn raw(&self) -> ProviderClient<Channel> {
        self.raw.clone()
    }

    /// The connection, for the other services of the process.
    pub fn channel(&self) -> Channel {
        self.channel.clone()
    }

    /// The schema of the provider block.
    pub fn settings_schema(&self) -> &Schema {
        &self.catalogue.settings.schema
    }

    /// The types of resources.
    pub fn type_names(&self) -> Vec<&str> {
        self.catalogue.resources.keys().map(String::as_str).collect()
    }

    /// The schema of a resource type.
    ///
    /// # Errors
    /// There is no such type.
    pub fn schema(&self, type_name: &str) -> Result<&Schema, HarnessError> {
        self.described(type_name).map(|it| &it.schema)
    }

    pub(super) fn described(&self, type_name: &str) -> Result<&Described, HarnessError> {
        self.catalogue.described(&self.catalogue.resources, type_name)
    }

    /// Checks the provider block and, unless there are errors, hands it over. Members may be left out.
    ///
    /// # Errors
    /// The call fails.
    pub async fn configure(&self, config: &Object) -> Result<Diagnostics, HarnessError> {
        let config = Some(written(&self.catalogue.settings, config)?);
        let request = proto::validate_provider_config::Request { config: config.clone() };
        let answer = self.raw().validate_provider_config(request).await?.into_inner();
        let mut diagnostics = from::diagnostics(&answer.diagnostics);
        if !diagnostics.has_errors() {
            let request = proto::configure_provider::Request {
                terraform_version: self.host.version(),
                config,
                client_capabilities: self.host.capabilities(),
            };
            let answer = self.raw().configure_provider(request).await?.into_inner();
            diagnostics.extend(from::diagnostics(&answer.diagnostics));
        }
        Ok(diagnostics)
    }

    /// Checks a configuration. Members may be left out.
    ///
    /// # Errors
    /// The call fails.
    pub async fn validate(&self, type_name: &str, config: &Object) -> Result<Diagnostics, HarnessError> {
        let request = proto::validate_resource_config::Request {
            type_name: type_name.to_owned(),
            config: Some(written(self.described(type_name)?, config)?),
            client_capabilities: self.host.capabilities(),
        };
        let answer = self.raw().validate_resource_config(request).await?.into_inner();
        Ok(from::diagnostics(&answer.diagnostics))
    }

    /// Asks for the plan of a create (no prior) or an update. Members of the configuration may be left out.
    ///
    /// # Errors
    /// The call fails, or the plan is not of the type that the schema says.
    pub async fn plan(
        &self,
        type_name: &str,
        prior: Option<&State>,
        config: &Object,
    ) -> Result<Planned, HarnessError> {
        self.plan_with(type_name, prior, config, Vec::new()).await
    }

    /// Asks for the plan once more, as hosts do in another process right before they apply it. Those that keep the private
    /// bytes of the first plan send them along.
    ///
    /// # Errors
    /// The call fails, or the plan is not of the type that the schema says.
    pub async fn plan_again(
        &self,
        type_name: &str,
        prior: Option<&State>,
        planned: &Planned,
        config: &Object,
    ) -> Result<Planned, HarnessError> {
        let keeps = self.host.knows(Feature::PlannedPrivate);
        let private = if keeps { planned.private.clone() } else { Vec::new() };
        self.plan_with(type_name, prior, config, private).await
    }

    async fn plan_with(
        &self,
        type_name: &str,
        prior: Option<&State>,
        config: &Object,
        planned_private: Vec<u8>,
    ) -> Result<Planned, HarnessError> {
        let described = self.described(type_name)?;
        let config = whole(described, config);
        let proposed = propose(&described.schema.block, prior.map(|it| &it.object), &config);
        let request = proto::plan_resource_change::Request {
            type_name: type_name.to_owned(),
            prior_state: Some(sent(described, prior.map(|it| &it.object))?),
            proposed_new_state: Some(sent(described, Some(&proposed))?),
            config: Some(sent(described, Some(&config))?),
            prior_private: prior.map(|it| it.private.clone()).unwrap_or_default(),
            client_capabilities: self.host.capabilities(),
            provider_meta: self.meta()?,
            planned_private,
            ..proto::plan_resource_change::Request::default()
        };
        let answer = self.raw().plan_resource_change(request).await?.into_inner();
        Ok(Planned {
            identity: self.identity(type_name, answer.planned_identity.as_ref())?,
            deferred: self.deferral(answer.deferred)?,
            state: from::object(answer.planned_state.as_ref(), &described.ty)?,
            requires_replace: answer.requires_replace.iter().map(from::path).collect(),
            private: answer.planned_private,
            diagnostics: from::diagnostics(&answer.diagnostics),
        })
    }

    /// Carries out a plan. Members of the configuration may be left out.
    ///
    /// # Errors
    /// The call fails, or the result is not of the type that the schema says.
    pub async fn apply(
        &self,
        type_name: &str,
        prior: Option<&State>,
        planned: &Planned,
        config: &Object,
    ) -> Result<Applied, HarnessError> {
        Ok(self.apply_identified(type_name, prior, planned, config).await?.0)
    }

    /// Carries out a plan, and gives the identity of what is there then.
    ///
    /// # Errors
    /// The call fails, or the result is not of the type that the schema says.
    pub async fn apply_identified(
        &self,
        type_name: &str,
        prior: Option<&State>,
        planned: &Planned,
        config: &Object,
    ) -> Result<(Applied, Option<Object>), HarnessError> {
        let config = written(self.described(type_name)?, config)?;
        self.apply_raw(type_name, prior, planned, config).await
    }

    /// Deletes.
    ///
    /// # Errors
    /// The call fails.
    pub async fn destroy(&self, type_name: &str, prior: &State) -> Result<Applied, HarnessError> {
        let planned = Planned { private: prior.private.clone(), ..Planned::default() };
        let config = sent(self.described(type_name)?, None)?;
        Ok(self.apply_raw(type_name, Some(prior), &planned, config).await?.0)
    }

    async fn apply_raw(
        &self,
        type_name: &str,
        prior: Option<&State>,
        planned: &Planned,
        config: proto::DynamicValue,
    ) -> Result<(Applied, Option<Object>), HarnessError> {
        let described = self.described(type_name)?;
        let request = proto::apply_resource_change::Request {
            type_name: type_name.to_owned(),
            prior_state: Some(sent(described, prior.map(|it| &it.object))?),
            planned_state: Some(sent(described, planned.state.as_ref())?),
            config: Some(config),
            planned_private: planned.private.clone(),
            planned_identity: self.sent_identity(type_name, planned.identity.as_ref())?,
            provider_meta: self.meta()?,
        };
        let answer = self.raw().apply_resource_change(request).await?.into_inner();
        let object = from::object(answer.new_state.as_ref(), &described.ty)?;
        let applied = Applied {
            state: object.map(|object| State { object, private: answer.private }),
            diagnostics: from::diagnostics(&answer.diagnostics),
        };
        Ok((applied, self.identity(type_name, answer.new_identity.as_ref())?))
    }

    /// Asks for the live state.
    ///
    /// # Errors
    /// The call fails, or the state is not of the type that the schema says.
    pub async fn read(&self, type_name: &str, state: &State) -> Result<ReadOutcome, HarnessError> {
        Ok(self.read_identified(type_name, state, None).await?.0)
    }

    /// Finds what an id names.
    ///
    /// # Errors
    /// The call fails, or the state is not of the type that the schema says.
    pub async fn import(&self, type_name: &str, id: &str) -> Result<Imported, HarnessError> {
        self.imported(proto::import_resource_state::Request {
            type_name: type_name.to_owned(),
            id: id.to_owned(),
            client_capabilities: self.host.capabilities(),
            identity: None,
        })
        .await
    }

    pub(super) async fn imported(
        &self,
        request: proto::import_resource_state::Request,
    ) -> Result<Imported, HarnessError> {
        let type_name = request.type_name.clone();
        let described = self.described(&type_name)?;
        let answer = self.raw().import_resource_state(request).await?.into_inner();
        let diagnostics = from::diagnostics(&answer.diagnostics);
        let deferred = self.deferral(answer.deferred)?;
        let Some(found) = answer.imported_resources.into_iter().find(|it| it.type_name == type_name) else {
            return Ok(Imported { deferred, diagnostics, ..Imported::default() });
        };
        let object = from::object(found.state.as_ref(), &described.ty)?;
        let state = object.map(|object| State { object, private: found.private });
        let identity = self.identity(&type_name, found.identity.as_ref())?;
        Ok(Imported { state, identity, deferred, diagnostics })
    }

    /// Brings a stored state up to date.
    ///
    /// # Errors
    /// The call fails, or the state is not of the type that the schema says.
    pub async fn upgrade(
        &self,
        type_name: &str,
        version: i64,
        stored: &serde_json::Value,
    ) -> Result<(Option<Object>, Diagnostics), HarnessError> {
        let described = self.described(type_name)?;
        let json = stored.to_string().into_bytes();
        let request = proto::upgrade_resource_state::Request {
            type_name: type_name.to_owned(),
            version,
            raw_state: Some(proto::RawState { json, ..proto::RawState::default() }),
        };
        let answer = self.raw().upgrade_resource_state(request).await?.into_inner();
        let object = from::object(answer.upgraded_state.as_ref(), &described.ty)?;
        Ok((object, from::diagnostics(&answer.diagnostics)))
    }

    /// Tells that the user pressed Ctrl-C.
    ///
    /// # Errors
    /// The call fails.
    pub async fn stop(&self) -> Result<(), HarnessError> {
        self.raw().stop_provider(proto::stop_provider::Request {}).await?;
        Ok(())
    }

    /// Ends the plugin.
    ///
    /// # Errors
    /// The call fails.
    pub async fn shutdown(self) -> Result<(), HarnessError> {
        GrpcControllerClient::new(self.channel).shutdown(Empty {}).await?;
        Ok(())
    }
}

/// A configuration with every member.
pub(super) fn written(described: &Described, config: &Object) -> Result<proto::DynamicValue, HarnessError> {
    sent(described, Some(&whole(described, config)))
}

pub(super) fn whole(described: &Described, config: &Object) -> Object {
    let mut config = config.clone();
    described.schema.block.complete(&mut config);
    config
}

pub(super) fn sent(
    described: &Described,
    object: Option<&Object>,
) -> Result<proto::DynamicValue, HarnessError> {
    Ok(to::object(object, &described.ty)?)
}
