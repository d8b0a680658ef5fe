//! Data tracks: the newest sample counts, a lost one does not matter. Each frame has 12 bytes of header, no
//! protobuf.
//!
//! A *frame* is what the application sends: a sample, an image. It travels in one or more *packets*, each a
//! message of the data channel [`LABEL`], which is unordered and without retransmission. A session takes no part
//! in it: the firmware tells the channels apart.
//!
//! ```
//! use core::num::NonZeroU16;
//! use livekit_micro::data::track::{
//!     DATAGRAM_PACKET_BYTES, Depacketizer, FrameInfo, Packet, Packetizer,
//! };
//!
//! # let mut channel: Vec<Vec<u8>> = Vec::new();
//! # let now_ms: u32 = 1_000;
//! const SCALE: NonZeroU16 = NonZeroU16::new(1).unwrap();
//! let mut track = Packetizer::new(SCALE);
//! let mut buf = [0; DATAGRAM_PACKET_BYTES];
//!
//! let sample = [7; 3_000];
//! let info = FrameInfo { timestamp: now_ms.wrapping_mul(90), ..FrameInfo::default() };
//! let (mut frame, mut rest) = (track.begin(sample.len(), &info), &sample[..]);
//! while let Some(packet) = frame.write(&mut rest, &mut buf)? {
//!     channel.push(packet.to_vec()); // send it
//! }
//! # assert_eq!(channel.len(), 3);
//!
//! // The other side.
//! let (mut frames, mut received) = (Depacketizer::new(), [0; 4_096]);
//! # let mut count = 0;
//! # for packet in &channel {
//! let packet = Packet::read(packet)?;
//! if packet.handle == SCALE && let Some(part) = frames.receive(&packet) {
//!     if let Some(frame) = part.put(&mut received)? {
//!         assert_eq!(frame, sample);
//! #       count += 1;
//!     }
//! }
//! # }
//! # assert_eq!(count, 1);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Size
//!
//! Keep a frame within [`DATAGRAM_PACKET_BYTES`]: a packet that the network carries in several datagrams is lost
//! with any of them, a frame of several packets with any packet, and a server drops packets for a receiver that
//! has more than 8 KiB of them ahead. While the channel is full, leave out whole frames.
//!
//! # Signalling
//!
//! Tracks are published and subscribed to by messages of the feature `rtc`.
//!
//! | who | message | says |
//! |---|---|---|
//! | publisher | `PublishDataTrackRequest` | `pub_handle`: any number from 1 to 65 535 that its other tracks do not have; a `name` of 1 to [`MAX_NAME_BYTES`] bytes, unique among them; `encryption` |
//! | server | `PublishDataTrackResponse`, or `RequestResponse` | the track's sid, or why not; the SDKs wait 10 s for it |
//! | publisher | `UnpublishDataTrackRequest` | the track is over |
//! | server | `ParticipantUpdate` | `ParticipantInfo.data_tracks`: the tracks of others, with their sids |
//! | subscriber | `UpdateDataSubscription` | the sids of tracks that it wants |
//! | server | `DataTrackSubscriberHandles` | which handle each of them has for this subscriber: not the publisher's |
//!
//! A publisher sends packets when its track is published. After a connect that is not a resume it publishes
//! each track again, with the same handle and name; a resume changes nothing.
//!
//! # Encryption
//!
//! A frame is sealed as a whole, with AES-128-GCM, before it is divided: each packet says with which nonce and
//! key ([`Encryption`]), and the tag is the end of the frame's last packet. Receivers drop frames
//! of an encrypted track that have no [`FrameInfo::encryption`]; so should a firmware.

mod depacketizer;
mod error;
mod extensions;
mod packet;
mod packetizer;

pub use depacketizer::{Depacketizer, Dropped, Part};
pub use error::TrackError;
pub use extensions::{Encryption, FrameInfo};
pub use packet::Packet;
pub use packetizer::{FrameWriter, Packetizer};

/// The label of the WebRTC data channel of data tracks.
pub const LABEL: &str = "_data_track";
/// Bytes of a packet at most, its header included: SDKs send no more.
pub const MAX_PACKET_BYTES: usize = 16_000;
/// Bytes of a packet, its header included, that travels in one datagram.
pub const DATAGRAM_PACKET_BYTES: usize = 1_200;
/// Packets of a frame at most: SDKs drop a frame of more.
pub const MAX_FRAME_PACKETS: usize = 128;
/// Bytes of a track's name at most.
pub const MAX_NAME_BYTES: usize = 256;
