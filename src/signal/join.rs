//! The request that opens the WebSocket, with the first message of the client in its URL.

use super::{ServerUrl, websocket};
use crate::borrowed::ReconnectReason;
use crate::codec::rt::{Write, Writer};
use crate::tags::{
    client_info, connection_settings, join_request, session_description, wrapped_join_request,
};
use crate::{EncodeError, base64, to_slice_with};

/// The protocol of signalling that is announced: participants can be moved to another room, and data channels are
/// opened by their labels.
pub(super) const PROTOCOL: u32 = 16;

/// What a client says of itself when it joins.
#[derive(Debug, Clone, Copy, Default)]
pub struct JoinOptions<'a> {
    /// `client_protocol`: 0; or 1 and above for what data streams and RPC of version 2 need.
    pub client_protocol: u32,
    /// The server refused `/rtc/v1` with 404, because it is older: `/rtc` is used. The offer is a request then, once the
    /// server has let this participant in, and metadata and attributes are not sent.
    pub is_old_server: bool,
    /// It reads compressed streams: `CAP_COMPRESSION_DEFLATE_RAW`.
    pub reads_deflate: bool,
    /// It receives the data tracks of all others.
    pub auto_subscribe_data_track: bool,
    /// The model of the device; may be empty.
    pub device_model: &'a str,
    /// The version of the firmware; may be empty.
    pub version: &'a str,
    /// Metadata of the participant, instead of the token's. Needs the grant `canUpdateOwnMetadata`.
    pub metadata: &'a str,
    /// Attributes of the participant, beside the token's. Needs the grant `canUpdateOwnMetadata`.
    pub attributes: &'a [(&'a str, &'a str)],
}

/// Which connection is opened.
#[derive(Debug, Clone, Copy)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum Connect<'a> {
    /// A new one.
    Join {
        /// The offer of the peer connection.
        offer: &'a str,
        /// Its number, which the answer repeats.
        offer_id: u32,
    },
    /// The one before goes on.
    Resume {
        /// The sid of this participant.
        sid: &'a str,
        /// Why it broke off.
        reason: ReconnectReason,
    },
}

/// All that is in the request.
pub(super) struct Request<'a> {
    pub(super) url: &'a ServerUrl<'a>,
    pub(super) token: &'a str,
    pub(super) key: &'a [u8; 24],
    pub(super) options: &'a JoinOptions<'a>,
    pub(super) connect: Connect<'a>,
}

