//! The records that several resources refer to by name.

use reconcile::Lookup;

/// Application scopes, by the name that scripts use or by the one that people see.
pub const SCOPE: &Lookup = &Lookup { table: "sys_scope", keys: &["scope", "name"] };

/// Retry policies.
pub const RETRY_POLICY: &Lookup = &Lookup { table: "sys_retry_policy", keys: &["name"] };

/// Templates of connections and credentials.
pub const CONFIGURATION_TEMPLATE: &Lookup = &Lookup { table: "sys_alias_templates", keys: &["name"] };

/// MID servers.
pub const MID_SERVER: &Lookup = &Lookup { table: "ecc_agent", keys: &["name"] };

/// Clusters of MID servers.
pub const MID_CLUSTER: &Lookup = &Lookup { table: "ecc_agent_cluster", keys: &["name"] };

/// What MID servers are used for.
pub const MID_APPLICATION: &Lookup = &Lookup { table: "ecc_agent_application", keys: &["name"] };

/// What MID servers can do.
pub const MID_CAPABILITY: &Lookup = &Lookup { table: "ecc_agent_capability", keys: &["capability"] };

/// Protocol profiles, which hold certificates for mutual authentication.
pub const PROTOCOL_PROFILE: &Lookup = &Lookup { table: "sys_protocol_profile", keys: &["name", "protocol"] };

/// OAuth profiles of application registries.
pub const OAUTH_PROFILE: &Lookup = &Lookup { table: "oauth_entity_profile", keys: &["name"] };

/// Scopes of OAuth providers.
pub const OAUTH_SCOPE: &Lookup = &Lookup { table: "oauth_entity_scope", keys: &["name"] };

/// Companies.
pub const COMPANY: &Lookup = &Lookup { table: "core_company", keys: &["name"] };

/// Processes of Unifi.
pub const UNIFI_PROCESS: &Lookup = &Lookup { table: "x_snd_eb_process", keys: &["name", "api_name"] };

/// Environments of Unifi.
pub const UNIFI_ENVIRONMENT: &Lookup = &Lookup { table: "x_snd_eb_environment", keys: &["name"] };

/// Users.
pub const USER: &Lookup = &Lookup { table: "sys_user", keys: &["user_name"] };

/// Roles.
pub const ROLE: &Lookup = &Lookup { table: "sys_user_role", keys: &["name"] };

/// What a key may be used for.
pub const AUTH_SCOPE: &Lookup = &Lookup { table: "sys_auth_scope", keys: &["name"] };

/// Ways to sign in that an access policy can admit, of every kind.
pub const AUTHENTICATION_PROFILE: &Lookup = &Lookup { table: "inbound_auth_profile", keys: &["name"] };

/// Access controls.
pub const ACCESS_CONTROL: &Lookup = &Lookup { table: "sys_security_acl", keys: &["name"] };

/// All of them.
pub const ALL: &[&Lookup] = &[
    SCOPE,
    RETRY_POLICY,
    CONFIGURATION_TEMPLATE,
    MID_SERVER,
    MID_CLUSTER,
    MID_APPLICATION,
    MID_CAPABILITY,
    PROTOCOL_PROFILE,
    OAUTH_PROFILE,
    OAUTH_SCOPE,
    COMPANY,
    UNIFI_PROCESS,
    UNIFI_ENVIRONMENT,
    USER,
    ROLE,
    AUTH_SCOPE,
    AUTHENTICATION_PROFILE,
    ACCESS_CONTROL,
];
