//! Table names.

use std::fmt;
use std::str::FromStr;

/// The name of a table: lower-case letters, digits and underscores, beginning with a letter.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TableName(String);

/// A text that is no table name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a table name has 1 to 80 lower-case letters, digits and underscores, and begins with a letter")]
pub struct TableNameError;

impl TableName {
    /// The longest name that `sys_db_object.name` holds.
    const LENGTH_MAX: usize = 80;

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for TableName {
    type Err = TableNameError;
    fn from_str(text: &str) -> Result<TableName, TableNameError> {
        let legal = |it: u8| it.is_ascii_lowercase() || it.is_ascii_digit() || it == b'_';
        let begins = text.bytes().next().is_some_and(|it| it.is_ascii_lowercase());
        if begins && text.len() <= TableName::LENGTH_MAX && text.bytes().all(legal) {
            Ok(TableName(text.to_owned()))
        } else {
            Err(TableNameError)
        }
    }
}

impl fmt::Display for TableName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_name_is_checked_once_at_the_edge() {
        for right in ["sys_alias", "x_snd_eb_connection", "oauth_2_0_credentials", "u_a"] {
            assert_eq!(right.parse::<TableName>().unwrap().to_string(), right);
        }
        for wrong in ["", "_a", "2a", "Sys_alias", "a/b", "a b", "a?b", &"a".repeat(81)] {
            assert_eq!(wrong.parse::<TableName>(), Err(TableNameError), "{wrong}");
        }
    }
}
