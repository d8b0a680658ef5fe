//! Why a call failed.

use crate::RpcCode;

/// The error of a call, in a response to another participant or in one of them.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct RpcError<'a> {
    /// LiveKit's code, or one of the application's: any but 1001 to 1999.
    pub code: RpcCode,
    /// What happened, in at most 256 bytes: more is cut.
    pub message: &'a str,
    /// Anything else, in at most 15 360 bytes: more is cut.
    pub data: &'a str,
}

impl<'a> RpcError<'a> {
    /// An error of the application.
    pub const fn new(code: RpcCode, message: &'a str) -> Self {
        Self { code, message, data: "" }
    }
}

macro_rules! errors {
    ($($name:ident $message:literal;)*) => {
        impl RpcError<'static> {
            $(
                #[doc = concat!("[`RpcCode::", stringify!($name), "`], with the message of LiveKit's SDKs.")]
                pub const $name: Self = Self::new(RpcCode::$name, $message);
            )*
        }
    };
}

// `RpcError.ErrorMessage` of client-sdk-js, src/room/rpc/utils.ts.
errors! {
    UNSUPPORTED_METHOD "Method not supported at destination";
    RECIPIENT_NOT_FOUND "Recipient not found";
    REQUEST_PAYLOAD_TOO_LARGE "Request payload too large";
    UNSUPPORTED_SERVER "RPC not supported by server";
    UNSUPPORTED_VERSION "Unsupported RPC version";
    APPLICATION_ERROR "Application error in method handler";
    CONNECTION_TIMEOUT "Connection timeout";
    RESPONSE_TIMEOUT "Response timeout";
    RECIPIENT_DISCONNECTED "Recipient disconnected";
    RESPONSE_PAYLOAD_TOO_LARGE "Response payload too large";
    SEND_FAILED "Failed to send";
}

impl core::fmt::Display for RpcError<'_> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "RPC error {}: {}", self.code, self.message)
    }
}

impl core::error::Error for RpcError<'_> {}
