//! In an instance that separates domains one member of a group is active in each of them: what is active in another domain is
//! no rival, and nobody's to switch off.

use std::collections::BTreeSet;

use servicenow_core::SysId;

use super::Row;

/// How the instance calls the domain of what belongs to none ([doc]: `global`, and `/` where domains are not separated).
const EVERYWHERE: [&str; 3] = ["", "/", "global"];

/// The domain of a member, one word for all spellings of none.
pub fn domain(text: &str) -> &str {
    if EVERYWHERE.contains(&text) { "" } else { text }
}

/// The rows that are in the domain of one of these members. Where none of them is there, they are all rows of an instance
/// that shows one domain, and none where it shows several: nobody can say which one is meant.
pub fn within(rows: Vec<Row>, of: &[SysId]) -> Vec<Row> {
    let named = |it: &&Row| of.contains(&it.member.sys_id);
    let meant: BTreeSet<String> = rows.iter().filter(named).map(|it| it.domain.clone()).collect();
    let all: BTreeSet<&str> = rows.iter().map(|it| it.domain.as_str()).collect();
    if all.len() < 2 {
        return rows;
    }
    rows.into_iter().filter(|it| meant.contains(&it.domain)).collect()
}

/// Whether two lists of members are certainly in domains that have nothing in common.
pub fn are_apart(rows: &[Row], some: &[SysId], others: &[SysId]) -> bool {
    let domains = |ids: &[SysId]| -> Option<BTreeSet<&str>> {
        let domain_of =
            |id: &SysId| rows.iter().find(|it| it.member.sys_id == *id).map(|it| it.domain.as_str());
        ids.iter().map(domain_of).collect()
    };
    match (domains(some), domains(others)) {
        (Some(some), Some(others)) => some.is_disjoint(&others),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use reconcile::exclusive::Member;

    use super::*;

    fn id(number: u8) -> SysId {
        format!("{number:032x}").parse().unwrap()
    }

    fn rows(domains: &[&str]) -> Vec<Row> {
        let row = |(number, text): (u8, &&str)| Row {
            member: Member { sys_id: id(number), active: true },
            name: number.to_string(),
            updated_by: String::new(),
            updated_on: String::new(),
            class: String::new(),
            place: None,
            domain: domain(text).to_owned(),
        };
        (0..).zip(domains).map(row).collect()
    }

    fn check(domains: &[&str], of: &[u8], expected: &[&str]) {
        let of: Vec<SysId> = of.iter().copied().map(id).collect();
        let names: Vec<String> = within(rows(domains), &of).into_iter().map(|it| it.name).collect();
        assert_eq!(names, expected, "{domains:?} {of:?}");
    }

    #[test]
    fn a_member_has_its_rivals_in_its_own_domain() {
        check(&["global", "global"], &[0], &["0", "1"]);
        check(&["", "/", "global"], &[1], &["0", "1", "2"]);
        check(&["global", "one", "two"], &[1], &["1"]);
        check(&["global", "one", "one", "two"], &[1], &["1", "2"]);
        check(&["one", "two", "three"], &[0, 2], &["0", "2"]);
        check(&["one", "two"], &[], &[]);
        check(&["one", "two"], &[9], &[]);
        check(&["one", "one"], &[], &["0", "1"]);
        check(&["one", "one"], &[9], &["0", "1"]);
        check(&[], &[0], &[]);
    }

    #[test]
    fn members_are_apart_only_where_all_their_domains_are_known() {
        let rows = rows(&["one", "two", "two"]);
        for (some, others, expected) in
            [(0, 1, true), (1, 2, false), (0, 0, false), (0, 9, false), (9, 1, false)]
        {
            assert_eq!(are_apart(&rows, &[id(some)], &[id(others)]), expected, "{some} {others}");
        }
    }
}
