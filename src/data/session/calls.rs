//! Calls of a session, both ways.

use super::Session;
use crate::DecodeError;
use crate::data::encryption::Encryption;
use crate::data::error::SendError;
use crate::data::event::{Event, Replies};
use crate::data::fields::{Fields, text};
use crate::data::id::Sid;
use crate::data::packet::Packet;
use crate::data::resend::Keep;
use crate::data::rpc::{self, CallId, Caller, Calls, PerformRpc, Rpc, RpcError, RpcV2};
use crate::data::stream::{Closed, Context, StreamPart, StreamWriter, Streams};
use crate::tags::data_stream::header;

impl<S: Streams, R: Calls, K: Keep, E: Encryption, const SENDERS: usize>
    Session<S, R, K, E, SENDERS>
{
    /// A request in a packet.
    #[inline(never)]
    pub(super) fn called<'a, 'b>(
        &mut self,
        packet: &Packet<'a>,
        fields: &Fields<'a>,
        frame: &[u8],
        out: &'b mut [u8],
        event: &mut Option<Event<'a>>,
        replies: &mut Replies<'b>,
    ) -> Result<(), DecodeError> {
        let caller = rpc::caller(packet, fields, frame)?;
        let is_supported = rpc::is_supported(fields);
        if is_supported {
            // Before anything is made: what is not a request takes no number.
            rpc::request(caller, fields, frame, event)?;
        }
        let Some(front) = self.acknowledge(&packet.sid, &caller, out, replies) else {
            *event = None;
            return Ok(());
        };
        if !is_supported {
            self.refuse(&caller, RpcError::UNSUPPORTED_VERSION, front, replies);
        }
        Ok(())
    }

    /// A request in a stream: what is in the header is a call, what is in chunks or compressed a stream.
    #[inline(never)]
    pub(super) fn called_by_stream<'a, 'b>(
        &mut self,
        packet: &Packet<'a>,
        fields: &Fields<'a>,
        context: &Context<'a>,
        out: &'b mut [u8],
        event: &mut Option<Event<'a>>,
        replies: &mut Replies<'b>,
    ) -> Result<(), DecodeError> {
        let (head, identity) =
            (rpc::Head::read(packet.body), text(packet.identity, context.frame)?);
        let reads_inline = fields.has(header::INLINE_CONTENT);
        let caller = Caller { identity, request_id: head.request_id, reads_inline };
        let payload = rpc::payload(fields, context.frame)?;
        let Some(front) = self.acknowledge(&packet.sid, &caller, out, replies) else {
            return Ok(());
        };
        if let Some(error) = head.refused(fields, S::COMPRESSED) {
            self.refuse(&caller, error, front, replies);
        } else if let Some(payload) = payload {
            *event = Some(Event::Call(head.invocation(caller, payload)));
        } else {
            self.open(packet, fields, context, event)?;
            match event {
                None => {
                    let error = RpcError::REQUEST_PAYLOAD_TOO_LARGE;
                    self.refuse(&caller, error, front, replies);
                }
                Some(Event::Stream(StreamPart { closed: Some(Closed::Failed(_)), .. })) => {
                    self.refuse(&caller, RpcError::APPLICATION_ERROR, front, replies);
                }
                Some(_) => {}
            }
        }
        Ok(())
    }

    /// A response in a stream: what is in the header is the answer, what is in chunks or compressed a stream.
    #[inline(never)]
    pub(super) fn answered_by_stream<'a>(
        &mut self,
        packet: &Packet<'a>,
        fields: &Fields<'a>,
        context: &Context<'a>,
        event: &mut Option<Event<'a>>,
    ) -> Result<(), DecodeError> {
        let (calls, frame) = (self.rpc.calls(), context.frame);
        rpc::answer_by_stream(calls, packet, fields, S::COMPRESSED, frame, event)?;
        let Some(Event::Answer(answer)) = event else { return Ok(()) };
        let call = answer.call;
        // The error of a response that cannot be read is final; of one in a stream it stands if no slot is free.
        let is_readable = answer
            .result
            .is_err_and(|error| error.code == RpcError::RESPONSE_PAYLOAD_TOO_LARGE.code);
        if is_readable && rpc::is_streamed(fields) {
            self.open(packet, fields, context, event)?;
        }
        if let Some(Event::Stream(StreamPart { opened: Some(info), .. })) = event {
            info.response_to = Some(call);
        }
        Ok(())
    }

    /// Acknowledges a request: first, always, because some callers do not look at a response before. Returns
    /// space for a refusal; `None` for a request that was there before, and is not run again.
    #[inline(never)]
    fn acknowledge<'b>(
        &mut self,
        sid: &Sid,
        caller: &Caller<'_>,
        out: &'b mut [u8],
        replies: &mut Replies<'b>,
    ) -> Option<&'b mut [u8]> {
        let recent = self.rpc.recent()?;
        let len = self.local.acknowledge(caller, out).ok()?.len();
        // Not before: a request that was not acknowledged comes again, and has not run.
        let is_new = recent.is_new(sid, caller.request_id);
        // Frames are made at the end of their buffer.
        let at = out.len().saturating_sub(len);
        let (front, acknowledgement) = out.split_at_mut_checked(at)?;
        replies.0[0] = acknowledgement;
        is_new.then_some(front)
    }

    #[inline(never)]
    fn refuse<'b>(
        &mut self,
        caller: &Caller<'_>,
        error: RpcError<'_>,
        out: &'b mut [u8],
        replies: &mut Replies<'b>,
    ) {
        replies.0[1] = self.local.respond(caller, Err(error), out).unwrap_or_default();
    }
}

