//! Tests of the MessagePack codec.

use proptest::prelude::*;

use super::*;
use crate::wire::random::{self, Knowledge};
use crate::wire::{DEPTH_MAX, VALUES_MAX};
use crate::{Path, Refinements, Step};

fn bytes(hex: &str) -> Vec<u8> {
    let digits: Vec<char> = hex.chars().filter(|it| !it.is_whitespace()).collect();
    digits.chunks(2).map(|pair| u8::from_str_radix(&pair.iter().collect::<String>(), 16).unwrap()).collect()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|it| format!("{it:02x}")).collect()
}

fn number(text: &str) -> Value {
    Value::Number(text.parse().unwrap())
}

fn object(members: &[(&str, Type)]) -> Type {
    Type::Object(members.iter().map(|(name, ty)| ((*name).to_owned(), ty.clone())).collect())
}

fn members<const N: usize>(members: [(&str, Value); N]) -> Value {
    Value::Map(members.into_iter().map(|(name, it)| (name.to_owned(), it)).collect())
}

/// Both directions.
#[track_caller]
fn check(wire: &str, ty: &Type, value: &Value) {
    check_decode(wire, ty, value);
    assert_eq!(hex(&encode(value, ty).unwrap()), wire.replace(' ', ""));
}

#[track_caller]
fn check_decode(wire: &str, ty: &Type, value: &Value) {
    assert_eq!(decode(&bytes(wire), ty).as_ref(), Ok(value), "{wire}");
}

#[track_caller]
fn check_refused(wire: &str, ty: &Type, path: &str, reason: &str) {
    let error = decode(&bytes(wire), ty).unwrap_err();
    assert_eq!((error.path.to_string().as_str(), error.reason.as_str()), (path, reason), "{wire}");
}

#[test]
fn numbers_take_the_forms_that_terraform_takes() {
    for (wire, text) in [
        ("05", "5"),
        ("7f", "127"),
        ("cc80", "128"),
        ("ccff", "255"),
        ("cd0100", "256"),
        ("ce00010000", "65536"),
        ("cf0000000100000000", "4294967296"),
        ("cf7fffffffffffffff", "9223372036854775807"),
        ("ff", "-1"),
        ("e0", "-32"),
        ("d0df", "-33"),
        ("d080", "-128"),
        ("d1ff38", "-200"),
        ("d2ffff7fff", "-32769"),
        ("d3ffffffff7fffffff", "-2147483649"),
        ("d38000000000000000", "-9223372036854775808"),
        ("b3 39323233333732303336383534373735383038", "9223372036854775808"),
        ("cb3fe0000000000000", "0.5"),
        ("a3302e31", "0.1"),
    ] {
        check(wire, &Type::Number, &number(text));
    }
    let thousand_quintillions = "1".to_owned() + &"0".repeat(30);
    check(&format!("bf{}", hex(thousand_quintillions.as_bytes())), &Type::Number, &number("1e30"));
}

#[test]
fn every_other_form_of_a_number_is_understood() {
    for (wire, text) in [
        ("d005", "5"),
        ("d10005", "5"),
        ("d200000005", "5"),
        ("d30000000000000005", "5"),
        ("cc05", "5"),
        ("cfffffffffffffffff", "18446744073709551615"),
        ("ca3f000000", "0.5"),
        ("cb4008000000000000", "3"),
        ("c403302e31", "0.1"),
        ("a3316533", "1000"),
    ] {
        check_decode(wire, &Type::Number, &number(text));
    }
}

#[test]
fn floats_are_taken_to_the_last_digit() {
    // 2^-53 has 53 digits; the shortest text that gives the same float is another number.
    let exact = "0.00000000000000011102230246251565404236316680908203125";
    check("cb3ca0000000000000", &Type::Number, &number(exact));
}

#[test]
fn numbers_that_are_none_are_refused() {
    let infinite = "infinite numbers and \"not a number\" are not supported";
    check_refused("cb7ff8000000000000", &Type::Number, "", infinite);
    check_refused("cb7ff0000000000000", &Type::Number, "", infinite);
    check_refused("caff800000", &Type::Number, "", infinite);
    check_refused("a3496e66", &Type::Number, "", "the text is not a decimal number");
    let huge = format!("ab{}", hex(b"1e999999999"));
    check_refused(
        &huge,
        &Type::Number,
        "",
        "the number reaches more than 4096 digits from the decimal point",
    );
}

