//! Signing in over scripted transports: what is sent, how often, and what is never shown.

use std::sync::atomic::AtomicU64;

use servicenow_core::Method;

use super::*;
use crate::jwt::Claims;
use crate::{Command, Source};

/// A world in which the token endpoint and the API answer by rule, and time moves when a test moves it.
#[derive(Default)]
struct Instance {
    now_ms: AtomicU64,
    /// What the token endpoint says, the last one again and again.
    tokens: StdMutex<Vec<(u16, String)>>,
    /// Values of `Authorization` or `x-sn-apikey` that the API accepts; empty accepts all.
    accepted: StdMutex<Vec<String>>,
    asked: StdMutex<Vec<Request>>,
    /// The header `Date` of every answer.
    date: StdMutex<Option<&'static str>>,
}

impl Instance {
    fn with_tokens(answers: &[(u16, &str)]) -> Arc<Instance> {
        let tokens = answers.iter().rev().map(|(status, body)| (*status, (*body).to_owned())).collect();
        Arc::new(Instance { tokens: StdMutex::new(tokens), ..Instance::default() })
    }

    fn accept(&self, values: &[&str]) {
        *self.accepted.lock().unwrap() = values.iter().map(|it| (*it).to_owned()).collect();
    }

    fn asked(&self) -> Vec<String> {
        let line = |it: &Request| {
            let proof = it.headers.iter().find(|it| it.0 == AUTHORIZATION || it.0 == API_KEY);
            format!("{} {}", it.path, proof.map_or("-", |it| it.1.as_str()))
        };
        self.asked.lock().unwrap().iter().map(line).collect()
    }

    fn token_requests(&self) -> Vec<String> {
        let asked = self.asked.lock().unwrap();
        asked.iter().filter(|it| it.path == token::PATH).filter_map(|it| it.body.clone()).collect()
    }
}

#[async_trait]
impl Transport for Instance {
    async fn send(&self, request: &Request) -> Result<Response, TransportError> {
        self.asked.lock().unwrap().push(request.clone());
        // Others get a chance to ask while this request is under way.
        tokio::task::yield_now().await;
        let date = *self.date.lock().unwrap();
        let headers: Vec<_> = date.map(|it| ("Date".to_owned(), it.to_owned())).into_iter().collect();
        let answer = |status, body: &str| Ok(Response { status, headers, body: body.into() });
        if request.path == token::PATH {
            let mut tokens = self.tokens.lock().unwrap();
            let (status, body) =
                if tokens.len() > 1 { tokens.pop() } else { tokens.last().cloned() }.unwrap();
            if status == 0 {
                let reason = "reset".to_owned();
                return Err(TransportError { sent: true, kind: Cause::Lost, reason });
            }
            return answer(status, &body);
        }
        let accepted = self.accepted.lock().unwrap();
        let proof = request.headers.iter().find(|it| it.0 == AUTHORIZATION || it.0 == API_KEY);
        let is_accepted = accepted.is_empty() || proof.is_some_and(|it| accepted.contains(&it.1));
        answer(if is_accepted { 200 } else { 401 }, "{}")
    }

    async fn sleep(&self, _: Duration) {}

    fn now_ms(&self) -> u64 {
        self.now_ms.load(Ordering::SeqCst)
    }

    fn random(&self) -> f64 {
        0.5
    }

    fn new_sys_id(&self) -> SysId {
        SysId::from_bytes([7; 16])
    }
}

fn read() -> Request {
    Request::new(Method::Get, "/x")
}

fn signed(instance: &Arc<Instance>, authenticator: Authenticator) -> Signed {
    let inner: Arc<dyn Transport> = instance.clone();
    Signed::over(inner, authenticator, Arc::new(|| 1_700_000_000))
}

fn oauth(grant: GrantSource) -> Authenticator {
    let client_secret = Some(Source::given("planted-secret"));
    Authenticator::OAuth(OAuth { client_id: "app".to_owned(), client_secret, scope: None, grant })
}

