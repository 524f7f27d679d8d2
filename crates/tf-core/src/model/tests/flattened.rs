//! Tests of attributes that several models share: a model with parts is the same as one in which everything was written out.

use proptest::prelude::*;

use super::*;
use crate::check::run;
use crate::docs::{self, Page};
use crate::json_schema;
use crate::wire::random::{Knowledge, value};

/// Who signs in.
#[derive(Clone, Debug, Default, PartialEq, Model)]
#[tf(requires("secret_wo", &["user"]).version(7))]
struct SignIn {
    /// A user.
    #[tf(optional().check(check::length(1, 3)))]
    user: Attr<String>,
    /// A secret.
    #[tf(optional().version("secret_wo_version"))]
    secret_wo: Attr<WriteOnly<Secret>>,
    /// Of the secret.
    #[tf(optional())]
    secret_wo_version: Attr<String>,
    /// A pin.
    #[tf(optional())]
    pin: Attr<Sensitive<i64>>,
}

/// Where it is.
#[derive(Clone, Debug, Default, PartialEq, Model)]
struct Place {
    /// The sign-in.
    #[tf(flatten())]
    sign_in: SignIn,
    /// Its rooms.
    #[tf(block().at_most(2))]
    room: Attr<Vec<Room>>,
    /// Its gates.
    #[tf(optional())]
    gates: Attr<BTreeMap<String, Room>>,
}

/// A room.
#[derive(Clone, Debug, Default, PartialEq, Model)]
struct Room {
    /// What it is called.
    #[tf(flatten())]
    named: Named,
    /// How large it is.
    #[tf(optional().default(9))]
    size: Attr<i64>,
}

/// What has a name.
#[derive(Clone, Debug, Default, PartialEq, Model)]
struct Named {
    /// The name.
    #[tf(required().replaces())]
    name: Attr<String>,
    /// The id.
    #[tf(computed().stable())]
    id: Attr<String>,
}

/// A house.
#[derive(Clone, Debug, Default, PartialEq, Model)]
#[tf(version(2).conflicts(&["pin", "street"]))]
struct House {
    #[tf(flatten())]
    named: Named,
    /// The street.
    #[tf(optional().default("Main Street"))]
    street: Attr<String>,
    #[tf(flatten())]
    place: Place,
    /// The owner.
    #[tf(optional_computed())]
    owner: Attr<String>,
}

/// The same, written out.
mod written_out {
    use super::*;

    /// A room.
    #[derive(Clone, Debug, Default, PartialEq, Model)]
    pub(super) struct Room {
        /// The name.
        #[tf(required().replaces())]
        name: Attr<String>,
        /// The id.
        #[tf(computed().stable())]
        id: Attr<String>,
        /// How large it is.
        #[tf(optional().default(9))]
        size: Attr<i64>,
    }

    /// A house.
    #[derive(Clone, Debug, Default, PartialEq, Model)]
    #[tf(version(2).conflicts(&["pin", "street"]).requires("secret_wo", &["user"]))]
    pub(super) struct House {
        /// The name.
        #[tf(required().replaces())]
        name: Attr<String>,
        /// The id.
        #[tf(computed().stable())]
        id: Attr<String>,
        /// The street.
        #[tf(optional().default("Main Street"))]
        street: Attr<String>,
        /// A user.
        #[tf(optional().check(check::length(1, 3)))]
        user: Attr<String>,
        /// A secret.
        #[tf(optional().version("secret_wo_version"))]
        secret_wo: Attr<WriteOnly<Secret>>,
        /// Of the secret.
        #[tf(optional())]
        secret_wo_version: Attr<String>,
        /// A pin.
        #[tf(optional())]
        pin: Attr<Sensitive<i64>>,
        /// Its rooms.
        #[tf(block().at_most(2))]
        room: Attr<Vec<Room>>,
        /// Its gates.
        #[tf(optional())]
        gates: Attr<BTreeMap<String, Room>>,
        /// The owner.
        #[tf(optional_computed())]
        owner: Attr<String>,
    }
}

#[test]
fn a_model_with_parts_has_the_schema_of_one_that_is_written_out() {
    let (parts, written) = (schema::<House>(), schema::<written_out::House>());
    assert_eq!(crate::schema::rules::resource(&parts), []);
    assert_eq!(parts, written);
    let names: Vec<_> = parts.block.attributes.iter().map(|it| it.name.as_str()).collect();
    let order = ["name", "id", "street", "user", "secret_wo", "secret_wo_version", "pin", "gates", "owner"];
    assert_eq!(names, order, "in the order of the struct");
}

#[test]
fn a_model_with_parts_has_the_documents_of_one_that_is_written_out() {
    let (parts, written) = (schema::<House>(), schema::<written_out::House>());
    let page = |schema| docs::page(&Page { type_name: "house", ..Page::new(schema) });
    assert_eq!(page(&parts), page(&written));
    assert!(
        page(&parts).contains("- `secret_wo` (String, Sensitive, Write-only) A secret."),
        "{}",
        page(&parts)
    );
    assert_eq!(json_schema::render("house", &parts), json_schema::render("house", &written));
}

