//! Signalling, rooms and participants, field by field by name against the official crate
//! `livekit-protocol`: the structs' fields carry the right numbers, types and presence.
//!
//! As in tests/typed_data.rs every field is set, no two that could be taken for each other to the
//! same value; of bools one at a time (`hot` counts them).

#![cfg(feature = "peers")]
#![allow(deprecated)] // deprecated fields are on the wire like others

use std::thread;

use testkit::pair::{Pair, agree};
use testkit::{member, named, pair, pair_type};

fn codec(mime: &str) -> pair_type!(Codec) {
    pair!(Codec { mime: mime, fmtp_line: "minptime=10" })
}

fn room() -> pair_type!(Room) {
    pair!(Room {
        sid: "RM_1",
        name: "room",
        empty_timeout: 1u32,
        departure_timeout: 2u32,
        max_participants: 3u32,
        creation_time: 4i64,
        creation_time_ms: 5i64,
        turn_password: "turn",
        enabled_codecs: [codec("audio/opus"), codec("video/VP8")],
        metadata: "metadata",
        num_participants: 6u32,
        num_publishers: 7u32,
        active_recording: true,
        version: Some(pair!(TimedVersion { unix_micro: 8i64, ticks: -9i32 })),
    })
}

fn permission(hot: u32) -> pair_type!(ParticipantPermission) {
    pair!(ParticipantPermission {
        can_subscribe: hot == 0,
        can_publish: hot == 1,
        can_publish_data: hot == 2,
        can_publish_sources: [named!(TrackSource::ScreenShare), named!(TrackSource::Camera),],
        hidden: hot == 3,
        recorder: hot == 4,
        can_update_metadata: hot == 5,
        agent: hot == 6,
        can_subscribe_metrics: hot == 7,
        can_manage_agent_session: hot == 8,
    })
}

fn layer() -> pair_type!(VideoLayer) {
    pair!(VideoLayer {
        quality: named!(VideoQuality::High),
        width: 1280u32,
        height: 720u32,
        bitrate: 1_700_000u32,
        ssrc: u32::MAX,
        spatial_layer: -1i32,
        rid: "f",
        repair_ssrc: 77u32,
    })
}

fn track(hot: u32) -> pair_type!(TrackInfo) {
    pair!(TrackInfo {
        sid: "TR_1",
        name: "camera",
        muted: hot == 0,
        width: 640u32,
        height: 480u32,
        simulcast: hot == 1,
        disable_dtx: hot == 2,
        source: named!(TrackSource::ScreenShareAudio),
        layers: [layer()],
        mime_type: "video/H264",
        mid: "mid",
        codecs: [pair!(SimulcastCodecInfo {
            mime_type: "video/AV1",
            mid: "mid-2",
            cid: "cid",
            layers: [layer()],
            video_layer_mode: named!(video_layer::Mode::MultipleSpatialLayersPerStream),
            sdp_cid: "sdp-cid",
        })],
        stereo: hot == 3,
        disable_red: hot == 4,
        encryption: named!(encryption::Type::Gcm),
        stream: "stream",
        version: Some(pair!(TimedVersion { unix_micro: 10i64, ticks: 11i32 })),
        audio_features: [named!(AudioTrackFeature::TfPreconnectBuffer)],
        backup_codec_policy: named!(BackupCodecPolicy::Regression),
        packet_trailer_features: [named!(PacketTrailerFeature::PtfUserData)];
        type_ = r#type: named!(TrackType::Video)
    })
}

fn data_track() -> pair_type!(DataTrackInfo) {
    pair!(DataTrackInfo {
        pub_handle: 12u32,
        sid: "DTR_1",
        name: "data",
        encryption: named!(encryption::Type::Custom),
        frame_encoding: Some(pair!(DataTrackFrameEncoding {
            value: member!(data_track_frame_encoding::Value::Custom("frames")),
        })),
        schema: Some(pair!(DataTrackSchemaId {
            name: "schema",
            encoding: Some(pair!(DataTrackSchemaEncoding {
                value: member!(data_track_schema_encoding::Value::Custom("schemas")),
            })),
        })),
    })
}