impl<S: Streams, const CALLS: usize, const V2: bool, K: Keep, E: Encryption, const SENDERS: usize>
    Session<S, Rpc<CALLS, V2>, K, E, SENDERS>
{
    /// Responds to a call: see [`LocalParticipant::respond`](crate::data::LocalParticipant::respond). If the request was a stream in one frame, the
    /// response is one too, if it fits.
    ///
    /// # Errors
    /// See [`SendError`].
    pub fn respond<'b>(
        &mut self,
        caller: &Caller<'_>,
        result: Result<&str, RpcError<'_>>,
        buf: &'b mut [u8],
    ) -> Result<&'b [u8], SendError> {
        match result {
            Ok(payload) if V2 && rpc::fits_inline(caller, payload) => {
                self.local.respond_inline(caller, payload, buf)
            }
            result => self.local.respond(caller, result, buf),
        }
    }

    /// Calls a method of another participant; its [`Answer`](crate::data::Answer) comes as an event. `random` becomes
    /// the id of the request.
    ///
    /// # Errors
    /// [`SendError::TooManyCalls`] if `CALLS` wait already; [`SendError::TooLong`] for a payload over 15 360
    /// bytes.
    pub fn perform_rpc<'b>(
        &mut self,
        call: &PerformRpc<'_>,
        random: [u8; 16],
        now_ms: u64,
        buf: &'b mut [u8],
    ) -> Result<(CallId, &'b [u8]), SendError> {
        let calls = rpc::sealed::Calls::calls(&mut self.rpc);
        let perform = if V2 { rpc::perform_v2 } else { rpc::perform };
        perform(calls, &mut self.local, call, random, now_ms as u32, buf)
    }
}

impl<S: Streams, const CALLS: usize, K: Keep, E: Encryption, const SENDERS: usize>
    Session<S, RpcV2<CALLS>, K, E, SENDERS>
{
    /// Calls a method with a payload of any length, as a text stream that the [`StreamWriter`] sends: for a
    /// participant whose `client_protocol` is 1 or more. `call.payload` is not sent. The two `random` become
    /// the ids of the request and of the stream.
    ///
    /// # Errors
    /// [`SendError::TooManyCalls`] if `CALLS` wait already.
    pub fn stream_rpc<'a, 'b>(
        &mut self,
        call: &'a PerformRpc<'a>,
        total_length: Option<u32>,
        random: [[u8; 16]; 2],
        now_ms: u64,
        buf: &'b mut [u8],
    ) -> Result<(CallId, StreamWriter<'a>, &'b [u8]), SendError> {
        let calls = rpc::sealed::Calls::calls(&mut self.rpc);
        rpc::stream(calls, &mut self.local, call, total_length, random, now_ms as u32, buf)
    }
}
