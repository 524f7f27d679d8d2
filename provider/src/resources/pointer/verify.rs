//! Asking the other system before and after a switch, from where Terraform runs or through an operation of the instance.

use std::time::Duration;

use serde_json::json;
use servicenow_client::Client;
use servicenow_core::{Method, Request, SysId};
use tf_core::{Attr, Check, Diagnostics, Model, Object, Path, Value, check};

use crate::errors::{self, Unverified};
use crate::outside::Outside;
use crate::switch::{Group, Row};
use crate::target;

/// Seconds that an answer may take when nobody says otherwise: long enough for a system that wakes up.
const TIMEOUT_SECONDS: u64 = 10;

/// The status that is expected when nobody says otherwise.
const EXPECTED: u16 = 200;

/// How the other system is asked: before and after a switch, and after a secret was written.
#[derive(Clone, Debug, Default, PartialEq, Model)]
pub struct VerifyBlock {
    /// `GET`, which is used when nothing is given, or `HEAD`. Nothing that could change the other system is sent.
    #[tf(optional().check(check::one_of(&["GET", "HEAD"])))]
    pub method: Attr<String>,
    /// Path below the URL of the connection, such as `/health`. Without it the URL itself is asked.
    #[tf(optional().check(check::length(1, 1000)))]
    pub path: Attr<String>,
    /// Statuses that are a success. Only `200` when nothing is given.
    #[tf(optional().check(check::elements(1, 20)))]
    pub expect_status: Attr<Vec<i64>>,
    /// Seconds that connecting and answering may take each. Ten when nothing is given.
    #[tf(optional().check(check::range(1, 300)))]
    pub timeout_seconds: Attr<i64>,
    /// From where it is asked: `runner`, which is used when nothing is given, is where Terraform runs; `instance` has the
    /// instance ask, which may see another network, through the operation at `endpoint_path`.
    #[tf(optional().check(check::one_of(&["runner", "instance"])))]
    pub vantage: Attr<String>,
    /// The path of a Scripted REST operation on the instance, such as `/api/x_acme/connections/verify`, for the vantage
    /// `instance`. It gets the sys_id of the connection as `connection_id`, with `method`, `path` and `expect_status`, as the
    /// body of a `POST`; it asks the other system, changes nothing, and answers with a status below 300 when the answer was
    /// as expected. `servicenow_inbound_endpoint` can declare one.
    #[tf(optional().check(operation_path()))]
    pub endpoint_path: Attr<String>,
}

/// A check that a text is the path of an operation on the instance.
fn operation_path() -> Check {
    let test = |value: &Value| match value.as_str() {
        Some(text) if !text.starts_with("/api/") || text.contains(['?', '#', ' ']) => Err(format!(
            "`{text}` is no path of a Scripted REST operation. Write it as `/api/namespace/service/path`"
        )),
        _ => Ok(()),
    };
    Check::new("a path that begins with `/api/`", test)
}

/// From where the other system is asked.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Vantage {
    /// Where Terraform runs.
    Runner,
    /// The instance, through the operation at this path.
    Instance(String),
}

/// A question to the other system.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verify {
    vantage: Vantage,
    method: Method,
    path: String,
    expected: Vec<u16>,
    timeout: Duration,
}

impl Verify {
    /// What an object asks for.
    pub fn of(object: &Object) -> Option<Verify> {
        let block = object.get("verify").and_then(Value::as_object)?;
        let text = |name: &str| block.get(name).and_then(Value::as_str).unwrap_or_default();
        let number = |it: &Value| match it {
            Value::Number(number) => number.to_i64(),
            _ => None,
        };
        let statuses = block.get("expect_status").and_then(Value::as_elements).unwrap_or_default();
        let statuses: Vec<u16> =
            statuses.iter().filter_map(number).filter_map(|it| u16::try_from(it).ok()).collect();
        let seconds = block.get("timeout_seconds").and_then(number).and_then(|it| u64::try_from(it).ok());
        let vantage = match text("vantage") {
            "instance" => Vantage::Instance(text("endpoint_path").to_owned()),
            _ => Vantage::Runner,
        };
        Some(Verify {
            vantage,
            method: if text("method") == "HEAD" { Method::Head } else { Method::Get },
            path: text("path").to_owned(),
            expected: if statuses.is_empty() { vec![EXPECTED] } else { statuses },
            timeout: Duration::from_secs(seconds.unwrap_or(TIMEOUT_SECONDS)),
        })
    }

    /// What does not go together in what an object asks for.
    pub fn misfit(object: &Object) -> Diagnostics {
        let Some(block) = object.get("verify").and_then(Value::as_object) else { return Diagnostics::none() };
        let is_set = |name: &str| block.get(name).is_some_and(|it| !it.is_null());
        let asks_instance = block.get("vantage").and_then(Value::as_str) == Some("instance");
        if asks_instance && !is_set("endpoint_path") {
            let reason = "An instance has no interface of its own that asks another system: an operation has to do it.";
            return errors::lacking("verify.endpoint_path", reason).at(Path::attribute("verify")).into();
        }
        if !asks_instance && is_set("endpoint_path") && !block.get("vantage").is_some_and(Value::is_unknown) {
            let reason = "It is asked with `vantage = \"instance\"` alone.";
            let remedy = "Set `vantage = \"instance\"`, or remove the path.";
            let problem = errors::out_of_place("verify.endpoint_path", reason, remedy);
            return problem.at(Path::attribute("verify")).into();
        }
        Diagnostics::none()
    }

