//! What Terraform demands of the descriptions beside schemas: identities and functions.

use std::collections::BTreeSet;

use super::{Problem, Report};
use crate::{FunctionSignature, IdentityAttribute, IdentitySchema, Path, Type};

/// Everything wrong with the identity of a resource type.
pub fn identity(schema: &IdentitySchema) -> Vec<Problem> {
    let mut report = Report { problems: Vec::new() };
    report.add_if(schema.version < 0, &Path::root(), "the version is negative");
    report.add_if(schema.attributes.is_empty(), &Path::root(), "an identity needs at least one attribute");
    let mut seen = BTreeSet::new();
    for attribute in &schema.attributes {
        let path = Path::attribute(&attribute.name);
        report.name(&attribute.name, &path, &mut seen);
        report.identity_attribute(attribute, &path);
    }
    report.problems
}

/// Everything wrong with the signature of a function. Paths name parameters.
pub fn function(signature: &FunctionSignature) -> Vec<Problem> {
    let mut report = Report { problems: Vec::new() };
    let root = Path::root();
    report.name(&signature.name, &root, &mut BTreeSet::new());
    report.add_if(signature.summary.trim().is_empty(), &root, "the function has no summary");
    let mut seen = BTreeSet::new();
    for parameter in signature.parameters.iter().chain(&signature.variadic) {
        let path = Path::attribute(&parameter.name);
        report.name(&parameter.name, &path, &mut seen);
        report.add_if(parameter.doc.trim().is_empty(), &path, "the parameter is not documented");
    }
    report.problems
}

impl Report {
    fn identity_attribute(&mut self, attribute: &IdentityAttribute, path: &Path) {
        let IdentityAttribute { ty, required_for_import, optional_for_import, doc, .. } = attribute;
        self.add_if(doc.trim().is_empty(), path, "the attribute is not documented");
        self.add_if(
            required_for_import == optional_for_import,
            path,
            "an identity attribute is either required or optional for import",
        );
        self.add_if(
            !may_identify(ty),
            path,
            "an identity attribute is a bool, a number, a text or a list of these",
        );
    }
}

fn may_identify(ty: &Type) -> bool {
    let scalar = |ty: &Type| matches!(ty, Type::Bool | Type::Number | Type::String);
    match ty {
        Type::List(element) => scalar(element),
        ty => scalar(ty),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Parameter;

    fn attribute(name: &str, ty: Type) -> IdentityAttribute {
        IdentityAttribute {
            name: name.to_owned(),
            ty,
            required_for_import: true,
            optional_for_import: false,
            doc: "A part.".to_owned(),
        }
    }

    fn told(problems: &[Problem]) -> Vec<String> {
        problems.iter().map(|it| format!("{}: {}", it.path, it.reason)).collect()
    }

    #[track_caller]
    fn check_identity(attributes: Vec<IdentityAttribute>, problems: &[&str]) {
        assert_eq!(told(&identity(&IdentitySchema { version: 0, attributes })), problems);
    }

    #[track_caller]
    fn check_function(signature: &FunctionSignature, problems: &[&str]) {
        assert_eq!(told(&function(signature)), problems);
    }

    #[test]
    fn an_identity_consists_of_scalars_and_lists_of_them() {
        for ty in [Type::Bool, Type::Number, Type::String, Type::List(Box::new(Type::String))] {
            check_identity(vec![attribute("a", ty)], &[]);
        }
        let element = || Box::new(Type::String);
        let nested = Type::List(Box::new(Type::List(element())));
        for ty in [Type::Map(element()), Type::Set(element()), Type::Object([].into()), Type::Dynamic, nested]
        {
            let problem = "a: an identity attribute is a bool, a number, a text or a list of these";
            check_identity(vec![attribute("a", ty)], &[problem]);
        }
    }

    #[test]
    fn an_identity_says_what_an_import_needs() {
        let mut both = attribute("a", Type::String);
        both.optional_for_import = true;
        let mut neither = attribute("b", Type::String);
        neither.required_for_import = false;
        let problem = "an identity attribute is either required or optional for import";
        check_identity(vec![both, neither], &[&format!("a: {problem}"), &format!("b: {problem}")]);
        check_identity(vec![], &[": an identity needs at least one attribute"]);
        check_identity(
            vec![attribute("a", Type::String), attribute("a", Type::String)],
            &["a: the name is used twice"],
        );
        let old = IdentitySchema { version: -1, attributes: vec![attribute("a", Type::String)] };
        assert_eq!(told(&identity(&old)), [": the version is negative"]);
    }

    #[test]
    fn names_of_functions_and_parameters_are_identifiers() {
        let good = FunctionSignature::new("join", "Joins texts.", Type::String);
        check_function(&good, &[]);
        let text = |name: &str| Parameter::new(name, "A text.", Type::String);
        check_function(&good.clone().parameter(text("a")).variadic(text("b")), &[]);
        check_function(
            &good.clone().parameter(text("a")).variadic(text("a")),
            &["a: the name is used twice"],
        );
        let form = "the name is not made of lower-case letters, digits and underscores";
        check_function(&good.clone().parameter(text("A b")), &[&format!("A b: {form}")]);
        check_function(
            &FunctionSignature::new("my-join", "", Type::String),
            &[&format!(": {form}"), ": the function has no summary"],
        );
        check_function(
            &good.parameter(Parameter::new("a", " ", Type::String)),
            &["a: the parameter is not documented"],
        );
    }
}
