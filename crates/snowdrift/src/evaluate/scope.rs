//! What the names in an expression stand for.

use std::cell::RefCell;
use std::path::Path;
use std::rc::Rc;

use super::typed::Typed;
use super::wrong::Outcome;

/// The names of a module: `var`, `local`, resources and what belongs to one of their instances.
pub trait Names {
    /// What `root.path[0].path[1]…` stands for, and how many of the words behind the root that took; `None` if there is
    /// no such root.
    ///
    /// # Errors
    /// The root is known, but has nothing of that name.
    fn resolve(&self, root: &str, path: &[&str]) -> Outcome<Option<(Rc<Typed>, usize)>>;

    /// Whether these are the names in a template of its own, such as that of `templatefile`.
    fn is_template(&self) -> bool {
        false
    }

    /// What `root.name[key].part` stands for, without looking at the other instances of what has many; `None` if it has to be
    /// looked at as a whole.
    ///
    /// # Errors
    /// Terraform would refuse it.
    fn part(&self, _of: &Part<'_>) -> Outcome<Option<Rc<Typed>>> {
        Ok(None)
    }
}

/// A part of one of many instances.
pub struct Part<'a> {
    /// The type of a resource, or `module`.
    pub root: &'a str,
    /// The name.
    pub name: &'a str,
    /// Which instance.
    pub key: &'a Typed,
    /// The attribute or output.
    pub part: &'a str,
}

/// Where an expression is evaluated.
#[derive(Clone, Copy)]
pub struct Scope<'a> {
    names: &'a dyn Names,
    /// Variables of the `for` expressions around, innermost first.
    frame: Option<&'a Frame<'a>>,
    doubts: &'a Doubts,
    /// The folder of the root module, where paths begin.
    pub folder: &'a Path,
}

/// The variables of one `for` expression.
pub struct Frame<'a> {
    outer: Option<&'a Frame<'a>>,
    variables: Vec<(&'a str, Rc<Typed>)>,
}

/// Why something could not be decided. An attribute with a doubt is reported as undecided.
#[derive(Debug, Default)]
pub struct Doubts(RefCell<Vec<String>>);

impl Doubts {
    /// Adds a reason, once.
    pub fn add(&self, reason: impl Into<String>) {
        let reason = reason.into();
        let mut reasons = self.0.borrow_mut();
        if !reasons.contains(&reason) {
            reasons.push(reason);
        }
    }

    /// The reasons so far, which are forgotten then.
    pub fn take(&self) -> Vec<String> {
        self.0.take()
    }
}

impl<'a> Scope<'a> {
    /// The scope of a module.
    pub fn new(names: &'a dyn Names, doubts: &'a Doubts, folder: &'a Path) -> Scope<'a> {
        Scope { names, frame: None, doubts, folder }
    }

    /// With the variables of a `for` expression; give the frame to [`Scope::inside`].
    pub fn frame(&self, variables: Vec<(&'a str, Typed)>) -> Frame<'a> {
        let variables = variables.into_iter().map(|(name, it)| (name, Rc::new(it))).collect();
        Frame { outer: self.frame, variables }
    }

    /// The scope within a `for` expression.
    pub fn inside<'b>(&self, frame: &'b Frame<'b>) -> Scope<'b>
    where
        'a: 'b,
    {
        Scope { names: self.names, frame: Some(frame), doubts: self.doubts, folder: self.folder }
    }

    /// A variable of a `for` expression around.
    pub fn local(&self, name: &str) -> Option<Rc<Typed>> {
        let mut frame = self.frame;
        while let Some(it) = frame {
            if let Some((_, value)) = it.variables.iter().find(|(known, _)| *known == name) {
                return Some(Rc::clone(value));
            }
            frame = it.outer;
        }
        None
    }

    /// A name of the module.
    ///
    /// # Errors
    /// The root is known, but has nothing of that name.
    pub fn global(&self, root: &str, path: &[&str]) -> Outcome<Option<(Rc<Typed>, usize)>> {
        self.names.resolve(root, path)
    }

    /// A part of one of many instances, where it can be had without the others.
    ///
    /// # Errors
    /// Terraform would refuse it.
    pub fn part(&self, of: &Part<'_>) -> Outcome<Option<Rc<Typed>>> {
        self.names.part(of)
    }

    /// The scope of a template with names of its own.
    pub fn of_template(&self, names: &'a dyn Names) -> Scope<'a> {
        Scope { names, frame: None, doubts: self.doubts, folder: self.folder }
    }

    /// Whether this is within a template with names of its own.
    pub fn is_template(&self) -> bool {
        self.names.is_template()
    }

    /// An unknown value, and why it is.
    pub fn undecided(&self, reason: impl Into<String>) -> Typed {
        self.doubts.add(reason);
        Typed::unknown()
    }
}
