//! `servicenow_record`: one record of any table, of which the configuration owns the columns that it names.

mod kinds;
mod life;
mod named;
mod planned;
mod taking_over;

use std::collections::BTreeMap;
use std::sync::Arc;

use async_trait::async_trait;
use servicenow_core::TableName;
use tf_core::{
    Attr, Check, Diagnostics, IdentitySchema, Model, Object, Schema, Secret, Value, WriteOnly, check, model,
};
use tf_plugin::{Applied, Apply, Identify, Import, Planning, ReadOutcome, Resource, State};

pub use self::taking_over::{TakingOver, taking_over};
use crate::lifecycle::written;
use crate::session::Shared;
use crate::timeouts::{self, Operation};
use crate::{errors, identity};

/// A record of any table, such as a requested item. The configuration owns the columns that it names and leaves all others
/// alone; values are texts and compared by what the column holds, so that `"1"` and `"true"` are the same in a column that
/// is true or false.
#[derive(Clone, Debug, Default, PartialEq, Model)]
pub struct AnyRecord {
    /// The sys_id of the record.
    #[tf(computed().stable())]
    pub id: Attr<String>,
    /// The table that the record is in.
    #[tf(required().replaces().check(table_name()))]
    pub table: Attr<String>,
    /// What the columns hold: texts as the instance spells them, a sys_id for a reference. A column that is no longer
    /// named keeps what it holds.
    #[tf(optional().check(check::keys(column_name())))]
    pub fields: Attr<BTreeMap<String, String>>,
    /// What more columns hold, as the JSON of an object, such as `jsonencode({ quantity = 2, urgent = true })`: numbers,
    /// booleans, lists and objects are written as the instance spells texts, and `null` empties a column. Beside `fields` or
    /// instead of it; a column is named in one of the two. It is compared by what it means: the order of keys, white space and
    /// other spellings of a number are no change.
    #[tf(optional().check(json_columns()))]
    pub fields_json: Attr<String>,
    /// Columns whose values are secret: they are in no state and no plan.
    #[tf(optional().version("fields_wo_version").check(check::keys(column_name())))]
    pub fields_wo: Attr<WriteOnly<BTreeMap<String, Secret>>>,
    /// Any text that stands for the current secret values, such as a number or a date. A change of it writes them again.
    #[tf(optional())]
    pub fields_wo_version: Attr<String>,
    /// What to do when somebody changed the record after this configuration had written the secret values: `true` writes
    /// them again, `false` says nothing. Without it such a change is a warning.
    #[tf(optional())]
    pub reassert_secret: Attr<bool>,
}

/// The resource.
pub struct Records {
    shared: Arc<Shared>,
}

impl Records {
    /// The whole type name.
    pub const TYPE_NAME: &'static str = "servicenow_record";

    /// What the documentation page says beyond the attributes.
    pub const NOTES: &'static str = "## What drift is seen\n\nIn every column that `fields` or `fields_json` names, by what the column holds \
        according to the instance's dictionary; a user who may not read the dictionary compares texts. Secret columns are \
        never compared: raise `fields_wo_version` to write them again.\n\n## Required roles\n\nThose of the table.";

    /// The resource.
    pub fn new(shared: Arc<Shared>) -> Records {
        Records { shared }
    }
}

#[async_trait]
impl Resource for Records {
    fn type_name(&self) -> &str {
        Records::TYPE_NAME
    }

    fn schema(&self) -> Schema {
        timeouts::with_block(model::schema::<AnyRecord>())
    }

    fn validate(&self, config: &Object) -> Diagnostics {
        let keys =
            |name: &str| config.get(name).and_then(Value::as_object).map(|it| it.keys().cloned().collect());
        let [plain, secret]: [Vec<String>; 2] =
            ["fields", "fields_wo"].map(|it| keys(it).unwrap_or_default());
        let json: Vec<String> = named::members(config).into_keys().collect();
        for (attribute, names, other, others) in [
            ("fields_wo", &secret, "fields", &plain),
            ("fields_wo", &secret, "fields_json", &json),
            ("fields_json", &json, "fields", &plain),
        ] {
            if let Some(name) = names.iter().find(|it| others.contains(it)) {
                let reason = format!("The column `{name}` is named in `{other}`, too.");
                return errors::out_of_place(attribute, &reason, "Remove it from one of the two.").into();
            }
        }
        written::check_one(config, "fields_wo_version")
    }

    async fn read(&self, state: State) -> ReadOutcome {
        match self.shared.session() {
            Ok(session) => {
                let session = session.for_operation(timeouts::of(&state.object, Operation::Read));
                let outcome = life::read(&session, state).await;
                ReadOutcome { diagnostics: session.redacted(outcome.diagnostics, &[]), ..outcome }
            }
            Err(diagnostics) => diagnostics.into(),
        }
    }

