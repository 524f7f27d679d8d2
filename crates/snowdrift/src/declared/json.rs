//! Configurations in JSON: the same in HCL, with the lines of the JSON. There is then one language to evaluate.
//!
//! What a text means in JSON depends on where it stands: a template, the name of something, or a plain text.

use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use super::expand::quoted;
use crate::evaluate::functions::lazy::TEMPLATE;

/// The key of a remark.
const REMARK: &str = "//";

/// What is wrong with a file, and where, from 1.
#[derive(Debug, PartialEq, Eq)]
pub struct Misread {
    /// The line.
    pub line: usize,
    /// The column.
    pub column: usize,
    /// What.
    pub reason: String,
}

/// Where the lines of what was made begin, and which lines of the JSON they are.
pub type Lines = Vec<(usize, usize)>;

/// The same in HCL.
///
/// # Errors
/// It is not JSON, or not a configuration.
pub fn to_hcl(text: &str) -> Result<(String, Lines), Misread> {
    let raw: &RawValue = serde_json::from_str(text).map_err(|it| Misread {
        line: it.line(),
        column: it.column(),
        reason: "this is not JSON".to_owned(),
    })?;
    let mut writer = Writer { source: text, hcl: String::new(), lines: vec![(0, 1)] };
    for root in one_or_more(raw) {
        writer.root(root)?;
    }
    Ok((writer.hcl, writer.lines))
}

/// What stands at a place where there may be one thing or an array of such things.
fn one_or_more(raw: &RawValue) -> Vec<&RawValue> {
    match serde_json::from_str::<Items<'_>>(raw.get()) {
        Ok(items) => items.0,
        Err(_) => vec![raw],
    }
}

struct Writer<'a> {
    source: &'a str,
    hcl: String,
    lines: Lines,
}

/// How the texts of an argument are meant.
#[derive(Clone, Copy)]
enum Meant {
    /// As templates.
    Template,
    /// As they stand.
    Text,
    /// As the name of something, or as a type.
    Name,
    /// They have no part in a comparison.
    Nothing,
}

impl<'a> Writer<'a> {
    fn root(&mut self, raw: &'a RawValue) -> Result<(), Misread> {
        for (ident, value) in self.entries(raw)? {
            let labels = match ident.as_str() {
                "resource" | "data" | "ephemeral" => 2,
                "variable" | "output" | "module" | "provider" => 1,
                "locals" | "terraform" | "import" => 0,
                _ => continue,
            };
            self.blocks(&ident, labels, &mut Vec::new(), value)?;
        }
        Ok(())
    }

    /// The blocks that stand below a word: names first, each leading to a block or to an array of blocks.
    fn blocks(
        &mut self,
        ident: &str,
        labels: usize,
        named: &mut Vec<String>,
        raw: &'a RawValue,
    ) -> Result<(), Misread> {
        for raw in one_or_more(raw).into_iter().filter(|it| it.get() != "null") {
            if named.len() < labels {
                for (label, inner) in self.entries(raw)? {
                    named.push(label);
                    self.blocks(ident, labels, named, inner)?;
                    named.pop();
                }
                continue;
            }
            self.mark(raw);
            self.hcl.push_str(ident);
            for label in named.iter() {
                self.hcl.push(' ');
                self.hcl.push_str(&quoted(label));
            }
            self.hcl.push_str(" {\n");
            self.contents(ident, raw)?;
            self.hcl.push_str("}\n");
        }
        Ok(())
    }

    fn contents(&mut self, ident: &str, raw: &'a RawValue) -> Result<(), Misread> {
        for (name, value) in self.entries(raw)? {
            match (ident, name.as_str()) {
                ("resource", "lifecycle") | ("dynamic", "content") => {
                    self.blocks(&name, 0, &mut Vec::new(), value)?;
                }
                ("resource" | "content", "dynamic") => self.blocks(&name, 1, &mut Vec::new(), value)?,
                _ => self.argument(&name, meant(ident, &name), value)?,
            }
        }
        Ok(())
    }

    fn argument(&mut self, name: &str, meant: Meant, raw: &'a RawValue) -> Result<(), Misread> {
        if matches!(meant, Meant::Nothing) {
            return Ok(());
        }
        self.mark(raw);
        self.hcl.push_str(name);
        self.hcl.push_str(" = ");
        self.value(raw, meant)?;
        self.hcl.push('\n');
        Ok(())
    }

