//! Sections 4.1 and 4.2: authentication and tokens, a test for each row.

use aws_lc_rs::hmac;
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use servicenow_core::{Request, Response};

use super::*;
use crate::arrival::Arrival;

const LIST: &str = "/api/now/table/http_connection";
const CLIENT: &str = "client_id=robot-client&client_secret=robot-secret";
const PASSWORD: &str = "grant_type=password&username=robot&password=user-secret";
const CLIENT_CREDENTIALS: &str = "glide.oauth.inbound.client.credential.grant_type.enabled";

/// What somebody is answered who proves something with headers.
fn with(admin: &Asking<'_>, method: Method, target: &str, headers: &[(&str, &str)], body: &str) -> Response {
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let mut request = Request::new(method, path);
    request.query = crate::arrival::pairs(query);
    request.headers = headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    request.body = (!body.is_empty()).then(|| body.to_owned());
    admin.simulator.answer(&request)
}

pub(super) fn id_of(admin: &Asking<'_>, user_name: &str) -> String {
    let rows = admin.simulator.rows("sys_user");
    rows.into_iter().find(|it| it["user_name"] == user_name).unwrap()["sys_id"].clone()
}

/// The user `robot`, and the client `robot-client` with more columns.
fn client(admin: &Asking<'_>, more: &Value) -> String {
    admin.user("robot", &["connection_admin"]);
    let mut body = json!({"name": "robots", "client_id": "robot-client", "client_secret": "robot-secret"});
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    let target = "/api/now/table/oauth_entity?sysparm_input_display_value=true";
    let made = admin.json(Method::Post, target, &body.to_string());
    made["result"]["sys_id"].as_str().unwrap_or_else(|| panic!("{made}")).to_owned()
}

fn token(admin: &Asking<'_>, form: &str) -> (u16, Value) {
    let headers = [("Content-Type", "application/x-www-form-urlencoded")];
    let answer = with(admin, Method::Post, "/oauth_token.do", &headers, &format!("{CLIENT}&{form}"));
    (answer.status, serde_json::from_slice(&answer.body).unwrap())
}

fn bearer(admin: &Asking<'_>, token: &Value) -> u16 {
    let proof = format!("Bearer {}", token.as_str().unwrap_or_else(|| panic!("{token}")));
    with(admin, Method::Get, LIST, &[("Authorization", &proof)], "").status
}

/// A policy over the Table API with one profile.
fn policy(admin: &Asking<'_>, class: &str, profile: &Value) {
    let target = format!("/api/now/table/{class}?sysparm_input_display_value=true");
    let profile = admin.json(Method::Post, &target, &profile.to_string())["result"]["sys_id"].clone();
    let policy = "b".repeat(32);
    let mapping = json!({"api_access_policy": policy, "inbound_auth_profile": profile});
    admin.make("sys_auth_profile_mapping", &mapping);
    // From now on nobody else is let in.
    let policy = json!({"sys_id": policy, "name": "tables", "rest_api_path": "now/table"});
    admin.make("sys_api_access_policy", &policy);
}

#[test]
fn r4_1_basic_takes_name_and_password() {
    instance(&[], |admin| {
        let proof = |pair: &str| format!("Basic {}", STANDARD.encode(pair));
        admin.user("robot", &["connection_admin"]);
        for (pair, status) in [("robot:user-secret", 200), ("robot:wrong", 401), ("nobody:user-secret", 401)]
        {
            let headers = [("Authorization", proof(pair))];
            let headers: Vec<(&str, &str)> =
                headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
            assert_eq!(with(admin, Method::Get, LIST, &headers, "").status, status, "{pair}");
        }
    });
}

#[test]
fn r4_1_a_second_factor_stands_behind_the_password_and_is_off_by_default() {
    instance(&[], |admin| {
        let robot = admin.user("robot", &["connection_admin"]);
        admin.patch("sys_user", &id_of(admin, "robot"), &json!({"enable_multifactor_authn": "true"}));
        assert_eq!(robot.status(Method::Get, LIST, ""), 200, "not asked for");
        admin.simulator.set("mfa_code", "123456").unwrap();
        let answer = robot.ask(Method::Get, LIST, "");
        assert_eq!((answer.status, answer.header("X-MFA_TOKEN")), (401, Some("invalid")));
        let whole = Asking { password: "user-secret123456".into(), ..robot };
        assert_eq!(whole.status(Method::Get, LIST, ""), 200);
    });
}

