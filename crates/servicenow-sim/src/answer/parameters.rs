//! The query parameters of the Table API.

use servicenow_core::Request;

use crate::records::values::Meaning;

/// Rows in a list when nothing is said.
const LIMIT_DEFAULT: u32 = 10_000;

/// How values are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Display {
    /// As they are stored.
    Actual,
    /// As people see them.
    Shown,
    /// Both.
    Both,
}

/// What a request says beside its path and body.
#[derive(Clone, Debug)]
pub struct Parameters {
    /// The encoded query.
    pub query: Option<String>,
    /// Columns and values that stand for a query.
    pub pairs: Vec<(String, String)>,
    /// The columns wanted, or nothing for all.
    pub fields: Vec<String>,
    /// Rows at most.
    pub limit: u32,
    /// Rows skipped.
    pub offset: u32,
    /// How values are shown.
    pub display: Display,
    /// How written values are meant.
    pub meaning: Meaning,
    /// Whether references come without their links.
    pub exclude_reference_link: bool,
    /// Whether rows are not counted.
    pub no_count: bool,
    /// Whether rows of all domains are asked for.
    pub query_no_domain: bool,
    /// Whether the links to other pages are left out.
    pub suppress_pagination_header: bool,
    /// What is said about filling in system columns.
    pub suppress_system_fields: Option<String>,
}

impl Parameters {
    /// As the processor before the Table API means them: references are plain, display values have a name of their own.
    pub fn processor(&mut self) {
        self.exclude_reference_link = true;
        let shown =
            self.pairs.iter().find(|(name, _)| name == "displayvalue").map(|(_, value)| value.as_str());
        self.display = match shown {
            Some("true") => Display::Shown,
            Some("all") => Display::Both,
            _ => Display::Actual,
        };
        self.pairs.clear();
    }

    /// Reads them. What cannot be understood counts as absent.
    pub fn new(request: &Request) -> Parameters {
        let named = |name: &str| {
            let found = request.query.iter().find(|(it, _)| it == name);
            found.map(|(_, value)| value.as_str())
        };
        let flag = |name: &str| named(name).is_some_and(|it| it.eq_ignore_ascii_case("true"));
        let pairs = request.query.iter().filter(|(name, _)| !name.starts_with("sysparm_")).cloned();
        let fields = named("sysparm_fields").unwrap_or_default().split(',').map(str::trim);
        Parameters {
            query: named("sysparm_query").map(str::to_owned),
            pairs: pairs.collect(),
            fields: fields.filter(|it| !it.is_empty()).map(str::to_owned).collect(),
            limit: named("sysparm_limit").and_then(|it| it.parse().ok()).unwrap_or(LIMIT_DEFAULT),
            offset: named("sysparm_offset").and_then(|it| it.parse().ok()).unwrap_or_default(),
            display: match named("sysparm_display_value") {
                Some("true") => Display::Shown,
                Some("all") => Display::Both,
                _ => Display::Actual,
            },
            meaning: if flag("sysparm_input_display_value") { Meaning::Display } else { Meaning::Actual },
            exclude_reference_link: flag("sysparm_exclude_reference_link"),
            no_count: flag("sysparm_no_count"),
            query_no_domain: flag("sysparm_query_no_domain"),
            suppress_pagination_header: flag("sysparm_suppress_pagination_header"),
            suppress_system_fields: named("sysparm_suppress_auto_sys_field").map(str::to_owned),
        }
    }
}
