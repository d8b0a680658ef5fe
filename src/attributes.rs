//! LiveKit's own attribute keys, of data streams and of participants.
//!
//! | on | keys |
//! |---|---|
//! | a stream of [`topics::RPC_REQUEST`](crate::topics::RPC_REQUEST) | `RPC_REQUEST_…`, all four |
//! | a stream of [`topics::RPC_RESPONSE`](crate::topics::RPC_RESPONSE) | [`RPC_REQUEST_ID`] |
//! | a stream of [`topics::TRANSCRIPTION`](crate::topics::TRANSCRIPTION) | [`SEGMENT_ID`], [`TRANSCRIPTION_FINAL`], at times [`TRANSCRIBED_TRACK_ID`] and [`EXPRESSION`] |
//! | a stream of [`topics::PRE_CONNECT_AUDIO_BUFFER`](crate::topics::PRE_CONNECT_AUDIO_BUFFER) | [`TRACK_ID`], [`SAMPLE_RATE`], [`CHANNELS`] |
//! | an agent (`ParticipantInfo.attributes`) | [`AGENT_STATE`], [`AGENT_NAME`], [`PUBLISH_ON_BEHALF`] |
//!
//! All values are strings. Other attributes are usual beside them, in any order: ignore those.
//! Sources are named as in [`topics`](crate::topics).

// ---- RPC version 2 --------------------------------------------------------------------------

/// The id of the call, a UUID of 36 bytes; the acknowledgement and the response repeat it.
///
/// Source: sdk.
pub const RPC_REQUEST_ID: &str = "lk.rpc_request_id";
/// The method that is called.
///
/// Source: sdk.
pub const RPC_REQUEST_METHOD: &str = "lk.rpc_request_method";
/// Milliseconds after which the caller does not wait for a response any longer.
///
/// Source: sdk.
pub const RPC_REQUEST_RESPONSE_TIMEOUT_MS: &str = "lk.rpc_request_response_timeout_ms";
/// `2`.
///
/// Source: sdk.
pub const RPC_REQUEST_VERSION: &str = "lk.rpc_request_version";

// ---- Transcriptions -------------------------------------------------------------------------

/// The segment that a text belongs to, `SG_…`: a later stream of the same segment replaces an earlier
/// one.
///
/// Source: agents, `ATTRIBUTE_TRANSCRIPTION_SEGMENT_ID` of `types.py`.
pub const SEGMENT_ID: &str = "lk.segment_id";
/// `true` for the last text of a segment, or `false`. Of an agent's own speech the header has `false`,
/// and the trailer `true`.
///
/// Source: agents, `ATTRIBUTE_TRANSCRIPTION_FINAL` of `types.py`.
pub const TRANSCRIPTION_FINAL: &str = "lk.transcription_final";
/// The audio track that was transcribed.
///
/// Source: agents, `ATTRIBUTE_TRANSCRIPTION_TRACK_ID` of `types.py`.
pub const TRANSCRIBED_TRACK_ID: &str = "lk.transcribed_track_id";
/// How the agent says the text, as JSON.
///
/// Source: agents, `ATTRIBUTE_TRANSCRIPTION_EXPRESSION` of `types.py`.
pub const EXPRESSION: &str = "lk.expression";

// ---- Audio recorded before the agent came ---------------------------------------------------

/// The audio track that the recording belongs to.
///
/// Source: agents, `voice/room_io/_pre_connect_audio.py`.
pub const TRACK_ID: &str = "trackId";
/// Samples per second.
///
/// Source: agents, `voice/room_io/_pre_connect_audio.py`.
pub const SAMPLE_RATE: &str = "sampleRate";
/// The number of audio channels.
///
/// Source: agents, `voice/room_io/_pre_connect_audio.py`.
pub const CHANNELS: &str = "channels";

// ---- Agents ---------------------------------------------------------------------------------

/// `initializing`, `idle`, `listening`, `thinking` or `speaking`.
///
/// Source: agents, `ATTRIBUTE_AGENT_STATE` of `types.py`.
pub const AGENT_STATE: &str = "lk.agent.state";
/// The name under which the agent is registered.
///
/// Source: agents, `ATTRIBUTE_AGENT_NAME` of `types.py`.
pub const AGENT_NAME: &str = "lk.agent.name";
/// The identity of the agent that an avatar speaks for.
///
/// Source: agents, `ATTRIBUTE_PUBLISH_ON_BEHALF` of `types.py`.
pub const PUBLISH_ON_BEHALF: &str = "lk.publish_on_behalf";
