//! Tokens: every kind of grant, what a token opens, and how it ends.

use aws_lc_rs::hmac;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{RSA_PKCS1_SHA256, RsaKeyPair};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use servicenow_core::{Method, Request, Response};

use crate::answer::header;
use crate::answer::tests::{Asking, NOW_MS, open_empty};
use crate::{Clock, Fixture, Options, Simulator};

const LIST: &str = "/api/now/table/sys_alias";
const CLIENT: &str = "client_id=robot-client&client_secret=robot-secret";
const JWT: &str = "grant_type=urn:ietf:params:oauth:grant-type:jwt-bearer";

/// An instance with the client `robot-client` and the user `robot`, and the id of the client.
fn with_client(settings: &[(&str, &str)], more: &Value) -> (Simulator, Clock, String) {
    let now = Clock::manual(NOW_MS);
    let settings = settings.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    let options = Options { fixture: Fixture::Empty, now: now.clone(), settings, ..Options::default() };
    let simulator = Simulator::open(options).unwrap();
    let admin = Asking::administrator(&simulator);
    admin.user("robot", &["connection_admin"]);
    let mut body = json!({
        "name": "robots", "type": "client", "client_id": "robot-client", "client_secret": "robot-secret",
    });
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    let path = "/api/now/table/oauth_entity?sysparm_input_display_value=true";
    let created = admin.json(Method::Post, path, &body.to_string());
    let client = created["result"]["sys_id"].as_str().unwrap_or_else(|| panic!("{created}")).to_owned();
    (simulator, now, client)
}

fn user_id(simulator: &Simulator, user_name: &str) -> String {
    let rows = simulator.rows("sys_user");
    rows.iter().find(|it| it["user_name"] == user_name).unwrap()["sys_id"].clone()
}

fn post(simulator: &Simulator, path: &str, form: &str, headers: &[(&str, &str)]) -> Response {
    let mut request = Request::new(Method::Post, path);
    request.headers = vec![header("Content-Type", "application/x-www-form-urlencoded")];
    request.headers.extend(headers.iter().map(|(name, value)| header(name, value)));
    request.body = Some(form.to_owned());
    simulator.answer(&request)
}

fn token(simulator: &Simulator, form: &str) -> (u16, Value) {
    let answer = post(simulator, "/oauth_token.do", form, &[]);
    (answer.status, serde_json::from_slice(&answer.body).unwrap())
}

/// What a list answers to the bearer of a token.
fn bearer(simulator: &Simulator, path: &str, token: &str) -> u16 {
    let mut request = Request::new(Method::Get, path);
    request.headers.push(header("Authorization", &format!("Bearer {token}")));
    simulator.answer(&request).status
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("{value}")).to_owned()
}

fn switch_on_client_credentials(simulator: &Simulator) {
    let body = json!({"name": "glide.oauth.inbound.client.credential.grant_type.enabled", "value": "true"});
    Asking::administrator(simulator).create("sys_properties", &body.to_string());
}

#[test]
fn a_password_gives_both_tokens_and_the_same_ones_until_they_expire() {
    let (simulator, now, _) = with_client(&[], &json!({}));
    let form = format!("grant_type=password&{CLIENT}&username=robot&password=user-secret");
    let (status, first) = token(&simulator, &form);
    assert_eq!(status, 200, "{first}");
    assert_eq!(first["expires_in"], 1800);
    assert_eq!((&first["scope"], &first["token_type"]), (&json!("useraccount"), &json!("Bearer")));
    now.advance_ms(600_000);
    let (_, second) = token(&simulator, &form);
    assert_eq!(second["access_token"], first["access_token"], "the current token is told again");
    assert_eq!(second["expires_in"], 1200);
    let access = text(&first["access_token"]);
    assert_eq!(bearer(&simulator, LIST, &access), 200);
    now.advance_ms(1_200_000);
    assert_eq!(bearer(&simulator, LIST, &access), 401, "it has expired");
    let form = format!("grant_type=refresh_token&{CLIENT}&refresh_token={}", text(&first["refresh_token"]));
    let (status, third) = token(&simulator, &form);
    assert_eq!(status, 200);
    assert_ne!(third["access_token"], first["access_token"]);
    assert_eq!(third["refresh_token"], first["refresh_token"]);
    assert_eq!(bearer(&simulator, LIST, &text(&third["access_token"])), 200);
    now.advance_ms(8_640_000_000);
    assert_eq!(token(&simulator, &form).0, 401, "so has the refresh token");
}