fn issued(token: &str, expires_in: u64) -> String {
    format!(r#"{{"access_token":"{token}","token_type":"Bearer","expires_in":{expires_in}}}"#)
}

async fn check_header(authenticator: Authenticator, expected: &str) {
    let instance = Arc::new(Instance::default());
    let response = signed(&instance, authenticator).send(&read()).await.unwrap();
    assert_eq!((response.status, instance.asked()), (200, vec![format!("/x {expected}")]));
}

#[tokio::test]
async fn every_method_sends_its_own_header_and_no_other() {
    check_header(Authenticator::basic("Aladdin", "open sesame"), "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==").await;
    check_header(Authenticator::Bearer(Source::given("abc.def")), "Bearer abc.def").await;
    check_header(Authenticator::ApiKey(Source::given("key-1")), "key-1").await;
    check_header(Authenticator::Certificate, "-").await;
}

#[tokio::test]
async fn many_requests_wait_for_one_token_and_share_it() {
    let instance = Instance::with_tokens(&[(200, &issued("t1", 1_800))]);
    let signed = Arc::new(signed(&instance, oauth(GrantSource::ClientCredentials)));
    let many = (0..20).map(|_| {
        let signed = Arc::clone(&signed);
        tokio::spawn(async move { signed.send(&read()).await.unwrap().status })
    });
    for one in many.collect::<Vec<_>>() {
        assert_eq!(one.await.unwrap(), 200);
    }
    let asked = instance.asked();
    assert_eq!(asked.iter().filter(|it| *it == "/oauth_token.do -").count(), 1, "{asked:?}");
    assert_eq!(asked.iter().filter(|it| *it == "/x Bearer t1").count(), 20, "{asked:?}");
}

#[tokio::test]
async fn a_token_is_renewed_a_minute_before_its_end() {
    let instance = Instance::with_tokens(&[(200, &issued("t1", 1_800)), (200, &issued("t2", 1_800))]);
    let signed = signed(&instance, oauth(GrantSource::ClientCredentials));
    for (now_s, expected) in [(0, "t1"), (1_739, "t1"), (1_740, "t2"), (1_800, "t2")] {
        instance.now_ms.store(now_s * 1_000, Ordering::SeqCst);
        signed.send(&read()).await.unwrap();
        assert_eq!(instance.asked().last().unwrap(), &format!("/x Bearer {expected}"), "{now_s}");
    }
    assert_eq!(instance.token_requests().len(), 2);
}

#[tokio::test]
async fn a_token_near_its_end_is_not_asked_for_with_every_request() {
    let instance = Instance::with_tokens(&[(200, &issued("t1", 40))]);
    let signed = signed(&instance, oauth(GrantSource::ClientCredentials));
    for now_s in 0..20 {
        instance.now_ms.store(now_s * 1_000, Ordering::SeqCst);
        signed.send(&read()).await.unwrap();
    }
    assert_eq!(instance.token_requests().len(), 1);
}

#[tokio::test]
async fn an_instance_that_issues_nothing_for_now_does_not_spoil_a_token_that_is_still_good() {
    let instance = Instance::with_tokens(&[(200, &issued("t1", 1_800)), (503, "")]);
    let signed = signed(&instance, oauth(GrantSource::ClientCredentials));
    for (now_s, is_sent) in [(0, true), (1_750, true), (1_800, false)] {
        instance.now_ms.store(now_s * 1_000, Ordering::SeqCst);
        assert_eq!(signed.send(&read()).await.is_ok(), is_sent, "{now_s}");
    }
}

#[tokio::test]
async fn a_401_leads_to_one_new_token_and_the_request_is_sent_once_more() {
    let instance = Instance::with_tokens(&[(200, &issued("t1", 1_800)), (200, &issued("t2", 1_800))]);
    instance.accept(&["Bearer t2"]);
    let signed = signed(&instance, oauth(GrantSource::ClientCredentials));
    assert_eq!(signed.send(&read()).await.unwrap().status, 200);
    let expected = ["/oauth_token.do -", "/x Bearer t1", "/oauth_token.do -", "/x Bearer t2"];
    assert_eq!(instance.asked(), expected);
}

#[tokio::test]
async fn a_401_that_a_new_token_does_not_heal_is_handed_on() {
    let answers = [(200, issued("t1", 1_800)), (200, issued("t2", 1_800)), (200, issued("t2", 1_800))];
    let answers: Vec<(u16, &str)> = answers.iter().map(|(status, body)| (*status, body.as_str())).collect();
    let instance = Instance::with_tokens(&answers);
    instance.accept(&["nothing"]);
    let signed = signed(&instance, oauth(GrantSource::ClientCredentials));
    for _ in 0..4 {
        assert_eq!(signed.send(&read()).await.unwrap().status, 401);
    }
    // The same token again says that asking changes nothing.
    assert_eq!(instance.token_requests().len(), 3, "{:?}", instance.asked());
}

#[tokio::test]
async fn a_given_password_is_not_tried_twice() {
    let instance = Arc::new(Instance::default());
    instance.accept(&["nothing"]);
    let signed = signed(&instance, Authenticator::basic("user", "wrong"));
    assert_eq!(signed.send(&read()).await.unwrap().status, 401);
    assert_eq!(instance.asked().len(), 1, "a second try would bring the user nearer to being locked out");
}

#[tokio::test]
async fn a_token_in_a_file_is_read_again_after_a_401() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("token");
    tokio::fs::write(&path, "old\n").await.unwrap();
    let instance = Arc::new(Instance::default());
    let signed = signed(&instance, Authenticator::Bearer(Source::File(path.clone())));
    assert_eq!(signed.send(&read()).await.unwrap().status, 200);
    tokio::fs::write(&path, "new\n").await.unwrap();
    instance.accept(&["Bearer new"]);
    assert_eq!(signed.send(&read()).await.unwrap().status, 200);
    assert_eq!(instance.asked(), ["/x Bearer old", "/x Bearer old", "/x Bearer new"]);
}