    fn value(&mut self, raw: &'a RawValue, meant: Meant) -> Result<(), Misread> {
        let text = raw.get();
        match text.bytes().next() {
            Some(b'{') => {
                self.hcl.push_str("{ ");
                for (key, value) in entries(text).map_err(|it| self.misread(raw, &it))? {
                    match meant {
                        Meant::Template if is_template(&key) => {
                            self.hcl.push('(');
                            self.text(&key, meant);
                            self.hcl.push(')');
                        }
                        _ => self.hcl.push_str(&quoted(&key)),
                    }
                    self.hcl.push_str(" = ");
                    self.value(value, meant)?;
                    self.hcl.push_str(", ");
                }
                self.hcl.push('}');
            }
            Some(b'[') => {
                let items: Items<'a> = serde_json::from_str(text).map_err(|it| self.misread(raw, &it))?;
                self.hcl.push('[');
                for item in items.0 {
                    self.value(item, meant)?;
                    self.hcl.push_str(", ");
                }
                self.hcl.push(']');
            }
            Some(b'"') => {
                let text: String = serde_json::from_str(text).map_err(|it| self.misread(raw, &it))?;
                self.text(&text, meant);
            }
            _ => self.hcl.push_str(text),
        }
        Ok(())
    }

    fn text(&mut self, text: &str, meant: Meant) {
        match meant {
            Meant::Template if is_template(text) => {
                self.hcl.push_str(TEMPLATE);
                self.hcl.push('(');
                self.hcl.push_str(&quoted(text));
                self.hcl.push(')');
            }
            Meant::Name => self.hcl.push_str(text),
            Meant::Template | Meant::Text | Meant::Nothing => self.hcl.push_str(&quoted(text)),
        }
    }

    /// Where the line of a value begins in what is made.
    fn mark(&mut self, raw: &RawValue) {
        let (line, _) = self.place(raw);
        self.lines.push((self.hcl.len(), line));
    }

    /// The members of a block, without remarks.
    fn entries(&self, raw: &'a RawValue) -> Result<Vec<(String, &'a RawValue)>, Misread> {
        let mut members = entries(raw.get()).map_err(|it| self.misread(raw, &it))?;
        members.retain(|it| it.0 != REMARK);
        Ok(members)
    }

    fn misread(&self, raw: &RawValue, error: &serde_json::Error) -> Misread {
        let (line, column) = self.place(raw);
        let reason = if error.is_data() {
            "an object with arguments or blocks is expected"
        } else {
            "this is not JSON"
        };
        Misread { line, column, reason: reason.to_owned() }
    }

    /// The line and the column of a value, from 1. A raw value is a piece of the text that was read.
    fn place(&self, raw: &RawValue) -> (usize, usize) {
        let offset = raw.get().as_ptr().addr().saturating_sub(self.source.as_ptr().addr());
        let before = self.source.get(..offset).unwrap_or_default();
        let line = before.bytes().filter(|it| *it == b'\n').count() + 1;
        let column = before.chars().rev().take_while(|it| *it != '\n').count() + 1;
        (line, column)
    }
}

/// How the texts of an argument of a block are meant.
fn meant(ident: &str, name: &str) -> Meant {
    match (ident, name) {
        ("terraform" | "data" | "ephemeral", _) => Meant::Nothing,
        (_, "depends_on" | "providers") => Meant::Nothing,
        ("resource", "provisioner" | "connection") => Meant::Nothing,
        ("variable", "validation") | ("output", "precondition") => Meant::Nothing,
        ("lifecycle", "ignore_changes") | ("variable", "type") | ("import", "to") => Meant::Name,
        ("resource" | "import", "provider") | ("dynamic", "iterator") => Meant::Name,
        ("lifecycle", _) => Meant::Nothing,
        ("dynamic", "labels") => Meant::Nothing,
        ("variable", _) | ("module", "source" | "version") | ("provider", "alias" | "version") => Meant::Text,
        _ => Meant::Template,
    }
}

