//! One instance of a module: what its names stand for, computed when they are asked for.

use std::cell::{OnceCell, RefCell};
use std::collections::BTreeMap;

use hcl_edit::Span;
use hcl_edit::structure::Body;
use tf_core::{Mode, Type, Value};

use super::body::{self, finding};
use super::constraint;
use super::expand::{Key, keys};
use super::inputs::{Inputs, given};
use super::module::{Call, Module, Written};
use super::names::Within;
use super::{Declared, Finding, Known, Resource, Schemas, Undecided};
use crate::evaluate::convert::convert;
use crate::evaluate::evaluate;
use crate::evaluate::scope::Doubts;
use crate::evaluate::typed::Typed;
use crate::evaluate::wrong::{Outcome, Wrong};

/// A value with the doubts about it, or why there is none.
pub type Computed = Outcome<(Typed, Vec<String>)>;

/// One instance of a module.
pub struct Instance<'m> {
    pub(super) module: &'m Module,
    schemas: &'m Schemas,
    live: &'m Known,
    pub(super) workspace: &'m str,
    /// What stands before every address: empty, or `module.jira["eu"].`.
    pub(super) prefix: String,
    pub(super) variables: BTreeMap<String, Computed>,
    /// What was computed already, by the address within the module.
    known: RefCell<BTreeMap<String, Computed>>,
    /// What is being computed, to notice what refers to itself.
    open: RefCell<Vec<String>>,
    calls: BTreeMap<String, (&'m Call, OnceCell<Called<'m>>)>,
}

/// The instances of a module that is called, or why they are not known.
type Called<'m> = Result<Vec<(Key, Instance<'m>)>, Vec<String>>;

/// The same, for those who look at it.
type Instances<'a, 'm> = Result<&'a [(Key, Instance<'m>)], Vec<String>>;

