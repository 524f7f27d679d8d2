//! The blocks of a module and of the modules that it calls.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use hcl_edit::Span;
use hcl_edit::expr::Expression;
use hcl_edit::structure::{Block, Body};

use super::LoadError;
use super::source::{self, Place, SourceFile};

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
    /// `import` blocks.
    pub imports: Vec<Written<Body>>,
    /// Configurations of providers, with the local name of the provider.
    pub providers: Vec<(String, Written<Body>)>,
    /// How many files it has, for places within a body.
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
        for (index, file) in files.iter().enumerate() {
            for block in file.body.blocks() {
                module.block(block, file, index, depth)?;
            }
        }
        module.files = files;
        Ok(module)
    }

    fn block(
        &mut self,
        block: &Block,
        file: &SourceFile,
        index: usize,
        depth: usize,
    ) -> Result<(), LoadError> {
        let place = file.place(block.ident.span());
        let written = Written { what: block.body.clone(), place, file: index };
        let labels: Vec<String> = block.labels.iter().map(|it| it.as_str().to_owned()).collect();
        match (block.ident.as_str(), labels.as_slice()) {
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
                let module = self.called(&block.body, depth)?;
                self.calls.insert(name.clone(), Call { block: written, module });
            }
            ("import", []) => self.imports.push(written),
            ("provider", [name]) => self.providers.push((name.clone(), written)),
            ("locals", []) => {
                for attribute in block.body.attributes() {
                    let place = file.place(attribute.span());
                    let written = Written { what: attribute.value.clone(), place, file: index };
                    self.locals.insert(attribute.key.as_str().to_owned(), written);
                }
            }
            _ => {}
        }
        Ok(())
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
