//! What a plan says about the connection that is to become active: which instance it is for, and what its credential looks
//! like.

use servicenow_core::Method;
use tf_core::{Object, Value};

use crate::world::stage::{STAGES, Stage, errors, warnings};
use crate::world::{World, text};

/// A group with two connections, of which blue is active and green is asked about.
pub struct Choice {
    world: World,
    stage: &'static Stage,
    green: String,
    state: tf_plugin::State,
    config: Object,
}

impl Choice {
    pub async fn new(stage: &'static Stage) -> Choice {
        let world = stage.world().await;
        let (group, ids) = stage.by_hand(&world, "orders", &["blue", "green"]);
        let config = stage.pointer(&world, (&group, text(&ids[0])), &[]);
        let state = world.put(stage.pointer, None, &config).await;
        Choice { world, stage, green: ids[1].clone(), state, config }
    }

    pub fn edit(&self, column: &str, value: &str) {
        let path = format!("/api/now/table/{}/{}", self.stage.table, self.green);
        let body = format!(r#"{{"{column}":"{value}"}}"#);
        assert_eq!(self.world.hand(Method::Patch, &path, &body).status, 200);
    }

    pub fn insert(&self, table: &str, body: &str) -> String {
        let answer = self.world.hand(Method::Post, &format!("/api/now/table/{table}"), body);
        let json: serde_json::Value = serde_json::from_slice(&answer.body).unwrap();
        json["result"]["sys_id"].as_str().unwrap_or_else(|| panic!("{table}: {json}")).to_owned()
    }

    /// What the plan of a switch to green warns of.
    pub async fn warned(&self) -> Vec<String> {
        let problems = self.planned().await;
        assert_eq!(errors(&problems), Vec::<String>::new());
        warnings(&problems)
    }

    /// What the plan of a switch to green ends with.
    pub async fn refused(&self) -> Vec<String> {
        errors(&self.planned().await)
    }

    async fn planned(&self) -> tf_core::Diagnostics {
        let mut config = self.config.clone();
        config.insert("connection_id".to_owned(), text(&self.green));
        self.world.plan(self.stage.pointer, Some(&self.state), &config).await.2
    }
}

#[track_caller]
fn says(problems: &[String], parts: &[&str]) {
    let [problem] = problems else { panic!("{problems:?}") };
    for part in parts {
        assert!(problem.contains(part), "{part} is missing in {problem}");
    }
}

#[tokio::test]
async fn a_connection_for_another_instance_is_named_before_it_becomes_active() {
    let it = Choice::new(STAGES[3]).await;
    let own = it.world.rows("sys_properties", "name")["instance_name"]["value"].clone();
    for (pinned, is_own) in
        [("", true), (own.as_str(), true), (&own.to_uppercase(), true), ("elsewhere", false)]
    {
        it.edit("instance_name", pinned);
        let warned = it.warned().await;
        if is_own {
            assert_eq!(warned, Vec::<String>::new(), "{pinned}");
        } else {
            says(&warned, &["\"green\" is for another instance", "`elsewhere`", &format!("`{own}`")]);
        }
    }
}

/// Cells that are edited, and the column that is said to be missing then.
type Edited = (&'static [(&'static str, &'static str)], Option<&'static str>);

#[tokio::test]
async fn a_connection_without_what_it_takes_is_refused_before_any_write() {
    for stage in STAGES {
        let it = Choice::new(stage).await;
        let address = stage.address;
        let cells: &[Edited] = match address {
            "endpoint_url" => &[
                (&[("endpoint_url", "")], Some("`endpoint_url`")),
                (&[("inbound_user", "0123456789abcdef0123456789abcdef")], None),
                (
                    &[("endpoint_url", "https://x.example"), ("authentication", "basic"), ("user", "")],
                    Some("`user`"),
                ),
                (&[("user", "svc")], None),
                (&[("authentication", "oauth")], Some("`oauth_profile`")),
            ],
            _ => &[
                (&[("connection_url", "")], Some("`connection_url`")),
                (&[("connection_url", "https://x.example")], None),
                (&[("use_mutual_auth", "true")], Some("`protocol_profile`")),
            ],
        };
        for (step, (edits, expected)) in cells.iter().enumerate() {
            for (column, value) in *edits {
                it.edit(column, value);
            }
            let said = it.refused().await;
            assert_eq!(said.len(), usize::from(expected.is_some()), "{address} {step}: {said:?}");
            let words = expected.unwrap_or_default();
            assert!(said.iter().all(|it| it.contains("could not work") && it.contains(words)), "{said:?}");
        }
    }
}

#[tokio::test]
async fn a_connection_of_a_class_that_takes_no_url_is_not_missing_one() {
    let it = Choice::new(STAGES[0]).await;
    for (table, own) in [
        ("basic_connection", r#""host":"files.example""#),
        ("jdbc_connection", r#""host":"dwh.example""#),
        ("orch_jms_ds", r#""provider_url":"tcp://broker.example:61616""#),
        ("kafka_connection", r#""bootstrap_servers":"events.example:9092""#),
    ] {
        let group = it.config["connection_alias_id"].as_str().unwrap();
        let id = it.insert(
            table,
            &format!(r#"{{"name":"{table}","connection_alias":"{group}","active":"false",{own}}}"#),
        );
        let mut config = it.config.clone();
        config.insert("connection_id".to_owned(), text(&id));
        let (_, _, problems) = it.world.plan(it.stage.pointer, Some(&it.state), &config).await;
        assert_eq!(errors(&problems), Vec::<String>::new(), "{table}");
    }
}

#[tokio::test]
async fn what_is_planned_for_the_name_of_the_instance_counts() {
    let stage = STAGES[3];
    let it = Choice::new(stage).await;
    it.edit("instance_name", "elsewhere");
    let declared = stage.declared(&it.world, ("orders", it.config["integration_id"].clone()), "green");
    let member = it.world.import(stage.member, &it.green).await.unwrap();
    let own = it.world.rows("sys_properties", "name")["instance_name"]["value"].clone();
    let mut corrected = declared.clone();
    corrected.insert("instance_name".to_owned(), text(&own));
    let mut config = it.config.clone();
    config.insert("connection_id".to_owned(), text(&it.green));
    it.world.plan(stage.member, Some(&member), &corrected).await;
    let (_, _, problems) = it.world.plan_beside(stage.pointer, Some(&it.state), &config).await;
    assert_eq!(warnings(&problems), Vec::<String>::new(), "it is corrected in the same plan");
    // A connection that makes itself active is held against it too.
    let mut active = declared;
    active.insert("active".to_owned(), Value::Bool(true));
    active.insert("instance_name".to_owned(), text("elsewhere"));
    let (_, _, problems) = it.world.plan(stage.member, Some(&member), &active).await;
    says(&warnings(&problems), &["is for another instance", "`elsewhere`"]);
}

/// A token of a credential.
fn token(it: &Choice, credential: &str, of: (&str, &str)) {
    let name = of.1;
    let entity = it.insert("oauth_entity", &format!(r#"{{"name":"{name}"}}"#));
    let profile = format!(r#"{{"name":"{name}","oauth_entity":"{entity}"}}"#);
    let profile = it.insert("oauth_entity_profile", &profile);
    let body = format!(
        r#"{{"oauth_entity_profile":"{profile}","requestor":"{credential}","requestor_context":"oauth_2_0_credentials"}}"#
    );
    let requestor = it.insert("oauth_requestor_profile", &body);
    let body =
        format!(r#"{{"oauth_requestor_profile":"{requestor}","type":"{}","expires":"{}"}}"#, of.0, of.1);
    it.insert("oauth_credential", &body);
}

#[tokio::test]
async fn a_credential_that_will_not_work_is_named_before_it_is_used() {
    let it = Choice::new(STAGES[0]).await;
    assert_eq!(it.warned().await, Vec::<String>::new(), "without a credential nothing is known");
    let basic = it.insert("basic_auth_credentials", r#"{"name":"svc","user_name":"svc"}"#);
    it.edit("credential", &basic);
    assert_eq!(it.warned().await, Vec::<String>::new(), "of a password nothing is known");
    let path = format!("/api/now/table/basic_auth_credentials/{basic}");
    it.world.hand(Method::Patch, &path, r#"{"active":"false"}"#);
    says(&it.warned().await, &["\"green\" may not work once it is active", "\"svc\"", "inactive"]);
    let oauth = it.insert("oauth_2_0_credentials", r#"{"name":"tokens"}"#);
    it.edit("credential", &oauth);
    says(&it.warned().await, &["may not work once it is active", "no token yet"]);
    token(&it, &oauth, ("access_token", "2001-01-01 00:00:00"));
    says(&it.warned().await, &["Expired", "2001-01-01 00:00:00"]);
    token(&it, &oauth, ("access_token", "2999-01-01 00:00:00"));
    assert_eq!(it.warned().await, Vec::<String>::new(), "a token that lasts");
}
