//! Section 4: authentication, tokens and roles.

use super::Behaviour;
use super::Confidence::{Documented, Inferred, Seen};

/// The rows.
pub const ROWS: &[Behaviour] = &[
    Behaviour {
        id: "4.1-basic",
        section: "4.1",
        behaviour: "Name and password sign in; a wrong pair, an inactive, locked or half-set-up user is 401.",
        confidence: Documented,
        setting: None,
        test: "simulator::tests::a_user_signs_in_only_when_active_unlocked_and_with_a_hashed_password",
    },
    Behaviour {
        id: "4.1-second-factor",
        section: "4.1",
        behaviour: "A forced second factor stands behind the password; without it 401 with X-MFA_TOKEN.",
        confidence: Documented,
        setting: Some("mfa_code"),
        test: "sign_in::tests::a_second_factor_stands_behind_the_password_where_it_is_asked_for",
    },
    Behaviour {
        id: "4.1-api-key",
        section: "4.1",
        behaviour: "An API key in a header or parameter signs in where a policy other than the global one admits it.",
        confidence: Documented,
        setting: Some("api_key_needs_policy"),
        test: "sign_in::tests::an_api_key_is_taken_where_a_policy_admits_it_until_it_expires",
    },
    Behaviour {
        id: "4.1-access-policy",
        section: "4.1",
        behaviour: "A REST API access policy shuts out what its authentication profiles do not admit.",
        confidence: Documented,
        setting: None,
        test: "sign_in::tests::a_policy_shuts_out_what_its_profiles_do_not_admit",
    },
    Behaviour {
        id: "4.1-session",
        section: "4.1",
        behaviour: "A session cookie reads; writing needs the session's token in X-UserToken.",
        confidence: Documented,
        setting: Some("session_timeout_ms"),
        test: "sign_in::tests::a_session_stands_for_its_user_and_needs_its_token_to_write",
    },
    Behaviour {
        id: "4.1-login-form",
        section: "4.1",
        behaviour: "The login form begins a session, and the page behind it tells the session's token.",
        confidence: Seen,
        setting: None,
        test: "sign_in::tests::a_form_signs_in_and_begins_a_session",
    },
    Behaviour {
        id: "4.1-certificate",
        section: "4.1",
        behaviour: "A client certificate stands for the user that it is registered for.",
        confidence: Documented,
        setting: None,
        test: "sign_in::tests::a_verified_certificate_stands_for_the_user_it_is_registered_for",
    },
    Behaviour {
        id: "4.3-roles-open-tables",
        section: "4.3",
        behaviour: "connection_admin writes connections and reads aliases, credential_admin the same for credentials.",
        confidence: Documented,
        setting: None,
        test: "simulator::tests::a_role_opens_its_tables_and_no_others",
    },
    Behaviour {
        id: "4.3-read-only",
        section: "4.3",
        behaviour: "The role snc_read_only takes every write away.",
        confidence: Documented,
        setting: None,
        test: "access::tests::a_read_only_user_writes_nothing",
    },
    Behaviour {
        id: "4.3-specific-control",
        section: "4.3",
        behaviour: "The access controls of the most specific name that fits decide, and any one of them opens.",
        confidence: Inferred,
        setting: None,
        test: "access::tests::the_most_specific_control_decides_and_any_of_its_equals_opens",
    },
];
