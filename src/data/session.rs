//! Everything about data packets in one place.

mod calls;
#[cfg(feature = "e2ee")]
mod encrypted;

use super::channel::Channel;
use super::encryption::Encryption;
use super::error::SendError;
use super::event::{Event, Received, Replies};
use super::fields::{Fields, text};
use super::id::Sid;
use super::local::{Data, LocalParticipant};
use super::packet::Packet;
use super::resend::{Keep, Unreceived};
use super::rpc::{self, Calls, RpcError};
use super::senders::{self, Senders};
use super::stream::{self, Attributes, Context, Limits, StreamError, StreamPart, Streams};
use crate::tags::data_stream::header;
use crate::tags::{data_packet, user_packet};
use crate::{DecodeError, String};

/// A participant's side of a room's data packets: takes what was received, makes what is to be sent.
///
/// It does no I/O and has no clock: the caller passes frames, a buffer and the time. Its parts are types: `()`
/// links nothing. `S` is `()` or [`Incoming`](super::Incoming) streams, `R` is `()` or [`Rpc`](super::Rpc),
/// `K` is `()` or [`Resend`](super::Resend), `E` is `()` or end-to-end encryption, `SENDERS` how many senders are
/// remembered.
///
/// All zero at the start, so that one in a `static` takes no flash.
pub struct Session<S = (), R = (), K = (), E = (), const SENDERS: usize = 8> {
    /// The sending side, for streams.
    pub local: LocalParticipant<K, E>,
    senders: Senders<SENDERS>,
    streams: S,
    rpc: R,
    /// The stream of the chunk that is read in pieces: its index and 1, or 0.
    in_pieces: usize,
    skipped: u32,
}

impl<S: Streams, R: Calls, K: Keep, const SENDERS: usize> Session<S, R, K, (), SENDERS> {
    /// A session that has sent and received nothing yet.
    pub const fn new() -> Self {
        Self::with_encryption(())
    }

    /// Takes a frame that was received on `channel`. Returns what has come of it, and the frames that are to
    /// be sent at once, which are made in `out`: 660 bytes are enough for every acknowledgement and
    /// refusal, 512 if identities have up to 190 bytes.
    ///
    /// Duplicates and streams of other topics come to nothing.
    ///
    /// # Errors
    /// [`DecodeError::Malformed`] for what is not a packet: drop it and go on.
    #[inline(always)]
    pub fn receive<'a, 'b>(
        &mut self,
        channel: Channel,
        frame: &'a [u8],
        now_ms: u64,
        out: &'b mut [u8],
    ) -> Result<(Option<Event<'a>>, Replies<'b>), DecodeError> {
        // Made where the caller uses them: moving them would take `memcpy`.
        let (mut event, mut replies) = (None, Replies::default());
        self.take(channel, frame, now_ms as u32, out, &mut event, &mut replies)?;
        Ok((event, replies))
    }

    #[inline(never)]
    fn take<'a, 'b>(
        &mut self,
        channel: Channel,
        frame: &'a [u8],
        now: u32,
        out: &'b mut [u8],
        event: &mut Option<Event<'a>>,
        replies: &mut Replies<'b>,
    ) -> Result<(), DecodeError> {
        let packet = Packet::read(frame)?;
        if self.is_new(channel, &packet, now) {
            let context = Context { frame, is_encrypted: false, now };
            if !self.deliver(&packet, &context, out, event, replies)? {
                *event = Some(Event::Other(frame));
            }
        }
        Ok(())
    }
}