#[test]
fn strings_are_normalised_and_must_be_utf_8() {
    check("a0", &Type::String, &Value::string(""));
    check("a3414243", &Type::String, &Value::string("ABC"));
    check(&format!("d920{}", "61".repeat(32)), &Type::String, &Value::string("a".repeat(32)));
    check(&format!("da0100{}", "61".repeat(256)), &Type::String, &Value::string("a".repeat(256)));
    check(&format!("db00010000{}", "61".repeat(65_536)), &Type::String, &Value::string("a".repeat(65_536)));
    check_decode("c403414243", &Type::String, &Value::string("ABC"));
    check_decode("a3 65cc81", &Type::String, &Value::String("\u{e9}".to_owned()));
    check_refused("a1ff", &Type::String, "", "the text is not UTF-8");
}

#[test]
fn keys_are_normalised() {
    let ty = Type::Map(Box::new(Type::Bool));
    check_decode("81 a3 65cc81 c3", &ty, &members([("\u{e9}", Value::Bool(true))]));
}

#[test]
fn null_stands_for_a_value_of_any_type() {
    for ty in [Type::Bool, Type::Dynamic, Type::List(Box::new(Type::Bool)), object(&[("a", Type::Bool)])] {
        check("c0", &ty, &Value::Null);
    }
}

#[test]
fn collections_and_objects() {
    let strings = || Box::new(Type::String);
    check("92a161a162", &Type::List(strings()), &Value::List(vec![Value::string("a"), Value::string("b")]));
    check("90", &Type::List(strings()), &Value::List(vec![]));
    check(&format!("dc0010{}", "c0".repeat(16)), &Type::List(strings()), &Value::List(vec![Value::Null; 16]));
    check("81a16bc3", &Type::Map(Box::new(Type::Bool)), &members([("k", Value::Bool(true))]));
    check(
        "92c301",
        &Type::Tuple(vec![Type::Bool, Type::Number]),
        &Value::List(vec![Value::Bool(true), number("1")]),
    );
    let ty = object(&[("a", Type::Bool), ("b", Type::String)]);
    check("82a161c2a162c0", &ty, &members([("a", Value::Bool(false)), ("b", Value::Null)]));
    check_decode("82a162c0a161c2", &ty, &members([("a", Value::Bool(false)), ("b", Value::Null)]));
}

#[test]
fn sets_coalesce_what_is_known_and_keep_what_may_differ() {
    let ty = Type::Set(Box::new(Type::String));
    check_decode("93a162a161a162", &ty, &Value::Set(vec![Value::string("a"), Value::string("b")]));
    check("92d40000d40000", &ty, &Value::Set(vec![Value::unknown(), Value::unknown()]));
}

#[test]
fn objects_have_exactly_their_members() {
    let ty = object(&[("a", Type::Bool), ("b", Type::String)]);
    check_refused("81a161c2", &ty, "b", "the member is absent");
    check_refused("83a161c2a162c0a163c0", &ty, "", "the object has a member that its type has not");
    check_refused("82a161c2a161c2", &ty, "a", "the member appears twice");
    check_refused("82a16bc3a16bc3", &Type::Map(Box::new(Type::Bool)), "[\"k\"]", "the key appears twice");
    check_refused("8101c3", &Type::Map(Box::new(Type::Bool)), "", "expected a string as key, found a number");
    check_refused("91c3", &Type::Tuple(vec![Type::Bool; 2]), "", "a tuple of length 2 is required (1 given)");
}

#[test]
fn absent_members_are_sent_as_null_and_extra_ones_are_refused() {
    let ty = object(&[("a", Type::Bool), ("b", Type::String)]);
    assert_eq!(hex(&encode(&members([("b", Value::string("x"))]), &ty).unwrap()), "82a161c0a162a178");
    let error = encode(&members([("c", Value::Null)]), &ty).unwrap_err();
    assert_eq!(error.path, Path::attribute("c"));
}

#[test]
fn dynamic_values_carry_their_type() {
    let dynamic = |ty: Type, value: Value| Value::Dynamic(Box::new((ty, value)));
    check("92 c408 226e756d62657222 05", &Type::Dynamic, &dynamic(Type::Number, number("5")));
    check("92 c408 226e756d62657222 c0", &Type::Dynamic, &dynamic(Type::Number, Value::Null));
    check("92 c408 226e756d62657222 d40000", &Type::Dynamic, &dynamic(Type::Number, Value::unknown()));
    check("92 c409 2264796e616d696322 c0", &Type::Dynamic, &dynamic(Type::Dynamic, Value::Null));
    check("d40000", &Type::Dynamic, &Value::unknown());
    check_decode("92 a8 226e756d62657222 05", &Type::Dynamic, &dynamic(Type::Number, number("5")));
    check_refused("05", &Type::Dynamic, "", "expected a pair of type and value, found a number");
    check_refused("92 05 05", &Type::Dynamic, "", "expected a type, found a number");
    check_refused("92 c403 226122 05", &Type::Dynamic, "", "the type has an unknown name");
    assert!(encode(&number("5"), &Type::Dynamic).is_err());
}

