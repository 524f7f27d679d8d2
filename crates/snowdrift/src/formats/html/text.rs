//! Text from outside within a page: shown as it is, never taken for markup, never turning its surroundings around.

use crate::formats::clean::{block, line};

/// A text without markup.
pub fn plain(text: &str) -> String {
    escaped(&line(text))
}

/// A text from outside in a sentence, kept apart from the direction of writing around it.
pub fn outside(text: &str) -> String {
    format!("<bdi>{}</bdi>", plain(text))
}

/// A name from outside as code.
pub fn code(text: &str) -> String {
    format!("<code>{}</code>", outside(text))
}

/// Lines from outside.
pub fn lines(text: &str) -> String {
    escaped(&block(text))
}

/// A link where the address is one of the web, else only the text.
pub fn safe_link(url: &str, text: &str) -> String {
    let harmless = |it: u8| it.is_ascii_graphic() && !b"\"'<>\\^`{|}".contains(&it);
    if url.starts_with("https://") && url.bytes().all(harmless) {
        format!("<a href=\"{}\" rel=\"noopener noreferrer\">{}</a>", escaped(url), outside(text))
    } else {
        outside(text)
    }
}

fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            _ => escaped.push(character),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_is_text() {
        assert_eq!(plain("<b a='\"'>&\n"), "&lt;b a=&#39;&quot;&#39;&gt;&amp;\\n");
        assert_eq!(lines("a\n<"), "a\n&lt;");
    }

    #[test]
    fn only_addresses_of_the_web_are_links() {
        assert_eq!(
            safe_link("https://a.example/x?a=1&b=2", "x"),
            "<a href=\"https://a.example/x?a=1&amp;b=2\" rel=\"noopener noreferrer\"><bdi>x</bdi></a>"
        );
        for url in [
            "javascript:alert(1)",
            "http://a.example",
            "https://a\" onclick=\"x",
            "https://a b",
            "data:text/html,x",
        ] {
            assert_eq!(safe_link(url, "x"), "<bdi>x</bdi>", "{url}");
        }
    }
}
