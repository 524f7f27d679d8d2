//! The builder behind `#[tf(…)]`.

use std::marker::PhantomData;

use std::sync::Arc;

use crate::model::{Blocks, Describe, Description};
use crate::{
    Behavior, Block, Check, Codec, Condition, Form, Mode, Model, NestedBlock, Nesting, Replace, Value,
    WriteOnly,
};

/// Builds a [`Behavior`] by ordinary method calls. `T` is the type of the attribute, so that a default of another type
/// does not compile.
pub struct Spec<T>(Behavior, PhantomData<T>);

impl<T: Codec> Spec<T> {
    fn new(mode: Mode) -> Spec<T> {
        Spec(Behavior { mode, ..Behavior::default() }, PhantomData)
    }

    /// The user must set it.
    pub fn required() -> Spec<T> {
        Spec::new(Mode::Required)
    }

    /// The user may set it.
    pub fn optional() -> Spec<T> {
        Spec::new(Mode::Optional)
    }

    /// The provider sets it.
    pub fn computed() -> Spec<T> {
        Spec::new(Mode::Computed)
    }

    /// The user may set it, otherwise the provider does.
    pub fn optional_computed() -> Spec<T> {
        Spec::new(Mode::OptionalComputed)
    }

    /// Used when the configuration has none.
    #[must_use]
    pub fn default(mut self, value: impl Into<T>) -> Spec<T> {
        self.0.default = Some(value.into().encode());
        self
    }

    /// A test of a configured value.
    #[must_use]
    pub fn check(mut self, check: Check) -> Spec<T> {
        self.0.checks.push(check);
        self
    }

    /// A change destroys the object and creates it anew.
    #[must_use]
    pub fn replaces(mut self) -> Spec<T> {
        self.0.replaces = Replace::Always;
        self
    }

    /// A change destroys the object and creates it anew if the condition holds for the value before and the planned
    /// one, both known and not null. The words fit behind "Changing this forces a new resource if": `the size shrinks`.
    ///
    /// An attribute that appears, disappears or is not known yet is replaced: the condition cannot be asked.
    #[must_use]
    pub fn replaces_if(
        mut self,
        words: &str,
        condition: impl Fn(&T, &T) -> bool + Send + Sync + 'static,
    ) -> Spec<T> {
        let test = move |prior: &Value, planned: &Value| match (T::decode(prior), T::decode(planned)) {
            (Ok(prior), Ok(planned)) => condition(&prior, &planned),
            _ => true,
        };
        self.0.replaces = Replace::When(Condition { words: words.to_owned(), test: Arc::new(test) });
        self
    }

    /// Never changes once the object exists: a plan keeps the value of the state instead of leaving it open.
    #[must_use]
    pub fn stable(mut self) -> Spec<T> {
        self.0.stable = true;
        self
    }

    /// Values whose forms are equal mean the same: writing one for the other is no change. See [`crate::form`].
    #[must_use]
    pub fn compared(mut self, form: Form) -> Spec<T> {
        self.0.form = Some(form);
        self
    }

    /// Should not be used any more, because of the reason given.
    #[must_use]
    pub fn deprecated(mut self, reason: &str) -> Spec<T> {
        self.0.deprecated = Some(reason.to_owned());
        self
    }

    /// The finished behavior.
    pub fn into_behavior(self) -> Behavior {
        self.0
    }
}

impl<T: Codec> Spec<WriteOnly<T>> {
    /// The attribute beside this one whose change writes the value again, because nobody can see whether a value that
    /// is not stored has changed.
    #[must_use]
    pub fn version(mut self, attribute: &str) -> Spec<WriteOnly<T>> {
        self.0.version = Some(attribute.to_owned());
        self
    }
}

impl<T: Blocks> Spec<T> {
    /// Not an attribute but a nested block: a model is one block or none, a list, set or map of models any number.
    pub fn block() -> BlockSpec<T> {
        BlockSpec::new(T::NESTING)
    }
}

impl<M: Model> Spec<M> {
    /// Not an attribute but a nested block that is always there, even where nobody wrote it.
    pub fn group() -> BlockSpec<M> {
        BlockSpec::new(Nesting::Group)
    }
}

/// Builds a nested block by ordinary method calls.
pub struct BlockSpec<T> {
    nesting: Nesting,
    items_min: i64,
    items_max: i64,
    ty: PhantomData<T>,
}

impl<T: Blocks> BlockSpec<T> {
    fn new(nesting: Nesting) -> BlockSpec<T> {
        BlockSpec { nesting, items_min: 0, items_max: 0, ty: PhantomData }
    }

    /// There must be at least one.
    #[must_use]
    pub fn required(self) -> BlockSpec<T> {
        let items_max = if self.nesting == Nesting::Single { 1 } else { self.items_max };
        BlockSpec { items_min: 1, items_max, ..self }
    }

    /// There must be at least so many.
    #[must_use]
    pub fn at_least(self, items: i64) -> BlockSpec<T> {
        BlockSpec { items_min: items, ..self }
    }

    /// There may be at most so many.
    #[must_use]
    pub fn at_most(self, items: i64) -> BlockSpec<T> {
        BlockSpec { items_max: items, ..self }
    }
}

impl<T: Blocks> Describe<T> for BlockSpec<T> {
    fn describe(self, name: &str, doc: &str) -> Description {
        let block = Block { doc: doc.to_owned(), ..T::block() };
        let BlockSpec { nesting, items_min, items_max, .. } = self;
        Description::Block(NestedBlock { name: name.to_owned(), block, nesting, items_min, items_max })
    }
}
