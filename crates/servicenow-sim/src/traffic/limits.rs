//! Rate-limit rules: so many requests of a user in an hour.

use std::collections::BTreeMap;

use servicenow_core::{Request, Response};

use crate::answer::{failures, header};
use crate::instance::{Instance, text};
use crate::settings::RATE_LIMIT_LAG_MS;
use crate::sign_in::User;
use crate::store::{Row, StoreError};

/// Milliseconds that a rule counts.
const HOUR_MS: u64 = 3_600_000;

/// The counters of all rules and users.
#[derive(Debug, Default)]
pub struct Limits {
    counters: BTreeMap<Key, Counter>,
}

/// A counter's rule, how often that rule was edited, and the user: an edited rule counts anew.
type Key = (String, String, String);

#[derive(Clone, Copy, Debug, Default)]
struct Counter {
    hour: u64,
    count: u64,
    /// What the node has told the database of the count, and when.
    told: u64,
    told_ms: u64,
}

/// The headers of a request that a rule counted, or the answer to one that is too many.
pub type Counted = Result<Vec<(String, String)>, Response>;

impl Limits {
    /// Counts a request of a user against the rule that is closest to that user.
    pub fn count(
        &mut self,
        instance: &Instance,
        request: &Request,
        user: &User,
    ) -> Result<Counted, StoreError> {
        let Some(rule) = rule(instance, request, user)? else {
            return Ok(Ok(Vec::new()));
        };
        let limit: u64 = text(&rule, "rate_limit").parse().unwrap_or_default();
        let now_ms = instance.clock.unix_ms();
        let reset_s = (now_ms / HOUR_MS + 1) * HOUR_MS / 1000;
        let lag_ms = instance.settings.milliseconds(RATE_LIMIT_LAG_MS);
        let over = self.counter(&rule, user, now_ms, lag_ms) > limit;
        let mut headers = vec![
            header("X-RateLimit-Limit", &limit.to_string()),
            header("X-RateLimit-Reset", &reset_s.to_string()),
            header("X-RateLimit-Rule", text(&rule, "sys_id")),
        ];
        if !over {
            return Ok(Ok(headers));
        }
        headers.push(header("Retry-After", &(reset_s - now_ms / 1000).to_string()));
        let detail = format!("Rate limit of {limit} requests per hour for {} exceeded", api(&request.path));
        let mut response = failures::failure(429, "Rate limit exceeded", Some(&detail));
        response.headers = headers;
        Ok(Err(response))
    }

    /// What the database knows of a user's requests in this hour, this one included when it is told at once.
    fn counter(&mut self, rule: &Row, user: &User, now_ms: u64, lag_ms: u64) -> u64 {
        let hour = now_ms / HOUR_MS;
        self.counters.retain(|_, it| it.hour == hour);
        let part = |column: &str| text(rule, column).to_owned();
        let key = (part("sys_id"), part("sys_mod_count"), user.sys_id.clone());
        let counter =
            self.counters.entry(key).or_insert(Counter { hour, told_ms: now_ms, ..Counter::default() });
        counter.count += 1;
        if now_ms - counter.told_ms >= lag_ms {
            counter.told = counter.count;
            counter.told_ms = now_ms;
        }
        counter.told
    }
}

/// The rule that counts: one for the user comes before one for a role, that before one for all; the lowest limit of equals.
fn rule(instance: &Instance, request: &Request, user: &User) -> Result<Option<Row>, StoreError> {
    let active = [("active", "true")];
    let rows = instance.store.matching(&instance.dictionary, "sys_rate_limit_rules", &active)?;
    let mut closest: Option<(u8, u64, Row)> = None;
    for (_, row) in rows {
        if let Some(distance) = distance(instance, request, user, &row)? {
            let limit = text(&row, "rate_limit").parse().unwrap_or_default();
            if closest.as_ref().is_none_or(|(other, least, _)| (distance, limit) < (*other, *least)) {
                closest = Some((distance, limit, row));
            }
        }
    }
    Ok(closest.map(|(_, _, row)| row))
}

/// How far a rule is from a user, or nothing when it is not about this request of that user.
fn distance(
    instance: &Instance,
    request: &Request,
    user: &User,
    rule: &Row,
) -> Result<Option<u8>, StoreError> {
    let method = text(rule, "http_method");
    let resource = text(rule, "request_resource");
    let about = (method.is_empty() || method.eq_ignore_ascii_case(request.method.as_str()))
        && (resource.is_empty() || request.path.starts_with(resource))
        && (text(rule, "rest_api_name").is_empty() || text(rule, "rest_api_name") == api(&request.path));
    if !about {
        return Ok(None);
    }
    Ok(match text(rule, "type") {
        "user" => (text(rule, "user") == user.sys_id).then_some(0),
        "role" => {
            let role = instance.store.find(&instance.dictionary, "sys_user_role", text(rule, "role"))?;
            role.filter(|(_, row)| user.has(text(row, "name"))).map(|_| 1)
        }
        _ => Some(2),
    })
}

/// The name of the API that a path belongs to.
fn api(path: &str) -> &'static str {
    let name = path.split('/').skip(2).find(|it| !matches!(*it, "now" | "v1" | "v2"));
    match name {
        Some("table") => "Table API",
        Some("stats") => "Aggregate API",
        Some("attachment") => "Attachment API",
        Some("batch") => "Batch API",
        _ => "REST API",
    }
}
