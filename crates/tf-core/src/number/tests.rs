//! Tests of numbers.

use std::collections::HashSet;

use super::*;

fn number(text: &str) -> Number {
    text.parse().unwrap()
}

#[test]
fn numbers_print_as_plain_decimals() {
    for (input, output) in [
        ("0", "0"),
        ("-0", "0"),
        ("0.000", "0"),
        ("0e999999999999999999999", "0"),
        ("007", "7"),
        ("+7", "7"),
        ("1.0", "1"),
        ("1.50", "1.5"),
        (".5", "0.5"),
        ("5.", "5"),
        ("-12.0340", "-12.034"),
        ("1e3", "1000"),
        ("1E+3", "1000"),
        ("120e-1", "12"),
        ("1e30", "1000000000000000000000000000000"),
        ("1e-10", "0.0000000001"),
        ("18446744073709551616", "18446744073709551616"),
        ("0.30000000000000000000000000000000000001", "0.30000000000000000000000000000000000001"),
    ] {
        assert_eq!(number(input).to_string(), output, "{input}");
    }
}

#[test]
fn other_texts_are_refused_without_quoting_them() {
    for text in [
        "", "-", "+", ".", "e1", "1e", "1e+", "1e1e1", "1.2.3", "--1", "1_000", "0x1f", " 1", "1 ", "Inf",
        "NaN", "½", "１",
    ] {
        let NumberError(reason) = text.parse::<Number>().unwrap_err();
        assert_eq!(reason, "the text is not a decimal number", "{text}");
    }
}

#[test]
fn absurd_sizes_are_refused_at_once() {
    for text in
        ["1e999999999", "-1e-999999999", "1e99999999999999999999999", "1e-99999999999999999999999", "1e4097"]
    {
        assert!(text.parse::<Number>().is_err(), "{text}");
    }
    assert!("1".repeat(TEXT_MAX + 1).parse::<Number>().is_err());
    assert_eq!(number("1e4096").to_string().len(), 4097);
    assert_eq!(number(&"1".repeat(TEXT_MAX)).to_string().len(), TEXT_MAX);
}

#[test]
fn equality_order_and_hash_are_numeric() {
    assert_eq!(number("1.0"), Number::from(1_i64));
    assert_eq!(number("1e2"), number("100.00"));
    assert!(number("0.1") < number("0.10000000000000000001"));
    assert!(number("-2") < number("-1.5"));
    assert_eq!(HashSet::from([number("1.0"), number("1"), number("10e-1")]).len(), 1);
}

#[test]
fn integers_convert_only_when_they_are_whole_and_fit() {
    for (text, signed, unsigned) in [
        ("5.0", Some(5), Some(5)),
        ("5.5", None, None),
        ("-3", Some(-3), None),
        ("9223372036854775807", Some(i64::MAX), Some(9_223_372_036_854_775_807)),
        ("9223372036854775808", None, Some(9_223_372_036_854_775_808)),
        ("18446744073709551615", None, Some(u64::MAX)),
        ("18446744073709551616", None, None),
        ("-9223372036854775808", Some(i64::MIN), None),
    ] {
        assert_eq!((number(text).to_i64(), number(text).to_u64()), (signed, unsigned), "{text}");
    }
    assert_eq!(Number::from(u64::MAX).to_string(), "18446744073709551615");
}

#[test]
fn floats_convert_in_their_shortest_or_exact_form() {
    for (float, shortest) in
        [(0.1, "0.1"), (0.5, "0.5"), (-0.0, "0"), (1e21, "1000000000000000000000"), (3.0, "3")]
    {
        assert_eq!(Number::from_f64(float).unwrap().to_string(), shortest);
    }
    assert!(Number::from_f64_exact(0.1).unwrap() > number("0.1"));
    for float in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
        assert_eq!((Number::from_f64(float), Number::from_f64_exact(float)), (None, None));
    }
}

#[test]
fn only_exact_decimals_become_floats() {
    for (text, float) in
        [("0.5", Some(0.5)), ("0.1", None), ("3", Some(3.0)), ("1e4000", None), ("1e-4000", None)]
    {
        assert_eq!(number(text).as_exact_f64(), float, "{text}");
    }
    for float in
        [f64::MAX, f64::MIN, f64::MIN_POSITIVE, f64::from_bits(1), f64::from_bits(12_345), 1.0 / 3.0, -0.1]
    {
        assert_eq!(Number::from_f64_exact(float).unwrap().as_exact_f64(), Some(float), "{float}");
    }
}
