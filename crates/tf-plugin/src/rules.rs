//! The rules of `tf-core` that this crate applies, in one place.

use tf_core::{Diagnostics, Object, Path, Schema};

pub(crate) fn check(_schema: &Schema, _config: &Object) -> Diagnostics { Diagnostics::none() }
pub(crate) fn write_only_set(schema: &Schema, config: &Object) -> Vec<Path> {
    schema.block.attributes.iter().filter(|a| a.write_only && config.get(&a.name).is_some_and(|v| !v.is_null())).map(|a| Path::attribute(&a.name)).collect()
}
