//! What Terraform accepts as the result of carrying out a plan.

use super::{Findings, Rule, Violation};
use crate::plan::holes::{Finder, Row, row};
use crate::plan::{Level, member};
use crate::{AttributeType, Nesting, Number, Object, Path, Refinements, Schema, Step, Type, Value};

/// How many elements of a set are compared per element, on average. Elements of which hardly anything is known fit many;
/// beyond this bound the comparison is left to Terraform.
const LOOKS_PER_ELEMENT: usize = 64;

/// How many pairs of elements are compared where nothing can be looked up.
const PAIRS_MAX: usize = 4_096;

/// Everything that Terraform would refuse about the state after an apply.
pub fn verify_apply(schema: &Schema, planned: &Object, applied: &Object) -> Vec<Violation> {
    let mut findings = Findings::default();
    let level = Level::of(&schema.block);
    findings.write_only(level, &Path::root(), applied);
    for name in level.names() {
        let path = Path::attribute(name);
        findings.known(&path, member(applied, name));
        findings.kept(&path, member(planned, name), member(applied, name));
    }
    findings.0
}

impl Findings {
    fn write_only(&mut self, level: Level<'_>, path: &Path, applied: &Object) {
        for attribute in level.attributes {
            let path = path.then(Step::Attribute(attribute.name.clone()));
            let value = member(applied, &attribute.name);
            self.require(!attribute.write_only || value.is_null(), &path, Rule::WriteOnlyIsNull);
            if let AttributeType::Nested { nesting, attributes } = &attribute.ty {
                self.write_only_below((Level::of_attributes(attributes), *nesting), &path, value);
            }
        }
        for block in level.blocks {
            let path = path.then(Step::Attribute(block.name.clone()));
            let value = member(applied, &block.name);
            self.write_only_below((Level::of(&block.block), block.nesting), &path, value);
        }
    }

