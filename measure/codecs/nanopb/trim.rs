//! The schema of the data plane by hand: what a firmware's own .proto file has of LiveKit's, or its options leave of it.

use measure_schema::messages;
use prost_types::FileDescriptorSet;

/// The fields that are used, by message. Those that answer calls have more.
const USED: [(&str, &[&str]); 2] = [
    ("DataPacket", &["participant_identity", "sequence", "participant_sid", "user"]),
    ("UserPacket", &["payload", "topic"]),
];
const USED_BY_CALLEE: [(&str, &[&str]); 5] = [
    ("DataPacket", &["destination_identities", "rpc_request", "rpc_ack", "rpc_response"]),
    ("RpcRequest", &["id", "method", "payload", "response_timeout_ms", "version"]),
    ("RpcAck", &["request_id"]),
    ("RpcResponse", &["request_id", "payload", "error"]),
    ("RpcError", &["code", "message", "data"]),
];

/// `session.proto`.
pub fn trim(mut set: FileDescriptorSet, is_callee: bool) -> FileDescriptorSet {
    let callee: &[_] = if is_callee { &USED_BY_CALLEE } else { &[] };
    let used: Vec<_> = USED.iter().chain(callee).collect();
    let is_used = |message: &str, field: &str| {
        used.iter().any(|(name, fields)| *name == message && fields.contains(&field))
    };
    let file = &mut set.file[0];
    file.name = Some("session.proto".to_owned());
    for message in &mut file.message_type {
        let name = message.name().to_owned();
        message.field.retain(|field| is_used(&name, field.name()));
        message.enum_type.clear();
    }
    file.message_type.retain(|message| !message.field.is_empty());
    file.enum_type.clear();
    let names = messages::all(&set);
    for (message, fields) in used {
        let of = names[&format!("livekit.{message}")];
        for field in *fields {
            assert!(of.field.iter().any(|f| f.name() == *field), "{message} has no {field}");
        }
    }
    set
}
