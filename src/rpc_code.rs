//! What RPC calls have in common, over HTTP and in data packets: their limit, the codes of failed ones.

use core::fmt;

/// The largest payload of an RPC call or its response, in bytes: SDKs and server reject more.
pub const MAX_RPC_PAYLOAD_BYTES: usize = 15_360;

/// The code of a failed RPC call: [`RpcError::code`](crate::owned::RpcError), and what a server
/// responds to `PerformRpc` with.
///
/// LiveKit's own are constants here. It reserves 1001 to 1999; all others are those of applications.
///
/// The source of each is `RpcError.ErrorCode` of LiveKit's `client-sdk-js` (`src/room/rpc/utils.ts`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct RpcCode(
    /// The number on the wire.
    pub u32,
);

impl RpcCode {
    /// The receiver has no method of that name.
    pub const UNSUPPORTED_METHOD: Self = Self(1400);
    /// The participant is not in the room.
    pub const RECIPIENT_NOT_FOUND: Self = Self(1401);
    /// The payload of the request is over 15 360 bytes.
    pub const REQUEST_PAYLOAD_TOO_LARGE: Self = Self(1402);
    /// The server does not support RPC.
    pub const UNSUPPORTED_SERVER: Self = Self(1403);
    /// The receiver supports another version of RPC.
    pub const UNSUPPORTED_VERSION: Self = Self(1404);
    /// The receiver's method failed.
    pub const APPLICATION_ERROR: Self = Self(1500);
    /// The receiver did not acknowledge the request in time.
    pub const CONNECTION_TIMEOUT: Self = Self(1501);
    /// The receiver acknowledged the request, but did not respond in time.
    pub const RESPONSE_TIMEOUT: Self = Self(1502);
    /// The receiver left the room during the call.
    pub const RECIPIENT_DISCONNECTED: Self = Self(1503);
    /// The payload of the response is over 15 360 bytes.
    pub const RESPONSE_PAYLOAD_TOO_LARGE: Self = Self(1504);
    /// The request could not be sent.
    pub const SEND_FAILED: Self = Self(1505);
}

impl fmt::Display for RpcCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
