//! When a throttled caller may come back: from `Retry-After` as seconds or as a date, or from the end of the window of a
//! rate limit. Dates are held against the instance's own clock, which its answer carries; nobody else's is asked.

use crate::Response;

/// The headers in which an instance names a time.
const RETRY_AFTER: &str = "Retry-After";
const WINDOW_END: &str = "X-RateLimit-Reset";
const NOW: &str = "Date";

/// The longest wait that is believed: windows of rate limits last an hour, and a wrong clock must not stop a run for ever.
const WAIT_MAX_S: u64 = 24 * 60 * 60;

const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// Seconds after which the instance wants to be asked again, if it says.
pub(crate) fn seconds(response: &Response) -> Option<u64> {
    let header = |name| response.header(name).map(str::trim);
    let number = |text: &str| text.parse::<u64>().ok();
    let now = date_s(response);
    let until = |then: u64| now.map(|now| then.saturating_sub(now));
    let asked = header(RETRY_AFTER).and_then(|it| number(it).or_else(|| date(it).and_then(until)));
    let window = || header(WINDOW_END).and_then(number).and_then(until).filter(|_| response.status == 429);
    asked.or_else(window).map(|it| it.min(WAIT_MAX_S))
}

/// Seconds since 1970 on the clock of whoever answered.
pub(crate) fn date_s(response: &Response) -> Option<u64> {
    response.header(NOW).map(str::trim).and_then(date)
}

/// Seconds since 1970 of a date as HTTP writes it: `Sun, 06 Nov 1994 08:49:37 GMT`.
fn date(text: &str) -> Option<u64> {
    let parts: Vec<&str> = text.split([' ', ':']).filter(|it| !it.is_empty()).collect();
    let [_, day, month, year, hour, minute, second, "GMT"] = parts[..] else { return None };
    let month = MONTHS.iter().position(|it| *it == month)? as u64 + 1;
    let number = |text: &str, max: u64| text.parse::<u64>().ok().filter(|it| *it <= max);
    let (year, day) = (number(year, 9_999).filter(|it| *it >= 1970)?, number(day, 31)?);
    let (hour, minute, second) = (number(hour, 23)?, number(minute, 59)?, number(second, 60)?);
    Some(days(year, month, day)? * 86_400 + hour * 3_600 + minute * 60 + second)
}

/// Days from 1970 to a date of the Gregorian calendar.
fn days(year: u64, month: u64, day: u64) -> Option<u64> {
    // A year that begins in March ends with the day that some years have more.
    let (year, month) = if month <= 2 { (year - 1, month + 9) } else { (year, month - 3) };
    let leap_days = year / 4 - year / 100 + year / 400;
    let days = year * 365 + leap_days + (month * 153 + 2) / 5 + day;
    days.checked_sub(719_469)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(status: u16, headers: &[(&str, &str)], expected: Option<u64>) {
        let headers: Vec<(String, String)> =
            headers.iter().map(|(name, it)| ((*name).to_owned(), (*it).to_owned())).collect();
        let response = Response { status, headers, body: Vec::new() };
        assert_eq!(seconds(&response), expected, "{:?}", response.headers);
    }

    #[test]
    fn dates_are_read_as_http_writes_them() {
        for (text, expected) in [
            ("Thu, 01 Jan 1970 00:00:00 GMT", Some(0)),
            ("Sun, 06 Nov 1994 08:49:37 GMT", Some(784_111_777)),
            ("Tue, 29 Feb 2000 23:59:59 GMT", Some(951_868_799)),
            ("Wed, 01 Mar 2000 00:00:00 GMT", Some(951_868_800)),
            ("Fri, 31 Dec 2027 12:00:00 GMT", Some(1_830_254_400)),
            ("Sun, 06 Nov 1994 08:49:37 CET", None),
            ("Sun, 06 Xyz 1994 08:49:37 GMT", None),
            ("Sun, 06 Nov 1994 25:49:37 GMT", None),
            ("soon", None),
            ("", None),
        ] {
            assert_eq!(date(text), expected, "{text}");
        }
    }

    #[test]
    fn the_time_to_come_back_is_found_wherever_it_stands() {
        let now = ("Date", "Sun, 06 Nov 1994 08:49:37 GMT");
        check(429, &[("Retry-After", "7")], Some(7));
        check(503, &[("retry-after", " 120 ")], Some(120));
        check(503, &[("Retry-After", "Sun, 06 Nov 1994 08:50:37 GMT"), now], Some(60));
        check(503, &[("Retry-After", "Sun, 06 Nov 1994 08:49:00 GMT"), now], Some(0));
        check(429, &[("X-RateLimit-Reset", "784115377"), now], Some(3_600));
        check(429, &[("Retry-After", "5"), ("X-RateLimit-Reset", "784115377"), now], Some(5));
        check(429, &[("Retry-After", "999999999")], Some(WAIT_MAX_S));
        // Without the instance's clock a date says nothing, and a window that is not full stops nobody.
        check(429, &[("X-RateLimit-Reset", "784115377")], None);
        check(503, &[("Retry-After", "Sun, 06 Nov 1994 08:50:37 GMT")], None);
        check(200, &[("X-RateLimit-Reset", "784115377"), now], None);
        check(429, &[], None);
    }
}
