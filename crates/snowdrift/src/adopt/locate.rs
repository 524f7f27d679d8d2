//! Finding the block of an address, and the way to an attribute within it.

use hcl_edit::structure::{Block, Body};

/// A step on the way to a value within a resource.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    /// A member of an object, or an attribute of the resource.
    Name(String),
    /// An entry of a map.
    Key(String),
    /// An element of a list, from 0.
    Index(usize),
}

/// Whether an address is of one resource in the root module: no module, no instance key.
pub fn is_plain(address: &str) -> bool {
    let mut words = address.split('.');
    let word = |it: Option<&str>| {
        it.is_some_and(|it| {
            !it.is_empty() && it.chars().all(|it| it.is_alphanumeric() || matches!(it, '_' | '-'))
        })
    };
    let first = words.next();
    first != Some("module") && word(first) && word(words.next()) && words.next().is_none()
}

/// The block that declares the resource and nothing else.
///
/// # Errors
/// There is none, or it stands for more than the one resource.
pub fn block<'a>(body: &'a Body, address: &str) -> Result<&'a Block, String> {
    if address.starts_with("module.") {
        return Err("It is declared in a module, which may be called elsewhere too: change what the call gives to the module, or the module itself.".to_owned());
    }
    if !is_plain(address) {
        return Err(
            "Its block stands for several resources (`count` or `for_each`): change what they are made of."
                .to_owned(),
        );
    }
    let is_meant = |it: &&Block| {
        let labels: Vec<&str> = it.labels.iter().map(|it| it.as_str()).collect();
        it.ident.as_str() == "resource" && labels.join(".") == address && labels.len() == 2
    };
    let found = body
        .blocks()
        .find(is_meant)
        .ok_or_else(|| format!("The block of `{address}` is not in this file any more."))?;
    if found.body.has_attribute("count") || found.body.has_attribute("for_each") {
        return Err(
            "Its block stands for several resources (`count` or `for_each`): change what they are made of."
                .to_owned(),
        );
    }
    Ok(found)
}

/// Reads a path such as `headers["X-Key"].value`.
///
/// # Errors
/// It is written in another way.
pub fn path(text: &str) -> Result<Vec<Part>, String> {
    let wrong = || "is a path that no patch is made for: change it by hand.".to_owned();
    let mut parts = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        if let Some(behind) = rest.strip_prefix('[') {
            let (part, behind) = in_brackets(behind).ok_or_else(wrong)?;
            parts.push(part);
            rest = behind;
            continue;
        }
        let begin = if parts.is_empty() { rest } else { rest.strip_prefix('.').ok_or_else(wrong)? };
        let end = begin.find(['.', '[']).unwrap_or(begin.len());
        let name = begin.get(..end).filter(|it| !it.is_empty()).ok_or_else(wrong)?;
        parts.push(Part::Name(name.to_owned()));
        rest = begin.get(end..).unwrap_or_default();
    }
    if matches!(parts.first(), Some(Part::Name(_))) { Ok(parts) } else { Err(wrong()) }
}

/// `"key"]` or `0]`, and what follows.
fn in_brackets(text: &str) -> Option<(Part, &str)> {
    if !text.starts_with('"') {
        let (index, behind) = text.split_once(']')?;
        return Some((Part::Index(index.parse().ok()?), behind));
    }
    let mut escaped = false;
    let close = text.char_indices().skip(1).find(|(_, it)| {
        let closes = *it == '"' && !escaped;
        escaped = *it == '\\' && !escaped;
        closes
    });
    let end = close?.0 + 1;
    // Written as HCL writes a text, so that its own parser undoes it.
    let key = hcl_edit::parser::parse_expr(text.get(..end)?).ok()?;
    Some((Part::Key(key.as_str()?.to_owned()), text.get(end..)?.strip_prefix(']')?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_names_keys_and_indices() {
        let name = |it: &str| Part::Name(it.to_owned());
        let key = |it: &str| Part::Key(it.to_owned());
        for (text, expected) in [
            ("name", vec![name("name")]),
            ("a.b", vec![name("a"), name("b")]),
            (r#"headers["X-Key"].value"#, vec![name("headers"), key("X-Key"), name("value")]),
            (r#"a["x\"]y"][3]"#, vec![name("a"), key("x\"]y"), Part::Index(3)]),
        ] {
            assert_eq!(path(text), Ok(expected));
        }
        for wrong in ["", "[0]", "a..b", "a[", "a[\"x]", "a[x]", "a]b["] {
            assert!(path(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn only_a_resource_of_its_own_is_plain() {
        for (address, expected) in [
            ("servicenow_a.b", true),
            ("servicenow_a.b[0]", false),
            ("servicenow_a.b[\"x.y\"]", false),
            ("module.a", false),
            ("module.a.servicenow_b.c", false),
            ("servicenow_a", false),
        ] {
            assert_eq!(is_plain(address), expected, "{address}");
        }
    }
}
