//! Sections 5.4 to 5.8: columns of credentials, registries, certificates, messages and policies, a test for each row.

use super::columns::{check, choices, extends};
use super::*;

#[test]
fn r5_4_columns_of_every_credential() {
    check(
        "discovery_credentials",
        &[
            ("name", "string 100 mandatory"),
            ("active", "boolean =true"),
            ("order", "integer =100"),
            ("tag", "glide_list sys_alias"),
            ("user_name", "string 255"),
            ("password", "password2 255"),
            ("mid_list", "glide_list ecc_agent"),
            ("credential_id", "string 40"),
        ],
    );
}

#[test]
fn r5_4_children_have_their_own_secrets() {
    for (table, column) in [
        ("api_key_credentials", "api_key"),
        ("ssh_private_key_credentials", "ssh_private_key"),
        ("ssh_private_key_credentials", "ssh_passphrase"),
    ] {
        instance(&[], |admin| {
            let body = json!({"name": "a", column: "planted"}).to_string();
            let target = format!("/api/now/table/{table}?sysparm_input_display_value=true");
            let made = admin.json(Method::Post, &target, &body);
            let sys_id = made["result"]["sys_id"].as_str().unwrap();
            assert_eq!(admin.simulator.stored_secret(table, sys_id, column).as_deref(), Some("planted"));
            assert!(!made.to_string().contains("planted"));
        });
    }
}

#[test]
fn r5_4_an_empty_secret_clears_and_an_absent_one_keeps() {
    instance(&[("password2_write", "always")], |admin| {
        let sys_id = admin.make("basic_auth_credentials", &json!({"name": "a", "password": "planted"}));
        let kept = || admin.simulator.stored_secret("basic_auth_credentials", &sys_id, "password");
        admin.patch("basic_auth_credentials", &sys_id, &json!({"name": "b"}));
        assert_eq!(kept().as_deref(), Some("planted"));
        admin.patch("basic_auth_credentials", &sys_id, &json!({"password": ""}));
        assert_eq!(kept(), None);
    });
}

#[test]
fn r5_4_an_unreadable_secret_is_no_key() {
    instance(&[], |admin| {
        let sys_id = admin.make("basic_auth_credentials", &json!({"name": "a", "password": "x"}));
        admin.make("sys_security_acl", &json!({"name": "basic_auth_credentials.password", "operation": "read", "sys_id": "a".repeat(32)}));
        let role = admin
            .simulator
            .rows("sys_user_role")
            .iter()
            .find(|it| it["name"] == "user_admin")
            .unwrap()["sys_id"]
            .clone();
        admin.make(
            "sys_security_acl_role",
            &json!({"sys_security_acl": "a".repeat(32), "sys_user_role": role}),
        );
        let robot = admin.user("robot", &["credential_admin"]);
        let read = robot.json(Method::Get, &format!("/api/now/table/basic_auth_credentials/{sys_id}"), "");
        assert!(read["result"].get("password").is_none() && read["result"].get("name").is_some());
    });
}

#[test]
fn r5_5_columns_of_registries() {
    check(
        "oauth_entity",
        &[
            ("client_secret", "password2 255"),
            ("client_uuid", "string 40 read_only"),
            ("active", "boolean =true"),
            ("access_token_lifespan", "integer =1800"),
            ("refresh_token_lifespan", "integer =8640000"),
            ("default_grant_type", "choice 60 =authorization_code"),
            ("code_challenge_method", "choice 40 =S256"),
            ("token_format", "choice 40 =opaque"),
            ("oauth_api_script", "reference sys_script_include =3e3a3a11c333210016194ffe5bba8f70"),
        ],
    );
    choices("oauth_entity", "type", "client consumer oidc");
}

#[test]
fn r5_5_columns_of_profiles_scopes_and_their_pairs() {
    check(
        "oauth_entity_profile",
        &[("oauth_entity", "reference oauth_entity"), ("default", "boolean =false")],
    );
    check("oauth_entity_scope", &[("oauth_entity", "reference oauth_entity")]);
    check(
        "oauth_entity_profile_scope",
        &[
            ("oauth_entity_profile", "reference oauth_entity_profile"),
            ("oauth_entity_scope", "reference oauth_entity_scope"),
        ],
    );
}

#[test]
fn r5_5_columns_of_tokens_and_requestors() {
    check(
        "oauth_credential",
        &[
            ("expires", "glide_date_time"),
            ("token_received", "password2 4000"),
            ("user", "reference sys_user"),
        ],
    );
    check("oauth_requestor_profile", &[("requestor", "string 32"), ("requestor_context", "table_name 80")]);
}

