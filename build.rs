//! The datasheet: how large everything may become.
//!
//! A device has no heap, so every text, list and map of every message has a capacity, and all of
//! them stand here: first the knobs that a firmware may set, then the sizes that the protocol
//! fixes, then one row per field (or per field name that means the same everywhere).
//!
//! A firmware sets knobs in the `[env]` table of its `.cargo/config.toml`,
//! `LIVEKIT_MICRO_PAYLOAD_BYTES = "4096"`, and single fields in the TOML file that
//! `LIVEKIT_MICRO_LIMITS` names (codegen/src/config/overrides.rs). The generator is the crate in codegen/.

use std::fs;

use codegen::config::datasheet::*;
use codegen::{fixed, knobs};

#[rustfmt::skip]
knobs! {
    // name              default    range       what it bounds
    PAYLOAD_BYTES         = 1024,  16..=65_535, "Bytes of what a packet carries: user payload, RPC payload and answer, chunk of a stream.";
    IDENTITY_BYTES        =   48,   8..=256,    "Bytes of a participant's identity; the server takes up to 256.";
    NAME_BYTES            =   64,   8..=256,    "Bytes of a name that people give: rooms, participants, tracks, agents.";
    TOPIC_BYTES           =   32,   4..=256,    "Bytes of a topic; LiveKit's own have at most 16.";
    DESTINATIONS          =    2,   1..=64,     "Participants that one packet can be addressed to by name.";
    TEXT_BYTES            =  256,  16..=65_535, "Bytes of a text for people: chat, transcription, error message, description.";
    METADATA_BYTES        =  256,  16..=65_535, "Bytes of the metadata of a participant, room or agent; the server takes up to 512 KiB.";
    ATTRIBUTES            =    4,   1..=64,     "Entries of a map: attributes, tags, headers.";
    ATTRIBUTE_KEY_BYTES   =   40,   8..=256,    "Bytes of a key in a map.";
    ATTRIBUTE_VALUE_BYTES =   64,   8..=65_535, "Bytes of a value in a map.";
    URL_BYTES             =  128,  32..=4096,   "Bytes of a URL, path or address.";
    TOKEN_BYTES           =  768, 256..=16_384, "Bytes of an access token; they hold metadata and attributes and grow with them.";
    SDP_BYTES             = 2048, 512..=65_535, "Bytes of a session description; about 500 with data channels only.";
    PARTICIPANTS          =    2,   1..=64,     "Participants in one update, join response or list.";
    TRACKS                =    2,   1..=64,     "Tracks of a participant, and of what is said about tracks.";
    LIST_ITEMS            =    4,   1..=64,     "Items of every other list.";
    STRUCT_BYTES          =  512,  32..=65_535, "Encoded bytes of a `google.protobuf.Struct`, `Value` or `ListValue`.";
}

#[rustfmt::skip]
fixed! {
    // name          bytes  why
    SID_BYTES         = 20, "A LiveKit id: prefix of 3 to 7 (`PA_`, `TR_VCs`, `SIP_..`) and 12 letters.";
    UUID_BYTES        = 36, "A version 4 UUID in text: ids of packets, streams and RPC calls.";
    NONCE_BYTES       = 16, "The server takes a nonce of exactly 16 bytes.";
    IV_BYTES          = 12, "The initialisation vector of AES-GCM.";
    METHOD_BYTES      = 64, "The longest name of an RPC method.";
    DIGIT_BYTES       =  1, "One DTMF digit.";
    LANGUAGE_BYTES    = 35, "The longest language tag of RFC 5646 that needs no private part.";
    WORD_BYTES        = 32, "A word of a small vocabulary: mime type, codec, region, version, state.";
    SECRET_BYTES      = 64, "A password, key or other credential; base64 of 32 bytes takes 44.";
    PHONE_BYTES       = 32, "A telephone number or SIP user; E.164 has 15 digits.";
    CODECS            = 10, "The codecs that a server enables by default.";
    LAYERS            =  3, "The qualities of a simulcast track: low, medium, high.";
    CHOICES           =  8, "More than any enum has values that can be listed together.";
}

