//! What the device is told to do.

use std::collections::{BTreeMap, HashMap};

use serde::Deserialize;

#[derive(Deserialize)]
pub struct Command {
    /// The response has the same.
    pub id: u64,
    #[serde(flatten)]
    pub what: What,
}

#[derive(Deserialize)]
#[serde(tag = "do", rename_all = "snake_case")]
pub enum What {
    Publish {
        /// Where the payload is.
        file: String,
        topic: String,
        to: Vec<String>,
        lossy: bool,
    },
    Call {
        to: String,
        method: String,
        /// Where the payload is.
        file: String,
        timeout_ms: u32,
    },
    Stream(Box<Stream>),
    /// Adds attributes to the device, or changes them.
    Attributes {
        attributes: HashMap<String, String>,
    },
    /// Publishes a data track.
    Track {
        name: String,
    },
    /// Sends the file in a frame of the track.
    Frame {
        file: String,
    },
    /// Ends the track.
    EndTrack,
    /// Encrypts with the key of a passphrase from now on.
    Key {
        /// Where the passphrase is.
        file: String,
        index: u8,
    },
    /// Loses the network: the connection of TCP is closed, and no datagram goes either way.
    Cut,
    /// Has the network again.
    Resume,
    /// Closes the connection for signalling alone.
    CutSignal,
    /// Sends from another port from now on, as after a change of the network.
    Move,
    /// Has the server play a fault.
    Simulate {
        scenario: Simulated,
    },
    /// Tells what is waiting and what was given up.
    Count,
}

#[derive(Deserialize)]
pub struct Stream {
    /// Where the content is.
    pub file: String,
    pub text: bool,
    pub topic: String,
    pub to: Vec<String>,
    pub form: Form,
    pub attributes: BTreeMap<String, String>,
    /// Attributes of the trailer.
    pub trailer: BTreeMap<String, String>,
    pub name: String,
    pub mime: String,
    /// Ids of streams that belong to a text.
    pub attached: Vec<String>,
    /// Why it is ended after half of the content; empty for all of it.
    pub reason: String,
}

/// What a server plays for tests: fields of LiveKit's `SimulateScenario`.
#[derive(Deserialize, Clone, Copy)]
#[serde(rename_all = "snake_case")]
pub enum Simulated {
    Migration,
    NodeFailure,
    ServerLeave,
    LeaveRequestFullReconnect,
    DisconnectSignalOnResume,
    DisconnectSignalOnResumeNoMessages,
}

#[derive(Deserialize, Clone, Copy, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
pub enum Form {
    /// In chunks, with the length in the header.
    Whole,
    /// In chunks, without the length.
    Pieces,
    /// In one frame.
    Inline,
    /// Half of it in chunks, with the whole length in the header, and no end.
    Unfinished,
}
