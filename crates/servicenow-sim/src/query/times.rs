//! Comparisons with the clock and the calendar, as SQL.

use super::moment::{Moment, Unit};

/// The first and the last second of what `ON` names: `label@begin@end`, or a day.
pub fn stretch(value: &str) -> Option<(String, String)> {
    let mut parts = value.split('@');
    match (parts.next(), parts.next(), parts.next()) {
        (Some(_), Some(begin), Some(end)) => Some((begin.to_owned(), end.to_owned())),
        (Some(day), None, None) => {
            let moment = Moment::parse(day)?;
            Some((moment.start(Unit::Day).text(), moment.end(Unit::Day).text()))
        }
        _ => None,
    }
}

/// The moment that `@hour@ago@1` or `@day@ahead@2` names, and its unit.
pub fn relative(value: &str, now: Moment) -> Option<(Moment, Unit)> {
    let mut parts = value.trim_start_matches('@').split('@');
    let unit = Unit::named(parts.next()?)?;
    let ahead = match parts.next()? {
        "ago" => false,
        "ahead" => true,
        _ => return None,
    };
    let count: i64 = parts.next()?.trim().parse().ok()?;
    Some((now.plus(if ahead { count } else { count.checked_neg()? }, unit), unit))
}

/// How far a column is from another: `field@hour@before@1`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Distance {
    /// The other column.
    pub field: String,
    /// Seconds.
    pub seconds: i64,
    /// Whether the column's moment counts when it is before the other's.
    pub before: bool,
    /// Whether it counts when it is after the other's.
    pub after: bool,
}

impl Distance {
    /// Reads it.
    pub fn parse(value: &str) -> Option<Distance> {
        let mut parts = value.split('@');
        let field = parts.next()?.to_owned();
        let unit = Unit::named(parts.next()?)?;
        let side = parts.next()?;
        let count: i64 = parts.next()?.trim().parse().ok()?;
        let (before, after) = (side.contains("before"), side.contains("after"));
        let seconds = count.checked_mul(unit.seconds())?;
        (before || after).then_some(Distance { field, seconds, before, after })
    }

    /// A condition over two columns; `wider` for more than the distance, otherwise for less.
    pub fn sql(&self, this: &str, other: &str, wider: bool) -> String {
        let seconds = |it: &str| format!("CAST(strftime('%s', {it}) AS INTEGER)");
        let (this_s, other_s) = (seconds(this), seconds(other));
        let comparison = if wider { ">" } else { "<" };
        let side = |later: &str, earlier: &str| {
            let distance = format!("({later} - {earlier})");
            format!("({distance} >= 0 AND {distance} {comparison} {})", self.seconds)
        };
        let mut sides = Vec::new();
        if self.before {
            sides.push(side(&other_s, &this_s));
        }
        if self.after {
            sides.push(side(&this_s, &other_s));
        }
        format!("({this} <> '' AND {other} <> '' AND ({}))", sides.join(" OR "))
    }
}

/// A part of the calendar: `Monday@javascript:gs.datePart('dayofweek','monday','EE')`.
pub fn date_part(column: &str, value: &str) -> Option<String> {
    let (_, call) = value.split_once('@')?;
    let arguments = super::script::script(call)?.strip_prefix("gs.datePart(")?.strip_suffix(')')?;
    let mut arguments =
        arguments.split(',').map(|it| it.trim().trim_matches(['\'', '"']).to_ascii_lowercase());
    let (part, wanted, operator) = (arguments.next()?, arguments.next()?, arguments.next()?);
    let comparison = match operator.as_str() {
        "ee" => "=",
        "ge" => ">=",
        "le" => "<=",
        "gt" => ">",
        "lt" => "<",
        _ => return None,
    };
    let (format, number) = match part.as_str() {
        "dayofweek" => ("%w", position(&WEEKDAYS, &wanted)?),
        "month" => ("%m", position(&MONTHS, &wanted)? + 1),
        "week" => ("%W", wanted.parse().ok()?),
        "hour" => ("%H", wanted.parse().ok()?),
        "dayofmonth" | "day" => ("%d", wanted.parse().ok()?),
        "year" => ("%Y", wanted.parse().ok()?),
        "quarter" => {
            let quarter: usize = wanted.trim_start_matches('q').parse().ok()?;
            return Some(format!(
                "({column} <> '' AND (CAST(strftime('%m', {column}) AS INTEGER) + 2) / 3 {comparison} {quarter})"
            ));
        }
        _ => return None,
    };
    Some(format!(
        "({column} <> '' AND CAST(strftime('{format}', {column}) AS INTEGER) {comparison} {number})"
    ))
}

const WEEKDAYS: [&str; 7] = ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"];
const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

fn position(names: &[&str], name: &str) -> Option<usize> {
    let short = name.get(..3)?;
    names
        .iter()
        .position(|it| *it == name || it.get(..3) == Some(name) || (name.len() == 3 && it.starts_with(short)))
}
