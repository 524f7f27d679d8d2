//! Ways to sign in, one after the other.

use serde_json::json;
use servicenow_core::{Method, Request, Response};

use crate::answer::header;
use crate::answer::tests::{Asking, NOW_MS, open_empty};
use crate::arrival::Arrival;
use crate::{Clock, Fixture, Options, Simulator};

/// The id of a policy.
const POLICY: &str = "b1a5000000000000000000000000f0f0";
const LIST: &str = "/api/now/table/sys_alias";

/// A request with headers and nothing else to prove who asks.
fn ask(simulator: &Simulator, method: Method, target: &str, headers: &[(&str, &str)]) -> Response {
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let mut request = Request::new(method, path);
    request.query = query.split('&').filter_map(|it| it.split_once('=')).map(|(n, v)| header(n, v)).collect();
    request.headers = headers.iter().map(|(name, value)| header(name, value)).collect();
    request.body = (method == Method::Post).then(|| "{}".to_owned());
    simulator.answer(&request)
}

/// Creates an active API key of a user and a policy that admits keys to a path.
fn key(admin: &Asking<'_>, user: &str, mut policy: serde_json::Value) {
    let display = "?sysparm_input_display_value=true";
    let body =
        json!({"name": "robot", "user": user, "token": "key-secret", "expires": "2026-01-02 04:00:00"});
    assert_eq!(
        admin.status(Method::Post, &format!("/api/now/table/api_key{display}"), &body.to_string()),
        201
    );
    let profile = admin.create("http_key_auth", r#"{"name":"keys"}"#);
    let mapping = json!({"api_access_policy": POLICY, "inbound_auth_profile": profile});
    admin.create("sys_auth_profile_mapping", &mapping.to_string());
    // The policy comes last: from now on nobody else is let in.
    policy["sys_id"] = json!(POLICY);
    admin.create("sys_api_access_policy", &policy.to_string());
}

/// The id of the administrator of every instance.
fn administrator(simulator: &Simulator) -> String {
    let rows = simulator.rows("sys_user");
    rows.iter().find(|it| it["user_name"] == "admin").unwrap()["sys_id"].clone()
}

#[test]
fn an_api_key_is_taken_where_a_policy_admits_it_until_it_expires() {
    for (policy, setting, expected) in [
        (json!({"name": "p", "rest_api_path": "/now/table"}), "true", [200, 200, 401, 401]),
        (
            json!({"name": "p", "rest_api_path": "/api/now/table/sys_alias", "http_method": "get"}),
            "true",
            [200, 200, 401, 401],
        ),
        (json!({"name": "p", "rest_api_path": "/now/table/sys_al"}), "true", [401, 401, 401, 401]),
        (
            json!({"name": "p", "rest_api_path": "/now/table", "http_method": "POST"}),
            "true",
            [401, 401, 401, 401],
        ),
        (json!({"name": "p", "active": "false"}), "true", [401, 401, 401, 401]),
        (json!({"name": "p", "active": "false"}), "false", [200, 200, 401, 401]),
        (json!({"name": "p", "global": "true"}), "true", [401, 401, 401, 401]),
    ] {
        let now = Clock::manual(NOW_MS);
        let settings = vec![("api_key_needs_policy".to_owned(), setting.to_owned())];
        let options = Options { fixture: Fixture::Empty, now: now.clone(), settings, ..Options::default() };
        let simulator = Simulator::open(options).unwrap();
        let admin = Asking::administrator(&simulator);
        key(&admin, &administrator(&simulator), policy.clone());
        let by_header = |value: &str| ask(&simulator, Method::Get, LIST, &[("X-SN-APIKEY", value)]).status;
        let by_parameter =
            ask(&simulator, Method::Get, &format!("{LIST}?x-sn-apikey=key-secret"), &[]).status;
        let (right, wrong) = (by_header("key-secret"), by_header("wrong"));
        now.advance_ms(3_600_000);
        assert_eq!([right, by_parameter, wrong, by_header("key-secret")], expected, "{policy}");
    }
}

#[test]
fn a_policy_shuts_out_what_its_profiles_do_not_admit() {
    for (kind, status) in [("basic_auth", 200), ("oauth", 401)] {
        let simulator = open_empty(&[]);
        let admin = Asking::administrator(&simulator);
        let profile = admin.create("std_http_auth", &json!({"name": "p", "type": kind}).to_string());
        let policy =
            admin.create("sys_api_access_policy", r#"{"name":"p","rest_api_path":"/now/table/sys_alias"}"#);
        let mapping = json!({"api_access_policy": policy, "inbound_auth_profile": profile});
        admin.create("sys_auth_profile_mapping", &mapping.to_string());
        assert_eq!(admin.status(Method::Get, LIST, ""), status, "{kind}");
        assert_eq!(admin.status(Method::Get, "/api/now/table/sys_user", ""), 200, "another API");
    }
}

#[test]
fn a_session_stands_for_its_user_and_needs_its_token_to_write() {
    let now = Clock::manual(NOW_MS);
    let simulator =
        Simulator::open(Options { fixture: Fixture::Empty, now: now.clone(), ..Options::default() }).unwrap();
    let admin = Asking::administrator(&simulator);
    let begun = admin.ask(Method::Get, LIST, "");
    let set = begun.header("Set-Cookie").unwrap();
    let cookie = set.split(';').next().unwrap().to_owned();
    let page = ask(&simulator, Method::Get, "/navpage.do", &[("Cookie", &cookie)]);
    let page = String::from_utf8(page.body).unwrap();
    let token = page.split("g_ck = '").nth(1).unwrap().split('\'').next().unwrap().to_owned();
    let with = |method: Method, headers: &[(&str, &str)]| {
        let mut all = vec![("Cookie", cookie.as_str())];
        all.extend(headers);
        ask(&simulator, method, LIST, &all)
    };
    assert_eq!(with(Method::Get, &[]).status, 200);
    assert_eq!(with(Method::Get, &[]).header("Set-Cookie"), None, "the session goes on");
    assert_eq!(with(Method::Post, &[]).status, 401);
    assert_eq!(with(Method::Post, &[("X-UserToken", "wrong")]).status, 401);
    assert_eq!(with(Method::Get, &[("X-HTTP-Method-Override", "POST")]).status, 401);
    assert_eq!(with(Method::Post, &[("X-UserToken", &token)]).status, 201);
    assert_eq!(with(Method::Get, &[("Authorization", "Basic d3Jvbmc6d3Jvbmc=")]).status, 401);
    assert_eq!(ask(&simulator, Method::Get, LIST, &[("Cookie", "JSESSIONID=unknown")]).status, 401);
    now.advance_ms(60_001);
    assert_eq!(with(Method::Get, &[]).status, 401, "the session rested for too long");
}

#[test]
fn a_form_signs_in_and_begins_a_session() {
    let simulator = open_empty(&[]);
    for (password, status) in [(simulator.password(), 302), ("wrong".to_owned(), 200)] {
        let mut request = Request::new(Method::Post, "/login.do");
        request.headers.push(header("Content-Type", "application/x-www-form-urlencoded"));
        request.body = Some(format!("user_name=admin&user_password={password}&sys_action=sysverb_login"));
        let answer = simulator.answer(&request);
        assert_eq!(answer.status, status);
        let cookie = answer.header("Set-Cookie").unwrap().split(';').next().unwrap().to_owned();
        let expected = if status == 302 { 200 } else { 401 };
        assert_eq!(ask(&simulator, Method::Get, LIST, &[("Cookie", &cookie)]).status, expected);
    }
}

#[test]
fn a_verified_certificate_stands_for_the_user_it_is_registered_for() {
    let simulator = open_empty(&[]);
    let admin = Asking::administrator(&simulator);
    let user = administrator(&simulator);
    let body = json!({"name": "robot", "user": user, "subject": "CN=robot,O=Acme"}).to_string();
    admin.create("sys_user_certificate", &body);
    for (subject, status) in [(Some("CN=robot,O=Acme"), 200), (Some("CN=other"), 401), (None, 401)] {
        let arrival = Arrival {
            certificate: subject.map(str::to_owned),
            takes_time: true,
            ..Arrival::plain(&Request::new(Method::Get, LIST))
        };
        assert_eq!(simulator.exchange(&arrival).response.status, status, "{subject:?}");
    }
}

#[test]
fn a_second_factor_stands_behind_the_password_where_it_is_asked_for() {
    for (code, with_factor, password, status, told) in [
        ("", "true", "user-secret", 200, None),
        ("123456", "false", "user-secret", 200, None),
        ("123456", "true", "user-secret", 401, Some("invalid")),
        ("123456", "true", "user-secret123456", 200, None),
        ("123456", "true", "wrong123456", 401, Some("invalid")),
    ] {
        let simulator = open_empty(&[("mfa_code", code)]);
        let admin = Asking::administrator(&simulator);
        let body = json!({"user_name": "robot", "user_password": "user-secret", "enable_multifactor_authn": with_factor});
        let path = "/api/now/table/sys_user?sysparm_input_display_value=true";
        assert_eq!(admin.status(Method::Post, path, &body.to_string()), 201);
        let user = Asking { simulator: &simulator, user_name: "robot".into(), password: password.into() };
        let answer = user.ask(Method::Get, LIST, "");
        assert_eq!((answer.status, answer.header("X-MFA_TOKEN")), (status, told), "{code} {with_factor}");
    }
}
