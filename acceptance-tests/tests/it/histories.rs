//! Short random histories through real Terraform: applies of different wishes, switches by hand, answers that get lost,
//! processes that are killed, and two runs at once with states of their own. After each of them the next apply ends as
//! declared and leaves nothing to do, no record is left behind, and the instance's own audit, played back, shows that no
//! write of ours made a second connection active.
//!
//! The seed of each history is printed. `SNOWDRIFT_LONG=1` makes dozens of them, and `SNOWDRIFT_SEED` begins at another
//! one. What happens between two requests is tried in thousands of histories in one process: `provider/tests/it`.

use std::collections::BTreeMap;
use std::env;
use std::time::{Duration, Instant};

use acceptance_tests::{Run, Terraform, World};
use serde_json::{Map, Value, json};

/// Histories in the usual run and in a long one.
const HISTORIES: (u64, u64) = (3, 36);
const SEED: u64 = 1;

/// What a history consists of.
const ALIASES: usize = 2;
const CONNECTIONS: usize = 3;
const EVENTS: usize = 3;

/// Every way in which an instance may keep the rule that one connection is active.
const RULES: [&str; 3] = ["cascade", "refuse", "none"];

/// Slow enough that a process can be killed between two requests.
const LATENCY_MS: &str = "20";

/// An apply comes to its requests within this even on a busy machine.
const START_MAX: Duration = Duration::from_secs(60);

const APPLY: [&str; 4] = ["apply", "-input=false", "-no-color", "-auto-approve"];

const CONFIGURATION: &str = r#"
variable "wishes" {
  type = map(string)
}

resource "servicenow_connection_activation" "it" {
  for_each            = var.wishes
  connection_alias_id = each.key
  connection_id       = each.value

  lifecycle {
    create_before_destroy = true
  }
}
"#;

/// Who edits by hand, and who may read the audit.
const ON_CALL: (&str, &str) = ("on.call", "a-password-on-call");
const AUDITOR: (&str, &str) = ("auditor", "a-password-of-the-auditor");

/// Numbers that follow from a seed.
struct Chance(u64);

impl Chance {
    fn below(&mut self, count: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % count
    }

    fn wishes(&mut self) -> [usize; ALIASES] {
        [self.below(CONNECTIONS), self.below(CONNECTIONS)]
    }
}

/// Aliases with connections that nobody declares, on an instance that keeps an audit.
struct Fleet {
    world: World,
    aliases: Vec<String>,
    connections: Vec<Vec<String>>,
    /// How many lines of the audit were played back, and what is active after them.
    played: usize,
    active: BTreeMap<String, bool>,
}

impl Fleet {
    fn new() -> Fleet {
        let world = World::new(Terraform::V1_15);
        let new = |table: &str, cells: &Value| {
            let row = world.instance.insert(table, cells).unwrap();
            row["sys_id"].as_str().unwrap().to_owned()
        };
        let (mut aliases, mut connections) = (Vec::new(), Vec::new());
        for alias in 0..ALIASES {
            let id = new("sys_alias", &json!({"name": format!("alias{alias}")}));
            let of = |index: usize| {
                new(
                    "http_connection",
                    &json!({"name": format!("it-{alias}-{index}"), "connection_alias": id, "active": "false",
                        "connection_url": format!("https://{index}.example.com")}),
                )
            };
            connections.push((0..CONNECTIONS).map(of).collect::<Vec<_>>());
            aliases.push(id);
        }
        world.instance.add_user(ON_CALL.0, ON_CALL.1, &["admin"]).unwrap();
        world.instance.add_user(AUDITOR.0, AUDITOR.1, &["admin", "security_admin"]).unwrap();
        world.instance.set("audit", "all").unwrap();
        world.hcl(CONFIGURATION);
        let active = connections.iter().flatten().map(|it| (it.clone(), false)).collect();
        Fleet { world, aliases, connections, played: 0, active }
    }

    /// The variable of a configuration that wishes for these.
    fn variable(&self, wishes: [usize; ALIASES]) -> String {
        let wish = |(alias, wish): (usize, usize)| {
            (self.aliases[alias].clone(), json!(self.connections[alias][wish]))
        };
        Value::Object(wishes.into_iter().enumerate().map(wish).collect::<Map<_, _>>()).to_string()
    }

    fn wish(&self, wishes: [usize; ALIASES]) {
        self.world.environment("TF_VAR_wishes", &self.variable(wishes));
    }

    /// Something happens. Gives what it was.
    fn happen(&mut self, chance: &mut Chance) -> String {
        let wishes = chance.wishes();
        self.wish(wishes);
        match chance.below(5) {
            0 => {
                self.ended(&self.world.apply());
                format!("an apply of {wishes:?}")
            }
            1 => {
                let (alias, index) = (chance.below(ALIASES), chance.below(CONNECTIONS));
                let active = chance.below(2) == 1;
                let id = &self.connections[alias][index];
                // An instance may refuse a second active one to people too.
                let edited = self.world.instance.edit_as(
                    ON_CALL,
                    ("http_connection", id),
                    &json!({"active": active.to_string()}),
                );
                format!("{alias}-{index} becomes {active} by hand: {}", edited.is_ok())
            }
            2 => {
                let kind = ["lost_after", "lost_before"][chance.below(2)];
                let (at, times) = (1 + chance.below(14), [1, 200][chance.below(2)]);
                let fault = json!({"at": at, "times": times, "kind": kind});
                self.world.instance.fault(&fault).unwrap();
                self.ended(&self.world.apply());
                self.world.api("DELETE", "/_sim/faults", &Value::Null);
                format!("an apply of {wishes:?}, {kind} at request {at}, {times} times")
            }
            3 => self.killed(wishes, 1 + chance.below(16)),
            _ => self.at_once(wishes, chance.wishes()),
        }
    }

