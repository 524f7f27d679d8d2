//! Tests of what is wrong with definitions.

use std::sync::Arc;

use async_trait::async_trait;
use tf_core::{Attr, Diagnostics, Model, Object, Parameter, Secret, Value, WriteOnly, model};

use super::*;
use crate::provider::{
    Applied, Apply, Configure, DataOutcome, DataSource, Function, FunctionError, Identify, ListRequest,
    ListResource, Listing, Provider, ReadOutcome, Resource, State,
};

/// A good one.
#[derive(Clone, Debug, Default, PartialEq, Model)]
struct Good {
    /// Its name.
    #[tf(required())]
    name: Attr<String>,
}

/// One with a name that Terraform uses.
#[derive(Clone, Debug, Default, PartialEq, Model)]
struct Reserved {
    /// How many.
    #[tf(optional())]
    count: Attr<i64>,
}

/// One with a value that is never stored.
#[derive(Clone, Debug, Default, PartialEq, Model)]
struct Forgetful {
    /// A secret.
    #[tf(optional())]
    secret_wo: Attr<WriteOnly<Secret>>,
}

#[derive(Clone)]
struct Thing {
    name: &'static str,
    schema: Schema,
    identity: Option<IdentitySchema>,
}

fn thing(name: &'static str) -> Thing {
    Thing { name, schema: model::schema::<Good>(), identity: None }
}

#[async_trait]
impl Resource for Thing {
    fn type_name(&self) -> &str {
        self.name
    }

    fn schema(&self) -> Schema {
        self.schema.clone()
    }

    async fn read(&self, state: State) -> ReadOutcome {
        state.into()
    }

    async fn apply(&self, _apply: Apply) -> Applied {
        Applied::default()
    }

    fn identity(&self) -> Option<&dyn Identify> {
        self.identity.as_ref().map(|_| -> &dyn Identify { self })
    }
}

impl Identify for Thing {
    fn identity_schema(&self) -> IdentitySchema {
        self.identity.clone().unwrap()
    }
}

#[async_trait]
impl DataSource for Thing {
    fn type_name(&self) -> &str {
        self.name
    }

    fn schema(&self) -> Schema {
        self.schema.clone()
    }

    async fn read(&self, config: Object) -> DataOutcome {
        config.into()
    }
}

#[async_trait]
impl ListResource for Thing {
    fn type_name(&self) -> &str {
        self.name
    }

    fn schema(&self) -> Schema {
        self.schema.clone()
    }

    async fn list(&self, _request: ListRequest, _listing: &Listing) -> Diagnostics {
        Diagnostics::none()
    }
}

struct Named(FunctionSignature);

impl Function for Named {
    fn signature(&self) -> FunctionSignature {
        self.0.clone()
    }

    fn call(&self, _arguments: &[Value]) -> Result<Value, FunctionError> {
        Ok(Value::Null)
    }
}

#[derive(Default)]
struct Offers {
    settings: Schema,
    resources: Vec<Thing>,
    data_sources: Vec<Thing>,
    lists: Vec<Thing>,
    functions: Vec<FunctionSignature>,
}

fn all<T: ?Sized>(things: &[Thing], one: impl Fn(Thing) -> Arc<T>) -> Vec<Arc<T>> {
    things.iter().cloned().map(one).collect()
}

#[async_trait]
impl Provider for Offers {
    fn schema(&self) -> Schema {
        if self.settings == Schema::default() { model::schema::<Good>() } else { self.settings.clone() }
    }

    fn resources(&self) -> Vec<Arc<dyn Resource>> {
        all(&self.resources, |it| -> Arc<dyn Resource> { Arc::new(it) })
    }

    fn data_sources(&self) -> Vec<Arc<dyn DataSource>> {
        all(&self.data_sources, |it| -> Arc<dyn DataSource> { Arc::new(it) })
    }

    fn list_resources(&self) -> Vec<Arc<dyn ListResource>> {
        all(&self.lists, |it| -> Arc<dyn ListResource> { Arc::new(it) })
    }

    fn functions(&self) -> Vec<Arc<dyn Function>> {
        self.functions.iter().cloned().map(|it| -> Arc<dyn Function> { Arc::new(Named(it)) }).collect()
    }

    async fn configure(&self, _request: Configure) -> Diagnostics {
        Diagnostics::none()
    }
}

/// There is one finding, about that thing, with that reason.
#[track_caller]
fn check(offers: &Offers, noun: &str, name: &str, path: &str, reason: &str) {
    let found = problems(&Offer::of(offers));
    let [finding] = found.as_slice() else { panic!("{found:#?}") };
    let place = (finding.noun, finding.name.as_str(), finding.problem.path.to_string());
    assert_eq!(place, (noun, name, path.to_owned()), "{finding:?}");
    assert!(finding.problem.reason.contains(reason), "{finding:?}");
}

fn identified(identity: IdentitySchema) -> Thing {
    Thing { identity: Some(identity), ..thing("a_thing") }
}

fn of_resources(resources: Vec<Thing>) -> Offers {
    Offers { resources, ..Offers::default() }
}