#[test]
fn what_is_wrong_with_a_token_request_stays_untold_unless_the_setting_tells() {
    for (form, precise) in [
        (
            "grant_type=password&client_id=robot-client&client_secret=wrong&username=robot&password=user-secret",
            "invalid_client",
        ),
        (
            "grant_type=password&client_id=nobody&client_secret=robot-secret&username=robot&password=user-secret",
            "invalid_client",
        ),
        (
            "grant_type=password&client_id=robot-client&client_secret=robot-secret&username=robot&password=wrong",
            "invalid_grant",
        ),
        (
            "grant_type=refresh_token&client_id=robot-client&client_secret=robot-secret&refresh_token=wrong",
            "invalid_grant",
        ),
        (
            "grant_type=client_credentials&client_id=robot-client&client_secret=robot-secret",
            "unsupported_grant_type",
        ),
        ("grant_type=guess&client_id=robot-client&client_secret=robot-secret", "unsupported_grant_type"),
        ("", "invalid_client"),
    ] {
        for (setting, error) in [("server_error", "server_error"), ("precise", precise)] {
            let (simulator, ..) = with_client(&[("oauth_errors", setting)], &json!({}));
            let expected = json!({"error_description": "access_denied", "error": error});
            assert_eq!(token(&simulator, form), (401, expected), "{form}");
        }
    }
    let (simulator, ..) = with_client(&[], &json!({"active": "false"}));
    let form = format!("grant_type=password&{CLIENT}&username=robot&password=user-secret");
    assert_eq!(token(&simulator, &form).0, 401, "the client is not active");
    let mut request = Request::new(Method::Post, "/oauth_token.do");
    request.headers.push(header("Content-Type", "application/json"));
    request.body = Some(json!({"grant_type": "password"}).to_string());
    assert_eq!(simulator.answer(&request).status, 401, "only forms are read");
}

#[test]
fn a_client_acts_as_its_user_where_the_property_allows_it() {
    let (simulator, _, client) = with_client(&[], &json!({}));
    let form = format!("grant_type=client_credentials&{CLIENT}");
    assert_eq!(token(&simulator, &form).0, 401, "the property is missing");
    switch_on_client_credentials(&simulator);
    assert_eq!(token(&simulator, &form).0, 401, "the client has no user");
    let one = format!("/api/now/table/oauth_entity/{client}");
    let body = json!({"user": user_id(&simulator, "robot")}).to_string();
    assert_eq!(Asking::administrator(&simulator).status(Method::Patch, &one, &body), 200);
    let (status, body) = token(&simulator, &form);
    assert_eq!((status, body.get("refresh_token")), (200, None));
    assert_eq!(bearer(&simulator, LIST, &text(&body["access_token"])), 200);
    let journal = simulator.journal();
    assert_eq!(journal.as_array().unwrap().last().unwrap()["user"], "robot");
    let in_header = post(
        &simulator,
        "/oauth_token.do",
        "grant_type=client_credentials",
        &[("Authorization", "Basic cm9ib3QtY2xpZW50OnJvYm90LXNlY3JldA==")],
    );
    assert_eq!(in_header.status, 200, "id and secret may come in the header");
}

