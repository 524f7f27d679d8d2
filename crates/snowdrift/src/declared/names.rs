//! What the names in a module stand for, as one instance of a block sees them.

use super::expand::{Key, is_single};
use super::instance::{Computed, Instance};
use crate::evaluate::scope::{Doubts, Names, Scope};
use crate::evaluate::typed::Typed;
use crate::evaluate::wrong::{Outcome, Wrong};

/// The names as one instance of a block sees them.
pub struct Within<'a, 'm> {
    /// The module.
    pub instance: &'a Instance<'m>,
    /// Which instance of the block it is.
    pub key: &'a Key,
}

struct View<'a, 'm> {
    within: &'a Within<'a, 'm>,
    doubts: &'a Doubts,
}

impl<'a, 'm> Within<'a, 'm> {
    /// Computes something with the names of this instance; doubts are added to the given ones.
    ///
    /// # Errors
    /// What `work` says.
    pub fn compute<T>(&self, doubts: &Doubts, work: impl FnOnce(&Scope<'_>) -> Outcome<T>) -> Outcome<T> {
        let view = View { within: self, doubts };
        work(&Scope::new(&view, doubts, &self.instance.module.folder))
    }
}

impl View<'_, '_> {
    fn added(&self, computed: Computed) -> Outcome<Typed> {
        let (value, reasons) = computed?;
        reasons.into_iter().for_each(|it| self.doubts.add(it));
        Ok(value)
    }

    fn undecided(&self, reason: impl Into<String>) -> Typed {
        self.doubts.add(reason);
        Typed::unknown()
    }

    fn each(&self, word: &str) -> Outcome<Typed> {
        match (self.within.key, word) {
            (Key::Each(name, _), "key") => Ok(Typed::string(name.clone())),
            (Key::Each(_, value), "value") => Ok((**value).clone()),
            _ => Err(Wrong::new(format!("there is no `each.{word}` here"))),
        }
    }

    fn resource(&self, type_name: &str, path: &[&str]) -> Outcome<Option<(Typed, usize)>> {
        let instance = self.within.instance;
        let Some(name) = path.first() else { return Ok(None) };
        let found = instance.module.resources.get_key_value(&(type_name.to_owned(), (*name).to_owned()));
        let Some((_, block)) = found else { return Ok(None) };
        match path.get(1) {
            Some(attribute) if is_single(&block.what) => {
                let value = self.added(instance.attribute(type_name, name, block, attribute))?;
                Ok(Some((value, 2)))
            }
            _ => {
                let whole = instance.once(&format!("{type_name}.{name}"), |doubts| {
                    instance.whole((type_name, name), block, doubts)
                });
                Ok(Some((self.added(whole)?, 1)))
            }
        }
    }

    fn path(&self, word: &str) -> Typed {
        let folder = &self.within.instance.module.folder;
        match word {
            "root" => Typed::string("."),
            "module" if self.within.instance.prefix.is_empty() => Typed::string("."),
            _ => self.undecided(format!(
                "`path.{word}` of `{}` depends on where Terraform runs",
                folder.display()
            )),
        }
    }
}

impl Names for View<'_, '_> {
    fn resolve(&self, root: &str, path: &[&str]) -> Outcome<Option<(Typed, usize)>> {
        let instance = self.within.instance;
        let word = path.first().copied().unwrap_or_default();
        let one = |value: Typed| Ok(Some((value, 1)));
        match root {
            "var" => match instance.variables.get(word) {
                Some(value) => one(self.added(value.clone())?),
                None => Err(Wrong::new(format!("there is no variable `{word}`"))),
            },
            "local" => one(self.added(instance.local(word))?),
            "module" => {
                let value = instance.module_value(word, self.doubts)?;
                one(value)
            }
            "each" => one(self.each(word)?),
            "count" => match self.within.key {
                Key::Index(place) => one(Typed::count(*place)),
                _ => Err(Wrong::new("there is no `count.index` here")),
            },
            "path" => one(self.path(word)),
            "terraform" if word == "workspace" => one(Typed::string(instance.workspace)),
            "data" => Ok(Some((
                self.undecided(format!(
                    "`data.{}` is read by Terraform",
                    path.iter().take(2).copied().collect::<Vec<_>>().join(".")
                )),
                path.len().min(2),
            ))),
            "self" | "terraform" | "ephemeral" => {
                one(self.undecided(format!("`{root}.{word}` is known to Terraform only")))
            }
            _ => self.resource(root, path),
        }
    }
}
