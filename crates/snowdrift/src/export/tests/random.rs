//! A random instance as rows of a fixture: names as people give them, references that cross, values that need escaping.

use serde_json::{Map, Value, json};

/// Rows by table.
pub type Rows = Map<String, Value>;

/// A small generator of numbers, the same for the same seed on every machine.
pub struct Chance(u64);

impl Chance {
    pub fn new(seed: u64) -> Chance {
        Chance(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    pub fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 33) as usize % end.max(1)
    }

    fn one_in(&mut self, count: usize) -> bool {
        self.below(count) == 0
    }

    fn pick<'a>(&mut self, of: &[&'a str]) -> &'a str {
        of[self.below(of.len())]
    }
}

const NAMES: &[&str] = &[
    "Orders",
    "orders",
    "Größe & Maß",
    "注文 API",
    "Payments (EU)",
    "x${danger}",
    "100%{of} it",
    "back\\slash",
    "say \"hi\"",
    "3rd party",
    "a b",
    "a-b",
    "a_b",
    "override",
    "EOT",
    "con",
    "É\u{301}tude",
    "tab\there",
    "emoji 🚚",
    "----",
];

const TEXTS: &[&str] = &[
    "",
    "plain",
    "two\nlines",
    "two\nlines\n",
    "${not} %{a} template\nand $${so} on",
    "tab\t\"quoted\" \\ end",
    "(function process(request) {\n  return `${request}`;\n})(request);\n",
    "EOT\nEOT\n",
];

const SCOPE: &str = "ac3e0000000000000000000000000f01";

/// So many integrations, and what goes with them.
pub fn rows(seed: u64, integrations: usize) -> Rows {
    let mut all = Random { chance: Chance::new(seed), rows: Rows::new(), next: 0 };
    all.add(
        "sys_scope",
        SCOPE,
        json!({"name": "Acme Random", "scope": "x_acme_random", "vendor_prefix": "x_acme"}),
    );
    let policies: Vec<String> = (0..1 + all.chance.below(3)).map(|_| all.policy()).collect();
    let credentials: Vec<String> = (0..2 + integrations).map(|_| all.credential()).collect();
    let mut parents: Vec<String> = Vec::new();
    for _ in 0..integrations {
        let alias = all.alias(&policies, &parents);
        parents.push(alias.clone());
        all.connections(&alias, &credentials);
    }
    for _ in 0..all.chance.below(3) {
        all.endpoint();
    }
    for _ in 0..all.chance.below(3) {
        all.unifi();
    }
    all.rows
}

struct Random {
    chance: Chance,
    rows: Rows,
    next: u64,
}

impl Random {
    fn id(&mut self) -> String {
        self.next += 1;
        // Ids that begin alike make names that collide carry more digits.
        let group = self.chance.below(3) as u64;
        format!("{group:04x}0000{:024x}", self.next.wrapping_mul(0x9e37_79b9_7f4a_7c15))
    }

    fn add(&mut self, table: &str, id: &str, mut row: Value) {
        row["sys_id"] = json!(id);
        let rows = self.rows.entry(table.to_owned()).or_insert_with(|| json!([]));
        rows.as_array_mut().unwrap().push(row);
    }

    fn name(&mut self) -> String {
        let name = self.chance.pick(NAMES);
        if self.chance.one_in(2) { format!("{name} {}", self.chance.below(50)) } else { name.to_owned() }
    }

