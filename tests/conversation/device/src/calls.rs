//! The device's methods, and its calls of others'.

use livekit_micro::RpcCode;
use livekit_micro::data::{Answer, CallId, Invocation, MAX_RPC_PAYLOAD_BYTES, Pending, RpcError};
use serde_json::json;

use crate::tell::{self, Content};

#[derive(Default)]
pub struct Calls {
    /// Calls of ours, with the commands that they are of.
    made: Vec<(CallId, u64)>,
    /// Calls to respond to later, and when.
    held: Vec<(u64, Pending)>,
}

/// How the payload of a call has come.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// RPC version 1.
    Packet,
    /// RPC version 2, in one frame.
    Frame,
    /// RPC version 2, in chunks.
    Chunks,
}

impl Form {
    fn name(self) -> &'static str {
        match self {
            Self::Packet => "packet",
            Self::Frame => "frame",
            Self::Chunks => "chunks",
        }
    }
}

/// What is to be done about a call.
pub enum Next {
    Respond(Pending, Result<String, Failure>),
    /// Respond with more than fits a packet.
    Stream(Pending, String),
    Wait,
    Leave,
}

/// An error that is kept.
pub struct Failure {
    code: RpcCode,
    message: &'static str,
    data: String,
}

impl Failure {
    pub fn new(error: RpcError<'static>, data: &str) -> Self {
        Self { code: error.code, message: error.message, data: data.to_owned() }
    }

    pub fn borrowed(&self) -> RpcError<'_> {
        RpcError { code: self.code, message: self.message, data: &self.data }
    }
}

impl Calls {
    pub fn made(&mut self, call: CallId, command: u64) {
        self.made.push((call, command));
    }

    pub fn answered(&mut self, answer: &Answer<'_>) {
        let command = self.command(answer.call);
        match answer.result {
            Ok(payload) => tell::done(command, Content::of(payload.as_bytes()).tell()),
            Err(error) => tell::failed(command, &error),
        }
    }

    pub fn answered_by_stream(&mut self, call: CallId, result: Result<Content, String>) {
        let command = self.command(call);
        match result {
            Ok(content) => tell::done(command, content.tell()),
            Err(error) => tell::failed(command, &RpcError::new(RpcCode(0), &error)),
        }
    }

    fn command(&mut self, call: CallId) -> u64 {
        let at = self.made.iter().position(|(made, _)| *made == call);
        self.made.swap_remove(at.expect("each call has one answer")).1
    }

    /// Runs a method. Each participant of the tests has these.
    pub fn called(&mut self, call: &Invocation<'_>, form: Form, now_ms: u64) -> Next {
        let content = Content::of(call.payload.as_bytes()).tell();
        let (from, method, name) = (call.caller.identity, call.method, form.name());
        tell::event(
            "call",
            json!({ "from": from, "method": method, "content": content, "form": name }),
        );
        let caller = call.caller.keep().expect("identities are short");
        let result = match call.method {
            "echo" if form != Form::Packet && call.payload.len() > MAX_RPC_PAYLOAD_BYTES => {
                return Next::Stream(caller, call.payload.to_owned());
            }
            "echo" => Ok(call.payload.to_owned()),
            "fail" => Err(Failure::new(RpcError::new(RpcCode(2001), "stuck"), call.payload)),
            "crash" => Err(Failure::new(RpcError::APPLICATION_ERROR, "")),
            "grow" => Ok("x".repeat(MAX_RPC_PAYLOAD_BYTES + 1)),
            "slow" => {
                let after: u64 = call.payload.parse().expect("milliseconds");
                self.held.push((now_ms + after, caller));
                return Next::Wait;
            }
            "leave" => return Next::Leave,
            _ => Err(Failure::new(RpcError::UNSUPPORTED_METHOD, "")),
        };
        Next::Respond(caller, result)
    }

    pub fn due_in(&self, now_ms: u64) -> Option<u64> {
        self.held.iter().map(|(due, _)| due.saturating_sub(now_ms)).min()
    }

    /// The next call whose response is due.
    pub fn due(&mut self, now_ms: u64) -> Option<Next> {
        let at = self.held.iter().position(|(due, _)| *due <= now_ms)?;
        let (_, pending) = self.held.swap_remove(at);
        Some(Next::Respond(pending, Ok("late".to_owned())))
    }
}
