//! Chance that can be had again: the same seed gives the same choices.

use serde::{Deserialize, Serialize};

/// Parts of one in which a probability is kept, so that two of them can be compared.
const PARTS: u32 = 1_000_000;

/// How likely something is: above 0 and at most 1, kept in millionths.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "f64", into = "f64")]
pub struct Probability(u32);

impl Probability {
    /// So many of a hundred, at most all of them.
    pub fn percent(percent: u32) -> Probability {
        Probability(percent.saturating_mul(PARTS / 100).min(PARTS))
    }

    /// Whether it happens in this turn.
    pub fn happens(self, seed: u64, turn: u64) -> bool {
        below(seed, turn, u64::from(PARTS)) < u64::from(self.0)
    }
}

impl TryFrom<f64> for Probability {
    type Error = String;

    fn try_from(share: f64) -> Result<Probability, String> {
        let parts = share * f64::from(PARTS);
        let whole = (1..=PARTS).contains(&(parts as u32)) && parts <= f64::from(PARTS);
        whole.then_some(Probability(parts as u32)).ok_or_else(|| {
            format!("a probability is above 0 and at most 1, in steps of a millionth, not {share}")
        })
    }
}

impl From<Probability> for f64 {
    fn from(probability: Probability) -> f64 {
        f64::from(probability.0) / f64::from(PARTS)
    }
}

/// A number below the bound that follows from the seed and the turn alone: one step of SplitMix64.
pub fn below(seed: u64, turn: u64, bound: u64) -> u64 {
    const GOLDEN: u64 = 0x9e37_79b9_7f4a_7c15;
    let mut mixed = seed.wrapping_add(GOLDEN.wrapping_mul(turn.wrapping_add(1)));
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    (mixed ^ (mixed >> 31)) % bound.max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_chooses_the_same_and_about_as_many_as_asked() {
        for (percent, least, most) in [(0, 0, 0), (10, 850, 1150), (50, 4800, 5200), (100, 10_000, 10_000)] {
            let probability = Probability::percent(percent);
            let chosen =
                |seed| (0..10_000).filter(|turn| probability.happens(seed, *turn)).collect::<Vec<u64>>();
            let first = chosen(7);
            assert!((least..=most).contains(&first.len()), "{percent} %: {}", first.len());
            assert_eq!(first, chosen(7));
            assert!(percent % 100 == 0 || first != chosen(8), "another seed chooses differently");
        }
    }

    #[test]
    fn a_probability_is_a_share_of_one() {
        for (text, valid) in
            [("0.05", true), ("1", true), ("0", false), ("1.5", false), ("-0.1", false), ("1e-9", false)]
        {
            let parsed: Result<Probability, _> = serde_json::from_str(text);
            assert_eq!(parsed.is_ok(), valid, "{text}");
        }
        let parsed: Probability = serde_json::from_str("0.25").unwrap();
        assert_eq!(serde_json::to_string(&parsed).unwrap(), "0.25");
    }
}
