//! Values as a person would write them in HCL: escaped, laid out as `terraform fmt` leaves them, and exactly what they
//! were when Terraform reads them back.

use tf_core::Value;

/// Columns beyond which a list is written with one element to a line.
const COLUMNS_MAX: usize = 96;

/// Something that can stand behind an equals sign.
#[derive(Clone, Debug, PartialEq)]
pub enum Expression {
    /// A value that is written out.
    Value(Value),
    /// A traversal such as `servicenow_connection_alias.orders.id`.
    Reference(String),
    /// Elements of a list or a set.
    List(Vec<Expression>),
    /// Members of an object, whose names are bare words.
    Object(Vec<(String, Expression)>),
    /// Entries of a map, whose keys are texts.
    Map(Vec<(String, Expression)>),
}

/// A line, or several, of a body: an attribute, or a remark.
#[derive(Clone, Debug, PartialEq)]
pub enum Line {
    /// `name = expression`.
    Attribute(String, Expression),
    /// A comment, without the number sign.
    Remark(String),
    /// An empty line.
    Gap,
}

/// The lines of a body, indented by so many levels. Equals signs of single lines that follow each other stand in one column.
pub fn body(lines: &[Line], level: usize) -> String {
    let written: Vec<(Option<&str>, String)> = lines
        .iter()
        .map(|it| match it {
            Line::Attribute(name, expression) => (Some(name.as_str()), text(expression, level)),
            Line::Remark(text) => (None, format!("# {text}").trim_end().to_owned()),
            Line::Gap => (None, String::new()),
        })
        .collect();
    let mut out = String::new();
    for (at, (name, text)) in written.iter().enumerate() {
        match name {
            Some(name) => {
                let width = width(&written, at);
                push_line(&mut out, level, &format!("{name:width$} = {text}"));
            }
            None => push_line(&mut out, level, text),
        }
    }
    out
}

fn push_line(out: &mut String, level: usize, text: &str) {
    if !text.is_empty() {
        out.push_str(&"  ".repeat(level));
        out.push_str(text);
    }
    out.push('\n');
}

/// How wide the names around this line are, as far as lines of one row follow each other.
fn width(written: &[(Option<&str>, String)], at: usize) -> usize {
    // A heredoc is one line to Terraform, however long it is.
    let is_line = |text: &str| !text.contains('\n') || text.starts_with("<<");
    let joins = |it: &&(Option<&str>, String)| it.0.is_some() && is_line(&it.1);
    let length = |it: &(Option<&str>, String)| it.0.map_or(0, |name| name.chars().count());
    let Some(own) = written.get(at).filter(joins) else {
        return written.get(at).map_or(0, length);
    };
    let before = written.get(..at).unwrap_or_default().iter().rev().take_while(joins);
    let behind = written.get(at + 1..).unwrap_or_default().iter().take_while(joins);
    before.chain(behind).map(length).fold(length(own), usize::max)
}

/// An expression; the second and further lines of it are indented for a body of this level.
pub fn text(expression: &Expression, level: usize) -> String {
    match expression {
        Expression::Value(value) => of_value(value, level),
        Expression::Reference(traversal) => traversal.clone(),
        Expression::List(items) => list(items, level),
        Expression::Object(members) => braces(members.iter().map(|(name, it)| (name.clone(), it)), level),
        Expression::Map(entries) => braces(entries.iter().map(|(key, it)| (quoted(key), it)), level),
    }
}

fn of_value(value: &Value, level: usize) -> String {
    match value {
        Value::Null | Value::Unknown(_) => "null".to_owned(),
        Value::Bool(truth) => truth.to_string(),
        Value::Number(number) => number.to_string(),
        Value::String(text) => heredoc(text, level).unwrap_or_else(|| quoted(text)),
        Value::List(items) | Value::Set(items) => {
            list(&items.iter().cloned().map(Expression::Value).collect::<Vec<_>>(), level)
        }
        Value::Map(members) => {
            let members: Vec<(String, Expression)> =
                members.iter().map(|(key, it)| (key.clone(), Expression::Value(it.clone()))).collect();
            text(&Expression::Map(members), level)
        }
        Value::Dynamic(inner) => of_value(&inner.1, level),
    }
}

