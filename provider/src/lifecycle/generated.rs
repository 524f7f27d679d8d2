//! An object that exists as a user would write it: without what is chosen elsewhere, and without what the rules of the
//! resource forbid beside the rest.

use reconcile::Holds;
use tf_core::{Diagnostics, Mode, Object, Schema, Severity, Step, Value, check};
use tf_plugin::{GenerateConfig, Resource};

use super::Records;

impl GenerateConfig for Records {
    fn adjust_config(&self, _state: &Object, config: &mut Object) {
        // Which member of a group is active is chosen elsewhere; whoever wants to fix it here writes it down.
        for column in self.definition.layout.records.iter().flat_map(|it| it.columns) {
            if let Holds::Switch(attribute) = column.holds {
                config.insert(attribute.to_owned(), Value::Null);
            }
        }
        let schema = self.schema();
        // An instance keeps values that mean nothing beside others, such as the host of a URL that is written in full.
        for _ in 0..schema.block.attributes.len() {
            let mut problems = check::run(&schema, config);
            problems.extend(self.validate(config));
            let Some(attribute) = refused(&schema, config, &problems) else { return };
            config.insert(attribute, Value::Null);
        }
    }
}

/// The first attribute with a value that is refused and can be left out.
fn refused(schema: &Schema, config: &Object, problems: &Diagnostics) -> Option<String> {
    let errors = problems.0.iter().filter(|it| it.severity == Severity::Error);
    let named = errors.filter_map(|it| match it.path.as_ref()?.0.first()? {
        Step::Attribute(name) => Some(name),
        Step::Key(_) | Step::Index(_) => None,
    });
    let may_go = |name: &&String| {
        let attribute = schema.block.attributes.iter().find(|it| it.name == **name);
        let is_optional = attribute.is_some_and(|it| it.behavior.mode != Mode::Required);
        is_optional && config.get(*name).is_some_and(|it| !it.is_null())
    };
    named.into_iter().find(may_go).cloned()
}