#[test]
fn r4_1_a_bearer_token_stands_for_its_user() {
    instance(&[], |admin| {
        client(admin, &json!({}));
        let (_, body) = token(admin, PASSWORD);
        assert_eq!((bearer(admin, &body["access_token"]), bearer(admin, &json!("guessed"))), (200, 401));
    });
}

#[test]
fn r4_1_an_api_key_needs_a_policy_of_its_own_in_a_header_or_a_parameter() {
    instance(&[], |admin| {
        admin.user("robot", &["connection_admin"]);
        let target = "/api/now/table/api_key?sysparm_input_display_value=true";
        let key = json!({"name": "k", "token": "the-key", "user": id_of(admin, "robot")});
        admin.json(Method::Post, target, &key.to_string());
        let ask = || with(admin, Method::Get, LIST, &[("x-sn-apikey", "the-key")], "").status;
        assert_eq!(ask(), 401, "no policy");
        policy(admin, "http_key_auth", &json!({"name": "keys"}));
        assert_eq!(ask(), 200);
        assert_eq!(with(admin, Method::Get, &format!("{LIST}?x-sn-apikey=the-key"), &[], "").status, 200);
        assert_eq!(with(admin, Method::Get, LIST, &[("x-sn-apikey", "another")], "").status, 401);
    });
}

#[test]
fn r4_1_a_signed_request_stands_for_the_profiles_user() {
    instance(&[], |admin| {
        admin.user("robot", &["connection_admin"]);
        let profile =
            json!({"name": "signed", "secret": "shared", "prefix": "sha256=", "user": id_of(admin, "robot")});
        policy(admin, "http_hmac_auth", &profile);
        let body = r#"{"name":"blue"}"#;
        let digest = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, b"shared"), body.as_bytes());
        let hex: String = digest.as_ref().iter().map(|it| format!("{it:02x}")).collect();
        let base64 = STANDARD.encode(digest.as_ref());
        for (signature, status) in [
            (format!("sha256={}", "0".repeat(64)), 401),
            (format!("sha256={hex}"), 201),
            (format!("sha256={base64}"), 403),
        ] {
            let headers = [("x-sn-hmac-signature", signature.as_str())];
            let answer = with(admin, Method::Post, LIST, &headers, body);
            assert_eq!(answer.status, status, "the name is taken the second time");
        }
        admin.simulator.set("signature_encoding", "hex").unwrap();
        let headers = [("x-sn-hmac-signature", base64.as_str())];
        assert_eq!(with(admin, Method::Post, LIST, &headers, body).status, 401);
    });
}

#[test]
fn r4_1_a_client_certificate_stands_for_the_user_it_is_registered_for() {
    instance(&[], |admin| {
        admin.user("robot", &["connection_admin"]);
        admin.make(
            "sys_user_certificate",
            &json!({"name": "c", "user": id_of(admin, "robot"), "subject": "CN=robot"}),
        );
        for (subject, status) in [(Some("CN=robot"), 200), (Some("CN=other"), 401), (None, 401)] {
            let arrival = Arrival {
                certificate: subject.map(str::to_owned),
                ..Arrival::plain(&Request::new(Method::Get, LIST))
            };
            assert_eq!(admin.simulator.exchange(&arrival).response.status, status, "{subject:?}");
        }
    });
}

