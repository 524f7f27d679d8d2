//! Where the time of a run goes, for who wonders why it takes as long as it does.

use std::fmt::Write as _;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// How long the parts of one run took, in the order in which they ended.
#[derive(Debug, Default)]
pub struct Timings(Mutex<Vec<(&'static str, Duration)>>);

impl Timings {
    /// Measures work of this process.
    pub fn of<T>(&self, part: &'static str, work: impl FnOnce() -> T) -> T {
        let began = Instant::now();
        let done = work();
        self.add(part, began.elapsed());
        done
    }

    /// Measures work that waits for an instance.
    pub async fn during<T>(&self, part: &'static str, work: impl Future<Output = T>) -> T {
        let began = Instant::now();
        let done = work.await;
        self.add(part, began.elapsed());
        done
    }

    /// A line for each part: `timing: prod: tables: 812.4 ms`. What is done several times is one part.
    pub fn lines(&self, instance: Option<&str>) -> String {
        let mut sums: Vec<(&str, Duration)> = Vec::new();
        for (part, time) in self.0.lock().unwrap_or_else(PoisonError::into_inner).iter() {
            match sums.iter_mut().find(|it| it.0 == *part) {
                Some(sum) => sum.1 += *time,
                None => sums.push((part, *time)),
            }
        }
        let name = instance.map(|it| format!("{it}: ")).unwrap_or_default();
        let mut lines = String::new();
        for (part, time) in sums {
            // Writing to a text cannot fail.
            let _ = writeln!(lines, "timing: {name}{part}: {:.1} ms", time.as_secs_f64() * 1e3);
        }
        lines
    }

    fn add(&self, part: &'static str, time: Duration) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push((part, time));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_done_several_times_is_one_part() {
        let timings = Timings::default();
        for (part, ms) in [("files", 2), ("matching", 3), ("files", 5)] {
            timings.add(part, Duration::from_millis(ms));
        }
        assert_eq!(timings.lines(None), "timing: files: 7.0 ms\ntiming: matching: 3.0 ms\n");
        assert_eq!(timings.of("report", || 4), 4);
        let lines = timings.lines(Some("prod"));
        assert_eq!(lines.lines().filter(|it| it.starts_with("timing: prod: ")).count(), 3, "{lines}");
    }
}
