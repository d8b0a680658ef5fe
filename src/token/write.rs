//! JSON, written from its end to its front as messages are.

use super::{Claims, Sources, VideoGrant};
use crate::codec::rt::{Write, Writer};

impl Write for Claims<'_> {
    fn write(&self, w: &mut Writer<'_>) {
        let Self { issuer, identity, expires, not_before, name, metadata, attributes, video } =
            self;
        w.raw(b"}");
        // The last one first. The expiry is always there, so a comma may stand before all others.
        for (key, value) in [("metadata", metadata), ("name", name), ("sub", identity)] {
            text(w, key, value);
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
        text(w, "iss", issuer);
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
            // An empty list would be all of them.
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
        text(w, "destinationRoom", self.destination_room);
        text(w, "room", self.room);
        // Always there, so a comma may stand before all others.
        w.raw(if self.room_join { b"true" } else { b"false" });
        w.raw(br#"{"roomJoin":"#);
    }
}

/// `,"key":"value"`, unless the value is empty.
fn text(w: &mut Writer<'_>, key: &str, value: &str) {
    if !value.is_empty() {
        quoted(w, value);
        name(w, key);
    }
}

/// `,"key":`
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

/// A text in quotes. What JSON wants escaped is; all else goes as it is, as UTF-8.
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