#[test]
fn r4_1_a_session_cookie_reads_and_needs_its_token_to_write() {
    instance(&[], |admin| {
        let begun = admin.ask(Method::Get, LIST, "");
        let cookie = begun.header("Set-Cookie").unwrap().split(';').next().unwrap().to_owned();
        assert_eq!(with(admin, Method::Get, LIST, &[("Cookie", &cookie)], "").status, 200);
        assert_eq!(with(admin, Method::Post, LIST, &[("Cookie", &cookie)], r#"{"name":"a"}"#).status, 401);
        assert_eq!(with(admin, Method::Get, LIST, &[("Cookie", "JSESSIONID=guessed")], "").status, 401);
    });
}

#[test]
fn r4_1_a_policy_shuts_out_what_its_profiles_do_not_admit() {
    instance(&[], |admin| {
        let robot = admin.user("robot", &["connection_admin"]);
        policy(admin, "std_http_auth", &json!({"name": "oauth only", "type": "oauth"}));
        assert_eq!(robot.status(Method::Get, LIST, ""), 401);
    });
}

#[test]
fn r4_2_only_a_form_is_a_token_request() {
    instance(&[], |admin| {
        client(admin, &json!({}));
        let headers = [("Content-Type", "application/json")];
        let answer = with(admin, Method::Post, "/oauth_token.do", &headers, &format!("{CLIENT}&{PASSWORD}"));
        assert_eq!(answer.status, 401);
    });
}

#[test]
fn r4_2_a_password_gives_an_access_and_a_refresh_token() {
    instance(&[], |admin| {
        client(admin, &json!({}));
        let (status, body) = token(admin, PASSWORD);
        assert_eq!(
            (status, &body["scope"], &body["token_type"]),
            (200, &json!("useraccount"), &json!("Bearer"))
        );
        assert_eq!(body["expires_in"], json!(1800), "a number");
        assert!(body["access_token"].is_string() && body["refresh_token"].is_string());
        assert_eq!(token(admin, PASSWORD).1["access_token"], body["access_token"], "the current one again");
    });
}

#[test]
fn r4_2_a_refresh_token_gives_an_access_token_and_stays_the_same() {
    instance(&[], |admin| {
        client(admin, &json!({}));
        let refresh = token(admin, PASSWORD).1["refresh_token"].clone();
        let (status, body) =
            token(admin, &format!("grant_type=refresh_token&refresh_token={}", refresh.as_str().unwrap()));
        assert_eq!((status, &body["refresh_token"]), (200, &refresh));
    });
}

#[test]
fn r4_2_client_credentials_need_a_property_and_a_user() {
    instance(&[], |admin| {
        let sys_id = client(admin, &json!({}));
        let ask = || token(admin, "grant_type=client_credentials");
        assert_eq!(ask().0, 401, "the property is off by default");
        admin.property(CLIENT_CREDENTIALS, "true");
        assert_eq!(ask().0, 401, "no user");
        admin.patch("oauth_entity", &sys_id, &json!({"user": id_of(admin, "robot")}));
        let (status, body) = ask();
        assert_eq!(
            (status, bearer(admin, &body["access_token"]), body.get("refresh_token")),
            (200, 200, None)
        );
    });
}

#[test]
fn r4_2_an_authorization_code_is_exchanged_once() {
    instance(&[], |admin| {
        client(admin, &json!({"redirect_url": "https://client.example/back"}));
        let robot =
            Asking { simulator: admin.simulator, user_name: "robot".into(), password: "user-secret".into() };
        let target = "/oauth_auth.do?response_type=code&client_id=robot-client&redirect_uri=https://client.example/back&state=s";
        let moved = robot.ask(Method::Get, target, "").header("Location").unwrap().to_owned();
        let code = moved.split("code=").nth(1).unwrap().split('&').next().unwrap().to_owned();
        let form =
            format!("grant_type=authorization_code&code={code}&redirect_uri=https://client.example/back");
        assert_eq!((token(admin, &form).0, token(admin, &form).0), (200, 401));
    });
}

#[test]
fn r4_2_a_signed_assertion_gives_a_token_of_the_user_it_names() {
    instance(&[], |admin| {
        let client = client(admin, &json!({}));
        let map = json!({"name": "k", "oauth_entity": client, "shared_key": "shared"}).to_string();
        admin.json(Method::Post, "/api/now/table/jwt_verifier_map?sysparm_input_display_value=true", &map);
        let part = |it: Value| URL_SAFE_NO_PAD.encode(it.to_string());
        let claims = json!({"sub": "robot", "aud": "robot-client", "exp": NOW_MS / 1000 + 60});
        let message = format!("{}.{}", part(json!({"alg": "HS256"})), part(claims));
        let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, b"shared"), message.as_bytes());
        let assertion = format!("{message}.{}", URL_SAFE_NO_PAD.encode(tag.as_ref()));
        let grant = "grant_type=urn:ietf:params:oauth:grant-type:jwt-bearer";
        assert_eq!(token(admin, &format!("{grant}&assertion={assertion}")).0, 200);
        assert_eq!(token(admin, &format!("{grant}&assertion={message}.forged")).0, 401);
    });
}

