//! The time from a server, by the Simple Network Time Protocol: a request and its response.
//!
//! ```
//! use livekit_micro_trust::sntp;
//!
//! let cookie = 0x0123_4567_89ab_cdef; // random
//! let request = sntp::request(cookie);
//! // Sent to port 123 of a server; what comes back:
//! # let mut response = request;
//! # (response[0], response[1]) = (0x24, 2);
//! # response[24..32].copy_from_slice(&cookie.to_be_bytes());
//! # response[40..44].copy_from_slice(&3_990_000_000_u32.to_be_bytes());
//! assert_eq!(sntp::unix_s(&response, cookie), Ok(1_781_011_200));
//! ```
//!
//! Nothing authenticates the server. Who does not see the request cannot answer it, as 64 bits are random; who is on the path
//! can tell any time after that of the build, so that an expired certificate is taken.

use core::fmt::{self, Display, Formatter};

/// The length of a packet, without extensions.
pub const PACKET_BYTES: usize = 48;

/// RFC 5905, 7.3: no leap indicator, version 4, mode 3 (client).
const CLIENT: u8 = 0b00_100_011;
const SERVER_MODE: u8 = 4;

/// RFC 5905, 6: timestamps count from 1900-01-01; so many seconds later is 1970-01-01.
const FROM_1900_TO_1970: u64 = 2_208_988_800;

/// Why a packet does not tell the time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum SntpError {
    /// It is not the response to this request: wait for another one.
    NotTheResponse,
    /// The server is not synchronized itself.
    NotSynchronized,
    /// The server wants no more requests (RFC 5905, 7.4: kiss-o'-death): ask another one.
    Refused,
}

impl Display for SntpError {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotTheResponse => "the packet is not the response to this request",
            Self::NotSynchronized => "the server is not synchronized with a clock",
            Self::Refused => "the server refuses requests of this client",
        })
    }
}

impl core::error::Error for SntpError {}

/// A request. `cookie` is random: by it the response is recognized.
///
/// It stands for the time of the client, which the server does not need to know: RFC 5905, 8, has the server return it as the
/// origin timestamp, whatever it is.
pub fn request(cookie: u64) -> [u8; PACKET_BYTES] {
    let mut packet = [0; PACKET_BYTES];
    if let Some(first) = packet.first_mut() {
        *first = CLIENT;
    }
    if let Some(transmit) = packet.last_chunk_mut() {
        *transmit = cookie.to_be_bytes();
    }
    packet
}

/// Returns the time of a response to the request with this `cookie`, in seconds since 1970. It is right until 2104.
///
/// # Errors
///
/// See [`SntpError`].
pub fn unix_s(packet: &[u8], cookie: u64) -> Result<u64, SntpError> {
    // Extensions and an authenticator may follow.
    let packet: &[u8; PACKET_BYTES] = packet.first_chunk().ok_or(SntpError::NotTheResponse)?;
    let [first, stratum, ..] = *packet;
    let origin = u64::from_be_bytes(at(packet, 24));
    // RFC 4330, 5: the originate timestamp of a response has to be the transmit timestamp of the request.
    if first & 0b111 != SERVER_MODE || origin != cookie {
        return Err(SntpError::NotTheResponse);
    }
    let seconds = u32::from_be_bytes(at(packet, 40));
    match stratum {
        0 => return Err(SntpError::Refused),
        // RFC 5905, 7.3: 16 is unsynchronized. Leap indicator 3 says the same.
        16.. => return Err(SntpError::NotSynchronized),
        _ if first >> 6 == 3 || seconds == 0 => return Err(SntpError::NotSynchronized),
        _ => {}
    }
    // RFC 4330, 3: with the highest bit clear the time is counted from 2036-02-07.
    let era = if seconds >> 31 == 0 { 1 << 32 } else { 0 };
    Ok((u64::from(seconds) | era).saturating_sub(FROM_1900_TO_1970))
}

fn at<const N: usize>(packet: &[u8; PACKET_BYTES], from: usize) -> [u8; N] {
    let bytes = packet.get(from..).and_then(<[u8]>::first_chunk);
    bytes.copied().unwrap_or([0; N])
}

#[cfg(test)]
mod tests {
    use super::*;

    const COOKIE: u64 = 0x0102_0304_0506_0708;

    fn response(first: u8, stratum: u8, seconds: u32) -> [u8; PACKET_BYTES] {
        let mut packet = [0; PACKET_BYTES];
        (packet[0], packet[1]) = (first, stratum);
        packet[24..32].copy_from_slice(&COOKIE.to_be_bytes());
        packet[40..44].copy_from_slice(&seconds.to_be_bytes());
        packet
    }

    #[test]
    fn times_are_those_of_rfc_5905() {
        // RFC 5905, 6, figure 4: 1970-01-01, 1999-12-31, and 2036-02-08 in the next era.
        assert_eq!(unix_s(&response(0x24, 1, 2_208_988_800), COOKIE), Ok(0));
        assert_eq!(unix_s(&response(0x24, 15, 3_155_587_200), COOKIE), Ok(946_598_400));
        assert_eq!(unix_s(&response(0x1c, 1, 63_104), COOKIE), Ok(2_086_041_600));
    }

    #[test]
    fn what_does_not_tell_the_time_is_an_error() {
        for (packet, expected) in [
            (response(0x23, 1, 3_155_673_600), SntpError::NotTheResponse),
            (response(0x24, 0, 3_155_673_600), SntpError::Refused),
            (response(0x24, 16, 3_155_673_600), SntpError::NotSynchronized),
            (response(0xe4, 1, 3_155_673_600), SntpError::NotSynchronized),
            (response(0x24, 1, 0), SntpError::NotSynchronized),
        ] {
            assert_eq!(unix_s(&packet, COOKIE), Err(expected));
        }
        let packet = response(0x24, 1, 3_155_673_600);
        assert_eq!(unix_s(&packet, COOKIE + 1), Err(SntpError::NotTheResponse));
        for len in 0..PACKET_BYTES {
            assert_eq!(unix_s(packet.split_at(len).0, COOKIE), Err(SntpError::NotTheResponse));
        }
    }

    #[test]
    fn a_request_is_of_a_client_and_says_nothing_else() {
        let packet = request(COOKIE);
        assert_eq!(packet[0], 0x23);
        assert_eq!(packet[1..40], [0; 39]);
        assert_eq!(packet[40..], COOKIE.to_be_bytes());
    }
}
