//! The devices: a file with a line for each, of its identity, its room and its key in hexadecimal.

use std::error::Error;
use std::fs;
use std::path::Path;

use crate::proof::{Key, unhex};

pub struct Device {
    pub identity: String,
    pub room: String,
    pub key: Key,
}

impl Device {
    /// Finds a device in the file. A line that cannot be read is an error, whomever it is about.
    pub fn find(file: &Path, identity: &str) -> Result<Option<Self>, Box<dyn Error>> {
        let text =
            fs::read_to_string(file).map_err(|error| format!("{}: {error}", file.display()))?;
        let mut found = None;
        for (index, line) in text.lines().enumerate() {
            if line.trim().is_empty() || line.starts_with('#') {
                continue;
            }
            let device = Self::read(line).ok_or_else(|| {
                format!("{}:{}: not IDENTITY ROOM KEY", file.display(), index + 1)
            })?;
            if device.identity == identity {
                found = Some(device);
            }
        }
        Ok(found)
    }

    fn read(line: &str) -> Option<Self> {
        let words: Vec<_> = line.split_whitespace().collect();
        let [identity, room, key] = words[..] else { return None };
        Some(Self { identity: identity.to_owned(), room: room.to_owned(), key: unhex(key)? })
    }
}
