//! Where connections live: the platform's own tables and those of an application, each under every rule that an instance
//! may keep. What holds for a pointer holds on every stage.

use servicenow_core::Method;
use tf_core::{Diagnostics, Object, Value};
use tf_plugin::State;

use super::{World, attribute, config, empty, empty_with, text};

/// One kind of group under one rule.
pub struct Stage {
    /// For messages of tests.
    pub label: &'static str,
    /// The type of the pointer.
    pub pointer: &'static str,
    /// The type of a group.
    pub group: &'static str,
    /// The type of a member.
    pub member: &'static str,
    /// The attribute of pointers and members that names the group.
    pub group_id: &'static str,
    /// The attribute of a member that holds its address.
    pub address: &'static str,
    /// The table of the members.
    pub table: &'static str,
    /// The table of the groups.
    pub groups: &'static str,
    /// Who keeps the rule on the instance: a setting of the simulator.
    pub rule: (&'static str, &'static str),
    /// What the provider is told of it.
    pub told: Option<(&'static str, &'static str)>,
    /// Whether the instance deactivates the others itself.
    pub cascades: bool,
}

const NATIVE: Stage = Stage {
    label: "native, cascade",
    pointer: "servicenow_connection_activation",
    group: "servicenow_connection_alias",
    member: "servicenow_http_connection",
    group_id: "connection_alias_id",
    address: "connection_url",
    table: "http_connection",
    groups: "sys_alias",
    rule: ("one_active_rule", "cascade"),
    told: None,
    cascades: true,
};

const UNIFI: Stage = Stage {
    label: "Unifi, as documented",
    pointer: "servicenow_unifi_activation",
    group: "servicenow_unifi_integration",
    member: "servicenow_unifi_connection",
    group_id: "integration_id",
    address: "endpoint_url",
    table: "x_snd_eb_connection",
    groups: "x_snd_eb_integration",
    rule: ("unifi_workflow", "on"),
    told: None,
    cascades: true,
};

/// Every stage.
pub const STAGES: [&Stage; 5] = [
    &NATIVE,
    &Stage { label: "native, refuse", rule: ("one_active_rule", "refuse"), cascades: false, ..NATIVE },
    &Stage { label: "native, none", rule: ("one_active_rule", "none"), cascades: false, ..NATIVE },
    &UNIFI,
    &Stage {
        label: "Unifi, without its rules",
        rule: ("unifi_workflow", "off"),
        told: Some(("unifi_one_active_rule", "none")),
        cascades: false,
        ..UNIFI
    },
];

/// The stages of one kind each, on which the instance does as it is documented or usual.
pub const USUAL: [&Stage; 2] = [&NATIVE, &UNIFI];

/// The stages on which the instance does nothing.
pub const UNRULED: [&Stage; 2] = [STAGES[2], STAGES[4]];

impl Stage {
    /// An instance with the provider signed in. The rule counts from [`Stage::begins`] on, because the application names
    /// new connections by rule too.
    pub async fn world(&self) -> World {
        self.world_with(&[]).await
    }

    /// The same with settings of the provider.
    pub async fn world_with(&self, settings: &[(&str, Value)]) -> World {
        let world = World::over(self.instance());
        self.configure(&world, settings).await;
        world
    }

