//! LiveKit's own data tracks: a participant that publishes one, and one that subscribes to one.

use std::sync::Arc;

use bytes::Bytes;
use livekit_datatrack::api::{
    DataTrackFrame, DataTrackOptions, DataTrackStream, DataTrackSubscribeOptions, LocalDataTrack,
};
use livekit_datatrack::backend::local::{self, SfuPublishResponse};
use livekit_datatrack::backend::remote::{
    self, SfuSubscriberHandles, event_from_participant_update,
};
use livekit_datatrack::backend::{
    DecryptionError, DecryptionProvider, EncryptedPayload, EncryptionError, EncryptionProvider,
};
use livekit_protocol as theirs;
use livekit_protocol::data_track_subscriber_handles::PublishedDataTrack;
use tokio::runtime::{Builder, Runtime};
use tokio_stream::StreamExt as _;

/// The track's handle on both sides.
pub const HANDLE: u16 = 1;

/// Marks a frame instead of sealing it: what LiveKit's crate does with the cipher's results does not depend on
/// the cipher.
#[derive(Debug)]
pub struct Marked;

pub const IV: [u8; 12] = *b"a nonce of 1";
pub const KEY_INDEX: u8 = 5;
const TAG: [u8; 16] = [0xee; 16];

/// A frame as [`Marked`] seals it.
pub fn sealed(payload: &[u8]) -> Vec<u8> {
    [payload, &TAG].concat()
}

impl EncryptionProvider for Marked {
    fn encrypt(&self, payload: Bytes) -> Result<EncryptedPayload, EncryptionError> {
        let payload = sealed(&payload).into();
        Ok(EncryptedPayload { payload, iv: IV, key_index: KEY_INDEX })
    }
}

impl DecryptionProvider for Marked {
    fn decrypt(&self, sealed: EncryptedPayload, _: String) -> Result<Bytes, DecryptionError> {
        let EncryptedPayload { payload, iv, key_index } = sealed;
        match payload.strip_suffix(&TAG) {
            Some(payload) if (iv, key_index) == (IV, KEY_INDEX) => {
                Ok(Bytes::copy_from_slice(payload))
            }
            _ => Err(DecryptionError::Failed { reason: "another nonce, key or tag".into() }),
        }
    }
}

fn runtime() -> Runtime {
    Builder::new_current_thread().enable_time().build().expect("a runtime")
}

fn info(is_encrypted: bool) -> theirs::DataTrackInfo {
    let encryption = i32::from(is_encrypted); // None, Gcm
    let (sid, name) = ("DTR_0123456789ab".into(), "scale".into());
    theirs::DataTrackInfo { pub_handle: HANDLE.into(), sid, name, encryption, ..Default::default() }
}

pub struct Publisher {
    runtime: Runtime,
    track: LocalDataTrack,
    output: local::ManagerOutput,
    _input: local::ManagerInput,
}

impl Publisher {
    pub fn new(is_encrypted: bool) -> Self {
        let runtime = runtime();
        let encryption_provider = is_encrypted.then(|| Arc::new(Marked) as Arc<_>);
        let options = local::ManagerOptions { encryption_provider };
        let (manager, input, mut output) = local::Manager::new(options);
        runtime.spawn(manager.run());
        let track = runtime.block_on(async {
            let server = async {
                let request = output.next().await;
                assert!(matches!(request, Some(local::OutputEvent::SfuPublishRequest(_))));
                let info = Some(info(is_encrypted));
                let response = theirs::PublishDataTrackResponse { info };
                let event = SfuPublishResponse::try_from(response).expect("a track");
                input.send(event.into()).expect("it runs");
            };
            tokio::join!(input.publish_track(DataTrackOptions::new("scale")), server).0
        });
        Self { runtime, track: track.expect("it is published"), output, _input: input }
    }

    /// The packets of a frame.
    pub fn packets(&mut self, payload: &[u8], user_timestamp: Option<u64>) -> Vec<Bytes> {
        let mut frame = DataTrackFrame::new(payload.to_vec());
        if let Some(timestamp) = user_timestamp {
            frame = frame.with_user_timestamp(timestamp);
        }
        self.track.try_push(frame).expect("it is published");
        match self.runtime.block_on(self.output.next()) {
            Some(local::OutputEvent::PacketsAvailable(packets)) => packets,
            other => panic!("{other:?}"),
        }
    }
}

pub struct Subscriber {
    runtime: Runtime,
    stream: DataTrackStream,
    input: remote::ManagerInput,
    _output: remote::ManagerOutput,
}

impl Subscriber {
    pub fn new(is_encrypted: bool) -> Self {
        let runtime = runtime();
        let decryption_provider = is_encrypted.then(|| Arc::new(Marked) as Arc<_>);
        let options = remote::ManagerOptions { decryption_provider };
        let (manager, input, mut output) = remote::Manager::new(options);
        runtime.spawn(manager.run());
        let data_tracks = vec![info(is_encrypted)];
        let participant =
            theirs::ParticipantInfo { identity: "alice".into(), data_tracks, ..Default::default() };
        let mut update = theirs::ParticipantUpdate { participants: vec![participant] };
        let event = event_from_participant_update(&mut update, "bob").expect("tracks");
        input.send(event.into()).expect("it runs");
        let stream = runtime.block_on(async {
            let Some(remote::OutputEvent::TrackPublished(published)) = output.next().await else {
                panic!("a track is published")
            };
            let server = async {
                let request = output.next().await;
                assert!(matches!(request, Some(remote::OutputEvent::SfuUpdateSubscription(_))));
                let track_sid = info(is_encrypted).sid;
                let track = PublishedDataTrack { track_sid, ..Default::default() };
                let sub_handles = [(u32::from(HANDLE), track)].into();
                let handles = theirs::DataTrackSubscriberHandles { sub_handles };
                let event = SfuSubscriberHandles::try_from(handles).expect("a handle");
                input.send(event.into()).expect("it runs");
            };
            let options = DataTrackSubscribeOptions::new().with_buffer_size(1_024);
            tokio::join!(published.track.subscribe_with_options(options), server).0
        });
        Self { runtime, stream: stream.expect("it is subscribed to"), input, _output: output }
    }

    /// The frames that are complete with this packet: content and user timestamp.
    pub fn receive(&mut self, packet: &[u8]) -> Vec<(Vec<u8>, Option<u64>)> {
        let event = remote::InputEvent::PacketReceived(Bytes::copy_from_slice(packet));
        self.input.send(event).expect("it runs");
        self.runtime.block_on(async {
            // Its two tasks have their turns.
            for _ in 0..4 {
                tokio::task::yield_now().await;
            }
            let mut frames = Vec::new();
            loop {
                tokio::select! {
                    biased;
                    frame = self.stream.next() => {
                        let frame = frame.expect("the track is published");
                        frames.push((frame.payload().to_vec(), frame.user_timestamp()));
                    }
                    () = std::future::ready(()) => return frames,
                }
            }
        })
    }
}
