//! Data tracks: one of the device's own, and all of others.

use std::collections::HashMap;
use std::num::NonZeroU16;

use livekit_micro::borrowed::encryption::Type as EncryptionType;
use livekit_micro::borrowed::{DataTrackSubscriberHandles, ParticipantInfo};
use livekit_micro::data::Encryption;
use livekit_micro::data::track::{Depacketizer, FrameInfo, Packet, Packetizer};
use livekit_micro::participant::{DataPlane, SendError};
use serde_json::json;

use crate::conversation::{Conversation, Member, Seal};
use crate::tell::{self, Content};

const HANDLE: NonZeroU16 = NonZeroU16::MIN;

#[derive(Default)]
pub struct Tracks {
    own: Option<Packetizer>,
    /// The commands that wait for the server.
    publishing: Option<u64>,
    ending: Option<u64>,
    /// Names of others' tracks, by sid.
    names: HashMap<String, String>,
    received: HashMap<u16, Received>,
    /// Frames that are complete, and are to be opened and told.
    complete: Vec<(Received, FrameInfo)>,
}

/// A track that is received.
#[derive(Default)]
struct Received {
    from: String,
    name: String,
    depacketizer: Depacketizer,
    frame: Vec<u8>,
}

/// What is asked for.
pub enum Ask {
    Publish { command: u64, name: String },
    Frame { command: u64, content: Vec<u8> },
    End { command: u64 },
    Subscribe { sid: String },
    Attributes { command: u64, attributes: HashMap<String, String> },
}

impl Tracks {
    /// Returns what is to be asked for: the tracks of another that are new.
    pub fn participant(&mut self, info: &ParticipantInfo<'_>) -> Vec<Ask> {
        let tracks = info.data_tracks.iter().map(|it| it.read().expect("it is well-formed"));
        let new = tracks.filter_map(|track| {
            let sid = track.sid.to_owned();
            let known = self.names.insert(sid.clone(), track.name.to_owned());
            known.is_none().then_some(Ask::Subscribe { sid })
        });
        new.collect()
    }

    pub fn handles(&mut self, handles: &DataTrackSubscriberHandles<'_>) {
        self.received.clear();
        for (handle, track) in handles.sub_handles.iter() {
            let track = track.read().expect("it is well-formed");
            let name = self.names.get(track.track_sid).cloned().unwrap_or_default();
            let from = track.publisher_identity.to_owned();
            let received = Received { from, name, ..Received::default() };
            self.received.insert(handle as u16, received);
        }
    }

    pub fn published(&mut self) {
        self.own = Some(Packetizer::new(HANDLE));
        self.publishing.take().into_iter().for_each(|command| tell::done(command, json!({})));
    }

    pub fn unpublished(&mut self) {
        self.own = None;
        self.ending.take().into_iter().for_each(|command| tell::done(command, json!({})));
    }

    pub fn packet(&mut self, packet: &[u8]) {
        let packet = Packet::read(packet).expect("the server sends packets");
        let Some(received) = self.received.get_mut(&packet.handle.get()) else { return };
        let Some(part) = received.depacketizer.receive(&packet) else { return };
        received.frame.resize(part.offset as usize + part.content.len(), 0);
        part.put(&mut received.frame).expect("it has the length");
        if part.is_complete {
            let frame = std::mem::take(&mut received.frame);
            let (from, name) = (received.from.clone(), received.name.clone());
            let complete = Received { from, name, frame, ..Received::default() };
            self.complete.push((complete, *received.depacketizer.info()));
        }
    }

    /// Tells the frames that are complete.
    pub fn tell(&mut self, session: &mut impl Seal) {
        for (mut it, info) in self.complete.drain(..) {
            if session.open(&it.from, info.encryption, &mut it.frame) {
                let content = Content::of(&it.frame).tell();
                tell::event(
                    "frame",
                    json!({ "from": it.from, "name": it.name, "content": content }),
                );
            }
        }
    }

    /// Asks the server, or sends a frame.
    pub fn ask<const V2: bool, const DEFLATE: bool, E: Encryption>(
        &mut self,
        ask: &Ask,
        member: &mut Member<V2, DEFLATE, E>,
        now_ms: u64,
    ) -> Result<(), SendError>
    where
        Conversation<V2, DEFLATE, E>: DataPlane + Seal,
    {
        match ask {
            Ask::Publish { command, name } => {
                let encryption = match member.session.is_encrypted() {
                    true => EncryptionType::Gcm,
                    false => EncryptionType::None,
                };
                member.publish_data_track(HANDLE, name, encryption)?;
                self.publishing = Some(*command);
            }
            Ask::End { command } => {
                member.unpublish_data_track(HANDLE)?;
                self.ending = Some(*command);
            }
            Ask::Subscribe { sid } => member.subscribe_data_track(sid, true)?,
            Ask::Attributes { command, attributes } => {
                let attributes: Vec<_> =
                    attributes.iter().map(|(key, value)| (&**key, &**value)).collect();
                member.set_attributes(&attributes)?;
                tell::done(*command, json!({}));
            }
            Ask::Frame { command, content } => {
                let track = self.own.as_mut().expect("a track is published");
                let mut content = content.clone();
                let encryption = member.session.seal(&mut content);
                let timestamp = (now_ms as u32).wrapping_mul(90);
                let info = FrameInfo { timestamp, encryption, ..FrameInfo::default() };
                let (mut frame, mut rest) = (track.begin(content.len(), &info), &content[..]);
                while member.send_data_track(&mut frame, &mut rest, now_ms)? {}
                tell::done(*command, json!({}));
            }
        }
        Ok(())
    }
}
