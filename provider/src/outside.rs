//! What the provider needs of the world beside the instance: the time of day, and a way to the systems that the instance
//! talks to. Tests put others in their place.

use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use servicenow_client::{HttpSettings, HttpTransport, Transport};
use servicenow_core::InstanceUrl;

const SECONDS_PER_MINUTE: u64 = 60;
const SECONDS_PER_HOUR: u64 = 60 * SECONDS_PER_MINUTE;
const SECONDS_PER_DAY: u64 = 24 * SECONDS_PER_HOUR;

/// Tells the time: seconds since 1970.
pub type Clock = Arc<dyn Fn() -> u64 + Send + Sync>;

/// Leads to another system: its address, and how long a connection and an answer may take each.
pub type Reach = Arc<dyn Fn(InstanceUrl, Duration) -> Arc<dyn Transport> + Send + Sync>;

/// The world beside the instance.
#[derive(Clone)]
pub struct Outside {
    /// The time of day.
    pub clock: Clock,
    /// The way to other systems, without anything that proves who asks.
    pub reach: Reach,
}

impl Default for Outside {
    fn default() -> Outside {
        let reach = |address: InstanceUrl, timeout: Duration| -> Arc<dyn Transport> {
            let usual = HttpSettings::new(address);
            let settings = HttpSettings {
                user_agent: format!("terraform-provider-servicenow/{}", crate::VERSION),
                connect_timeout: timeout,
                request_timeout: timeout,
                ..usual
            };
            Arc::new(HttpTransport::new(settings))
        };
        Outside { clock: Arc::new(seconds_since_1970), reach: Arc::new(reach) }
    }
}

impl Outside {
    /// The time as an instance writes it: in UTC, so that two times can be compared as texts.
    pub fn now(&self) -> String {
        written((self.clock)())
    }

    /// The time so many seconds ago, as an instance writes it.
    pub fn ago(&self, seconds: u64) -> String {
        written((self.clock)().saturating_sub(seconds))
    }
}

#[expect(clippy::disallowed_methods, reason = "the edge where the time of day comes from")]
fn seconds_since_1970() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |it| it.as_secs())
}

/// `2026-01-31 12:00:00` in UTC.
fn written(seconds: u64) -> String {
    let (year, month, day) = date(seconds / SECONDS_PER_DAY);
    let second = seconds % SECONDS_PER_DAY;
    format!(
        "{year:04}-{month:02}-{day:02} {:02}:{:02}:{:02}",
        second / SECONDS_PER_HOUR,
        second % SECONDS_PER_HOUR / SECONDS_PER_MINUTE,
        second % SECONDS_PER_MINUTE
    )
}

/// The day of the Gregorian calendar that comes so many days after the first of 1970.
fn date(days: u64) -> (u64, u64, u64) {
    // Years that begin in March end with the day that may be missing; 719468 days lie between the year 0 and 1970.
    let days = days + 719_468;
    let (era, day_of_era) = (days / 146_097, days % 146_097);
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    (era * 400 + year_of_era + u64::from(month <= 2), month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_written_as_an_instance_writes_them() {
        for (seconds, expected) in [
            (0, "1970-01-01 00:00:00"),
            (951_782_399, "2000-02-28 23:59:59"),
            (951_782_400, "2000-02-29 00:00:00"),
            (951_868_800, "2000-03-01 00:00:00"),
            (1_767_323_045, "2026-01-02 03:04:05"),
            (4_107_542_400, "2100-03-01 00:00:00"),
        ] {
            assert_eq!(written(seconds), expected);
        }
    }
}
