//! Which claims contradict each other, and which claims are one and the same resource.

use super::*;

const ON: Kind = Kind::Member { active: true };
const OFF: Kind = Kind::Member { active: false };

fn id(number: u8) -> SysId {
    SysId::from_bytes([number; 16])
}

fn claim(kind: Kind, member: Option<u8>) -> Claim {
    Claim {
        group: id(0),
        kind,
        type_name: "servicenow_thing",
        name: None,
        members: member.map(|it| vec![id(it)]),
    }
}

/// Registers one claim. Gives the claims of others.
fn make(claims: &Claims, claim: Claim, private: &[u8], is_new: bool) -> (Vec<Claim>, Vec<u8>) {
    let (met, private) = claims.make(vec![claim], private, is_new);
    (met.into_iter().map(|it| it.1).collect(), private)
}

#[test]
fn a_resource_that_claims_many_groups_meets_others_in_each() {
    let claims = Claims::new("a".to_owned());
    let of = |group: u8, kind: Kind| Claim { group: id(group), ..claim(kind, Some(1)) };
    claims.make(vec![of(1, Kind::Environment), of(2, Kind::Environment)], b"", true);
    let (met, _) = claims.make(vec![of(2, Kind::Environment), of(3, Kind::Environment)], b"", true);
    assert_eq!(met, [(of(2, Kind::Environment), of(2, Kind::Environment))]);
    assert_eq!(make(&claims, of(3, Kind::Pointer), b"", true).0, [of(3, Kind::Environment)]);
}

#[test]
fn claims_of_one_group_are_told_apart() {
    let (pointer, environment) = (Kind::Pointer, Kind::Environment);
    for (one, two, expected) in [
        (claim(pointer.clone(), Some(1)), claim(pointer.clone(), Some(1)), Together::Same),
        (claim(pointer.clone(), Some(1)), claim(pointer.clone(), Some(2)), Together::Against),
        (claim(pointer.clone(), Some(1)), claim(pointer.clone(), None), Together::Open),
        (claim(pointer.clone(), None), claim(pointer.clone(), None), Together::Open),
        (claim(pointer.clone(), Some(1)), claim(ON, Some(1)), Together::Against),
        (claim(pointer.clone(), Some(1)), claim(ON, None), Together::Against),
        (claim(pointer.clone(), Some(1)), claim(OFF, Some(1)), Together::Against),
        (claim(pointer.clone(), Some(1)), claim(OFF, Some(2)), Together::Fine),
        (claim(pointer.clone(), None), claim(OFF, None), Together::Fine),
        (claim(ON, Some(1)), claim(ON, Some(2)), Together::UnlessSeveral),
        (claim(ON, None), claim(ON, None), Together::UnlessSeveral),
        (claim(ON, Some(1)), claim(OFF, Some(2)), Together::Fine),
        (claim(OFF, Some(1)), claim(OFF, Some(2)), Together::Fine),
        (claim(environment.clone(), Some(1)), claim(pointer.clone(), Some(1)), Together::Against),
        (claim(environment.clone(), Some(1)), claim(environment.clone(), Some(1)), Together::Against),
        (claim(environment.clone(), Some(1)), claim(ON, Some(1)), Together::Against),
        (claim(environment.clone(), Some(1)), claim(OFF, Some(1)), Together::Against),
        (claim(environment, Some(1)), claim(OFF, Some(2)), Together::Fine),
    ] {
        assert_eq!(one.beside(&two), expected, "{one:?} {two:?}");
        assert_eq!(two.beside(&one), expected, "{two:?} {one:?}");
    }
}

#[test]
fn a_pointer_to_several_meets_whoever_speaks_of_one_of_them() {
    let several = |members: &[u8]| Claim {
        members: Some(members.iter().map(|it| id(*it)).collect()),
        ..claim(Kind::Pointer, None)
    };
    for (one, two, expected) in [
        (several(&[1, 2]), several(&[1, 2]), Together::Same),
        (several(&[1, 2]), several(&[2, 1]), Together::Against),
        (several(&[1, 2]), claim(Kind::Pointer, Some(1)), Together::Against),
        (several(&[1, 2]), claim(OFF, Some(2)), Together::Against),
        (several(&[1, 2]), claim(OFF, Some(3)), Together::Fine),
        (several(&[1, 2]), claim(ON, Some(1)), Together::Against),
    ] {
        assert_eq!(one.beside(&two), expected, "{one:?} {two:?}");
        assert_eq!(two.beside(&one), expected, "{two:?} {one:?}");
    }
    let claims = Claims::new("a".to_owned());
    make(&claims, several(&[1, 2]), b"", true);
    assert!(claims.is_chosen(&id(0), &id(2)) && !claims.is_chosen(&id(0), &id(3)));
}

#[test]
fn both_plans_of_a_replacement_are_one_claim() {
    let claims = Claims::new("a".to_owned());
    let (others, private) = make(&claims, claim(Kind::Pointer, Some(1)), b"{\"active\":{}}", false);
    assert_eq!(others, []);
    let (others, _) = make(&claims, claim(Kind::Pointer, Some(2)), &private, true);
    assert_eq!(others, [], "it is the same resource, whatever it says now");
    let (others, _) = make(&claims, claim(Kind::Pointer, Some(3)), b"", true);
    assert_eq!(others, [claim(Kind::Pointer, Some(2))], "the first plan is forgotten");
}

#[test]
fn what_else_is_in_the_private_bytes_stays() {
    let claims = Claims::new("a".to_owned());
    let (_, private) = make(&claims, claim(ON, None), br#"{"seen":{"connection":"3"}}"#, false);
    assert_eq!(private::get(&private, "seen").unwrap()["connection"], "3");
}

#[test]
fn a_mark_of_an_older_run_is_no_mark_of_this_one() {
    let (_, old) = make(&Claims::new("a".to_owned()), claim(Kind::Pointer, Some(1)), b"", false);
    let claims = Claims::new("b".to_owned());
    make(&claims, claim(Kind::Pointer, Some(1)), b"", false);
    assert_eq!(make(&claims, claim(Kind::Pointer, Some(2)), &old, true).0, [claim(Kind::Pointer, Some(1))]);
}

#[test]
fn claims_of_other_groups_and_of_earlier_plans_are_none_of_its_business() {
    let claims = Claims::new("a".to_owned());
    make(&claims, Claim { group: id(9), ..claim(Kind::Pointer, Some(1)) }, b"", true);
    assert_eq!(make(&claims, claim(Kind::Pointer, Some(1)), b"", true).0, []);
    claims.clear();
    assert_eq!(make(&claims, claim(Kind::Pointer, Some(2)), b"", true).0, []);
}
