//! The builder behind `#[tf(…)]`.

use std::marker::PhantomData;

use crate::{Behavior, Check, Codec, Mode};

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
        self.0.replaces = true;
        self
    }

    /// Never changes once the object exists.
    #[must_use]
    pub fn stable(mut self) -> Spec<T> {
        self.0.stable = true;
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
