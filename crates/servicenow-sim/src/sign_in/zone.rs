//! The clock of a user: how far it is ahead of UTC.

/// Zones are named the POSIX way: west of Greenwich counts up.
const POSIX: &str = "Etc/GMT";
/// Zones are named by what they are ahead.
const AHEAD: &str = "UTC";
const HOUR_S: i64 = 3600;
const MINUTE_S: i64 = 60;
/// No place is further from UTC, in hours.
const HOURS_MAX: i64 = 14;

/// Seconds that a zone is ahead of UTC. Only zones with their distance in their name are known: `Etc/GMT-2`, `UTC+02:00`;
/// every other name counts as UTC.
pub fn offset_s(zone: &str) -> i64 {
    let posix = zone.strip_prefix(POSIX).and_then(distance).map(|it| -it);
    posix.or_else(|| zone.strip_prefix(AHEAD).and_then(distance)).unwrap_or_default()
}

fn distance(text: &str) -> Option<i64> {
    let (sign, digits) = match text.as_bytes().first()? {
        b'+' => (1, text.get(1..)?),
        b'-' => (-1, text.get(1..)?),
        _ => return None,
    };
    let (hours, minutes) = digits.split_once(':').unwrap_or((digits, "0"));
    let (hours, minutes): (i64, i64) = (hours.parse().ok()?, minutes.parse().ok()?);
    let sound = (0..=HOURS_MAX).contains(&hours) && (0..60).contains(&minutes);
    sound.then_some(sign * (hours * HOUR_S + minutes * MINUTE_S))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_zone_with_its_distance_in_its_name_is_known() {
        for (zone, expected) in [
            ("Etc/GMT-2", 7200),
            ("Etc/GMT+5", -18_000),
            ("UTC+05:30", 19_800),
            ("UTC-3", -10_800),
            ("UTC", 0),
            ("", 0),
            ("Europe/Berlin", 0),
            ("UTC+99", 0),
            ("UTC+1:99", 0),
        ] {
            assert_eq!(offset_s(zone), expected, "{zone}");
        }
    }
}
