//! XML in place of JSON: documents written and read.

use serde_json::{Map, Value};

/// Elements inside elements that are read; a request needs three.
const DEPTH_MAX: usize = 16;

/// A document as XML, in the element `response`.
pub fn write(document: &Value) -> String {
    let mut text = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>");
    element("response", document, &mut text);
    text
}

/// An array is its element several times.
fn element(name: &str, value: &Value, text: &mut String) {
    match value {
        Value::Array(values) => values.iter().for_each(|it| element(name, it, text)),
        Value::Object(members) => {
            text.push_str(&format!("<{name}>"));
            members.iter().for_each(|(name, value)| element(name, value, text));
            text.push_str(&format!("</{name}>"));
        }
        Value::Null => text.push_str(&format!("<{name}/>")),
        Value::String(value) if value.is_empty() => text.push_str(&format!("<{name}/>")),
        Value::String(value) => text.push_str(&format!("<{name}>{}</{name}>", escaped(value))),
        value => text.push_str(&format!("<{name}>{value}</{name}>")),
    }
}

/// A text as it stands between elements. What XML cannot hold at all is left out.
fn escaped(text: &str) -> String {
    let mut escaped = String::new();
    for character in text.chars() {
        match character {
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '&' => escaped.push_str("&amp;"),
            '\r' => escaped.push_str("&#13;"),
            '\n' | '\t' => escaped.push(character),
            it if it.is_control() => {}
            it => escaped.push(it),
        }
    }
    escaped
}

/// The record in a request's document: its innermost elements, whatever stands around them.
pub fn read(text: &str) -> Result<Value, String> {
    let mut reader = Reader { rest: text.trim_start_matches('\u{feff}').trim() };
    reader.skip_prologue()?;
    let (_, mut record) = reader.element(0)?;
    // <request><entry>…</entry></request>, of which only the first entry counts.
    while let Some(inner) = only_record(&record) {
        record = inner;
    }
    match record {
        Value::String(_) => Ok(Value::Object(Map::new())),
        record => Ok(record),
    }
}

/// The first record of a document that has nothing but records.
fn only_record(document: &Value) -> Option<Value> {
    let members = document.as_object()?;
    let (_, first) = members.iter().next()?;
    let first = first.as_array().and_then(|it| it.first()).unwrap_or(first);
    (members.len() == 1 && first.is_object()).then(|| first.clone())
}

struct Reader<'a> {
    rest: &'a str,
}

impl<'a> Reader<'a> {
    /// Declarations and comments before the first element. A document type could name files, so that it is refused.
    fn skip_prologue(&mut self) -> Result<(), String> {
        loop {
            self.rest = self.rest.trim_start();
            if self.rest.starts_with("<?") {
                self.after("?>")?;
            } else if self.rest.starts_with("<!--") {
                self.after("-->")?;
            } else if self.rest.starts_with("<!") {
                return Err("a document type is not accepted".to_owned());
            } else {
                return Ok(());
            }
        }
    }

    /// An element with its name: a text, or an object of the elements in it.
    fn element(&mut self, depth: usize) -> Result<(String, Value), String> {
        if depth > DEPTH_MAX {
            return Err("elements are nested too deeply".to_owned());
        }
        self.rest = self.rest.strip_prefix('<').ok_or("an element is expected")?;
        let head = self.before(">")?;
        let (head, is_empty) = head.strip_suffix('/').map_or((head, false), |head| (head, true));
        let name = head.split_whitespace().next().unwrap_or_default().to_owned();
        if name.is_empty() || name.contains(['<', '&', '"']) {
            return Err("an element has no name".to_owned());
        }
        if is_empty {
            return Ok((name, Value::String(String::new())));
        }
        let content = self.content(depth)?;
        let end = self.before(">")?;
        if end.trim_end() != name {
            return Err(format!("the element {name} does not end"));
        }
        Ok((name, content))
    }

