//! The datasheet: the capacity of every field.
//!
//! A device has no heap, so every string, list and map of an owned message has a capacity. They are all
//! declared here: first the knobs that a firmware may set, then the sizes that the protocol fixes, then
//! one row per field (or per field name that means the same everywhere).
//!
//! A firmware sets knobs in the `[env]` table of its `.cargo/config.toml`,
//! `LIVEKIT_MICRO_PAYLOAD_BYTES = "4096"`, and single fields in the TOML file that
//! `LIVEKIT_MICRO_LIMITS` names (codegen/src/config/overrides.rs). The generator is in codegen/.

use std::fs;

use codegen::config::datasheet::*;
use codegen::{fixed, knobs};

#[rustfmt::skip]
knobs! {
    // name              default    range       what it bounds
    PAYLOAD_BYTES         = 1024,  16..=65_535, "Bytes of what a packet carries: user payload, RPC payload and response, chunk of a stream.";
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
    UUID_BYTES        = 36, "A version 4 UUID as text: ids of packets, streams and RPC calls.";
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
    bytes  ("UserPacket.payload",               PAYLOAD_BYTES),
    bytes  ("DataStream.Chunk.content",         PAYLOAD_BYTES),
    bytes  ("DataStream.Header.inline_content", TEXT_BYTES),      // only sent to client_protocol 2
    bytes  ("compressed_payload",               NONCE_BYTES),     // no SDK sends it
    bytes  ("encrypted_value",                  PAYLOAD_BYTES.plus(256)), // topic, ids and tag around it
    bytes  ("nonce",                            NONCE_BYTES),
    bytes  ("iv",                               IV_BYTES),
    string ("topic",                            TOPIC_BYTES),
    string ("UserPacket.id",                    UUID_BYTES),
    string ("ChatMessage.id",                   UUID_BYTES),
    string ("RpcRequest.id",                    UUID_BYTES),
    string ("RpcError.data",                    TEXT_BYTES),      // the protocol allows 15 360
    string ("payload",                          PAYLOAD_BYTES),
    string ("method",                           METHOD_BYTES),
    string ("stream_id",                        UUID_BYTES),
    string ("reply_to_stream_id",               UUID_BYTES),
    strings("attached_stream_ids",              DESTINATIONS, UUID_BYTES),
    strings("destination_identities",           DESTINATIONS, IDENTITY_BYTES),
    strings("destination_sids",                 DESTINATIONS, SID_BYTES),
    string ("digit",                            DIGIT_BYTES),
    string ("language",                         LANGUAGE_BYTES),
    list   ("segments",                         DESTINATIONS),
    list   ("speakers",                         PARTICIPANTS),
    strings("str_data",                         LIST_ITEMS, IDENTITY_BYTES),
    list   ("MetricsBatch.time_series",         DESTINATIONS),
    list   ("MetricsBatch.events",              DESTINATIONS),
    list   ("samples",                          LIST_ITEMS),
    bytes  ("SendDataRequest.data",             PAYLOAD_BYTES),

    // ── who and where ──────────────────────────────────────────────────────────────────────────
    string ("identity",                         IDENTITY_BYTES),
    string ("*_identity",                       IDENTITY_BYTES),
    string ("name",                             NAME_BYTES),
    string ("*_name",                           NAME_BYTES),
    string ("room",                             NAME_BYTES),
    string ("room_preset",                      NAME_BYTES),
    string ("destination_room",                 NAME_BYTES),
    string ("room_prefix",                      NAME_BYTES),
    strings("names",                            LIST_ITEMS, NAME_BYTES),
    string ("sid",                              SID_BYTES),
    string ("*_sid",                            SID_BYTES),
    strings("*_sids",                           TRACKS, SID_BYTES),
    strings("track_sids_disabled",              TRACKS, SID_BYTES),
    string ("id",                               UUID_BYTES),
    string ("*_id",                             UUID_BYTES),
    string ("cid",                              UUID_BYTES),
    string ("*_cid",                            UUID_BYTES),
    string ("mid",                              WORD_BYTES),
    string ("rid",                              WORD_BYTES),
    strings("*_ids",                            LIST_ITEMS, UUID_BYTES),
    string ("assume_role_external_id",          NAME_BYTES),
    string ("metadata",                         METADATA_BYTES),
    string ("*_metadata",                       METADATA_BYTES),
    map    ("attributes",                       ATTRIBUTES).key_bytes(ATTRIBUTE_KEY_BYTES).value_bytes(ATTRIBUTE_VALUE_BYTES),
    map    ("participant_attributes",           ATTRIBUTES).key_bytes(ATTRIBUTE_KEY_BYTES).value_bytes(ATTRIBUTE_VALUE_BYTES),
    map    ("*tags",                            ATTRIBUTES).key_bytes(ATTRIBUTE_KEY_BYTES).value_bytes(ATTRIBUTE_VALUE_BYTES),
    map    ("headers",                          ATTRIBUTES).key_bytes(ATTRIBUTE_KEY_BYTES).value_bytes(ATTRIBUTE_VALUE_BYTES),
    map    ("headers_to_attributes",            ATTRIBUTES).key_bytes(ATTRIBUTE_KEY_BYTES).value_bytes(ATTRIBUTE_VALUE_BYTES),
    map    ("attributes_to_headers",            ATTRIBUTES).key_bytes(ATTRIBUTE_KEY_BYTES).value_bytes(ATTRIBUTE_VALUE_BYTES),
    map    ("S3Upload.metadata",                ATTRIBUTES).key_bytes(ATTRIBUTE_KEY_BYTES).value_bytes(ATTRIBUTE_VALUE_BYTES),
    map    ("extra",                            ATTRIBUTES).key_bytes(ATTRIBUTE_KEY_BYTES).value_bytes(ATTRIBUTE_VALUE_BYTES),
    map    ("options",                          ATTRIBUTES).key_bytes(ATTRIBUTE_KEY_BYTES).value_bytes(ATTRIBUTE_VALUE_BYTES),
    map    ("PresignedPostRequest.values",      ATTRIBUTES).key_bytes(ATTRIBUTE_KEY_BYTES).value_bytes(URL_BYTES),
    map    ("feature_info",                     ATTRIBUTES).key_bytes(ATTRIBUTE_KEY_BYTES).value_bytes(ATTRIBUTE_VALUE_BYTES),
    map    ("mid_to_track_id",                  TRACKS).key_bytes(WORD_BYTES).value_bytes(UUID_BYTES),

    // ── rooms, participants, tracks ────────────────────────────────────────────────────────────
    list   ("participants",                     PARTICIPANTS),
    list   ("other_participants",               PARTICIPANTS),
    list   ("rooms",                            PARTICIPANTS),
    list   ("ParticipantInfo.tracks",           TRACKS),
    list   ("data_tracks",                      TRACKS),
    list   ("IngressState.tracks",              TRACKS),
    list   ("layers",                           LAYERS),
    list   ("video_layers",                     LAYERS),
    list   ("codecs",                           LAYERS),          // primary and backup
    list   ("DisabledCodecs.codecs",            CODECS),
    list   ("publish",                          CODECS),
    list   ("enabled_codecs",                   CODECS),
    list   ("enabled_publish_codecs",           CODECS),
    list   ("simulcast_codecs",                 LAYERS),
    list   ("capabilities",                     CHOICES),
    list   ("kind_details",                     CHOICES),
    list   ("can_publish_sources",              CHOICES),
    list   ("*features",                        CHOICES),
    string ("mime*",                            WORD_BYTES),
    string ("codec",                            WORD_BYTES),
    string ("*_codec",                          WORD_BYTES),
    string ("fmtp_line",                        ATTRIBUTE_VALUE_BYTES),
    string ("stream",                           NAME_BYTES),
    string ("turn_password",                    SECRET_BYTES),
    string ("custom",                           WORD_BYTES),      // the server takes 32
    string ("generic",                          NAME_BYTES),
    bytes  ("contents",                         PAYLOAD_BYTES),
    string ("message",                          TEXT_BYTES),
    string ("text",                             TEXT_BYTES),
    string ("error",                            TEXT_BYTES),
    string ("*_error",                          TEXT_BYTES),
    string ("reason",                           TEXT_BYTES),
    string ("DataStream.Trailer.reason",        WORD_BYTES),
    string ("*_reason",                         TEXT_BYTES),
    string ("description",                      TEXT_BYTES),
    string ("*_description",                    TEXT_BYTES),
    string ("debug_info",                       TEXT_BYTES),
    string ("*version",                         WORD_BYTES),
    string ("region",                           WORD_BYTES),
    string ("*_region",                         WORD_BYTES),
    string ("os",                               WORD_BYTES),
    string ("device_model",                     NAME_BYTES),
    string ("browser",                          WORD_BYTES),
    string ("network",                          WORD_BYTES),
    string ("address",                          URL_BYTES),
    string ("*_address",                        URL_BYTES),
    string ("other_sdks",                       URL_BYTES),

    // ── signalling ─────────────────────────────────────────────────────────────────────────────
    string ("sdp",                              SDP_BYTES),
    string ("SessionDescription.type",          WORD_BYTES),      // offer, answer, pranswer, rollback
    string ("candidateInit",                    TEXT_BYTES),
    bytes  ("join_request",                     SDP_BYTES.plus(1024)), // the publisher's offer and more
    bytes  ("sif_trailer",                      SECRET_BYTES),    // 43 so far
    list   ("ice_servers",                      LAYERS),          // one a region, at most three seen
    strings("urls",                             LIST_ITEMS, URL_BYTES),
    string ("username",                         URL_BYTES),
    string ("credential",                       SECRET_BYTES),
    string ("token",                            TOKEN_BYTES),
    string ("refresh_token",                    TOKEN_BYTES),
    string ("*url",                             URL_BYTES),
    list   ("regions",                          LIST_ITEMS),
    list   ("updates",                          PARTICIPANTS),
    list   ("participant_tracks",               PARTICIPANTS),
    list   ("track_permissions",                PARTICIPANTS),
    list   ("stream_states",                    TRACKS),
    list   ("qualities",                        LAYERS),
    list   ("subscribed_qualities",             LAYERS),
    list   ("subscribed_codecs",                LAYERS),
    list   ("subscribed_audio_codecs",          LAYERS),
    list   ("publish_tracks",                   TRACKS),
    list   ("publish_data_tracks",              TRACKS),
    list   ("data_channels",                    LIST_ITEMS),
    list   ("datachannel_receive_states",       PARTICIPANTS),
    list   ("add_track_requests",               TRACKS),
    list   ("params",                           LIST_ITEMS),
    string ("SettingsParam.value",              NAME_BYTES),
    map    ("sub_handles",                      TRACKS),
    map    ("gap_histogram",                    LIST_ITEMS),
    list   ("sender_report_state",              LAYERS),

    // ── agents and their sessions ──────────────────────────────────────────────────────────────
    list   ("agents",                           DESTINATIONS),
    list   ("agent_*",                          DESTINATIONS),
    list   ("dispatches",                       DESTINATIONS),
    list   ("jobs",                             DESTINATIONS),
    list   ("endpoints",                        LIST_ITEMS),
    strings("methods",                          LIST_ITEMS, WORD_BYTES),
    string ("path",                             URL_BYTES),
    string ("route",                            URL_BYTES),
    string ("scheme",                           WORD_BYTES),
    string ("client_addr",                      URL_BYTES),
    string ("namespace",                        NAME_BYTES),
    string ("deployment",                       NAME_BYTES),
    string ("*_deployment",                     NAME_BYTES),
    strings("deployments",                      LIST_ITEMS, NAME_BYTES),
    string ("status",                           WORD_BYTES),
    string ("*_status",                         WORD_BYTES),
    bytes  ("job",                              PAYLOAD_BYTES),
    bytes  ("snapshot",                         PAYLOAD_BYTES),
    bytes  ("delta",                            PAYLOAD_BYTES),
    bytes  ("audio",                            PAYLOAD_BYTES),
    bytes  ("AudioFrame.data",                  PAYLOAD_BYTES),
    list   ("items",                            DESTINATIONS),
    list   ("content",                          DESTINATIONS),
    list   ("messages",                         DESTINATIONS),
    list   ("chat_ctx",                         DESTINATIONS),
    list   ("function_call*",                   DESTINATIONS),
    list   ("model_usage",                      DESTINATIONS),
    list   ("publisher_stats",                  DESTINATIONS),
    list   ("subscriber_stats",                 DESTINATIONS),
    list   ("probabilities",                    CHOICES),
    strings("tools*",                           LIST_ITEMS, NAME_BYTES),
    string ("instructions",                     TEXT_BYTES),
    string ("arguments",                        TEXT_BYTES),
    string ("output",                           TEXT_BYTES),
    string ("transcript",                       TEXT_BYTES),
    string ("assistant_text",                   TEXT_BYTES),
    string ("provider",                         WORD_BYTES),
    string ("model",                            NAME_BYTES),
    string ("label",                            NAME_BYTES),
    string ("sdk",                              WORD_BYTES),
    map    ("default_thresholds",               LIST_ITEMS).key_bytes(WORD_BYTES),
    map    ("default_backchannel_thresholds",   LIST_ITEMS).key_bytes(WORD_BYTES),

    // ── LiveKit Cloud: agents, simulations, agent databases ────────────────────────────────────
    list   ("secrets",                          LIST_ITEMS),
    bytes  ("AgentSecret.value",                PAYLOAD_BYTES),
    strings("regions",                          LIST_ITEMS, WORD_BYTES),
    strings("server_regions",                   LIST_ITEMS, WORD_BYTES),
    strings("tags",                             LIST_ITEMS, WORD_BYTES),
    string ("tag",                              WORD_BYTES),
    string ("version_tag",                      WORD_BYTES),
    list   ("versions",                         LIST_ITEMS),
    string ("owner",                            NAME_BYTES),
    string ("cur_*",                            WORD_BYTES),
    string ("*_req",                            WORD_BYTES),
    string ("*_limit",                          WORD_BYTES),
    string ("endpoint",                         URL_BYTES),
    string ("*_endpoint",                       URL_BYTES),
    list   ("issues",                           DESTINATIONS),
    list   ("turns",                            DESTINATIONS),
    list   ("runs",                             DESTINATIONS),
    list   ("buckets",                          LIST_ITEMS),
    list   ("scenarios",                        DESTINATIONS),
    bytes  ("summary_zstd",                     PAYLOAD_BYTES),
    string ("going_well",                       TEXT_BYTES),
    string ("to_improve",                       TEXT_BYTES),
    string ("suggestion",                       TEXT_BYTES),
    string ("judge_model",                      NAME_BYTES),
    string ("*_language",                       LANGUAGE_BYTES),
    string ("commit_sha",                       SECRET_BYTES),    // SHA-256 takes 64
    string ("ref",                              NAME_BYTES),
    string ("pull_request",                     URL_BYTES),
    string ("actor",                            NAME_BYTES),
    string ("code_entrypoint",                  URL_BYTES),
    string ("*_expectations",                   TEXT_BYTES),
    string ("userdata",                         TEXT_BYTES),
    string ("worker_type",                      WORD_BYTES),
    string ("*_summary",                        TEXT_BYTES),
    map    ("chat_history",                     DESTINATIONS).key_bytes(UUID_BYTES),
    list   ("databases",                        LIST_ITEMS),
    list   ("statements",                       LIST_ITEMS),
    list   ("columns",                          LIST_ITEMS),
    string ("text_value",                       TEXT_BYTES),
    bytes  ("blob_value",                       TEXT_BYTES),
    string ("sql",                              TEXT_BYTES),
    string ("AgentDB.Wire.Error.code",          WORD_BYTES),
    bytes  ("types",                            CHOICES),
    bytes  ("text_data",                        TEXT_BYTES),
    bytes  ("blob_data",                        TEXT_BYTES),
    list   ("ints",                             CHOICES),
    list   ("doubles",                          CHOICES),
    list   ("*_ends",                           CHOICES),
    string ("*page_token",                      ATTRIBUTE_VALUE_BYTES),

    // ── egress, ingress ────────────────────────────────────────────────────────────────────────
    list   ("outputs",                          DESTINATIONS),
    list   ("file_outputs",                     DESTINATIONS),
    list   ("stream_outputs",                   DESTINATIONS),
    list   ("segment_outputs",                  DESTINATIONS),
    list   ("image_outputs",                    DESTINATIONS),
    list   ("*_results",                        DESTINATIONS),
    list   ("info",                             DESTINATIONS),
    list   ("routes",                           DESTINATIONS),
    list   ("selectors",                        DESTINATIONS),
    list   ("destinations",                     DESTINATIONS),
    list   ("add_destinations",                 DESTINATIONS),
    strings("*_urls",                           DESTINATIONS, URL_BYTES),
    list   ("webhooks",                         DESTINATIONS),
    string ("signing_key",                      SECRET_BYTES),
    string ("*_key",                            SECRET_BYTES),
    string ("secret",                           SECRET_BYTES),
    string ("password",                         SECRET_BYTES),
    string ("*_password",                       SECRET_BYTES),
    string ("session_token",                    TOKEN_BYTES),
    string ("credentials",                      TOKEN_BYTES),
    string ("assume_role_arn",                  URL_BYTES),
    string ("bucket",                           NAME_BYTES),
    string ("tagging",                          TEXT_BYTES),
    string ("content_disposition",              NAME_BYTES),
    string ("layout",                           WORD_BYTES),
    string ("file*",                            URL_BYTES),
    string ("*location",                        URL_BYTES),
    string ("details",                          TEXT_BYTES),
    strings("include_events",                   LIST_ITEMS, WORD_BYTES),
    strings("exclude_events",                   LIST_ITEMS, WORD_BYTES),

    // ── telephony ──────────────────────────────────────────────────────────────────────────────
    strings("set",                              LIST_ITEMS, PHONE_BYTES),
    strings("add",                              LIST_ITEMS, PHONE_BYTES),
    strings("remove",                           LIST_ITEMS, PHONE_BYTES),
    strings("numbers",                          LIST_ITEMS, PHONE_BYTES),
    strings("*_numbers",                        LIST_ITEMS, PHONE_BYTES),
    strings("inbound_numbers_regex",            LIST_ITEMS, ATTRIBUTE_VALUE_BYTES),
    strings("*_addresses",                      LIST_ITEMS, ATTRIBUTE_VALUE_BYTES),
    string ("*_number",                         PHONE_BYTES),
    string ("*_username",                       NAME_BYTES),
    string ("auth_realm",                       NAME_BYTES),
    string ("host",                             NAME_BYTES),
    string ("hostname",                         NAME_BYTES),
    string ("from_host",                        NAME_BYTES),
    string ("pin",                              WORD_BYTES),
    string ("transfer_to",                      URL_BYTES),
    string ("sip_call_to",                      URL_BYTES),
    string ("to_user_override",                 NAME_BYTES),
    string ("raw",                              URL_BYTES),
    string ("user",                             NAME_BYTES),
    string ("ip",                               ATTRIBUTE_KEY_BYTES),  // IPv6 takes 39
    string ("dtmf",                             WORD_BYTES),
    string ("*country",                         WORD_BYTES),
    string ("city",                             NAME_BYTES),
    string ("media_encryption",                 WORD_BYTES),
    string ("pcap_file_link",                   URL_BYTES),
    list   ("call_context",                     DESTINATIONS),
    string ("whatsapp_biz_opaque_callback_data", TEXT_BYTES),

    // ── analytics, webhooks ────────────────────────────────────────────────────────────────────
    list   ("events",                           DESTINATIONS),
    list   ("streams",                          DESTINATIONS),
    list   ("stats",                            DESTINATIONS),
    list   ("time_ranges",                      LIST_ITEMS),
    string ("node",                             WORD_BYTES),
    string ("connection_type",                  WORD_BYTES),
    string ("geo_hash",                         WORD_BYTES),
    string ("service",                          WORD_BYTES),
    string ("twirp_error_code",                 WORD_BYTES),
    string ("twirp_error_message",              TEXT_BYTES),
    string ("event",                            WORD_BYTES),

    // ── Google's ───────────────────────────────────────────────────────────────────────────────
    string ("Any.type_url",                     URL_BYTES),
    bytes  ("Any.value",                        TEXT_BYTES),
    // Struct, Value and ListValue are bounded as a whole, by STRUCT_BYTES.
];

