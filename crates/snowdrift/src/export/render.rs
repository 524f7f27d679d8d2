//! An object as the text of an `import` and a `resource` block, with a word about the secrets that the instance keeps.

use tf_core::{Attribute, Object, Schema, Value};

use super::collect::Item;
use super::document::KeptSecret;
use super::expression::{Expression, Line, body, quoted};
use super::pointers;
use super::references::Writing;
use crate::declared::PROVIDER;

/// What stands in the first line of every file of an export.
pub const MARK: &str = "# Written by snowdrift export";

/// What a pointer has: it moves before the connection that it pointed to is deleted.
const MOVES_FIRST: &str = "\n  lifecycle {\n    create_before_destroy = true\n  }\n";

/// How secrets appear.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Secrets {
    /// As comments that say how to take them over: the files suit every Terraform from 1.5.
    #[default]
    Comments,
    /// As variables without a value, which write nothing until they get one: the files need Terraform or OpenTofu 1.11.
    Variables,
}

/// An object on its way into a file.
pub struct Block<'a> {
    /// The object.
    pub item: &'a Item,
    /// Its name in the configuration.
    pub name: &'a str,
    /// The schema of its type.
    pub schema: &'a Schema,
    /// Write-only attributes that it may have.
    pub secrets: &'a [&'a Attribute],
    /// The alias of the provider block that it is under; nothing for the one without.
    pub provider: Option<&'a str>,
}

impl Block<'_> {
    /// As `type.name`.
    pub fn address(&self) -> String {
        format!("{}.{}", self.item.type_name, self.name)
    }

    /// The secrets that it keeps.
    pub fn kept(&self, how: Secrets) -> Vec<KeptSecret> {
        let kept = |it: &&Attribute| KeptSecret {
            address: self.address(),
            attribute: it.name.clone(),
            variable: (how == Secrets::Variables).then(|| self.variable(&it.name)),
        };
        self.secrets.iter().map(kept).collect()
    }

    /// The variable of a secret.
    fn variable(&self, attribute: &str) -> String {
        let kind = self.item.type_name.trim_start_matches("servicenow_");
        format!("{kind}_{}_{attribute}", self.name)
    }

    /// Both blocks.
    pub fn text(&self, writing: &Writing<'_>, how: Secrets) -> String {
        let import = [
            Line::Attribute("to".to_owned(), Expression::Reference(self.address())),
            Line::Attribute("id".to_owned(), Expression::Value(Value::string(self.item.id.as_str()))),
        ];
        format!(
            "import {{\n{}}}\n\nresource {} {} {{\n{}{}}}\n",
            body(&import, 1),
            quoted(&self.item.type_name),
            quoted(self.name),
            body(&self.lines(writing, how), 1),
            if pointers::is_pointer(&self.item.type_name) { MOVES_FIRST } else { "" }
        )
    }

    fn lines(&self, writing: &Writing<'_>, how: Secrets) -> Vec<Line> {
        let mut lines = Vec::new();
        if let Some(alias) = self.provider {
            let provider = Expression::Reference(format!("{PROVIDER}.{alias}"));
            lines.extend([Line::Attribute("provider".to_owned(), provider), Line::Gap]);
        }
        for attribute in &self.schema.block.attributes {
            let value = self.item.config.get(&attribute.name).unwrap_or(&Value::Null);
            if !value.is_null() && !attribute.write_only {
                lines.push(Line::Attribute(
                    attribute.name.clone(),
                    writing.expression(self.item, attribute, value),
                ));
            }
        }
        if !self.secrets.is_empty() {
            lines.push(Line::Gap);
            match how {
                Secrets::Comments => lines.extend(self.remarks()),
                Secrets::Variables => lines.extend(self.given()),
            }
        }
        lines
    }

    fn remarks(&self) -> Vec<Line> {
        let remark = |it: String| Line::Remark(it);
        let mut lines = vec![
            remark("The instance keeps what cannot be read, and nothing here writes over it. To take it over, with Terraform".to_owned()),
            remark("or OpenTofu from 1.11, declare ephemeral variables and give a version:".to_owned()),
        ];
        let width = self.secrets.iter().flat_map(|it| names(it)).map(str::len).max().unwrap_or_default();
        for secret in self.secrets {
            let variable = self.variable(&secret.name);
            for (name, value) in
                names(secret).into_iter().zip([format!("var.{variable}"), "\"1\"".to_owned()])
            {
                lines.push(remark(format!("  {name:width$} = {value}")));
            }
        }
        lines
    }

    fn given(&self) -> Vec<Line> {
        let variable = |name: &str| Expression::Reference(format!("var.{}", self.variable(name)));
        let names = self.secrets.iter().flat_map(|it| names(it));
        names.map(|it| Line::Attribute(it.to_owned(), variable(it))).collect()
    }

    /// The variables of its secrets.
    pub fn variables(&self) -> Vec<String> {
        let declared = |name: &str, description: String, is_secret: bool| {
            let truth = |name: &str| Line::Attribute(name.to_owned(), Expression::Value(Value::Bool(true)));
            let mut lines = vec![
                Line::Attribute("description".to_owned(), Expression::Value(Value::string(description))),
                Line::Attribute("type".to_owned(), Expression::Reference("string".to_owned())),
                Line::Attribute("default".to_owned(), Expression::Value(Value::Null)),
            ];
            if is_secret {
                lines.extend([truth("ephemeral"), truth("sensitive")]);
            }
            format!("variable {} {{\n{}}}\n", quoted(&self.variable(name)), body(&lines, 1))
        };
        let mut variables = Vec::new();
        for secret in self.secrets {
            let about = format!("{} of {}.", secret.name, self.address());
            variables.push(declared(&secret.name, about, true));
            if let Some(version) = &secret.behavior.version {
                let about = format!("A new text writes {} of {} again.", secret.name, self.address());
                variables.push(declared(version, about, false));
            }
        }
        variables
    }
}

/// A secret and its version.
fn names(secret: &Attribute) -> Vec<&str> {
    std::iter::once(secret.name.as_str()).chain(secret.behavior.version.as_deref()).collect()
}

/// The write-only attributes that an object may have beside what it has.
pub fn secrets<'a>(
    schema: &'a Schema,
    config: &Object,
    is_allowed: &dyn Fn(&Object) -> bool,
) -> Vec<&'a Attribute> {
    let may_have = |it: &&Attribute| {
        let mut with = config.clone();
        with.insert(it.name.clone(), Value::string("placeholder"));
        it.write_only && is_allowed(&with)
    };
    schema.block.attributes.iter().filter(may_have).collect()
}
