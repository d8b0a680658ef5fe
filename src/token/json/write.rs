//! Writes claims as JSON, from the end to the front as messages are encoded.

use crate::codec::rt::{Write, Writer};
use crate::token::{Claims, Sources, VideoGrant};

impl Write for Claims<'_> {
    fn write(&self, w: &mut Writer<'_>) {
        let Self { issuer, identity, expires, not_before, name, metadata, attributes, video } =
            self;
        w.raw(b"}");
        // Last to first. `exp` is always written and comes first, so every other claim has a comma.
        for (key, value) in [("metadata", metadata), ("name", name), ("sub", identity)] {
            string(w, key, value);
        }
        if let Some(seconds) = not_before {
            number(w, *seconds);
            w.raw(br#","nbf":"#);
        }
        if !attributes.is_empty() {
            w.raw(b"}");
            for (index, (key, value)) in attributes.iter().enumerate().rev() {
                quoted(w, value);
                w.raw(b":");
                quoted(w, key);
                if index > 0 {
                    w.raw(b",");
                }
            }
            w.raw(br#","attributes":{"#);
        }
        video.write(w);
        w.raw(br#","video":"#);
        string(w, "iss", issuer);
        number(w, *expires);
        w.raw(br#"{"exp":"#);
    }
}

impl Write for VideoGrant<'_> {
    fn write(&self, w: &mut Writer<'_>) {
        w.raw(b"}");
        let flag = |value: bool| value.then_some(true);
        for (key, value) in [
            ("recorder", flag(self.recorder)),
            ("hidden", flag(self.hidden)),
            ("agent", flag(self.agent)),
            ("ingressAdmin", flag(self.ingress_admin)),
            ("canManageAgentSession", self.can_manage_agent_session),
            ("canSubscribeMetrics", self.can_subscribe_metrics),
            ("canUpdateOwnMetadata", self.can_update_own_metadata),
            ("canPublishData", self.can_publish_data),
            ("canSubscribe", self.can_subscribe),
            ("canPublish", self.can_publish),
            ("roomRecord", flag(self.room_record)),
            ("roomList", flag(self.room_list)),
            ("roomCreate", flag(self.room_create)),
            ("roomAdmin", flag(self.room_admin)),
        ] {
            if let Some(value) = value {
                w.raw(if value { b"true" } else { b"false" });
                name(w, key);
            }
        }
        if let Some(sources) = self.can_publish_sources {
            w.raw(b"]");
            let mut separator: &[u8] = b"";
            // An empty list would grant all of them.
            if sources == Sources::NONE {
                quoted(w, "");
            }
            for source in sources.names().rev() {
                w.raw(separator);
                quoted(w, source);
                separator = b",";
            }
            w.raw(b"[");
            name(w, "canPublishSources");
        }
        string(w, "destinationRoom", self.destination_room);
        string(w, "room", self.room);
        // Always written and the first, so every other grant has a comma.
        w.raw(if self.room_join { b"true" } else { b"false" });
        w.raw(br#"{"roomJoin":"#);
    }
}

/// Writes `,"key":"value"`, unless the value is empty.
fn string(w: &mut Writer<'_>, key: &str, value: &str) {
    if !value.is_empty() {
        quoted(w, value);
        name(w, key);
    }
}

/// Writes `,"key":`.
fn name(w: &mut Writer<'_>, key: &str) {
    w.raw(b"\":");
    w.raw(key.as_bytes());
    w.raw(b",\"");
}

fn number(w: &mut Writer<'_>, mut value: u64) {
    loop {
        w.raw(&[b'0' + (value % 10) as u8]);
        value /= 10;
        if value == 0 {
            break;
        }
    }
}

/// Writes a string in quotes, with escapes where JSON needs them and UTF-8 elsewhere.
fn quoted(w: &mut Writer<'_>, text: &str) {
    w.raw(b"\"");
    for &byte in text.as_bytes().iter().rev() {
        match byte {
            b'"' | b'\\' => w.raw(&[b'\\', byte]),
            0..0x20 => {
                const HEX: &[u8; 16] = b"0123456789abcdef";
                let digit = HEX.get(usize::from(byte & 15)).copied().unwrap_or_default();
                w.raw(&[b'\\', b'u', b'0', b'0', b'0' + (byte >> 4), digit]);
            }
            _ => w.raw(&[byte]),
        }
    }
    w.raw(b"\"");
}
