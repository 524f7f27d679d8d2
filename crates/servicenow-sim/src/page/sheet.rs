//! One page of HTML: the frame that all of them share, and text that cannot become markup.

use crate::settings::STATE;
use crate::simulator::State;

/// The pages that every page leads to: a name, where it is, and what people read.
const PLACES: &[(&str, &str, &str)] = &[
    ("integrations", "/", "Integrations"),
    ("tables", "/_sim/page/tables", "Tables"),
    ("journal", "/_sim/page/journal", "Journal"),
];

/// A page that grows.
#[derive(Debug)]
pub struct Sheet {
    title: String,
    body: String,
    refreshes: bool,
}

impl Sheet {
    /// An empty page with a title.
    pub fn new(title: &str) -> Sheet {
        Sheet { title: title.to_owned(), body: String::new(), refreshes: false }
    }

    /// Loads itself again and again where there is no JavaScript.
    pub fn refresh(&mut self) {
        self.refreshes = true;
    }

    /// Adds markup, in which everything from outside was made harmless.
    pub fn raw(&mut self, markup: &str) {
        self.body.push_str(markup);
    }

    /// Adds a heading.
    pub fn heading(&mut self, text: &str) {
        self.body.push_str(&format!("<h2>{}</h2>", harmless(text)));
    }

    /// Adds a table: what people read above the columns, and its rows as markup.
    pub fn table(&mut self, heads: &[&str], rows: &[Vec<String>]) {
        self.live_table(heads, rows, "");
    }

    /// Adds a table whose body has attributes of its own.
    pub fn live_table(&mut self, heads: &[&str], rows: &[Vec<String>], attributes: &str) {
        let heads: String =
            heads.iter().map(|it| format!("<th scope=\"col\">{}</th>", harmless(it))).collect();
        let rows: String = rows.iter().map(|it| row(it)).collect();
        self.body.push_str(&format!(
            "<div class=\"scroll\"><table><thead><tr>{heads}</tr></thead><tbody{attributes}>{rows}</tbody></table></div>"
        ));
    }

    /// The whole page. The place is the one of [`PLACES`] that it belongs to.
    pub fn finish(self, state: &State, place: &str) -> String {
        let links: String = PLACES
            .iter()
            .map(|(name, path, text)| {
                let here = if *name == place { " aria-current=\"page\"" } else { "" };
                format!("<a href=\"{path}\"{here}>{text}</a>")
            })
            .collect();
        let refresh = if self.refreshes {
            "<noscript><meta http-equiv=\"refresh\" content=\"5\"></noscript>"
        } else {
            ""
        };
        let instance = &state.instance;
        format!(
            "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
             <title>{title} · servicenow-sim</title>{refresh}\
             <link rel=\"stylesheet\" href=\"/_sim/page/style.css\">\
             <script src=\"/_sim/page/live.js\" defer></script></head><body>\
             <header><strong>servicenow-sim</strong><nav>{links}</nav>\
             <span class=\"facts\">{url} · {now} UTC · <b class=\"state {up}\">{up}</b></span></header>\
             <main><h1>{title}</h1>{body}</main></body></html>\n",
            title = harmless(&self.title),
            url = harmless(&instance.base_url),
            now = instance.clock.timestamp(),
            up = harmless(instance.settings.text(STATE)),
            body = self.body,
        )
    }
}

fn row(cells: &[String]) -> String {
    let cells: String = cells.iter().map(|it| format!("<td>{it}</td>")).collect();
    format!("<tr>{cells}</tr>")
}

/// Text that stays text, in an element and in a quoted attribute.
pub fn harmless(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for it in text.chars() {
        match it {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            _ => safe.push(it),
        }
    }
    safe
}

/// A link to a record. Ids and names of tables come from rows, and rows from anywhere.
pub fn record_link(table: &str, sys_id: &str, text: &str) -> String {
    let shown = if text.is_empty() { sys_id } else { text };
    format!("<a href=\"/_sim/page/record/{}/{}\">{}</a>", segment(table), segment(sys_id), harmless(shown))
}

/// A text as one segment of a path.
pub fn segment(text: &str) -> String {
    percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC).to_string()
}

/// A small coloured word.
pub fn badge(kind: &str, text: &str) -> String {
    format!("<span class=\"badge {kind}\">{}</span>", harmless(text))
}
