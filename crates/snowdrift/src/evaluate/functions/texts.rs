//! Functions over strings.

use tf_core::{Type, Value};

use super::arguments::Arguments;
use super::{Function, Takes};
use crate::evaluate::convert::convert;
use crate::evaluate::typed::Typed;
use crate::evaluate::wrong::{Outcome, Wrong};

/// The function of that name, if it is one of these.
pub fn find(name: &str) -> Option<(Takes, Function)> {
    let function: Function = match name {
        "upper" => |it| one(it, str::to_uppercase),
        "lower" => |it| one(it, str::to_lowercase),
        "trimspace" => |it| one(it, |text| text.trim().to_owned()),
        "chomp" => |it| one(it, |text| text.trim_end_matches(['\r', '\n']).to_owned()),
        "strrev" => strrev,
        "title" => title,
        "trimprefix" => |it| two(it, |text, part| text.strip_prefix(part).unwrap_or(text).to_owned()),
        "trimsuffix" => |it| two(it, |text, part| text.strip_suffix(part).unwrap_or(text).to_owned()),
        "trim" => |it| two(it, |text, cut| text.trim_matches(|letter| cut.contains(letter)).to_owned()),
        "startswith" => |it| test(it, |text, part| text.starts_with(part)),
        "endswith" => |it| test(it, |text, part| text.ends_with(part)),
        "strcontains" => |it| test(it, |text, part| text.contains(part)),
        "join" => join,
        "split" => split,
        "replace" => replace,
        "substr" => substr,
        "indent" => indent,
        "format" => format,
        "formatlist" => |_| Ok(None),
        _ => return None,
    };
    Some((if name == "format" { Takes::Null } else { Takes::Known }, function))
}

fn one(it: &Arguments, change: impl Fn(&str) -> String) -> Outcome<Option<Typed>> {
    it.exactly(1)?;
    Ok(Some(Typed::string(change(&it.text(0)?))))
}

fn two(it: &Arguments, change: impl Fn(&str, &str) -> String) -> Outcome<Option<Typed>> {
    it.exactly(2)?;
    Ok(Some(Typed::string(change(&it.text(0)?, &it.text(1)?))))
}

fn test(it: &Arguments, test: impl Fn(&str, &str) -> bool) -> Outcome<Option<Typed>> {
    it.exactly(2)?;
    Ok(Some(Typed::bool(test(&it.text(0)?, &it.text(1)?))))
}

/// Terraform counts and turns what people see as one character; for plain letters that is a `char`.
fn plain(text: &str) -> bool {
    text.chars().all(|it| it.is_ascii() && it != '\r')
}

fn strrev(it: &Arguments) -> Outcome<Option<Typed>> {
    it.exactly(1)?;
    let text = it.text(0)?;
    Ok(plain(&text).then(|| Typed::string(text.chars().rev().collect::<String>())))
}

fn title(it: &Arguments) -> Outcome<Option<Typed>> {
    it.exactly(1)?;
    let text = it.text(0)?;
    if !text.chars().all(|it| it.is_ascii_alphanumeric() || it == ' ' || it == '_') {
        return Ok(None);
    }
    let mut start = true;
    let titled = text.chars().map(|letter| {
        let shown = if start { letter.to_ascii_uppercase() } else { letter };
        start = letter == ' ';
        shown
    });
    Ok(Some(Typed::string(titled.collect::<String>())))
}

fn join(it: &Arguments) -> Outcome<Option<Typed>> {
    let separator = it.text(0)?;
    let mut parts = Vec::new();
    for place in 1..it.items.len() {
        parts.extend(it.present_texts(place)?);
    }
    if it.items.len() < 2 {
        return Err(Wrong::new("it has no list"));
    }
    Ok(Some(Typed::string(parts.join(&separator))))
}

fn split(it: &Arguments) -> Outcome<Option<Typed>> {
    it.exactly(2)?;
    let (separator, text) = (it.text(0)?, it.text(1)?);
    let parts: Vec<String> = if separator.is_empty() {
        if !plain(&text) {
            return Ok(None);
        }
        text.chars().map(String::from).collect()
    } else {
        text.split(&separator).map(str::to_owned).collect()
    };
    Ok(Some(list_of_strings(parts)))
}

