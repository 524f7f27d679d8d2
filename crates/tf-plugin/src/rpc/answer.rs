//! Answers that can carry messages for the user.

use crate::proto::tfplugin6 as proto;

/// An answer that can say no.
pub(super) trait Answer: Send {
    /// An answer that holds nothing but messages.
    fn refusal(diagnostics: Vec<proto::Diagnostic>) -> Self;
    /// The messages in it.
    fn diagnostics(&self) -> &[proto::Diagnostic];
}

macro_rules! answers {
    ($($module:ident),+ $(,)?) => {$(
        impl Answer for proto::$module::Response {
            fn refusal(diagnostics: Vec<proto::Diagnostic>) -> Self {
                Self { diagnostics, ..Self::default() }
            }

            fn diagnostics(&self) -> &[proto::Diagnostic] {
                &self.diagnostics
            }
        }
    )+};
}

answers!(
    get_metadata,
    get_provider_schema,
    get_resource_identity_schemas,
    get_functions,
    import_resource_state,
    move_resource_state,
    plan_resource_change,
    apply_resource_change,
    read_data_source,
    read_resource,
    upgrade_resource_state,
    upgrade_resource_identity,
    generate_resource_config,
    open_ephemeral_resource,
    renew_ephemeral_resource,
    plan_action,
);

/// Answers that hold nothing else.
macro_rules! bare_answers {
    ($($module:ident),+ $(,)?) => {$(
        impl Answer for proto::$module::Response {
            fn refusal(diagnostics: Vec<proto::Diagnostic>) -> Self {
                Self { diagnostics }
            }

            fn diagnostics(&self) -> &[proto::Diagnostic] {
                &self.diagnostics
            }
        }
    )+};
}

bare_answers!(
    close_ephemeral_resource,
    configure_provider,
    validate_action_config,
    validate_data_resource_config,
    validate_ephemeral_resource_config,
    validate_list_resource_config,
    validate_provider_config,
    validate_resource_config,
);
