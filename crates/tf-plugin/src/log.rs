//! Log lines in the form that hosts understand: one JSON object per line on standard error.

use std::fmt;
use std::hash::{BuildHasher, RandomState};
use std::io::Write;
use std::sync::Mutex;
use std::time::SystemTime;

use serde_json::{Map, Value};
use tracing::field::{Field, Visit};
use tracing::level_filters::LevelFilter;
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};
use tracing_subscriber::layer::{Context, Layer, SubscriberExt};
use tracing_subscriber::registry::LookupSpan;

/// The longest text of one field. Hosts cut lines at 64 KiB and then take the pieces for plain text.
const FIELD_BYTES_MAX: usize = 16 * 1024;

/// Libraries that tell of every frame and every packet: from them only warnings and errors are of interest, and what
/// they say below that may contain values.
const QUIET: [&str; 9] = ["h2", "hyper", "hyper_util", "mio", "reqwest", "rustls", "tokio", "tonic", "tower"];

/// The version of the protocol that is spoken, for those who read logs.
pub(crate) const PROTOCOL: &str = "6.11";

/// A name for one call, by which its lines are found among those of calls at the same time: random, in the form of a
/// UUID of version 4, which is what other providers write.
pub(crate) fn request_id() -> String {
    // The hasher of a fresh map is seeded at random.
    let random = || RandomState::new().hash_one(0_u8);
    let (high, low) = (random(), random());
    format!(
        "{:08x}-{:04x}-4{:03x}-{:04x}-{:012x}",
        high >> 32,
        high >> 16 & 0xffff,
        high & 0xfff,
        low >> 48 & 0x3fff | 0x8000,
        low & 0xffff_ffff_ffff,
    )
}

/// How much to say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// What failed.
    Error,
    /// What may surprise.
    Warn,
    /// What happened.
    Info,
    /// How it happened.
    Debug,
    /// Everything.
    Trace,
}

impl Level {
    /// Reads a value of `TF_LOG`. `None`: no logs. Terraform takes what it does not know for `TRACE`, and so does this.
    pub fn parse(text: &str) -> Option<Level> {
        match text.trim().to_ascii_lowercase().as_str() {
            "off" => None,
            "error" => Some(Level::Error),
            "warn" => Some(Level::Warn),
            "info" => Some(Level::Info),
            "debug" => Some(Level::Debug),
            _ => Some(Level::Trace),
        }
    }

    fn filter(self) -> LevelFilter {
        match self {
            Level::Error => LevelFilter::ERROR,
            Level::Warn => LevelFilter::WARN,
            Level::Info => LevelFilter::INFO,
            Level::Debug => LevelFilter::DEBUG,
            Level::Trace => LevelFilter::TRACE,
        }
    }
}

/// Sends the events of the whole process to standard error. Without a level nothing is installed and nothing costs.
pub(crate) fn install(level: Option<Level>, module: &str) {
    let Some(level) = level else { return };
    let layer = Hclog::new(level, module, std::io::stderr());
    // A program that installed its own subscriber keeps it.
    let _ = tracing::subscriber::set_global_default(tracing_subscriber::registry().with(layer));
}

/// Writes events, with the fields of the spans around them, as lines.
pub struct Hclog<W> {
    level: LevelFilter,
    module: String,
    output: Mutex<W>,
}

impl<W: Write + Send + 'static> Hclog<W> {
    /// Lines of the named module up to a level, to an output.
    pub fn new(level: Level, module: &str, output: W) -> Hclog<W> {
        Hclog { level: level.filter(), module: module.to_owned(), output: Mutex::new(output) }
    }
}