    fn text(&mut self) -> &'static str {
        self.chance.pick(TEXTS)
    }

    fn policy(&mut self) -> String {
        let (id, name) = (self.id(), format!("Retry {}", self.next));
        let count = self.chance.below(9);
        self.add(
            "sys_retry_policy",
            &id,
            json!({"name": name, "retry_strategy": "fixed_time_interval", "count": count, "interval": 5}),
        );
        id
    }

    fn credential(&mut self) -> String {
        let (id, name) = (self.id(), self.name());
        let order = self.chance.below(300);
        match self.chance.below(3) {
            0 => self.add("api_key_credentials", &id, json!({"name": name, "api_key": "random-secret-key"})),
            1 => self.add("basic_auth_credentials", &id, json!({"name": name, "user_name": "svc ${user}", "password": "random-secret", "order": order})),
            _ => {
                let active = self.chance.one_in(3);
                self.add("basic_auth_credentials", &id, json!({"name": name, "user_name": "svc", "active": active}));
            }
        }
        id
    }

    fn alias(&mut self, policies: &[String], parents: &[String]) -> String {
        let (id, name, about) = (self.id(), self.name(), self.text());
        let policy = policies[self.chance.below(policies.len())].clone();
        let mut row = json!({"name": format!("{name}{}", self.next), "description": about});
        if self.chance.one_in(4) && !parents.is_empty() {
            row["parent"] = json!(parents[self.chance.below(parents.len())]);
        } else {
            row["multiple_connections"] = json!(self.chance.one_in(4));
            row["retry_policy"] = json!(if self.chance.one_in(2) { policy } else { String::new() });
        }
        if self.chance.one_in(3) {
            row["sys_scope"] = json!(SCOPE);
        }
        self.add("sys_alias", &id, row);
        id
    }

    fn connections(&mut self, alias: &str, credentials: &[String]) {
        let several = self.rows["sys_alias"]
            .as_array()
            .unwrap()
            .iter()
            .any(|it| it["sys_id"] == alias && it["multiple_connections"] == json!(true));
        let count = self.chance.below(4);
        let winner = self.chance.below(count + 1);
        for at in 0..count {
            let (id, name) = (self.id(), self.name());
            let credential = if self.chance.one_in(4) {
                String::new()
            } else {
                credentials[self.chance.below(credentials.len())].clone()
            };
            let active = if several { self.chance.one_in(2) } else { at == winner };
            let mut row = json!({
                "name": format!("{name} {}", self.next), "connection_alias": alias, "credential": credential, "active": active,
            });
            if self.chance.one_in(3) {
                row["url_builder"] = json!(true);
                row["host"] = json!("partner.example");
                row["port"] = json!(8443);
                row["base_path"] = json!("/v1");
                row["connection_url"] = json!("https://partner.example:8443/v1");
            } else {
                row["connection_url"] =
                    json!(format!("https://partner{at}.example/a%20b?c={}", self.chance.below(9)));
                row["connection_timeout"] = json!(if self.chance.one_in(3) { "30000" } else { "" });
            }
            self.add("http_connection", &id, row);
        }
    }

    fn endpoint(&mut self) {
        let (id, about) = (self.id(), self.text());
        let api = format!("random_{}", self.next);
        self.add(
            "sys_ws_definition",
            &id,
            json!({"name": format!("Door {api}"), "service_id": api, "short_description": about}),
        );
        for at in 0..self.chance.below(3) {
            let (operation, script, guarded) = (self.id(), self.text(), self.chance.one_in(2));
            let name = format!("{} {at}", self.name());
            self.add(
                "sys_ws_operation",
                &operation,
                json!({"web_service_definition": id, "name": name, "http_method": "POST", "relative_path": format!("/p{at}"),
                    "operation_script": script, "requires_acl_authorization": guarded}),
            );
        }
    }

    fn unifi(&mut self) {
        let (id, name) = (self.id(), self.name());
        let (name, about) = (format!("{name} {}", self.next), self.text());
        self.add("x_snd_eb_integration", &id, json!({"name": name, "description": about}));
        let environments = ["Production", "Test", "Development"];
        let winner = self.chance.below(4);
        for (at, environment) in environments.into_iter().enumerate() {
            let (connection, basic) = (self.id(), self.chance.one_in(2));
            let mut row = json!({"integration": id, "environment": environment, "active": at == winner,
                "endpoint_url": format!("https://unifi{at}.example/{{path}}")});
            if basic {
                row["authentication"] = json!("basic");
                row["user"] = json!("svc");
                row["password"] = json!("random-unifi-secret");
            }
            self.add("x_snd_eb_connection", &connection, row);
            for key in 0..self.chance.below(3) {
                let (variable, value) = (self.id(), self.text());
                self.add(
                    "x_snd_eb_connection_variable",
                    &variable,
                    json!({"connection": connection, "key": format!("key {key}"), "value": value}),
                );
            }
        }
    }
}
