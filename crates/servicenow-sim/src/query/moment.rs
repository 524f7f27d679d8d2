//! Moments in UTC with whole seconds, as the platform writes them, and what the calendar says of them.

const DAY_S: i64 = 86_400;

/// A moment: seconds after 1970 in UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Moment(pub i64);

/// A day of the calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Day {
    /// The year.
    pub year: i64,
    /// The month, from 1.
    pub month: i64,
    /// The day of the month, from 1.
    pub day: i64,
}

/// A stretch of the calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// 60 seconds.
    Minute,
    /// 60 minutes.
    Hour,
    /// A day.
    Day,
    /// Seven days from a Monday on.
    Week,
    /// A month.
    Month,
    /// Three months from January, April, July or October on.
    Quarter,
    /// A year.
    Year,
}

impl Unit {
    /// A unit by its name in an encoded query, in any case, with or without a plural's s.
    pub fn named(name: &str) -> Option<Unit> {
        Some(match name.to_ascii_lowercase().trim_end_matches('s') {
            "minute" => Unit::Minute,
            "hour" => Unit::Hour,
            "day" | "dayofweek" => Unit::Day,
            "week" => Unit::Week,
            "month" => Unit::Month,
            "quarter" => Unit::Quarter,
            "year" => Unit::Year,
            _ => return None,
        })
    }

    /// Seconds; a month counts 30 days, a quarter 90 and a year 365.
    pub fn seconds(self) -> i64 {
        match self {
            Unit::Minute => 60,
            Unit::Hour => 3600,
            Unit::Day => DAY_S,
            Unit::Week => 7 * DAY_S,
            Unit::Month => 30 * DAY_S,
            Unit::Quarter => 90 * DAY_S,
            Unit::Year => 365 * DAY_S,
        }
    }
}

impl Moment {
    /// Reads `YYYY-MM-DD HH:MM:SS`, or `YYYY-MM-DD` as the day's first second.
    pub fn parse(text: &str) -> Option<Moment> {
        let (day, time) = text.trim().split_once(' ').unwrap_or((text.trim(), "00:00:00"));
        let mut numbers = day.splitn(3, '-').chain(time.splitn(3, ':')).map(|it| it.parse::<i64>().ok());
        let mut next = || numbers.next().flatten();
        let day = Day { year: next()?, month: next()?, day: next()? };
        let (hour, minute, second) = (next()?, next()?, next()?);
        let sound = (0..=9999).contains(&day.year)
            && (1..=12).contains(&day.month)
            && (1..=31).contains(&day.day)
            && (0..24).contains(&hour)
            && (0..60).contains(&minute)
            && (0..60).contains(&second);
        sound.then(|| Moment(day.number() * DAY_S + hour * 3600 + minute * 60 + second))
    }

    /// `YYYY-MM-DD HH:MM:SS`.
    pub fn text(self) -> String {
        let Day { year, month, day } = self.day();
        let second = self.0.rem_euclid(DAY_S);
        let (hour, minute, second) = (second / 3600, second / 60 % 60, second % 60);
        format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}")
    }

    /// The day of the calendar that it is on.
    pub fn day(self) -> Day {
        Day::from_number(self.0.div_euclid(DAY_S))
    }

    /// That many units later, or earlier when negative; the day of a month that is too short is its last.
    pub fn plus(self, count: i64, unit: Unit) -> Moment {
        let months = match unit {
            Unit::Month => count,
            Unit::Quarter => count.saturating_mul(3),
            Unit::Year => count.saturating_mul(12),
            _ => return Moment(self.0.saturating_add(count.saturating_mul(unit.seconds()))),
        };
        let Day { year, month, day } = self.day();
        let number = (year * 12 + month - 1).saturating_add(months).clamp(0, 9999 * 12 + 11);
        let (year, month) = (number.div_euclid(12), number.rem_euclid(12) + 1);
        let moved = Day { year, month, day: day.min(month_length(year, month)) };
        Moment(moved.number() * DAY_S + self.0.rem_euclid(DAY_S))
    }

    /// The first second of the unit that it is in.
    pub fn start(self, unit: Unit) -> Moment {
        let Day { year, month, .. } = self.day();
        let first = |year: i64, month: i64| Moment(Day { year, month, day: 1 }.number() * DAY_S);
        match unit {
            Unit::Minute | Unit::Hour | Unit::Day => Moment(self.0 - self.0.rem_euclid(unit.seconds())),
            Unit::Week => Moment((self.0.div_euclid(DAY_S) - self.weekday()) * DAY_S),
            Unit::Month => first(year, month),
            Unit::Quarter => first(year, (month - 1) / 3 * 3 + 1),
            Unit::Year => first(year, 1),
        }
    }

    /// The last second of the unit that it is in.
    pub fn end(self, unit: Unit) -> Moment {
        Moment(self.start(unit).plus(1, unit).0 - 1)
    }

    /// The day of the week: Monday is 0. The first of January 1970 was a Thursday.
    fn weekday(self) -> i64 {
        (self.0.div_euclid(DAY_S) + 3).rem_euclid(7)
    }
}

