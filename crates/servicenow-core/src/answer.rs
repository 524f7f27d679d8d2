//! What an answer means: the result it carries, or what went wrong in the instance's own words.

use serde_json::Value;

use crate::{Kind, Method, Request, Response, ServiceError, come_back, page, table_api};

/// Characters of the instance's own words that a reason repeats: the longest useful text, a business rule's stack, fits.
const WORDS_MAX: usize = 300;

/// The header in which an instance says that the second factor was missing or wrong.
const SECOND_FACTOR: &str = "X-MFA_TOKEN";

/// How the reason begins when it is the second factor that the instance does not accept.
pub(crate) const WITHOUT_SECOND_FACTOR: &str = "the instance asks this user for a second factor";

/// What a secret is replaced with when the instance repeats it.
const SENSITIVE: &str = "(sensitive)";

/// The `result` of an answer, or why there is none. A list without rows is an empty array; what needs no answer is null.
pub fn classify(request: &Request, response: &Response) -> Result<Value, ServiceError> {
    let answer = Answer::new(request, response);
    match response.status {
        0 => Err(answer.error(Kind::Lost, "no complete answer came back")),
        202 => Err(answer.error(
            Kind::Throttled,
            "the instance did not execute the request (202): too many wait for the same session",
        )),
        200..=299 => answer.into_result(),
        300..=399 => Err(answer.redirect()),
        status => answer.refusal(status),
    }
}

/// The number of rows that match a list's query, whatever the page holds.
pub fn total_count(response: &Response) -> Option<u64> {
    response.header("X-Total-Count")?.trim().parse().ok()
}

/// The instance's own words, on one line, shortened and in quotation marks.
pub(crate) fn quoted(words: &str) -> String {
    let line: String = words.chars().map(|it| if it.is_control() { ' ' } else { it }).collect();
    let line = line.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(WORDS_MAX) {
        Some((end, _)) => format!("\"{}…\"", line.get(..end).unwrap_or_default()),
        None => format!("\"{line}\""),
    }
}

/// An answer beside its question, and the document in it if there is one.
struct Answer<'a> {
    request: &'a Request,
    response: &'a Response,
    document: Result<Value, serde_json::Error>,
}

/// The error member of a document.
#[derive(Default)]
struct Words {
    message: String,
    detail: String,
    /// Whether the error has the platform's form, which no other server's error has.
    is_platform: bool,
}

