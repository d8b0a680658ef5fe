//! ClientHello (RFC 5246, 7.4.1.2; RFC 6347, 4.2.1), and whether it offers what this server speaks.

use super::wire::{DTLS_1_2, number};

#[derive(Clone, Debug, PartialEq)]
pub struct ClientHello {
    pub random: Vec<u8>,
    pub session: Vec<u8>,
    pub cookie: Vec<u8>,
    pub suites: Vec<u16>,
    pub extensions: Vec<(u16, Vec<u8>)>,
}

pub const SUITE: u16 = 0xC02B;
pub const EMPTY_RENEGOTIATION_INFO: u16 = 0x00FF;

pub const SUPPORTED_GROUPS: u16 = 10;
pub const POINT_FORMATS: u16 = 11;
pub const SIGNATURE_ALGORITHMS: u16 = 13;
pub const USE_SRTP: u16 = 14;
pub const EXTENDED_MASTER_SECRET: u16 = 23;
pub const RENEGOTIATION_INFO: u16 = 0xFF01;

impl ClientHello {
    /// Errors name the part that is wrong.
    pub fn read(body: &[u8]) -> Result<Self, String> {
        let mut rest = body;
        if take(&mut rest, 2)? != DTLS_1_2 {
            return Err("client_version is not DTLS 1.2".into());
        }
        let random = take(&mut rest, 32)?.to_vec();
        let session = vector(&mut rest, 1)?.to_vec();
        let cookie = vector(&mut rest, 1)?.to_vec();
        let suites = vector(&mut rest, 2)?.chunks(2).map(|suite| number(suite) as u16).collect();
        if !vector(&mut rest, 1)?.contains(&0) {
            return Err("compression method null is not offered".into());
        }
        let mut list = vector(&mut rest, 2)?;
        if !rest.is_empty() {
            return Err("bytes follow the extensions".into());
        }
        let mut extensions = Vec::new();
        while !list.is_empty() {
            let kind = number(take(&mut list, 2)?) as u16;
            extensions.push((kind, vector(&mut list, 2)?.to_vec()));
        }
        Ok(Self { random, session, cookie, suites, extensions })
    }

    /// Whether it offers everything that the server's answer takes for granted.
    pub fn check(&self) -> Result<(), String> {
        let offers = |list: Option<&[u8]>, wanted: u16| {
            list.is_some_and(|list| {
                list.chunks(2).skip(1).any(|two| number(two) == u64::from(wanted))
            })
        };
        let mut kinds: Vec<_> = self.extensions.iter().map(|(kind, _)| kind).collect();
        kinds.sort();
        let wrong = if !self.suites.contains(&SUITE) {
            "suite C02B is not offered"
        } else if !offers(self.extension(SUPPORTED_GROUPS), 23) {
            "secp256r1 is not offered"
        } else if !offers(self.extension(SIGNATURE_ALGORITHMS), 0x0403) {
            "ecdsa_secp256r1_sha256 is not offered"
        } else if self.extension(EXTENDED_MASTER_SECRET) != Some(&[]) {
            "extended_master_secret is not offered, or not empty"
        } else if !offers(self.extension(USE_SRTP), 1) && !offers(self.extension(USE_SRTP), 7) {
            "use_srtp is not offered"
        } else if kinds.windows(2).any(|two| two[0] == two[1]) {
            "an extension is offered twice"
        } else {
            return Ok(());
        };
        Err(wrong.into())
    }

    /// The data of an extension.
    pub fn extension(&self, kind: u16) -> Option<&[u8]> {
        self.extensions.iter().find(|(found, _)| *found == kind).map(|(_, data)| &data[..])
    }

    /// Whether the server must answer with renegotiation_info (RFC 5746, 3.6).
    pub fn wants_renegotiation_info(&self) -> bool {
        self.suites.contains(&EMPTY_RENEGOTIATION_INFO)
            || self.extension(RENEGOTIATION_INFO).is_some()
    }
}

/// The next `length` bytes.
pub fn take<'a>(rest: &mut &'a [u8], length: usize) -> Result<&'a [u8], String> {
    let (bytes, after) = rest.split_at_checked(length).ok_or("it ends too early")?;
    *rest = after;
    Ok(bytes)
}

/// A vector whose length takes `size` bytes.
pub fn vector<'a>(rest: &mut &'a [u8], size: usize) -> Result<&'a [u8], String> {
    let length = number(take(rest, size)?) as usize;
    take(rest, length)
}

/// Extensions with their length.
pub fn list(extensions: &[(u16, Vec<u8>)]) -> Vec<u8> {
    let mut bytes = vec![0, 0];
    for (kind, data) in extensions {
        bytes.extend(kind.to_be_bytes());
        bytes.extend((data.len() as u16).to_be_bytes());
        bytes.extend(data);
    }
    let length = bytes.len() as u16 - 2;
    bytes[..2].copy_from_slice(&length.to_be_bytes());
    bytes
}
