//! `servicenow_preflight`: what the user that signs in lacks for a configuration, before anything is planned.

use std::collections::BTreeSet;
use std::sync::Arc;

use async_trait::async_trait;
use servicenow_core::{Kind, Query, Record};
use tf_core::model::SetOf;
use tf_core::{Attr, Diagnostics, Model, Object, Schema, check, model};
use tf_plugin::{DataOutcome, DataSource};

use crate::account;
use crate::errors::{self, Doing};
use crate::registry::DEFINITIONS;
use crate::session::{Session, Shared};
use crate::{tables, timeouts};

/// The role that holds every other one.
const EVERYTHING: &str = "admin";

/// Which roles and tables the user that signs in lacks. Name the types that a configuration manages, and further roles and
/// tables if need be. What is missing is data and no error, so that a `check` block can say it in a plan.
#[derive(Clone, Debug, Default, PartialEq, Model)]
pub struct Preflight {
    /// Types of resources that the configuration manages, such as `servicenow_http_connection`: their tables have to be
    /// readable.
    #[tf(optional())]
    pub resource_types: Attr<SetOf<String>>,
    /// Further tables that have to be readable.
    #[tf(optional())]
    pub tables: Attr<SetOf<String>>,
    /// Roles that the user has to have. `admin` holds every role.
    #[tf(optional().check(check::each(check::length(1, 100))))]
    pub roles: Attr<SetOf<String>>,
    /// Whether nothing is missing.
    #[tf(computed())]
    pub ready: Attr<bool>,
    /// Name of the user that signs in, null when the user may not read its own record.
    #[tf(computed())]
    pub user_name: Attr<String>,
    /// Roles that the user has, inherited ones too.
    #[tf(computed())]
    pub present_roles: Attr<Vec<String>>,
    /// Roles of `roles` that the user does not have.
    #[tf(computed())]
    pub missing_roles: Attr<Vec<String>>,
    /// Tables that the user may not read, or that the instance does not have.
    #[tf(computed())]
    pub unreadable_tables: Attr<Vec<String>>,
    /// Tables that have rows of which the user sees none.
    #[tf(computed())]
    pub hidden_tables: Attr<Vec<String>>,
    /// What is missing, sentence by sentence.
    #[tf(computed())]
    pub problems: Attr<Vec<String>>,
}

/// The data source.
pub struct Source {
    shared: Arc<Shared>,
}

/// How much of a table a user sees.
enum Sight {
    Seen,
    Hidden,
    Closed(String),
}

impl Source {
    /// The whole type name.
    pub const TYPE_NAME: &'static str = "servicenow_preflight";

    /// The data source.
    pub fn new(shared: Arc<Shared>) -> Source {
        Source { shared }
    }

    async fn check(&self, session: &Session, config: &Object) -> Result<Object, Diagnostics> {
        let mut model = Preflight::from_object(config).map_err(|it| errors::mismatch(&it))?;
        let mut problems = Vec::new();
        let user = account::own(session).await.map_err(|error| failed(&error))?;
        let present = match &user {
            Some(user) => roles_of(session, user).await?,
            None => BTreeSet::new(),
        };
        let mut missing: Vec<String> = texts(&model.roles);
        missing.retain(|it| !present.contains(it) && !present.contains(EVERYTHING));
        problems.extend(missing.iter().map(|it| format!("The user does not have the role `{it}`.")));
        let (mut unreadable, mut hidden) = (Vec::new(), Vec::new());
        for table in wanted(&model)? {
            match sight(session, &table).await? {
                Sight::Seen => {}
                Sight::Hidden => {
                    problems.push(format!("`{table}` has rows, and the user sees none of them."));
                    hidden.push(table);
                }
                Sight::Closed(reason) => {
                    problems.push(format!("`{table}` cannot be read: {reason}."));
                    unreadable.push(table);
                }
            }
        }
        model.ready = Attr::Known(problems.is_empty());
        model.user_name = user.map_or(Attr::Null, |it| Attr::Known(it.text("user_name").to_owned()));
        model.present_roles = Attr::Known(present.into_iter().collect());
        model.missing_roles = Attr::Known(missing);
        model.unreadable_tables = Attr::Known(unreadable);
        model.hidden_tables = Attr::Known(hidden);
        model.problems = Attr::Known(problems);
        Ok(model.to_object())
    }
}

fn texts(set: &Attr<SetOf<String>>) -> Vec<String> {
    set.known().map(|it| it.0.clone()).unwrap_or_default()
}

/// The tables of the types that are managed, and those that are named.
fn wanted(model: &Preflight) -> Result<BTreeSet<String>, Diagnostics> {
    let mut tables: BTreeSet<String> = texts(&model.tables).into_iter().collect();
    for type_name in texts(&model.resource_types) {
        let Some(definition) = DEFINITIONS.iter().find(|it| it.type_name == type_name) else {
            let known: Vec<&str> = DEFINITIONS.iter().map(|it| it.type_name).collect();
            return Err(errors::unknown_type(&type_name, &known).into());
        };
        tables.extend(definition.layout.records.iter().map(|it| it.table.to_owned()));
    }
    Ok(tables)
}

async fn roles_of(session: &Session, user: &Record) -> Result<BTreeSet<String>, Diagnostics> {
    let table = tables::table("sys_user_has_role")?;
    let query =
        Query::new().equals("user", user.text("sys_id")).map_err(|_| errors::bug("a user has no id"))?;
    match session.client.list(&table, &query, &["role.name"]).await {
        Ok(rows) => {
            Ok(rows.iter().map(|it| it.text("role.name").to_owned()).filter(|it| !it.is_empty()).collect())
        }
        Err(error) if error.kind == Kind::Forbidden => Ok(BTreeSet::new()),
        Err(error) => Err(failed(&error)),
    }
}

/// Rows are counted before access rules hide them, so that a table which seems empty can be told from one that is.
async fn sight(session: &Session, name: &str) -> Result<Sight, Diagnostics> {
    let Ok(table) = name.parse() else {
        return Ok(Sight::Closed("this is no name of a table".to_owned()));
    };
    match session.client.sees(&table).await {
        Ok((0, total)) if total > 0 => Ok(Sight::Hidden),
        Ok(_) => Ok(Sight::Seen),
        Err(error)
            if matches!(
                error.kind,
                Kind::Forbidden | Kind::InvalidTable | Kind::NotFound | Kind::BadRequest
            ) =>
        {
            Ok(Sight::Closed(error.reason))
        }
        Err(error) => Err(failed(&error)),
    }
}

fn failed(error: &servicenow_core::ServiceError) -> Diagnostics {
    let doing = Doing { verb: "check the rights of", noun: "user", name: "(the one that signs in)" };
    errors::service(&doing, error, "Nothing was changed.").into()
}

#[async_trait]
impl DataSource for Source {
    fn type_name(&self) -> &str {
        Source::TYPE_NAME
    }

    fn schema(&self) -> Schema {
        model::schema::<Preflight>()
    }

    async fn read(&self, config: Object) -> DataOutcome {
        let session = match self.shared.session() {
            Ok(session) => session.for_operation(timeouts::DEFAULT_MS),
            Err(problems) => return problems.into(),
        };
        match self.check(&session, &config).await {
            Ok(object) => object.into(),
            Err(problems) => session.redacted(problems, &[]).into(),
        }
    }
}
