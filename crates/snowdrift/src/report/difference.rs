//! How an attribute that differs is written down: values beside a mark, which rules them out.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use super::{Difference, Place, Values};

/// One attribute that differs.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "Difference")]
#[serde(deny_unknown_fields)]
pub struct DifferenceOnDisk {
    /// The path within the resource, such as `headers["X-Key"].value`.
    attribute: String,
    /// The declared value; `null` if it is declared to be unset, and for what must not be shown.
    declared: Json,
    /// The live value, likewise.
    live: Json,
    /// Whether the values must not be shown.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    sensitive: bool,
    /// Where the declared value is written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    place: Option<Place>,
}

impl From<DifferenceOnDisk> for Difference {
    fn from(it: DifferenceOnDisk) -> Difference {
        let values = if it.sensitive {
            Values::Hidden
        } else {
            Values::Shown { declared: it.declared, live: it.live }
        };
        Difference { attribute: it.attribute, values, place: it.place }
    }
}

impl From<Difference> for DifferenceOnDisk {
    fn from(it: Difference) -> DifferenceOnDisk {
        let (declared, live, sensitive) = match it.values {
            Values::Shown { declared, live } => (declared, live, false),
            Values::Hidden => (Json::Null, Json::Null, true),
        };
        DifferenceOnDisk { attribute: it.attribute, declared, live, sensitive, place: it.place }
    }
}

impl Difference {
    /// An attribute whose values everybody may see.
    pub fn shown(attribute: impl Into<String>, declared: Json, live: Json) -> Difference {
        Difference { attribute: attribute.into(), values: Values::Shown { declared, live }, place: None }
    }

    /// An attribute of which only that it differs may be told.
    pub fn hidden(attribute: impl Into<String>) -> Difference {
        Difference { attribute: attribute.into(), values: Values::Hidden, place: None }
    }

    /// The same with the place where the declared value is written.
    pub fn at(self, place: Option<Place>) -> Difference {
        Difference { place, ..self }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_sensitive_value_in_a_file_is_dropped_when_it_is_read() {
        let planted =
            json!({ "attribute": "a", "declared": "hunter2", "live": "hunter3", "sensitive": true });
        let difference: Difference = serde_json::from_value(planted).unwrap();
        assert_eq!(difference, Difference::hidden("a"));
        assert!(!serde_json::to_string(&difference).unwrap().contains("hunter"));
    }

    #[test]
    fn what_is_written_is_read_again() {
        let place = Place { file: "main.tf".to_owned(), line: 3 };
        for difference in [
            Difference::shown("a", json!(1), Json::Null),
            Difference::hidden("b").at(Some(place.clone())),
            Difference::shown("c", json!({ "d": [true] }), json!("e")).at(Some(place)),
        ] {
            let text = serde_json::to_string(&difference).unwrap();
            assert_eq!(serde_json::from_str::<Difference>(&text).unwrap(), difference);
        }
    }
}
