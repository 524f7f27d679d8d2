//! What the benchmarks work on: a resource with a set of many objects, and the states of its life.

#![allow(dead_code, reason = "every benchmark uses a part of it")]

use std::collections::BTreeMap;

use tf_core::model::SetOf;
use tf_core::plan::Ask;
use tf_core::{Attr, Model, Object, Schema, Type, Value, check, form, model};

/// A firewall.
#[derive(Clone, Debug, Default, PartialEq, Model)]
pub struct Firewall {
    /// Its id.
    #[tf(computed().stable())]
    pub id: Attr<String>,
    /// Its name.
    #[tf(required().check(check::length(1, 100)))]
    pub name: Attr<String>,
    /// Its rules.
    #[tf(optional())]
    pub rules: Attr<SetOf<Rule>>,
}

/// A rule of a firewall.
#[derive(Clone, Debug, Default, PartialEq, Model)]
pub struct Rule {
    /// Whom it is for.
    #[tf(required().check(check::length(1, 100)))]
    pub host: Attr<String>,
    /// The port.
    #[tf(optional().check(check::range(1, 65_535)))]
    pub port: Attr<i64>,
    /// A note.
    #[tf(optional().compared(form::outer_blanks()))]
    pub note: Attr<String>,
    /// Chosen by the firewall.
    #[tf(optional_computed())]
    pub priority: Attr<i64>,
    /// Known once the rule exists.
    #[tf(computed().stable())]
    pub rule_id: Attr<String>,
    /// Words for people.
    #[tf(optional())]
    pub labels: Attr<BTreeMap<String, String>>,
}

/// The schema of a [`Firewall`].
pub fn schema() -> Schema {
    model::schema::<Firewall>()
}

/// The type of its values.
pub fn ty() -> Type {
    schema().block.implied_type()
}

/// What a user writes: a firewall with so many rules. `edition` makes every tenth rule another one.
pub fn config(rules: i64, edition: i64) -> Object {
    firewall(rules, edition, |_| (Attr::Null, Attr::Null)).to_object()
}

/// What is there after an apply of [`config`].
pub fn state(rules: i64, edition: i64) -> Object {
    let mut firewall = firewall(rules, edition, |at| (Attr::Known(at), Attr::Known(format!("rule-{at:08}"))));
    firewall.id = Attr::Known("firewall-1".to_owned());
    firewall.to_object()
}

fn firewall(rules: i64, edition: i64, chosen: impl Fn(i64) -> (Attr<i64>, Attr<String>)) -> Firewall {
    let rule = |at: i64| {
        let (priority, rule_id) = chosen(at);
        let note = if at % 10 == 0 { format!("note {edition} of {at}") } else { format!("note of {at}") };
        Rule {
            host: Attr::Known(format!("host-{at}.example.com")),
            port: Attr::Known(at % 60_000 + 1),
            note: Attr::Known(note),
            priority,
            rule_id,
            labels: Attr::Known(BTreeMap::from([("team".to_owned(), format!("team {}", at % 7))])),
        }
    };
    Firewall {
        id: Attr::Null,
        name: Attr::Known("edge".to_owned()),
        rules: Attr::Known(SetOf((0..rules).map(rule).collect())),
    }
}

/// Terraform's merge. Elements of sets carry no weight in it, so the configured ones stand for them.
pub fn proposed(prior: Option<&Object>, config: &Object) -> Object {
    let mut proposed = config.clone();
    let id = prior.and_then(|it| it.get("id")).cloned().unwrap_or(Value::Null);
    proposed.insert("id".to_owned(), id);
    proposed
}

/// What Terraform asks.
pub fn ask<'a>(prior: Option<&'a Object>, config: &'a Object, proposed: &'a Object) -> Ask<'a> {
    Ask { prior, config, proposed }
}