#[test]
fn a_code_is_exchanged_once_by_whoever_has_its_verifier() {
    // The pair of the specification's own example.
    let (verifier, challenge) =
        ("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
    let (simulator, ..) = with_client(&[], &json!({"redirect_url": "https://app.example/back"}));
    let robot = Asking { simulator: &simulator, user_name: "robot".into(), password: "user-secret".into() };
    let ask = |address: &str| {
        let target = format!(
            "/oauth_auth.do?response_type=code&client_id=robot-client&redirect_uri={address}&state=a b\
             &code_challenge={challenge}&code_challenge_method=S256"
        );
        robot.ask(Method::Get, &target, "")
    };
    assert_eq!(ask("https://evil.example/").status, 400);
    let code = || {
        let answer = ask("https://app.example/back");
        assert_eq!(answer.status, 302);
        let location = answer.header("Location").unwrap().to_owned();
        assert!(location.starts_with("https://app.example/back?code=") && location.ends_with("&state=a%20b"));
        location.split("code=").nth(1).unwrap().split('&').next().unwrap().to_owned()
    };
    let exchange = |code: &str, verifier: &str, address: &str| {
        let form = format!(
            "grant_type=authorization_code&{CLIENT}&code={code}&redirect_uri={address}&code_verifier={verifier}"
        );
        token(&simulator, &form)
    };
    let back = "https%3A%2F%2Fapp.example%2Fback";
    assert_eq!(exchange(&code(), "wrong", back).0, 401);
    assert_eq!(exchange(&code(), verifier, "https%3A%2F%2Fother.example").0, 401);
    let once = code();
    let (status, body) = exchange(&once, verifier, back);
    assert_eq!(status, 200);
    assert_eq!(bearer(&simulator, LIST, &text(&body["access_token"])), 200);
    assert_eq!(exchange(&once, verifier, back).0, 401, "a code counts once");
    let nobody = simulator.answer(&Request::new(Method::Get, "/oauth_auth.do"));
    assert!(String::from_utf8(nobody.body).unwrap().contains("Log in"));
}

/// A token with these claims, signed by `sign`.
fn assertion(algorithm: &str, claims: &Value, sign: impl Fn(&[u8]) -> Vec<u8>) -> String {
    let part = |it: &Value| URL_SAFE_NO_PAD.encode(it.to_string());
    let message = format!("{}.{}", part(&json!({"alg": algorithm, "typ": "JWT"})), part(claims));
    format!("{message}.{}", URL_SAFE_NO_PAD.encode(sign(message.as_bytes())))
}

fn claims(subject: &str, audience: &str, lives_s: i64) -> Value {
    json!({"iss": "robots", "sub": subject, "aud": audience, "exp": (NOW_MS / 1000).cast_signed() + lives_s})
}

#[test]
fn an_assertion_is_believed_when_a_registered_key_signed_it() {
    let key = rcgen::KeyPair::generate_for(&rcgen::PKCS_RSA_SHA256).unwrap();
    let certificate =
        rcgen::CertificateParams::new(vec!["robots.example".to_owned()]).unwrap().self_signed(&key).unwrap();
    let private = RsaKeyPair::from_pkcs8(&key.serialize_der()).unwrap();
    let rsa = |message: &[u8]| {
        let mut signature = vec![0; private.public_modulus_len()];
        private.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), message, &mut signature).unwrap();
        signature
    };
    let shared =
        |message: &[u8]| hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, b"shared"), message).as_ref().to_vec();
    // Whoever takes the public key for a shared one believes everybody.
    let confused = |message: &[u8]| {
        hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, certificate.pem().as_bytes()), message)
            .as_ref()
            .to_vec()
    };
    let good = claims("robot", "robot-client", 60);
    let by_certificate = json!({"pem_public_key": certificate.pem()});
    let by_key = json!({"pem_public_key": key.public_key_pem()});
    let by_secret = json!({"shared_key": "shared"});
    for (registered, shown, status) in [
        (&by_certificate, assertion("RS256", &good, rsa), 200),
        (&by_key, assertion("RS256", &good, rsa), 200),
        (&by_secret, assertion("HS256", &good, shared), 200),
        (&by_secret, assertion("RS256", &good, rsa), 401),
        (&by_certificate, assertion("HS256", &good, shared), 401),
        (&by_certificate, assertion("HS256", &good, confused), 401),
        (&by_certificate, assertion("none", &good, |_| Vec::new()), 401),
        (&by_certificate, assertion("RS256", &claims("robot", "robot-client", -1), rsa), 401),
        (&by_certificate, assertion("RS256", &claims("robot", "other-client", 60), rsa), 401),
        (&by_certificate, assertion("RS256", &claims("nobody", "robot-client", 60), rsa), 401),
        (&by_certificate, "no.assertion".to_owned(), 401),
    ] {
        let (simulator, _, client) = with_client(&[], &json!({}));
        let mut body = json!({"name": "key", "oauth_entity": client});
        body.as_object_mut().unwrap().extend(registered.as_object().unwrap().clone());
        let path = "/api/now/table/jwt_verifier_map?sysparm_input_display_value=true";
        let admin = Asking::administrator(&simulator);
        assert_eq!(admin.status(Method::Post, path, &body.to_string()), 201);
        let (answered, body) = token(&simulator, &format!("{JWT}&{CLIENT}&assertion={shown}"));
        assert_eq!(answered, status, "{shown}");
        let in_header = [("Authentication", format!("Bearer {shown}"))];
        let in_header: Vec<(&str, &str)> =
            in_header.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let again = post(&simulator, "/oauth_token.do", &format!("{JWT}&{CLIENT}"), &in_header);
        assert_eq!(again.status, status, "in the header as well");
        if status == 200 {
            assert_eq!(bearer(&simulator, LIST, &text(&body["access_token"])), 200);
        }
    }
}

