//! People from a file: users with their passwords and roles.

use serde::Deserialize;
use serde_json::json;
use uuid::Uuid;

use crate::fixture::{self, FixtureError};
use crate::instance::{Instance, text};
use crate::store::{Row, StoreError};

/// A user as a file has it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Person {
    /// The name that it signs in with.
    pub user_name: String,
    /// Its password in clear text.
    pub password: String,
    /// The names of its roles; those that the instance does not have are created.
    #[serde(default)]
    pub roles: Vec<String>,
}

/// People that cannot be added.
#[derive(Debug, thiserror::Error)]
pub enum PeopleError {
    /// A row is refused.
    #[error("the people of the file cannot be added")]
    Refused(#[from] FixtureError),
    /// The database failed.
    #[error("the people of the file cannot be stored")]
    Store(#[from] StoreError),
}

/// Adds users. One that is there already gets the password and the roles that it lacks.
pub fn add_people(instance: &Instance, people: &[Person]) -> Result<(), PeopleError> {
    people.iter().try_for_each(|it| add(instance, it))
}

fn add(instance: &Instance, person: &Person) -> Result<(), PeopleError> {
    let user = match found(instance, "sys_user", &[("user_name", &person.user_name)])? {
        Some(sys_id) => {
            let password = instance.store.encrypt(&person.password)?;
            let changes = Row::from([("user_password".to_owned(), password)]);
            instance.store.update("sys_user", &sys_id, &changes)?;
            sys_id
        }
        None => created(
            instance,
            "sys_user",
            json!({"user_name": person.user_name, "user_password": person.password, "active": "true"}),
        )?,
    };
    for name in &person.roles {
        let role = match found(instance, "sys_user_role", &[("name", name)])? {
            Some(sys_id) => sys_id,
            None => created(instance, "sys_user_role", json!({"name": name}))?,
        };
        if found(instance, "sys_user_has_role", &[("user", &user), ("role", &role)])?.is_none() {
            created(instance, "sys_user_has_role", json!({"user": user, "role": role}))?;
        }
    }
    Ok(())
}

fn found(instance: &Instance, table: &str, values: &[(&str, &str)]) -> Result<Option<String>, StoreError> {
    let rows = instance.store.matching(&instance.dictionary, table, values)?;
    Ok(rows.first().map(|(_, row)| text(row, "sys_id").to_owned()))
}

fn created(instance: &Instance, table: &str, mut row: serde_json::Value) -> Result<String, PeopleError> {
    let sys_id = Uuid::new_v4().simple().to_string();
    if let Some(columns) = row.as_object_mut() {
        columns.insert("sys_id".to_owned(), json!(sys_id));
    }
    fixture::fill_from(instance, &json!({ table: [row] }).to_string())?;
    Ok(sys_id)
}
