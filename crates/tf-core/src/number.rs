//! Numbers of any precision that fits within bounds.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;

use bigdecimal::num_bigint::BigInt;
use bigdecimal::{BigDecimal, ToPrimitive};

/// The longest text that is read as a number. Terraform computes with 512 bits, which is about 155 digits; the exact
/// digits of the smallest `f64` are 1 077 characters long.
pub const TEXT_MAX: usize = 4_096;

/// The greatest distance between the decimal point and the digits. Every `f64` lies within 400 digits of it on the
/// left and 1 100 on the right. Without a bound, ten characters such as `1e99999999` would ask for gigabytes.
pub const EXPONENT_MAX: i64 = 4_096;

/// A decimal, equal when numerically equal: `1.0` is `1`. Neither infinite nor "not a number".
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Number(Form);

/// The two forms exclude each other, so that equal numbers are equal forms. Nearly every number in a state is a small
/// whole one, and those take no memory of their own.
#[derive(Clone, PartialEq, Eq, Hash)]
enum Form {
    /// A whole number that fits.
    Whole(i64),
    /// Any other, without trailing zeros, so that printing needs no further care.
    Other(Box<BigDecimal>),
}

impl Number {
    fn of(decimal: &BigDecimal) -> Number {
        let whole = if decimal.is_integer() { decimal.to_i64() } else { None };
        Number(whole.map_or_else(|| Form::Other(Box::new(decimal.normalized())), Form::Whole))
    }

    fn decimal(&self) -> Cow<'_, BigDecimal> {
        match &self.0 {
            Form::Whole(it) => Cow::Owned(BigDecimal::from(*it)),
            Form::Other(it) => Cow::Borrowed(it),
        }
    }

    /// The shortest decimal that reads back as the same float; `None` if it is infinite or not a number.
    pub fn from_f64(float: f64) -> Option<Number> {
        // `Display` of a float prints the shortest such decimal and never an exponent.
        if float.is_finite() { float.to_string().parse().ok() } else { None }
    }

    /// The decimal that the float stands for to the last digit; `None` if it is infinite or not a number.
    pub fn from_f64_exact(float: f64) -> Option<Number> {
        BigDecimal::try_from(float).ok().map(|it| Number::of(&it))
    }

    /// The number as an integer, if it is one that fits.
    pub fn to_i64(&self) -> Option<i64> {
        match &self.0 {
            Form::Whole(it) => Some(*it),
            Form::Other(_) => None,
        }
    }

    /// The number as an integer without a sign, if it is one that fits.
    pub fn to_u64(&self) -> Option<u64> {
        match &self.0 {
            Form::Whole(it) => u64::try_from(*it).ok(),
            Form::Other(it) if it.is_integer() => it.to_u64(),
            Form::Other(_) => None,
        }
    }

    /// The float that is exactly this number, if there is one.
    pub fn as_exact_f64(&self) -> Option<f64> {
        let float: f64 = self.to_string().parse().ok()?;
        if Number::from_f64_exact(float)? == *self { Some(float) } else { None }
    }

    /// Whether there are no digits behind the decimal point.
    pub fn is_integer(&self) -> bool {
        match &self.0 {
            Form::Whole(_) => true,
            Form::Other(it) => it.is_integer(),
        }
    }
}

impl Ord for Number {
    fn cmp(&self, other: &Number) -> Ordering {
        match (&self.0, &other.0) {
            (Form::Whole(one), Form::Whole(other)) => one.cmp(other),
            _ => self.decimal().cmp(&other.decimal()),
        }
    }
}

impl PartialOrd for Number {
    fn partial_cmp(&self, other: &Number) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl From<i64> for Number {
    fn from(it: i64) -> Number {
        Number(Form::Whole(it))
    }
}

impl From<u64> for Number {
    fn from(it: u64) -> Number {
        i64::try_from(it).map_or_else(|_| Number::of(&BigDecimal::from(it)), Number::from)
    }
}

impl fmt::Display for Number {
    /// Plain digits: no exponent, no trailing zeros.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Form::Whole(it) => write!(f, "{it}"),
            Form::Other(it) => f.write_str(&it.to_plain_string()),
        }
    }
}

impl fmt::Debug for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Why a text is no number. Does not quote the text, which may be secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NumberError(pub String);

impl fmt::Display for NumberError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for NumberError {}

impl FromStr for Number {
    type Err = NumberError;

    /// Reads `-12`, `0.5`, `1e3`: a sign, digits, a fraction and an exponent, within the bounds of this module.
    fn from_str(text: &str) -> Result<Number, NumberError> {
        if text.len() > TEXT_MAX {
            return Err(NumberError(format!("the number is longer than {TEXT_MAX} characters")));
        }
        if let Ok(whole) = text.parse::<i64>() {
            return Ok(Number::from(whole));
        }
        let parts =
            Parts::split(text).ok_or_else(|| NumberError("the text is not a decimal number".to_owned()))?;
        parts.number().ok_or_else(|| {
            NumberError(format!("the number reaches more than {EXPONENT_MAX} digits from the decimal point"))
        })
    }
}

/// The parts of a decimal text.
struct Parts<'a> {
    negative: bool,
    whole: &'a str,
    fraction: &'a str,
    /// `None`: so great that it does not matter how great.
    exponent: Option<i64>,
}

impl Parts<'_> {
    fn split(text: &str) -> Option<Parts<'_>> {
        let (negative, unsigned) = sign(text);
        let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
            Some((mantissa, exponent)) => (mantissa, Parts::exponent(exponent)?),
            None => (unsigned, Some(0)),
        };
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let all_digits = whole.bytes().chain(fraction.bytes()).all(|it| it.is_ascii_digit());
        let some_digits = !whole.is_empty() || !fraction.is_empty();
        if all_digits && some_digits { Some(Parts { negative, whole, fraction, exponent }) } else { None }
    }

    /// The outer `None`: not an exponent.
    fn exponent(text: &str) -> Option<Option<i64>> {
        let (_, digits) = sign(text);
        let well_formed = !digits.is_empty() && digits.bytes().all(|it| it.is_ascii_digit());
        if well_formed { Some(text.parse().ok()) } else { None }
    }

    fn number(&self) -> Option<Number> {
        let all = format!("{}{}", self.whole, self.fraction);
        let digits = all.trim_end_matches('0');
        if digits.is_empty() {
            return Some(Number::from(0_i64));
        }
        let dropped = i64::try_from(all.len() - digits.len()).ok()?;
        let behind = i64::try_from(self.fraction.len()).ok()?;
        let scale = behind.checked_sub(dropped)?.checked_sub(self.exponent?)?;
        if !(-EXPONENT_MAX..=EXPONENT_MAX).contains(&scale) {
            return None;
        }
        let integer: BigInt = digits.parse().ok()?;
        Some(Number::of(&BigDecimal::new(if self.negative { -integer } else { integer }, scale)))
    }
}

/// Whether there is a minus, and the text behind the sign.
fn sign(text: &str) -> (bool, &str) {
    match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    }
}

#[cfg(test)]
mod tests;
