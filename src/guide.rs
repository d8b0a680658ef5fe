//! Guides by task: whole examples, compiled and run as tests.
//!
//! | to | read |
//! |---|---|
//! | publish over HTTP, without joining the room | the module `server` (feature `server`) |
//! | encode and decode packets of a data channel | [`borrowed`](crate::borrowed) |
//! | answer an RPC call | [`rpc`] |
//! | receive a text stream | [`text_stream`] |
//! | choose features | [`features`] |
//! | choose knobs | [`cost`](crate::cost), [`limits`](crate::limits) |

#[doc = include_str!("guide/features.md")]
pub mod features {}
#[doc = include_str!("guide/rpc.md")]
pub mod rpc {}
#[doc = include_str!("guide/text_stream.md")]
pub mod text_stream {}