    async fn adjust(&self, planning: &mut Planning<'_>) -> Diagnostics {
        if let Some(session) = self.shared.get() {
            planned::keep_what_means_the_same(&session, planning).await;
            session.foreseen.plan_fields(&named::columns(&planning.plan.planned));
            let missing = planned::what_is_missing(&session, planning).await;
            if missing.has_errors() {
                return session.redacted(missing, &[]);
            }
        }
        let Some(prior) = planning.prior else { return Diagnostics::none() };
        let version = planning.plan.planned.get("fields_wo_version").unwrap_or(&Value::Null);
        let changes = prior.get("fields_wo_version") != Some(version) && !version.is_null();
        if changes && planning.config.get("fields_wo").is_none_or(Value::is_null) {
            return errors::version_without_secret("fields_wo", "fields_wo_version").into();
        }
        Diagnostics::none()
    }

    async fn apply(&self, change: Apply) -> Applied {
        let prior = change.prior.map(|object| State { object, private: change.private });
        let session = match self.shared.session() {
            Ok(session) => session,
            Err(diagnostics) => return Applied { state: prior, diagnostics },
        };
        let secrets = change.config.as_ref().map(life::secrets).unwrap_or_default();
        let within = |object: &Object, operation| session.for_operation(timeouts::of(object, operation));
        let mut applied = match (prior, change.planned) {
            (None, Some(planned)) => {
                let session = within(&planned, Operation::Create);
                life::create(&session, planned, &secrets, &change.progress).await
            }
            (Some(prior), Some(planned)) => {
                let session = within(&planned, Operation::Update);
                life::update(&session, prior, planned, &secrets).await
            }
            (Some(prior), None) => {
                let session = within(&prior.object, Operation::Delete);
                life::delete(&session, prior).await
            }
            (None, None) => Applied::default(),
        };
        applied.diagnostics.extend(session.said());
        let secrets: Vec<Secret> = secrets.into_values().collect();
        Applied { diagnostics: session.redacted(applied.diagnostics, &secrets), ..applied }
    }

    fn import(&self) -> Option<&dyn Import> {
        Some(self)
    }

    fn identity(&self) -> Option<&dyn Identify> {
        Some(self)
    }
}

/// What names a record of any table for good.
#[derive(Clone, Debug, Default, PartialEq, Model)]
pub struct RecordIdentity {
    /// The table that the record is in.
    #[tf(required())]
    pub table: Attr<String>,
    /// The sys_id of the record.
    #[tf(required())]
    pub id: Attr<String>,
    /// The host of the instance, such as `dev12345.service-now.com`. An import from another instance is refused.
    #[tf(optional())]
    pub instance: Attr<String>,
}

#[async_trait]
impl Identify for Records {
    fn identity_schema(&self) -> IdentitySchema {
        IdentitySchema::of::<RecordIdentity>()
    }

    fn identity_of(&self, object: &Object) -> Option<Object> {
        let mut identity = identity::of(&self.shared, object);
        let table = object.get("table").cloned().unwrap_or(Value::Null);
        let has_none = identity.get("id").is_none_or(Value::is_null);
        identity.insert("table".to_owned(), if has_none { Value::Null } else { table });
        Some(identity)
    }

    async fn by_identity(&self, identity: &Object) -> Result<Option<State>, Diagnostics> {
        let id = identity::id(&self.shared, identity)?;
        let table = identity.get("table").and_then(Value::as_str).unwrap_or_default();
        self.by_id(&format!("{table}/{id}")).await.map(Some)
    }

    fn may_change(&self) -> bool {
        // The same instance may get another address.
        true
    }
}

#[async_trait]
impl Import for Records {
    async fn by_id(&self, id: &str) -> Result<State, Diagnostics> {
        let session = self.shared.session()?;
        taking_over::import(&session, id).await.map_err(|it| session.redacted(it, &[]))
    }
}

fn table_name() -> Check {
    let test = |value: &Value| match value.as_str() {
        Some(text) if text.parse::<TableName>().is_err() => Err(format!(
            "`{text}` cannot be the name of a table. Write it as the instance spells it, such as `sc_req_item`"
        )),
        _ => Ok(()),
    };
    Check::new("the name of a table", test).in_json_schema("pattern", "^[0-9A-Za-z_]+$")
}

fn is_legal(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|it| it.is_ascii_alphanumeric() || it == b'_') && text != "sys_id"
}

/// A check that a text is the JSON of an object whose members are columns.
fn json_columns() -> Check {
    let test = |value: &Value| {
        let Some(text) = value.as_str() else { return Ok(()) };
        let Ok(json) = serde_json::from_str::<serde_json::Map<String, serde_json::Value>>(text) else {
            return Err(
                "it is not the JSON of an object. Write it as in `jsonencode({ quantity = 2 })`".to_owned()
            );
        };
        match json.keys().find(|it| !is_legal(it)) {
            Some(name) => {
                Err(format!("`{name}` is no column that can be written. Write its name, not its label"))
            }
            None => Ok(()),
        }
    };
    Check::new("the JSON of an object whose members are columns", test)
        .in_json_schema("contentMediaType", "application/json")
}

fn column_name() -> Check {
    let test = move |value: &Value| match value.as_str() {
        Some(text) if !is_legal(text) => {
            Err(format!("`{text}` is no column that can be written. Write its name, not its label"))
        }
        _ => Ok(()),
    };
    Check::new("the name of a column", test).in_json_schema("pattern", "^[0-9A-Za-z_]+$")
}
