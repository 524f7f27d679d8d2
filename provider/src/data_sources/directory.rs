//! What a configuration refers to and nobody manages here: MID servers, profiles, users and applications, as tables that
//! say which column shows as which attribute.

use std::sync::Arc;

use async_trait::async_trait;
use servicenow_client::Freshness;
use servicenow_core::{Record, SysId};
use tf_core::{Attribute, AttributeType, Behavior, Block, Mode, Object, Schema, Type, Value};
use tf_plugin::{ReadOutcome, State};

use crate::errors::{self, Doing};
use crate::session::Shared;
use crate::subject::{Beside, Filter, Reads, Subject, Test};
use crate::tables;

/// Records of one table that are looked up and never written.
struct Directory {
    type_name: &'static str,
    noun: &'static str,
    subcategory: &'static str,
    /// Markdown, one sentence first.
    doc: &'static str,
    table: &'static str,
    /// Columns by which people know one, the surest first.
    keys: &'static [&'static str],
    columns: &'static [Entry],
}

/// A column and the attribute that shows it.
struct Entry {
    attribute: &'static str,
    column: &'static str,
    shows: Shows,
    doc: &'static str,
}

/// What a column shows as.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Shows {
    Text,
    /// A text that a search can be narrowed by.
    Word,
    Flag,
}

const fn entry(attribute: &'static str, column: &'static str, shows: Shows, doc: &'static str) -> Entry {
    Entry { attribute, column, shows, doc }
}

/// Column names as MID servers have them on every instance.
const MID_SERVERS: Directory = Directory {
    type_name: "servicenow_mid_server",
    noun: "MID server",
    subcategory: "Environment",
    doc: "A MID server: the program inside a network through which an instance reaches systems that it cannot reach itself. \
          Needs a role that may read `ecc_agent`, such as `agent_admin` or `connection_admin`.",
    table: "ecc_agent",
    keys: &["name"],
    columns: &[
        entry("name", "name", Shows::Word, "Name of the MID server."),
        entry(
            "status",
            "status",
            Shows::Word,
            "Whether it runs, as the instance spells it: `Up`, `Down`, `Paused`.",
        ),
        entry("validated", "validated", Shows::Flag, "Whether it is trusted with credentials."),
        entry("host_name", "host_name", Shows::Text, "Name of the machine that it runs on."),
        entry("version", "version", Shows::Text, "Its version."),
        entry("user_name", "user_name", Shows::Text, "User name with which it signs in at the instance."),
        entry("last_refreshed", "last_refreshed", Shows::Text, "When it was last heard of, in UTC."),
    ],
};

/// The columns beside `name` are assumed; a missing one is said with a warning.
const PROTOCOL_PROFILES: Directory = Directory {
    type_name: "servicenow_protocol_profile",
    noun: "protocol profile",
    subcategory: "Environment",
    doc: "A protocol profile: with which key an instance proves who it is when a connection uses mutual authentication. The \
          name of the profile is the scheme of the connection's URL.",
    table: "sys_protocol_profile",
    keys: &["name"],
    columns: &[entry(
        "name",
        "name",
        Shows::Word,
        "Name of the profile, which is the scheme of URLs that use it.",
    )],
};

const USERS: Directory = Directory {
    type_name: "servicenow_user",
    noun: "user",
    subcategory: "Environment",
    doc: "A user of the instance. The password is never shown.",
    table: "sys_user",
    keys: &["user_name"],
    columns: &[
        entry(
            "user_name",
            "user_name",
            Shows::Word,
            "Name with which the user signs in, unique on the instance.",
        ),
        entry("name", "name", Shows::Text, "First and last name."),
        entry("email", "email", Shows::Text, "Address for mail."),
        entry("active", "active", Shows::Flag, "Whether the user may sign in."),
        entry(
            "locked_out",
            "locked_out",
            Shows::Flag,
            "Whether the user is locked out after wrong passwords.",
        ),
        entry(
            "web_service_access_only",
            "web_service_access_only",
            Shows::Flag,
            "Whether the user may use web services and nothing else.",
        ),
        entry(
            "identity_type",
            "identity_type",
            Shows::Word,
            "What kind of user it is: `human`, `machine`, `ai_agent`.",
        ),
    ],
};

const APPLICATIONS: Directory = Directory {
    type_name: "servicenow_application",
    noun: "application",
    subcategory: "Environment",
    doc: "An application of the instance, to whose scope records of configuration belong.",
    table: "sys_scope",
    keys: &["scope", "name"],
    columns: &[
        entry("name", "name", Shows::Word, "Name of the application."),
        entry("scope", "scope", Shows::Word, "Its scope, unique on the instance: `global`, `x_acme_orders`."),
        entry("version", "version", Shows::Text, "Its version."),
    ],
};