#[tokio::test]
async fn each_grant_asks_with_what_it_has() {
    let password = GrantSource::Password { username: "u".to_owned(), password: Source::given("p") };
    for (grant, part) in [
        (
            GrantSource::ClientCredentials,
            "grant_type=client_credentials&client_id=app&client_secret=planted-secret",
        ),
        (password, "&username=u&password=p"),
        (GrantSource::RefreshToken(Source::given("r1")), "&refresh_token=r1"),
    ] {
        let instance = Instance::with_tokens(&[(200, &issued("t1", 1_800))]);
        signed(&instance, oauth(grant)).send(&read()).await.unwrap();
        let asked = instance.token_requests();
        assert!(asked.len() == 1 && asked[0].contains(part), "{asked:?}");
    }
}

#[tokio::test]
async fn a_refresh_token_that_is_handed_out_anew_is_used_from_then_on() {
    let renewed = r#"{"access_token":"t1","refresh_token":"r2","expires_in":100}"#;
    let instance = Instance::with_tokens(&[(200, renewed)]);
    let signed = signed(&instance, oauth(GrantSource::RefreshToken(Source::given("r1"))));
    for now_s in [0, 90] {
        instance.now_ms.store(now_s * 1_000, Ordering::SeqCst);
        signed.send(&read()).await.unwrap();
    }
    let asked = instance.token_requests();
    assert!(asked.len() == 2 && asked[0].contains("=r1") && asked[1].contains("=r2"), "{asked:?}");
}

#[tokio::test]
async fn a_refused_sign_in_stays_refused_and_is_asked_once() {
    let body = r#"{"error_description":"access_denied","error":"server_error"}"#;
    let instance = Instance::with_tokens(&[(401, body)]);
    let signed = signed(&instance, oauth(GrantSource::ClientCredentials));
    for _ in 0..5 {
        let error = signed.send(&read()).await.unwrap_err();
        assert_eq!((error.sent, error.kind), (false, Cause::Credentials(Kind::Unauthenticated)));
        for part in ["POST /oauth_token.do", "401", "access_denied"] {
            assert!(error.reason.contains(part), "{error}");
        }
    }
    assert_eq!(instance.asked().len(), 1, "many tries would lock the user out");
}

#[tokio::test]
async fn an_instance_that_cannot_issue_now_is_asked_again() {
    for (answer, kind) in [
        ((503, ""), Cause::Credentials(Kind::Unavailable)),
        ((200, "<title>Instance Hibernating page</title>"), Cause::Credentials(Kind::Unavailable)),
        ((0, ""), Cause::Lost),
    ] {
        let instance = Instance::with_tokens(&[answer, (200, &issued("t1", 1_800))]);
        let signed = signed(&instance, oauth(GrantSource::ClientCredentials));
        let error = signed.send(&read()).await.unwrap_err();
        assert_eq!((error.sent, error.kind), (false, kind), "the request itself was never sent");
        assert_eq!(signed.send(&read()).await.unwrap().status, 200);
    }
}