    fn write_only_below(&mut self, (level, nesting): (Level<'_>, Nesting), path: &Path, value: &Value) {
        match (nesting, value) {
            (nesting, Value::Dynamic(inner)) => self.write_only_below((level, nesting), path, &inner.1),
            (Nesting::Map, Value::Map(members)) => {
                for (key, element) in members {
                    let path = path.then(Step::Key(key.clone()));
                    self.write_only_below((level, Nesting::Single), &path, element);
                }
            }
            (_, Value::Map(members)) => self.write_only(level, path, members),
            (_, Value::List(items)) => {
                for (index, element) in (0_i64..).zip(items) {
                    self.write_only_below((level, Nesting::Single), &path.then(Step::Index(index)), element);
                }
            }
            // No write-only attributes inside sets: the rules of schemas refuse them.
            _ => {}
        }
    }

    fn known(&mut self, path: &Path, value: &Value) {
        match value {
            known if known.is_wholly_known() => {}
            Value::Unknown(_) => self.add(path, Rule::WhollyKnown),
            Value::List(items) => {
                for (index, item) in (0_i64..).zip(items) {
                    self.known(&path.then(Step::Index(index)), item);
                }
            }
            Value::Map(members) => {
                for (name, it) in members {
                    self.known(&path.then(Step::Attribute(name.clone())), it);
                }
            }
            Value::Dynamic(inner) => self.known(path, &inner.1),
            // Elements of sets have no paths.
            _ => self.add(path, Rule::WhollyKnown),
        }
    }

    /// Where what was planned did not come out. The path is followed only where there is something to say.
    fn kept(&mut self, path: &Path, planned: &Value, applied: &Value) {
        if fits(planned, applied) {
            return;
        }
        match (planned, applied) {
            (Value::Unknown(_), _) => self.add(path, Rule::RefinementsHold),
            (Value::List(planned), Value::List(applied)) if planned.len() == applied.len() => {
                for (index, (planned, applied)) in (0_i64..).zip(planned.iter().zip(applied)) {
                    self.kept(&path.then(Step::Index(index)), planned, applied);
                }
            }
            (Value::Map(planned), Value::Map(applied)) if planned.keys().eq(applied.keys()) => {
                for (name, value) in planned {
                    self.kept(&path.then(Step::Attribute(name.clone())), value, member(applied, name));
                }
            }
            (Value::Set(_), Value::Set(_)) => self.add(path, Rule::SetElementsCorrelate),
            (Value::Dynamic(planned), Value::Dynamic(applied)) if agree(planned, applied) => {
                self.kept(path, &planned.1, &applied.1);
            }
            _ => self.add(path, Rule::PlanIsKept),
        }
    }
}

/// Whether what was planned came out. What came out unknown is not judged here.
fn fits(planned: &Value, applied: &Value) -> bool {
    match (planned, applied) {
        (_, Value::Unknown(_)) => true,
        (Value::Unknown(refinements), applied) => {
            refinements.as_deref().is_none_or(|it| conforms(it, applied))
        }
        (Value::List(planned), Value::List(applied)) => {
            planned.len() == applied.len() && planned.iter().zip(applied).all(|(one, other)| fits(one, other))
        }
        (Value::Map(planned), Value::Map(applied)) => {
            planned.keys().eq(applied.keys())
                && planned.values().zip(applied.values()).all(|(one, other)| fits(one, other))
        }
        (Value::Set(planned), Value::Set(applied)) => correlate(planned, applied),
        (Value::Dynamic(planned), Value::Dynamic(applied)) if agree(planned, applied) => {
            fits(&planned.1, &applied.1)
        }
        (planned, applied) => planned == applied,
    }
}

/// Whether two values that say their own types have the same one, or may have.
fn agree(planned: &(Type, Value), applied: &(Type, Value)) -> bool {
    planned.0 == applied.0 || !planned.1.is_wholly_known()
}

/// Unknown elements may come out equal, so there may be fewer, but every one has a counterpart on the other side.
fn correlate(planned: &[Value], applied: &[Value]) -> bool {
    if planned == applied || applied.len() > planned.len() {
        return planned == applied;
    }
    if !applied.iter().all(Value::is_wholly_known) {
        return loosely(planned, applied);
    }
    let names: Vec<&str> = match planned.first() {
        Some(Value::Map(members)) => members.keys().map(String::as_str).collect(),
        _ => Vec::new(),
    };
    let came_out: Vec<Option<Row<'_>>> = applied.iter().map(|it| Some(row(it, &names))).collect();
    let wanted: Vec<Row<'_>> = planned.iter().map(|it| row(it, &names)).collect();
    let finder = Finder::new(wanted.iter(), &came_out);
    let mut met = vec![false; applied.len()];
    let mut looks = LOOKS_PER_ELEMENT.saturating_mul(planned.len() + applied.len());
    let mut last = None;
    // Sets are sorted, so that equal unknown elements, which need the same, follow each other.
    for (planned, wanted) in planned.iter().zip(&wanted).filter(|it| last.replace(it.0) != Some(it.0)) {
        let mut has_counterpart = false;
        for at in finder.fitting(wanted) {
            if looks == 0 {
                return true;
            }
            looks -= 1;
            if let (Some(met), Some(applied)) = (met.get_mut(at), applied.get(at))
                && fits(planned, applied)
            {
                (*met, has_counterpart) = (true, true);
            }
        }
        if !has_counterpart {
            return false;
        }
    }
    met.into_iter().all(|it| it)
}

/// The same where not everything is known, which an applied state should not be: worth a look at small sets alone.
fn loosely(planned: &[Value], applied: &[Value]) -> bool {
    planned.len().saturating_mul(applied.len()) > PAIRS_MAX
        || (planned.iter().all(|planned| applied.iter().any(|applied| fits(planned, applied)))
            && applied.iter().all(|applied| planned.iter().any(|planned| fits(planned, applied))))
}

fn conforms(refinements: &Refinements, value: &Value) -> bool {
    let Refinements { null, prefix, lower, upper, length_min, length_max } = refinements;
    match value {
        value if value.is_null() => *null != Some(false),
        _ if *null == Some(true) => false,
        Value::String(text) => prefix.as_ref().is_none_or(|it| text.starts_with(it.as_str())),
        Value::Number(number) => {
            let above =
                |(limit, inclusive): &(Number, bool)| number > limit || (*inclusive && number == limit);
            let below =
                |(limit, inclusive): &(Number, bool)| number < limit || (*inclusive && number == limit);
            lower.as_ref().is_none_or(above) && upper.as_ref().is_none_or(below)
        }
        Value::List(items) | Value::Set(items) => length_fits(items.len(), *length_min, *length_max),
        Value::Map(members) => length_fits(members.len(), *length_min, *length_max),
        Value::Dynamic(inner) => conforms(refinements, &inner.1),
        Value::Null | Value::Unknown(_) | Value::Bool(_) => true,
    }
}

fn length_fits(length: usize, least: Option<u64>, most: Option<u64>) -> bool {
    let length = u64::try_from(length).unwrap_or(u64::MAX);
    least.is_none_or(|it| length >= it) && most.is_none_or(|it| length <= it)
}
