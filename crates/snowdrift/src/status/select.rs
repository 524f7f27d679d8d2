//! Which lines of an inventory are wanted.

use super::document::StatusReport;
use crate::export::selection::fits;
use crate::report::{ConnectionLine, IntegrationLine, Status};

/// What is wanted; nothing: everything.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wish {
    /// Connections for these environments.
    pub environments: Vec<String>,
    /// What stands so.
    pub statuses: Vec<Status>,
    /// Integrations whose name fits one of these patterns.
    pub integrations: Vec<String>,
    /// Active connections alone.
    pub active: bool,
}

impl Wish {
    fn is_about_connections(&self) -> bool {
        self.active || !self.environments.is_empty() || !self.integrations.is_empty()
    }

    fn has(&self, status: Status) -> bool {
        self.statuses.is_empty() || self.statuses.contains(&status)
    }

    fn wants(&self, it: &ConnectionLine) -> bool {
        let environment = it.environment.as_deref().unwrap_or_default();
        self.has(it.status)
            && (!self.active || it.active)
            && (self.environments.is_empty()
                || self.environments.iter().any(|wanted| wanted.eq_ignore_ascii_case(environment)))
    }

    fn wants_integration(&self, it: &IntegrationLine) -> bool {
        self.integrations.is_empty() || self.integrations.iter().any(|pattern| fits(pattern, &it.name))
    }

    /// Takes everything else away. What is asked of connections leaves only those; credentials then are the ones that they
    /// sign in with.
    pub fn narrow(&self, report: &mut StatusReport) {
        report.integrations.retain(|it| self.wants_integration(it));
        for it in &mut report.integrations {
            it.connections.retain(|it| self.wants(it));
        }
        let asks_for_some = !self.statuses.is_empty() || self.active || !self.environments.is_empty();
        if asks_for_some {
            report.integrations.retain(|it| !it.connections.is_empty());
        }
        report.credentials.retain(|it| self.has(it.status));
        report.inbound.retain(|it| self.has(it.status));
        if self.is_about_connections() {
            let lines = report.integrations.iter().flat_map(|it| &it.connections);
            let names: Vec<&str> = lines.map(|it| it.name.as_str()).collect();
            report.credentials.retain(|it| it.used_by.iter().any(|it| names.contains(&it.as_str())));
            report.inbound.clear();
        }
    }
}
