//! The fields of a certificate (RFC 5280, 4.1) that webpki does not give out.

use crate::der::{BIT_STRING, Elements, INTEGER, OCTET_STRING, OID, SEQUENCE, only};

const VERSION: u8 = 0xa0;
const EXTENSIONS: u8 = 0xa3;
const BOOLEAN: u8 = 0x01;

const KEY_USAGE: &[u8] = b"\x55\x1d\x0f";
const BASIC_CONSTRAINTS: &[u8] = b"\x55\x1d\x13";
const NAME_CONSTRAINTS: &[u8] = b"\x55\x1d\x1e";

/// A use of a key: bits of the first byte of `KeyUsage` (RFC 5280, 4.2.1.3).
#[derive(Clone, Copy)]
pub enum Use {
    DigitalSignature = 0x80,
    KeyCertSign = 0x04,
}

/// A certificate. Its signature is not verified here.
#[derive(Clone, Copy)]
pub struct Certificate<'a> {
    /// The content of the issuer's name.
    pub issuer: &'a [u8],
    /// The content of its own name.
    pub subject: &'a [u8],
    /// The content of its `SubjectPublicKeyInfo`.
    pub key: &'a [u8],
    extensions: Elements<'a>,
}

impl<'a> Certificate<'a> {
    /// Finds the fields; `None` if the certificate is malformed.
    pub fn read(der: &'a [u8]) -> Option<Self> {
        let mut outer = Elements(only(der, SEQUENCE)?);
        let mut fields = Elements(outer.next(SEQUENCE)?);
        fields.next(VERSION)?;
        fields.next(INTEGER)?;
        let _algorithm = fields.next(SEQUENCE)?;
        let issuer = fields.next(SEQUENCE)?;
        let _validity = fields.next(SEQUENCE)?;
        let subject = fields.next(SEQUENCE)?;
        let key = fields.next(SEQUENCE)?;
        let extensions = match fields.0 {
            [] => Elements(&[]),
            _ => Elements(only(fields.next(EXTENSIONS)?, SEQUENCE)?),
        };
        fields.end()?;
        Some(Self { issuer, subject, key, extensions })
    }

    /// Returns `true` if the key may be used for this.
    ///
    /// RFC 5280, 4.2.1.3: "The key usage extension defines the purpose (e.g., encipherment, signature, certificate signing)
    /// of the key contained in the certificate." Without it all are allowed. What is malformed allows nothing.
    pub fn may(&self, it: Use) -> bool {
        match self.extension(KEY_USAGE).map(|value| only(value, BIT_STRING)) {
            None => true,
            // The bits that are not used, and the first bits.
            Some(Some([..8, bits, ..])) => bits & it as u8 != 0,
            Some(_) => false,
        }
    }

    /// RFC 5280, 4.2.1.9: "The cA boolean indicates whether the certified public key may be used to verify certificate
    /// signatures."
    pub fn is_authority(&self) -> bool {
        let constraints = self.extension(BASIC_CONSTRAINTS).and_then(|value| only(value, SEQUENCE));
        constraints.and_then(|it| Elements(it).next(BOOLEAN)) == Some(&[0xff])
    }

    /// The content of the constraints on names, if there are any.
    pub fn name_constraints(&self) -> Option<&'a [u8]> {
        self.extension(NAME_CONSTRAINTS).and_then(|value| only(value, SEQUENCE))
    }

    /// The value of an extension. "A certificate MUST NOT include more than one instance of a particular extension"
    /// (RFC 5280, 4.2): webpki has looked.
    fn extension(&self, id: &[u8]) -> Option<&'a [u8]> {
        let mut extensions = self.extensions;
        while let Some(extension) = extensions.next(SEQUENCE) {
            let mut extension = Elements(extension);
            if extension.next(OID)? == id {
                // Before the value may stand whether it is critical.
                return match extension.any()? {
                    (OCTET_STRING, value) => Some(value),
                    _ => extension.next(OCTET_STRING),
                };
            }
        }
        None
    }
}
