//! What a plan claims, and what is said about two claims of one group.

use servicenow_core::SysId;
use tf_core::{Diagnostics, Object, Value};
use tf_plugin::Planning;

use reconcile::{Holds, Layout};

use super::{Claim, Kind, Together};
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
    let address = plan_address(definition.layout, exclusive, session, &planning.plan.planned);
    let Some(claim) = claim(definition, exclusive, planning) else { return Diagnostics::none() };
    let mut problems = Diagnostics::none();
    if claim.kind == (Kind::Member { active: true })
        && let Some(misfit) = address.and_then(|it| session.environment_hosts.misfit(None, &it))
    {
        let name = claim.name.clone().unwrap_or_default();
        problems.push(errors::endpoint_misfit(definition.noun, &name, &misfit));
    }
    problems.extend(make(session, exclusive, vec![claim], planning).await);
    problems
}

/// A planned member says where it will lead to: who chooses it need not look at what is still there.
fn plan_address(
    layout: &Layout,
    exclusive: &Exclusive,
    session: &Session,
    planned: &Object,
) -> Option<String> {
    let column = layout.main()?.columns.iter().find(|it| it.name == exclusive.address)?;
    let address = planned.get(*column.holds.attributes().first()?)?.as_str()?.to_owned();
    if let Some(member) = id(planned, "id") {
        session.claims.plan_address(member, address.clone());
    }
    Some(address)
}

/// Registers what a resource claims, and reports who else claims one of the groups.
pub async fn make(
    session: &Session,
    exclusive: &'static Exclusive,
    claims: Vec<Claim>,
    planning: &mut Planning<'_>,
) -> Diagnostics {
    let is_new = planning.prior.is_none();
    let (met, private) = session.claims.make(claims, &planning.private, is_new);
    planning.private = private;
    let mut problems = Diagnostics::none();
    for (claim, other) in met {
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
        member: id(planned, "id"),
    })
}

/// A planned group says whether several may be active in it.
fn plan_several(layout: &Layout, session: &Session, planned: &Object) {
    let Some(main) = layout.main() else { return };
    for exclusive in GROUPS.iter().filter(|it| it.groups == main.table) {
        let column = main.columns.iter().find(|it| it.name == exclusive.group_allows_several);
        let flag = column.and_then(|it| planned.get(*it.holds.attributes().first()?));
        if let (Some(Value::Bool(several)), Some(group)) = (flag, id(planned, "id")) {
            session.claims.plan_several(group, *several);
        }
    }
}

async fn allows_several(session: &Session, exclusive: &Exclusive, id: &SysId) -> Result<bool, Diagnostics> {
    match session.claims.planned_several(id) {
        Some(several) => Ok(several),
        None => Ok(switch::group(session, exclusive, id)
            .await?
            .is_some_and(|it| it.flag(exclusive.group_allows_several))),
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
        let members = Group::new(session, exclusive, id.clone()).rows().await.unwrap_or_default();
        Said { group: group.unwrap_or_else(|| id.to_string()), members }
    }

    /// One side: which resource it is and what it says.
    fn side(&self, claim: &Claim) -> String {
        let member =
            claim.member.as_ref().and_then(|id| self.members.iter().find(|it| it.member.sys_id == *id));
        let member = match (member, &claim.member) {
            (Some(row), _) => format!("\"{}\"", row.name),
            (None, Some(id)) => format!("`{id}`"),
            (None, None) => "a connection that is known after apply".to_owned(),
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
