//! The blocks of a module and of the modules that it calls.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use hcl_edit::Span;
use hcl_edit::expr::Expression;
use hcl_edit::structure::{Attribute, Block, Body};

use super::LoadError;
use super::source::{self, Place, SourceFile};

mod overrides;

/// How deeply modules may call modules; Terraform knows no bound, but a folder that calls itself has no end.
const DEPTH_MAX: usize = 32;

/// A parsed module.
#[derive(Debug, Default)]
pub struct Module {
    /// Its folder.
    pub folder: PathBuf,
    /// Input variables.
    pub variables: BTreeMap<String, Written<Body>>,
    /// Local values.
    pub locals: BTreeMap<String, Written<Expression>>,
    /// Outputs.
    pub outputs: BTreeMap<String, Written<Body>>,
    /// Managed resources by type and name.
    pub resources: BTreeMap<(String, String), Written<Body>>,
    /// Modules that are called.
    pub calls: BTreeMap<String, Call>,
    /// The same while the files are read: what overrides them may change which module is called.
    called: BTreeMap<String, Written<Body>>,
    /// `import` blocks.
    pub imports: Vec<Written<Body>>,
    /// Configurations of providers, with the local name of the provider.
    pub providers: Vec<(String, Written<Body>)>,
    /// Its files, for places within a body.
    pub files: Vec<SourceFile>,
}

/// Something that is written somewhere.
#[derive(Clone, Debug)]
pub struct Written<T> {
    /// What.
    pub what: T,
    /// Where it begins.
    pub place: Place,
    /// The index of its file.
    pub file: usize,
    /// The attributes and blocks of it that stand in another file, which overrides this one, with the index of that one.
    pub overridden: BTreeMap<String, usize>,
}

impl<T> Written<T> {
    /// The index of the file that an attribute or a block of that name stands in.
    pub fn file_of(&self, name: &str) -> usize {
        self.overridden.get(name).copied().unwrap_or(self.file)
    }
}

/// A call of another module.
#[derive(Debug)]
pub struct Call {
    /// The block.
    pub block: Written<Body>,
    /// The module, or why it cannot be looked at.
    pub module: Result<Module, String>,
}

impl Module {
    /// Reads a folder and the local modules that it calls.
    ///
    /// # Errors
    /// A file cannot be read or is not HCL.
    pub fn load(folder: &Path) -> Result<Module, LoadError> {
        Module::within(folder, 0)
    }

    fn within(folder: &Path, depth: usize) -> Result<Module, LoadError> {
        let files = source::folder(folder)?;
        let mut module = Module { folder: folder.to_owned(), ..Module::default() };
        for (file, body) in files.plain {
            for block in body.into_blocks() {
                module.block(block, &file);
            }
            module.files.push(file);
        }
        for (file, body) in files.overriding {
            for block in body.into_blocks() {
                overrides::apply(&mut module, block, &file)?;
            }
            module.files.push(file);
        }
        for (name, block) in std::mem::take(&mut module.called) {
            let called = module.called(&block.what, depth)?;
            module.calls.insert(name, Call { block, module: called });
        }
        Ok(module)
    }

    /// Takes in a block of the file that comes next.
    fn block(&mut self, block: Block, file: &SourceFile) {
        let index = self.files.len();
        let place = file.place(block.ident.span());
        let labels: Vec<String> = block.labels.iter().map(|it| it.as_str().to_owned()).collect();
        let ident = block.ident.as_str().to_owned();
        let written = Written { what: block.body, place, file: index, overridden: BTreeMap::new() };
        match (ident.as_str(), labels.as_slice()) {
            ("variable", [name]) => {
                self.variables.insert(name.clone(), written);
            }
            ("output", [name]) => {
                self.outputs.insert(name.clone(), written);
            }
            ("resource", [type_name, name]) => {
                self.resources.insert((type_name.clone(), name.clone()), written);
            }
            ("module", [name]) => {
                self.called.insert(name.clone(), written);
            }
            ("import", []) => self.imports.push(written),
            ("provider", [name]) => self.providers.push((name.clone(), written)),
            ("locals", []) => {
                for attribute in written.what.into_attributes() {
                    self.local(attribute, file);
                }
            }
            _ => {}
        }
    }

    /// Takes in a local value of the file that comes next.
    fn local(&mut self, attribute: Attribute, file: &SourceFile) {
        let place = file.place(attribute.span());
        let name = attribute.key.as_str().to_owned();
        let file = self.files.len();
        let written = Written { what: attribute.value, place, file, overridden: BTreeMap::new() };
        self.locals.insert(name, written);
    }

    /// The module behind a call. Only local ones are on disk for certain.
    fn called(&self, body: &Body, depth: usize) -> Result<Result<Module, String>, LoadError> {
        let source = body.get_attribute("source").and_then(|it| it.value.as_str());
        let Some(source) = source else { return Ok(Err("its source is not a plain text".to_owned())) };
        if !source.starts_with("./") && !source.starts_with("../") {
            return Ok(Err(format!("its source `{source}` is not a local folder")));
        }
        if depth >= DEPTH_MAX {
            return Ok(Err(format!("modules call each other more than {DEPTH_MAX} levels deep")));
        }
        Module::within(&self.folder.join(source), depth + 1).map(Ok)
    }

    /// The place of a span within the file of that index.
    pub fn place(&self, file: usize, span: Option<std::ops::Range<usize>>) -> Place {
        self.files.get(file).map(|it| it.place(span)).unwrap_or_default()
    }
}