impl<S, W> Layer<S> for Hclog<W>
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    W: Write + Send + 'static,
{
    fn enabled(&self, metadata: &Metadata<'_>, _context: Context<'_, S>) -> bool {
        let root = metadata.target().split("::").next().unwrap_or_default();
        let level = if QUIET.contains(&root) { self.level.min(LevelFilter::WARN) } else { self.level };
        *metadata.level() <= level
    }

    fn max_level_hint(&self) -> Option<LevelFilter> {
        Some(self.level)
    }

    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, context: Context<'_, S>) {
        let Some(span) = context.span(id) else { return };
        let mut fields = Fields::default();
        attributes.record(&mut fields);
        span.extensions_mut().insert(fields);
    }

    fn on_record(&self, id: &Id, values: &Record<'_>, context: Context<'_, S>) {
        let Some(span) = context.span(id) else { return };
        if let Some(fields) = span.extensions_mut().get_mut::<Fields>() {
            values.record(fields);
        }
    }

    fn on_event(&self, event: &Event<'_>, context: Context<'_, S>) {
        let mut fields = Fields::default();
        for span in context.event_scope(event).into_iter().flat_map(|it| it.from_root()) {
            if let Some(around) = span.extensions().get::<Fields>() {
                fields.0.extend(around.0.clone());
            }
        }
        event.record(&mut fields);
        let level = event.metadata().level().as_str().to_ascii_lowercase();
        let line = line(&level, &self.module, &timestamp(now()), fields);
        // One write per line, so that lines of several threads do not mix. Nobody is left to tell when it fails.
        if let Ok(mut output) = self.output.lock() {
            let _ = output.write_all(line.as_bytes());
        }
    }
}

/// The fields of a span or an event.
#[derive(Default)]
struct Fields(Map<String, Value>);

impl Fields {
    fn put(&mut self, field: &Field, value: Value) {
        // Keys with an `@` steer the host; a number there would end it.
        if !field.name().starts_with('@') {
            self.0.insert(field.name().to_owned(), value);
        }
    }
}

impl Visit for Fields {
    fn record_str(&mut self, field: &Field, value: &str) {
        self.put(field, Value::from(shortened(value)));
    }

    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.put(field, Value::from(shortened(&format!("{value:?}"))));
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.put(field, Value::from(value));
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.put(field, Value::from(value));
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.put(field, Value::from(value));
    }

    fn record_f64(&mut self, field: &Field, value: f64) {
        self.put(field, Value::from(value));
    }
}

fn shortened(text: &str) -> &str {
    if text.len() <= FIELD_BYTES_MAX {
        return text;
    }
    let end = (0..=FIELD_BYTES_MAX).rev().find(|it| text.is_char_boundary(*it)).unwrap_or(0);
    text.get(..end).unwrap_or_default()
}

fn line(level: &str, module: &str, timestamp: &str, fields: Fields) -> String {
    let mut members = fields.0;
    let message = members.remove("message").unwrap_or_else(|| Value::from(""));
    members.insert("@level".to_owned(), Value::from(level));
    members.insert("@message".to_owned(), message);
    members.insert("@module".to_owned(), Value::from(module));
    members.insert("@timestamp".to_owned(), Value::from(timestamp));
    format!("{}\n", Value::Object(members))
}

#[expect(clippy::disallowed_methods, reason = "the time of a log line is the time of writing it")]
fn now() -> SystemTime {
    SystemTime::now()
}

/// `2026-01-02T03:04:05.123456Z`: hosts insist on six digits.
fn timestamp(time: SystemTime) -> String {
    let since = time.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    let (days, second) = (since.as_secs() / 86_400, since.as_secs() % 86_400);
    let (year, month, day) = civil(days);
    let (hour, minute, second) = (second / 3600, second / 60 % 60, second % 60);
    let micros = since.subsec_micros();
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{micros:06}Z")
}

/// Year, month and day of a number of days since 1970. Years begin in March here, so that the leap day comes last and
/// the lengths of the months follow one formula.
fn civil(days: u64) -> (u64, u64, u64) {
    // From the first of March of the year 0; 400 years have 146 097 days.
    let days = days + 719_468;
    let (era, day_of_era) = (days / 146_097, days % 146_097);
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
    let year = era * 400 + year_of_era + u64::from(month <= 2);
    (year, month, day)
}

#[cfg(test)]
mod tests;
