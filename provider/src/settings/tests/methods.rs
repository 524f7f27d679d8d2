//! Which way to sign in is chosen, and what is said when none or several are given.

use servicenow_client::authenticator::{GrantSource, OAuth};
use servicenow_client::{Command, Source};

use super::*;

const URL: (&str, &str) = ("SERVICENOW_INSTANCE_URL", "https://environment.example");

fn chosen(members: &[(&str, Value)], pairs: &[(&str, &str)]) -> Authenticator {
    ready(members, &[&[URL], pairs].concat()).authenticator
}

fn refused(members: &[(&str, Value)], pairs: &[(&str, &str)], parts: &[&str]) {
    wrong(members, &[&[URL], pairs].concat(), parts);
}

fn oauth(members: &[(&str, &str)]) -> Value {
    let mut object = OAuthBlock::default().to_object();
    for (name, value) in members {
        assert!(object.insert((*name).to_owned(), text(value)).is_some(), "{name}");
    }
    Value::Map(object)
}

fn words(words: &[&str]) -> Value {
    Value::List(words.iter().map(|it| text(it)).collect())
}

fn grant(authenticator: Authenticator) -> GrantSource {
    match authenticator {
        Authenticator::OAuth(OAuth { grant, .. }) => grant,
        other => panic!("{other:?}"),
    }
}

