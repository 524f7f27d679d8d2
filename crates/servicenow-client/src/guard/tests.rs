//! What is written and what is not, for everything that an instance may call itself.

use std::sync::Mutex as StdMutex;

use serde_json::json;
use servicenow_core::{Method, TlsFault};

use super::*;

/// An instance that calls itself something.
struct Named {
    /// The answers to the question, the last one again and again.
    answers: StdMutex<Vec<Result<(u16, String), Cause>>>,
    asked: StdMutex<Vec<String>>,
}

#[async_trait]
impl Transport for Named {
    async fn send(&self, request: &Request) -> Result<Response, TransportError> {
        self.asked.lock().unwrap().push(format!("{} {}", request.method, request.path));
        tokio::task::yield_now().await;
        if !request.path.ends_with("sys_properties") {
            return Ok(Response { status: 200, headers: Vec::new(), body: b"{}".to_vec() });
        }
        let mut answers = self.answers.lock().unwrap();
        let answer = if answers.len() > 1 { answers.remove(0) } else { answers[0].clone() };
        answer
            .map(|(status, body)| Response { status, headers: Vec::new(), body: body.into_bytes() })
            .map_err(|kind| TransportError { sent: false, kind, reason: "no way".to_owned() })
    }

    async fn sleep(&self, _: Duration) {}

    fn now_ms(&self) -> u64 {
        0
    }

    fn random(&self) -> f64 {
        0.5
    }

    fn new_sys_id(&self) -> SysId {
        SysId::from_bytes([7; 16])
    }
}

fn says(name: &str, id: &str) -> Result<(u16, String), Cause> {
    let row = |property: &str, value: &str| json!({"name": property, "value": value, "sys_id": "1"});
    let rows: Vec<_> =
        [(NAME, name), (ID, id)].iter().filter(|it| !it.1.is_empty()).map(|it| row(it.0, it.1)).collect();
    Ok((200, json!({"result": rows}).to_string()))
}

fn guarded(
    answers: Vec<Result<(u16, String), Cause>>,
    name: Option<&str>,
    id: Option<&str>,
    allows_unreadable: bool,
) -> (Arc<Named>, Guarded) {
    let named = Arc::new(Named { answers: StdMutex::new(answers), asked: StdMutex::default() });
    let expectation =
        Expectation { name: name.map(str::to_owned), id: id.map(str::to_owned), allows_unreadable };
    let guarded = Guarded::over(named.clone(), expectation);
    (named, guarded)
}

fn write() -> Request {
    Request::new(Method::Post, "/api/now/table/x")
}

async fn check_refused(found: (&str, &str), expected: (Option<&str>, Option<&str>), parts: &[&str]) {
    let (named, guarded) = guarded(vec![says(found.0, found.1)], expected.0, expected.1, false);
    for _ in 0..3 {
        let error = guarded.send(&write()).await.unwrap_err();
        assert_eq!((error.sent, error.kind), (false, Cause::Guard));
        for part in parts {
            assert!(error.reason.contains(part), "{part} is missing in {error}");
        }
        assert!(error.is_permanent());
        assert_eq!(error.into_service_error(&write()).kind, Kind::WrongInstance);
    }
    assert_eq!(
        *named.asked.lock().unwrap(),
        ["GET /api/now/table/sys_properties"],
        "asked once, written never"
    );
}

#[tokio::test]
async fn another_instance_is_written_to_by_nothing() {
    check_refused(("dev2", "i1"), (Some("dev1"), None), &["`instance_name` is `dev2`", "`dev1`", "clone"])
        .await;
    check_refused(("dev1", "i2"), (Some("dev1"), Some("i1")), &["`instance_id` is `i2`"]).await;
    check_refused(("dev2", ""), (Some("dev1"), Some("i1")), &["`instance_name` is `dev2`"]).await;
    check_refused(("", "i2"), (Some("dev1"), Some("i1")), &["`instance_id` is `i2`"]).await;
}

#[tokio::test]
async fn an_instance_that_cannot_be_told_is_written_to_only_on_request() {
    check_refused(("", ""), (Some("dev1"), None), &["no `instance_name`", "role `admin`"]).await;
    check_refused(("dev1", ""), (Some("dev1"), Some("i1")), &["no `instance_id`"]).await;
    for unreadable in [says("", ""), Ok((403, String::new()))] {
        let (_, guarded) = guarded(vec![unreadable], Some("dev1"), None, true);
        assert_eq!(guarded.send(&write()).await.unwrap().status, 200);
        assert_eq!(guarded.look().await.unwrap(), Finding::Unreadable { property: NAME });
    }
    let (_, guarded) = guarded(vec![says("dev2", "")], Some("dev1"), None, true);
    assert!(guarded.send(&write()).await.is_err(), "another name is never allowed");
}

#[tokio::test]
async fn the_expected_instance_is_asked_once_and_written_to() {
    for (name, id) in [(Some("DEV1"), None), (None, Some("i1")), (Some("dev1"), Some("I1"))] {
        let (named, guarded) = guarded(vec![says("dev1", "i1")], name, id, false);
        let guarded = Arc::new(guarded);
        let writes = (0..8).map(|_| {
            let guarded = Arc::clone(&guarded);
            tokio::spawn(async move { guarded.send(&write()).await.unwrap().status })
        });
        for one in writes.collect::<Vec<_>>() {
            assert_eq!(one.await.unwrap(), 200);
        }
        let asked = named.asked.lock().unwrap();
        let looks = asked.iter().filter(|it| it.starts_with("GET")).count();
        assert_eq!((looks, asked.len()), (1, 9), "{asked:?}");
    }
}

#[tokio::test]
async fn reading_needs_no_proof() {
    let (named, guarded) = guarded(vec![says("dev2", "")], Some("dev1"), None, false);
    for method in [Method::Get, Method::Head] {
        assert_eq!(guarded.send(&Request::new(method, "/x")).await.unwrap().status, 200);
    }
    assert_eq!(*named.asked.lock().unwrap(), ["GET /x", "HEAD /x"]);
}

#[tokio::test]
async fn a_look_that_fails_writes_nothing_and_is_tried_again() {
    for failure in [
        Err(Cause::Tcp),
        Err(Cause::Tls(TlsFault::Other)),
        Ok((503, String::new())),
        Ok((401, String::new())),
    ] {
        let (named, guarded) = guarded(vec![failure, says("dev1", "")], Some("dev1"), None, false);
        let error = guarded.send(&write()).await.unwrap_err();
        assert!(!error.sent && error.kind != Cause::Guard, "{error:?}");
        assert!(error.reason.contains("sys_properties"), "{error}");
        assert_eq!(guarded.send(&write()).await.unwrap().status, 200);
        let asked = named.asked.lock().unwrap();
        assert_eq!(asked.iter().filter(|it| it.starts_with("POST")).count(), 1, "{asked:?}");
    }
}