#[rustfmt::skip]
const ROWS: &[Row] = &[
    // ── data packets ───────────────────────────────────────────────────────────────────────────
    //     field                              capacity
    bytes("UserPacket.payload",               PAYLOAD_BYTES),
    bytes("DataStream.Chunk.content",         PAYLOAD_BYTES),
    bytes("DataStream.Header.inline_content", TEXT_BYTES),      // only sent to client_protocol 2
    bytes("compressed_payload",               NONCE_BYTES),     // no SDK sends it
    bytes("encrypted_value",                  PAYLOAD_BYTES.plus(256)), // topic, ids and tag around it
    bytes("nonce",                            NONCE_BYTES),
    bytes("iv",                               IV_BYTES),
    text ("topic",                            TOPIC_BYTES),
    text ("UserPacket.id",                    UUID_BYTES),
    text ("ChatMessage.id",                   UUID_BYTES),
    text ("RpcRequest.id",                    UUID_BYTES),
    text ("RpcError.data",                    TEXT_BYTES),      // the protocol allows 15 360
    text ("payload",                          PAYLOAD_BYTES),
    text ("method",                           METHOD_BYTES),
    text ("stream_id",                        UUID_BYTES),
    text ("reply_to_stream_id",               UUID_BYTES),
    texts("attached_stream_ids",              DESTINATIONS, UUID_BYTES),
    texts("destination_identities",           DESTINATIONS, IDENTITY_BYTES),
    texts("destination_sids",                 DESTINATIONS, SID_BYTES),
    text ("digit",                            DIGIT_BYTES),
    text ("language",                         LANGUAGE_BYTES),
    list ("segments",                         DESTINATIONS),
    list ("speakers",                         PARTICIPANTS),
    texts("str_data",                         LIST_ITEMS, IDENTITY_BYTES),
    list ("MetricsBatch.time_series",         DESTINATIONS),
    list ("MetricsBatch.events",              DESTINATIONS),
    list ("samples",                          LIST_ITEMS),
    bytes("SendDataRequest.data",             PAYLOAD_BYTES),

    // ── who and where ──────────────────────────────────────────────────────────────────────────
    text ("identity",                         IDENTITY_BYTES),
    text ("*_identity",                       IDENTITY_BYTES),
    text ("name",                             NAME_BYTES),
    text ("*_name",                           NAME_BYTES),
    text ("room",                             NAME_BYTES),
    text ("room_preset",                      NAME_BYTES),
    text ("destination_room",                 NAME_BYTES),
    text ("room_prefix",                      NAME_BYTES),
    texts("names",                            LIST_ITEMS, NAME_BYTES),
    text ("sid",                              SID_BYTES),
    text ("*_sid",                            SID_BYTES),
    texts("*_sids",                           TRACKS, SID_BYTES),
    texts("track_sids_disabled",              TRACKS, SID_BYTES),
    text ("id",                               UUID_BYTES),
    text ("*_id",                             UUID_BYTES),
    text ("cid",                              UUID_BYTES),
    text ("*_cid",                            UUID_BYTES),
    text ("mid",                              WORD_BYTES),
    text ("rid",                              WORD_BYTES),
    texts("*_ids",                            LIST_ITEMS, UUID_BYTES),
    text ("assume_role_external_id",          NAME_BYTES),
    text ("metadata",                         METADATA_BYTES),
    text ("*_metadata",                       METADATA_BYTES),
    map  ("attributes",                       ATTRIBUTES, ATTRIBUTE_KEY_BYTES, ATTRIBUTE_VALUE_BYTES),
    map  ("participant_attributes",           ATTRIBUTES, ATTRIBUTE_KEY_BYTES, ATTRIBUTE_VALUE_BYTES),
    map  ("*tags",                            ATTRIBUTES, ATTRIBUTE_KEY_BYTES, ATTRIBUTE_VALUE_BYTES),
    map  ("headers",                          ATTRIBUTES, ATTRIBUTE_KEY_BYTES, ATTRIBUTE_VALUE_BYTES),
    map  ("headers_to_attributes",            ATTRIBUTES, ATTRIBUTE_KEY_BYTES, ATTRIBUTE_VALUE_BYTES),
    map  ("attributes_to_headers",            ATTRIBUTES, ATTRIBUTE_KEY_BYTES, ATTRIBUTE_VALUE_BYTES),
    map  ("S3Upload.metadata",                ATTRIBUTES, ATTRIBUTE_KEY_BYTES, ATTRIBUTE_VALUE_BYTES),
    map  ("extra",                            ATTRIBUTES, ATTRIBUTE_KEY_BYTES, ATTRIBUTE_VALUE_BYTES),
    map  ("options",                          ATTRIBUTES, ATTRIBUTE_KEY_BYTES, ATTRIBUTE_VALUE_BYTES),
    map  ("PresignedPostRequest.values",      ATTRIBUTES, ATTRIBUTE_KEY_BYTES, URL_BYTES),
    map  ("feature_info",                     ATTRIBUTES, ATTRIBUTE_KEY_BYTES, ATTRIBUTE_VALUE_BYTES),
    map  ("mid_to_track_id",                  TRACKS, WORD_BYTES, UUID_BYTES),

    // ── rooms, participants, tracks ────────────────────────────────────────────────────────────
    list ("participants",                     PARTICIPANTS),
    list ("other_participants",               PARTICIPANTS),
    list ("rooms",                            PARTICIPANTS),
    list ("ParticipantInfo.tracks",           TRACKS),
    list ("data_tracks",                      TRACKS),
    list ("IngressState.tracks",              TRACKS),
    list ("layers",                           LAYERS),
    list ("video_layers",                     LAYERS),
    list ("codecs",                           LAYERS),          // primary and backup
    list ("DisabledCodecs.codecs",            CODECS),
    list ("publish",                          CODECS),
    list ("enabled_codecs",                   CODECS),
    list ("enabled_publish_codecs",           CODECS),
    list ("simulcast_codecs",                 LAYERS),
    list ("capabilities",                     CHOICES),
    list ("kind_details",                     CHOICES),
    list ("can_publish_sources",              CHOICES),
    list ("*features",                        CHOICES),
    text ("mime*",                            WORD_BYTES),
    text ("codec",                            WORD_BYTES),
    text ("*_codec",                          WORD_BYTES),
    text ("fmtp_line",                        ATTRIBUTE_VALUE_BYTES),
    text ("stream",                           NAME_BYTES),
    text ("turn_password",                    SECRET_BYTES),
    text ("custom",                           WORD_BYTES),      // the server takes 32
    text ("generic",                          NAME_BYTES),
    bytes("contents",                         PAYLOAD_BYTES),
    text ("message",                          TEXT_BYTES),
    text ("text",                             TEXT_BYTES),
    text ("error",                            TEXT_BYTES),
    text ("*_error",                          TEXT_BYTES),
    text ("reason",                           TEXT_BYTES),
    text ("DataStream.Trailer.reason",        WORD_BYTES),
    text ("*_reason",                         TEXT_BYTES),
    text ("description",                      TEXT_BYTES),
    text ("*_description",                    TEXT_BYTES),
    text ("debug_info",                       TEXT_BYTES),
    text ("*version",                         WORD_BYTES),
    text ("region",                           WORD_BYTES),
    text ("*_region",                         WORD_BYTES),
    text ("os",                               WORD_BYTES),
    text ("device_model",                     NAME_BYTES),
    text ("browser",                          WORD_BYTES),
    text ("network",                          WORD_BYTES),
    text ("address",                          URL_BYTES),
    text ("*_address",                        URL_BYTES),
    text ("other_sdks",                       URL_BYTES),

    // ── signalling ─────────────────────────────────────────────────────────────────────────────
    text ("sdp",                              SDP_BYTES),
    text ("SessionDescription.type",          WORD_BYTES),      // offer, answer, pranswer, rollback
    text ("candidateInit",                    TEXT_BYTES),
    bytes("join_request",                     SDP_BYTES.plus(1024)), // the publisher's offer and more
    bytes("sif_trailer",                      SECRET_BYTES),    // 43 so far
    list ("ice_servers",                      LAYERS),          // one a region, at most three seen
    texts("urls",                             LIST_ITEMS, URL_BYTES),
    text ("username",                         URL_BYTES),
    text ("credential",                       SECRET_BYTES),
    text ("token",                            TOKEN_BYTES),
    text ("refresh_token",                    TOKEN_BYTES),
    text ("*url",                             URL_BYTES),
    list ("regions",                          LIST_ITEMS),
    list ("updates",                          PARTICIPANTS),
    list ("participant_tracks",               PARTICIPANTS),
    list ("track_permissions",                PARTICIPANTS),
    list ("stream_states",                    TRACKS),
    list ("qualities",                        LAYERS),
    list ("subscribed_qualities",             LAYERS),
    list ("subscribed_codecs",                LAYERS),
    list ("subscribed_audio_codecs",          LAYERS),
    list ("publish_tracks",                   TRACKS),
    list ("publish_data_tracks",              TRACKS),
    list ("data_channels",                    LIST_ITEMS),
    list ("datachannel_receive_states",       PARTICIPANTS),
    list ("add_track_requests",               TRACKS),
    list ("params",                           LIST_ITEMS),
    text ("SettingsParam.value",              NAME_BYTES),
    map_by_number("sub_handles",              TRACKS),
    map_by_number("gap_histogram",            LIST_ITEMS),
    list ("sender_report_state",              LAYERS),

    // ── agents and their sessions ──────────────────────────────────────────────────────────────
    list ("agents",                           DESTINATIONS),
    list ("agent_*",                          DESTINATIONS),
    list ("dispatches",                       DESTINATIONS),
    list ("jobs",                             DESTINATIONS),
    list ("endpoints",                        LIST_ITEMS),
    texts("methods",                          LIST_ITEMS, WORD_BYTES),
    text ("path",                             URL_BYTES),
    text ("route",                            URL_BYTES),
    text ("scheme",                           WORD_BYTES),
    text ("client_addr",                      URL_BYTES),
    text ("namespace",                        NAME_BYTES),
    text ("deployment",                       NAME_BYTES),
    text ("*_deployment",                     NAME_BYTES),
    texts("deployments",                      LIST_ITEMS, NAME_BYTES),
    text ("status",                           WORD_BYTES),
    text ("*_status",                         WORD_BYTES),
    bytes("job",                              PAYLOAD_BYTES),
    bytes("snapshot",                         PAYLOAD_BYTES),
    bytes("delta",                            PAYLOAD_BYTES),
    bytes("audio",                            PAYLOAD_BYTES),
    bytes("AudioFrame.data",                  PAYLOAD_BYTES),
    list ("items",                            DESTINATIONS),
    list ("content",                          DESTINATIONS),
    list ("messages",                         DESTINATIONS),
    list ("chat_ctx",                         DESTINATIONS),
    list ("function_call*",                   DESTINATIONS),
    list ("model_usage",                      DESTINATIONS),
    list ("publisher_stats",                  DESTINATIONS),
    list ("subscriber_stats",                 DESTINATIONS),
    list ("probabilities",                    CHOICES),
    texts("tools*",                           LIST_ITEMS, NAME_BYTES),
    text ("instructions",                     TEXT_BYTES),
    text ("arguments",                        TEXT_BYTES),
    text ("output",                           TEXT_BYTES),
    text ("transcript",                       TEXT_BYTES),
    text ("assistant_text",                   TEXT_BYTES),
    text ("provider",                         WORD_BYTES),
    text ("model",                            NAME_BYTES),
    text ("label",                            NAME_BYTES),
    text ("sdk",                              WORD_BYTES),
    map_of("default_thresholds",              LIST_ITEMS, WORD_BYTES),
    map_of("default_backchannel_thresholds",  LIST_ITEMS, WORD_BYTES),

    // ── LiveKit Cloud: agents, simulations, agent databases ────────────────────────────────────
    list ("secrets",                          LIST_ITEMS),
    bytes("AgentSecret.value",                PAYLOAD_BYTES),
    texts("regions",                          LIST_ITEMS, WORD_BYTES),
    texts("server_regions",                   LIST_ITEMS, WORD_BYTES),
    texts("tags",                             LIST_ITEMS, WORD_BYTES),
    text ("tag",                              WORD_BYTES),
    text ("version_tag",                      WORD_BYTES),
    list ("versions",                         LIST_ITEMS),
    text ("owner",                            NAME_BYTES),
    text ("cur_*",                            WORD_BYTES),
    text ("*_req",                            WORD_BYTES),
    text ("*_limit",                          WORD_BYTES),
    text ("endpoint",                         URL_BYTES),
    text ("*_endpoint",                       URL_BYTES),
    list ("issues",                           DESTINATIONS),
    list ("turns",                            DESTINATIONS),
    list ("runs",                             DESTINATIONS),
    list ("buckets",                          LIST_ITEMS),
    list ("scenarios",                        DESTINATIONS),
    bytes("summary_zstd",                     PAYLOAD_BYTES),
    text ("going_well",                       TEXT_BYTES),
    text ("to_improve",                       TEXT_BYTES),
    text ("suggestion",                       TEXT_BYTES),
    text ("judge_model",                      NAME_BYTES),
    text ("*_language",                       LANGUAGE_BYTES),
    text ("commit_sha",                       SECRET_BYTES),    // SHA-256 takes 64
    text ("ref",                              NAME_BYTES),
    text ("pull_request",                     URL_BYTES),
    text ("actor",                            NAME_BYTES),
    text ("code_entrypoint",                  URL_BYTES),
    text ("*_expectations",                   TEXT_BYTES),
    text ("userdata",                         TEXT_BYTES),
    text ("worker_type",                      WORD_BYTES),
    text ("*_summary",                        TEXT_BYTES),
    map_of("chat_history",                    DESTINATIONS, UUID_BYTES),
    list ("databases",                        LIST_ITEMS),
    list ("statements",                       LIST_ITEMS),
    list ("columns",                          LIST_ITEMS),
    text ("text_value",                       TEXT_BYTES),
    bytes("blob_value",                       TEXT_BYTES),
    text ("sql",                              TEXT_BYTES),
    text ("AgentDB.Wire.Error.code",          WORD_BYTES),
    bytes("types",                            CHOICES),
    bytes("text_data",                        TEXT_BYTES),
    bytes("blob_data",                        TEXT_BYTES),
    list ("ints",                             CHOICES),
    list ("doubles",                          CHOICES),
    list ("*_ends",                           CHOICES),
    text ("*page_token",                      ATTRIBUTE_VALUE_BYTES),

    // ── egress, ingress ────────────────────────────────────────────────────────────────────────
    list ("outputs",                          DESTINATIONS),
    list ("file_outputs",                     DESTINATIONS),
    list ("stream_outputs",                   DESTINATIONS),
    list ("segment_outputs",                  DESTINATIONS),
    list ("image_outputs",                    DESTINATIONS),
    list ("*_results",                        DESTINATIONS),
    list ("info",                             DESTINATIONS),
    list ("routes",                           DESTINATIONS),
    list ("selectors",                        DESTINATIONS),
    list ("destinations",                     DESTINATIONS),
    list ("add_destinations",                 DESTINATIONS),
    texts("*_urls",                           DESTINATIONS, URL_BYTES),
    list ("webhooks",                         DESTINATIONS),
    text ("signing_key",                      SECRET_BYTES),
    text ("*_key",                            SECRET_BYTES),
    text ("secret",                           SECRET_BYTES),
    text ("password",                         SECRET_BYTES),
    text ("*_password",                       SECRET_BYTES),
    text ("session_token",                    TOKEN_BYTES),
    text ("credentials",                      TOKEN_BYTES),
    text ("assume_role_arn",                  URL_BYTES),
    text ("bucket",                           NAME_BYTES),
    text ("tagging",                          TEXT_BYTES),
    text ("content_disposition",              NAME_BYTES),
    text ("layout",                           WORD_BYTES),
    text ("file*",                            URL_BYTES),
    text ("*location",                        URL_BYTES),
    text ("details",                          TEXT_BYTES),
    texts("include_events",                   LIST_ITEMS, WORD_BYTES),
    texts("exclude_events",                   LIST_ITEMS, WORD_BYTES),

    // ── telephony ──────────────────────────────────────────────────────────────────────────────
    texts("set",                              LIST_ITEMS, PHONE_BYTES),
    texts("add",                              LIST_ITEMS, PHONE_BYTES),
    texts("remove",                           LIST_ITEMS, PHONE_BYTES),
    texts("numbers",                          LIST_ITEMS, PHONE_BYTES),
    texts("*_numbers",                        LIST_ITEMS, PHONE_BYTES),
    texts("inbound_numbers_regex",            LIST_ITEMS, ATTRIBUTE_VALUE_BYTES),
    texts("*_addresses",                      LIST_ITEMS, ATTRIBUTE_VALUE_BYTES),
    text ("*_number",                         PHONE_BYTES),
    text ("*_username",                       NAME_BYTES),
    text ("auth_realm",                       NAME_BYTES),
    text ("host",                             NAME_BYTES),
    text ("hostname",                         NAME_BYTES),
    text ("from_host",                        NAME_BYTES),
    text ("pin",                              WORD_BYTES),
    text ("transfer_to",                      URL_BYTES),
    text ("sip_call_to",                      URL_BYTES),
    text ("to_user_override",                 NAME_BYTES),
    text ("raw",                              URL_BYTES),
    text ("user",                             NAME_BYTES),
    text ("ip",                               ATTRIBUTE_KEY_BYTES),  // IPv6 takes 39
    text ("dtmf",                             WORD_BYTES),
    text ("*country",                         WORD_BYTES),
    text ("city",                             NAME_BYTES),
    text ("media_encryption",                 WORD_BYTES),
    text ("pcap_file_link",                   URL_BYTES),
    list ("call_context",                     DESTINATIONS),
    text ("whatsapp_biz_opaque_callback_data", TEXT_BYTES),

    // ── analytics, webhooks ────────────────────────────────────────────────────────────────────
    list ("events",                           DESTINATIONS),
    list ("streams",                          DESTINATIONS),
    list ("stats",                            DESTINATIONS),
    list ("time_ranges",                      LIST_ITEMS),
    text ("node",                             WORD_BYTES),
    text ("connection_type",                  WORD_BYTES),
    text ("geo_hash",                         WORD_BYTES),
    text ("service",                          WORD_BYTES),
    text ("twirp_error_code",                 WORD_BYTES),
    text ("twirp_error_message",              TEXT_BYTES),
    text ("event",                            WORD_BYTES),

    // ── Google's ───────────────────────────────────────────────────────────────────────────────
    text ("Any.type_url",                     URL_BYTES),
    bytes("Any.value",                        TEXT_BYTES),
    // Struct, Value and ListValue are bounded as a whole, by STRUCT_BYTES.
];

