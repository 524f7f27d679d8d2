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
