//! LiveKit's own topics of data streams.
//!
//! A topic is in the header of a stream (`DataStream.Header.topic`); the chunks after it have the
//! stream's id only. The attributes that come with a topic are in [`attributes`](crate::attributes).
//!
//! Sources: **agents** is PyPI's `livekit-agents` 1.8.9, **sdk** LiveKit's SDKs for clients, where
//! `livekit-rpc` 0.2.0 of crates.io and `client-sdk-js` 2.23.0 agree.
//!
//! ```
//! use livekit_micro::borrowed::data_stream::Header;
//! use livekit_micro::topics;
//!
//! let header = Header { topic: topics::CHAT, mime_type: "text/plain", ..Default::default() };
//! ```

/// Text for an agent, as a text stream from the participant that the agent is linked to.
///
/// Source: agents, `TOPIC_CHAT` of `types.py`.
pub const CHAT: &str = "lk.chat";
/// What an agent says and what it has heard, as text streams: those of one segment replace each other.
///
/// Source: agents, `TOPIC_TRANSCRIPTION` of `types.py`.
pub const TRANSCRIPTION: &str = "lk.transcription";
/// The request of an RPC call of version 2, as a text stream.
///
/// Source: sdk. Only participants with `client_protocol` 1 or more receive it.
pub const RPC_REQUEST: &str = "lk.rpc_request";
/// The response of an RPC call of version 2, as a text stream; an error is an `RpcResponse`.
///
/// Source: sdk.
pub const RPC_RESPONSE: &str = "lk.rpc_response";
/// Events, requests and responses of an agent's session: byte streams of one `AgentSessionMessage`
/// each, sent to everybody in the room.
///
/// Source: agents, `voice/remote_session.py`.
pub const AGENT_SESSION: &str = "lk.agent.session";
/// Audio that was recorded before the agent came, as a byte stream.
///
/// Source: agents, `PRE_CONNECT_AUDIO_BUFFER_STREAM` of `voice/room_io/_pre_connect_audio.py`.
pub const PRE_CONNECT_AUDIO_BUFFER: &str = "lk.agent.pre-connect-audio-buffer";
/// Audio of an agent for its avatar, as a byte stream.
///
/// Source: agents, `AUDIO_STREAM_TOPIC` of `voice/avatar/_datastream_io.py`.
pub const AUDIO_STREAM: &str = "lk.audio_stream";
