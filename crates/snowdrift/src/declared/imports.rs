//! `import` blocks: which record each declared instance is.

use std::collections::HashMap;

use hcl_edit::Span as _;
use hcl_edit::expr::{Expression, TraversalOperator};
use tf_core::Value;

use super::body::finding;
use super::expand::{Key, quoted};
use super::instance::Instance;
use super::kept::Kept;
use super::module::Written;
use super::names::Within;
use super::{Declared, Finding, Undecided};
use crate::evaluate::evaluate;
use crate::evaluate::scope::{Doubts, Scope};
use crate::evaluate::wrong::{Outcome, Wrong};

impl Instance<'_> {
    /// Joins `import` blocks with the instances that they lead to.
    pub(super) fn declare_imports(&self, declared: &mut Declared) {
        let mut found: HashMap<String, Finding> = HashMap::new();
        for import in &self.module.imports {
            if let Err(reasons) = self.import(import, &mut found) {
                let address = import.what.body().get_attribute("to").map(|it| it.value.to_string());
                declared.undecided.push(Undecided {
                    address: address.unwrap_or_default().trim().to_owned(),
                    reasons,
                    place: import.place.clone(),
                });
            }
        }
        for resource in &mut declared.resources {
            if let Some(id) = found.remove(&resource.address) {
                resource.import_id = Some(id);
            }
        }
    }

    /// Notes the ids that a block gives, by address; `Err` is why it is not known which.
    fn import(
        &self,
        import: &Written<Kept>,
        found: &mut HashMap<String, Finding>,
    ) -> Result<(), Vec<String>> {
        let body = &*import.what.body();
        let (Some(to), Some(id)) =
            (body.get_attribute("to"), body.get_attribute("id").or_else(|| body.get_attribute("identity")))
        else {
            return Ok(());
        };
        for key in self.keys(body)? {
            let within = Within { instance: self, key: &key };
            let doubts = Doubts::default();
            let address = match within.compute(&doubts, |scope| address(&to.value, scope)) {
                Ok(Some(address)) => address,
                Ok(None) => {
                    doubts.add("which resource it leads to is not known");
                    return Err(doubts.take());
                }
                Err(wrong) => return Err(vec![format!("Terraform would refuse it: {wrong}")]),
            };
            let doubts = Doubts::default();
            let value = within.compute(&doubts, |scope| evaluate(&id.value, scope));
            // An identity is an object that holds the id and the instance.
            let value = value.map(|it| it.member("id").unwrap_or(it));
            let place = import.place_of(self.module, "id", id.span());
            found.insert(address, finding(value, &doubts, place));
            if key == Key::None {
                break;
            }
        }
        Ok(())
    }
}

/// The address that an expression such as `module.a["x"].t.y[each.key]` names; `None` if an index is not known.
fn address(to: &Expression, scope: &Scope<'_>) -> Outcome<Option<String>> {
    let no_address = || Wrong::new("`to` names no resource");
    let Expression::Traversal(it) = to else { return Err(no_address()) };
    let Expression::Variable(root) = &it.expr else { return Err(no_address()) };
    let mut address = root.as_str().to_owned();
    for operator in &it.operators {
        match operator.value() {
            TraversalOperator::GetAttr(name) => {
                address.push('.');
                address.push_str(name.as_str());
            }
            TraversalOperator::Index(index) => match evaluate(index, scope)?.value {
                Value::String(key) => address.push_str(&format!("[{}]", quoted(&key))),
                Value::Number(place) => address.push_str(&format!("[{place}]")),
                Value::Unknown(_) => return Ok(None),
                _ => return Err(no_address()),
            },
            TraversalOperator::LegacyIndex(place) => address.push_str(&format!("[{}]", place.value())),
            TraversalOperator::AttrSplat(_) | TraversalOperator::FullSplat(_) => return Err(no_address()),
        }
    }
    Ok(Some(address))
}
