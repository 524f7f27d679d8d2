//! The calls of a host, in Terraform's vocabulary.

use std::collections::BTreeMap;
use std::sync::Arc;

use tf_core::{Diagnostics, Object, Path, Schema, Value};
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
use tonic::transport::Channel;

use super::propose::propose;
use super::{HarnessError, dial};
use crate::connection::Connection;
use crate::convert::{from, to};
use crate::lifetime::{Lifetime, Owner};
use crate::offer::Described;
use crate::proto::plugin::Empty;
use crate::proto::plugin::grpc_controller_client::GrpcControllerClient;
use crate::proto::tfplugin6 as proto;
use crate::proto::tfplugin6::provider_client::ProviderClient;
use crate::provider::{Applied, Provider, ReadOutcome, State};
use crate::rpc::Served;
use crate::serve;
use crate::services::MESSAGE_BYTES_MAX;

/// The version that the harness gives itself out for.
const TERRAFORM_VERSION: &str = "1.15.0";

/// How much a pipe in memory holds before the writer waits.
const PIPE_BYTES: usize = 1024 * 1024;

/// A plugin, seen from the host.
#[derive(Clone, Debug)]
pub struct Client {
    channel: Channel,
    raw: ProviderClient<Channel>,
    settings: Arc<Described>,
    resources: Arc<BTreeMap<String, Described>>,
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
    /// What to tell the user.
    pub diagnostics: Diagnostics,
}

/// The answer to an import.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Imported {
    /// `None` after errors.
    pub state: Option<State>,
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
        let settings =
            answer.provider.ok_or(HarnessError::Incomplete("GetProviderSchema", "the provider's schema"))?;
        let mut resources = BTreeMap::new();
        for (name, schema) in &answer.resource_schemas {
            resources.insert(name.clone(), Described::new(from::schema(schema)?));
        }
        let settings = Arc::new(Described::new(from::schema(&settings)?));
        Ok(Client { channel, raw, settings, resources: Arc::new(resources) })
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
        &self.settings.schema
    }

    /// The types of resources.
    pub fn type_names(&self) -> Vec<&str> {
        self.resources.keys().map(String::as_str).collect()
    }

    /// The schema of a resource type.
    ///
    /// # Errors
    /// There is no such type.
    pub fn schema(&self, type_name: &str) -> Result<&Schema, HarnessError> {
        self.described(type_name).map(|it| &it.schema)
    }

    fn described(&self, type_name: &str) -> Result<&Described, HarnessError> {
        self.resources.get(type_name).ok_or_else(|| HarnessError::UnknownType(type_name.to_owned()))
    }

    /// Checks the provider block and, unless there are errors, hands it over. Members may be left out.
    ///
    /// # Errors
    /// The call fails.
    pub async fn configure(&self, config: &Object) -> Result<Diagnostics, HarnessError> {
        let config = Some(written(&self.settings, config)?);
        let request = proto::validate_provider_config::Request { config: config.clone() };
        let answer = self.raw().validate_provider_config(request).await?.into_inner();
        let mut diagnostics = from::diagnostics(&answer.diagnostics);
        if !diagnostics.has_errors() {
            let request = proto::configure_provider::Request {
                terraform_version: TERRAFORM_VERSION.to_owned(),
                config,
                client_capabilities: capabilities(),
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
            client_capabilities: capabilities(),
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
        let described = self.described(type_name)?;
        let config = whole(described, config);
        let proposed = propose(&described.schema.block, prior.map(|it| &it.object), &config);
        let request = proto::plan_resource_change::Request {
            type_name: type_name.to_owned(),
            prior_state: Some(sent(described, prior.map(|it| &it.object))?),
            proposed_new_state: Some(sent(described, Some(&proposed))?),
            config: Some(sent(described, Some(&config))?),
            prior_private: prior.map(|it| it.private.clone()).unwrap_or_default(),
            client_capabilities: capabilities(),
            ..proto::plan_resource_change::Request::default()
        };
        let answer = self.raw().plan_resource_change(request).await?.into_inner();
        Ok(Planned {
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
        self.apply_raw(type_name, Some(prior), &planned, config).await
    }

    async fn apply_raw(
        &self,
        type_name: &str,
        prior: Option<&State>,
        planned: &Planned,
        config: proto::DynamicValue,
    ) -> Result<Applied, HarnessError> {
        let described = self.described(type_name)?;
        let request = proto::apply_resource_change::Request {
            type_name: type_name.to_owned(),
            prior_state: Some(sent(described, prior.map(|it| &it.object))?),
            planned_state: Some(sent(described, planned.state.as_ref())?),
            config: Some(config),
            planned_private: planned.private.clone(),
            ..proto::apply_resource_change::Request::default()
        };
        let answer = self.raw().apply_resource_change(request).await?.into_inner();
        let object = from::object(answer.new_state.as_ref(), &described.ty)?;
        Ok(Applied {
            state: object.map(|object| State { object, private: answer.private }),
            diagnostics: from::diagnostics(&answer.diagnostics),
        })
    }

    /// Asks for the live state.
    ///
    /// # Errors
    /// The call fails, or the state is not of the type that the schema says.
    pub async fn read(&self, type_name: &str, state: &State) -> Result<ReadOutcome, HarnessError> {
        let described = self.described(type_name)?;
        let request = proto::read_resource::Request {
            type_name: type_name.to_owned(),
            current_state: Some(sent(described, Some(&state.object))?),
            private: state.private.clone(),
            client_capabilities: capabilities(),
            ..proto::read_resource::Request::default()
        };
        let answer = self.raw().read_resource(request).await?.into_inner();
        let object = from::object(answer.new_state.as_ref(), &described.ty)?;
        Ok(ReadOutcome {
            state: object.map(|object| State { object, private: answer.private }),
            deferred: None,
            diagnostics: from::diagnostics(&answer.diagnostics),
        })
    }

    /// Finds what an id names.
    ///
    /// # Errors
    /// The call fails, or the state is not of the type that the schema says.
    pub async fn import(&self, type_name: &str, id: &str) -> Result<Imported, HarnessError> {
        let described = self.described(type_name)?;
        let request = proto::import_resource_state::Request {
            type_name: type_name.to_owned(),
            id: id.to_owned(),
            client_capabilities: capabilities(),
            identity: None,
        };
        let answer = self.raw().import_resource_state(request).await?.into_inner();
        let diagnostics = from::diagnostics(&answer.diagnostics);
        let Some(found) = answer.imported_resources.into_iter().find(|it| it.type_name == type_name) else {
            return Ok(Imported { state: None, diagnostics });
        };
        let object = from::object(found.state.as_ref(), &described.ty)?;
        Ok(Imported { state: object.map(|object| State { object, private: found.private }), diagnostics })
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

/// What a recent Terraform can do.
fn capabilities() -> Option<proto::ClientCapabilities> {
    Some(proto::ClientCapabilities {
        write_only_attributes_allowed: true,
        ..proto::ClientCapabilities::default()
    })
}

/// A configuration with every member.
fn written(described: &Described, config: &Object) -> Result<proto::DynamicValue, HarnessError> {
    sent(described, Some(&whole(described, config)))
}

fn whole(described: &Described, config: &Object) -> Object {
    let mut config = config.clone();
    described.schema.block.complete(&mut config);
    config
}

fn sent(described: &Described, object: Option<&Object>) -> Result<proto::DynamicValue, HarnessError> {
    let value = object.map_or(Value::Null, |it| Value::Map(it.clone()));
    Ok(to::value(&value, &described.ty)?)
}
