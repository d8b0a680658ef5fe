//! What the device says: lines of JSON.

use std::fmt::Display;
use std::io::{Write as _, stdout};

use livekit_micro::data::RpcError;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

/// Content, of which only length and hash are told.
#[derive(Clone, Default)]
pub struct Content {
    hash: Sha256,
    len: usize,
}

impl Content {
    pub fn of(bytes: &[u8]) -> Self {
        let mut content = Self::default();
        content.add(bytes);
        content
    }

    pub fn add(&mut self, bytes: &[u8]) {
        self.hash.update(bytes);
        self.len += bytes.len();
    }

    pub fn tell(&self) -> Value {
        let hash: String =
            self.hash.clone().finalize().iter().map(|byte| format!("{byte:02x}")).collect();
        json!({ "len": self.len, "sha256": hash })
    }
}

/// Prints an event.
pub fn event(name: &str, mut fields: Value) {
    fields["event"] = name.into();
    line(&fields);
}

/// Prints the response to a command.
pub fn done(id: u64, result: Value) {
    line(&json!({ "id": id, "result": result }));
}

/// Prints that a command failed.
pub fn failed(id: u64, error: &RpcError<'_>) {
    let (code, message, data) = (error.code.0, error.message, error.data);
    line(&json!({ "id": id, "error": { "code": code, "message": message, "data": data } }));
}

/// Prints that nothing was sent.
pub fn not_sent(id: u64, error: impl Display) {
    line(&json!({ "id": id, "error": { "code": 0, "message": error.to_string(), "data": "" } }));
}

fn line(value: &Value) {
    // Who does not read any more has ended; then stdin ends, too.
    let _ = writeln!(stdout().lock(), "{value}");
}