#[test]
fn an_identity_token_of_a_registered_provider_signs_in() {
    for (kind, status) in [("oidc", 200), ("client", 401)] {
        let (simulator, _, client) = with_client(&[], &json!({"type": kind}));
        let path = "/api/now/table/jwt_verifier_map?sysparm_input_display_value=true";
        let body = json!({"name": "key", "oauth_entity": client, "shared_key": "shared"}).to_string();
        assert_eq!(Asking::administrator(&simulator).status(Method::Post, path, &body), 201);
        let signed = |message: &[u8]| {
            hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, b"shared"), message).as_ref().to_vec()
        };
        let shown = assertion("HS256", &claims("robot", "robot-client", 60), signed);
        assert_eq!(bearer(&simulator, LIST, &shown), status, "{kind}");
        assert_eq!(bearer(&simulator, LIST, &format!("{shown}x")), 401);
    }
}

#[test]
fn a_revoked_token_opens_nothing() {
    let (simulator, ..) = with_client(&[], &json!({}));
    let form = format!("grant_type=password&{CLIENT}&username=robot&password=user-secret");
    for path in ["/oauth_revoke_token.do", "/oauth_revoke.do"] {
        let (_, body) = token(&simulator, &form);
        let access = text(&body["access_token"]);
        assert_eq!(bearer(&simulator, LIST, &access), 200);
        let mut request = Request::new(Method::Get, path);
        request.query.push(header("token", &access));
        assert_eq!(simulator.answer(&request).status, 200);
        assert_eq!(bearer(&simulator, LIST, &access), 401);
        assert!(!simulator.journal().to_string().contains(&access), "nor does the journal tell it");
        let refresh = text(&body["refresh_token"]);
        assert_eq!(post(&simulator, path, &format!("token={refresh}"), &[]).status, 200);
        let form = format!("grant_type=refresh_token&{CLIENT}&refresh_token={refresh}");
        assert_eq!(token(&simulator, &form).0, 401);
    }
}

#[test]
fn a_scope_reaches_only_the_apis_that_are_bound_to_it() {
    let (simulator, _, client) = with_client(&[], &json!({}));
    let admin = Asking::administrator(&simulator);
    let body = json!({"name": "aliases", "oauth_entity_scope": "aliases", "oauth_entity": client});
    admin.create("oauth_entity_scope", &body.to_string());
    let scope = admin.create("sys_auth_scope", r#"{"name":"aliases"}"#);
    let bound = json!({"auth_scope": scope, "rest_api_path": "/now/table/sys_alias"}).to_string();
    admin.create("sys_rest_auth_scope", &bound);
    let form = format!("grant_type=password&{CLIENT}&username=robot&password=user-secret");
    let (_, body) = token(&simulator, &format!("{form}&scope=aliases"));
    assert_eq!(body["scope"], "aliases");
    let access = text(&body["access_token"]);
    assert_eq!(bearer(&simulator, LIST, &access), 200);
    assert_eq!(bearer(&simulator, "/api/now/table/sys_user", &access), 401);
    let (status, _) = token(&simulator, &format!("{form}&scope=unknown"));
    assert_eq!(status, 401);
}

#[test]
fn without_the_property_there_are_no_tokens() {
    let (simulator, ..) = with_client(&[], &json!({}));
    let body = json!({"name": "com.snc.platform.security.oauth.is.active", "value": "false"}).to_string();
    Asking::administrator(&simulator).create("sys_properties", &body);
    let form = format!("grant_type=password&{CLIENT}&username=robot&password=user-secret");
    assert_eq!(token(&simulator, &form).0, 401);
}

#[test]
fn keys_to_check_tokens_with_are_none_because_tokens_are_opaque() {
    let simulator = open_empty(&[]);
    let answer = simulator.answer(&Request::new(Method::Get, "/api/now/oauth/jwks"));
    assert_eq!((answer.status, answer.body), (200, br#"{"keys":[]}"#.to_vec()));
}
