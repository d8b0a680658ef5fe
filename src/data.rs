//! The data plane.

mod channel;
mod error;
mod event;
mod fields;
mod id;
mod local;
mod packet;
mod resend;
mod rpc;
mod senders;
mod session;
mod stream;

pub use channel::{Channel, MAX_FRAME_BYTES, MAX_LOSSY_PAYLOAD_BYTES, MAX_RELIABLE_PAYLOAD_BYTES};
pub use error::SendError;
pub use event::{Event, Received, Replies};
pub use local::{Data, LocalParticipant};
pub use resend::{Keep, Resend, Unreceived};
pub use rpc::{
    Answer, CallId, Caller, Calls, Invocation, MAX_RPC_PAYLOAD_BYTES, Pending, PerformRpc, Rpc,
    RpcError,
};
pub use session::Session;
pub use stream::{
    Attributes, AttributesIter, Closed, Incoming, MAX_CHUNK_BYTES, StreamError, StreamInfo,
    StreamOptions, StreamPart, StreamWriter, Streams, Topics,
};
