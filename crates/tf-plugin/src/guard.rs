//! A panic in a handler becomes a message for the user, and the process goes on.

use std::any::Any;
use std::backtrace::Backtrace;
use std::future::{Future, poll_fn};
use std::io::Write;
use std::panic::{AssertUnwindSafe, PanicHookInfo, catch_unwind};

/// How much of a backtrace is written: hosts show a hundred lines after the run.
const BACKTRACE_LINES_MAX: usize = 90;

/// Has panics written to standard error in the form that hosts recognise and show at the end of the run.
pub(crate) fn install() {
    std::panic::set_hook(Box::new(|panic| {
        // Nobody is left to tell when it fails.
        let _ = std::io::stderr().write_all(report(panic).as_bytes());
    }));
}

fn report(panic: &PanicHookInfo<'_>) -> String {
    let place = panic.location().map_or_else(String::new, |it| format!("at {}:{}\n", it.file(), it.line()));
    let backtrace = Backtrace::force_capture().to_string();
    let backtrace: Vec<_> = backtrace.lines().take(BACKTRACE_LINES_MAX).collect();
    format!("panic: {}\n{place}{}\n", message(panic.payload()), backtrace.join("\n"))
}

/// Runs a future to its end, or to its panic, whose message is then the error.
pub(crate) async fn caught<T>(work: impl Future<Output = T> + Send) -> Result<T, String> {
    let mut work = Box::pin(work);
    // Nothing of the future is used after a panic, so it cannot be seen in a broken state.
    let polled = poll_fn(|context| match catch_unwind(AssertUnwindSafe(|| work.as_mut().poll(context))) {
        Ok(poll) => poll.map(Ok),
        Err(payload) => std::task::Poll::Ready(Err(message(payload.as_ref()).to_owned())),
    });
    polled.await
}

fn message(payload: &(dyn Any + Send)) -> &str {
    let text = payload.downcast_ref::<&str>().copied();
    text.or_else(|| payload.downcast_ref::<String>().map(String::as_str)).unwrap_or("no message")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_panic_becomes_its_message_and_a_result_stays_one() {
        assert_eq!(caught(async { 1 }).await, Ok(1));
        assert_eq!(caught(async { panic!("broken {}", 2) }).await, Err::<(), _>("broken 2".to_owned()));
        let later = async {
            tokio::task::yield_now().await;
            panic!("later")
        };
        assert_eq!(caught(later).await, Err::<(), _>("later".to_owned()));
    }
}
