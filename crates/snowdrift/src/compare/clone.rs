//! Whether the instance is the one that it should be: after a clone it calls itself something else.

use super::findings::{fingerprint, sentence};
use crate::live::{Live, Which};
use crate::report::{Class, Finding, Remedy};

/// The finding, if the instance is not the expected one or does not say which one it is.
pub async fn look(live: &Live) -> Option<Finding> {
    let which = match live.which().await {
        Ok(None | Some(Which::Expected)) => return None,
        Ok(Some(which)) => which,
        Err(error) => return Some(finding(live, Class::Hidden, super::tables::reason(live, &error))),
    };
    let class = match which {
        Which::Other { .. } => Class::CloneDetected,
        _ => Class::Hidden,
    };
    Some(finding(live, class, sentence(&which.to_string())))
}

fn finding(live: &Live, class: Class, summary: String) -> Finding {
    let by_hand = match class {
        Class::CloneDetected => {
            "Apply nothing. If the instance was cloned on purpose, run its clean-up, then correct `expected_instance`."
        }
        _ => "Give the user that looks read access to the property, then look again.",
    };
    Finding {
        fingerprint: fingerprint(&[&live.name, class.word(), "instance"]),
        class,
        severity: class.usual_severity(),
        summary,
        address: None,
        type_name: "servicenow".to_owned(),
        record: None,
        place: None,
        differences: Vec::new(),
        change: None,
        remedy: Remedy { by_hand: Some(by_hand.to_owned()), ..Remedy::default() },
    }
}
