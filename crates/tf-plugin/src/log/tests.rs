//! Tests of the log lines.

use std::sync::Arc;
use std::time::Duration;

use super::*;

#[derive(Clone, Default)]
struct Memory(Arc<Mutex<Vec<u8>>>);

impl Write for Memory {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// What a piece of code logs up to a level.
fn lines(level: Level, code: impl FnOnce()) -> Vec<Value> {
    let memory = Memory::default();
    let subscriber = tracing_subscriber::registry().with(Hclog::new(level, "provider", memory.clone()));
    tracing::subscriber::with_default(subscriber, code);
    let bytes = memory.0.lock().unwrap().clone();
    String::from_utf8(bytes).unwrap().lines().map(|it| serde_json::from_str(it).unwrap()).collect()
}

#[test]
fn a_line_has_what_hosts_look_for() {
    let lines = lines(Level::Info, || tracing::info!(count = 3, deep = true, name = "a\"b", "it happened"));
    let [line] = lines.as_slice() else { panic!("{lines:?}") };
    assert_eq!(line["@level"], "info");
    assert_eq!(line["@message"], "it happened");
    assert_eq!(line["@module"], "provider");
    assert_eq!(line["count"], 3);
    assert_eq!(line["deep"], true);
    assert_eq!(line["name"], "a\"b");
    let time = line["@timestamp"].as_str().unwrap();
    assert_eq!((time.len(), time.get(19..20), time.get(26..)), (27, Some("."), Some("Z")), "{time}");
}

#[test]
fn an_event_carries_the_fields_of_the_spans_around_it() {
    let lines = lines(Level::Debug, || {
        let _outer = tracing::debug_span!("outer", tf_rpc = "ReadResource", shared = "outer").entered();
        let _inner = tracing::debug_span!("inner", shared = "inner").entered();
        tracing::debug!("inside");
    });
    assert_eq!(lines[0]["tf_rpc"], "ReadResource");
    assert_eq!(lines[0]["shared"], "inner");
}

#[test]
fn what_is_below_the_level_or_from_a_noisy_library_is_left_out() {
    let lines = lines(Level::Debug, || {
        tracing::trace!("too fine");
        tracing::debug!(target: "h2::codec", "a frame");
        tracing::debug!(target: "rustls", "a record");
        tracing::warn!(target: "h2", "a problem");
        tracing::debug!("ours");
    });
    let messages: Vec<_> = lines.iter().map(|it| it["@message"].as_str().unwrap()).collect();
    assert_eq!(messages, ["a problem", "ours"]);
}

#[test]
fn a_field_cannot_steer_the_host_and_cannot_be_endless() {
    let text = "ä".repeat(FIELD_BYTES_MAX);
    let lines = lines(Level::Info, || tracing::info!("@level" = 7, text = text.as_str(), "x"));
    assert_eq!(lines[0]["@level"], "info");
    assert_eq!(lines[0]["text"].as_str().unwrap().len(), FIELD_BYTES_MAX);
}

#[test]
fn the_calendar_is_right() {
    let rows = [
        (0, "1970-01-01T00:00:00.000000Z"),
        (68_169_599_000_001, "1972-02-28T23:59:59.000001Z"),
        (68_169_600_000_000, "1972-02-29T00:00:00.000000Z"),
        (951_868_799_999_999, "2000-02-29T23:59:59.999999Z"),
        (951_868_800_000_000, "2000-03-01T00:00:00.000000Z"),
        (1_767_323_045_123_456, "2026-01-02T03:04:05.123456Z"),
        (4_107_542_399_000_000, "2100-02-28T23:59:59.000000Z"),
        (4_107_542_400_000_000, "2100-03-01T00:00:00.000000Z"),
    ];
    for (micros, text) in rows {
        assert_eq!(timestamp(SystemTime::UNIX_EPOCH + Duration::from_micros(micros)), text);
    }
}

#[test]
fn every_call_gets_a_name_of_its_own_in_the_usual_form() {
    let ids: std::collections::BTreeSet<String> = (0..1000).map(|_| request_id()).collect();
    assert_eq!(ids.len(), 1000);
    for id in ids {
        let lengths: Vec<usize> = id.split('-').map(str::len).collect();
        assert_eq!(lengths, [8, 4, 4, 4, 12], "{id}");
        assert_eq!((&id[14..15], "89ab".contains(&id[19..20])), ("4", true), "{id}");
        assert!(id.bytes().all(|it| it == b'-' || it.is_ascii_hexdigit()), "{id}");
    }
}

/// What holds a value that must not be seen.
#[derive(Debug)]
struct Holder {
    #[expect(dead_code, reason = "it is printed, or rather not")]
    password: tf_core::Secret,
}

#[test]
fn a_secret_cannot_be_written_however_somebody_tries() {
    let secret = || tf_core::Secret::new("hunter2");
    let lines = lines(Level::Trace, || {
        tracing::info!(it = ?secret(), "debug");
        tracing::info!(it = ?Some(vec![secret()]), "inside others");
        tracing::info!(it = ?Holder { password: secret() }, "in a struct");
        tracing::info!(it = ?tf_core::Attr::Known(secret()), "in an attribute");
        tracing::info!("in the message: {:?}", secret());
        let _span = tracing::info_span!("span", it = ?secret()).entered();
        tracing::info!("in a span");
    });
    assert_eq!(lines.len(), 6);
    for line in lines {
        let text = line.to_string();
        assert!(!text.contains("hunter2") && text.contains("(sensitive)"), "{text}");
    }
}