#[test]
fn r4_2_lifespans_are_half_an_hour_and_a_hundred_days_by_default() {
    instance(&[], |admin| {
        let sys_id = client(admin, &json!({}));
        let row = admin.row("oauth_entity", &sys_id);
        assert_eq!(
            (row["access_token_lifespan"].as_str(), row["refresh_token_lifespan"].as_str()),
            ("1800", "8640000")
        );
    });
}

#[test]
fn r4_2_a_token_in_jwt_format_is_checked_with_the_key_of_the_jwks() {
    use aws_lc_rs::signature::{RSA_PKCS1_2048_8192_SHA256, RsaPublicKeyComponents};
    instance(&[], |admin| {
        client(admin, &json!({"token_format": "jwt", "subject_claim": "user_name"}));
        let access = token(admin, PASSWORD).1["access_token"].as_str().unwrap().to_owned();
        assert_eq!(bearer(admin, &json!(access)), 200);
        let jwks = with(admin, Method::Get, "/api/now/oauth/jwks", &[], "");
        let key = serde_json::from_slice::<Value>(&jwks.body).unwrap()["keys"][0].clone();
        let bytes = |it: &Value| URL_SAFE_NO_PAD.decode(it.as_str().unwrap()).unwrap();
        let (n, e) = (bytes(&key["n"]), bytes(&key["e"]));
        let (message, signature) = access.rsplit_once('.').unwrap();
        let signature = URL_SAFE_NO_PAD.decode(signature).unwrap();
        RsaPublicKeyComponents { n, e }
            .verify(&RSA_PKCS1_2048_8192_SHA256, message.as_bytes(), &signature)
            .unwrap();
        let claims = URL_SAFE_NO_PAD.decode(message.split('.').nth(1).unwrap()).unwrap();
        let claims: Value = serde_json::from_slice(&claims).unwrap();
        assert_eq!((&claims["sub"], &claims["aud"]), (&json!("robot"), &json!("robot-client")));
        assert_eq!(claims["exp"].as_u64().unwrap() - claims["iat"].as_u64().unwrap(), 1800);
        assert_eq!(token(admin, PASSWORD).1["access_token"], json!(access), "the current one again");
    });
}

#[test]
fn r4_2_nearly_every_cause_has_the_same_error() {
    instance(&[], |admin| {
        client(admin, &json!({}));
        let same = json!({"error_description": "access_denied", "error": "server_error"});
        for form in [
            "grant_type=password&username=robot&password=wrong",
            "grant_type=client_credentials",
            "grant_type=magic",
            "",
        ] {
            assert_eq!(token(admin, form), (401, same.clone()), "{form}");
        }
    });
}

#[test]
fn r4_2_whoever_knows_a_token_may_revoke_it() {
    instance(&[], |admin| {
        client(admin, &json!({}));
        let access = token(admin, PASSWORD).1["access_token"].clone();
        let target = format!("/oauth_revoke_token.do?token={}", access.as_str().unwrap());
        assert_eq!(with(admin, Method::Get, &target, &[], "").status, 200);
        assert_eq!(bearer(admin, &access), 401);
    });
}

#[test]
fn r4_2_tokens_are_rows_and_a_property_switches_them_off() {
    instance(&[], |admin| {
        client(admin, &json!({}));
        token(admin, PASSWORD);
        assert_eq!(admin.simulator.rows("oauth_credential").len(), 2);
        admin.property("com.snc.platform.security.oauth.is.active", "false");
        assert_eq!(token(admin, PASSWORD).0, 401);
    });
}

#[test]
fn r4_2_a_scope_reaches_only_what_is_bound_to_it() {
    instance(&[], |admin| {
        let client = client(admin, &json!({}));
        let scope = admin.make("sys_auth_scope", &json!({"name": "connections"}));
        admin.make(
            "oauth_entity_scope",
            &json!({"name": "connections", "oauth_entity_scope": "connections", "oauth_entity": client}),
        );
        let (status, body) = token(admin, &format!("{PASSWORD}&scope=connections"));
        assert_eq!((status, bearer(admin, &body["access_token"])), (200, 401));
        admin.make(
            "sys_rest_auth_scope",
            &json!({"name": "s", "auth_scope": scope, "rest_api_path": "now/table/http_connection"}),
        );
        assert_eq!(bearer(admin, &body["access_token"]), 200);
    });
}