fn participant(identity: &str, hot: u32) -> pair_type!(ParticipantInfo) {
    pair!(ParticipantInfo {
        sid: "PA_1",
        identity: identity,
        state: named!(participant_info::State::Active),
        tracks: [track(hot)],
        metadata: "metadata",
        joined_at: 13i64,
        joined_at_ms: 14i64,
        name: "name",
        version: 15u32,
        permission: Some(permission(hot)),
        region: "region",
        is_publisher: hot == 0,
        kind: named!(participant_info::Kind::Connector),
        attributes: [("key", "value"), ("schlüssel", "wert")],
        disconnect_reason: named!(DisconnectReason::AgentError),
        kind_details: [
            named!(participant_info::KindDetail::Simulation),
            named!(participant_info::KindDetail::Forwarded),
        ],
        data_tracks: [data_track()],
        client_protocol: 16i32,
        capabilities: [named!(client_info::Capability::CapPacketTrailer)],
    })
}

fn video(
    setting: Pair<livekit_micro::owned::ClientConfigSetting, i32>,
) -> pair_type!(VideoConfiguration) {
    pair!(VideoConfiguration { hardware_encoder: setting })
}

fn leave() -> pair_type!(LeaveRequest) {
    pair!(LeaveRequest {
        can_reconnect: true,
        reason: named!(DisconnectReason::ServerShutdown),
        action: named!(leave_request::Action::Reconnect),
        regions: Some(pair!(RegionSettings {
            regions: [pair!(RegionInfo { region: "eu", url: "wss://eu", distance: 17i64 })],
        })),
    })
}

fn description() -> pair_type!(SessionDescription) {
    pair!(SessionDescription {
        sdp: "v=0\r\n",
        id: 18u32,
        mid_to_track_id: [("0", "TR_0"), ("1", "TR_1")];
        type_ = r#type: "offer"
    })
}

fn trickle() -> pair_type!(TrickleRequest) {
    pair!(TrickleRequest {
        candidate_init: "{\"candidate\":\"\"}",
        target: named!(SignalTarget::Subscriber);
        final_ = r#final: true
    })
}

fn update_metadata() -> pair_type!(UpdateParticipantMetadata) {
    pair!(UpdateParticipantMetadata {
        metadata: "metadata",
        name: "name",
        attributes: [("key", "value")],
        request_id: 19u32,
    })
}

macro_rules! request {
    ($member:ident, $value:expr) => {
        pair!(SignalRequest { message: member!(signal_request::Message::$member($value)) })
    };
}

macro_rules! response {
    ($member:ident, $value:expr) => {
        pair!(SignalResponse { message: member!(signal_response::Message::$member($value)) })
    };
}

macro_rules! request_response {
    ($member:ident, $value:expr) => {
        pair!(RequestResponse {
            request_id: 20u32,
            reason: named!(request_response::Reason::LimitExceeded),
            message: "message",
            request: member!(request_response::Request::$member($value)),
        })
    };
}

#[test]
fn rooms_agree() {
    agree(room());
}

#[test]
fn participants_and_their_tracks_agree() {
    for hot in 0..9 {
        agree(participant("one", hot));
    }
    let data_track = pair!(DataTrackInfo {
        pub_handle: 0u32,
        sid: "",
        name: "",
        encryption: named!(encryption::Type::None),
        frame_encoding: Some(pair!(DataTrackFrameEncoding {
            value: member!(data_track_frame_encoding::Value::WellKnown(named!(
                data_track_frame_encoding::WellKnownFrameEncoding::Cbor
            ))),
        })),
        schema: Some(pair!(DataTrackSchemaId {
            name: "",
            encoding: Some(pair!(DataTrackSchemaEncoding {
                value: member!(data_track_schema_encoding::Value::WellKnown(named!(
                    data_track_schema_encoding::WellKnownSchemaEncoding::Ros2Msg
                ))),
            })),
        })),
    });
    agree(data_track);
}

