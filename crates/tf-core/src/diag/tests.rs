//! Tests of diagnostics.

use super::*;

#[test]
fn warnings_are_no_errors() {
    let mut all = Diagnostics::none();
    assert!(all.is_empty() && !all.has_errors());
    all.push(Diagnostic::warning("Slow", "It took long."));
    assert!(!all.is_empty() && !all.has_errors());
    all.extend(Diagnostic::error("Broken", "It is.").at(Path::attribute("a")).into());
    assert!(all.has_errors());
    assert_eq!(all.0.iter().map(|it| it.severity).collect::<Vec<_>>(), [Severity::Warning, Severity::Error]);
}
