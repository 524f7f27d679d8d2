//! The body of a block as it is kept: short ones as their text, which is read again when somebody asks, because a tree of what
//! was parsed takes twenty times the memory of its text, and a configuration may have tens of thousands of blocks.

use std::ops::{Deref, Range};
use std::sync::Arc;

use hcl_edit::structure::{Block, Body, Structure};

/// Bytes of a block that is kept as its text at most: it is read again within some ten microseconds.
const SHORT: usize = 4_096;

/// Arguments that make several instances of one block. Each of them asks for the body, which is therefore kept.
const MANY: [&str; 2] = ["count", "for_each"];

/// What stands between the names of attributes: no name holds one.
const SEPARATOR: char = '\n';

/// The body of a block.
#[derive(Clone, Debug)]
pub struct Kept {
    form: Form,
    /// Where the text begins, within its file, that the spans of the body are counted from.
    offset: usize,
}

#[derive(Clone, Debug)]
enum Form {
    Parsed(Body),
    Text {
        /// The whole file.
        text: Arc<str>,
        range: Range<usize>,
        /// The names of its attributes.
        names: Box<str>,
    },
}

/// A body that somebody looks at.
pub enum Reading<'a> {
    /// As it was kept.
    Kept(&'a Body),
    /// Read again.
    Again(Body),
}

impl Deref for Reading<'_> {
    type Target = Body;

    fn deref(&self) -> &Body {
        match self {
            Reading::Kept(body) => body,
            Reading::Again(body) => body,
        }
    }
}

impl Kept {
    /// A body that stays parsed. Its spans are counted from that place in its file.
    pub fn parsed(body: Body, offset: usize) -> Kept {
        Kept { form: Form::Parsed(body), offset }
    }

    /// The body of a block of a file, of which the text is kept where that is enough. Spans of the block are counted from
    /// `offset`.
    pub fn of(block: Block, offset: usize, text: &Arc<str>) -> Kept {
        use hcl_edit::Span as _;
        let range = block.span().map(|it| it.start + offset..it.end + offset);
        let is_single = MANY.iter().all(|it| !block.body.has_attribute(it));
        match range.filter(|it| is_single && it.len() <= SHORT && text.get(it.clone()).is_some()) {
            Some(range) => {
                let names: Vec<&str> = block.body.attributes().map(|it| it.key.as_str()).collect();
                let names = names.join(&SEPARATOR.to_string()).into_boxed_str();
                let offset = range.start;
                Kept { form: Form::Text { text: Arc::clone(text), range, names }, offset }
            }
            None => Kept::parsed(block.body, offset),
        }
    }

    /// The body.
    pub fn body(&self) -> Reading<'_> {
        match &self.form {
            Form::Parsed(body) => Reading::Kept(body),
            Form::Text { text, range, .. } => Reading::Again(read(text, range)),
        }
    }

    /// The body, to be changed.
    pub fn into_body(self) -> Body {
        match self.form {
            Form::Parsed(body) => body,
            Form::Text { text, range, .. } => read(&text, &range),
        }
    }

    /// Where the text begins, within its file, that the spans of the body are counted from.
    pub fn offset(&self) -> usize {
        self.offset
    }

    /// Whether it has an attribute, without looking at the body.
    pub fn has(&self, attribute: &str) -> bool {
        match &self.form {
            Form::Parsed(body) => body.has_attribute(attribute),
            Form::Text { names, .. } => names.split(SEPARATOR).any(|it| it == attribute),
        }
    }

    /// Whether the block stands for one instance without a key.
    pub fn is_single(&self) -> bool {
        MANY.iter().all(|it| !self.has(it))
    }
}

/// The body of the one block in a part of a text, which was parsed as a part of the whole before.
fn read(text: &str, range: &Range<usize>) -> Body {
    let part = text.get(range.clone()).unwrap_or_default();
    let mut structures = hcl_edit::parser::parse_body(part).unwrap_or_default().into_iter();
    match structures.next() {
        Some(Structure::Block(block)) => block.body,
        _ => Body::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = r#"
resource "t" "plain" { # a remark
  name = "x ${1 + 2}" // another
  text = <<-EOT
    }
    resource "t" "none" {
    EOT
  nested {
    a = 1
  }
}

resource "t" "many" {
  count = 2
}

resource "t" "one_line" { name = "é" }
"#;

    fn check(text: &str) -> Vec<Kept> {
        let shared: Arc<str> = text.into();
        let body = hcl_edit::parser::parse_body(text).unwrap();
        let kept = |block: Block| {
            let kept = Kept::of(block.clone(), 0, &shared);
            assert_eq!(*kept.body(), block.body, "it is the same when it is read again");
            assert_eq!(kept.clone().into_body(), block.body);
            for attribute in block.body.attributes() {
                assert!(kept.has(attribute.key.as_str()));
            }
            assert!(!kept.has("nothing") && !kept.has(""));
            kept
        };
        body.into_blocks().map(kept).collect()
    }

    #[test]
    fn a_short_block_is_kept_as_its_text_and_one_of_many_instances_parsed() {
        let kept = check(TEXT);
        let is_text = |it: &Kept| matches!(it.form, Form::Text { .. });
        assert_eq!(kept.iter().map(is_text).collect::<Vec<_>>(), [true, false, true]);
        assert_eq!(kept.iter().map(Kept::is_single).collect::<Vec<_>>(), [true, false, true]);
        let long = format!("resource \"t\" \"a\" {{\n  text = \"{}\"\n}}\n", "x".repeat(SHORT));
        assert!(!is_text(&check(&long)[0]));
    }

    #[test]
    fn spans_are_counted_from_where_the_text_begins() {
        use hcl_edit::Span as _;
        for kept in check(TEXT) {
            for attribute in kept.body().attributes() {
                let start = attribute.span().unwrap().start + kept.offset();
                assert!(TEXT[start..].starts_with(attribute.key.as_str()), "{start}");
            }
        }
    }
}