#[test]
fn r5_5_columns_of_jwt_providers_claims_and_keys() {
    check(
        "jwt_provider",
        &[("jwt_api_script", "reference sys_script_include =9ef6af86ff10330001d3cd6bd53bf144")],
    );
    check("jwt_claim_validation", &[("is_standard", "boolean =false"), ("value", "string 1000")]);
    check(
        "jwt_keystore_aliases",
        &[
            ("kid", "string 255"),
            ("signing_algorithm", "choice 40 =rsa_256"),
            ("signing_key_password", "password2 255"),
        ],
    );
}

/// A self-signed certificate of this name.
fn pem(name: &str) -> String {
    let mut params = rcgen::CertificateParams::new(vec!["localhost".to_owned()]).unwrap();
    params.distinguished_name = rcgen::DistinguishedName::new();
    params.distinguished_name.push(rcgen::DnType::CommonName, name);
    params.not_before = rcgen::date_time_ymd(2025, 1, 1);
    params.not_after = rcgen::date_time_ymd(2027, 6, 30);
    params.self_signed(&rcgen::KeyPair::generate().unwrap()).unwrap().pem()
}

#[test]
fn r5_6_a_certificate_says_whose_it_is_and_how_long_it_counts() {
    instance(&[], |admin| {
        let body =
            json!({"name": "ca", "pem_certificate": pem("Acme CA"), "subject": "sent", "expires": "sent"});
        let sys_id = admin.make("sys_certificate", &body);
        let row = admin.row("sys_certificate", &sys_id);
        for (column, value) in [
            ("subject", "CN=Acme CA"),
            ("issuer", "CN=Acme CA"),
            ("valid_from", "2025-01-01 00:00:00"),
            ("expires", "2027-06-30 00:00:00"),
        ] {
            assert_eq!(row[column], value, "{column}");
        }
        admin.patch("sys_certificate", &sys_id, &json!({"pem_certificate": pem("Other")}));
        assert_eq!(admin.stored("sys_certificate", &sys_id, "subject"), "CN=Other");
    });
    choices("sys_certificate", "format", "pem der jks pfx");
}

#[test]
fn r5_6_columns_of_protocol_profiles() {
    check(
        "sys_protocol_profile",
        &[("keystore", "reference sys_certificate"), ("default_port", "integer =443")],
    );
}

#[test]
fn r5_6_columns_of_basic_profiles() {
    check("sys_auth_profile_basic", &[("username", "string 80 mandatory"), ("password", "password2 255")]);
}

#[test]
fn r5_6_columns_of_outbound_messages() {
    check(
        "sys_rest_message",
        &[
            ("name", "string 40 mandatory"),
            ("rest_endpoint", "string 200 mandatory"),
            ("description", "string 1000"),
            ("access", "choice 40 =package_private"),
            ("authentication_type", "choice 40 =no_authentication"),
            ("basic_auth_password", "password2 255"),
            ("oauth2_profile", "reference oauth_entity_profile"),
        ],
    );
    choices("sys_rest_message", "authentication_type", "no_authentication basic basic_simple oauth2");
}

#[test]
fn r5_6_columns_of_methods_of_outbound_messages() {
    check(
        "sys_rest_message_fn",
        &[
            ("function_name", "string 100 mandatory"),
            ("http_method", "choice 10 =get mandatory"),
            ("content", "string 4000"),
            ("authentication_type", "choice 40 =inherit_from_parent"),
            ("use_mid_server", "reference ecc_agent"),
        ],
    );
    choices("sys_rest_message_fn", "http_method", "get post put patch delete head");
}

#[test]
fn r5_6_soap_messages_are_a_table() {
    extends(&[("sys_soap_message", "sys_metadata")]);
}

#[test]
fn r5_8_columns_of_retry_policies() {
    check(
        "sys_retry_policy",
        &[
            ("name", "string 40"),
            ("connection_type", "choice 40 =http_retry_conditions"),
            ("retry_strategy", "choice 40 =fixed_time_interval"),
            ("count", "integer"),
            ("interval", "longint"),
            ("max_elapsed_time", "integer"),
            ("condition", "conditions 4000"),
            ("restrict_to", "string 120 =http_method,status_code,error,response_body,response_headers"),
        ],
    );
    choices("sys_retry_policy", "retry_strategy", "fixed_time_interval exponential_backoff retry_after");
}

#[test]
fn r5_8_columns_of_templates() {
    check(
        "sys_alias_templates",
        &[
            ("name", "string 100 mandatory"),
            ("dynamic_data_schema", "json 10000 mandatory"),
            ("default_data_template", "json 10000 mandatory"),
            ("pre_edit_script", "script 8000"),
            ("test_action", "reference sys_hub_action_type_definition"),
        ],
    );
}
