//! What a plan claims, and what is said about two claims of one group.

use servicenow_core::SysId;
use tf_core::{Diagnostics, Object, Value};
use tf_plugin::Planning;

use reconcile::{Holds, Layout};

use super::{Claim, Kind, Planned, Together};
use crate::definition::Definition;
use crate::dialects::{Exclusive, GROUPS};
use crate::errors;
use crate::session::Session;
use crate::switch::{self, Group};

/// Claims what a plan of a record says about its group, and reports who else says something.
pub async fn of_record(
    definition: &'static Definition,
    session: &Session,
    planning: &mut Planning<'_>,
) -> Diagnostics {
    plan_several(definition.layout, session, &planning.plan.planned);
    let Some(exclusive) = definition.exclusive else { return Diagnostics::none() };
    let Some(claim) = claim(definition, exclusive, planning) else {
        plan_member(definition.layout, exclusive, session, &planning.plan.planned);
        return Diagnostics::none();
    };
    let planned = plan_member(definition.layout, exclusive, session, &planning.plan.planned);
    let mut problems = Diagnostics::none();
    if claim.kind == (Kind::Member { active: true }) {
        problems.extend(unfit(definition, session, &claim, &planned).await);
    }
    problems.extend(make(session, &|_| exclusive, vec![claim], planning).await);
    problems
}

/// What speaks against a member that sets itself active.
async fn unfit(definition: &Definition, session: &Session, claim: &Claim, planned: &Planned) -> Diagnostics {
    let mut problems = Diagnostics::none();
    let name = claim.name.clone().unwrap_or_default();
    let own = planned.environment.as_deref();
    let misfit = planned.address.as_deref().and_then(|it| session.environment_hosts.misfit(own, it));
    if let Some(misfit) = misfit {
        problems.push(errors::endpoint_misfit(definition.noun, &name, &misfit));
    }
    if let Some(pinned) = planned.instance_name.as_deref().filter(|it| !it.is_empty())
        && let Some(own) = switch::own_name(session).await
        && !pinned.eq_ignore_ascii_case(&own)
    {
        problems.push(errors::pinned_elsewhere(definition.noun, &name, pinned, &own));
    }
    problems
}

/// A planned member says where it will lead to: who chooses it need not look at what is still there.
fn plan_member(layout: &Layout, exclusive: &Exclusive, session: &Session, object: &Object) -> Planned {
    let text = |name: &str| {
        let column = layout.main()?.columns.iter().find(|it| it.name == name)?;
        let value = object.get(*column.holds.attributes().first()?)?;
        // What is not declared is empty on the instance, and what is not known yet says nothing.
        if value.is_null() { Some(String::new()) } else { value.as_str().map(str::to_owned) }
    };
    let planned = Planned {
        address: text(exclusive.address).filter(|it| !it.is_empty()),
        is_dead_end: layout.main().is_some_and(|it| it.table == exclusive.concrete)
            && [Some(exclusive.address), exclusive.caller]
                .into_iter()
                .flatten()
                .all(|it| text(it).is_some_and(|it| it.is_empty())),
        instance_name: exclusive.instance_name.and_then(text),
        // An environment may be named by its id, which no rule knows.
        environment: exclusive
            .environment
            .and_then(|it| text(it.split('.').next()?))
            .filter(|it| !it.is_empty() && it.parse::<SysId>().is_err()),
    };
    if let Some(member) = id(object, "id") {
        session.claims.plan_member(member, planned.clone());
    }
    planned
}

