//! What the parts of the device read of the provisioning.

use app::{Provisioning, ProvisioningError};

use crate::encryption::{self, Encryption};
use crate::token::{self, Token};

/// Reads the page.
pub fn read(
    page: &'static [u8],
) -> Result<(Provisioning<'static>, Token, Encryption), ProvisioningError<'static>> {
    let (mut token, mut encryption) = (token::Keys::NONE, encryption::Keys::NONE);
    let page = Provisioning::read_without_token(page, |key, value| {
        token.take(key, value) || encryption.take(key, value)
    })?;
    Ok((page, token.finish(&page)?, encryption.finish()?))
}
