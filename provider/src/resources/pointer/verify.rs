//! Asking the other system before and after a switch, from where Terraform runs.

use std::time::Duration;

use servicenow_core::{Method, SysId};
use tf_core::{Attr, Diagnostics, Model, Object, Value, check};

use crate::errors::{self, Unverified};
use crate::outside::Outside;
use crate::switch::{Group, Row};
use crate::target;

/// Seconds that an answer may take when nobody says otherwise: long enough for a system that wakes up.
const TIMEOUT_SECONDS: u64 = 10;

/// The status that is expected when nobody says otherwise.
const EXPECTED: u16 = 200;

/// How the other system is asked before and after a switch.
#[derive(Clone, Debug, Default, PartialEq, Model)]
pub struct VerifyBlock {
    /// `GET`, which is used when nothing is given, or `HEAD`. Nothing that could change the other system is sent, and
    /// nothing that proves who asks.
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
    /// From where it is asked: `runner`, which is the only one and is used when nothing is given, is where Terraform runs.
    /// The instance may see another network.
    #[tf(optional().check(check::one_of(&["runner"])))]
    pub vantage: Attr<String>,
}

/// A question to the other system.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verify {
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
        Some(Verify {
            method: if text("method") == "HEAD" { Method::Head } else { Method::Get },
            path: text("path").to_owned(),
            expected: if statuses.is_empty() { vec![EXPECTED] } else { statuses },
            timeout: Duration::from_secs(seconds.unwrap_or(TIMEOUT_SECONDS)),
        })
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
        let outcome = group.switch_insistently(old.map(|it| &it.member.sys_id)).await;
        let back = errors::LedBack { to: old.map(|it| it.name.as_str()), worked: outcome.is_ok() };
        let mut problems =
            Diagnostics::from(errors::verify_failed(group.exclusive, &unverified, Some(&back)));
        problems.extend(outcome.err().unwrap_or_default());
        Err(problems)
    }

    async fn ask(&self, outside: &Outside, group: &Group<'_>, wish: &SysId) -> Result<(), Unverified> {
        let endpoint = group.endpoint(wish).await.ok().flatten();
        let (name, address) = endpoint.map_or((wish.to_string(), String::new()), |it| (it.name, it.address));
        let url = joined(&address, &self.path);
        let reason = match target::status(outside, &url, self.method, self.timeout).await {
            Ok(status) if self.expected.contains(&status) => return Ok(()),
            Ok(status) => format!("the other system answered with {status}"),
            Err(reason) => reason,
        };
        let expected: Vec<String> = self.expected.iter().map(u16::to_string).collect();
        let question = format!("{} {}", self.method.as_str(), without_query(&url));
        Err(Unverified { name, question, expected: expected.join(" or "), reason })
    }
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