/// Registers what a resource claims, and reports who else claims one of the groups. `exclusive_of` tells which tables a group
/// lives in.
pub async fn make(
    session: &Session,
    exclusive_of: &(dyn Fn(&SysId) -> &'static Exclusive + Send + Sync),
    claims: Vec<Claim>,
    planning: &mut Planning<'_>,
) -> Diagnostics {
    let is_new = planning.prior.is_none();
    let (met, private) = session.claims.make(claims, &planning.private, is_new);
    planning.private = private;
    let mut problems = Diagnostics::none();
    for (claim, other) in met {
        let exclusive = exclusive_of(&claim.group);
        let together = match claim.beside(&other) {
            Together::UnlessSeveral => match allows_several(session, exclusive, &claim.group).await {
                Ok(true) => Together::Fine,
                Ok(false) => Together::Against,
                Err(failure) => return failure,
            },
            known => known,
        };
        if together != Together::Fine {
            let said = Said::of(session, exclusive, &claim.group).await;
            if said.are_apart(&claim, &other) {
                continue;
            }
            problems.push(errors::two_claims(
                exclusive,
                together,
                &said.group,
                &said.side(&other),
                &said.side(&claim),
            ));
        }
    }
    problems
}

fn claim(definition: &'static Definition, exclusive: &Exclusive, planning: &Planning<'_>) -> Option<Claim> {
    let main = definition.layout.main()?;
    let flag = main.columns.iter().find_map(|it| match it.holds {
        Holds::Switch(path) => Some(path),
        _ => None,
    })?;
    let group = main.columns.iter().find(|it| it.name == exclusive.group)?;
    let group = group.holds.attributes().first().copied()?;
    // What nobody set is what the instance says, and claims nothing.
    let Some(Value::Bool(active)) = planning.config.get(flag) else { return None };
    let planned = &planning.plan.planned;
    Some(Claim {
        group: id(planned, group)?,
        kind: Kind::Member { active: *active },
        type_name: definition.type_name,
        name: planned.get("name").and_then(Value::as_str).map(str::to_owned),
        members: id(planned, "id").map(|it| vec![it]),
    })
}

/// A planned group says whether several may be active in it.
fn plan_several(layout: &Layout, session: &Session, planned: &Object) {
    let Some(main) = layout.main() else { return };
    for exclusive in GROUPS.iter().filter(|it| it.groups == main.table) {
        let column = main.columns.iter().find(|it| Some(it.name) == exclusive.group_allows_several);
        let flag = column.and_then(|it| planned.get(*it.holds.attributes().first()?));
        if let (Some(Value::Bool(several)), Some(group)) = (flag, id(planned, "id")) {
            session.claims.plan_several(group, *several);
        }
    }
}

/// Whether several members of a group may be active: as it is planned, or else as it is on the instance.
///
/// # Errors
/// The group could not be read.
pub async fn allows_several(
    session: &Session,
    exclusive: &Exclusive,
    id: &SysId,
) -> Result<bool, Diagnostics> {
    match session.claims.planned_several(id) {
        Some(several) => Ok(several),
        None if exclusive.group_allows_several.is_none() => Ok(false),
        None => {
            Ok(switch::group(session, exclusive, id).await?.is_some_and(|it| exclusive.allows_several(&it)))
        }
    }
}

/// The id that an attribute holds, if it is known.
pub fn id(object: &Object, name: &str) -> Option<SysId> {
    object.get(name).and_then(Value::as_str).and_then(|it| it.parse().ok())
}

/// Names for a message about claims, as far as they can be read.
struct Said {
    group: String,
    members: Vec<switch::Row>,
}

impl Said {
    async fn of(session: &Session, exclusive: &'static Exclusive, id: &SysId) -> Said {
        let record = switch::group(session, exclusive, id).await.ok().flatten();
        let group = record.map(|it| it.text(exclusive.group_name).to_owned()).filter(|it| !it.is_empty());
        let members = Group::new(session, exclusive, id.clone()).rows_of_all().await.unwrap_or_default();
        Said { group: group.unwrap_or_else(|| id.to_string()), members }
    }

    /// Whether both speak of members of different domains, in each of which one may be active.
    fn are_apart(&self, one: &Claim, other: &Claim) -> bool {
        match (&one.members, &other.members) {
            (Some(one), Some(other)) => switch::are_apart(&self.members, one, other),
            _ => false,
        }
    }

    /// One side: which resource it is and what it says.
    fn side(&self, claim: &Claim) -> String {
        let name_of = |id: &SysId| match self.members.iter().find(|it| it.member.sys_id == *id) {
            Some(row) => format!("\"{}\"", row.name),
            None => format!("`{id}`"),
        };
        let member = match &claim.members {
            Some(ids) => ids.iter().map(name_of).collect::<Vec<_>>().join(" and "),
            None => "a connection that is known after apply".to_owned(),
        };
        let name = claim.name.as_deref().map(|it| format!(" \"{it}\"")).unwrap_or_default();
        match claim.kind {
            Kind::Pointer | Kind::Environment => {
                format!("a `{}`{name} that chooses {member}", claim.type_name)
            }
            Kind::Member { active } => format!("the `{}`{name} with `active = {active}`", claim.type_name),
        }
    }
}