/// What logs do not show beside what the schema marks as personal or secret.
#[rustfmt::skip]
const SECRETS: &[Silent] = &[
    //     field                     why
    silent("token",                  "opens a room, or an agent's database"),
    silent("signing_key",            "signs webhooks"),
    silent("StreamOutput.urls",      "ends with the stream's key"),
    silent("StreamInfo.url",         "ends with the stream's key"),
    silent("*_output_urls",          "ends with the stream's key"),
    silent("presigned_url",          "whoever has it may upload"),
    silent("download_url",           "whoever has it may download"),
    silent("connect_url",            "holds a token"),
];

/// What logs show the length of only, beside all `bytes`.
#[rustfmt::skip]
const PAYLOADS: &[Silent] = &[
    silent("payload",                "what somebody sends"),
    silent("RpcError.data",          "what somebody sends"),
    silent("sdp",                    "long, and holds the password of the connection"),
    silent("candidateInit",          "long, and holds addresses"),
];

pub(crate) const DATASHEET: Datasheet = Datasheet {
    knobs: KNOBS,
    fixed: FIXED,
    rows: ROWS,
    boxed: &[], // there is no heap
    secrets: SECRETS,
    payloads: PAYLOADS,
};

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=protocol/livekit.binpb");
    // Cargo runs build scripts in the package's own folder.
    let set = fs::read("protocol/livekit.binpb").expect("the schema is in the package");
    codegen::run(&set, DATASHEET);
}