fn list(items: &[Expression], level: usize) -> String {
    // A heredoc has no place among elements: nothing may stand behind its end.
    let element = |it: &Expression, level: usize| match it {
        Expression::Value(Value::String(text)) => quoted(text),
        it => text(it, level),
    };
    let short: Vec<String> = items.iter().map(|it| element(it, level)).collect();
    let line = format!("[{}]", short.join(", "));
    if line.chars().count() + level * 2 <= COLUMNS_MAX && !line.contains('\n') {
        return line;
    }
    let mut out = String::from("[\n");
    for item in items {
        push_line(&mut out, level + 1, &format!("{},", element(item, level + 1)));
    }
    out.push_str(&"  ".repeat(level));
    out.push(']');
    out
}

fn braces<'a>(members: impl Iterator<Item = (String, &'a Expression)>, level: usize) -> String {
    let lines: Vec<Line> = members.map(|(name, it)| Line::Attribute(name, it.clone())).collect();
    if lines.is_empty() {
        return "{}".to_owned();
    }
    format!("{{\n{}{}}}", body(&lines, level + 1), "  ".repeat(level))
}

/// A text in quotation marks.
pub fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    let mut rest = text;
    while let Some(character) = rest.chars().next() {
        let run = rest.len() - rest.trim_start_matches(character).len();
        let begins_template =
            matches!(character, '$' | '%') && rest.get(run..).is_some_and(|it| it.starts_with('{'));
        let taken = if begins_template { run } else { character.len_utf8() };
        match (begins_template, run) {
            (true, 1) => out.extend([character, character]),
            // Doubling what is double already would be read as something else.
            (true, _) => out.extend(std::iter::repeat_n(number(character), run)),
            (false, _) => push_escaped(&mut out, character),
        }
        rest = rest.get(taken..).unwrap_or_default();
    }
    out.push('"');
    out
}

fn push_escaped(out: &mut String, character: char) {
    match character {
        '"' => out.push_str("\\\""),
        '\\' => out.push_str("\\\\"),
        '\n' => out.push_str("\\n"),
        '\r' => out.push_str("\\r"),
        '\t' => out.push_str("\\t"),
        it if needs_a_number(it) => out.push_str(&number(it)),
        it => out.push(it),
    }
}

/// What cannot be seen, or would be taken for the layout of the line.
fn needs_a_number(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{2028}' | '\u{2029}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

fn number(character: char) -> String {
    let code = u32::from(character);
    if code > 0xffff { format!("\\U{code:08x}") } else { format!("\\u{code:04x}") }
}

/// A text of several lines as such, if it can be: it is read back letter by letter. A heredoc ends with a line break, which
/// `chomp` takes away where the text has none.
fn heredoc(text: &str, level: usize) -> Option<String> {
    let plain = |it: char| it == '\n' || it == '\t' || !needs_a_number(it);
    // A text that ends with several line breaks, or one with Windows' line ends, is clearer in quotation marks.
    if text.trim_end_matches('\n').matches('\n').count() == 0
        || !text.chars().all(plain)
        || text.ends_with("\n\n")
    {
        return None;
    }
    let marker = ["EOT", "END_OF_TEXT", "END_OF_THIS_TEXT"]
        .into_iter()
        .find(|marker| !text.lines().any(|line| line.trim() == *marker))?;
    let escaped = text.replace("${", "$${").replace("%{", "%%{");
    // What was doubled already would be taken for an escape of ours.
    if text.contains("$${") || text.contains("%%{") {
        return None;
    }
    let indent = "  ".repeat(level);
    Some(match escaped.strip_suffix('\n') {
        Some(body) => format!("<<{marker}\n{body}\n{marker}"),
        None => format!("chomp(<<{marker}\n{escaped}\n{marker}\n{indent})"),
    })
}

#[cfg(test)]
mod tests;