#[test]
fn signal_requests_agree() {
    agree(request!(Offer, description()));
    agree(request!(Answer, description()));
    agree(request!(Trickle, trickle()));
    agree(request!(Leave, leave()));
    agree(request!(Ping, i64::MAX));
    agree(request!(UpdateMetadata, update_metadata()));
    agree(request!(PingReq, pair!(Ping { timestamp: 21i64, rtt: 22i64 })));
}

/// Runs a test with more stack than test threads have: in a debug build reading a `SignalResponse`
/// takes 1.6 MB of it, because the decoder reserves space for each member of the oneof on its own.
fn with_more_stack(test: fn()) {
    let test = thread::Builder::new().stack_size(16 << 20).spawn(test);
    test.expect("the system has threads").join().expect("the test passes");
}

#[test]
fn signal_responses_agree() {
    with_more_stack(signal_responses);
}

fn signal_responses() {
    let participants = [participant("one", 0), participant("two", 1)];
    agree(response!(Answer, description()));
    agree(response!(Offer, description()));
    agree(response!(Trickle, trickle()));
    agree(response!(Update, pair!(ParticipantUpdate { participants: participants })));
    agree(response!(Leave, leave()));
    agree(response!(RefreshToken, "eyJ.token"));
    agree(response!(Pong, i64::MIN));
    agree(response!(PongResp, pair!(Pong { last_ping_timestamp: 23i64, timestamp: 24i64 })));
    agree(response!(RequestResponse, request_response!(Trickle, trickle())));
    agree(response!(RequestResponse, request_response!(UpdateMetadata, update_metadata())));
}

#[test]
fn join_responses_agree() {
    with_more_stack(join_responses);
}

fn join_responses() {
    for hot in 0..2 {
        let join = pair!(JoinResponse {
            room: Some(room()),
            participant: Some(participant("self", 0)),
            other_participants: [participant("one", 1), participant("two", 2)],
            server_version: "1.9.0",
            ice_servers: [pair!(IceServer {
                urls: ["stun:one", "turn:two"],
                username: "username",
                credential: "credential",
            })],
            subscriber_primary: hot == 0,
            alternative_url: "wss://alternative",
            client_configuration: Some(pair!(ClientConfiguration {
                video: Some(video(named!(ClientConfigSetting::Enabled))),
                screen: Some(video(named!(ClientConfigSetting::Disabled))),
                resume_connection: named!(ClientConfigSetting::Enabled),
                disabled_codecs: Some(pair!(DisabledCodecs {
                    codecs: [codec("video/VP9")],
                    publish: [codec("video/AV1")],
                })),
                force_relay: named!(ClientConfigSetting::Disabled),
            })),
            server_region: "region",
            ping_timeout: 25i32,
            ping_interval: 26i32,
            server_info: Some(pair!(ServerInfo {
                edition: named!(server_info::Edition::Cloud),
                version: "1.9.1",
                protocol: 27i32,
                region: "eu",
                node_id: "ND_1",
                debug_info: "debug",
                agent_protocol: 28i32,
            })),
            sif_trailer: b"trailer",
            enabled_publish_codecs: [codec("audio/red")],
            fast_publish: hot == 1,
        });
        agree(response!(Join, join));
    }
}

#[test]
fn send_data_requests_agree() {
    agree(pair!(SendDataRequest {
        room: "room",
        data: b"data",
        kind: named!(data_packet::Kind::Lossy),
        destination_sids: ["PA_1", "PA_2"],
        destination_identities: ["one", "two"],
        topic: Some("topic"),
        nonce: b"nonce of 16 byte",
    }));
}
