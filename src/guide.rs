//! Guides by task: whole examples, compiled and run as tests.
//!
//! | to | read |
//! |---|---|
//! | publish over HTTP, without joining the room | the module `server` (feature `server`) |
//! | encode and decode packets of a data channel | [`borrowed`](crate::borrowed) |
//! | answer RPC calls, and call | [`rpc`] |
//! | receive and send texts, files and logs | [`text_stream`] |
//! | follow a voice agent | [`agent`] |
//! | choose features | [`features`] |
//! | choose knobs | [`cost`](crate::cost), [`limits`](crate::limits) |

#[doc = include_str!("guide/agent.md")]
pub mod agent {}
#[doc = include_str!("guide/features.md")]
pub mod features {}
#[doc = include_str!("guide/rpc.md")]
pub mod rpc {}
#[doc = include_str!("guide/text_stream.md")]
pub mod text_stream {}
