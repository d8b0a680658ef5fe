//! No end-to-end encryption: the server can read what is sent.

use app::{Provisioning, ProvisioningError};

pub type Encryption = ();

/// Reads the provisioning. A key in it is an error: what is meant to be encrypted must not be sent without.
pub fn read(
    page: &'static [u8],
) -> Result<(Provisioning<'static>, Encryption), ProvisioningError<'static>> {
    Provisioning::read(page).map(|page| (page, ()))
}