/// A list of strings.
pub fn list_of_strings(parts: Vec<String>) -> Typed {
    Typed::new(
        Type::List(Box::new(Type::String)),
        Value::List(parts.into_iter().map(Value::string).collect()),
    )
}

fn replace(it: &Arguments) -> Outcome<Option<Typed>> {
    it.exactly(3)?;
    let (text, part, other) = (it.text(0)?, it.text(1)?, it.text(2)?);
    let expression = part.len() > 1 && part.starts_with('/') && part.ends_with('/');
    Ok((!expression && !part.is_empty()).then(|| Typed::string(text.replace(&part, &other))))
}

fn substr(it: &Arguments) -> Outcome<Option<Typed>> {
    it.exactly(3)?;
    let (text, offset, length) = (it.text(0)?, it.whole(1)?, it.whole(2)?);
    if !plain(&text) {
        return Ok(None);
    }
    let whole = i64::try_from(text.len()).unwrap_or(i64::MAX);
    let start = if offset < 0 { whole + offset } else { offset };
    if start < 0 || length < -1 {
        return Ok(None);
    }
    let start = usize::try_from(start).unwrap_or(usize::MAX);
    let rest = text.chars().skip(start);
    let taken: String = match usize::try_from(length) {
        Ok(length) => rest.take(length).collect(),
        Err(_) => rest.collect(),
    };
    Ok(Some(Typed::string(taken)))
}

fn indent(it: &Arguments) -> Outcome<Option<Typed>> {
    it.exactly(2)?;
    let spaces = usize::try_from(it.whole(0)?).map_err(|_| Wrong::new("a negative indent"))?;
    Ok(Some(Typed::string(it.text(1)?.replace('\n', &format!("\n{}", " ".repeat(spaces))))))
}

/// The verbs `%s`, `%d`, `%v`, `%q` and `%%` without width; others are Terraform's.
fn format(it: &Arguments) -> Outcome<Option<Typed>> {
    let pattern = it.text(0)?;
    let mut written = String::new();
    let mut next = 1;
    let mut letters = pattern.chars();
    while let Some(letter) = letters.next() {
        if letter != '%' {
            written.push(letter);
            continue;
        }
        let verb = letters.next();
        if verb == Some('%') {
            written.push('%');
            continue;
        }
        let Some(argument) = it.items.get(next) else { return Err(Wrong::new("it has too few arguments")) };
        next += 1;
        match verb.and_then(|verb| verbatim(verb, argument)) {
            Some(text) => written.push_str(&text?),
            None => return Ok(None),
        }
    }
    if next < it.items.len() {
        return Err(Wrong::new("it has too many arguments"));
    }
    Ok(Some(Typed::string(written)))
}

/// An argument as the verb shows it; `None` if that is not modelled.
fn verbatim(verb: char, argument: &Typed) -> Option<Outcome<String>> {
    if argument.is_null() || !matches!(argument.ty, Type::String | Type::Number | Type::Bool) {
        return None;
    }
    match verb {
        's' => Some(convert(argument.clone(), &Type::String).map(shown)),
        'v' => match argument.ty {
            // Numbers are shown in a form of their own when they are very great or small.
            Type::Number => whole(argument).map(|it| Ok(it.to_string())),
            _ => Some(Ok(shown(argument.clone()))),
        },
        'd' => match convert(argument.clone(), &Type::Number) {
            Ok(number) => whole(&number).map(|it| Ok(it.to_string())),
            Err(wrong) => Some(Err(wrong)),
        },
        _ => None,
    }
}

fn whole(it: &Typed) -> Option<i64> {
    match &it.value {
        Value::Number(number) => number.to_i64().filter(|it| it.unsigned_abs() < 1_000_000),
        _ => None,
    }
}

fn shown(it: Typed) -> String {
    match it.value {
        Value::String(text) => text,
        Value::Number(number) => number.to_string(),
        Value::Bool(truth) => truth.to_string(),
        _ => String::new(),
    }
}
