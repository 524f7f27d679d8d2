//! What a provider tells Terraform about a function.

use crate::Type;

/// A function: what it is called with and what it returns.
#[derive(Clone, Debug, PartialEq)]
pub struct FunctionSignature {
    /// Its name, without the provider's prefix.
    pub name: String,
    /// One sentence.
    pub summary: String,
    /// Markdown.
    pub doc: String,
    /// In the order in which they are given.
    pub parameters: Vec<Parameter>,
    /// What any number of further arguments are, if there may be any.
    pub variadic: Option<Parameter>,
    /// The type of the result.
    pub returns: Type,
    /// Why it should not be used any more.
    pub deprecated: Option<String>,
}

/// One parameter of a function.
#[derive(Clone, Debug, PartialEq)]
pub struct Parameter {
    /// Its name, for messages and documentation: arguments are given by position.
    pub name: String,
    /// Markdown, one sentence first.
    pub doc: String,
    /// What an argument must be.
    pub ty: Type,
    /// Whether the function is called with null; otherwise Terraform refuses null itself.
    pub allow_null: bool,
    /// Whether the function is called with values that hold something unknown; otherwise the result is unknown then.
    pub allow_unknown: bool,
}

impl FunctionSignature {
    /// A function without parameters that returns a type.
    pub fn new(name: &str, summary: &str, returns: Type) -> FunctionSignature {
        FunctionSignature {
            name: name.to_owned(),
            summary: summary.to_owned(),
            doc: summary.to_owned(),
            parameters: Vec::new(),
            variadic: None,
            returns,
            deprecated: None,
        }
    }

    /// The same with a longer description than its summary.
    #[must_use]
    pub fn documented(self, doc: &str) -> FunctionSignature {
        FunctionSignature { doc: doc.to_owned(), ..self }
    }

    /// The same with one more parameter.
    #[must_use]
    pub fn parameter(mut self, parameter: Parameter) -> FunctionSignature {
        self.parameters.push(parameter);
        self
    }

    /// The same with any number of arguments at the end.
    #[must_use]
    pub fn variadic(self, parameter: Parameter) -> FunctionSignature {
        FunctionSignature { variadic: Some(parameter), ..self }
    }

    /// The same, but it should not be used any more, because of the reason given.
    #[must_use]
    pub fn deprecated(self, reason: &str) -> FunctionSignature {
        FunctionSignature { deprecated: Some(reason.to_owned()), ..self }
    }

    /// The parameter that an argument belongs to, by the position of the argument from 0. Everything behind the
    /// parameters belongs to the variadic one.
    pub fn parameter_of(&self, argument: usize) -> Option<&Parameter> {
        self.parameters.get(argument).or(self.variadic.as_ref())
    }
}

impl Parameter {
    /// A parameter for which neither null nor unknown is an argument.
    pub fn new(name: &str, doc: &str, ty: Type) -> Parameter {
        Parameter { name: name.to_owned(), doc: doc.to_owned(), ty, allow_null: false, allow_unknown: false }
    }

    /// The same, but null is an argument as well.
    #[must_use]
    pub fn or_null(self) -> Parameter {
        Parameter { allow_null: true, ..self }
    }

    /// The same, but the function itself sees to what is unknown.
    #[must_use]
    pub fn or_unknown(self) -> Parameter {
        Parameter { allow_unknown: true, ..self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn join() -> FunctionSignature {
        FunctionSignature::new("join", "Joins texts.", Type::String)
            .parameter(Parameter::new("separator", "What comes between.", Type::String))
            .variadic(Parameter::new("texts", "What is joined.", Type::String).or_null())
    }

    fn check(argument: usize, expected: Option<&str>, signature: &FunctionSignature) {
        assert_eq!(signature.parameter_of(argument).map(|it| it.name.as_str()), expected);
    }

    #[test]
    fn arguments_behind_the_parameters_belong_to_the_variadic_one() {
        check(0, Some("separator"), &join());
        check(1, Some("texts"), &join());
        check(7, Some("texts"), &join());
        let fixed = FunctionSignature { variadic: None, ..join() };
        check(0, Some("separator"), &fixed);
        check(1, None, &fixed);
    }
}
