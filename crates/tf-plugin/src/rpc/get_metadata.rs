//! `GetMetadata`: the names of everything, without schemas.

use tf_core::Diagnostics;

use super::{Served, get_provider_schema};
use crate::proto::tfplugin6::get_metadata::{
    ActionMetadata, DataSourceMetadata, EphemeralMetadata, FunctionMetadata, ListResourceMetadata, Request,
    ResourceMetadata, Response,
};

pub(super) async fn answer(served: &Served, _request: Request) -> Result<Response, Diagnostics> {
    let offer = served.offer();
    let names = |it: &String| it.clone();
    let resources = offer.resources.keys().map(names);
    let data_sources = offer.data_sources.keys().map(names);
    let functions = offer.functions.keys().map(names);
    let ephemeral_resources = offer.ephemeral_resources.keys().map(names);
    let list_resources = offer.list_resources.keys().map(names);
    let actions = offer.actions.keys().map(names);
    Ok(Response {
        server_capabilities: Some(get_provider_schema::capabilities(offer)),
        diagnostics: get_provider_schema::diagnostics(served),
        resources: resources.map(|type_name| ResourceMetadata { type_name }).collect(),
        data_sources: data_sources.map(|type_name| DataSourceMetadata { type_name }).collect(),
        functions: functions.map(|name| FunctionMetadata { name }).collect(),
        ephemeral_resources: ephemeral_resources.map(|type_name| EphemeralMetadata { type_name }).collect(),
        list_resources: list_resources.map(|type_name| ListResourceMetadata { type_name }).collect(),
        actions: actions.map(|type_name| ActionMetadata { type_name }).collect(),
        state_stores: Vec::new(),
    })
}