    /// An instance with what connections refer to.
    pub fn instance(&self) -> servicenow_sim::Simulator {
        let simulator = if self.is_unifi() { empty_with(&["unifi"]) } else { empty() };
        let world = World::over(simulator.clone());
        for name in ["blue", "green", "red", "live", "trial"].iter().filter(|_| self.is_unifi()) {
            self.insert(&world, "x_snd_eb_environment", &format!(r#"{{"name":"{name}"}}"#));
        }
        simulator
    }

    /// What a new command of Terraform begins with.
    pub async fn configure(&self, world: &World, settings: &[(&str, Value)]) {
        let problems = world.configure_with(&self.settings(settings)).await;
        assert_eq!(super::errors(&problems), Vec::<String>::new());
    }

    /// Settings of the provider with what it is told of the rule.
    pub fn settings<'a>(&self, settings: &[(&'a str, Value)]) -> Vec<(&'a str, Value)> {
        settings.iter().cloned().chain(self.told.map(|(name, it)| (name, text(it)))).collect()
    }

    /// From now on the instance keeps the rule in its own way.
    pub fn begins(&self, world: &World) {
        world.simulator.set(self.rule.0, self.rule.1).unwrap();
    }

    pub fn is_unifi(&self) -> bool {
        self.group_id == UNIFI.group_id
    }

    /// A new group.
    pub async fn new_group(&self, world: &World, name: &str) -> (Object, State) {
        let config = config(world, self.group, &[("name", text(name))]);
        let state = world.put(self.group, None, &config).await;
        (config, state)
    }

    /// The configuration of a member. Its name is made of the group and the colour.
    pub fn declared(&self, world: &World, group: (&str, Value), colour: &str) -> Object {
        let name = if self.is_unifi() {
            ("environment", text(colour))
        } else {
            ("name", text(&format!("{} - {colour}", group.0)))
        };
        let address = (self.address, text(&format!("https://{colour}.example")));
        config(world, self.member, &[name, (self.group_id, group.1), address])
    }

    /// A new member.
    pub async fn new_member(&self, world: &World, group: (&str, &str), colour: &str) -> (Object, State) {
        let config = self.declared(world, (group.0, text(group.1)), colour);
        let state = world.put(self.member, None, &config).await;
        (config, state)
    }

    /// A new group by hand, and its members.
    pub fn by_hand(&self, world: &World, group: &str, colours: &[&str]) -> (String, Vec<String>) {
        let id = self.insert(world, self.groups, &format!(r#"{{"name":"{group}"}}"#));
        let member = |colour: &&str| {
            let own = if self.is_unifi() {
                let environment = world.rows("x_snd_eb_environment", "name")[*colour]["sys_id"].clone();
                format!(
                    r#""integration":"{id}","environment":"{environment}","endpoint_url":"https://{colour}.example/api/""#
                )
            } else {
                format!(r#""connection_alias":"{id}","connection_url":"https://{colour}.example/api/""#)
            };
            self.insert(
                world,
                self.table,
                &format!(r#"{{"name":"{group} - {colour}","active":"false",{own}}}"#),
            )
        };
        let members = colours.iter().map(member).collect();
        (id, members)
    }

    fn insert(&self, world: &World, table: &str, body: &str) -> String {
        let answer = world.hand(Method::Post, &format!("/api/now/table/{table}"), body);
        let json: serde_json::Value = serde_json::from_slice(&answer.body).unwrap();
        json["result"]["sys_id"].as_str().unwrap_or_else(|| panic!("{table}: {json}")).to_owned()
    }

    /// The configuration of a pointer.
    pub fn pointer(&self, world: &World, ids: (&str, Value), more: &[(&str, Value)]) -> Object {
        let members = [&[(self.group_id, text(ids.0)), ("connection_id", ids.1)], more].concat();
        config(world, self.pointer, &members)
    }

    /// Somebody switches one.
    pub fn edit(&self, world: &World, id: &str, active: bool) {
        let path = format!("/api/now/table/{}/{id}", self.table);
        assert_eq!(world.hand(Method::Patch, &path, &format!("{{\"active\":\"{active}\"}}")).status, 200);
    }

    /// The active ones of all groups, without the names of groups.
    pub fn active(&self, world: &World) -> Vec<String> {
        let rows = world.simulator.rows(self.table).into_iter().filter(|it| it["active"] == "true");
        let mut names: Vec<String> = rows.map(|it| it["name"].clone()).collect();
        names.sort();
        names.iter().map(|it| it.rsplit(" - ").next().unwrap().to_owned()).collect()
    }

    /// A write to a member.
    pub fn patch(&self, id: &str) -> String {
        format!("PATCH /api/now/table/{}/{id}", self.table)
    }

    /// Why a rule of a person refuses a write.
    pub fn refusal(&self) -> String {
        let table = self.table;
        format!(
            r#"{{"error":{{"message":"Operation Failed","detail":"Operation against file '{table}' was aborted by Business Rule 'Freeze^1'. Business Rule Stack:Freeze"}},"status":"failure"}}"#
        )
    }
}

/// The id of a state.
pub fn id(state: &(Object, State)) -> String {
    attribute(&state.1, "id")
}

/// Errors in words that are the same on all stages.
pub fn errors(problems: &Diagnostics) -> Vec<String> {
    super::errors(problems).iter().map(|it| plain(it)).collect()
}

/// Warnings in words that are the same on all stages.
pub fn warnings(problems: &Diagnostics) -> Vec<String> {
    super::warnings(problems).iter().map(|it| plain(it)).collect()
}

fn plain(text: &str) -> String {
    text.replace("orders - ", "")
        .replace("Unifi connection", "connection")
        .replace("x_snd_eb.admin", "connection_admin")
}