impl<'a> Answer<'a> {
    fn new(request: &'a Request, response: &'a Response) -> Answer<'a> {
        Answer { request, response, document: serde_json::from_slice(&response.body) }
    }

    /// What a status of success carries.
    fn into_result(mut self) -> Result<Value, ServiceError> {
        let needs_body = !matches!(self.request.method, Method::Delete | Method::Head);
        if self.is_blank() {
            let reason = "the answer has no body, so its outcome is unknown";
            return if needs_body { Err(self.error(Kind::Lost, reason)) } else { Ok(Value::Null) };
        }
        if self.is_page() {
            return Err(self.page());
        }
        if let Some(words) = self.words() {
            return Err(self.failed_inside_success(&words));
        }
        let begins_as_document = self.begins_as_document();
        match self.document.as_mut().map(|it| it.get_mut("result").map(Value::take)) {
            Ok(Some(result)) => Ok(result),
            Ok(None) => Err(self.error(Kind::NotServiceNow, "the answer is JSON without `result`")),
            Err(_) if begins_as_document => {
                Err(self.error(Kind::Lost, "the answer breaks off in the middle, so its outcome is unknown"))
            }
            Err(_) => Err(self.error(Kind::NotServiceNow, "the answer is no JSON")),
        }
    }

    /// The status was sent before the instance failed, so only the words tell what happened.
    fn failed_inside_success(&self, words: &Words) -> ServiceError {
        let kind = known_text(words).unwrap_or(Kind::Server);
        self.error(kind, self.say(words, "the instance failed in the middle of its answer"))
    }

    /// What a status of failure says.
    fn refusal(&self, status: u16) -> Result<Value, ServiceError> {
        if status == 401 && self.response.header(SECOND_FACTOR).is_some() {
            let words = self.words().map(|it| self.say(&it, meaning(status))).unwrap_or_default();
            let reason = format!("{WITHOUT_SECOND_FACTOR} and got none that is right {words}");
            return Err(self.error(Kind::Unauthenticated, reason.trim_end()));
        }
        if let Some(words) = self.words() {
            if status == 404 && words.is_empty_list() && self.request.method.is_read() {
                return Ok(Value::Array(Vec::new()));
            }
            let kind = by_words(status, &words);
            return Err(self.error(kind, self.say(&words, meaning(status))));
        }
        if self.is_page() {
            let page = self.page();
            let tells_more = page.kind == Kind::Unavailable;
            let kind = if tells_more { page.kind } else { by_status(status, false) };
            return Err(ServiceError { kind, ..page });
        }
        Err(self.error(by_status(status, false), meaning(status)))
    }

    fn redirect(&self) -> ServiceError {
        let target = self.response.header("Location").unwrap_or_default();
        // A query or credentials in the address may hold a token.
        let target = target.split(['?', '#']).next().unwrap_or_default();
        let target = target.rsplit('@').next().unwrap_or_default();
        let where_to =
            if target.is_empty() { "elsewhere".to_owned() } else { format!("to {}", quoted(target)) };
        self.error(
            Kind::NotServiceNow,
            format!("the answer sends the request {where_to}, which is not followed: check the address of the instance"),
        )
    }

    fn page(&self) -> ServiceError {
        let page = page::read(&self.response.body);
        self.error(page.kind, page.reason)
    }

    fn error(&self, kind: Kind, reason: impl Into<String>) -> ServiceError {
        let retry_after_s = come_back::seconds(self.response);
        let status = (self.response.status != 0).then_some(self.response.status);
        ServiceError { status, retry_after_s, ..ServiceError::new(kind, self.request, reason) }
    }

    /// The instance's own words, or what is known without them.
    fn say(&self, words: &Words, otherwise: &str) -> String {
        let secrets = secrets(self.request);
        // A parser's complaint quotes what it was given, perhaps half a secret.
        let quotes_body = !secrets.is_empty() && words.message.contains("reading request");
        let detail = if quotes_body { "" } else { words.detail.as_str() };
        let parts: Vec<&str> =
            [words.message.as_str(), detail].into_iter().filter(|it| !it.is_empty()).collect();
        if parts.is_empty() {
            return otherwise.to_owned();
        }
        let text = secrets.iter().fold(parts.join(": "), |text, it| text.replace(it.as_str(), SENSITIVE));
        quoted(&text)
    }

    /// The error that a document holds, wherever it stands and whatever its status.
    fn words(&self) -> Option<Words> {
        let document = self.document.as_ref().ok()?;
        let failed = document.get("status").and_then(Value::as_str) == Some("failure");
        let error = document.get("error").filter(|it| !it.is_null());
        if error.is_none() && !failed {
            return None;
        }
        let text =
            |name: &str| error.and_then(|it| it.get(name)).and_then(Value::as_str).unwrap_or_default().trim();
        let plain = error.and_then(Value::as_str).unwrap_or_default();
        let message = if plain.is_empty() { text("message") } else { plain };
        let is_platform = error.is_some_and(|it| it.get("message").is_some());
        Some(Words { message: message.to_owned(), detail: text("detail").to_owned(), is_platform })
    }

    fn is_page(&self) -> bool {
        page::is_page(self.response.header("Content-Type").unwrap_or_default(), &self.response.body)
    }

    fn is_blank(&self) -> bool {
        self.response.body.iter().all(u8::is_ascii_whitespace)
    }

    fn begins_as_document(&self) -> bool {
        self.response.body.iter().find(|it| !it.is_ascii_whitespace()) == Some(&b'{')
    }
}