#[test]
fn each_method_is_chosen_by_its_own_settings() {
    let basic = Authenticator::basic("user", "a:b");
    assert_eq!(chosen(&[("credentials", text("user:a:b"))], &[]), basic);
    assert_eq!(chosen(&[], &[("SERVICENOW_CREDENTIALS", "user:a:b")]), basic);
    assert_eq!(chosen(&[], &[("SERVICENOW_TOKEN", "t1")]), Authenticator::Bearer(Source::given("t1")));
    assert_eq!(
        chosen(&[], &[("SERVICENOW_TOKEN_FILE", "/x/token")]),
        Authenticator::Bearer(Source::File("/x/token".into()))
    );
    let command = Command::new(["vault".to_owned(), "read".to_owned()]).unwrap();
    let by_command = Authenticator::ApiKey(Source::Command(command));
    assert_eq!(chosen(&[("api_key_command", words(&["vault", "read"]))], &[]), by_command);
    assert_eq!(chosen(&[], &[("SERVICENOW_API_KEY_COMMAND", r#"["vault", "read"]"#)]), by_command);
    let certificate = [("SERVICENOW_MTLS_PKCS12_FILE", "/x/client.p12")];
    assert_eq!(chosen(&[], &certificate), Authenticator::Certificate);
    let both = [certificate[0], ("SERVICENOW_API_KEY", "k1")];
    assert_eq!(chosen(&[], &both), Authenticator::ApiKey(Source::given("k1")));
}

#[test]
fn each_grant_is_built_from_its_own_settings() {
    let client = [("SERVICENOW_OAUTH_CLIENT_ID", "id"), ("SERVICENOW_OAUTH_CLIENT_SECRET", "secret")];
    assert_eq!(grant(chosen(&[], &client)), GrantSource::ClientCredentials);
    let password = [("SERVICENOW_USERNAME", "user"), ("SERVICENOW_PASSWORD", "pw")];
    let block = [("oauth", oauth(&[("grant_type", "password")]))];
    let expected = GrantSource::Password { username: "user".to_owned(), password: Source::given("pw") };
    assert_eq!(grant(chosen(&block, &[client, password].concat())), expected);
    let kind = ("SERVICENOW_OAUTH_GRANT_TYPE", "password");
    assert_eq!(grant(chosen(&[], &[&client[..], &password, &[kind]].concat())), expected);
    let refresh = oauth(&[("grant_type", "refresh_token"), ("client_id", "id"), ("refresh_token", "r1")]);
    assert_eq!(grant(chosen(&[("oauth", refresh)], &[])), GrantSource::RefreshToken(Source::given("r1")));
    let signed = oauth(&[
        ("grant_type", "jwt_bearer"),
        ("client_id", "id"),
        ("subject", "user"),
        ("private_key_file", "/x/key"),
    ]);
    let GrantSource::JwtBearer { private_key, claims } = grant(chosen(&[("oauth", signed)], &[])) else {
        panic!("another grant")
    };
    assert_eq!(private_key, Source::File("/x/key".into()));
    assert_eq!((claims.issuer.as_str(), claims.audience.as_str(), claims.lifetime_s), ("id", "id", 300));
}

#[test]
fn a_method_in_the_block_silences_those_of_the_environment() {
    let all = [("SERVICENOW_USERNAME", "u"), ("SERVICENOW_PASSWORD", "p"), ("SERVICENOW_TOKEN", "t")];
    assert_eq!(chosen(&[("api_key", text("k1"))], &all), Authenticator::ApiKey(Source::given("k1")));
    assert_eq!(chosen(&[("username", text("me"))], &all), Authenticator::basic("me", "p"));
}

#[test]
fn one_form_of_a_secret_in_the_block_silences_the_others_of_the_environment() {
    let pairs = [("SERVICENOW_TOKEN", "t"), ("SERVICENOW_API_KEY", "k")];
    let by_file = chosen(&[("token_file", text("/x/token"))], &pairs);
    assert_eq!(by_file, Authenticator::Bearer(Source::File("/x/token".into())));
}

#[test]
fn two_methods_in_one_place_are_refused_with_both_names() {
    let token = [("SERVICENOW_TOKEN", "planted"), ("SERVICENOW_API_KEY", "planted")];
    refused(&[], &token, &["Two ways to sign in", "`SERVICENOW_TOKEN`", "`SERVICENOW_API_KEY`"]);
    let block = [("username", text("u")), ("token_file", text("/x"))];
    refused(&block, &[], &["Two ways to sign in", "`username`", "`token_file`"]);
    let block = [("username", text("u")), ("oauth", oauth(&[("client_id", "id")]))];
    refused(&block, &[], &["Two ways to sign in", "`oauth`", "`grant_type` is `password`"]);
    let block = [("credentials", text("u:planted")), ("password", text("planted"))];
    refused(&block, &[], &["Two ways to sign in", "`credentials`"]);
}

#[test]
fn two_forms_of_one_secret_in_one_place_are_refused() {
    let block = [("token", text("planted")), ("token_file", text("/x"))];
    refused(&block, &[], &["`token` and `token_file` say the same thing"]);
    let mut mtls = MtlsBlock::default().to_object();
    mtls.insert("certificate_file".to_owned(), text("/x"));
    mtls.insert("pkcs12_file".to_owned(), text("/x"));
    refused(
        &[("mtls", Value::Map(mtls))],
        &[("SERVICENOW_TOKEN", "t")],
        &["`mtls.pkcs12_file` say the same thing"],
    );
}

#[test]
fn what_a_method_lacks_is_named_with_its_variable() {
    let check = |pairs: &[(&str, &str)], setting: &str, variable: &str| {
        refused(&[], pairs, &[&format!("`{setting}` is missing"), variable]);
    };
    check(&[("SERVICENOW_PASSWORD", "p")], "username", "SERVICENOW_USERNAME");
    check(&[("SERVICENOW_OAUTH_SCOPE", "s")], "oauth.client_id", "SERVICENOW_OAUTH_CLIENT_ID");
    let client = ("SERVICENOW_OAUTH_CLIENT_ID", "id");
    check(&[client], "oauth.client_secret", "SERVICENOW_OAUTH_CLIENT_SECRET");
    let with = |grant| [client, ("SERVICENOW_OAUTH_GRANT_TYPE", grant)];
    check(&with("password"), "username", "SERVICENOW_USERNAME");
    check(&with("refresh_token"), "oauth.refresh_token", "SERVICENOW_OAUTH_REFRESH_TOKEN");
    check(&with("jwt_bearer"), "oauth.private_key", "SERVICENOW_OAUTH_PRIVATE_KEY");
    check(&[("SERVICENOW_MTLS_CERTIFICATE", "c")], "mtls.private_key", "SERVICENOW_MTLS_PRIVATE_KEY");
    check(&[("SERVICENOW_MTLS_PRIVATE_KEY", "k")], "mtls.certificate", "SERVICENOW_MTLS_CERTIFICATE");
}

#[test]
fn a_proof_that_cannot_be_sent_is_refused_before_it_is_sent() {
    refused(&[("token", text("planted planted"))], &[], &["`token`", "cannot be sent"]);
    refused(&[("username", text("a:b")), ("password", text("planted"))], &[], &["user name with a colon"]);
}

#[test]
fn an_empty_secret_counts_as_none() {
    refused(&[("username", text("u")), ("password", text(""))], &[], &["`password` is missing"]);
    let fallen_back =
        chosen(&[("username", text("u")), ("password", text(""))], &[("SERVICENOW_PASSWORD", "p")]);
    assert_eq!(fallen_back, Authenticator::basic("u", "p"));
}
