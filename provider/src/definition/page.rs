//! What the documentation page of a resource says of its records, made from the layout.

use std::fmt::Write;

use reconcile::{Certainty, Column, Exists, Holds, RecordLayout};

use super::Definition;

impl Definition {
    /// Everything that the page says below the attributes.
    pub fn page_notes(&self) -> String {
        let parts = [self.notes.to_owned(), self.columns_page(), self.roles_page()];
        parts.into_iter().filter(|it| !it.is_empty()).collect::<Vec<_>>().join("\n\n")
    }

    fn columns_page(&self) -> String {
        let mut page = String::from(
            "## On the instance\n\n| Attribute | Table and column | Name of the column | Drift seen |\n|---|---|---|---|\n",
        );
        for record in self.layout.records {
            for column in record.columns {
                for row in rows(record, column) {
                    let _ = writeln!(page, "{row}");
                }
            }
        }
        for attribute in self.beside {
            let _ = writeln!(page, "| `{attribute}` | – | – | no |");
        }
        let is_assumed = |it: &Column| it.certainty == Certainty::Assumed;
        if self.layout.records.iter().flat_map(|it| it.columns).any(is_assumed) {
            page.push_str(
                "\nA name that is assumed follows from the label on the form. It is looked up in the instance's dictionary \
                 before it is written; where the column is called otherwise, the setting `columns` of the \
                 [provider](../index.md) corrects it.",
            );
        }
        page.trim_end().to_owned()
    }

    fn roles_page(&self) -> String {
        format!(
            "## Required roles\n\nTo read: {}. To create, change and delete: {}.",
            list(self.roles.read),
            list(self.roles.write)
        )
    }
}

/// One line for each attribute that a column carries.
fn rows(record: &RecordLayout, column: &Column) -> Vec<String> {
    let prefix = match record.exists {
        Exists::ForEach(attribute) => format!("{attribute}[*]."),
        Exists::Always | Exists::While(_) => String::new(),
    };
    let mut attributes: Vec<String> =
        column.holds.attributes().iter().take(1).map(|it| format!("{prefix}{it}")).collect();
    if let (Exists::ForEach(attribute), Holds::Key | Holds::KeyLookup(_)) = (record.exists, column.holds) {
        attributes.push(format!("{attribute}[*]"));
    }
    let certainty = match column.certainty {
        Certainty::Documented => "documented",
        Certainty::Assumed => "assumed",
    };
    let place = format!("`{}.{}`", record.table, column.name);
    let row = |it: String| format!("| `{it}` | {place} | {certainty} | {} |", drift(&column.holds));
    attributes.into_iter().map(row).collect()
}

/// Whether a change by somebody else shows in a plan.
fn drift(holds: &Holds) -> String {
    match holds {
        Holds::Secret(_, version) => format!("by `{version}`"),
        Holds::Calculated(_) | Holds::Observed(_) | Holds::SysId(_) => {
            "no: the instance decides it".to_owned()
        }
        Holds::Switch(_) => "yes, where it is set".to_owned(),
        _ => "yes".to_owned(),
    }
}

fn list(roles: &[&str]) -> String {
    roles.iter().map(|it| format!("`{it}`")).collect::<Vec<_>>().join(" or ")
}
