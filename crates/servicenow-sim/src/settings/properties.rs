//! System properties that rule over settings: an instance is configured with rows, a simulated one also with settings.

use std::fmt::Write as _;

use super::{
    ADMIN_ONLY_SYSTEM_FIELDS, BATCH_INPUT_BYTES_MAX, BATCH_OUTPUT_BYTES_MAX, BODY_BYTES_MAX,
    CHOICE_ALLOWS_NON_EXISTING_VALUE, INVALID_QUERY_RETURNS_NO_ROWS, JSON_V2_ROWS_MAX, LINKS_NAME,
    SCRIPTED_BODY_BYTES_MAX, SCRIPTED_GZIP_BYTES_MAX, SESSION_TIMEOUT_MS,
};

/// Bytes in the megabytes that properties count.
const MEGABYTE: u64 = 1024 * 1024;
/// Milliseconds in a minute.
const MINUTE_MS: u64 = 60_000;

/// What stands before the table of the page.
const PAGE_BEGIN: &str = "
## System properties

Rows of `sys_properties` rule as on an instance: where one of these says something else than its default, it counts and the setting
does not.

| Property | Default | Setting |
|---|---|---|
";

/// How a property's value becomes that of a setting.
#[derive(Clone, Copy, Debug)]
enum Reading {
    /// `true` or `false`.
    Flag,
    /// A number of larger units, of which so many are allowed at most.
    Times { unit: u64, most: u64 },
    /// One word for `true`, another for anything else.
    Words(&'static str, &'static str),
}

/// A property and the setting over which it rules.
#[derive(Clone, Copy, Debug)]
pub struct Property {
    /// Its name in `sys_properties`.
    pub name: &'static str,
    /// Its value where nobody changed it.
    pub default: &'static str,
    /// The setting.
    pub setting: &'static str,
    reading: Reading,
}

const fn property(
    name: &'static str,
    default: &'static str,
    setting: &'static str,
    reading: Reading,
) -> Property {
    Property { name, default, setting, reading }
}

/// Every property that rules over a setting.
pub const PROPERTIES: &[Property] = &[
    property(
        "glide.rest.choice.allow_non_existing_value",
        "false",
        CHOICE_ALLOWS_NON_EXISTING_VALUE,
        Reading::Flag,
    ),
    property("glide.invalid_query.returns_no_rows", "false", INVALID_QUERY_RETURNS_NO_ROWS, Reading::Flag),
    property(
        "glide.processor.json.row_limit",
        "10000",
        JSON_V2_ROWS_MAX,
        Reading::Times { unit: 1, most: 1_000_000 },
    ),
    property(
        "glide.rest.batch.max.inputSize",
        "5",
        BATCH_INPUT_BYTES_MAX,
        Reading::Times { unit: MEGABYTE, most: 10 },
    ),
    property(
        "glide.rest.batch.max.outputSize",
        "10",
        BATCH_OUTPUT_BYTES_MAX,
        Reading::Times { unit: MEGABYTE, most: 10 },
    ),
    property(
        "glide.rest.max_content_length",
        "10",
        BODY_BYTES_MAX,
        Reading::Times { unit: MEGABYTE, most: 25 },
    ),
    property(
        "glide.rest.scripted.max_inbound_content_length_mb",
        "10",
        SCRIPTED_BODY_BYTES_MAX,
        Reading::Times { unit: MEGABYTE, most: 25 },
    ),
    property(
        "glide.rest.scripted.max_inbound_gzip_content_length_mb",
        "1",
        SCRIPTED_GZIP_BYTES_MAX,
        Reading::Times { unit: MEGABYTE, most: 25 },
    ),
    property(
        "glide.integration.session_timeout",
        "1",
        SESSION_TIMEOUT_MS,
        Reading::Times { unit: MINUTE_MS, most: 60 },
    ),
    property("glide.rest.table_api.admin_only_sys_fields", "false", ADMIN_ONLY_SYSTEM_FIELDS, Reading::Flag),
    property(
        "glide.rest.replace_request_host_with_property",
        "true",
        LINKS_NAME,
        Reading::Words("instance", "request"),
    ),
];

impl Property {
    /// What the value of the property means for the setting; nothing when it says no more than its default, or nothing
    /// that can be understood.
    pub fn says(&self, value: &str) -> Option<String> {
        let value = value.trim();
        if value.is_empty() || value == self.default {
            return None;
        }
        match self.reading {
            Reading::Flag => matches!(value, "true" | "false").then(|| value.to_owned()),
            Reading::Times { unit, most } => {
                Some((value.parse::<u64>().ok()?.min(most).saturating_mul(unit)).to_string())
            }
            Reading::Words(yes, no) => Some(if value == "true" { yes } else { no }.to_owned()),
        }
    }
}

/// The properties as a part of the page of settings.
pub fn page() -> String {
    let mut page = PAGE_BEGIN.to_owned();
    for Property { name, default, setting, .. } in PROPERTIES {
        let _ = writeln!(page, "| `{name}` | `{default}` | `{setting}` |");
    }
    page
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::Settings;

    #[test]
    fn every_property_rules_over_a_setting_that_takes_what_it_says() {
        for property in PROPERTIES {
            let mut settings = Settings::default();
            for value in ["true", "false", "3"] {
                if let Some(said) = property.says(value) {
                    let taken = settings.set(property.setting, &said);
                    assert!(taken.is_ok(), "{} = {value}: {taken:?}", property.name);
                }
            }
            assert_eq!(property.says(property.default), None);
            assert_eq!(property.says(" "), None);
            assert!(super::super::page().contains(property.name));
        }
    }

    #[test]
    fn megabytes_and_minutes_become_bytes_and_milliseconds_up_to_their_bound() {
        let of = |setting: &str| PROPERTIES.iter().find(|it| it.setting == setting).unwrap();
        assert_eq!(of(BODY_BYTES_MAX).says("20").as_deref(), Some("20971520"));
        assert_eq!(of(BODY_BYTES_MAX).says("99").as_deref(), Some("26214400"));
        assert_eq!(of(SESSION_TIMEOUT_MS).says("5").as_deref(), Some("300000"));
        assert_eq!(of(BODY_BYTES_MAX).says("many"), None);
    }
}
