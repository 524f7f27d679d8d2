//! What Terraform accepts as a plan, and as the result of carrying it out.
//!
//! Terraform refuses anything else with an error that blames the provider. These functions find it first.

mod applied;
mod planned;

use std::fmt;

pub use applied::verify_apply;
pub use planned::verify_plan;

use crate::Path;

/// A rule of Terraform's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Rule {
    /// Write-only values are never stored.
    WriteOnlyIsNull,
    /// A value that the user set is planned as it is, or as it was.
    ConfigIsKept,
    /// An attribute that only the user decides is null when the user did not set it.
    OnlyUserDecides,
    /// An object that the user wrote is planned, and no other.
    ExistsAsConfigured,
    /// An object that the user wrote is not unknown as a whole.
    ConfiguredIsNotUnknown,
    /// Lists have as many elements as configured.
    SameCount,
    /// Maps have the keys that are configured.
    SameKeys,
    /// No blocks are an empty collection, never null.
    NoBlocksIsEmpty,
    /// A path that requires replacement exists in the prior or in the planned state.
    PathExists,
    /// After apply everything is known.
    WhollyKnown,
    /// A known planned value is what comes out.
    PlanIsKept,
    /// What comes out agrees with what was known of an unknown value.
    RefinementsHold,
    /// Every planned element of a set comes out, and no other.
    SetElementsCorrelate,
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Rule::WriteOnlyIsNull => "a write-only value must be null here",
            Rule::ConfigIsKept => "a configured value must be planned as configured or as before",
            Rule::OnlyUserDecides => {
                "an attribute that is not computed must be null when it is not configured"
            }
            Rule::ExistsAsConfigured => "an object must exist in the plan exactly when it is configured",
            Rule::ConfiguredIsNotUnknown => "a configured object must not be unknown as a whole",
            Rule::SameCount => "there must be as many elements as configured",
            Rule::SameKeys => "the keys must be those that are configured",
            Rule::NoBlocksIsEmpty => "no blocks must be an empty collection, not null",
            Rule::PathExists => "a path that requires replacement must exist in the prior or planned state",
            Rule::WhollyKnown => "nothing may be unknown after apply",
            Rule::PlanIsKept => "a known planned value must not change during apply",
            Rule::RefinementsHold => "the value must agree with what the plan knew of it",
            Rule::SetElementsCorrelate => "the elements of the set must be those that were planned",
        })
    }
}

/// A broken rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// Where.
    pub path: Path,
    /// Which.
    pub rule: Rule,
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.path, self.rule)
    }
}

/// The violations found so far.
#[derive(Default)]
struct Findings(Vec<Violation>);

impl Findings {
    fn add(&mut self, path: &Path, rule: Rule) {
        self.0.push(Violation { path: path.clone(), rule });
    }

    fn require(&mut self, holds: bool, path: &Path, rule: Rule) {
        if !holds {
            self.add(path, rule);
        }
    }
}

#[cfg(test)]
mod tests;