fn is_template(text: &str) -> bool {
    text.contains("${") || text.contains("%{")
}

fn entries(text: &str) -> Result<Vec<(String, &RawValue)>, serde_json::Error> {
    serde_json::from_str::<Entries<'_>>(text).map(|it| it.0)
}

/// The members of an object in their order; a name may come several times.
struct Entries<'a>(Vec<(String, &'a RawValue)>);

impl<'de: 'a, 'a> Deserialize<'de> for Entries<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Entries<'a>, D::Error> {
        struct Members;
        impl<'de> Visitor<'de> for Members {
            type Value = Vec<(String, &'de RawValue)>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(members)
            }
        }
        deserializer.deserialize_map(Members).map(Entries)
    }
}

/// The elements of an array.
struct Items<'a>(Vec<&'a RawValue>);

impl<'de: 'a, 'a> Deserialize<'de> for Items<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Items<'a>, D::Error> {
        struct Elements;
        impl<'de> Visitor<'de> for Elements {
            type Value = Vec<&'de RawValue>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an array")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
                let mut items = Vec::new();
                while let Some(item) = seq.next_element()? {
                    items.push(item);
                }
                Ok(items)
            }
        }
        deserializer.deserialize_seq(Elements).map(Items)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(json: &str, expected: &str) {
        let (hcl, _) = to_hcl(json).unwrap();
        assert_eq!(hcl, expected);
        hcl_edit::parser::parse_body(&hcl).unwrap();
    }

    #[test]
    fn blocks_arguments_and_templates_are_those_of_hcl() {
        check(
            r#"{"resource": {"t": {"a": {"name": "x ${var.y}", "n": -1.5e3, "tags": {"k": null, "${var.z}": ["$"]}}}}}"#,
            "resource \"t\" \"a\" {\nname = json::template(\"x $${var.y}\")\nn = -1.5e3\ntags = { \"k\" = null, (json::template(\"$${var.z}\")) = [\"$\", ], }\n}\n",
        );
        check(
            r#"{"//": "r", "variable": {"v": {"type": "list(string)", "default": ["${x}"], "//": "r"}}}"#,
            "variable \"v\" {\ntype = list(string)\ndefault = [\"$${x}\", ]\n}\n",
        );
        check(
            r#"[{"resource": [{"t": {"a": [{"lifecycle": {"ignore_changes": ["name", "tags[\"x\"]"]}, "provider": "servicenow.eu", "depends_on": ["t.b"]}]}}]}, {"locals": {"a": true}}]"#,
            "resource \"t\" \"a\" {\nlifecycle {\nignore_changes = [name, tags[\"x\"], ]\n}\nprovider = servicenow.eu\n}\nlocals {\na = true\n}\n",
        );
        check(
            r#"{"resource": {"t": {"a": {"dynamic": {"rule": {"for_each": "${var.r}", "iterator": "it", "content": {"n": "${it.value}"}}}}}}, "import": [{"to": "t.a", "id": "1"}]}"#,
            "resource \"t\" \"a\" {\ndynamic \"rule\" {\nfor_each = json::template(\"$${var.r}\")\niterator = it\ncontent {\nn = json::template(\"$${it.value}\")\n}\n}\n}\nimport {\nto = t.a\nid = \"1\"\n}\n",
        );
    }

    #[test]
    fn lines_are_those_of_the_json() {
        let (hcl, lines) = to_hcl("{\n  \"resource\": {\n    \"t\": {\n      \"a\": {\n        \"name\": \"x\",\n\n        \"n\": 1 } } } }").unwrap();
        let line = |part: &str| {
            let at = hcl.find(part).unwrap();
            lines.iter().rev().find(|it| it.0 <= at).unwrap().1
        };
        assert_eq!([line("resource"), line("name"), line("n = 1")], [4, 5, 7]);
    }

    #[test]
    fn what_is_no_configuration_is_told_with_its_place() {
        for (json, line, column) in
            [("{", 1, 1), ("{\n \"resource\": 4}", 2, 14), ("{\"resource\": {\"t\": \"x\"}}", 1, 20)]
        {
            let misread = to_hcl(json).unwrap_err();
            assert_eq!((misread.line, misread.column), (line, column), "{json}: {misread:?}");
        }
    }
}
