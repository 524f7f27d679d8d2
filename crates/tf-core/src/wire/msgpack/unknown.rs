//! Unknown values, and what is known of them already.

use super::decode::{number, text};
use super::encode;
use super::read::{Reader, Token};
use super::{Type, WireError};
use crate::{Number, Refinements};

/// The extension type of an unknown value with refinements.
const REFINED: i8 = 12;

/// Terraform refuses longer refinements.
const PAYLOAD_MAX: usize = 1_024;

/// Terraform cuts prefixes off at this length; any shorter prefix of a prefix is true as well.
const PREFIX_MAX: usize = 256;

/// How deeply the value of a refinement from the future may be nested.
const SKIP_DEPTH_MAX: usize = 8;

const NULL: u64 = 1;
const PREFIX: u64 = 2;
const LOWER: u64 = 3;
const UPPER: u64 = 4;
const LENGTH_MIN: u64 = 5;
const LENGTH_MAX: u64 = 6;

/// From the body of an extension value.
pub(super) fn read(kind: i8, payload: &[u8], ty: &Type) -> Result<Refinements, WireError> {
    if payload.len() <= 1 {
        return Ok(Refinements::default());
    }
    if kind != REFINED {
        return Err(WireError::new("the extension type is unknown"));
    }
    if payload.len() > PAYLOAD_MAX {
        return Err(WireError::new(format!("the refinements are longer than {PAYLOAD_MAX} bytes")));
    }
    let mut reader = Reader::new(payload);
    let Token::Map(length) = reader.token()? else { return Err(malformed()) };
    let mut refinements = Refinements::default();
    for _ in 0..length {
        let key = reader.token()?;
        refine(&mut refinements, &key, &mut reader)?;
    }
    Ok(applicable(refinements, ty))
}

fn refine(it: &mut Refinements, key: &Token<'_>, reader: &mut Reader<'_>) -> Result<(), WireError> {
    match key {
        Token::Unsigned(NULL) => match reader.token()? {
            Token::Bool(null) => it.null = Some(null),
            _ => return Err(malformed()),
        },
        Token::Unsigned(PREFIX) => match reader.token()? {
            Token::Text(bytes) | Token::Binary(bytes) => it.prefix = Some(text(bytes)?),
            _ => return Err(malformed()),
        },
        Token::Unsigned(LOWER) => it.lower = bound(reader)?,
        Token::Unsigned(UPPER) => it.upper = bound(reader)?,
        Token::Unsigned(LENGTH_MIN) => it.length_min = length(reader)?,
        Token::Unsigned(LENGTH_MAX) => it.length_max = length(reader)?,
        // A later Terraform may know more; ignoring it only means to know less.
        _ => skip(reader, SKIP_DEPTH_MAX)?,
    }
    Ok(())
}

/// A bound and whether it is inclusive. An infinite one says nothing.
fn bound(reader: &mut Reader<'_>) -> Result<Option<(Number, bool)>, WireError> {
    let Token::Array(2) = reader.token()? else { return Err(malformed()) };
    let limit = match reader.token()? {
        Token::Float(it) if it.is_infinite() => None,
        token => Some(number(&token)?),
    };
    let Token::Bool(inclusive) = reader.token()? else { return Err(malformed()) };
    Ok(limit.map(|it| (it, inclusive)))
}

/// A length. One that no collection can have says nothing.
fn length(reader: &mut Reader<'_>) -> Result<Option<u64>, WireError> {
    let length = number(&reader.token()?)?.to_i64();
    Ok(length.and_then(|it| u64::try_from(it).ok()))
}

fn skip(reader: &mut Reader<'_>, depth: usize) -> Result<(), WireError> {
    let depth = depth.checked_sub(1).ok_or_else(malformed)?;
    let parts = match reader.token()? {
        Token::Array(length) => u64::from(length),
        Token::Map(length) => u64::from(length) * 2,
        _ => 0,
    };
    for _ in 0..parts {
        skip(reader, depth)?;
    }
    Ok(())
}

fn malformed() -> WireError {
    WireError::new("the refinements of an unknown value are malformed")
}

/// The refinements that mean something for a type.
fn applicable(it: Refinements, ty: &Type) -> Refinements {
    let null = it.null;
    match ty {
        Type::String => Refinements { null, prefix: it.prefix, ..Refinements::default() },
        Type::Number => Refinements { null, lower: it.lower, upper: it.upper, ..Refinements::default() },
        Type::List(_) | Type::Set(_) | Type::Map(_) => Refinements {
            null,
            length_min: it.length_min,
            length_max: it.length_max,
            ..Refinements::default()
        },
        Type::Bool | Type::Tuple(_) | Type::Object(_) => Refinements { null, ..Refinements::default() },
        // Terraform refines no value whose type is not known yet.
        Type::Dynamic => Refinements::default(),
    }
}

/// As an extension value.
pub(super) fn write(refinements: Option<&Refinements>, ty: &Type, out: &mut Vec<u8>) {
    let payload = refinements.map_or_else(Vec::new, |it| payload(&applicable(it.clone(), ty)));
    if payload.len() <= 1 || payload.len() > PAYLOAD_MAX {
        // Nothing is known, or too much to say it.
        return out.extend([0xd4, 0x00, 0x00]);
    }
    announce(payload.len(), out);
    out.extend(REFINED.to_be_bytes());
    out.extend(payload);
}

/// The shortest form for the length of an extension, as Terraform writes it.
fn announce(length: usize, out: &mut Vec<u8>) {
    match (length, u8::try_from(length), u16::try_from(length)) {
        (2, ..) => out.push(0xd5),
        (4, ..) => out.push(0xd6),
        (8, ..) => out.push(0xd7),
        (16, ..) => out.push(0xd8),
        (_, Ok(short), _) => out.extend([0xc7, short]),
        (_, _, length) => {
            out.push(0xc8);
            // The payload is far shorter than what two bytes can say.
            out.extend(length.unwrap_or(u16::MAX).to_be_bytes());
        }
    }
}

fn payload(it: &Refinements) -> Vec<u8> {
    let mut entries: Vec<Vec<u8>> = Vec::new();
    let mut entry = |key: u64, write: &dyn Fn(&mut Vec<u8>)| {
        let mut bytes = Vec::new();
        encode::unsigned(key, &mut bytes);
        write(&mut bytes);
        entries.push(bytes);
    };
    if let Some(null) = it.null {
        entry(NULL, &|out| encode::boolean(null, out));
    }
    if let Some(prefix) = &it.prefix {
        entry(PREFIX, &|out| encode::text(shortened(prefix), out));
    }
    for (key, bound) in [(LOWER, &it.lower), (UPPER, &it.upper)] {
        if let Some((limit, inclusive)) = bound {
            entry(key, &|out| {
                out.push(0x92);
                encode::number(limit, out);
                encode::boolean(*inclusive, out);
            });
        }
    }
    for (key, length) in [(LENGTH_MIN, it.length_min), (LENGTH_MAX, it.length_max)] {
        // Terraform's lengths are signed.
        if let Some(length) = length.filter(|it| i64::try_from(*it).is_ok()) {
            entry(key, &|out| encode::unsigned(length, out));
        }
    }
    let mut out = Vec::new();
    encode::map_header(entries.len(), &mut out);
    entries.into_iter().for_each(|it| out.extend(it));
    out
}

fn shortened(prefix: &str) -> &str {
    let ends = prefix.char_indices().map(|(start, it)| start + it.len_utf8());
    let end = ends.take_while(|end| *end <= PREFIX_MAX).last().unwrap_or(0);
    prefix.get(..end).unwrap_or("")
}
