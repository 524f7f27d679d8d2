//! One instance of a module: what its names stand for, computed when they are asked for.

use std::cell::{OnceCell, RefCell};
use std::collections::{BTreeMap, HashMap};
use std::path::Path;
use std::rc::Rc;

use hcl_edit::structure::Body;

use super::body::{self, finding};
use super::constraint;
use super::expand::{Key, Keys, keys};
use super::inputs::{Inputs, given};
use super::kept::Kept;
use super::module::{Call, Module, Written};
use super::names::Within;
use super::{Counts, Declared, Finding, Known, Resource, Schemas, Undecided, add};
use crate::evaluate::evaluate;
use crate::evaluate::scope::Doubts;
use crate::evaluate::typed::Typed;
use crate::evaluate::wrong::{Outcome, Wrong};

mod reach;

/// A value with the doubts about it, or why there is none.
pub type Computed = Outcome<(Rc<Typed>, Vec<String>)>;

/// The instances of a block, or why they are not known.
type Counted = Result<Rc<Keys>, Vec<String>>;

/// One instance of a module.
pub struct Instance<'m> {
    pub(super) module: &'m Module,
    schemas: &'m Schemas,
    live: &'m Known,
    pub(super) workspace: &'m str,
    /// The folder of the root module, where paths begin.
    pub(super) root: &'m Path,
    /// The folder of the module, from there: what `path.module` stands for.
    pub(super) path: String,
    /// What stands before every address: empty, or `module.jira["eu"].`.
    pub(super) prefix: String,
    pub(super) variables: BTreeMap<String, Computed>,
    /// What was computed already, by the address within the module.
    known: RefCell<HashMap<String, Computed>>,
    /// The one instance of whatever has no key.
    single: Rc<Keys>,
    /// The instances of resources, by type and name.
    counted: RefCell<HashMap<(String, String), Counted>>,
    /// What is being computed, to notice what refers to itself.
    open: RefCell<Vec<String>>,
    calls: BTreeMap<String, (&'m Call, OnceCell<Called<'m>>)>,
}

/// The instances of a module that is called, or why they are not known.
type Called<'m> = Result<(Keys, Vec<(Key, Instance<'m>)>), Vec<String>>;

/// The same, for those who look at it.
type Instances<'a, 'm> = Result<&'a (Keys, Vec<(Key, Instance<'m>)>), Vec<String>>;

