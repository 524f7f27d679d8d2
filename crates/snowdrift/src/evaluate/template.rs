//! `"text ${value} %{ if … }"` and heredocs.

use hcl_edit::template::{Directive, Element, ForDirective, HeredocTemplate, IfDirective, Strip, Template};
use tf_core::{Type, Value};

use super::convert::convert;
use super::evaluate as value_of;
use super::iterate::entries;
use super::scope::Scope;
use super::typed::Typed;
use super::wrong::{Outcome, Wrong};

/// The text of a template; the value itself where the template is one interpolation and nothing else.
///
/// # Errors
/// Terraform would refuse a part of it too.
pub fn evaluate(template: &Template, scope: &Scope<'_>) -> Outcome<Typed> {
    if let Some(Element::Interpolation(only)) = template.as_single_element() {
        return value_of(&only.expr, scope);
    }
    text(template, false, scope)
}

/// The same of a template that stands by itself, in a file or in JSON: it is made of lines, as a heredoc is.
///
/// # Errors
/// Terraform would refuse a part of it too.
pub fn bare(template: &Template, scope: &Scope<'_>) -> Outcome<Typed> {
    if let Some(Element::Interpolation(only)) = template.as_single_element() {
        return value_of(&only.expr, scope);
    }
    text(template, true, scope)
}

fn text(template: &Template, lines: bool, scope: &Scope<'_>) -> Outcome<Typed> {
    let mut text = Text { written: String::new(), lines, unknown: false, sensitive: false };
    text.template(template, (Strip::None, Strip::None), scope)?;
    let whole = if text.unknown { Typed::unknown_of(Type::String) } else { Typed::string(text.written) };
    Ok(whole.marked(text.sensitive))
}

/// The text of a heredoc.
///
/// # Errors
/// Terraform would refuse a part of it too.
pub fn heredoc(it: &HeredocTemplate, scope: &Scope<'_>) -> Outcome<Typed> {
    let directives = it.template.iter().any(Element::is_directive);
    if directives && it.indent().is_some() {
        let reason = "an indented heredoc with directives is evaluated by Terraform only";
        return Ok(scope.undecided(reason));
    }
    text(&it.template, true, scope)
}

/// A text in the making.
struct Text {
    written: String,
    /// Whether it is made of lines, as a heredoc and a file are.
    lines: bool,
    /// A part is unknown, and with it the whole.
    unknown: bool,
    sensitive: bool,
}

impl Text {
    /// `around`: the marks of what stands before and behind.
    fn template(&mut self, template: &Template, around: (Strip, Strip), scope: &Scope<'_>) -> Outcome<()> {
        let elements: Vec<&Element> = template.iter().collect();
        for (place, element) in elements.iter().enumerate() {
            let before =
                place.checked_sub(1).and_then(|it| elements.get(it)).map_or(around.0, |it| marks(it));
            let behind = elements.get(place + 1).map_or(around.1, |it| marks(it));
            match element {
                Element::Literal(literal) => {
                    self.written.push_str(stripped(literal.value(), before, behind, self.lines))
                }
                Element::Interpolation(it) => self.value(value_of(&it.expr, scope)?)?,
                Element::Directive(it) => match it.as_ref() {
                    Directive::If(it) => self.choice(it, scope)?,
                    Directive::For(it) => self.repeat(it, scope)?,
                },
            }
        }
        Ok(())
    }

    fn value(&mut self, value: Typed) -> Outcome<()> {
        self.sensitive |= value.is_sensitive();
        if value.is_null() {
            return Err(Wrong::new("a template holds a value that is null"));
        }
        match convert(value, &Type::String)?.value {
            Value::String(text) => self.written.push_str(&text),
            _ => self.unknown = true,
        }
        Ok(())
    }

    fn choice(&mut self, it: &IfDirective, scope: &Scope<'_>) -> Outcome<()> {
        let condition = convert(value_of(&it.if_expr.cond_expr, scope)?, &Type::Bool)?;
        self.sensitive |= condition.is_sensitive();
        let end = it.endif_expr.strip;
        match (condition.value.as_bool(), &it.else_expr) {
            (Some(true), other) => {
                let behind = other.as_ref().map_or(end, |it| it.strip);
                self.template(&it.if_expr.template, (it.if_expr.strip, behind), scope)
            }
            (Some(false), Some(other)) => self.template(&other.template, (other.strip, end), scope),
            (Some(false), None) => Ok(()),
            (None, _) if condition.is_null() => Err(Wrong::new("the condition of a template is null")),
            (None, _) => {
                self.unknown = true;
                Ok(())
            }
        }
    }

    fn repeat(&mut self, it: &ForDirective, scope: &Scope<'_>) -> Outcome<()> {
        let collection = value_of(&it.for_expr.collection_expr, scope)?;
        self.sensitive |= collection.is_hidden();
        let Some(entries) = entries(&collection)? else {
            self.unknown = true;
            return Ok(());
        };
        for (key, value) in entries {
            let mut variables = vec![(it.for_expr.value_var.as_str(), value)];
            if let Some(name) = &it.for_expr.key_var {
                variables.push((name.as_str(), key));
            }
            let frame = scope.frame(variables);
            let around = (it.for_expr.strip, it.endfor_expr.strip);
            self.template(&it.for_expr.template, around, &scope.inside(&frame))?;
        }
        Ok(())
    }
}

/// What an element does to its neighbours: the mark at its beginning and the one at its end.
fn marks(element: &Element) -> Strip {
    match element {
        Element::Literal(_) => Strip::None,
        Element::Interpolation(it) => it.strip,
        Element::Directive(it) => {
            let (first, last) = match it.as_ref() {
                Directive::If(it) => (it.if_expr.strip, it.endif_expr.strip),
                Directive::For(it) => (it.for_expr.strip, it.endfor_expr.strip),
            };
            Strip::from((first.strip_start(), last.strip_end()))
        }
    }
}

/// `~` takes the white space on its side. A quoted text gives all of it; of a heredoc only what is in the same line, with
/// its end.
fn stripped(literal: &str, before: Strip, behind: Strip, lines: bool) -> &str {
    let mut rest = literal;
    if before.strip_end() {
        let line = rest.get(..first_line(rest, lines)).unwrap_or_default();
        rest = rest.get(line.len() - line.trim_start().len()..).unwrap_or_default();
    }
    if behind.strip_start() {
        let (others, line) = rest.split_at(last_line(rest, lines));
        rest = rest.get(..others.len() + line.trim_end().len()).unwrap_or_default();
    }
    rest
}

/// Where the first line ends.
fn first_line(text: &str, lines: bool) -> usize {
    text.find('\n').filter(|_| lines).map_or(text.len(), |it| it + 1)
}

/// Where the last line begins; a line break belongs to the line that it ends.
fn last_line(text: &str, lines: bool) -> usize {
    let inner = text.strip_suffix('\n').unwrap_or(text);
    inner.rfind('\n').filter(|_| lines).map_or(0, |it| it + 1)
}
