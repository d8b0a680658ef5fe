//! No end-to-end encryption: the server can read what is sent.

use app::ProvisioningError;

pub type Encryption = ();
/// The longest packet that is taken. SDKs make chunks of 15 000 bytes: they are read in parts.
pub const LONGEST: usize = 16_384;

/// The keys of the provisioning: none. A key of encryption is an error: what is meant to be encrypted must not be sent without.
#[derive(Default)]
pub struct Keys {}

impl Keys {
    pub fn take(&mut self, _key: &str, _value: &'static str) -> bool {
        false
    }

    pub fn read(self) -> Result<Encryption, ProvisioningError<'static>> {
        Ok(())
    }
}