impl<'m> Instance<'m> {
    /// The root module, with its inputs.
    pub fn root(
        module: &'m Module,
        inputs: &'m Inputs,
        schemas: &'m Schemas,
        live: &'m Known,
    ) -> Instance<'m> {
        let mut root = Instance::empty(module, &inputs.workspace, (schemas, live));
        for (name, variable) in &module.variables {
            let doubts = Doubts::default();
            let given = inputs.variables.get(name).map(|it| given(it, &variable.what.body(), &doubts));
            let value = root.variable(name, variable, given.transpose(), &doubts);
            root.variables.insert(name.clone(), value.map(|it| (Rc::new(it), doubts.take())));
        }
        root
    }

    fn empty(
        module: &'m Module,
        workspace: &'m str,
        (schemas, live): (&'m Schemas, &'m Known),
    ) -> Instance<'m> {
        let calls = module.calls.iter().map(|(name, it)| (name.clone(), (it, OnceCell::new()))).collect();
        Instance {
            module,
            schemas,
            live,
            workspace,
            root: &module.folder,
            path: ".".to_owned(),
            prefix: String::new(),
            variables: BTreeMap::new(),
            known: RefCell::default(),
            single: Rc::new(Keys::new(vec![Key::None])),
            counted: RefCell::default(),
            open: RefCell::default(),
            calls,
        }
    }

    /// The value of a variable: what was given, else its default, in the type that it declares.
    fn variable(
        &self,
        name: &str,
        variable: &Written<Kept>,
        given: Outcome<Option<Typed>>,
        doubts: &Doubts,
    ) -> Outcome<Typed> {
        let body = &*variable.what.body();
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
                Ok(Ok((_, instances))) => {
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

    /// Counts what is declared here and below.
    pub fn count(&self, counts: &mut Counts) {
        for ((type_name, name), block) in &self.module.resources {
            if let Ok(keys) = self.counted(type_name, name, &block.what) {
                add(counts, type_name, u64::try_from(keys.all.len()).unwrap_or(u64::MAX));
            }
        }
        for name in self.module.calls.keys() {
            if let Ok(Ok((_, instances))) = self.called(name) {
                instances.iter().for_each(|(_, it)| it.count(counts));
            }
        }
    }

    fn declare_resource(&self, type_name: &str, name: &str, block: &Written<Kept>, declared: &mut Declared) {
        let address = format!("{}{type_name}.{name}", self.prefix);
        let keys = match self.counted(type_name, name, &block.what) {
            Ok(keys) => keys,
            Err(reasons) => {
                let place = block.place.clone();
                return declared.undecided.push(Undecided { address, reasons, place });
            }
        };
        let addressed = keys.all.iter().map(|key| (key, format!("{address}{}", key.suffix())));
        let open: Vec<_> = addressed.filter(|(_, address)| !self.live.is_settled(address)).collect();
        if open.is_empty() {
            return;
        }
        let body = block.what.body();
        for (key, address) in open {
            declared.resources.push(Resource {
                address,
                type_name: type_name.to_owned(),
                place: block.place.clone(),
                attributes: self.findings(type_name, (block, &body), key).into(),
                ignored: ignored(&body),
                import_id: None,
                provider: alias(&body),
                remembered: None,
            });
        }
    }

    fn findings(
        &self,
        type_name: &str,
        block: (&Written<Kept>, &Body),
        key: &Key,
    ) -> BTreeMap<String, Finding> {
        let schema = self.schemas.get(type_name).map(|it| &it.block);
        body::findings(block, schema, self.module, &Within { instance: self, key })
    }

    /// The attributes of a configuration of a provider, by its local name and alias.
    pub fn provider(&self, name: &str, alias: Option<&str>) -> Option<BTreeMap<String, Finding>> {
        let alias_of =
            |body: &Body| body.get_attribute("alias").and_then(|it| it.value.as_str()).map(str::to_owned);
        let is_meant =
            |it: &&(String, Written<Kept>)| it.0 == name && alias_of(&it.1.what.body()).as_deref() == alias;
        let (_, block) = self.module.providers.iter().find(is_meant)?;
        let within = Within { instance: self, key: &Key::None };
        Some(body::findings((block, &block.what.body()), None, self.module, &within))
    }

    fn declare_outputs(&self, declared: &mut Declared) {
        for (name, output) in &self.module.outputs {
            let doubts = Doubts::default();
            let value = self.output(name).map(|(value, reasons)| {
                reasons.into_iter().for_each(|it| doubts.add(it));
                Rc::unwrap_or_clone(value)
            });
            declared.outputs.insert(name.clone(), finding(value, &doubts, output.place.clone()));
        }
    }

    /// The instances of a resource, or why they are not known, found out once.
    fn counted(&self, type_name: &str, name: &str, block: &Kept) -> Counted {
        if block.is_single() {
            return Ok(Rc::clone(&self.single));
        }
        let resource = (type_name.to_owned(), name.to_owned());
        if let Some(counted) = self.counted.borrow().get(&resource) {
            return counted.clone();
        }
        let counted = self.keys(&block.body()).map(|it| Rc::new(Keys::new(it)));
        self.counted.borrow_mut().insert(resource, counted.clone());
        counted
    }

    /// The instances of a block, or why they are not known.
    pub(super) fn keys(&self, body: &Body) -> Result<Vec<Key>, Vec<String>> {
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
        Ok(called.as_ref().map_err(Clone::clone))
    }

    fn call(&self, name: &str, call: &'m Call) -> Called<'m> {
        let module = call.module.as_ref().map_err(|it| vec![it.clone()])?;
        let keys = Keys::new(self.keys(&call.block.what.body())?);
        let instances =
            keys.all.iter().map(|key| (key.clone(), self.child(name, call, module, key))).collect();
        Ok((keys, instances))
    }

    fn child(&self, name: &str, call: &'m Call, module: &'m Module, key: &Key) -> Instance<'m> {
        let prefix = format!("{}module.{name}{}.", self.prefix, key.suffix());
        let body = call.block.what.body();
        let source = body.get_attribute("source").and_then(|it| it.value.as_str()).unwrap_or_default();
        let empty = Instance::empty(module, self.workspace, (self.schemas, self.live));
        let mut child = Instance { root: self.root, path: joined(&self.path, source), prefix, ..empty };
        for (name, variable) in &module.variables {
            let doubts = Doubts::default();
            let within = Within { instance: self, key };
            let given = body
                .get_attribute(name)
                .map(|it| within.compute(&doubts, |scope| evaluate(&it.value, scope)));
            let value = child.variable(name, variable, given.transpose(), &doubts);
            child.variables.insert(name.clone(), value.map(|it| (Rc::new(it), doubts.take())));
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
        let value = compute(&doubts).map(|it| (Rc::new(it), doubts.take()));
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
}

/// A path below another one, without detours, as Terraform writes it.
fn joined(path: &str, below: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/').chain(below.split('/')).filter(|it| !it.is_empty() && *it != ".") {
        match (part, parts.last()) {
            ("..", Some(last)) if *last != ".." => drop(parts.pop()),
            _ => parts.push(part),
        }
    }
    if parts.is_empty() { ".".to_owned() } else { parts.join("/") }
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
