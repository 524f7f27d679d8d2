//! What differs between the platform's own tables and those of an application, as data.

pub mod native;

/// A group of records of which one is active.
#[derive(Debug)]
pub struct Exclusive {
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
    /// The column of a group that allows several active members.
    pub group_allows_several: &'static str,
    /// The column that says whether a member is active.
    pub flag: &'static str,
    /// The column that people know a member by.
    pub name: &'static str,
    /// What a group is called in messages.
    pub group_noun: &'static str,
    /// What a member is called in messages.
    pub member_noun: &'static str,
}
