//! No end-to-end encryption: the server can read what is sent.

use app::{Provisioning, ProvisioningError};

pub type Encryption = ();
/// The longest packet that is taken. SDKs make chunks of 15 000 bytes: they are read in parts.
pub const LONGEST: usize = 16_384;

/// Reads the provisioning. A key in it is an error: what is meant to be encrypted must not be sent without.
pub fn read(
    page: &'static [u8],
) -> Result<(Provisioning<'static>, Encryption), ProvisioningError<'static>> {
    Provisioning::read(page).map(|page| (page, ()))
}