#[test]
fn short_extensions_of_any_type_are_unknown() {
    check("d40000", &Type::String, &Value::unknown());
    for wire in ["d40c00", "d4ff80", "c7000c", "c70105ff", "c8000100ff"] {
        check_decode(wire, &Type::Bool, &Value::unknown());
    }
    check_refused("d5000102", &Type::Bool, "", "the extension type is unknown");
    check_refused("c805000c", &Type::Bool, "", "the bytes end in the middle of a value");
    let long = format!("c804010c{}", "80".repeat(1_025));
    check_refused(&long, &Type::Bool, "", "the refinements are longer than 1024 bytes");
}

#[test]
fn refinements_are_understood_and_sent() {
    let unknown = Value::refined;
    let none = Refinements::default;
    check("c7 03 0c 81 01c2", &Type::Bool, &unknown(Refinements { null: Some(false), ..none() }));
    let prefix = Refinements { null: Some(false), prefix: Some("ab".into()), ..none() };
    check("c7 07 0c 82 01c2 02a26162", &Type::String, &unknown(prefix));
    let bounds = Refinements {
        lower: Some(("1".parse().unwrap(), true)),
        upper: Some(("0.1".parse().unwrap(), false)),
        ..none()
    };
    check("c7 0c 0c 82 03 92 01 c3 04 92 a3302e31 c2", &Type::Number, &unknown(bounds));
    let lengths = Refinements { length_min: Some(2), length_max: Some(300), ..none() };
    check("c7 07 0c 82 05 02 06 cd012c", &Type::Map(Box::new(Type::Bool)), &unknown(lengths));
}

#[test]
fn refinements_from_the_future_and_trailing_bytes_are_ignored() {
    let known = Value::refined(Refinements { null: Some(false), ..Refinements::default() });
    check_decode("c7 0c 0c 83 2a 92 c0 81 01 01 01c2 a16bc3", &Type::Bool, &known);
    check_decode("c7 05 0c 81 01c2 ffff", &Type::Bool, &known);
    check_decode("c7 05 0c 81 02 a26162", &Type::Bool, &Value::unknown());
    // An infinite bound is no bound.
    check_decode("c7 0d 0c 81 03 92 cbfff0000000000000 c3", &Type::Number, &Value::unknown());
}

#[test]
fn malformed_refinements_are_refused() {
    let malformed = "the refinements of an unknown value are malformed";
    for wire in ["c7020c c0c0", "c7030c 8101c0", "c7030c 810105", "c7030c 810205", "c7030c 810305"] {
        check_refused(wire, &Type::String, "", malformed);
    }
    check_refused("c7020c 8101", &Type::String, "", "the bytes end in the middle of a value");
    let nested = format!("c7200c 812a{}", "91".repeat(30));
    check_refused(&nested, &Type::String, "", malformed);
}

#[test]
fn long_prefixes_are_cut_between_characters() {
    let refinements = Refinements { prefix: Some("é".repeat(200) + "x"), ..Refinements::default() };
    let sent = encode(&Value::refined(refinements), &Type::String).unwrap();
    let Value::Unknown(received) = decode(&sent, &Type::String).unwrap() else { panic!("not unknown") };
    assert_eq!(received.unwrap().prefix, Some("é".repeat(128)));
}

#[test]
fn refinements_too_long_to_send_are_left_out() {
    let bound = Some(("9".repeat(4_000).parse().unwrap(), true));
    let refinements = Refinements { lower: bound, ..Refinements::default() };
    assert_eq!(hex(&encode(&Value::refined(refinements), &Type::Number).unwrap()), "d40000");
}

#[test]
fn wrong_kinds_are_refused_with_a_path_and_without_the_value() {
    let ty = object(&[("a", Type::List(Box::new(object(&[("b", Type::Map(Box::new(Type::Bool)))]))))]);
    check_refused(
        "81a161 91 81a162 81a16b a3414243",
        &ty,
        "a[0].b[\"k\"]",
        "expected a bool, found a string",
    );
    let set = object(&[("a", Type::Set(Box::new(object(&[("b", Type::Bool)]))))]);
    check_refused("81a161 91 81a162 05", &set, "a", "expected a bool, found a number");
    for (wire, ty) in [
        ("c3", Type::Number),
        ("c3", Type::String),
        ("05", Type::String),
        ("90", Type::Map(Box::new(Type::Bool))),
        ("80", Type::List(Box::new(Type::Bool))),
        ("80", Type::Set(Box::new(Type::Bool))),
        ("80", Type::Tuple(vec![])),
        ("90", object(&[])),
    ] {
        assert!(decode(&bytes(wire), &ty).is_err(), "{wire}");
    }
}

