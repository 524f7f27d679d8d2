//! From what was met on the way to what each stage came to, as a pure function.

use servicenow_core::Response;
use terraform_provider_servicenow::target::{Class, Look};

use super::certificate::Certificate;
use super::document::{Outcome, Stage, Step};

/// The way that was taken.
pub struct Ways<'a> {
    /// Whether the address asks for encryption.
    pub is_encrypted: bool,
    /// The proxy on the way.
    pub proxy: Option<&'a str>,
    /// Whether something was signed in with.
    pub signs_in: bool,
    /// The time, as an instance writes it.
    pub now: &'a str,
}

/// The stages from TLS on. `seen` is the certificate, or why there is none.
pub fn judge(
    ways: &Ways<'_>,
    seen: Option<&Result<Certificate, String>>,
    answer: &Result<Response, Look>,
) -> Vec<Step> {
    let mut steps = vec![tls(ways, seen, answer.as_ref().err())];
    match answer {
        Ok(response) => {
            steps.push(proxy(ways, response.status));
            steps.extend(of_answer(ways, response));
        }
        Err(look) if look.class == Class::Proxy => {
            steps.push(Step::new(Stage::Proxy, Outcome::Failed, look.reason.clone()));
        }
        // What failed has been told, and the rest was not reached.
        Err(look) if look.class == Class::Tls => {}
        Err(look) => {
            steps.push(proxy(ways, 0));
            steps.push(Step::new(Stage::Content, Outcome::Failed, look.reason.clone()));
        }
    }
    // A failure ends the way: what comes behind it was not reached.
    let end = steps.iter().position(|it| it.outcome == Outcome::Failed);
    steps.truncate(end.map_or(steps.len(), |it| it + 1));
    steps
}

fn tls(ways: &Ways<'_>, seen: Option<&Result<Certificate, String>>, failure: Option<&Look>) -> Step {
    let step = |outcome, detail: String| Step::new(Stage::Tls, outcome, detail);
    if !ways.is_encrypted {
        return step(
            Outcome::Skipped,
            "the address begins with http, so that nothing is encrypted".to_owned(),
        );
    }
    let refused = failure.filter(|it| it.class == Class::Tls).map(|it| it.reason.as_str());
    let ends = seen.and_then(|it| it.as_ref().ok()).map(|it| it.ends.as_str());
    match (refused, ends) {
        (_, Some(ends)) if ends < ways.now => {
            step(Outcome::Failed, format!("the certificate ran out at {ends} UTC"))
        }
        (Some(reason), Some(ends)) => {
            step(Outcome::Failed, format!("{reason}; the certificate lasts until {ends} UTC"))
        }
        (Some(reason), None) => step(Outcome::Failed, reason.to_owned()),
        (None, Some(ends)) => {
            step(Outcome::Passed, format!("the certificate is trusted and lasts until {ends} UTC"))
        }
        (None, None) => step(Outcome::Passed, "the certificate is trusted".to_owned()),
    }
}

fn proxy(ways: &Ways<'_>, status: u16) -> Step {
    match (ways.proxy, status) {
        (Some(proxy), 407) => {
            Step::new(Stage::Proxy, Outcome::Failed, format!("the proxy `{proxy}` wants to know who asks"))
        }
        (Some(proxy), _) => Step::new(Stage::Proxy, Outcome::Passed, format!("through the proxy `{proxy}`")),
        (None, 407) => {
            Step::new(Stage::Proxy, Outcome::Failed, "a proxy that nobody named wants to know who asks")
        }
        (None, _) => Step::new(Stage::Proxy, Outcome::Skipped, "there is none on the way"),
    }
}

fn of_answer(ways: &Ways<'_>, response: &Response) -> Vec<Step> {
    let step = |stage, outcome, detail: &str| Step::new(stage, outcome, detail);
    let passed = |stage, detail: &str| Step::new(stage, Outcome::Passed, detail);
    let known = if ways.signs_in { "the sign-in was accepted" } else { "nobody was asked to sign in" };
    match (response.status, ways.signs_in) {
        (401, true) => vec![step(
            Stage::Authentication,
            Outcome::Failed,
            "the other system refused the sign-in with 401",
        )],
        (401, false) => [Stage::Authentication, Stage::Authorisation, Stage::Content]
            .map(|it| {
                step(
                    it,
                    Outcome::Open,
                    "the other system asks for a sign-in with 401, and none was given here",
                )
            })
            .to_vec(),
        (403, true) => vec![
            passed(Stage::Authentication, known),
            step(
                Stage::Authorisation,
                Outcome::Failed,
                "the other system knows who asks and refuses with 403",
            ),
        ],
        (403, false) => [Stage::Authentication, Stage::Authorisation, Stage::Content]
            .map(|it| step(it, Outcome::Open, "the other system refuses with 403 whoever has not signed in"))
            .to_vec(),
        _ => vec![
            passed(Stage::Authentication, known),
            passed(Stage::Authorisation, "the request was allowed"),
            content(response),
        ],
    }
}

fn content(response: &Response) -> Step {
    let status = response.status;
    let kind = response.header("content-type").unwrap_or_default().to_lowercase();
    let (outcome, detail) = match status {
        404 | 410 => (Outcome::Failed, format!("there is nothing at this address: {status}")),
        400..=499 => (Outcome::Failed, format!("the other system does not take such a request: {status}")),
        500.. => (Outcome::Failed, format!("the other system has a fault of its own: {status}")),
        300..=399 => (
            Outcome::Failed,
            format!("the other system sends elsewhere with {status}, as to a page to sign in"),
        ),
        _ if kind.starts_with("text/html") => {
            let detail = format!(
                "{status} with a web page, as of a form to sign in or of a proxy, where an API should answer"
            );
            (Outcome::Failed, detail)
        }
        _ => (Outcome::Passed, format!("it answers with {status}")),
    };
    Step::new(Stage::Content, outcome, detail)
}