#[tokio::test]
async fn a_secret_that_cannot_be_had_is_asked_for_once() {
    let folder = tempfile::tempdir().unwrap();
    let counter = folder.path().join("count");
    let script = format!("echo x >> '{}'; exit 1", counter.display());
    let words = ["sh", "-c", &script].map(str::to_owned);
    let command = Source::Command(Command::new(words).unwrap());
    let instance = Arc::new(Instance::default());
    let signed = signed(&instance, Authenticator::Bearer(command));
    for _ in 0..3 {
        let error = signed.send(&read()).await.unwrap_err();
        assert!(error.reason.contains("the command `sh` ended with exit code 1"), "{error}");
        assert_eq!((error.sent, error.kind), (false, Cause::Secret));
    }
    assert_eq!(tokio::fs::read_to_string(&counter).await.unwrap(), "x\n");
    assert!(instance.asked().is_empty());
}

#[tokio::test]
async fn a_refused_assertion_names_a_clock_that_is_wrong() {
    let claims = Claims {
        issuer: "app".to_owned(),
        subject: "me".to_owned(),
        audience: "app".to_owned(),
        key_id: None,
        lifetime_s: 300,
    };
    let key = rcgen::KeyPair::generate().unwrap().serialize_pem();
    let assertion = || GrantSource::JwtBearer { private_key: Source::given(&key), claims: claims.clone() };
    // The clock of this machine says Tue, 14 Nov 2023 22:13:20 GMT.
    for (date, grant, part) in [
        (
            Some("Tue, 14 Nov 2023 22:03:20 GMT"),
            assertion(),
            Some("is 600 seconds ahead of that of the instance"),
        ),
        (
            Some("Tue, 14 Nov 2023 22:15:00 GMT"),
            assertion(),
            Some("is 100 seconds behind that of the instance"),
        ),
        (Some("Tue, 14 Nov 2023 22:13:40 GMT"), assertion(), None),
        (None, assertion(), None),
        (Some("Tue, 14 Nov 2023 22:03:20 GMT"), GrantSource::ClientCredentials, None),
    ] {
        let instance = Instance::with_tokens(&[(401, r#"{"error":"invalid_grant"}"#)]);
        *instance.date.lock().unwrap() = date;
        let error = signed(&instance, oauth(grant)).send(&read()).await.unwrap_err().to_string();
        assert!(error.contains("invalid_grant") && part.is_none_or(|it| error.contains(it)), "{error}");
        assert_eq!(error.contains("clock"), part.is_some(), "{error}");
    }
}

#[tokio::test]
async fn a_life_that_is_short_or_not_told_never_asks_with_every_request_for_nothing() {
    for (expires_in, expected) in [("\"90\"", 1), ("20", 1), ("0", 3)] {
        let body = format!(r#"{{"access_token":"t1","expires_in":{expires_in}}}"#);
        let instance = Instance::with_tokens(&[(200, &body)]);
        let signed = signed(&instance, oauth(GrantSource::ClientCredentials));
        for _ in 0..3 {
            assert_eq!(signed.send(&read()).await.unwrap().status, 200);
        }
        assert_eq!(instance.token_requests().len(), expected, "{expires_in}");
    }
}

#[tokio::test]
async fn whatever_was_sent_as_proof_is_taken_out_of_messages() {
    let body = r#"{"access_token":"planted-token","refresh_token":"planted-refresh","expires_in":100}"#;
    let instance = Instance::with_tokens(&[(200, body)]);
    let grant =
        GrantSource::Password { username: "u".to_owned(), password: Source::given("planted-password") };
    let signed = signed(&instance, oauth(grant));
    signed.send(&read()).await.unwrap();
    let mut text = "planted-token planted-refresh planted-password planted-secret".to_owned();
    signed.redact(&mut text);
    assert_eq!(text, "(sensitive) (sensitive) (sensitive) (sensitive)");
    let basic = Signed::over(instance, Authenticator::basic("user", "planted"), Arc::new(|| 0));
    basic.send(&read()).await.unwrap();
    let mut text = "Basic dXNlcjpwbGFudGVk of planted".to_owned();
    basic.redact(&mut text);
    assert_eq!(text, "Basic (sensitive) of (sensitive)");
}