impl<S: Streams, R: Calls, K: Keep, E: Encryption, const SENDERS: usize>
    Session<S, R, K, E, SENDERS>
{
    /// A session that has sent and received nothing yet, with end-to-end encryption.
    pub const fn with_encryption(encryption: E) -> Self {
        Self {
            local: LocalParticipant::with_encryption(encryption),
            senders: Senders::new(),
            streams: S::EMPTY,
            rpc: R::EMPTY,
            in_pieces: 0,
            skipped: 0,
        }
    }

    #[inline(always)]
    fn is_new(&mut self, channel: Channel, packet: &Packet<'_>, now: u32) -> bool {
        channel != Channel::Reliable
            || senders::is_new(self.senders.slots(), &packet.sid, packet.sequence, now)
    }

    /// Takes what is in a packet; `false` if it is of a kind that the session does not take.
    #[inline(always)] // once in a firmware
    fn deliver<'a, 'b>(
        &mut self,
        packet: &Packet<'a>,
        context: &Context<'a>,
        out: &'b mut [u8],
        event: &mut Option<Event<'a>>,
        replies: &mut Replies<'b>,
    ) -> Result<bool, DecodeError> {
        let frame = context.frame;
        let is_taken = match packet.tag {
            data_packet::USER => true,
            data_packet::RPC_REQUEST => R::IS_CALLEE,
            data_packet::RPC_ACK | data_packet::RPC_RESPONSE => R::CALLS > 0,
            data_packet::STREAM_HEADER
            | data_packet::STREAM_CHUNK
            | data_packet::STREAM_TRAILER => S::IS_ANY || R::IS_V2,
            _ => false,
        };
        if !is_taken {
            return Ok(false);
        }
        let mut fields = Fields::EMPTY;
        fields.read(packet.body, frame)?;
        match packet.tag {
            data_packet::USER => {
                let (from, topic) = (packet.identity, fields.bytes(user_packet::TOPIC));
                *event = Some(Event::Data(Received {
                    from: text(from, frame)?,
                    topic: text(topic, frame)?,
                    payload: fields.bytes(user_packet::PAYLOAD),
                }));
            }
            data_packet::RPC_REQUEST if R::IS_CALLEE => {
                self.called(packet, &fields, frame, out, event, replies)?;
            }
            data_packet::RPC_ACK | data_packet::RPC_RESPONSE if R::CALLS > 0 => {
                rpc::answer(self.rpc.calls(), packet, &mut fields, frame, event)?;
            }
            data_packet::STREAM_HEADER => {
                if R::IS_V2
                    && let Some(kind) = rpc::kind(&fields)
                {
                    Attributes::new(packet.body, header::ATTRIBUTES).check(frame)?;
                    match kind {
                        rpc::Kind::Request => {
                            self.called_by_stream(packet, &fields, context, out, event, replies)?;
                        }
                        rpc::Kind::Response if R::CALLS > 0 => {
                            self.answered_by_stream(packet, &fields, context, event)?;
                        }
                        rpc::Kind::Response => {}
                    }
                    return Ok(true);
                }
                self.open(packet, &fields, context, event)?;
            }
            _ if S::IS_ANY => {
                let slots = self.streams.slots();
                stream::go_on(slots, S::MAX_BYTES, packet, &fields, context, event)?;
            }
            _ => {}
        }
        Ok(true)
    }

    /// The header of a stream.
    #[inline(always)]
    pub(super) fn open<'a>(
        &mut self,
        packet: &Packet<'a>,
        fields: &Fields<'a>,
        context: &Context<'a>,
        event: &mut Option<Event<'a>>,
    ) -> Result<(), DecodeError> {
        if !S::IS_ANY {
            return Ok(());
        }
        let limits =
            Limits { topics: S::TOPICS, max_bytes: S::MAX_BYTES, compressed: S::COMPRESSED };
        stream::open(self.streams.slots(), &limits, packet, fields, context, event)
    }

    /// Takes the beginning of a frame that does not fit the receive buffer: `prefix`, with at least its first 128
    /// bytes. `total` is the length of the frame, if the transport says it. [`receive_more`](Self::receive_more) takes
    /// what follows.
    ///
    /// Only chunks of streams are read so; any other frame is [`skipped`](Self::skipped). A stream of which a chunk was not
    /// taken, or not to its end, fails with [`StreamError::MissedChunk`] or [`StreamError::Incomplete`].
    #[inline(never)]
    pub fn receive_window<'a>(
        &mut self,
        prefix: &'a [u8],
        total: Option<usize>,
        now_ms: u64,
    ) -> Option<StreamPart<'a>> {
        self.in_pieces = 0;
        let head = stream::head(prefix, total).filter(|_| self.local.encryption.takes_plain());
        let Some(head) = head else {
            self.skipped = self.skipped.wrapping_add(1);
            return None;
        };
        let now = now_ms as u32;
        if !senders::is_new(self.senders.slots(), &head.sid, head.sequence, now) {
            return None;
        }
        let len = head.total.saturating_sub(head.content);
        let content = prefix.get(head.content..).unwrap_or_default();
        let part = stream::take(self.streams.slots(), S::MAX_BYTES, &head, content, len, now)?;
        self.in_pieces = part.stream.wrapping_add(1);
        Some(part)
    }

    /// Takes what follows of a frame whose beginning [`receive_window`](Self::receive_window) took: content as
    /// it is. `None` if that was not the chunk of a stream that is open.
    pub fn receive_more<'a>(&mut self, content: &'a [u8]) -> Option<StreamPart<'a>> {
        stream::take_more(self.streams.slots(), self.in_pieces, content)
    }

    /// Returns how many frames were skipped because they are larger than the receive buffer and no chunk, since
    /// the session was made.
    pub const fn skipped(&self) -> u32 {
        self.skipped
    }

    /// Returns what time has brought: calls without a response, streams that stopped. Call it until it returns
    /// `None`, at least when [`poll_in`](Self::poll_in) says so, after all frames that have arrived: otherwise a call
    /// times out whose response waits to be read.
    pub fn poll(&mut self, now_ms: u64) -> Option<Event<'static>> {
        let now = now_ms as u32;
        senders::forget(self.senders.slots(), now);
        if let Some(answer) = rpc::poll(self.rpc.calls(), now) {
            return Some(Event::Answer(answer));
        }
        let is_idle = |slot: &stream::Slot| slot.left(S::IDLE_MS, now) == 0;
        stream::fail_first(self.streams.slots(), StreamError::TimedOut, &is_idle).map(Event::Stream)
    }

    /// Returns in how many milliseconds [`poll`](Self::poll) may have something to say; `None` if only a packet
    /// can change that.
    pub fn poll_in(&mut self, now_ms: u64) -> Option<u32> {
        let now = now_ms as u32;
        let open = self.streams.slots().iter().filter(|slot| slot.is_open());
        let streams = open.map(|slot| slot.left(S::IDLE_MS, now)).min();
        rpc::poll_in(self.rpc.calls(), now).into_iter().chain(streams).min()
    }

    /// Notes that a participant has left: its streams and the calls to it are over. Call it until it returns
    /// `None`.
    pub fn participant_left(&mut self, identity: &str, sid: &str) -> Option<Event<'static>> {
        let mut id = Sid::NONE;
        id.set(sid.as_bytes());
        let is_to = |call: &rpc::Slot| call.is_to(identity.as_bytes());
        self.disconnect(&is_to, StreamError::ParticipantLeft, &|stream| stream.is_of(&id))
    }

    /// Begins anew, after a connect that is not a resume: the sid is another one, numbers count from 1, nothing
    /// is kept for a resume. Streams and calls are over: call it until it returns `None`.
    pub fn reset(&mut self) -> Option<Event<'static>> {
        self.local.reset();
        self.senders = Senders::new();
        self.in_pieces = 0;
        self.disconnect(&|_| true, StreamError::Disconnected, &|_| true)
    }

    /// Gives up the first of these calls, or after them the first of these streams.
    fn disconnect(
        &mut self,
        is_call: &dyn Fn(&rpc::Slot) -> bool,
        error: StreamError,
        is_stream: &dyn Fn(&stream::Slot) -> bool,
    ) -> Option<Event<'static>> {
        let disconnected = RpcError::RECIPIENT_DISCONNECTED;
        match rpc::fail_first(self.rpc.calls(), disconnected, is_call) {
            Some(answer) => Some(Event::Answer(answer)),
            None => stream::fail_first(self.streams.slots(), error, is_stream).map(Event::Stream),
        }
    }

    /// Returns the frames to send again after a resume, before anything new:
    /// `ReconnectResponse.last_message_seq` is the number of the last packet that the server received.
    pub fn resume(&mut self, last_message_seq: u32) -> Unreceived<'_> {
        self.local.unreceived(last_message_seq)
    }

    /// Returns the sid of each sender and the number of its last packet, for
    /// `SyncState.datachannel_receive_states` of a resume.
    pub fn receive_states(&self) -> impl Iterator<Item = (String<16>, u32)> {
        self.senders.states()
    }

    /// As [`LocalParticipant::publish_data`].
    ///
    /// # Errors
    /// See [`SendError`].
    pub fn publish_data<'b>(
        &mut self,
        data: &Data<'_>,
        buf: &'b mut [u8],
    ) -> Result<&'b [u8], SendError> {
        self.local.publish_data(data, buf)
    }

    /// As [`LocalParticipant::publish_lossy_data`].
    ///
    /// # Errors
    /// See [`SendError`].
    pub fn publish_lossy_data<'b>(
        &mut self,
        data: &Data<'_>,
        buf: &'b mut [u8],
    ) -> Result<&'b [u8], SendError> {
        self.local.publish_lossy_data(data, buf)
    }
}

impl<S: Streams, R: Calls, K: Keep, const SENDERS: usize> Default
    for Session<S, R, K, (), SENDERS>
{
    fn default() -> Self {
        Self::new()
    }
}
