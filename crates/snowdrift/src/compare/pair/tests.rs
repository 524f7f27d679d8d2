//! What is left of a compared object is enough for everything that is told of it.

use super::*;
use crate::compare::tests::{ORDERS, World};
use crate::declared::Known;

/// What is left of the declared object at an address, compared with that live one.
async fn left(address: &str, object: &[(&str, Value)]) -> Pair {
    let world = World::empty(ORDERS).await;
    let declared = world.source().declared(world.live.schemas(), &Known::new());
    let resource = declared.resources.into_iter().find(|it| it.address == address).unwrap();
    let object: Object = object.iter().map(|(name, it)| ((*name).to_owned(), it.clone())).collect();
    Pair::of(&world.live, resource, &State::from(object), Differing::default())
}

#[tokio::test]
async fn of_a_connection_it_is_kept_where_it_leads_to_and_what_is_declared_of_its_choice() {
    let object = [
        ("id", Value::string("5f0")),
        ("name", Value::string("orders-test")),
        ("active", Value::Bool(true)),
        ("connection_alias_id", Value::string("a11a5")),
        ("connection_url", Value::string("https://user:secret@test.example/v1")),
    ];
    let pair = left("servicenow_http_connection.orders[\"test\"]", &object).await;
    assert_eq!((pair.id.as_deref(), pair.name.as_deref()), (Some("5f0"), Some("orders-test")));
    assert_eq!(pair.endpoint.as_deref(), Some("https://test.example/v1"), "without user and password");
    assert_eq!((pair.group(), pair.declared_active()), (Some("a11a5"), None), "nobody wrote `active`");
    assert_eq!((pair.secret, pair.differing.is_none()), (Secret::Quiet, true));
    assert_eq!(pair.declaration.place.line, 18);
}

#[tokio::test]
async fn of_a_pointer_it_is_kept_which_one_it_chooses() {
    let object = [("id", Value::string("a11a5")), ("connection_alias_id", Value::string("a11a5"))];
    let pair = left("servicenow_connection_activation.orders", &object).await;
    let group: Option<Box<str>> = Some("a11a5".into());
    // Which connection it is follows from what is on the instance, which is not known here.
    let choice = Choice { group, declares: Declares::Active("".into()) };
    assert_eq!(pair.choice.as_deref(), Some(&choice));
    assert_eq!(pair.declared_active(), None);
}

#[tokio::test]
async fn of_a_credential_it_is_kept_that_it_has_a_secret() {
    let pair = left("servicenow_api_key_credential.orders", &[("id", Value::string("c4ed"))]).await;
    assert_eq!((pair.secret, pair.choice.is_none()), (Secret::Declared, true));
}

#[test]
fn an_address_is_shown_without_user_and_password() {
    for (address, shown) in [
        ("https://a:b@host/path", "https://host/path"),
        ("https://host", "https://host"),
        ("jdbc:oracle", "jdbc:oracle"),
    ] {
        assert_eq!(without_user(address), shown);
    }
}

#[test]
fn what_is_left_of_an_object_is_small() {
    assert!(size_of::<Pair>() <= 256, "{}", size_of::<Pair>());
}