/// What logs do not show, in addition to what the schema marks as personal or secret. Of all other
/// `bytes` they show the length.
#[rustfmt::skip]
const LOGS: &[LogRule] = &[
    //          field                    why
    redact     ("token",                 "opens a room, or an agent's database"),
    redact     ("signing_key",           "signs webhooks"),
    redact     ("StreamOutput.urls",     "ends with the stream's key"),
    redact     ("StreamInfo.url",        "ends with the stream's key"),
    redact     ("StreamDestination.url", "ends with the stream's key"),
    redact     ("analytics_key",         "reports to the analytics service"),
    redact     ("*_output_urls",         "ends with the stream's key"),
    redact     ("presigned_url",         "lets its holder upload"),
    redact     ("download_url",          "lets its holder download"),
    redact     ("connect_url",           "holds a token"),
    length_only("payload",               "the user's data"),
    length_only("RpcError.data",         "the user's data"),
    length_only("sdp",                   "long, and holds the password of the connection"),
    length_only("candidateInit",         "long, and holds addresses"),
];

pub(crate) const DATASHEET: Datasheet =
    Datasheet { knobs: KNOBS, fixed: FIXED, rows: ROWS, logs: LOGS };

fn main() {
    println!("cargo::rerun-if-changed=protocol/livekit.binpb");
    let set = fs::read("protocol/livekit.binpb").expect("the schema is in the package");
    codegen::Builder::new(DATASHEET).run(&set);
}