#[test]
fn attributes_of_a_part_are_reached_where_they_stand() {
    let room = |size| Room { named: named("r"), size: Attr::Known(size) };
    let sign_in = SignIn {
        user: Attr::Known("u".to_owned()),
        secret_wo: Attr::Known(WriteOnly(Secret::new("hunter2"))),
        pin: Attr::Known(Sensitive(1234)),
        ..SignIn::default()
    };
    let gates = Attr::Known(BTreeMap::from([("north".to_owned(), room(1))]));
    let place = Place { sign_in, room: Attr::Known(vec![room(2)]), gates };
    let house = House { named: named("h"), place, owner: Attr::Unknown, ..House::default() };
    let object = house.to_object();
    assert_eq!(object["name"], Value::string("h"));
    assert_eq!(object["secret_wo"], Value::string("hunter2"));
    assert_eq!(object["owner"], Value::unknown());
    assert_eq!(object.len(), 10, "a part is no member: {object:?}");
    assert_eq!(House::from_object(&object), Ok(house.clone()));
    assert!(!format!("{house:?}").contains("hunter2") && !format!("{house:?}").contains("1234"));
}

fn named(name: &str) -> Named {
    Named { name: Attr::Known(name.to_owned()), id: Attr::Unknown }
}

#[test]
fn the_path_of_a_mismatch_knows_no_parts() {
    let check = |name: &str, value: Value, path: &str| {
        let mismatch = House::from_object(&Object::from([(name.to_owned(), value)])).unwrap_err();
        assert_eq!(mismatch.path.to_string(), path);
    };
    let room = || Value::Map([("name".to_owned(), Value::Bool(true))].into());
    check("user", Value::Bool(true), "user");
    check("name", Value::Bool(true), "name");
    check("room", Value::List(vec![room()]), "room[0].name");
    check("gates", Value::Map([("north".to_owned(), room())].into()), "gates[\"north\"].name");
}

#[test]
fn checks_and_rules_of_a_part_hold_where_it_stands() {
    let check = |members: &[(&str, Value)], summaries: &[&str]| {
        let mut object = House::default().to_object();
        object.insert("name".to_owned(), Value::string("n"));
        object.extend(members.iter().map(|(name, it)| ((*name).to_owned(), it.clone())));
        let found = run(&schema::<House>(), &object);
        let told: Vec<_> = found.0.iter().map(|it| it.summary.as_str()).collect();
        assert_eq!(told, summaries, "{members:?}");
    };
    let (secret, user) = (("secret_wo", Value::string("s")), ("user", Value::string("u")));
    check(&[], &[]);
    check(&[secret.clone(), user], &[]);
    check(&[secret], &["`secret_wo` needs `user`"]);
    check(&[("user", Value::string("much too long"))], &["The value of `user` cannot be used"]);
    let both = [("pin", Value::Number(Number::from(1_i64))), ("street", Value::string("s"))];
    check(&both, &["`street` excludes `pin`"]);
}

/// What has had its day.
#[derive(Clone, Debug, Default, PartialEq, Model)]
#[tf(deprecated("Use `new`."))]
struct Old {
    /// One.
    #[tf(optional())]
    one: Attr<String>,
    /// Two.
    #[tf(optional().deprecated("Use `three`."))]
    two: Attr<String>,
    /// More.
    #[tf(block())]
    more: Attr<Vec<Named>>,
}

/// What has an old part.
#[derive(Clone, Debug, Default, PartialEq, Model)]
struct Renewed {
    #[tf(flatten())]
    old: Old,
    /// New.
    #[tf(optional())]
    new: Attr<String>,
}

#[test]
fn a_deprecated_part_is_deprecated_attributes() {
    let block = schema::<Renewed>().block;
    let told: Vec<_> = block.attributes.iter().map(|it| it.behavior.deprecated.as_deref()).collect();
    assert_eq!(told, [Some("Use `new`."), Some("Use `three`."), None]);
    assert_eq!(block.blocks[0].block.deprecated.as_deref(), Some("Use `new`."));
    assert_eq!(block.deprecated, None, "the rest may be used");
}

/// Says its name twice.
#[derive(Clone, Debug, Default, PartialEq, Model)]
struct Twice {
    #[tf(flatten())]
    named: Named,
    /// Again.
    #[tf(optional())]
    name: Attr<String>,
}

#[test]
fn a_name_that_a_part_has_already_is_found() {
    let problems = crate::schema::rules::resource(&schema::<Twice>());
    let told: Vec<_> = problems.iter().map(|it| (it.path.to_string(), it.reason.as_str())).collect();
    assert_eq!(told, [("name".to_owned(), "the name is used twice")]);
}

proptest! {
    #[test]
    fn any_object_goes_through_a_model_with_parts_as_through_one_that_is_written_out(
        object in value(&schema::<House>().block.implied_type(), Knowledge::Partial)
    ) {
        let Value::Map(object) = object else { return Ok(()) };
        let parts = House::from_object(&object).map(|it| it.to_object());
        let written = written_out::House::from_object(&object).map(|it| it.to_object());
        prop_assert_eq!(parts, written);
    }
}