impl Day {
    /// Days after the first of January 1970, by counting leap days from a first of March on.
    fn number(self) -> i64 {
        let year = if self.month > 2 { self.year } else { self.year - 1 };
        let month = (self.month + 9) % 12;
        let leap_days = year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400);
        year * 365 + leap_days + (month * 306 + 5) / 10 + self.day - 1 - 719_468
    }

    fn from_number(number: i64) -> Day {
        // A year has 365.2425 days on average: the guess is at most one off.
        let mut year = (number * 400).div_euclid(146_097) + 1970;
        let starts = |year: i64| Day { year, month: 1, day: 1 }.number();
        while starts(year) > number {
            year -= 1;
        }
        while starts(year + 1) <= number {
            year += 1;
        }
        let mut month = 12;
        while (Day { year, month, day: 1 }).number() > number {
            month -= 1;
        }
        Day { year, month, day: number - Day { year, month, day: 1 }.number() + 1 }
    }
}

fn month_length(year: i64, month: i64) -> i64 {
    let next = if month == 12 {
        Day { year: year + 1, month: 1, day: 1 }
    } else {
        Day { year, month: month + 1, day: 1 }
    };
    next.number() - Day { year, month, day: 1 }.number()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn moment(text: &str) -> Moment {
        Moment::parse(text).unwrap()
    }

    #[test]
    fn the_calendar_is_the_usual_one() {
        for (text, seconds) in [
            ("1970-01-01 00:00:00", 0),
            ("2000-02-29 00:00:00", 951_782_400),
            ("2016-01-22 14:12:37", 1_453_471_957),
            ("1969-12-31 23:59:59", -1),
            ("2100-03-01", 4_107_542_400),
        ] {
            assert_eq!(moment(text).0, seconds, "{text}");
        }
        for wrong in ["", "2026", "2026-13-01", "2026-01-32", "2026-01-01 24:00:00", "soon"] {
            assert_eq!(Moment::parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn units_have_a_first_and_a_last_second() {
        let now = moment("2024-05-16 10:11:12");
        for (unit, start, end) in [
            (Unit::Minute, "2024-05-16 10:11:00", "2024-05-16 10:11:59"),
            (Unit::Hour, "2024-05-16 10:00:00", "2024-05-16 10:59:59"),
            (Unit::Day, "2024-05-16 00:00:00", "2024-05-16 23:59:59"),
            (Unit::Week, "2024-05-13 00:00:00", "2024-05-19 23:59:59"),
            (Unit::Month, "2024-05-01 00:00:00", "2024-05-31 23:59:59"),
            (Unit::Quarter, "2024-04-01 00:00:00", "2024-06-30 23:59:59"),
            (Unit::Year, "2024-01-01 00:00:00", "2024-12-31 23:59:59"),
        ] {
            assert_eq!((now.start(unit).text().as_str(), now.end(unit).text().as_str()), (start, end));
        }
    }

    #[test]
    fn a_month_later_may_be_a_shorter_month() {
        assert_eq!(moment("2024-01-31 10:00:00").plus(1, Unit::Month).text(), "2024-02-29 10:00:00");
        assert_eq!(moment("2024-02-29 10:00:00").plus(-1, Unit::Year).text(), "2023-02-28 10:00:00");
        assert_eq!(moment("2024-01-31 10:00:00").plus(-2, Unit::Quarter).text(), "2023-07-31 10:00:00");
    }

    proptest! {
        #[test]
        fn every_moment_reads_as_it_was_written(seconds in -62_000_000_000_i64..253_000_000_000) {
            let it = Moment(seconds);
            prop_assert_eq!(Moment::parse(&it.text()), Some(it));
        }

        #[test]
        fn no_distance_overflows(seconds in -62_000_000_000_i64..253_000_000_000, count: i64) {
            for unit in [Unit::Minute, Unit::Week, Unit::Quarter, Unit::Year] {
                Moment(seconds).plus(count, unit);
            }
        }
    }
}