    /// A process that was not killed ends in order, whatever it met.
    fn ended(&self, run: &Run) {
        assert!(run.code == 0 || run.code == 1, "{run}");
        for word in ["panicked", "crashed", "inconsistent"] {
            assert!(!run.text().contains(word), "{run}");
        }
    }

    /// Terraform and the plugin are killed when the instance has got so many requests.
    fn killed(&self, wishes: [usize; ALIASES], requests: usize) -> String {
        self.world.instance.set("latency_ms", LATENCY_MS).unwrap();
        self.world.instance.forget_journal().unwrap();
        let mut running = self.world.start(&APPLY);
        let began = Instant::now();
        let mut is_over = false;
        while !is_over && self.world.instance.journal().unwrap().len() < requests {
            assert!(began.elapsed() < START_MAX, "the apply did not come to its {requests}th request");
            is_over = running.is_over();
        }
        running.kill();
        self.world.instance.set("latency_ms", "0").unwrap();
        format!("an apply of {wishes:?}, killed at request {requests}")
    }

    /// Two runs at the same time, the second one with a state of its own that nobody sees again. What two processes do
    /// between each other's looks is nobody's to prevent: the read-backs and the next apply set it right.
    fn at_once(&mut self, wishes: [usize; ALIASES], others: [usize; ALIASES]) -> String {
        self.play(true);
        let rival = format!("-var=wishes={}", self.variable(others));
        let arguments = [&APPLY[..], &["-state=rival.tfstate", &rival]].concat();
        let running = self.world.start(&arguments);
        let own = self.world.apply();
        let other = running.wait();
        self.ended(&own);
        self.ended(&other);
        for left in ["rival.tfstate", "rival.tfstate.backup"] {
            let _ = std::fs::remove_file(self.world.configuration().join(left));
        }
        self.play(false);
        format!("applies of {wishes:?} and {others:?} at once")
    }

    /// Plays back what the audit has got since, in the order of the writes. Where it is strict, no write of ours makes a second
    /// one active.
    fn play(&mut self, strict: bool) {
        let path = "/api/now/table/sys_audit?sysparm_query=tablename=http_connection%5Efieldname=active";
        let answer = self.world.instance.call_as(AUDITOR, "GET", path, None).unwrap();
        let lines = answer.result().as_array().expect("the auditor sees the audit").clone();
        for line in lines.iter().skip(self.played) {
            let text = |column: &str| line[column].as_str().unwrap();
            let (id, value) = (text("documentkey"), text("newvalue") == "true");
            // A record of the trial belongs to no alias.
            let Some(active) = self.active.get_mut(id) else { continue };
            assert_eq!(active.to_string(), text("oldvalue"), "the audit is in order");
            *active = value;
            let count = |of: &Vec<String>| of.iter().filter(|it| self.active[*it]).count();
            let of = self.connections.iter().find(|it| it.iter().any(|it| it == id)).unwrap();
            let is_ours = text("user") == self.world.instance.username;
            assert!(!(strict && is_ours && value) || count(of) == 1, "a second one became active: {line}");
        }
        self.played = lines.len();
    }

    /// The next apply ends as declared and leaves nothing to do and nothing behind.
    fn ends_with(&mut self, wishes: [usize; ALIASES]) {
        self.wish(wishes);
        self.world.converges();
        self.play(true);
        for (alias, wish) in wishes.into_iter().enumerate() {
            let active: Vec<usize> =
                (0..CONNECTIONS).filter(|it| self.active[&self.connections[alias][*it]]).collect();
            assert_eq!(active, [wish], "alias {alias}");
        }
        let rows = self.world.instance.rows("sys_connection", "active=true").unwrap();
        assert_eq!(rows.len(), ALIASES, "the audit tells all: {rows:#?}");
    }
}

#[test]
fn every_history_ends_as_declared_and_never_makes_two_active() {
    let count = if env::var_os("SNOWDRIFT_LONG").is_some() { HISTORIES.1 } else { HISTORIES.0 };
    let first = env::var("SNOWDRIFT_SEED").ok().and_then(|it| it.parse().ok()).unwrap_or(SEED);
    let mut fleet = Fleet::new();
    for seed in first..first + count {
        let mut chance = Chance(seed);
        // The first numbers of neighbouring seeds are alike.
        let rule = RULES[usize::try_from(seed).unwrap() % RULES.len()];
        for _ in 0..4 {
            chance.below(2);
        }
        fleet.world.instance.set("one_active_rule", rule).unwrap();
        eprintln!("history with SNOWDRIFT_SEED={seed}, rule {rule}");
        for _ in 0..EVENTS {
            let what = fleet.happen(&mut chance);
            eprintln!("  {what}");
        }
        let wishes = chance.wishes();
        eprintln!("  ends with {wishes:?}");
        fleet.ends_with(wishes);
    }
    // A switch of everything removes what the trial of a process that was killed left behind.
    let [one, other] = [[0, 0], [1, 1]];
    fleet.ends_with(one);
    fleet.ends_with(other);
    let rows = fleet.world.instance.rows("http_connection", "").unwrap();
    assert_eq!(rows.len(), ALIASES * CONNECTIONS, "a record is left behind");
}