impl Words {
    fn is_empty_list(&self) -> bool {
        self.detail.starts_with("Records matching query not found")
    }
}

/// The kind of a failure that came with words. Where the status is exact it decides; elsewhere the platform answers many
/// things with the same status and only the words tell them apart.
fn by_words(status: u16, words: &Words) -> Kind {
    let told = known_text(words);
    match status {
        401 | 429 => by_status(status, words.is_platform),
        500.. if told != Some(Kind::Cancelled) => by_status(status, words.is_platform),
        _ => told.unwrap_or_else(|| by_status(status, words.is_platform)),
    }
}

/// The kind that known words tell.
fn known_text(words: &Words) -> Option<Kind> {
    let text = format!("{}\n{}", words.message, words.detail).to_lowercase();
    let found = KNOWN_TEXTS.iter().find(|(part, _)| text.contains(part));
    found.map(|(_, kind)| *kind)
}

/// Parts of messages and details, in lower case, and what they mean; the first that occurs decides. Those whose texts
/// hold names that people chose come first, because a name may read like any other text.
const KNOWN_TEXTS: &[(&str, Kind)] = &[
    ("aborted by business rule", Kind::Refused),
    ("data policy exception", Kind::Refused),
    ("unique key violation", Kind::Conflict),
    ("duplicate entry", Kind::Conflict),
    ("insert aborted", Kind::Refused),
    ("acl exception", Kind::Forbidden),
    ("failed api level acl validation", Kind::Forbidden),
    ("user not authorized", Kind::Forbidden),
    ("insufficient rights", Kind::Forbidden),
    ("invalid table", Kind::InvalidTable),
    ("requested uri does not represent any resource", Kind::BadRequest),
    ("exception while reading request", Kind::BadRequest),
    ("no record found", Kind::NotFound),
    ("transaction cancelled", Kind::Cancelled),
    ("rate limit", Kind::Throttled),
    ("not authenticated", Kind::Unauthenticated),
];

/// The kind that a status alone tells. Only the platform's own error makes 404 the absence of a record: any other server
/// answers 404 to a path that it does not know.
fn by_status(status: u16, is_platform_error: bool) -> Kind {
    match status {
        401 => Kind::Unauthenticated,
        403 => Kind::Forbidden,
        404 if is_platform_error => Kind::NotFound,
        404 => Kind::NotServiceNow,
        407 => Kind::Unreachable,
        408 | 499 => Kind::Lost,
        409 => Kind::Conflict,
        429 => Kind::Throttled,
        400..=499 => Kind::BadRequest,
        502..=504 => Kind::Unavailable,
        500..=599 => Kind::Server,
        _ => Kind::NotServiceNow,
    }
}

/// What is said when the answer says nothing.
fn meaning(status: u16) -> &'static str {
    match status {
        401 => "the instance does not accept the credentials and gives no reason",
        403 => {
            "the instance refuses without a reason, as it does when an IP access control blocks the caller"
        }
        404 => "nothing is at this path, so the address may not be that of an instance",
        405 => "the instance does not allow this method here",
        406 => "the instance cannot answer in JSON here",
        407 => "a proxy on the way asks for credentials",
        413 => "the request is larger than the instance accepts",
        414 => "the query is longer than the instance accepts",
        415 => "the instance does not take JSON here",
        429 => "the instance has too many requests waiting and gives no time to come back",
        502..=504 => "the instance is not available: it restarts, is under maintenance or too busy",
        500..=599 => "the instance failed and gives no reason",
        _ => "the answer has an unexpected status and gives no reason",
    }
}

/// The values in a request that must not be repeated.
fn secrets(request: &Request) -> Vec<String> {
    if !table_api::carries_secrets(request) {
        return Vec::new();
    }
    let body = request.body.as_deref().and_then(|it| serde_json::from_str::<Value>(it).ok());
    let cells = body.as_ref().and_then(Value::as_object).into_iter().flatten();
    let values = cells.filter_map(|(_, value)| value.as_str());
    values.filter(|it| !it.is_empty()).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests;