    /// Asks the other system of a connection before anything is switched.
    ///
    /// # Errors
    /// It does not answer, or not as expected.
    pub async fn before(
        &self,
        outside: &Outside,
        group: &Group<'_>,
        wish: &SysId,
    ) -> Result<(), Diagnostics> {
        let asked = self.ask(outside, group, wish).await;
        asked.map_err(|it| errors::verify_failed(group.exclusive, &it, None).into())
    }

    /// Asks again when the connection is active, and returns to the one that was active before when it does not work.
    ///
    /// # Errors
    /// It does not answer, or not as expected. Says what became of the way back.
    pub async fn after(
        &self,
        outside: &Outside,
        group: &Group<'_>,
        wish: &SysId,
        before: &[Row],
    ) -> Result<(), Diagnostics> {
        let Err(unverified) = self.ask(outside, group, wish).await else { return Ok(()) };
        let old = before.iter().find(|it| it.member.active);
        let outcome = group.switch_insistently(old.map(|it| &it.member.sys_id)).await.map(|_| ());
        Err(led_back(group, &unverified, old.into_iter(), outcome))
    }

    /// Asks again when several connections are active, and returns to what was when one of them does not work.
    ///
    /// # Errors
    /// As [`Verify::after`].
    pub async fn after_several(
        &self,
        outside: &Outside,
        group: &Group<'_>,
        new: &[SysId],
        before: &[Row],
    ) -> Result<(), Diagnostics> {
        for id in new {
            let Err(unverified) = self.ask(outside, group, id).await else { continue };
            let outcome = group.restore(before).await;
            return Err(led_back(group, &unverified, before.iter().filter(|it| it.member.active), outcome));
        }
        Ok(())
    }

    async fn ask(&self, outside: &Outside, group: &Group<'_>, wish: &SysId) -> Result<(), Unverified> {
        let endpoint = group.endpoint(wish).await.ok().flatten();
        let (name, address) = endpoint.map_or((wish.to_string(), String::new()), |it| (it.name, it.address));
        match &self.vantage {
            Vantage::Runner => self.ask_from_here(outside, name, &address, &[]).await,
            // The way back needs an answer after an interrupt too.
            Vantage::Instance(operation) => {
                self.ask_the_instance(&group.client().insistent(), name, wish, operation).await
            }
        }
    }

    /// The operation of the instance that asks in its place, if one does.
    pub fn operation(&self) -> Option<&str> {
        match &self.vantage {
            Vantage::Runner => None,
            Vantage::Instance(operation) => Some(operation),
        }
    }

    /// Asks the system at an address, with these headers beside the usual ones.
    ///
    /// # Errors
    /// It does not answer, or not as expected.
    pub async fn ask_from_here(
        &self,
        outside: &Outside,
        name: String,
        address: &str,
        headers: &[(String, String)],
    ) -> Result<(), Unverified> {
        let url = joined(address, &self.path);
        let reason = match target::status(outside, &url, self.method, self.timeout, headers).await {
            Ok(status) if self.expected.contains(&status) => return Ok(()),
            Ok(status) => format!("the other system answered with {status}"),
            Err(reason) => reason,
        };
        let expected: Vec<String> = self.expected.iter().map(u16::to_string).collect();
        let question = format!("{} {}", self.method.as_str(), without_query(&url));
        let sent = "from where Terraform runs";
        Err(Unverified { name, question, sent, expected: expected.join(" or "), reason })
    }

    /// Has an operation of the instance ask the system of a connection.
    ///
    /// # Errors
    /// As [`Verify::ask_from_here`].
    pub async fn ask_the_instance(
        &self,
        client: &Client,
        name: String,
        wish: &SysId,
        operation: &str,
    ) -> Result<(), Unverified> {
        let mut request = Request::new(Method::Post, operation);
        for header in ["Content-Type", "Accept"] {
            request.headers.push((header.to_owned(), "application/json".to_owned()));
        }
        let body = json!({
            "connection_id": wish.as_str(), "method": self.method.as_str(), "path": self.path, "expect_status": self.expected,
        });
        request.body = Some(body.to_string());
        let outcome = client.ask(&request).await;
        outcome.map(|_| ()).map_err(|error| Unverified {
            name,
            question: format!("POST {operation}"),
            sent: "to the instance, which asks the other system",
            expected: "a status below 300".to_owned(),
            reason: errors::why(&error),
        })
    }
}

/// What became of the way back, after what did not work.
fn led_back<'a>(
    group: &Group<'_>,
    unverified: &Unverified,
    old: impl Iterator<Item = &'a Row>,
    outcome: Result<(), Diagnostics>,
) -> Diagnostics {
    let names: Vec<String> = old.map(|it| it.name.clone()).collect();
    let back = errors::LedBack { to: &names, worked: outcome.is_ok() };
    let mut problems = Diagnostics::from(errors::verify_failed(group.exclusive, unverified, Some(&back)));
    problems.extend(outcome.err().unwrap_or_default());
    problems
}

/// The address with a path below it.
fn joined(address: &str, path: &str) -> String {
    if path.is_empty() {
        return address.to_owned();
    }
    format!("{}/{}", address.trim_end_matches('/'), path.trim_start_matches('/'))
}

/// A query may hold a key, and is in no message.
fn without_query(url: &str) -> &str {
    url.split(['?', '#']).next().unwrap_or_default()
}