#[test]
fn values_of_another_type_are_not_encoded() {
    let types = [
        Type::Bool,
        Type::Number,
        Type::String,
        Type::Tuple(vec![Type::Bool; 2]),
        Type::List(Box::new(Type::Bool)),
        Type::Set(Box::new(Type::Bool)),
        Type::Map(Box::new(Type::Bool)),
    ];
    let values = [
        Value::Bool(true),
        number("1"),
        Value::string("a"),
        Value::List(vec![Value::Bool(true), Value::Null]),
        Value::List(vec![]),
        Value::set(vec![Value::Bool(true)]),
        members([("k", Value::Bool(true))]),
    ];
    for (row, ty) in types.iter().enumerate() {
        for (column, value) in values.iter().enumerate() {
            let both_lists = row == 4 && (column == 3 || column == 4);
            assert_eq!(encode(value, ty).is_ok(), row == column || both_lists, "{value:?} as {ty:?}");
        }
    }
}

#[test]
fn lengths_are_claims_until_the_bytes_are_there() {
    for wire in ["ddffffffff", "ddffffffffc0", "dbffffffff", "c6ffffffff61", "c9ffffffff0c", "dfffffffff"] {
        for ty in
            [Type::List(Box::new(Type::Bool)), Type::String, Type::Map(Box::new(Type::Bool)), Type::Dynamic]
        {
            assert!(decode(&bytes(wire), &ty).is_err(), "{wire}");
        }
    }
}

#[test]
fn a_message_holds_a_bounded_number_of_values() {
    let mut wire = bytes("dd");
    wire.extend(u32::try_from(VALUES_MAX).unwrap().to_be_bytes());
    wire.extend(vec![0xc0; VALUES_MAX]);
    let error = decode(&wire, &Type::List(Box::new(Type::Bool))).unwrap_err();
    assert_eq!(error.reason, "the message holds more than 1000000 values");
}

#[test]
fn deep_values_are_refused_before_the_stack_ends() {
    // Dynamic values inside dynamic values: the only way to nest without a type that is as deep.
    let wrapper = format!("92 c409 {}", hex(b"\"dynamic\""));
    for levels in [DEPTH_MAX, 100_000] {
        let wire = bytes(&(wrapper.repeat(levels) + "c0"));
        let error = decode(&wire, &Type::Dynamic).unwrap_err();
        assert_eq!(error.reason, "values are nested more than 64 levels deep");
    }
    assert!(decode(&bytes(&(wrapper.repeat(DEPTH_MAX - 1) + "c0")), &Type::Dynamic).is_ok());
    let deep = (0..DEPTH_MAX).fold(Value::Null, |it, _| Value::Dynamic(Box::new((Type::Dynamic, it))));
    assert!(encode(&deep, &Type::Dynamic).is_err());
}

#[test]
fn a_value_takes_all_the_bytes_and_no_more() {
    check_refused("c0c0", &Type::Bool, "", "more bytes follow the value");
    check_refused("", &Type::Bool, "", "the bytes end in the middle of a value");
    check_refused("c1", &Type::Bool, "", "the byte c1 begins no value");
}

#[test]
fn a_path_goes_through_tuples_and_dynamic_values() {
    let ty = object(&[("a", Type::Tuple(vec![Type::Bool, Type::Dynamic]))]);
    let wire = format!("81a161 92 c3 92 c410 {} 91 05", hex(br#"["list","bool"] "#));
    let error = decode(&bytes(&wire), &ty).unwrap_err();
    let steps = [Step::Attribute("a".into()), Step::Index(1), Step::Index(0)];
    assert_eq!(error.path, Path(steps.into()));
}

proptest! {
    #[test]
    fn every_value_survives((ty, value) in random::typed(Knowledge::Partial)) {
        let wire = encode(&value, &ty).unwrap();
        prop_assert_eq!(decode(&wire, &ty), Ok(value));
    }

    #[test]
    fn no_beginning_of_a_value_is_a_value((ty, value) in random::typed(Knowledge::Partial)) {
        let wire = encode(&value, &ty).unwrap();
        for end in 0..wire.len() {
            prop_assert!(decode(&wire[..end], &ty).is_err());
        }
    }

    #[test]
    fn random_bytes_never_panic(ty in random::ty(), wire in proptest::collection::vec(any::<u8>(), 0..200)) {
        if let Ok(value) = decode(&wire, &ty) {
            prop_assert_eq!(decode(&encode(&value, &ty).unwrap(), &ty), Ok(value));
        }
    }

    #[test]
    fn a_flipped_byte_never_panics(
        (ty, value) in random::typed(Knowledge::Partial),
        position in any::<prop::sample::Index>(),
        byte in any::<u8>(),
    ) {
        let mut wire = encode(&value, &ty).unwrap();
        let position = position.index(wire.len());
        wire[position] = byte;
        if let Ok(value) = decode(&wire, &ty) {
            prop_assert_eq!(decode(&encode(&value, &ty).unwrap(), &ty), Ok(value));
        }
    }
}
