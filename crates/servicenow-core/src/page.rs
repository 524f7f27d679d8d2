//! HTML where an answer should be: what the page is about, told from its text.

use crate::Kind;

/// How the reason begins when an instance sleeps.
pub(crate) const HIBERNATES: &str = "the instance hibernates";

/// How much of a page is looked at: every known page says what it is in its first lines.
const LOOKED_AT_MAX: usize = 64 * 1024;

/// What a page is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Page {
    pub kind: Kind,
    pub reason: String,
}

/// Whether a body is a page or other markup rather than JSON.
pub(crate) fn is_page(content_type: &str, body: &[u8]) -> bool {
    let first = body.iter().find(|it| !it.is_ascii_whitespace());
    let is_json = matches!(first, Some(b'{' | b'['));
    !is_json && (content_type.to_ascii_lowercase().contains("html") || first == Some(&b'<'))
}

/// What a page says.
pub(crate) fn read(body: &[u8]) -> Page {
    let text = String::from_utf8_lossy(body.get(..LOOKED_AT_MAX).unwrap_or(body));
    let lower = text.to_lowercase();
    let names = |words: &[&str]| words.iter().any(|it| lower.contains(it));
    if names(&["hibernating"]) {
        let reason = format!("{HIBERNATES}: wake it at the developer site, then run again");
        return Page { kind: Kind::Unavailable, reason };
    }
    let title = match title(&text) {
        Some(title) => format!("with the title {}", super::answer::quoted(&title)),
        None => "without a title".to_owned(),
    };
    if names(&["login.do", "user_password", "sysparm_login", "<title>log in", "<title>sign in"]) {
        let reason = format!(
            "the answer is a login page {title}: something signs people in before requests reach the API"
        );
        return Page { kind: Kind::NotServiceNow, reason };
    }
    if names(&["maintenance", "being upgraded", "upgrade in progress", "temporarily unavailable"]) {
        return Page { kind: Kind::Unavailable, reason: format!("the answer is a maintenance page {title}") };
    }
    Page { kind: Kind::NotServiceNow, reason: format!("the answer is a web page {title} and no JSON") }
}

fn title(text: &str) -> Option<String> {
    // Lower case in ASCII keeps every position, so that what is found there can be cut out here.
    let lower = text.to_ascii_lowercase();
    let begin = lower.find("<title")?;
    let begin = begin + lower.get(begin..)?.find('>')? + 1;
    let end = begin + lower.get(begin..)?.find('<')?;
    let title = text.get(begin..end)?.trim();
    (!title.is_empty()).then(|| title.to_owned())
}
