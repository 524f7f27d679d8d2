//! The blocks of a folder's files from far away: what each is, where it stands, and which resources it names.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use hcl_edit::Span as _;
use hcl_edit::expr::{Expression, Traversal, TraversalOperator};
use hcl_edit::structure::{Block, Body};
use hcl_edit::visit::{Visit, visit_traversal};

use super::Files;

/// The files of one folder.
pub struct Outline<'a> {
    files: &'a Files,
    bodies: BTreeMap<&'a str, Body>,
    /// Every block of the files, in their order.
    pub blocks: Vec<Part<'a>>,
}

/// A block that stands in a file itself, and not within another one.
pub struct Part<'a> {
    /// The file.
    pub file: &'a str,
    /// Such as `resource servicenow_connection_alias.orders`.
    pub title: String,
    /// The address, for a resource.
    pub address: Option<String>,
    /// What `to` names, for a block that leads to a resource: `import` and `moved`.
    pub leads_to: Option<String>,
    /// Where it is.
    pub range: Range<usize>,
    /// The resources that it names, and whatever else has two words.
    pub names: BTreeSet<String>,
    /// Whether it says that it must not be destroyed.
    pub is_guarded: bool,
    /// The alias of the provider block that it names.
    pub provider: Option<String>,
}

impl<'a> Outline<'a> {
    /// Looks at the files of a folder. What is not HCL has no blocks.
    pub fn of(files: &'a Files) -> Outline<'a> {
        let mut outline = Outline { files, bodies: BTreeMap::new(), blocks: Vec::new() };
        for (file, text) in files.iter().filter(|(file, _)| !is_json(file)) {
            let Ok(body) = hcl_edit::parser::parse_body(text) else { continue };
            outline.blocks.extend(body.blocks().filter_map(|it| part(file, it)));
            outline.bodies.insert(file, body);
        }
        outline
    }

    /// The text of a file.
    pub fn text(&self, file: &str) -> Option<&'a str> {
        self.files.get(file).map(String::as_str)
    }

    /// A parsed file.
    pub fn body(&self, file: &str) -> Option<&Body> {
        self.bodies.get(file)
    }

    /// The blocks that declare an address; more than one where one overrides another.
    pub fn declaring(&self, address: &str) -> Vec<&Part<'a>> {
        self.blocks.iter().filter(|it| it.address.as_deref() == Some(address)).collect()
    }

    /// The files in JSON that have an address anywhere in their text.
    pub fn json_with(&self, address: &str) -> Vec<&'a str> {
        let files = self.files.iter().filter(|(file, text)| is_json(file) && text.contains(address));
        files.map(|it| it.0.as_str()).collect()
    }
}

/// Whether a file is a configuration in JSON.
pub fn is_json(file: &str) -> bool {
    file.ends_with(".json")
}

fn part<'a>(file: &'a str, block: &Block) -> Option<Part<'a>> {
    let labels: Vec<&str> = block.labels.iter().map(|it| it.as_str()).collect();
    let ident = block.ident.as_str();
    let title = if labels.is_empty() { ident.to_owned() } else { format!("{ident} {}", labels.join(".")) };
    let leads = matches!(ident, "import" | "moved").then(|| block.body.get_attribute("to")).flatten();
    let mut names = Names::default();
    names.visit_body(&block.body);
    Some(Part {
        file,
        title,
        address: (ident == "resource" && labels.len() == 2).then(|| labels.join(".")),
        leads_to: leads.and_then(|it| whole_name(&it.value)),
        range: block.span()?,
        names: names.0,
        provider: block.body.get_attribute("provider").and_then(|it| whole_name(&it.value)).and_then(|it| {
            let (_, alias) = it.split_once('.')?;
            Some(alias.to_owned())
        }),
        is_guarded: block.body.get_blocks("lifecycle").any(|it| {
            it.body.get_attribute("prevent_destroy").is_some_and(|it| it.value.as_bool() != Some(false))
        }),
    })
}

/// Collects what is named by two words, as resources are.
#[derive(Default)]
struct Names(BTreeSet<String>);

impl Visit for Names {
    fn visit_traversal(&mut self, node: &Traversal) {
        let next = node.operators.first().map(|it| it.value());
        if let (Expression::Variable(root), Some(TraversalOperator::GetAttr(name))) = (&node.expr, next) {
            self.0.insert(format!("{}.{}", root.as_str(), name.as_str()));
        }
        visit_traversal(self, node);
    }
}

/// The resource that an expression names and nothing of it.
fn whole_name(expression: &Expression) -> Option<String> {
    let Expression::Traversal(it) = expression else { return None };
    match (&it.expr, it.operators.as_slice()) {
        (Expression::Variable(root), [only]) => match only.value() {
            TraversalOperator::GetAttr(name) => Some(format!("{}.{}", root.as_str(), name.as_str())),
            _ => None,
        },
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_block_names_what_its_expressions_name_wherever_they_are() {
        let text = "resource \"a\" \"b\" {\n  x = \"${c.d.id}-${[for it in e.f : it.g]}\"\n  y = upper(h.i[0].j)\n  \
                    depends_on = [k.l]\n  m {\n    n = <<-EOT\n      ${o.p[\"q\"]}\n    EOT\n  }\n}\n";
        let files = Files::from([("main.tf".to_owned(), text.to_owned())]);
        let outline = Outline::of(&files);
        let names: Vec<&str> = outline.blocks[0].names.iter().map(String::as_str).collect();
        assert_eq!(names, ["c.d", "e.f", "h.i", "it.g", "k.l", "o.p"]);
        assert_eq!(outline.blocks[0].title, "resource a.b");
        assert_eq!(outline.declaring("a.b").len(), 1);
    }

    #[test]
    fn what_leads_to_a_resource_names_it_alone() {
        let text = "import {\n  to = a.b\n  id = \"1\"\n}\nmoved {\n  from = a.old\n  to   = a.b\n}\nimport {\n  to = \
                    a.b[\"x\"]\n  id = \"2\"\n}\nremoved {\n  from = a.b\n}\n";
        let files =
            Files::from([("main.tf".to_owned(), text.to_owned()), ("x.tf.json".to_owned(), "{}".to_owned())]);
        let outline = Outline::of(&files);
        let led: Vec<Option<&str>> = outline.blocks.iter().map(|it| it.leads_to.as_deref()).collect();
        assert_eq!(led, [Some("a.b"), Some("a.b"), None, None]);
        assert!(outline.blocks.iter().all(|it| it.names.contains("a.b")));
    }
}
