//! Certificates and keys that the settings name, read from where they are.

use servicenow_client::Source;
use servicenow_client::source::read_bytes;
use servicenow_client::tls::{Authorities, ClientCertificate};
use servicenow_core::Secret;
use tf_core::Diagnostic;

use super::layers::{Layers, path, required};
use crate::errors;

/// Where certificates and keys come from.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Certificates {
    authorities: Option<Source>,
    own: Option<Own>,
}

#[derive(Clone, Debug, PartialEq)]
enum Own {
    Pem { certificate: Source, private_key: Source },
    Pkcs12 { file: Source, passphrase: Option<Source> },
}

/// What was read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Material {
    /// Whom to trust beside those of this machine.
    pub authorities: Option<Authorities>,
    /// What to show to the instance.
    pub client_certificate: Option<ClientCertificate>,
}

impl Certificates {
    /// Finds where they are.
    ///
    /// # Errors
    /// One of a pair is missing, or something is given twice.
    pub(super) fn find(layers: &Layers) -> Result<Certificates, Diagnostic> {
        let authorities = layers.source("ca_certificates")?;
        Ok(Certificates { authorities, own: own(layers)? })
    }

    /// Reads them.
    ///
    /// # Errors
    /// A file or a command fails, or what it holds cannot be used.
    pub async fn read(&self) -> Result<Material, Diagnostic> {
        let authorities = match &self.authorities {
            None => None,
            Some(source) => {
                let bundle = bytes("ca_certificates", source).await?;
                Some(
                    Authorities::from_pem(&bundle)
                        .map_err(|it| refused("ca_certificates", &it.to_string()))?,
                )
            }
        };
        let client_certificate = match &self.own {
            None => None,
            Some(own) => Some(own.read().await?),
        };
        Ok(Material { authorities, client_certificate })
    }
}

impl Own {
    async fn read(&self) -> Result<ClientCertificate, Diagnostic> {
        match self {
            Own::Pem { certificate, private_key } => {
                let chain = bytes("mtls.certificate", certificate).await?;
                let key = secret("mtls.private_key", private_key).await?;
                ClientCertificate::from_pem(&chain, &key).map_err(|it| refused("mtls", &it.to_string()))
            }
            Own::Pkcs12 { file, passphrase } => {
                let archive = bytes("mtls.pkcs12", file).await?;
                let passphrase = match passphrase {
                    Some(source) => secret("mtls.passphrase", source).await?,
                    None => Secret::default(),
                };
                ClientCertificate::from_pkcs12(&archive, &passphrase)
                    .map_err(|it| refused("mtls.pkcs12_file", &it.to_string()))
            }
        }
    }
}

fn own(layers: &Layers) -> Result<Option<Own>, Diagnostic> {
    if layers.value("mtls").is_none() {
        return Ok(None);
    }
    let certificate = layers.source("mtls.certificate")?;
    let archive = layers.source("mtls.pkcs12")?;
    match (certificate, archive) {
        (Some(_), Some(_)) => {
            Err(errors::two_settings("mtls.certificate", "mtls.pkcs12_file").at(path("mtls")))
        }
        (_, Some(file)) => Ok(Some(Own::Pkcs12 { file, passphrase: layers.source("mtls.passphrase")? })),
        (certificate, None) => {
            let certificate = required("mtls.certificate", certificate)?;
            let private_key = required("mtls.private_key", layers.source("mtls.private_key")?)?;
            Ok(Some(Own::Pem { certificate, private_key }))
        }
    }
}

/// What a source holds, which need not be text.
async fn bytes(setting: &str, source: &Source) -> Result<Vec<u8>, Diagnostic> {
    match source {
        Source::File(file) => {
            read_bytes(file).await.map_err(|it| refused(&format!("{setting}_file"), &it.to_string()))
        }
        other => Ok(secret(setting, other).await?.expose().as_bytes().to_vec()),
    }
}

async fn secret(setting: &str, source: &Source) -> Result<Secret, Diagnostic> {
    let name = match source {
        Source::Given(_) => setting.to_owned(),
        Source::File(_) => format!("{setting}_file"),
        Source::Command(_) => format!("{setting}_command"),
    };
    source.read().await.map_err(|it| refused(&name, &it.to_string()))
}

fn refused(setting: &str, reason: &str) -> Diagnostic {
    errors::bad_setting(setting, reason).at(path(setting))
}
