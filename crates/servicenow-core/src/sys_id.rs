//! Record ids.

use std::fmt;
use std::str::FromStr;

/// The id of a record: 32 hexadecimal digits, kept in lower case.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SysId(String);

/// A text that is no record id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a sys_id has 32 hexadecimal digits")]
pub struct SysIdError;

impl SysId {
    /// Digits in length.
    const LENGTH: usize = 32;

    /// An id from 16 random bytes.
    pub fn from_bytes(bytes: [u8; 16]) -> SysId {
        SysId(bytes.iter().map(|it| format!("{it:02x}")).collect())
    }

    /// The digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for SysId {
    type Err = SysIdError;
    fn from_str(text: &str) -> Result<SysId, SysIdError> {
        if text.len() == SysId::LENGTH && text.bytes().all(|it| it.is_ascii_hexdigit()) {
            Ok(SysId(text.to_ascii_lowercase()))
        } else {
            Err(SysIdError)
        }
    }
}

impl fmt::Display for SysId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_32_hexadecimal_digits_in_lower_case() {
        let upper = "AAAABBBBCCCCDDDDEEEEFFFF00001111";
        assert_eq!(upper.parse::<SysId>().unwrap().as_str(), upper.to_lowercase());
        for wrong in
            ["", "global", "aaaa", "gaaabbbbccccddddeeeeffff00001111", "aaaabbbbccccddddeeeeffff000011112"]
        {
            assert_eq!(wrong.parse::<SysId>(), Err(SysIdError), "{wrong}");
        }
        assert_eq!(SysId::from_bytes([0xab; 16]).as_str(), "ab".repeat(16));
    }
}
