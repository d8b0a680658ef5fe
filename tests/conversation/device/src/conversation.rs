//! The session of a device, with either version of RPC.

use livekit_micro::data::{
    CallId, Incoming, PerformRpc, Resend, Rpc, RpcV2, SendError, Session, StreamWriter, Topics,
};
use livekit_micro::topics;

/// What it wants to receive. Streams of other topics come to nothing.
pub struct Wanted<const V2: bool>;

impl<const V2: bool> Topics for Wanted<V2> {
    const TOPICS: &'static [&'static str] = if V2 {
        &["text", "bytes", topics::TRANSCRIPTION, topics::RPC_REQUEST, topics::RPC_RESPONSE]
    } else {
        &["text", "bytes", topics::TRANSCRIPTION]
    };
}

pub const STREAMS: usize = 12;
pub type Kept = Resend<8192>;
pub type Conversation<const V2: bool> = Session<Incoming<Wanted<V2>, STREAMS>, Rpc<8, V2>, Kept>;

/// Calls with more than fits a packet, which only RPC version 2 has.
pub trait StreamRpc {
    fn stream_rpc<'a, 'b>(
        &mut self,
        call: &'a PerformRpc<'a>,
        now_ms: u64,
        buf: &'b mut [u8],
    ) -> Result<(CallId, Option<StreamWriter<'a>>, &'b [u8]), SendError>;
}

impl StreamRpc for Session<Incoming<Wanted<false>, STREAMS>, Rpc<8>, Kept> {
    fn stream_rpc<'a, 'b>(
        &mut self,
        call: &'a PerformRpc<'a>,
        now_ms: u64,
        buf: &'b mut [u8],
    ) -> Result<(CallId, Option<StreamWriter<'a>>, &'b [u8]), SendError> {
        self.perform_rpc(call, random(), now_ms, buf).map(|(call, frame)| (call, None, frame))
    }
}

impl StreamRpc for Session<Incoming<Wanted<true>, STREAMS>, RpcV2<8>, Kept> {
    fn stream_rpc<'a, 'b>(
        &mut self,
        call: &'a PerformRpc<'a>,
        now_ms: u64,
        buf: &'b mut [u8],
    ) -> Result<(CallId, Option<StreamWriter<'a>>, &'b [u8]), SendError> {
        let (random, total) = ([random(), random()], call.payload.len() as u32);
        let (call, writer, frame) =
            Session::stream_rpc(self, call, Some(total), random, now_ms, buf)?;
        Ok((call, Some(writer), frame))
    }
}

pub fn random() -> [u8; 16] {
    fastrand::u128(..).to_le_bytes()
}