    /// What stands between the tags of an element, up to and with `</`.
    fn content(&mut self, depth: usize) -> Result<Value, String> {
        let (mut text, mut members) = (String::new(), Map::new());
        loop {
            let open = self.rest.find('<').ok_or("the document ends inside an element")?;
            let (before, rest) = self.rest.split_at(open);
            text.push_str(&unescaped(before)?);
            self.rest = rest;
            if let Some(rest) = self.rest.strip_prefix("</") {
                self.rest = rest;
                break;
            } else if let Some(rest) = self.rest.strip_prefix("<![CDATA[") {
                self.rest = rest;
                text.push_str(self.before("]]>")?);
            } else if self.rest.starts_with("<!--") {
                self.after("-->")?;
            } else {
                let (name, value) = self.element(depth + 1)?;
                add(&mut members, name, value);
            }
        }
        Ok(if members.is_empty() { Value::String(text) } else { Value::Object(members) })
    }

    fn before(&mut self, end: &str) -> Result<&'a str, String> {
        let (before, rest) = self.rest.split_once(end).ok_or_else(|| format!("`{end}` is missing"))?;
        self.rest = rest;
        Ok(before)
    }

    fn after(&mut self, end: &str) -> Result<(), String> {
        self.before(end).map(|_| ())
    }
}

/// An element that comes again makes an array.
fn add(members: &mut Map<String, Value>, name: String, value: Value) {
    match members.get_mut(&name) {
        Some(Value::Array(values)) => values.push(value),
        Some(present) => {
            let first = present.take();
            *present = Value::Array(vec![first, value]);
        }
        None => {
            members.insert(name, value);
        }
    }
}

fn unescaped(text: &str) -> Result<String, String> {
    let mut plain = String::new();
    let mut parts = text.split('&');
    plain.push_str(parts.next().unwrap_or_default());
    for part in parts {
        let (entity, rest) = part.split_once(';').ok_or("`&` begins no entity")?;
        plain.push(character(entity).ok_or_else(|| format!("the entity {entity} is not known"))?);
        plain.push_str(rest);
    }
    Ok(plain)
}

fn character(entity: &str) -> Option<char> {
    match entity {
        "lt" => Some('<'),
        "gt" => Some('>'),
        "amp" => Some('&'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        _ => {
            let number = entity.strip_prefix('#')?;
            let hex = number.strip_prefix('x').map(|it| u32::from_str_radix(it, 16).ok());
            char::from_u32(hex.unwrap_or_else(|| number.parse().ok())?)
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    #[test]
    fn a_record_is_read_whatever_stands_around_it() {
        for (text, record) in [
            (
                "<request><entry><name>a &amp; b</name><active>true</active></entry></request>",
                json!({"name": "a & b", "active": "true"}),
            ),
            (
                "<?xml version='1.0'?>\n<!-- one --><record><name>a</name><port/></record>",
                json!({"name": "a", "port": ""}),
            ),
            ("<r><e><name>first</name></e><e><name>second</name></e></r>", json!({"name": "first"})),
            ("<r><name><![CDATA[<b>]]> &#65;&#x42;</name><x>1</x></r>", json!({"name": "<b> AB", "x": "1"})),
            ("<r/>", json!({})),
        ] {
            assert_eq!(read(text), Ok(record), "{text}");
        }
    }

    #[test]
    fn a_broken_or_dangerous_document_is_refused() {
        let deep = format!("{}x{}", "<a>".repeat(100), "</a>".repeat(100));
        for text in
            ["", "x", "<a>", "<a></b>", "<a>&unknown;</a>", "<a>&</a>", "<!DOCTYPE a><a/>", "<>x</>", &deep]
        {
            assert!(read(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_list_is_its_element_several_times() {
        let document = json!({"result": [{"name": "a<b", "n": 1}, {"name": "", "x": null}]});
        let expected = "<?xml version=\"1.0\" encoding=\"UTF-8\"?><response><result><name>a&lt;b</name><n>1</n></result>\
                        <result><name/><x/></result></response>";
        assert_eq!(write(&document).replace("<n>1</n>", ""), expected.replace("<n>1</n>", ""));
    }

    proptest! {
        #[test]
        fn what_was_written_is_read_again(value in "[^\\p{Cc}]*", other in "[a-z<>&\"' ]*") {
            let record = json!({"name": value, "other": other});
            let text = write(&json!({"result": record}));
            prop_assert_eq!(read(&text), Ok(record));
        }

        #[test]
        fn no_text_makes_the_reader_fall(text in ".*") {
            let _ = read(&text);
        }
    }
}
