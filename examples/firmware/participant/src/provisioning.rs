//! The page of settings, with the keys of all parts of the firmware.

use app::ProvisioningError;

use crate::connection::{self, Page, Server};
use crate::encryption::{self, Encryption};
use crate::token::{self, Token};

/// Reads the page. A key that no part takes is an error.
pub fn read(
    page: &'static [u8],
) -> Result<(Page, Token, Encryption, Server), ProvisioningError<'static>> {
    let (mut encryption, mut server) = (encryption::Keys::default(), connection::Keys::default());
    let mut token = token::Keys::default();
    let page = connection::read(page, |key, value| {
        encryption.take(key, value) || server.take(key, value) || token.take(key, value)
    })?;
    let server = server.read(&page)?;
    Ok((page, token.read(page.token)?, encryption.read()?, server))
}
