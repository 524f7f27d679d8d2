//! The instance's clock: the system's, or one that a test moves.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

const MILLISECONDS_PER_SECOND: u64 = 1000;
const SECONDS_PER_DAY: u64 = 86_400;

/// Where the instance takes its time from.
#[derive(Clone, Debug)]
pub enum Clock {
    /// The machine's clock, so many milliseconds ahead; clones share them.
    System(Arc<AtomicU64>),
    /// A clock that stands still until it is moved; clones share it.
    Manual(Arc<AtomicU64>),
}

impl Default for Clock {
    /// The machine's clock.
    fn default() -> Clock {
        Clock::System(Arc::default())
    }
}

impl Clock {
    /// A clock that stands at that many milliseconds after 1970 until it is moved.
    pub fn manual(unix_ms: u64) -> Clock {
        Clock::Manual(Arc::new(AtomicU64::new(unix_ms)))
    }

    /// Moves the instance's time forward.
    pub fn advance_ms(&self, ms: u64) {
        match self {
            Clock::System(moved) | Clock::Manual(moved) => moved.fetch_add(ms, Ordering::SeqCst),
        };
    }

    /// How far the instance's time is ahead of the machine's; nothing for a clock that stands still.
    pub fn ahead_ms(&self) -> Option<u64> {
        match self {
            Clock::System(ahead_ms) => Some(ahead_ms.load(Ordering::SeqCst)),
            Clock::Manual(_) => None,
        }
    }

    /// Goes with the machine's clock again; a clock that stands still is left alone.
    pub fn return_to_machine(&self) {
        if let Clock::System(ahead_ms) = self {
            ahead_ms.store(0, Ordering::SeqCst);
        }
    }

    /// Milliseconds after 1970.
    pub fn unix_ms(&self) -> u64 {
        match self {
            Clock::System(ahead_ms) => machine_ms().saturating_add(ahead_ms.load(Ordering::SeqCst)),
            Clock::Manual(unix_ms) => unix_ms.load(Ordering::SeqCst),
        }
    }

    /// Now, as the platform writes it: UTC, whole seconds, no zone.
    pub fn timestamp(&self) -> String {
        timestamp(self.unix_ms())
    }
}

fn machine_ms() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.map_or(0, |it| u64::try_from(it.as_millis()).unwrap_or(u64::MAX))
}

/// The seconds after 1970 that a timestamp of the platform means, or nothing when it is none.
pub fn seconds(text: &str) -> Option<u64> {
    let (day, time) = text.split_once(' ')?;
    let numbers = |text: &str, separator| -> Option<Vec<u64>> {
        text.split(separator).map(|it| it.parse().ok()).collect()
    };
    let (day, time) = (numbers(day, '-')?, numbers(time, ':')?);
    let ([year, month, day], [hour, minute, second]) = (day.as_slice(), time.as_slice()) else {
        return None;
    };
    if !(1970..=9999).contains(year) || !(1..=12).contains(month) {
        return None;
    }
    let years: u64 = (1970..*year).map(year_length).sum();
    let months: u64 = month_lengths(*year).iter().zip(1..*month).map(|(length, _)| length).sum();
    let days = years + months + day.checked_sub(1)?;
    Some(days * SECONDS_PER_DAY + hour * 3600 + minute * 60 + second)
}

/// `YYYY-MM-DD HH:MM:SS` in UTC.
pub fn timestamp(unix_ms: u64) -> String {
    let seconds = unix_ms / MILLISECONDS_PER_SECOND;
    let (year, month, day) = date(seconds / SECONDS_PER_DAY);
    let (hour, minute, second) = (seconds / 3600 % 24, seconds / 60 % 60, seconds % 60);
    format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}")
}

fn date(days_since_1970: u64) -> (u64, u64, u64) {
    let mut days = days_since_1970;
    let mut year = 1970;
    while days >= year_length(year) {
        days -= year_length(year);
        year += 1;
    }
    let mut month = 1;
    for length in month_lengths(year) {
        if days < length {
            break;
        }
        days -= length;
        month += 1;
    }
    (year, month, days + 1)
}

fn month_lengths(year: u64) -> [u64; 12] {
    let february = if year_length(year) == 366 { 29 } else { 28 };
    [31, february, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
}

fn year_length(year: u64) -> u64 {
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    if leap { 366 } else { 365 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_timestamp_is_utc_in_whole_seconds() {
        for (unix_ms, text) in [
            (0, "1970-01-01 00:00:00"),
            (951_782_399_999, "2000-02-28 23:59:59"),
            (951_782_400_000, "2000-02-29 00:00:00"),
            (1_453_471_957_000, "2016-01-22 14:12:37"),
            (1_709_251_199_000, "2024-02-29 23:59:59"),
            (4_107_542_400_000, "2100-03-01 00:00:00"),
        ] {
            assert_eq!(timestamp(unix_ms), text, "{unix_ms}");
            assert_eq!(seconds(text), Some(unix_ms / 1000), "{text}");
        }
    }

    #[test]
    fn a_manual_clock_moves_only_when_told() {
        let clock = Clock::manual(1000);
        let same = clock.clone();
        clock.advance_ms(500);
        assert_eq!(same.unix_ms(), 1500);
    }

    #[test]
    fn the_machines_clock_runs_ahead_when_told() {
        let clock = Clock::default();
        let before = clock.unix_ms();
        clock.clone().advance_ms(3_600_000);
        assert!(clock.unix_ms() >= before + 3_600_000);
        assert_eq!(clock.ahead_ms(), Some(3_600_000));
        clock.return_to_machine();
        assert!(clock.unix_ms() < before + 3_600_000);
    }
}
