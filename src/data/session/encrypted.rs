//! What a session with end-to-end encryption does with a frame.

use super::Session;
use crate::DecodeError;
use crate::data::LocalParticipant;
use crate::data::channel::Channel;
use crate::data::event::{Event, Opened, Refused, Replies};
use crate::data::fields::text;
use crate::data::packet::Packet;
use crate::data::resend::Keep;
use crate::data::rpc::Calls;
use crate::data::stream::{Context, Streams};
use crate::e2ee::{Cipher, E2ee, KeyProvider, OpenError, Policy, is_encryptable, range};
use crate::tags::data_packet;

impl<K, P, C> LocalParticipant<K, E2ee<P, C>> {
    /// Returns its keys and the rest of its encryption.
    pub const fn e2ee(&mut self) -> &mut E2ee<P, C> {
        &mut self.encryption
    }
}

impl<S: Streams, R: Calls, K: Keep, P: KeyProvider, C: Cipher, const SENDERS: usize>
    Session<S, R, K, E2ee<P, C>, SENDERS>
{
    /// Returns its keys and the rest of its encryption.
    pub const fn e2ee(&mut self) -> &mut E2ee<P, C> {
        self.local.e2ee()
    }

    /// Returns `true` if the packet of the last [`receive`](Self::receive) was encrypted, and could be opened.
    pub const fn was_encrypted(&self) -> bool {
        self.local.encryption.was_encrypted
    }

    /// Takes a frame that was received on `channel`, and opens the packet in place. Returns what has come of it,
    /// and the frames that are to be sent at once, which are made in `out`: 660 bytes are enough for every
    /// acknowledgement and refusal, 512 if identities have up to 190 bytes.
    ///
    /// Duplicates and streams of other topics come to nothing; what is not opened, or not encrypted although it
    /// has to be, is an [`Event::Refused`].
    ///
    /// # Errors
    /// [`DecodeError::Malformed`] for what is not a packet: drop it and go on.
    #[inline(always)]
    pub fn receive<'a, 'b>(
        &mut self,
        channel: Channel,
        frame: &'a mut [u8],
        now_ms: u64,
        out: &'b mut [u8],
    ) -> Result<(Option<Event<'a>>, Replies<'b>), DecodeError> {
        // Made where the caller uses them: moving them would take `memcpy`.
        let (mut event, mut replies) = (None, Replies::default());
        self.take_encrypted(channel, frame, now_ms as u32, out, &mut event, &mut replies)?;
        Ok((event, replies))
    }

    #[inline(never)]
    fn take_encrypted<'a, 'b>(
        &mut self,
        channel: Channel,
        frame: &'a mut [u8],
        now: u32,
        out: &'b mut [u8],
        event: &mut Option<Event<'a>>,
        replies: &mut Replies<'b>,
    ) -> Result<(), DecodeError> {
        self.local.encryption.was_encrypted = false;
        let packet = Packet::read(frame)?;
        if !self.is_new(channel, &packet, now) {
            return Ok(());
        }
        // Where they are, because the frame is written to.
        let start = frame.as_ptr().addr();
        let (from, mut body) = (range(packet.identity, start), range(packet.body, start));
        let (sid, sequence, mut tag) = (packet.sid, packet.sequence, packet.tag);
        let e2ee = &mut self.local.encryption;
        let opened = match e2ee.policy {
            Policy::Require | Policy::Accept if tag == data_packet::ENCRYPTED_PACKET => {
                e2ee.open_packet(from.clone(), body.clone(), frame).map(Some)
            }
            Policy::Require if is_encryptable(tag) => Err(OpenError::Unencrypted),
            _ => Ok(None),
        };
        let frame: &'a [u8] = frame;
        let identity = frame.get(from).unwrap_or_default();
        let opened = match opened {
            Ok(opened) => opened,
            Err(error) => {
                *event = Some(Event::Refused(Refused { from: text(identity, frame)?, error }));
                return Ok(());
            }
        };
        let is_encrypted = opened.is_some();
        e2ee.was_encrypted = is_encrypted;
        let mut plaintext = 0..0;
        if let Some(payload) = opened {
            (tag, body, plaintext) = (payload.tag, payload.body, payload.all);
        }
        let body = frame.get(body).unwrap_or_default();
        let packet = Packet { identity, sid, sequence, tag, body };
        let context = Context { frame, is_encrypted, now };
        if !self.deliver(&packet, &context, out, event, replies)? {
            *event = Some(match is_encrypted {
                true => Event::Opened(Opened {
                    from: text(identity, frame)?,
                    payload: frame.get(plaintext).unwrap_or_default(),
                }),
                false => Event::Other(frame),
            });
        }
        Ok(())
    }
}
