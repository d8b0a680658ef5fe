//! The first steps with messages of both families, on fixed memory.
//!
//! `cargo run --example quickstart --features models`

use livekit_micro::borrowed::{self, participant_info::State};
use livekit_micro::{DecodeError, EncodeError, encoded_len, from_bytes, owned, to_slice};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    // Send: the fields of a borrowed message are references.
    let participant = borrowed::ParticipantInfo {
        sid: "PA_4nDqTTbeRqS8",
        identity: "sensor-1",
        state: State::Active,
        joined_at: 1_790_000_000, // Unix time in seconds
        attributes: (&[("unit", "celsius")]).into(),
        ..Default::default()
    };

    // Encode into a buffer of your own. The error of one that is too small says how many bytes are needed.
    let mut small = [0; 16];
    let EncodeError::BufferTooSmall { needed, .. } =
        to_slice(&participant, &mut small).expect_err("16 bytes are too few")
    else {
        unreachable!("nothing else can go wrong")
    };
    let mut buf = [0; 256];
    let encoded = to_slice(&participant, &mut buf)?;
    assert_eq!(encoded.len(), needed);
    assert_eq!(encoded.len(), encoded_len(&participant));

    // Receive: strings, lists and maps are read out of the encoded message, and not copied.
    let received: borrowed::ParticipantInfo = from_bytes(encoded)?;
    assert_eq!(received.attributes.get("unit"), Some("celsius"));
    println!("{} is {:?}, {} bytes on the wire", received.identity, received.state, encoded.len());

    // Keep: an owned message has a fixed capacity for each field, and an error for what does not fit.
    let mut kept: owned::ParticipantInfo = received.try_into()?;
    kept.name = "roof".try_into()?;
    println!("{} keeps {} bytes of RAM, whatever it holds", kept.name, size_of_val(&kept));
    let long = borrowed::ParticipantInfo { identity: &"x".repeat(300), ..received };
    let rejected: Result<owned::ParticipantInfo, DecodeError> = long.try_into();
    println!("{}", rejected.expect_err("300 bytes are too many"));
    Ok(())
}
