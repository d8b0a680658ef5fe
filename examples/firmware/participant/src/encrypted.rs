//! End-to-end encryption with the key of the room, which the provisioning has.
//!
//! ```text
//! key = 00112233445566778899aabbccddeeff
//! ```
//!
//! LiveKit's SDKs derive it from the application's passphrase by 100 000 rounds of PBKDF2, which take some 10 s on a core of
//! 64 MHz: here it is derived once, where the device is provisioned.

use app::{ProvisioningError, unhex};
use livekit_micro::data::Refused;
use livekit_micro::e2ee::{E2ee, Key, KeyRing};

use crate::board;

pub type Encryption = E2ee<KeyRing>;
/// The longest packet that is taken is what fits the memory: what is encrypted is not read in parts.
pub const LONGEST: usize = 0;

/// The keys of the provisioning.
#[derive(Default)]
pub struct Keys {
    digits: Option<&'static str>,
}

impl Keys {
    /// Returns `true` for a key that it takes.
    pub fn take(&mut self, key: &str, value: &'static str) -> bool {
        let is_key = key == "key";
        if is_key {
            self.digits = Some(value);
        }
        is_key
    }

    pub fn read(self) -> Result<Encryption, ProvisioningError<'static>> {
        let digits = self.digits.ok_or(ProvisioningError::Missing("key"))?;
        let key = unhex(digits).ok_or(ProvisioningError::InvalidValue("key"))?;
        let mut encryption = E2ee::new(KeyRing::new());
        let _ = encryption.keys.set(0, Key::new(key)); // SDKs have keys up to 15
        let mut random = [0; 8];
        board::entropy(&mut random);
        encryption.seed(random);
        Ok(encryption)
    }
}

/// Logs why something was not taken.
pub fn refused(refused: &Refused<'_>) {
    defmt::warn!("refused, from {=str}: {}", refused.from, refused.error);
}
