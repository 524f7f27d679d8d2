//! Values that the platform runs as scripts. Nothing is run here: a few well-known calls are understood.

use super::moment::{Moment, Unit};

/// What begins a value that is a script.
const PREFIX: &str = "javascript:";

/// Who asks, and when.
#[derive(Clone, Copy, Debug)]
pub struct Asker<'a> {
    /// The id of the user.
    pub user_id: &'a str,
    /// The name of the user.
    pub user_name: &'a str,
    /// The ids of the user's groups, joined with commas.
    pub groups: &'a str,
    /// Now.
    pub now: Moment,
}

/// The script of a value, if it is one.
pub fn script(value: &str) -> Option<&str> {
    let value = value.trim_start();
    let prefix = value.get(..PREFIX.len())?;
    prefix.eq_ignore_ascii_case(PREFIX).then(|| value.get(PREFIX.len()..).unwrap_or_default().trim())
}

/// What a well-known call gives; nothing for everything else.
pub fn known(script: &str, asker: Asker<'_>) -> Option<String> {
    let call = script.trim().trim_end_matches(';').trim();
    match call {
        "gs.getUserID()" | "gs.user_id()" | "gs.getUser().getID()" => return Some(asker.user_id.to_owned()),
        "gs.getUserName()" | "gs.user_name()" => return Some(asker.user_name.to_owned()),
        "getMyGroups()" | "gs.getUser().getMyGroups()" => return Some(asker.groups.to_owned()),
        "gs.nowDateTime()" | "gs.nowNoTZ()" => return Some(asker.now.text()),
        "gs.now()" => return Some(asker.now.text().chars().take(10).collect()),
        _ => {}
    }
    let (name, arguments) = call.strip_prefix("gs.")?.strip_suffix(')')?.split_once('(')?;
    let moment =
        if name == "dateGenerate" { generated(arguments) } else { moment(name, arguments, asker.now) };
    moment.map(Moment::text)
}

/// `gs.dateGenerate('2026-01-02','start')`, with `start`, `end` or a time of day.
fn generated(arguments: &str) -> Option<Moment> {
    let mut arguments = arguments.split(',').map(|it| it.trim().trim_matches(['\'', '"']));
    let (day, time) = (arguments.next()?, arguments.next()?);
    let time = match time {
        "start" => "00:00:00",
        "end" => "23:59:59",
        other => other,
    };
    Moment::parse(&format!("{day} {time}"))
}

/// `daysAgo(3)`, `daysAgoStart(3)`, `beginningOfThisWeek()`, `endOfToday()` and their kin.
fn moment(name: &str, arguments: &str, now: Moment) -> Option<Moment> {
    let name = name.to_ascii_lowercase();
    if let Some(period) = name.strip_prefix("beginningof") {
        return calendar(period, now).map(|(moment, unit)| moment.start(unit));
    }
    if let Some(period) = name.strip_prefix("endof") {
        return calendar(period, now).map(|(moment, unit)| moment.end(unit));
    }
    let (unit, edge) = name.split_once("ago")?;
    let unit = Unit::named(unit)?;
    let count: i64 = arguments.trim().parse().ok()?;
    let moment = now.plus(count.checked_neg()?, unit);
    match edge {
        "" => Some(moment),
        "start" => Some(moment.start(unit)),
        "end" => Some(moment.end(unit)),
        _ => None,
    }
}

fn calendar(period: &str, now: Moment) -> Option<(Moment, Unit)> {
    let (count, unit) = match period {
        "today" => (0, Unit::Day),
        "yesterday" => (-1, Unit::Day),
        "tomorrow" => (1, Unit::Day),
        _ => {
            let shifts = [("this", 0), ("last", -1), ("next", 1)];
            shifts
                .iter()
                .find_map(|(word, count)| Some((*count, Unit::named(period.strip_prefix(word)?)?)))?
        }
    };
    Some((now.plus(count, unit), unit))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(table: &[(&str, Option<&str>)]) {
        let now = Moment::parse("2026-01-02 03:04:05").unwrap();
        let asker = Asker { user_id: "u1", user_name: "robot", groups: "g1,g2", now };
        for (call, expected) in table {
            assert_eq!(known(call, asker).as_deref(), *expected, "{call}");
        }
    }

    #[test]
    fn well_known_calls_are_understood() {
        check(&[
            ("gs.getUserID()", Some("u1")),
            ("gs.getUserName();", Some("robot")),
            ("gs.getUser().getMyGroups()", Some("g1,g2")),
            ("gs.nowDateTime()", Some("2026-01-02 03:04:05")),
            ("gs.now()", Some("2026-01-02")),
            ("gs.beginningOfToday()", Some("2026-01-02 00:00:00")),
            ("gs.endOfYesterday()", Some("2026-01-01 23:59:59")),
            ("gs.beginningOfThisWeek()", Some("2025-12-29 00:00:00")),
            ("gs.endOfLastMonth()", Some("2025-12-31 23:59:59")),
            ("gs.beginningOfNextQuarter()", Some("2026-04-01 00:00:00")),
            ("gs.daysAgo(2)", Some("2025-12-31 03:04:05")),
            ("gs.daysAgoStart(7)", Some("2025-12-26 00:00:00")),
            ("gs.daysAgoEnd(-1)", Some("2026-01-03 23:59:59")),
            ("gs.minutesAgo(5)", Some("2026-01-02 02:59:05")),
            ("gs.monthsAgoStart(1)", Some("2025-12-01 00:00:00")),
            ("gs.dateGenerate('2025-06-07','end')", Some("2025-06-07 23:59:59")),
            ("gs.dateGenerate('2025-06-07','08:09:10')", Some("2025-06-07 08:09:10")),
        ]);
    }

    #[test]
    fn everything_else_is_not_understood_and_never_run() {
        check(&[
            ("", None),
            ("gs.daysAgo(two)", None),
            ("gs.daysAgo(9223372036854775808)", None),
            ("gs.setProperty('a','b')", None),
            ("new GlideRecord('sys_user').deleteMultiple()", None),
            ("gs.getUserID()+gs.getUserID()", None),
        ]);
    }

    #[test]
    fn a_script_begins_in_any_case_and_after_blanks() {
        assert_eq!(script("javascript:gs.now()"), Some("gs.now()"));
        assert_eq!(script(" JavaScript: gs.now()"), Some("gs.now()"));
        assert_eq!(script("java"), None);
        assert_eq!(script("ümläutscript:x"), None);
    }
}
