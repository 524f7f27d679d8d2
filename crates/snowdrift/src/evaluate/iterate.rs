//! `[for x in xs : …]` and `{for k, v in xs : k => v}`.

use std::collections::BTreeMap;

use hcl_edit::expr::ForExpr;
use tf_core::{Type, Value};

use super::convert::convert;
use super::evaluate as value_of;
use super::scope::Scope;
use super::typed::Typed;
use super::wrong::{Outcome, Wrong};

/// The keys and values of a collection in Terraform's order, or `None` where that order or the collection is unknown.
///
/// # Errors
/// It is null, or no collection.
pub fn entries(collection: &Typed) -> Outcome<Option<Vec<(Typed, Typed)>>> {
    if collection.is_null() {
        return Err(Wrong::new("a value that is null cannot be iterated over"));
    }
    if collection.is_unknown() {
        return Ok(None);
    }
    if let Some(members) = collection.members() {
        return Ok(Some(members.into_iter().map(|(name, it)| (Typed::string(name), it)).collect()));
    }
    let Some(elements) = collection.elements() else {
        return Err(Wrong::new(format!("a {} cannot be iterated over", collection.kind())));
    };
    if matches!(collection.value, Value::Set(_)) {
        let ordered = matches!(collection.ty, Type::Set(ref it) if matches!(**it, Type::String | Type::Number | Type::Bool));
        let decided = ordered && !collection.has_unknown();
        return Ok(decided.then(|| elements.into_iter().map(|it| (it.clone(), it)).collect()));
    }
    Ok(Some(elements.into_iter().enumerate().map(|(place, it)| (Typed::count(place), it)).collect()))
}

/// What one round of the loop gives.
enum Round {
    Skipped,
    Open,
    Item(Option<Typed>, Typed),
}

/// The value of a `for` expression.
///
/// # Errors
/// Terraform would refuse it too.
pub fn evaluate(it: &ForExpr, scope: &Scope<'_>) -> Outcome<Typed> {
    let collection = value_of(&it.intro.collection_expr, scope)?;
    let sensitive = collection.is_hidden();
    let Some(entries) = entries(&collection)? else {
        return Ok(undecided(&collection, scope).marked(sensitive));
    };
    let mut items = Vec::new();
    for (key, value) in entries {
        match round(it, key, value, scope)? {
            Round::Skipped => {}
            Round::Open => return Ok(Typed::unknown().marked(sensitive)),
            Round::Item(key, value) => items.push((key, value)),
        }
    }
    let whole = if it.key_expr.is_some() { object(items, it.grouping)? } else { tuple(items) };
    Ok(whole.marked(sensitive))
}

fn undecided(collection: &Typed, scope: &Scope<'_>) -> Typed {
    if collection.is_unknown() {
        return Typed::unknown();
    }
    scope.undecided("the order of a set of such elements is known to Terraform only")
}

fn round(it: &ForExpr, key: Typed, value: Typed, scope: &Scope<'_>) -> Outcome<Round> {
    let mut variables = vec![(it.intro.value_var.as_str(), value)];
    if let Some(name) = &it.intro.key_var {
        variables.push((name.as_str(), key));
    }
    let frame = scope.frame(variables);
    let scope = scope.inside(&frame);
    if let Some(condition) = &it.cond {
        let condition = convert(value_of(&condition.expr, &scope)?, &Type::Bool)?;
        match condition.value.as_bool() {
            Some(true) => {}
            Some(false) => return Ok(Round::Skipped),
            None if condition.is_null() => return Err(Wrong::new("the condition of a `for` is null")),
            None => return Ok(Round::Open),
        }
    }
    let key = match &it.key_expr {
        Some(key) => Some(convert(value_of(key, &scope)?, &Type::String)?),
        None => None,
    };
    if key.as_ref().is_some_and(Typed::is_unknown) {
        return Ok(Round::Open);
    }
    Ok(Round::Item(key, value_of(&it.value_expr, &scope)?))
}

fn tuple(items: Vec<(Option<Typed>, Typed)>) -> Typed {
    Typed::tuple(items.into_iter().map(|(_, value)| value).collect())
}

fn object(items: Vec<(Option<Typed>, Typed)>, grouping: bool) -> Outcome<Typed> {
    let mut groups: BTreeMap<String, Vec<Typed>> = BTreeMap::new();
    let mut sensitive = false;
    for (key, value) in items {
        let Some(Typed { value: Value::String(name), marks, .. }) = key else {
            return Err(Wrong::new("a key of a `for` is null"));
        };
        sensitive |= marks.any();
        let group = groups.entry(name).or_default();
        if !grouping && !group.is_empty() {
            return Err(Wrong::new("a `for` gives the same key twice"));
        }
        group.push(value);
    }
    let members = groups.into_iter().map(|(name, mut group)| {
        let value = match group.pop() {
            Some(only) if !grouping => only,
            last => {
                group.extend(last);
                Typed::tuple(group)
            }
        };
        (name, value)
    });
    Ok(Typed::object(members.collect()).marked(sensitive))
}
