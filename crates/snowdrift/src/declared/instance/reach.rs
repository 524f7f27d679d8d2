//! What resources and modules are worth to the other expressions of a module.

use std::collections::BTreeMap;
use std::rc::Rc;

use hcl_edit::expr::Expression;
use hcl_edit::structure::Body;
use tf_core::{AttributeType, Mode, Type, Value};

use super::{Computed, Instance, Kept, Key, Within, Written};
use crate::declared::kept::Reading;
use crate::declared::nested::{is_computed, referred};
use crate::evaluate::convert::convert;
use crate::evaluate::evaluate;
use crate::evaluate::scope::{Doubts, Part};
use crate::evaluate::typed::Typed;
use crate::evaluate::wrong::{Outcome, Wrong};

impl<'m> Instance<'m> {
    /// An output of this module.
    pub(super) fn output(&self, name: &str) -> Computed {
        let output = self.module.outputs.get(name).map(|it| it.what.body());
        let Some(value) = output.as_ref().and_then(|it| it.get_attribute("value")) else {
            return Err(Wrong::new(format!("the module has no output `{name}`")));
        };
        let flag = |name: &str| {
            output.as_ref().and_then(|it| it.get_attribute(name)).and_then(|it| it.value.as_bool())
        };
        let sensitive = flag("sensitive") == Some(true);
        let within = Within { instance: self, key: &Key::None };
        self.once(&format!("output.{name}"), |doubts| {
            within.compute(doubts, |scope| evaluate(&value.value, scope)).map(|it| it.marked(sensitive))
        })
    }

    /// An attribute of a resource, seen from elsewhere in the module.
    pub(in crate::declared) fn attribute(
        &self,
        type_name: &str,
        name: &str,
        block: &'m Written<Kept>,
        attribute: &str,
    ) -> Computed {
        let address = format!("{type_name}.{name}.{attribute}");
        let within = format!("{type_name}.{name}");
        self.once(&address, |doubts| {
            let written = Asked::of(&block.what, attribute);
            self.attribute_of((type_name, &within), written.get(), attribute, &Key::None, doubts)
        })
    }

    /// An attribute of one of many instances, seen from elsewhere in the module; `None` if it takes more to know which.
    ///
    /// # Errors
    /// Terraform would refuse it.
    pub(in crate::declared) fn attribute_at(&self, of: &Part<'_>) -> Outcome<Option<Computed>> {
        let (type_name, name) = (of.root, of.name);
        let found = self.module.resources.get(&(type_name.to_owned(), name.to_owned()));
        let Some(block) = found.filter(|_| self.schemas.contains_key(type_name)) else { return Ok(None) };
        let Ok(keys) = self.counted(type_name, name, &block.what) else { return Ok(None) };
        let Some(key) = keys.place(of.key).and_then(|it| keys.all.get(it)) else { return Ok(None) };
        let address = format!("{type_name}.{name}");
        let what = format!("{address}{}.{}", key.suffix(), of.part);
        Ok(Some(self.once(&what, |doubts| {
            let written = Asked::of(&block.what, of.part);
            self.attribute_of((type_name, &address), written.get(), of.part, key, doubts)
        })))
    }

    /// An output of one of many instances of a module; `None` if it takes more to know which.
    ///
    /// # Errors
    /// There is no such module.
    pub(in crate::declared) fn output_of(
        &self,
        name: &str,
        key: &Typed,
        output: &str,
    ) -> Outcome<Option<Computed>> {
        let Ok((keys, instances)) = self.called(name)? else { return Ok(None) };
        let instance = keys.place(key).and_then(|it| instances.get(it));
        Ok(instance.map(|(_, it)| it.output(output)))
    }

    /// An output of a module that is called once; `None` if there are more, or if that is not known.
    ///
    /// # Errors
    /// There is no such module.
    pub(in crate::declared) fn only_output(&self, name: &str, output: &str) -> Outcome<Option<Computed>> {
        let Ok((_, instances)) = self.called(name)? else { return Ok(None) };
        Ok(match instances.as_slice() {
            [(Key::None, instance)] => Some(instance.output(output)),
            _ => None,
        })
    }

