//! A secret that somebody else may have changed is told of, and written again where that is wished.

use servicenow_core::Method;
use tf_core::{Object, Value};
use tf_plugin::State;

use crate::catalogue::world;
use crate::world::{World, attribute, config, errors, text, warnings};

const CREDENTIAL: &str = "servicenow_basic_auth_credential";

struct Written {
    world: World,
    config: Object,
    state: State,
}

impl Written {
    async fn new(reassert: Value) -> Written {
        let world = world().await;
        let members = [
            ("name", text("orders")),
            ("user_name", text("svc")),
            ("password_wo", text("declared")),
            ("password_wo_version", text("1")),
            ("reassert_secret", reassert),
        ];
        let config = config(&world, CREDENTIAL, &members);
        let state = world.put(CREDENTIAL, None, &config).await;
        Written { world, config, state }
    }

    /// Somebody writes another password, as people do in a form.
    fn by_hand(&self) {
        let path = format!("/api/now/table/basic_auth_credentials/{}", attribute(&self.state, "id"));
        let mut request = servicenow_core::Request::new(Method::Patch, path);
        request.query.push(("sysparm_input_display_value".to_owned(), "true".to_owned()));
        assert_eq!(self.world.hand_request(request, r#"{"password":"other"}"#).status, 200);
    }

    fn holds(&self, secret: &str) -> bool {
        self.world.simulator.proves(
            "basic_auth_credentials",
            &attribute(&self.state, "id"),
            "password",
            secret,
        )
    }
}

#[tokio::test]
async fn a_record_that_was_changed_after_its_secret_was_written_is_a_warning_with_who_and_when() {
    let it = Written::new(Value::Null).await;
    let (_, problems) = it.world.refresh(CREDENTIAL, &it.state).await;
    assert_eq!(warnings(&problems), Vec::<String>::new(), "nobody changed it yet");
    it.by_hand();
    let (state, problems) = it.world.refresh(CREDENTIAL, &it.state).await;
    let [warning] = &warnings(&problems)[..] else { panic!("{problems:?}") };
    for part in
        ["orders", "`admin` changed the record at 20", "`password_wo_version`", "reassert_secret = true"]
    {
        assert!(warning.contains(part), "{part} is missing in {warning}");
    }
    let state = state.unwrap();
    assert_eq!(it.world.drift(CREDENTIAL, &state, &it.config).await, Vec::<String>::new(), "it is no change");
    assert_eq!(
        warnings(&it.world.refresh(CREDENTIAL, &state).await.1).len(),
        1,
        "it is told until it is settled"
    );
}

#[tokio::test]
async fn reassert_writes_it_again_and_then_all_is_well() {
    let it = Written::new(Value::Bool(true)).await;
    it.by_hand();
    assert!(it.holds("other"));
    assert_eq!(it.world.drift(CREDENTIAL, &it.state, &it.config).await, ["password_wo_version"]);
    let (state, _) = it.world.refresh(CREDENTIAL, &it.state).await;
    let state = it.world.put(CREDENTIAL, state.as_ref(), &it.config).await;
    assert!(it.holds("declared"));
    let (_, problems) = it.world.refresh(CREDENTIAL, &state).await;
    assert_eq!(warnings(&problems), Vec::<String>::new());
    assert_eq!(it.world.drift(CREDENTIAL, &state, &it.config).await, Vec::<String>::new());
}

#[tokio::test]
async fn whoever_does_not_want_to_hear_of_it_does_not() {
    let it = Written::new(Value::Bool(false)).await;
    it.by_hand();
    let (state, problems) = it.world.refresh(CREDENTIAL, &it.state).await;
    assert_eq!(warnings(&problems), Vec::<String>::new());
    assert_eq!(it.world.drift(CREDENTIAL, &state.unwrap(), &it.config).await, Vec::<String>::new());
}

#[tokio::test]
async fn changes_of_ones_own_are_no_reason_to_warn() {
    let it = Written::new(Value::Null).await;
    let mut config = it.config.clone();
    let mut state = it.state.clone();
    for name in ["one", "two"] {
        config.insert("name".to_owned(), text(name));
        state = it.world.put(CREDENTIAL, Some(&state), &config).await;
        let (_, problems) = it.world.refresh(CREDENTIAL, &state).await;
        assert_eq!(warnings(&problems), Vec::<String>::new());
    }
}

#[tokio::test]
async fn without_a_version_nothing_can_be_reasserted() {
    let world = world().await;
    let members = [("name", text("x")), ("user_name", text("u")), ("reassert_secret", Value::Bool(true))];
    let config = config(&world, CREDENTIAL, &members);
    let problems = errors(&world.resource(CREDENTIAL).validate(&config));
    assert!(problems[0].contains("`password_wo_version` is needed"), "{problems:?}");
}
