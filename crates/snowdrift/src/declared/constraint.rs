//! Type constraints of variables: `map(object({ name = string, port = optional(number, 443) }))`.

use std::collections::BTreeMap;

use hcl_edit::expr::{Expression, FuncCall, Object, ObjectKey};
use tf_core::{Type, Value};

use crate::evaluate::convert::convert;
use crate::evaluate::evaluate;
use crate::evaluate::scope::Scope;
use crate::evaluate::typed::Typed;
use crate::evaluate::wrong::{Outcome, Wrong};

/// What a variable may hold.
#[derive(Clone, Debug, PartialEq)]
pub enum Constraint {
    /// A type without choices.
    Plain(Type),
    /// Elements of one kind; the type says whether list, set or map.
    List(Box<Constraint>),
    /// The same as a set.
    Set(Box<Constraint>),
    /// The same as a map.
    Map(Box<Constraint>),
    /// Each element of its own kind.
    Tuple(Vec<Constraint>),
    /// Members, some of which may be left out.
    Object(BTreeMap<String, Member>),
}

/// A member of an object.
#[derive(Clone, Debug, PartialEq)]
pub struct Member {
    constraint: Constraint,
    optional: bool,
    default: Option<Typed>,
}

/// Reads a constraint.
///
/// # Errors
/// The expression is none.
pub fn read(expression: &Expression, scope: &Scope<'_>) -> Outcome<Constraint> {
    match expression {
        Expression::Variable(name) => keyword(name.as_str()),
        Expression::FuncCall(call) => constructed(call, scope),
        // `type = "string"`, from older days.
        Expression::String(name) => keyword(name.value()),
        _ => Err(Wrong::new("this is no type")),
    }
}

fn keyword(name: &str) -> Outcome<Constraint> {
    let any = || Box::new(Constraint::Plain(Type::Dynamic));
    Ok(match name {
        "string" => Constraint::Plain(Type::String),
        "number" => Constraint::Plain(Type::Number),
        "bool" => Constraint::Plain(Type::Bool),
        "any" => Constraint::Plain(Type::Dynamic),
        "list" => Constraint::List(any()),
        "map" => Constraint::Map(any()),
        "set" => Constraint::Set(any()),
        _ => return Err(Wrong::new(format!("`{name}` is no type"))),
    })
}

fn constructed(call: &FuncCall, scope: &Scope<'_>) -> Outcome<Constraint> {
    let name = call.name.name.as_str();
    let inner = call.args.get(0).ok_or_else(|| Wrong::new(format!("`{name}` has no argument")))?;
    match (name, inner) {
        ("list", it) => Ok(Constraint::List(Box::new(read(it, scope)?))),
        ("set", it) => Ok(Constraint::Set(Box::new(read(it, scope)?))),
        ("map", it) => Ok(Constraint::Map(Box::new(read(it, scope)?))),
        ("tuple", Expression::Array(items)) => {
            items.iter().map(|it| read(it, scope)).collect::<Outcome<_>>().map(Constraint::Tuple)
        }
        ("object", Expression::Object(members)) => object(members, scope),
        _ => Err(Wrong::new(format!("`{name}` is no type"))),
    }
}

fn object(members: &Object, scope: &Scope<'_>) -> Outcome<Constraint> {
    let mut read_members = BTreeMap::new();
    for (key, value) in members.iter() {
        let name = match key {
            ObjectKey::Ident(name) => name.as_str().to_owned(),
            ObjectKey::Expression(Expression::Variable(name)) => name.as_str().to_owned(),
            ObjectKey::Expression(it) => it.as_str().unwrap_or_default().to_owned(),
        };
        read_members.insert(name, member(value.expr(), scope)?);
    }
    Ok(Constraint::Object(read_members))
}

fn member(expression: &Expression, scope: &Scope<'_>) -> Outcome<Member> {
    if let Expression::FuncCall(call) = expression
        && call.name.name.as_str() == "optional"
    {
        let inner = call.args.get(0).ok_or_else(|| Wrong::new("`optional` has no type"))?;
        let default = call.args.get(1).map(|it| evaluate(it, scope)).transpose()?;
        return Ok(Member { constraint: read(inner, scope)?, optional: true, default });
    }
    Ok(Member { constraint: read(expression, scope)?, optional: false, default: None })
}

impl Constraint {
    /// The type of what conforms.
    pub fn ty(&self) -> Type {
        match self {
            Constraint::Plain(ty) => ty.clone(),
            Constraint::List(it) => Type::List(Box::new(it.ty())),
            Constraint::Set(it) => Type::Set(Box::new(it.ty())),
            Constraint::Map(it) => Type::Map(Box::new(it.ty())),
            Constraint::Tuple(items) => Type::Tuple(items.iter().map(Constraint::ty).collect()),
            Constraint::Object(members) => {
                Type::Object(members.iter().map(|(name, it)| (name.clone(), it.constraint.ty())).collect())
            }
        }
    }

    /// Fills in what may be left out, and converts.
    ///
    /// # Errors
    /// The value does not conform.
    pub fn apply(&self, value: Typed) -> Outcome<Typed> {
        let hidden = value.is_hidden();
        convert(self.filled(value)?, &self.ty()).map(|it| it.marked(hidden))
    }

    fn filled(&self, value: Typed) -> Outcome<Typed> {
        if value.is_null() || value.is_unknown() {
            return Ok(value);
        }
        match self {
            Constraint::Plain(_) => Ok(value),
            Constraint::List(it) | Constraint::Set(it) => match value.elements() {
                Some(elements) => elements
                    .into_iter()
                    .map(|element| it.apply(element))
                    .collect::<Outcome<_>>()
                    .map(Typed::tuple),
                None => Ok(value),
            },
            Constraint::Map(it) => match value.members() {
                Some(members) => {
                    let filled = members.into_iter().map(|(name, member)| Ok((name, it.apply(member)?)));
                    filled.collect::<Outcome<_>>().map(Typed::object)
                }
                None => Ok(value),
            },
            Constraint::Tuple(items) => match value.elements() {
                Some(elements) if elements.len() == items.len() => {
                    let filled = elements.into_iter().zip(items).map(|(element, it)| it.apply(element));
                    filled.collect::<Outcome<_>>().map(Typed::tuple)
                }
                _ => Ok(value),
            },
            Constraint::Object(wanted) => match value.members() {
                Some(members) => whole(wanted, members),
                None => Ok(value),
            },
        }
    }
}

/// An object with the members that are wanted and no others.
fn whole(wanted: &BTreeMap<String, Member>, mut members: BTreeMap<String, Typed>) -> Outcome<Typed> {
    let filled = wanted.iter().map(|(name, member)| {
        let given = members.remove(name).filter(|it| !(it.is_null() && member.default.is_some()));
        let value = match (given, &member.default) {
            (Some(given), _) => given,
            (None, Some(default)) => default.clone(),
            (None, None) if member.optional => Typed::new(member.constraint.ty(), Value::Null),
            (None, None) => return Err(Wrong::new(format!("the attribute `{name}` is missing"))),
        };
        Ok((name.clone(), member.constraint.apply(value)?))
    });
    filled.collect::<Outcome<BTreeMap<_, _>>>().map(Typed::object)
}
