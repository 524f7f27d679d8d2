//! A host that is told of a plugin that runs already, as `TF_REATTACH_PROVIDERS` tells it.

use serde_json::Value;

use super::dial::dial;
use super::{Client, HarnessError};
use crate::handshake::{Address, Announcement};

impl Client {
    /// Connects to the provider that the value of the variable names: in plain text, without any handshake.
    ///
    /// # Errors
    /// The value is not what hosts understand, or the plugin is not there.
    pub async fn attached(value: &str, source: &str) -> Result<Client, HarnessError> {
        let address =
            address(value, source).ok_or(HarnessError::Incomplete(crate::debug::VARIABLE, "an address"))?;
        Client::over(dial(&Announcement { address, certificate: None }, None).await?).await
    }
}

fn address(value: &str, source: &str) -> Option<Address> {
    let all: Value = serde_json::from_str(value).ok()?;
    let place = all.get(source)?.get("Addr")?;
    let text = place.get("String")?.as_str()?.to_owned();
    match place.get("Network")?.as_str()? {
        "unix" => Some(Address::Unix(text)),
        "tcp" => Some(Address::Tcp(text)),
        _ => None,
    }
}