    /// `address` is that of the block within its module, and `written` what is written in it.
    fn attribute_of(
        &self,
        (type_name, address): (&str, &str),
        written: Option<&Expression>,
        name: &str,
        key: &Key,
        doubts: &Doubts,
    ) -> Outcome<Typed> {
        let described =
            self.schemas.get(type_name).map(|it| it.block.attributes.iter().find(|it| it.name == name));
        let ty = described.flatten().map_or(Type::Dynamic, |it| it.ty.implied_type());
        let sensitive = described.flatten().is_some_and(|it| it.sensitive);
        if let Some(written) = written {
            let within = Within { instance: self, key };
            let value = within.compute(doubts, |scope| evaluate(written, scope))?;
            // A null in the configuration is no decision: the provider may compute the value.
            if !value.is_null() {
                let Some(Some(it)) = described else {
                    return convert(value, &ty).map(|it| it.marked(sensitive));
                };
                let whole = format!("{}{address}{}", self.prefix, key.suffix());
                let live = self.live.member(&whole, name).filter(|_| is_computed(it));
                if live.is_none() && is_computed(it) && matches!(it.ty, AttributeType::Nested { .. }) {
                    doubts.add(format!("a part of `{type_name}.{name}` is computed by the provider"));
                }
                return referred(value, &it.ty, live).map(|it| it.marked(sensitive));
            }
        }
        let value = match described {
            Some(Some(it)) => match (&it.behavior.default, it.behavior.mode) {
                (Some(default), _) => Typed::new(ty, default.clone()),
                (None, Mode::Required | Mode::Optional) => Typed::new(ty, Value::Null),
                (None, Mode::Computed | Mode::OptionalComputed) => {
                    let address = format!("{}{address}{}", self.prefix, key.suffix());
                    if let Some(value) = self.live.member(&address, name) {
                        return Ok(Typed::new(ty, value.clone()).marked(sensitive));
                    }
                    doubts.add(format!("`{type_name}.{name}` is computed by the provider"));
                    Typed::unknown_of(ty)
                }
            },
            Some(None) => return Err(Wrong::new(format!("`{type_name}` has no attribute `{name}`"))),
            None => {
                doubts.add(format!("`{type_name}.{name}` is computed by another provider"));
                Typed::unknown()
            }
        };
        Ok(value.marked(sensitive))
    }

    /// All instances of a resource as one value: an object, a tuple or an object of objects.
    pub(in crate::declared) fn whole(
        &self,
        (type_name, name): (&str, &str),
        block: &'m Written<Kept>,
        doubts: &Doubts,
    ) -> Outcome<Typed> {
        let address = format!("{type_name}.{name}");
        let Some(schema) = self.schemas.get(type_name) else {
            doubts.add(format!("the attributes of `{type_name}` are known to another provider"));
            return Ok(Typed::unknown());
        };
        let keys = match self.counted(type_name, name, &block.what) {
            Ok(keys) => keys,
            Err(reasons) => {
                reasons.into_iter().for_each(|it| doubts.add(it));
                return Ok(Typed::unknown());
            }
        };
        let body = block.what.body();
        let object = |key: &Key| {
            let names = schema.block.attributes.iter().map(|it| it.name.as_str());
            let member = |name: &str| {
                let silent = Doubts::default();
                let written = body.get_attribute(name).map(|it| &it.value);
                Ok((name.to_owned(), self.attribute_of((type_name, &address), written, name, key, &silent)?))
            };
            names.map(member).collect::<Outcome<BTreeMap<_, _>>>().map(Typed::object)
        };
        collected(&keys.all, object)
    }

    /// What `module.name` stands for.
    pub(in crate::declared) fn module_value(&self, name: &str, doubts: &Doubts) -> Outcome<Typed> {
        let (keys, instances) = match self.called(name)? {
            Ok((keys, instances)) => (keys, instances),
            Err(reasons) => {
                reasons.into_iter().for_each(|it| doubts.add(it));
                return Ok(Typed::unknown());
            }
        };
        let mut rest = instances.iter();
        collected(&keys.all, |_| {
            let Some((_, instance)) = rest.next() else { return Ok(Typed::null()) };
            let names = instance.module.outputs.keys();
            let member = |name: &String| {
                let (value, reasons) = instance.output(name)?;
                reasons.into_iter().for_each(|it| doubts.add(it));
                Ok((name.clone(), Rc::unwrap_or_clone(value)))
            };
            names.map(member).collect::<Outcome<BTreeMap<_, _>>>().map(Typed::object)
        })
    }
}

/// An attribute of a block that somebody refers to. The body is looked at only where it has that attribute: most refer to
/// what the provider computes.
struct Asked<'a>(Option<Reading<'a>>, &'a str);

impl<'a> Asked<'a> {
    fn of(block: &'a Kept, attribute: &'a str) -> Asked<'a> {
        Asked(block.has(attribute).then(|| block.body()), attribute)
    }

    fn get(&self) -> Option<&Expression> {
        let body: &Body = self.0.as_ref()?;
        body.get_attribute(self.1).map(|it| &it.value)
    }
}

/// Instances as one value, in the form that their keys ask for.
fn collected(keys: &[Key], mut object: impl FnMut(&Key) -> Outcome<Typed>) -> Outcome<Typed> {
    if let [Key::None] = keys {
        return object(&Key::None);
    }
    let named = keys.iter().any(|it| matches!(it, Key::Each(..)));
    let mut members = BTreeMap::new();
    let mut elements = Vec::new();
    for key in keys {
        match key {
            Key::Each(name, _) => {
                members.insert(name.clone(), object(key)?);
            }
            _ => elements.push(object(key)?),
        }
    }
    Ok(if named { Typed::object(members) } else { Typed::tuple(elements) })
}