#[test]
fn what_is_well_defined_is_fine() {
    let join = FunctionSignature::new("join", "Joins.", Type::String);
    let offers = Offers {
        resources: vec![identified(IdentitySchema::of::<Good>())],
        data_sources: vec![thing("a_thing")],
        lists: vec![thing("a_thing")],
        functions: vec![join.parameter(Parameter::new("by", "What by.", Type::String))],
        ..Offers::default()
    };
    assert_eq!(problems(&Offer::of(&offers)), []);
}

#[test]
fn names_are_well_formed_not_reserved_and_used_once() {
    check(&of_resources(vec![thing("a_thing"), thing("a_thing")]), "resource type", "a_thing", "", "twice");
    check(&of_resources(vec![thing("A-thing")]), "resource type", "A-thing", "", "lower-case");
    let reserved = Thing { schema: model::schema::<Reserved>(), ..thing("a_thing") };
    check(&of_resources(vec![reserved.clone()]), "resource type", "a_thing", "count", "reserved");
    let offers = Offers { data_sources: vec![reserved], ..Offers::default() };
    check(&offers, "data source", "a_thing", "count", "reserved");
    let offers = Offers { settings: model::schema::<Reserved>(), ..Offers::default() };
    check(&offers, "", "", "count", "reserved");
}

#[test]
fn only_what_is_applied_can_forget_a_value() {
    let schema = model::schema::<Forgetful>();
    let forgetful = Thing { schema: schema.clone(), ..thing("a_thing") };
    assert_eq!(problems(&Offer::of(&of_resources(vec![forgetful.clone()]))), []);
    let offers = Offers { data_sources: vec![forgetful], ..Offers::default() };
    check(&offers, "data source", "a_thing", "secret_wo", "write-only");
    check(&Offers { settings: schema, ..Offers::default() }, "", "", "secret_wo", "write-only");
}

#[test]
fn an_identity_is_made_of_plain_values_with_names_of_their_own() {
    const NOUN: &str = "identity of the resource type";
    let good = IdentitySchema::of::<Good>();
    let with = |change: fn(&mut IdentitySchema)| {
        let mut identity = good.clone();
        change(&mut identity);
        of_resources(vec![identified(identity)])
    };
    let of_map = with(|it| it.attributes[0].ty = Type::Map(Box::new(Type::String)));
    check(&of_map, NOUN, "a_thing", "name", "texts, numbers");
    let of_deep_list = with(|it| {
        it.attributes[0].ty = Type::List(Box::new(Type::List(Box::new(Type::String))));
    });
    check(&of_deep_list, NOUN, "a_thing", "name", "texts, numbers");
    check(&with(|it| it.attributes.push(it.attributes[0].clone())), NOUN, "a_thing", "name", "twice");
    check(&with(|it| it.attributes[0].required_for_import = false), NOUN, "a_thing", "name", "either");
    check(&with(|it| it.attributes.clear()), NOUN, "a_thing", "", "no attributes");
    check(&with(|it| it.version = -1), NOUN, "a_thing", "", "negative");
}

#[test]
fn a_list_needs_a_resource_of_its_name_with_an_identity() {
    for resources in [vec![], vec![thing("a_thing")]] {
        let offers = Offers { resources, lists: vec![thing("a_thing")], ..Offers::default() };
        check(&offers, "list resource type", "a_thing", "", "managed resource type of the same name");
    }
}

#[test]
fn a_function_has_a_name_a_summary_and_parameters_that_can_be_told_apart() {
    let join = FunctionSignature::new("join", "Joins.", Type::String);
    let text = || Parameter::new("text", "A text.", Type::String);
    let of = |function: FunctionSignature| Offers { functions: vec![function], ..Offers::default() };
    let twice = join.clone().parameter(text()).variadic(text());
    check(&of(twice), "function", "join", "text", "two parameters");
    let spaced = join.clone().parameter(Parameter::new("a text", "A text.", Type::String));
    check(&of(spaced), "function", "join", "a text", "lower-case");
    check(
        &of(FunctionSignature { name: "Join".to_owned(), ..join.clone() }),
        "function",
        "Join",
        "",
        "lower-case",
    );
    check(
        &of(FunctionSignature { summary: String::new(), ..join.clone() }),
        "function",
        "join",
        "",
        "documented",
    );
    let offers = Offers { functions: vec![join.clone(), join], ..Offers::default() };
    check(&offers, "function", "join", "", "twice");
}

#[tokio::test]
async fn a_host_is_told_of_all_of_it_at_once() {
    let offers = of_resources(vec![thing("a_thing"), thing("a_thing"), thing("B")]);
    let refused =
        crate::harness::Client::in_process(Arc::new(offers), "example.com/test/a").await.unwrap_err();
    let crate::harness::HarnessError::Schema(diagnostics) = refused else { panic!("{refused}") };
    let [diagnostic] = diagnostics.0.as_slice() else { panic!("{diagnostics:?}") };
    for part in ["`a_thing`: the name is used twice", "`B`: the name is not made", "fault of the provider"] {
        assert!(diagnostic.detail.contains(part), "{}", diagnostic.detail);
    }
}
