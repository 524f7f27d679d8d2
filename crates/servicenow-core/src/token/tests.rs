//! Token requests as they travel, and every answer that an instance gives to one.

use super::*;

fn application() -> Application {
    Application { client_id: "app id".to_owned(), client_secret: Some(Secret::new("s&cret=1")), scope: None }
}

fn check_form(grant: &Grant, expected: &str) {
    let request = request(&application(), grant);
    assert_eq!((request.method, request.path.as_str()), (Method::Post, PATH));
    assert!(request.query.is_empty(), "a secret in a query ends up in logs");
    assert_eq!(request.body.as_deref(), Some(expected));
    let content_type = request.headers.iter().find(|it| it.0 == "Content-Type").map(|it| it.1.as_str());
    assert_eq!(content_type, Some("application/x-www-form-urlencoded"));
}

#[test]
fn every_grant_is_a_form_of_its_own() {
    let client = "client_id=app%20id&client_secret=s%26cret%3D1";
    check_form(&Grant::ClientCredentials, &format!("grant_type=client_credentials&{client}"));
    let password = Grant::Password { username: "ü ser".to_owned(), password: Secret::new("p+w") };
    check_form(&password, &format!("grant_type=password&{client}&username=%C3%BC%20ser&password=p%2Bw"));
    let refresh = Grant::RefreshToken(Secret::new("r1"));
    check_form(&refresh, &format!("grant_type=refresh_token&{client}&refresh_token=r1"));
    check_form(
        &Grant::JwtBearer(Secret::new("a.b.c")),
        &format!("grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer&{client}&assertion=a.b.c"),
    );
}

#[test]
fn a_public_application_sends_no_secret_and_a_scope_is_sent_as_it_is() {
    let public = Application { client_secret: None, scope: Some("a b".to_owned()), ..application() };
    assert_eq!(
        request(&public, &Grant::ClientCredentials).body.as_deref(),
        Some("grant_type=client_credentials&client_id=app%20id&scope=a%20b")
    );
}

fn answered(status: u16, body: &str) -> Result<Token, ServiceError> {
    let grant = Grant::Password { username: "user".to_owned(), password: Secret::new("planted-password") };
    let request = request(&application(), &grant);
    let response = Response { status, headers: Vec::new(), body: body.as_bytes().to_vec() };
    read(&application(), &grant, &request, &response)
}

#[test]
fn a_token_says_how_long_it_lasts() {
    for (expires, expected) in
        [("1799", Some(1_799)), ("\"1799\"", Some(1_799)), ("\"soon\"", None), ("null", None)]
    {
        let body = format!(
            r#"{{"access_token":"at-1","refresh_token":"rt-1","scope":"useraccount","token_type":"Bearer","expires_in":{expires}}}"#
        );
        let token = answered(200, &body).unwrap();
        assert_eq!(token.expires_in_s, expected, "{expires}");
        assert_eq!((token.access_token.expose(), token.refresh_token), ("at-1", Some(Secret::new("rt-1"))));
    }
    assert_eq!(answered(200, r#"{"access_token":"at-1"}"#).unwrap().refresh_token, None);
}

#[test]
fn a_refusal_is_a_failed_sign_in_whatever_its_words() {
    for (status, body, words) in [
        (
            401,
            r#"{"error_description":"access_denied","error":"server_error"}"#,
            "server_error: access_denied",
        ),
        (401, r#"{"error":"invalid_client"}"#, "invalid_client"),
        (400, r#"{"error":"invalid_grant","error_description":""}"#, "invalid_grant"),
        (200, r#"{"error":"invalid_grant"}"#, "invalid_grant"),
        (401, "", "gives no reason"),
        (403, "", "refuses without a reason"),
    ] {
        let error = answered(status, body).unwrap_err();
        assert_eq!((error.kind, error.status), (Kind::Unauthenticated, Some(status)), "{body}");
        assert!(error.reason.contains(words), "{error}");
    }
}

#[test]
fn an_instance_that_cannot_answer_is_told_from_one_that_refuses() {
    let hibernating = "<html><title>Instance Hibernating page</title></html>";
    for (status, body, kind) in [
        (200, hibernating, Kind::Unavailable),
        (503, "", Kind::Unavailable),
        (
            429,
            r#"{"error":{"message":"Rate limit exceeded","detail":"x"},"status":"failure"}"#,
            Kind::Throttled,
        ),
        (404, "", Kind::NotServiceNow),
        (302, "", Kind::NotServiceNow),
        (200, "{}", Kind::NotServiceNow),
        (200, r#"{"result":[]}"#, Kind::NotServiceNow),
        (200, r#"{"access_token":""}"#, Kind::NotServiceNow),
    ] {
        assert_eq!(answered(status, body).unwrap_err().kind, kind, "{status} {body}");
    }
}

#[test]
fn a_refusal_that_quotes_a_secret_does_not_repeat_it() {
    let body = r#"{"error":"invalid_grant","error_description":"planted-password and s&cret=1 are wrong"}"#;
    let error = answered(401, body).unwrap_err();
    assert!(!error.reason.contains("planted") && !error.reason.contains("cret=1"), "{error}");
    assert!(error.reason.contains("(sensitive)"), "{error}");
}

#[test]
fn nothing_of_it_prints_a_secret() {
    let grant = Grant::Password { username: "user".to_owned(), password: Secret::new("planted") };
    let token = answered(200, r#"{"access_token":"planted","refresh_token":"planted"}"#).unwrap();
    let printed =
        format!("{grant:?} {grant} {token:?} {:?} {:?}", application(), request(&application(), &grant));
    assert!(!printed.contains("planted") && !printed.contains("cret=1"), "{printed}");
}
