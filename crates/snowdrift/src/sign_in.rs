//! Where to look and who looks: the arguments that every command with an instance has, and what they come to together
//! with `snowdrift.toml`, the folder and the environment.

use std::path::{Path, PathBuf};

use tf_core::{Object, Value};

use crate::commands::{Failure, Variables};
use crate::config::{Config, Instance};
use crate::declared::{Inputs, provider_block};
use crate::live::{self, Live, Written};

/// Where to look and who looks.
///
/// The settings are those of the provider: the variables `SERVICENOW_...` of the environment, the block
/// `provider "servicenow"` of the folder as far as it is decided, and the tables `[instance.NAME]` of `snowdrift.toml`,
/// which come first.
#[derive(Clone, Debug, Default, clap::Args)]
#[command(next_help_heading = "Instance")]
pub struct SignIn {
    /// Looks at this instance of `snowdrift.toml`; may be given several times. Without it, at all of them.
    #[arg(long = "instance", value_name = "NAME")]
    pub instances: Vec<String>,
    /// The address of the instance, where neither the environment nor a file says it.
    #[arg(long, value_name = "URL")]
    pub url: Option<String>,
    /// The file with instances and rules. Without it, `snowdrift.toml` of the folder.
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
}

/// One instance to look at.
#[derive(Clone, Debug, Default)]
pub struct Target {
    /// What `snowdrift.toml` says of it; nothing if it is known from the environment or the folder alone.
    pub instance: Option<Instance>,
    /// An address that comes before all others.
    pub url: Option<String>,
    /// The folder that declares what is on it.
    pub folder: PathBuf,
}

impl SignIn {
    /// The file with instances and rules.
    ///
    /// # Errors
    /// It cannot be read, or holds something that means nothing.
    pub fn config(&self, folder: &Path) -> Result<Config, Failure> {
        Ok(Config::find(self.config.as_deref(), folder)?)
    }

    /// The instances to look at: at least one.
    ///
    /// # Errors
    /// There is no instance of a name, or an address is given for several.
    pub fn targets(&self, config: &Config, folder: &Path) -> Result<Vec<Target>, Failure> {
        let chosen = config.chosen(&self.instances)?;
        let target = |instance: Option<&Instance>| Target {
            instance: instance.cloned(),
            url: self.url.clone(),
            folder: instance.and_then(|it| it.folder.clone()).unwrap_or_else(|| folder.to_owned()),
        };
        match chosen.as_slice() {
            [] => Ok(vec![target(None)]),
            several if self.url.is_some() && several.len() > 1 => {
                Err(Failure::new("`--url` is for one instance; name it with `--instance`"))
            }
            several => Ok(several.iter().map(|it| target(Some(it))).collect()),
        }
    }
}

impl Target {
    /// What it is called before anybody has signed in.
    pub fn name(&self) -> Option<&str> {
        self.instance.as_ref().map(|it| it.name.as_str())
    }

    /// The alias of the provider block that is for this instance.
    pub fn provider(&self) -> Option<&str> {
        self.instance.as_ref().and_then(|it| it.provider.as_deref())
    }

    /// The variables of its folder: those of the environment and the files that Terraform would read, what
    /// `snowdrift.toml` says, and what is given beside.
    ///
    /// # Errors
    /// A file cannot be read or is not HCL.
    pub fn inputs(
        &self,
        variables: &Variables,
        files: &[PathBuf],
        pairs: &[(String, String)],
    ) -> Result<Inputs, Failure> {
        let own = self.instance.as_ref();
        let files: Vec<PathBuf> = own.iter().flat_map(|it| &it.var_files).chain(files).cloned().collect();
        let own = own.iter().flat_map(|it| &it.variables).map(|(name, it)| (name.clone(), it.clone()));
        let pairs: Vec<(String, String)> = own.chain(pairs.iter().cloned()).collect();
        Ok(Inputs::collect(&self.folder, variables.clone(), &files, &pairs)?)
    }

    /// The attributes of the provider block of its folder, where there is one.
    ///
    /// # Errors
    /// A file cannot be read or is not HCL.
    pub fn written(&self, inputs: &Inputs) -> Result<Option<Written>, Failure> {
        Ok(provider_block(&self.folder, inputs, self.provider())?)
    }

    /// The provider block. `written` is the one of the folder.
    ///
    /// # Errors
    /// A setting of `snowdrift.toml` is none, or a variable that it names is not set.
    pub fn block(&self, written: Option<&Written>, variables: &Variables) -> Result<Object, Failure> {
        let mut block = live::block(self.instance.as_ref(), written, variables)?;
        if let Some(url) = &self.url {
            block.insert("instance_url".to_owned(), Value::string(url.as_str()));
            block.insert("instance".to_owned(), Value::Null);
        }
        Ok(block)
    }

    /// Signs in, with the provider block of the folder as far as it is decided without an instance.
    ///
    /// # Errors
    /// The folder cannot be read, a setting is wrong, or the instance does not let the user in.
    pub async fn sign_in(&self, variables: &Variables) -> Result<Live, Failure> {
        let block = {
            let inputs = self.inputs(variables, &[], &[])?;
            let written = self.written(&inputs)?;
            self.block(written.as_ref(), variables)?
        };
        Ok(Live::connect(self.name(), block, variables).await?)
    }
}
