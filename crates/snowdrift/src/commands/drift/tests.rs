//! Shares of a fleet.

use super::*;

#[test]
fn every_instance_is_in_one_share_of_a_fleet_and_stays_there() {
    for of in [1, 2, 5, 64] {
        let shares: Vec<u32> = (0..1000).map(|it| share(&format!("instance-{it}"), of)).collect();
        assert!(shares.iter().all(|it| (1..=of).contains(it)));
        let most = (1..=of).map(|it| shares.iter().filter(|share| **share == it).count()).max().unwrap();
        assert!(most <= 1000 / of as usize * 2 + 20, "{of}: {most}");
    }
    assert_eq!((share("prod", 5), share("test", 5)), (share("prod", 5), share("test", 5)));
}

#[test]
fn shares_are_read() {
    assert_eq!(shard("2/5").unwrap(), Shard { index: 2, of: 5 });
    for wrong in ["0/5", "6/5", "1", "a/b", "1/0"] {
        assert!(shard(wrong).is_err(), "{wrong}");
    }
}