impl<'m> Instance<'m> {
    /// The root module, with its inputs.
    pub fn root(
        module: &'m Module,
        inputs: &'m Inputs,
        schemas: &'m Schemas,
        live: &'m Known,
    ) -> Instance<'m> {
        let mut root = Instance::empty(module, &inputs.workspace, (schemas, live), String::new());
        for (name, variable) in &module.variables {
            let doubts = Doubts::default();
            let given = inputs.variables.get(name).map(|it| given(it, &variable.what, &doubts));
            let value = root.variable(name, variable, given.transpose(), &doubts);
            root.variables.insert(name.clone(), value.map(|it| (it, doubts.take())));
        }
        root
    }

    fn empty(
        module: &'m Module,
        workspace: &'m str,
        (schemas, live): (&'m Schemas, &'m Known),
        prefix: String,
    ) -> Instance<'m> {
        let calls = module.calls.iter().map(|(name, it)| (name.clone(), (it, OnceCell::new()))).collect();
        Instance {
            module,
            schemas,
            live,
            workspace,
            prefix,
            variables: BTreeMap::new(),
            known: RefCell::default(),
            open: RefCell::default(),
            calls,
        }
    }

    /// The value of a variable: what was given, else its default, in the type that it declares.
    fn variable(
        &self,
        name: &str,
        variable: &Written<Body>,
        given: Outcome<Option<Typed>>,
        doubts: &Doubts,
    ) -> Outcome<Typed> {
        let body = &variable.what;
        let flag = |name: &str| body.get_attribute(name).and_then(|it| it.value.as_bool());
        let within = Within { instance: self, key: &Key::None };
        let default = || match body.get_attribute("default") {
            Some(default) => within.compute(doubts, |scope| evaluate(&default.value, scope)),
            None => {
                doubts.add(format!("the variable `{name}` has no value here"));
                Ok(Typed::unknown())
            }
        };
        let value = match given? {
            Some(value) if !(value.is_null() && flag("nullable") == Some(false)) => value,
            _ => default()?,
        };
        let value = match body.get_attribute("type") {
            Some(ty) => within.compute(doubts, |scope| constraint::read(&ty.value, scope))?.apply(value)?,
            None => value,
        };
        Ok(value.marked(flag("sensitive") == Some(true) || flag("ephemeral") == Some(true)))
    }

    /// Adds everything that is declared here and below.
    pub fn declare(&self, declared: &mut Declared) {
        for ((type_name, name), block) in &self.module.resources {
            self.declare_resource(type_name, name, block, declared);
        }
        if self.prefix.is_empty() {
            self.declare_outputs(declared);
            self.declare_imports(declared);
        }
        for (name, call) in &self.module.calls {
            let reasons = match self.called(name) {
                Ok(Ok(instances)) => {
                    instances.iter().for_each(|(_, it)| it.declare(declared));
                    continue;
                }
                Ok(Err(reasons)) => reasons,
                Err(wrong) => vec![wrong.to_string()],
            };
            let (address, place) = (format!("{}module.{name}", self.prefix), call.block.place.clone());
            declared.undecided.push(Undecided { address, reasons, place });
        }
    }

    fn declare_resource(&self, type_name: &str, name: &str, block: &Written<Body>, declared: &mut Declared) {
        let address = format!("{}{type_name}.{name}", self.prefix);
        let keys = match self.keys(&block.what) {
            Ok(keys) => keys,
            Err(reasons) => {
                let place = block.place.clone();
                return declared.undecided.push(Undecided { address, reasons, place });
            }
        };
        for key in keys {
            declared.resources.push(Resource {
                address: format!("{address}{}", key.suffix()),
                type_name: type_name.to_owned(),
                place: block.place.clone(),
                attributes: self.findings(type_name, block, &key),
                ignored: ignored(&block.what),
                import_id: None,
                provider: alias(&block.what),
                remembered: None,
            });
        }
    }

    fn findings(&self, type_name: &str, block: &Written<Body>, key: &Key) -> BTreeMap<String, Finding> {
        let schema = self.schemas.get(type_name).map(|it| &it.block);
        body::findings(&block.what, schema, self.module, block.file, &Within { instance: self, key })
    }

    /// The attributes of a configuration of a provider, by its local name and alias.
    pub fn provider(&self, name: &str, alias: Option<&str>) -> Option<BTreeMap<String, Finding>> {
        let alias_of =
            |body: &Body| body.get_attribute("alias").and_then(|it| it.value.as_str()).map(str::to_owned);
        let is_meant =
            |it: &&(String, Written<Body>)| it.0 == name && alias_of(&it.1.what).as_deref() == alias;
        let (_, block) = self.module.providers.iter().find(is_meant)?;
        let within = Within { instance: self, key: &Key::None };
        Some(body::findings(&block.what, None, self.module, block.file, &within))
    }

    fn declare_outputs(&self, declared: &mut Declared) {
        for (name, output) in &self.module.outputs {
            let doubts = Doubts::default();
            let value = self.output(name).map(|(value, reasons)| {
                reasons.into_iter().for_each(|it| doubts.add(it));
                value
            });
            declared.outputs.insert(name.clone(), finding(value, &doubts, output.place.clone()));
        }
    }

    /// Joins `import` blocks with the instances that they lead to.
    fn declare_imports(&self, declared: &mut Declared) {
        for import in &self.module.imports {
            let Some(to) = import.what.get_attribute("to") else { continue };
            let address = to.value.to_string().trim().to_owned();
            let by_id = import.what.get_attribute("id");
            let Some(id) = by_id.or_else(|| import.what.get_attribute("identity")) else { continue };
            if import.what.has_attribute("for_each") {
                let reasons =
                    vec!["an `import` block with `for_each` is evaluated by Terraform only".to_owned()];
                declared.undecided.push(Undecided { address, reasons, place: import.place.clone() });
                continue;
            }
            let doubts = Doubts::default();
            let within = Within { instance: self, key: &Key::None };
            let value = within.compute(&doubts, |scope| evaluate(&id.value, scope));
            // An identity is an object that holds the id and the instance.
            let value = value.map(|it| it.member("id").unwrap_or(it));
            let place = self.module.place(import.file, id.span());
            if let Some(resource) = declared.resources.iter_mut().find(|it| it.address == address) {
                resource.import_id = Some(finding(value, &doubts, place));
            }
        }
    }

    /// The instances of a block, or why they are not known.
    fn keys(&self, body: &Body) -> Result<Vec<Key>, Vec<String>> {
        let doubts = Doubts::default();
        let within = Within { instance: self, key: &Key::None };
        match within.compute(&doubts, |scope| keys(body, scope)) {
            Ok(Some(keys)) => Ok(keys),
            Ok(None) => {
                doubts.add("how many instances it has is not known");
                Err(doubts.take())
            }
            Err(wrong) => Err(vec![format!("Terraform would refuse it: {wrong}")]),
        }
    }

    /// The instances of a module that is called.
    fn called(&self, name: &str) -> Outcome<Instances<'_, 'm>> {
        let Some((call, cell)) = self.calls.get(name) else {
            return Err(Wrong::new(format!("there is no module `{name}`")));
        };
        let address = format!("module.{name}");
        if self.open.borrow().contains(&address) {
            // Terraform goes by single values and may come to an end here.
            return Ok(Err(vec![format!("the inputs of `{address}` lead back to its own outputs")]));
        }
        self.open.borrow_mut().push(address);
        let called = cell.get_or_init(|| self.call(name, call));
        self.open.borrow_mut().pop();
        Ok(called.as_ref().map(Vec::as_slice).map_err(Clone::clone))
    }

    fn call(&self, name: &str, call: &'m Call) -> Called<'m> {
        let module = call.module.as_ref().map_err(|it| vec![it.clone()])?;
        let keys = self.keys(&call.block.what)?;
        Ok(keys.into_iter().map(|key| (key.clone(), self.child(name, call, module, &key))).collect())
    }

    fn child(&self, name: &str, call: &'m Call, module: &'m Module, key: &Key) -> Instance<'m> {
        let prefix = format!("{}module.{name}{}.", self.prefix, key.suffix());
        let mut child = Instance::empty(module, self.workspace, (self.schemas, self.live), prefix);
        for (name, variable) in &module.variables {
            let doubts = Doubts::default();
            let within = Within { instance: self, key };
            let given = call
                .block
                .what
                .get_attribute(name)
                .map(|it| within.compute(&doubts, |scope| evaluate(&it.value, scope)));
            let value = child.variable(name, variable, given.transpose(), &doubts);
            child.variables.insert(name.clone(), value.map(|it| (it, doubts.take())));
        }
        child
    }

    /// Computes something once. What asks for itself is wrong.
    pub(super) fn once(&self, what: &str, compute: impl FnOnce(&Doubts) -> Outcome<Typed>) -> Computed {
        if let Some(known) = self.known.borrow().get(what) {
            return known.clone();
        }
        if self.open.borrow().iter().any(|it| it == what) {
            return Err(Wrong::new(format!("`{what}` refers to itself")));
        }
        self.open.borrow_mut().push(what.to_owned());
        let doubts = Doubts::default();
        let value = compute(&doubts).map(|it| (it, doubts.take()));
        self.open.borrow_mut().pop();
        self.known.borrow_mut().insert(what.to_owned(), value.clone());
        value
    }

    pub(super) fn local(&self, name: &str) -> Computed {
        let Some(local) = self.module.locals.get(name) else {
            return Err(Wrong::new(format!("there is no local value `{name}`")));
        };
        let within = Within { instance: self, key: &Key::None };
        self.once(&format!("local.{name}"), |doubts| {
            within.compute(doubts, |scope| evaluate(&local.what, scope))
        })
    }

    fn output(&self, name: &str) -> Computed {
        let output = self.module.outputs.get(name);
        let Some(value) = output.and_then(|it| it.what.get_attribute("value")) else {
            return Err(Wrong::new(format!("the module has no output `{name}`")));
        };
        let flag =
            |name: &str| output.and_then(|it| it.what.get_attribute(name)).and_then(|it| it.value.as_bool());
        let sensitive = flag("sensitive") == Some(true);
        let within = Within { instance: self, key: &Key::None };
        self.once(&format!("output.{name}"), |doubts| {
            within.compute(doubts, |scope| evaluate(&value.value, scope)).map(|it| it.marked(sensitive))
        })
    }

    /// An attribute of a resource, seen from elsewhere in the module.
    pub(super) fn attribute(
        &self,
        type_name: &str,
        name: &str,
        block: &'m Written<Body>,
        attribute: &str,
    ) -> Computed {
        let address = format!("{type_name}.{name}.{attribute}");
        let within = format!("{type_name}.{name}");
        self.once(&address, |doubts| {
            self.attribute_of((type_name, &within), &block.what, attribute, &Key::None, doubts)
        })
    }

    /// `address` is that of the block within its module.
    fn attribute_of(
        &self,
        (type_name, address): (&str, &str),
        body: &Body,
        name: &str,
        key: &Key,
        doubts: &Doubts,
    ) -> Outcome<Typed> {
        let described =
            self.schemas.get(type_name).map(|it| it.block.attributes.iter().find(|it| it.name == name));
        let ty = described.flatten().map_or(Type::Dynamic, |it| it.ty.implied_type());
        let sensitive = described.flatten().is_some_and(|it| it.sensitive);
        if let Some(written) = body.get_attribute(name) {
            let within = Within { instance: self, key };
            let value = within.compute(doubts, |scope| evaluate(&written.value, scope))?;
            // A null in the configuration is no decision: the provider may compute the value.
            if !value.is_null() {
                return convert(value, &ty).map(|it| it.marked(sensitive));
            }
        }
        let value = match described {
            Some(Some(it)) => match (&it.behavior.default, it.behavior.mode) {
                (Some(default), _) => Typed::new(ty, default.clone()),
                (None, Mode::Required | Mode::Optional) => Typed::new(ty, Value::Null),
                (None, Mode::Computed | Mode::OptionalComputed) => {
                    let address = format!("{}{address}{}", self.prefix, key.suffix());
                    if let Some(value) = self.live.get(&address).and_then(|it| it.get(name)) {
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
    pub(super) fn whole(
        &self,
        (type_name, name): (&str, &str),
        block: &'m Written<Body>,
        doubts: &Doubts,
    ) -> Outcome<Typed> {
        let address = format!("{type_name}.{name}");
        let Some(schema) = self.schemas.get(type_name) else {
            doubts.add(format!("the attributes of `{type_name}` are known to another provider"));
            return Ok(Typed::unknown());
        };
        let keys = match self.keys(&block.what) {
            Ok(keys) => keys,
            Err(reasons) => {
                reasons.into_iter().for_each(|it| doubts.add(it));
                return Ok(Typed::unknown());
            }
        };
        let object = |key: &Key| {
            let names = schema.block.attributes.iter().map(|it| it.name.as_str());
            let member = |name: &str| {
                let silent = Doubts::default();
                Ok((
                    name.to_owned(),
                    self.attribute_of((type_name, &address), &block.what, name, key, &silent)?,
                ))
            };
            names.map(member).collect::<Outcome<BTreeMap<_, _>>>().map(Typed::object)
        };
        collected(&keys, object)
    }

    /// What `module.name` stands for.
    pub(super) fn module_value(&self, name: &str, doubts: &Doubts) -> Outcome<Typed> {
        let instances = match self.called(name)? {
            Ok(instances) => instances,
            Err(reasons) => {
                reasons.into_iter().for_each(|it| doubts.add(it));
                return Ok(Typed::unknown());
            }
        };
        let keys: Vec<Key> = instances.iter().map(|(key, _)| key.clone()).collect();
        let mut rest = instances.iter();
        collected(&keys, |_| {
            let Some((_, instance)) = rest.next() else { return Ok(Typed::null()) };
            let names = instance.module.outputs.keys();
            let member = |name: &String| {
                let (value, reasons) = instance.output(name)?;
                reasons.into_iter().for_each(|it| doubts.add(it));
                Ok((name.clone(), value))
            };
            names.map(member).collect::<Outcome<BTreeMap<_, _>>>().map(Typed::object)
        })
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

/// The alias of the provider block that `provider = servicenow.alias` names.
fn alias(body: &Body) -> Option<String> {
    let written = body.get_attribute("provider")?.value.to_string();
    written.trim().split_once('.').map(|(_, alias)| alias.to_owned())
}

/// What `ignore_changes` names.
fn ignored(body: &Body) -> Vec<String> {
    let lifecycle = body.get_blocks("lifecycle");
    let mut names = Vec::new();
    for block in lifecycle {
        let Some(it) = block.body.get_attribute("ignore_changes") else { continue };
        match it.value.as_array() {
            Some(items) => names.extend(items.iter().map(|it| it.to_string().trim().to_owned())),
            None => names.push(it.value.to_string().trim().to_owned()),
        }
    }
    names
}
