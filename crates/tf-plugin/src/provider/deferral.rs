//! Why something cannot be done yet.

/// The reason for which a host is told to come back later.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deferral {
    /// The configuration of the resource holds values that are not known yet.
    ConfigUnknown,
    /// The settings of the provider hold values that are not known yet.
    SettingsUnknown,
    /// Something that it depends on does not exist yet.
    Missing,
}

impl Deferral {
    /// For messages, after "because".
    pub(crate) fn reason(self) -> &'static str {
        match self {
            Deferral::ConfigUnknown => "its configuration holds values that are known after apply only",
            Deferral::SettingsUnknown => {
                "the settings of the provider hold values that are known after apply only"
            }
            Deferral::Missing => "something that it depends on does not exist yet",
        }
    }
}
