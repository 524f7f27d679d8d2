//! The blocks of a module and of the modules that it calls.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use hcl_edit::Span;
use hcl_edit::expr::Expression;
use hcl_edit::structure::{Attribute, Block};

use super::LoadError;
use super::kept::Kept;
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
    pub variables: BTreeMap<String, Written<Kept>>,
    /// Local values.
    pub locals: BTreeMap<String, Written<Expression>>,
    /// Outputs.
    pub outputs: BTreeMap<String, Written<Kept>>,
    /// Managed resources by type and name.
    pub resources: BTreeMap<(String, String), Written<Kept>>,
    /// Modules that are called.
    pub calls: BTreeMap<String, Call>,
    /// The same while the files are read: what overrides them may change which module is called.
    called: BTreeMap<String, Written<Kept>>,
    /// `import` blocks.
    pub imports: Vec<Written<Kept>>,
    /// Configurations of providers, with the local name of the provider.
    pub providers: Vec<(String, Written<Kept>)>,
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
    /// The attributes and blocks of it that stand in another file, which overrides this one.
    pub overridden: BTreeMap<String, Over>,
}

/// Where something stands that overrides something else.
#[derive(Clone, Copy, Debug)]
pub struct Over {
    /// The index of the file.
    pub file: usize,
    /// What its spans are counted from.
    pub offset: usize,
}

impl Written<Kept> {
    /// The place of a span in an attribute or a block of that name.
    pub fn place_of(&self, module: &Module, name: &str, span: Option<std::ops::Range<usize>>) -> Place {
        let own = Over { file: self.file, offset: self.what.offset() };
        let over = self.overridden.get(name).copied().unwrap_or(own);
        module.files.get(over.file).map(|it| it.place(over.offset, span)).unwrap_or_default()
    }
}

/// A call of another module.
#[derive(Debug)]
pub struct Call {
    /// The block.
    pub block: Written<Kept>,
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
        let paths = source::folder(folder)?;
        let mut module = Module { folder: folder.to_owned(), ..Module::default() };
        for path in &paths.plain {
            let mut file = SourceFile::read(path)?;
            file.blocks(|file, block, offset| {
                module.block(block, offset, file);
                Ok(())
            })?;
            module.files.push(file);
        }
        for path in &paths.overriding {
            let mut file = SourceFile::read(path)?;
            file.blocks(|file, block, offset| overrides::apply(&mut module, block, offset, file))?;
            module.files.push(file);
        }
        for (name, block) in std::mem::take(&mut module.called) {
            let called = module.called(&block.what, depth)?;
            module.calls.insert(name, Call { block, module: called });
        }
        Ok(module)
    }

    /// Takes in a block of the file that comes next.
    fn block(&mut self, block: Block, offset: usize, file: &SourceFile) {
        let index = self.files.len();
        let place = file.place(offset, block.ident.span());
        let labels: Vec<String> = block.labels.iter().map(|it| it.as_str().to_owned()).collect();
        let ident = block.ident.as_str().to_owned();
        if ident == "locals" {
            block.body.into_attributes().for_each(|it| self.local(it, offset, file));
            return;
        }
        let what = match ident.as_str() {
            // There are many of these.
            "resource" | "import" => Kept::of(block, offset, &file.text),
            _ => Kept::parsed(block.body, offset),
        };
        let written = Written { what, place, file: index, overridden: BTreeMap::new() };
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
            _ => {}
        }
    }

    /// Takes in a local value of the file that comes next.
    fn local(&mut self, attribute: Attribute, offset: usize, file: &SourceFile) {
        let place = file.place(offset, attribute.span());
        let name = attribute.key.as_str().to_owned();
        let file = self.files.len();
        let written = Written { what: attribute.value, place, file, overridden: BTreeMap::new() };
        self.locals.insert(name, written);
    }

    /// The module behind a call. Only local ones are on disk for certain.
    fn called(&self, block: &Kept, depth: usize) -> Result<Result<Module, String>, LoadError> {
        let body = block.body();
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
}
