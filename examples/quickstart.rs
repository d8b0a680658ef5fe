//! The first steps with a message: build it, serialise it, parse it, on fixed memory.
//!
//! `cargo run --example quickstart --features models`

use livekit_micro::owned::{ParticipantInfo, participant_info};
use livekit_micro::{EncodeError, decode_into, encoded_len, from_bytes, to_slice};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    // Build: every text and list has a capacity, and what does not fit is an error.
    let mut participant = ParticipantInfo::new();
    participant.sid = "PA_4nDqTTbeRqS8".try_into()?;
    participant.identity = "sensor-1".try_into()?;
    participant.state = participant_info::State::Active;
    participant.joined_at = 1_790_000_000; // Unix time in seconds
    participant
        .attributes
        .insert("unit".try_into()?, "celsius".try_into()?)
        .map_err(|_| "the map of attributes is full")?;

    // Serialise into a buffer of yours. One that is too small says what is needed.
    let mut small = [0; 16];
    let EncodeError::BufferTooSmall { needed, .. } =
        to_slice(&participant, &mut small).expect_err("16 bytes are too few")
    else {
        unreachable!("nothing else can go wrong")
    };
    let mut buf = [0; 256];
    let frame = to_slice(&participant, &mut buf)?;
    assert_eq!(frame.len(), needed);
    assert_eq!(frame.len(), encoded_len(&participant));

    // Parse: by value, or into a message that already has its place (a static, for instance).
    let parsed: ParticipantInfo = from_bytes(frame)?;
    assert_eq!(parsed, participant);
    let mut place = ParticipantInfo::new();
    decode_into(&mut place, frame)?;
    assert_eq!(place, participant);

    println!("{} is {:?}, {} bytes on the wire", parsed.identity, parsed.state, frame.len());
    println!("{} bytes of RAM, whatever it holds", size_of::<ParticipantInfo>());
    Ok(())
}
