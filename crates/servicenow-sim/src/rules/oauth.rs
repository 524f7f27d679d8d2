//! Rules of OAuth application registries.

use uuid::Uuid;

use super::{Change, Moment, Rule, Verdict, abort_if, is_alone};
use crate::instance::{Instance, flag, text};
use crate::records::{Wanted, WriteError};
use crate::settings::{OAUTH_DEFAULT_PROFILE, OAUTH_NAME_UNIQUE};

/// These rules.
pub const RULES: &[Rule] = &[
    Rule {
        name: "Ensure unique OAuth registry name",
        sys_id: "b1a50000000000000000000000000a01",
        table: "oauth_entity",
        moment: Moment::Before(unique_name),
    },
    Rule {
        name: "Generate OAuth client",
        sys_id: "b1a50000000000000000000000000a02",
        table: "oauth_entity",
        moment: Moment::Computes(generate_client),
    },
    Rule {
        name: "Create default OAuth profile",
        sys_id: "b1a50000000000000000000000000a03",
        table: "oauth_entity",
        moment: Moment::After(default_profile),
    },
    Rule {
        name: "Keep one default OAuth profile",
        sys_id: "b1a50000000000000000000000000a04",
        table: "oauth_entity_profile",
        moment: Moment::After(one_default),
    },
];

fn unique_name(instance: &Instance, change: &mut Change<'_>) -> Result<Verdict, WriteError> {
    let kept = instance.settings.text(OAUTH_NAME_UNIQUE) == "none" || !change.touches(&["name"]);
    if kept || change.text("name").is_empty() {
        return Ok(Verdict::Go);
    }
    Ok(abort_if(!is_alone(instance, change, "oauth_entity", &[("name", change.text("name"))])?))
}

/// What a client of this instance needs is made by the instance where it was left out.
fn generate_client(instance: &Instance, change: &mut Change<'_>) -> Result<Verdict, WriteError> {
    let inbound = change.text("type") == "client";
    if inbound && change.text("client_id").is_empty() {
        change.fill("client_id", Uuid::new_v4().simple().to_string());
    }
    if inbound && change.text("client_secret").is_empty() && change.before.is_none() {
        let secret = instance.store.encrypt(&Uuid::new_v4().simple().to_string())?;
        change.fill("client_secret", secret);
    }
    if !inbound && change.text("redirect_url").is_empty() {
        change.fill("redirect_url", format!("{}/oauth_redirect.do", instance.base_url));
    }
    if change.text("client_uuid").is_empty() {
        change.fill("client_uuid", Uuid::new_v4().simple().to_string());
    }
    Ok(Verdict::Go)
}

/// A new provider comes with a profile for its grant type, without scopes.
fn default_profile(instance: &Instance, change: &mut Change<'_>) -> Result<(), WriteError> {
    let wanted = change.before.is_none()
        && change.text("type") != "client"
        && instance.settings.text(OAUTH_DEFAULT_PROFILE) == "created";
    let Some(table) = instance.dictionary.table("oauth_entity_profile").filter(|_| wanted) else {
        return Ok(());
    };
    let profile = Wanted::from([
        ("name".to_owned(), format!("{} default_profile", change.text("name"))),
        ("oauth_entity".to_owned(), change.text("sys_id").to_owned()),
        ("grant_type".to_owned(), change.text("default_grant_type").to_owned()),
        ("default".to_owned(), "true".to_owned()),
        ("sys_scope".to_owned(), change.text("sys_scope").to_owned()),
    ]);
    instance.create(change.writer, table, &profile).map(|_| ())
}

/// A profile that becomes the default one takes that from the others of its registry.
fn one_default(instance: &Instance, change: &mut Change<'_>) -> Result<(), WriteError> {
    if !change.flag("default") || !change.touches(&["default", "oauth_entity"]) {
        return Ok(());
    }
    let same = [("oauth_entity", change.text("oauth_entity")), ("default", "true")];
    for (table, row) in instance.store.matching(&instance.dictionary, "oauth_entity_profile", &same)? {
        if text(&row, "sys_id") != change.text("sys_id") && flag(&row, "default") {
            instance.save(change.writer, table, &row, &[("default", "false")])?;
        }
    }
    Ok(())
}
