//! Settings of what stands on the rows and rules: Unifi, Connect Hub, OAuth registries and scripted services.

use super::{Allowed, Setting};

/// What a write of an integration's active flag does.
pub const UNIFI_INTEGRATION_WRITE: &str = "unifi_integration_write";
/// Whether a deleted active connection takes its integration down.
pub const UNIFI_DELETE_CASCADE: &str = "unifi_delete_cascade";
/// Whether an integration that loses its active connection goes inactive.
pub const UNIFI_MOVE_CLEANUP: &str = "unifi_move_cleanup";
/// Where an inbound user must be unique.
pub const UNIFI_INBOUND_USER_UNIQUE: &str = "unifi_inbound_user_unique";
/// Whether the rules of Unifi run.
pub const UNIFI_WORKFLOW: &str = "unifi_workflow";
/// Whether an integration has one connection for each environment.
pub const UNIFI_ENVIRONMENT_ONCE: &str = "unifi_environment_once";
/// What a write of an integration's state by a caller does.
pub const UNIFI_PAUSE: &str = "unifi_pause";
/// Whether a transaction that goes out is at its end at once.
pub const UNIFI_SENDING: &str = "unifi_sending";
/// Whether an activated endpoint keeps its address.
pub const CONNECT_HUB_URL: &str = "connect_hub_url";
/// Whether an OAuth provider comes with a profile.
pub const OAUTH_DEFAULT_PROFILE: &str = "oauth_default_profile";
/// Whether names of OAuth registries are unique.
pub const OAUTH_NAME_UNIQUE: &str = "oauth_name_unique";
/// Whether child aliases follow their parent.
pub const CHILD_ALIAS_FOLLOWS: &str = "child_alias_follows";
/// Whether mutual authentication goes through a MID server.
pub const MUTUAL_AUTH_THROUGH_MID: &str = "mutual_auth_through_mid";
/// Which version answers a path without one.
pub const DEFAULT_VERSION: &str = "scripted_default_version";
/// Whether operations move with the number of their version.
pub const VERSION_NUMBER: &str = "scripted_version_number";
/// Whether contained roles appear as rows.
pub const INHERITED_ROLES: &str = "inherited_roles";

/// These settings.
pub const APPLICATIONS: &[Setting] = &[
    Setting {
        name: UNIFI_INTEGRATION_WRITE,
        allowed: Allowed::Words(&["ignore", "reject", "cascade"]),
        default: "ignore",
        meaning: "What a write of the active flag of a Unifi integration does: nothing, it is \
                  refused, or it acts on the connections: off deactivates the active one, on \
                  activates the one that was active last.",
        source: "open: the flag follows the connections, what a write over REST does is not known",
    },
    Setting {
        name: UNIFI_DELETE_CASCADE,
        allowed: Allowed::Words(&["on", "off"]),
        default: "on",
        meaning: "Whether a Unifi integration goes inactive when its active connection is deleted.",
        source: "assumed from the rule that an integration is active when one of its connections \
                 is",
    },
    Setting {
        name: UNIFI_MOVE_CLEANUP,
        allowed: Allowed::Words(&["on", "off"]),
        default: "on",
        meaning: "Whether a Unifi integration goes inactive when its active connection moves to \
                  another integration.",
        source: "open: the classic missed case",
    },
    Setting {
        name: UNIFI_INBOUND_USER_UNIQUE,
        allowed: Allowed::Words(&["off", "process", "global"]),
        default: "off",
        meaning: "Whether two active Unifi connections may have the same inbound user: always, not \
                  within a process, or never.",
        source: "documented as advice, enforcement is open",
    },
    Setting {
        name: UNIFI_WORKFLOW,
        allowed: Allowed::Words(&["on", "off"]),
        default: "on",
        meaning: "Whether the rules of Unifi run; off makes broken states, as imports without \
                  rules do.",
        source: "a wish of whoever tests",
    },
    Setting {
        name: UNIFI_ENVIRONMENT_ONCE,
        allowed: Allowed::Words(&["off", "on"]),
        default: "off",
        meaning: "Whether two connections of a Unifi integration may be for the same environment.",
        source: "open: one for each is practice",
    },
    Setting {
        name: UNIFI_PAUSE,
        allowed: Allowed::Words(&["honoured", "ignored", "refused", "hollow"]),
        default: "honoured",
        meaning: "What a write of the state of a Unifi integration does: it pauses and resumes, it \
                  changes nothing, it is refused, or it is stored and messages are sent all the \
                  same.",
        source: "assumed: that an integration is paused and resumed is documented, not by which \
                 write",
    },
    Setting {
        name: UNIFI_SENDING,
        allowed: Allowed::Words(&["at_once", "slow"]),
        default: "at_once",
        meaning: "Whether a transaction of Unifi that goes out is at its end at once, or in work \
                  until somebody writes its end.",
        source: "a wish of whoever tests",
    },
    Setting {
        name: CONNECT_HUB_URL,
        allowed: Allowed::Words(&["kept", "new"]),
        default: "kept",
        meaning: "Whether an inbound endpoint of Connect Hub that is activated again keeps its \
                  address or gets a new one.",
        source: "open",
    },
    Setting {
        name: OAUTH_DEFAULT_PROFILE,
        allowed: Allowed::Words(&["created", "none"]),
        default: "created",
        meaning: "Whether a new OAuth provider comes with a default profile.",
        source: "documented",
    },
    Setting {
        name: OAUTH_NAME_UNIQUE,
        allowed: Allowed::Words(&["refuse", "none"]),
        default: "refuse",
        meaning: "Whether two OAuth registries may have the same name.",
        source: "documented",
    },
    Setting {
        name: CHILD_ALIAS_FOLLOWS,
        allowed: Allowed::Words(&["never", "always"]),
        default: "never",
        meaning: "Whether later changes of a parent alias reach its children.",
        source: "not established",
    },
    Setting {
        name: MUTUAL_AUTH_THROUGH_MID,
        allowed: Allowed::Words(&["allow", "refuse"]),
        default: "allow",
        meaning: "Whether an HTTP connection may have mutual authentication and a MID server at \
                  once.",
        source: "documented that it was refused once",
    },
    Setting {
        name: DEFAULT_VERSION,
        allowed: Allowed::Words(&["latest", "none"]),
        default: "latest",
        meaning: "Which version of a scripted service without a default version answers a path \
                  without one: the latest, or none.",
        source: "documents contradict each other",
    },
    Setting {
        name: VERSION_NUMBER,
        allowed: Allowed::Words(&["moves", "stays"]),
        default: "moves",
        meaning: "Whether a version of a scripted service whose number is changed, and with it its \
                  operations, is reached under the new number, or stays where it was.",
        source: "open: that the number stands in the path is documented, not what a change of it does",
    },
    Setting {
        name: INHERITED_ROLES,
        allowed: Allowed::Words(&["rows", "none"]),
        default: "rows",
        meaning: "Whether roles that other roles contain, and roles of groups, appear as rows of \
                  sys_user_has_role.",
        source: "official for the column; when the rows appear is assumed",
    },
];