impl Request<'_> {
    /// Writes the request to the end of `buf`.
    #[inline(never)]
    pub(super) fn write<'b>(&self, buf: &'b mut [u8]) -> Result<&'b [u8], EncodeError> {
        let available = buf.len();
        let message = if self.options.is_old_server { 0 } else { Writer::len_of(self) };
        let padding = b"==".get(..(3usize.wrapping_sub(message % 3)) % 3).unwrap_or_default();
        // What is in front of the message is not written yet, and counted.
        let letters = message.saturating_mul(4).div_ceil(3);
        let front = Writer::len_of(&Front(self));
        let needed = |tail: usize| tail.saturating_add(letters).saturating_add(front);
        let tail = match to_slice_with(buf, |w| self.headers(padding, w)) {
            Ok(tail) => tail.len(),
            Err(EncodeError::BufferTooSmall { needed: tail, available }) => {
                return Err(EncodeError::BufferTooSmall { needed: needed(tail), available });
            }
        };
        let too_small = EncodeError::BufferTooSmall { needed: needed(tail), available };
        let start = available.checked_sub(needed(tail)).ok_or(too_small)?;
        let end = available.saturating_sub(tail);
        let text_at = start.saturating_add(front);
        if message > 0 {
            // Base64 is made where the message is: of the bytes before `end`, from their front on.
            let text = buf.get_mut(..end).ok_or(too_small)?;
            let from = end.saturating_sub(to_slice_with(text, |w| self.message(w))?.len());
            base64::encode_in_place(text, from, text_at).ok_or(too_small)?;
        }
        Writer::encode(&Front(self), buf.get_mut(..text_at).ok_or(too_small)?)?;
        Ok(buf.get(start..).unwrap_or_default())
    }

    /// What follows the message, from its padding on.
    fn headers(&self, padding: &[u8], w: &mut Writer<'_>) {
        for piece in [
            "\r\n\r\n",
            self.token,
            "\r\nAuthorization: Bearer ",
            core::str::from_utf8(self.key).unwrap_or_default(),
            "\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ",
            self.url.authority,
            " HTTP/1.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nHost: ",
        ] {
            w.raw(piece.as_bytes());
        }
        w.raw(padding);
    }

    /// A `WrappedJoinRequest`, not compressed.
    fn message(&self, w: &mut Writer<'_>) {
        w.fields(wrapped_join_request::JOIN_REQUEST, |w| {
            match self.connect {
                Connect::Join { offer, offer_id } => {
                    w.fields(join_request::PUBLISHER_OFFER, |w| {
                        description("offer", offer, offer_id, w);
                    });
                }
                Connect::Resume { sid, reason } => {
                    w.str(join_request::PARTICIPANT_SID, sid);
                    w.int32(join_request::RECONNECT_REASON, reason.0);
                    w.bool(join_request::RECONNECT, true);
                }
            }
            for (key, value) in self.options.attributes.iter().rev() {
                w.fields(join_request::PARTICIPANT_ATTRIBUTES, |w| {
                    w.str(2 << 3 | 2, value);
                    w.str(1 << 3 | 2, key);
                });
            }
            w.str(join_request::METADATA, self.options.metadata);
            if self.options.auto_subscribe_data_track {
                w.fields(join_request::CONNECTION_SETTINGS, |w| {
                    w.bool(connection_settings::AUTO_SUBSCRIBE_DATA_TRACK, true);
                });
            }
            w.fields(join_request::CLIENT_INFO, |w| {
                if self.options.reads_deflate {
                    // A packed list of one.
                    w.bytes(client_info::CAPABILITIES, &[2]);
                }
                w.uint32(client_info::CLIENT_PROTOCOL, self.options.client_protocol);
                w.str(client_info::DEVICE_MODEL, self.options.device_model);
                w.uint32(client_info::PROTOCOL, PROTOCOL);
                w.str(client_info::VERSION, self.options.version);
            });
        });
    }
}

/// What is before the message: the request line, up to its query.
struct Front<'r>(&'r Request<'r>);

impl Write for Front<'_> {
    fn write(&self, w: &mut Writer<'_>) {
        let Request { url, options, connect, .. } = self.0;
        if options.is_old_server {
            let digit = |number: u32| [b'0' | number.min(9) as u8];
            if let Connect::Resume { sid, reason } = connect {
                w.raw(sid.as_bytes());
                w.raw(b"&sid=");
                w.raw(&digit(reason.0.unsigned_abs()));
                w.raw(b"&reconnect=1&reconnect_reason=");
            }
            w.raw(&digit(options.client_protocol));
            // Of protocol 2, data comes over the connection that this participant offers.
            w.raw(b"/rtc?auto_subscribe=0&protocol=2&client_protocol=");
        } else {
            w.raw(b"/rtc/v1?join_request=");
        }
        w.raw(url.path.as_bytes());
        w.raw(b"GET ");
    }
}

impl Write for Request<'_> {
    fn write(&self, w: &mut Writer<'_>) {
        self.message(w);
    }
}

/// The fields of a `SessionDescription`.
pub(crate) fn description(kind: &str, sdp: &str, id: u32, w: &mut Writer<'_>) {
    w.uint32(session_description::ID, id);
    w.str(session_description::SDP, sdp);
    w.str(session_description::TYPE, kind);
}

/// The key of the request, and what the server makes of it.
pub(super) fn keys(random: &[u8; 16]) -> ([u8; 24], [u8; 28]) {
    let key = websocket::nonce(random);
    (key, websocket::accept_key(&key))
}