const DIRECTORIES: &[&Directory] = &[&MID_SERVERS, &PROTOCOL_PROFILES, &USERS, &APPLICATIONS];

/// Everything that is looked up and never written.
pub fn subjects(shared: &Arc<Shared>) -> Vec<Subject> {
    DIRECTORIES.iter().map(|it| it.subject(shared)).collect()
}

impl Directory {
    fn subject(&'static self, shared: &Arc<Shared>) -> Subject {
        let filters = self.columns.iter().filter_map(|it| self.filter(it)).collect();
        let shown = self.attributes();
        let beside = Beside {
            type_name: self.type_name,
            noun: self.noun,
            subcategory: self.subcategory,
            table: self.table,
            keys: self.keys,
            filters,
            ids: &["id"],
            exists_with: &[],
            except: None,
        };
        let schema = Schema {
            version: 0,
            block: Block { doc: self.doc.to_owned(), attributes: shown.clone(), ..Block::default() },
        };
        let reads = Arc::new(Reader { directory: self, shared: shared.clone() });
        Subject::beside(reads, &schema, shown, beside)
    }

    fn filter(&self, entry: &Entry) -> Option<Filter> {
        let test = match entry.shows {
            _ if self.keys.contains(&entry.column) => Test::Key(entry.column),
            Shows::Word | Shows::Flag => Test::Equals(entry.column),
            Shows::Text => return None,
        };
        let doc = format!("{} Only objects with this value are found.", entry.doc);
        Some(Filter { attribute: entry.attribute.to_owned(), doc, ty: entry.ty(), test })
    }

    fn attributes(&self) -> Vec<Attribute> {
        let id = attribute("id", "The sys_id of the record.", Type::String);
        let others = self.columns.iter().map(|it| attribute(it.attribute, it.doc, it.ty()));
        std::iter::once(id).chain(others).collect()
    }
}

impl Entry {
    fn ty(&self) -> Type {
        if self.shows == Shows::Flag { Type::Bool } else { Type::String }
    }

    /// The attribute of a record; null where the column is empty or hidden.
    fn value(&self, record: &Record) -> Value {
        match (self.shows, record.get(self.column)) {
            (_, None) => Value::Null,
            (Shows::Flag, Some(_)) => Value::Bool(record.flag(self.column)),
            (_, Some("")) => Value::Null,
            (_, Some(text)) => Value::string(text),
        }
    }
}

fn attribute(name: &str, doc: &str, ty: Type) -> Attribute {
    Attribute {
        name: name.to_owned(),
        doc: doc.to_owned(),
        ty: AttributeType::Plain(ty),
        sensitive: false,
        write_only: false,
        behavior: Behavior { mode: Mode::Computed, ..Behavior::default() },
    }
}

struct Reader {
    directory: &'static Directory,
    shared: Arc<Shared>,
}

#[async_trait]
impl Reads for Reader {
    async fn read(&self, state: State) -> ReadOutcome {
        let directory = self.directory;
        let session = match self.shared.session() {
            Ok(session) => session,
            Err(problems) => return problems.into(),
        };
        let id = state.object.get("id").and_then(Value::as_str).unwrap_or_default().to_owned();
        let (table, parsed) = match (tables::table(directory.table), id.parse::<SysId>()) {
            (Ok(table), Ok(parsed)) => (table, parsed),
            (Err(problems), _) => return problems.into(),
            (_, Err(_)) => {
                return ReadOutcome::from(tf_core::Diagnostics::from(errors::bug("a row has no id")));
            }
        };
        let columns: Vec<&str> = directory.columns.iter().map(|it| it.column).collect();
        match session.client.read(&table, &parsed, &columns, Freshness::ThisRun).await {
            Ok(Some(record)) => {
                let mut object: Object =
                    directory.columns.iter().map(|it| (it.attribute.to_owned(), it.value(&record))).collect();
                object.insert("id".to_owned(), Value::string(id));
                State { object, private: Vec::new() }.into()
            }
            Ok(None) => ReadOutcome::default(),
            Err(error) => {
                let doing = Doing { verb: "read", noun: directory.noun, name: &id };
                tf_core::Diagnostics::from(errors::service(&doing, &error, "Nothing was changed.")).into()
            }
        }
    }
}
