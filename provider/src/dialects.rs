//! What differs between the platform's own tables and those of an application, as data.

pub mod native;
pub mod unifi;

use reconcile::Choices;
use reconcile::exclusive::Belief;
use servicenow_core::Record;

/// Every group of records of which one is active.
pub const GROUPS: &[&Exclusive] = &[&native::CONNECTIONS, &unifi::CONNECTIONS];

/// Who keeps the rule that one of a group is active: what is learnt of one group holds for all of the same rule.
#[derive(Debug)]
pub struct Rule {
    /// The provider setting that says so.
    pub setting: &'static str,
    /// What is taken for true where the setting says nothing. `Unknown` is found out on records of nobody.
    pub assumed: Belief,
}

/// How a group is kept from sending, and where its messages are.
#[derive(Debug)]
pub struct Traffic {
    /// The column of a group that says whether it sends, and its choices.
    pub state: &'static Choices,
    /// What that column holds where messages are held back, in words of ours or of the instance.
    pub paused: &'static str,
    /// The table of the messages, and the column that says how far one is.
    pub progress: &'static Choices,
    /// What that column holds of a message that waits.
    pub waiting: &'static [&'static str],
    /// What it holds of one that is at its end.
    pub finished: &'static [&'static str],
    /// The column of a message that names its group.
    pub group: &'static str,
    /// The column that people know a message by.
    pub number: &'static str,
    /// The column that says where a message goes.
    pub direction: &'static str,
}

/// A group of records of which one is active.
#[derive(Debug)]
pub struct Exclusive {
    /// Whether the tables come with an application that may not be installed.
    pub is_of_application: bool,
    /// The table that shows every member, whatever its class.
    pub members: &'static str,
    /// The table whose records a rule can be tried on.
    pub concrete: &'static str,
    /// The column that names the group.
    pub group: &'static str,
    /// The table of the groups.
    pub groups: &'static str,
    /// The column that people know a group by.
    pub group_name: &'static str,
    /// Names by which a group can be found, the surest first.
    pub group_keys: &'static [&'static str],
    /// The column of a group that allows several active members, where there is one.
    pub group_allows_several: Option<&'static str>,
    /// The column of a group that follows its members, where there is one: on while one of them is active. It is nobody's
    /// to write.
    pub group_flag: Option<&'static str>,
    /// How a group is kept from sending, where that can be done.
    pub traffic: Option<&'static Traffic>,
    /// Who keeps the rule.
    pub rule: &'static Rule,
    /// The column that says whether a member is active.
    pub flag: &'static str,
    /// The column that says which of several active members comes first, where a group may have several: a whole number,
    /// the lower one first. *Assumed*, so that a provider setting renames it.
    pub place: Option<&'static str>,
    /// The column that people know a member by.
    pub name: &'static str,
    /// The column of a member that holds the address of the other system; it may be one of its class alone.
    pub address: &'static str,
    /// The column of a member that names the user that calls are let in for, where one may be active to receive alone.
    pub caller: Option<&'static str>,
    /// What a member lacks when one column holds a word and another is empty: a way to sign in without what it takes.
    pub takes: &'static [(&'static str, &'static str, &'static str)],
    /// The column of a member that names its domain, where one may be active in each.
    pub domain: Option<&'static str>,
    /// The column of a member that names its environment, where it has one.
    pub environment: Option<&'static str>,
    /// The column of a member that names the only instance that may send through it, where there is one.
    pub instance_name: Option<&'static str>,
    /// The column of a member that refers to a platform credential, where it has one.
    pub credential: Option<&'static str>,
    /// Roles of which one lets a user see the groups.
    pub roles: &'static [&'static str],
    /// The resource that chooses the active one.
    pub pointer: &'static str,
    /// What a group is called in messages.
    pub group_noun: &'static str,
    /// What a member is called in messages.
    pub member_noun: &'static str,
}

impl Exclusive {
    /// The columns that are read of a group.
    pub fn group_columns(&self) -> Vec<&'static str> {
        let state = self.traffic.map(|it| it.state.column);
        [Some(self.group_name), self.group_allows_several, self.group_flag, state]
            .into_iter()
            .flatten()
            .collect()
    }

    /// The columns that are read of each member.
    pub fn member_columns(&self) -> Vec<&'static str> {
        let columns =
            [self.name, self.flag, self.group, "sys_class_name", "sys_updated_by", "sys_updated_on"];
        columns.into_iter().chain(self.domain).collect()
    }

    /// The same with the place.
    pub fn placed_columns(&self) -> Vec<&'static str> {
        self.member_columns().into_iter().chain(self.place).collect()
    }

    /// Whether a group may have several active members.
    pub fn allows_several(&self, group: &Record) -> bool {
        self.group_allows_several.is_some_and(|column| group.flag(column))
    }
}
