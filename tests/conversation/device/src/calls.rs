//! The device's methods, and its calls of others'.

use livekit_micro::RpcCode;
use livekit_micro::data::{
    Answer, CallId, Channel, Invocation, MAX_RPC_PAYLOAD_BYTES, Pending, RpcError,
};
use serde_json::json;

use crate::bridge::Bridge;
use crate::device::Conversation;
use crate::tell::{self, Content};

#[derive(Default)]
pub struct Calls {
    /// Calls of ours, with the commands that they are of.
    made: Vec<(CallId, u64)>,
    /// Calls to respond to later, and when.
    held: Vec<(u64, Pending)>,
}

impl Calls {
    pub fn made(&mut self, call: CallId, command: u64) {
        self.made.push((call, command));
    }

    pub fn answered(&mut self, answer: &Answer<'_>) {
        let at = self.made.iter().position(|(call, _)| *call == answer.call);
        let (_, command) = self.made.swap_remove(at.expect("each call has one answer"));
        match answer.result {
            Ok(payload) => tell::done(command, Content::of(payload.as_bytes()).tell()),
            Err(error) => tell::failed(command, &error),
        }
    }

    /// Responds, or does not yet; `true` if the device is to leave. Each participant of the tests has these methods.
    pub fn called(
        &mut self,
        call: &Invocation<'_>,
        now_ms: u64,
        session: &mut Conversation,
        bridge: &mut Bridge,
        buf: &mut [u8],
    ) -> bool {
        let content = Content::of(call.payload.as_bytes()).tell();
        let (from, method) = (call.caller.identity, call.method);
        tell::event("call", json!({ "from": from, "method": method, "content": content }));
        let long = "x".repeat(MAX_RPC_PAYLOAD_BYTES + 1);
        let result = match call.method {
            "echo" => Ok(call.payload),
            "fail" => Err(RpcError { data: call.payload, ..RpcError::new(RpcCode(2001), "stuck") }),
            "crash" => Err(RpcError::APPLICATION_ERROR),
            "grow" => Ok(long.as_str()),
            "slow" => {
                let after: u64 = call.payload.parse().expect("milliseconds");
                self.held.push((now_ms + after, call.caller.keep().expect("identities are short")));
                return false;
            }
            "leave" => return true,
            _ => Err(RpcError::UNSUPPORTED_METHOD),
        };
        let frame = session.respond(&call.caller, result, buf).expect("the buffer takes any frame");
        bridge.send(Channel::Reliable, frame);
        false
    }

    pub fn due_in(&self, now_ms: u64) -> Option<u64> {
        self.held.iter().map(|(due, _)| due.saturating_sub(now_ms)).min()
    }

    pub fn respond_due(
        &mut self,
        now_ms: u64,
        session: &mut Conversation,
        bridge: &mut Bridge,
        buf: &mut [u8],
    ) {
        self.held.retain(|(due, pending)| {
            if *due > now_ms {
                return true;
            }
            let frame = session
                .respond(&pending.caller(), Ok("late"), buf)
                .expect("the buffer takes any frame");
            bridge.send(Channel::Reliable, frame);
            false
        });
    }
}
