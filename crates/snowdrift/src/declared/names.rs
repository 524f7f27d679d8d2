//! What the names in a module stand for, as one instance of a block sees them.

use std::rc::Rc;

use super::expand::Key;
use super::instance::{Computed, Instance};
use crate::evaluate::scope::{Doubts, Names, Part, Scope};
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
        work(&Scope::new(&view, doubts, self.instance.root))
    }
}

impl View<'_, '_> {
    fn added(&self, computed: Computed) -> Outcome<Rc<Typed>> {
        let (value, reasons) = computed?;
        reasons.into_iter().for_each(|it| self.doubts.add(it));
        Ok(value)
    }

    fn undecided(&self, reason: impl Into<String>) -> Rc<Typed> {
        self.doubts.add(reason);
        Rc::new(Typed::unknown())
    }

    fn each(&self, word: &str) -> Outcome<Rc<Typed>> {
        match (self.within.key, word) {
            (Key::Each(name, _), "key") => Ok(Rc::new(Typed::string(name.clone()))),
            (Key::Each(_, value), "value") => Ok(Rc::clone(value)),
            _ => Err(Wrong::new(format!("there is no `each.{word}` here"))),
        }
    }

    fn resource(&self, type_name: &str, path: &[&str]) -> Outcome<Option<(Rc<Typed>, usize)>> {
        let instance = self.within.instance;
        let Some(name) = path.first() else { return Ok(None) };
        let found = instance.module.resources.get_key_value(&(type_name.to_owned(), (*name).to_owned()));
        let Some((_, block)) = found else { return Ok(None) };
        match path.get(1) {
            Some(attribute) if block.what.is_single() => {
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

    /// What `module.name.output` stands for where there is one instance, else what `module.name` does.
    fn module(&self, path: &[&str]) -> Outcome<Option<(Rc<Typed>, usize)>> {
        let instance = self.within.instance;
        let name = path.first().copied().unwrap_or_default();
        if let Some(output) = path.get(1)
            && let Some(value) = instance.only_output(name, output)?
        {
            return Ok(Some((self.added(value)?, 2)));
        }
        // Not kept: within a circle it is less than what it is outside.
        let whole = instance.module_value(name, self.doubts)?;
        Ok(Some((Rc::new(whole), 1)))
    }

    fn path(&self, word: &str) -> Rc<Typed> {
        match word {
            "root" => Rc::new(Typed::string(".")),
            "module" => Rc::new(Typed::string(self.within.instance.path.as_str())),
            _ => self.undecided(format!("`path.{word}` depends on where Terraform runs")),
        }
    }
}

impl Names for View<'_, '_> {
    fn resolve(&self, root: &str, path: &[&str]) -> Outcome<Option<(Rc<Typed>, usize)>> {
        let instance = self.within.instance;
        let word = path.first().copied().unwrap_or_default();
        let one = |value: Rc<Typed>| Ok(Some((value, 1)));
        match root {
            "var" => match instance.variables.get(word) {
                Some(value) => one(self.added(value.clone())?),
                None => Err(Wrong::new(format!("there is no variable `{word}`"))),
            },
            "local" => one(self.added(instance.local(word))?),
            "module" => self.module(path),
            "each" => one(self.each(word)?),
            "count" => match self.within.key {
                Key::Index(place) => one(Rc::new(Typed::count(*place))),
                _ => Err(Wrong::new("there is no `count.index` here")),
            },
            "path" => one(self.path(word)),
            "terraform" if word == "workspace" => one(Rc::new(Typed::string(instance.workspace))),
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

    fn part(&self, of: &Part<'_>) -> Outcome<Option<Rc<Typed>>> {
        let instance = self.within.instance;
        let computed = match of.root {
            "module" => instance.output_of(of.name, of.key, of.part)?,
            _ => instance.attribute_at(of)?,
        };
        computed.map(|it| self.added(it)).transpose()
    }
}
