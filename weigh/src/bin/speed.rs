//! Instructions and stack of a data packet's verbs, and sizes of types.
//!
//! Prints a figure a line: its kind, its text, its number, with a bar between them.
#![no_std]
#![no_main]

use core::fmt::{self, Write};
use core::hint::black_box;

use livekit_micro::borrowed::{
    DataPacket, SignalResponse, TranscriptionSegment, UserPacket, data_packet::Value,
};
use livekit_micro::keys::{data_packet, user_packet};
use livekit_micro::{
    DecodeError, EncodeError, Entries, Messages, Nested, Reader, Repeated, decode_into, to_slice,
};
use weigh::semihosting::{exit, print};
use weigh::{stack, ticks};

weigh::may_panic!();

const VERBS: [&str; 4] =
    ["encode", "decode", "decode, read payload and topic", "pull payload and topic"];

#[inline(never)]
fn encode<'b>(packet: &DataPacket, buf: &'b mut [u8]) -> Result<&'b [u8], EncodeError> {
    to_slice(packet, buf)
}

#[inline(never)]
fn decode<'a>(packet: &mut DataPacket<'a>, frame: &'a [u8]) -> Result<(), DecodeError> {
    decode_into(packet, frame)
}

#[inline(never)]
fn decode_and_read(frame: &[u8]) -> Result<(&[u8], Option<&str>), DecodeError> {
    let mut packet = DataPacket::default();
    decode_into(&mut packet, frame)?;
    let Some(Value::User(user)) = packet.value else { return Ok((&[], None)) };
    let mut room = UserPacket::default();
    let user = user.get(&mut room)?;
    Ok((user.payload, user.topic))
}

#[inline(never)]
fn pull(frame: &[u8]) -> Result<(&[u8], Option<&str>), DecodeError> {
    let (mut payload, mut topic) = (&[][..], None);
    let mut reader = Reader::new(frame);
    reader.fields(|r, key| {
        if key == data_packet::USER {
            r.fields(|r, key| match key {
                user_packet::PAYLOAD => payload = r.bytes(),
                user_packet::TOPIC => topic = Some(r.str()),
                _ => {}
            });
        }
    });
    reader.finish()?;
    Ok((payload, topic))
}

/// Bytes whose alignment is known: what copies them depends on it.
#[repr(align(8))]
struct Aligned<const N: usize>([u8; N]);

/// Measures the packet of `len` bytes that has this payload; returns the stack of each verb.
fn measure(len: usize, payload: &[u8]) -> [usize; 4] {
    let to = ["robot-arm-left", "robot-arm-righ"];
    let user = UserPacket {
        payload,
        topic: Some("temperature"),
        id: Some("0f1e2d3c-4b5a-6978-87"),
        start_time: Some(1_763_800_000_123),
        ..Default::default()
    };
    let mut packet = DataPacket {
        participant_identity: "sensor-kitchen-1",
        destination_identities: (&to).into(),
        sequence: 300,
        participant_sid: "PA_0123456789ab",
        value: Some(Value::User((&user).into())),
        ..Default::default()
    };
    let packet = &*black_box(&mut packet);

    let mut frame = Aligned([0; 1200]);
    let frame = encode(packet, &mut frame.0[..len]).expect("it is so long");
    assert_eq!(pull(frame), decode_and_read(frame));

    let mut out = Aligned([0; 1200]);
    let at_offset = |offset: usize| {
        let buf = &mut out.0[offset..][..len];
        ticks::of(&mut || _ = black_box(encode(packet, buf)))
    };
    let worst = (0..4).map(at_offset).max().expect("there are four");
    row(format_args!("instructions|encode, {len} B"), worst);

    let mut place = DataPacket::default();
    let calls: [&mut dyn FnMut(); 4] = [
        &mut || _ = black_box(encode(packet, &mut out.0[..len])),
        &mut || _ = black_box(decode(&mut place, frame)),
        &mut || _ = black_box(decode_and_read(frame)),
        &mut || _ = black_box(pull(frame)),
    ];
    let mut stacks = [0; 4];
    for (at, call) in calls.into_iter().enumerate() {
        if at > 0 {
            row(format_args!("instructions|{}, {len} B", VERBS[at]), ticks::of(call));
        }
        stacks[at] = stack::of(call).1 - stack::of(|| {}).1;
    }
    stacks
}

fn size<T>(name: &str) {
    row(format_args!("size_of|{name}"), size_of::<T>());
}

fn row(figure: fmt::Arguments, number: usize) {
    let _ = writeln!(Host, "{figure}|{number}");
}

struct Host;

impl Write for Host {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        print(text);
        Ok(())
    }
}

#[cortex_m_rt::entry]
fn main() -> ! {
    ticks::start();
    size::<DataPacket>("DataPacket");
    size::<SignalResponse>("SignalResponse");
    size::<Nested<UserPacket>>("Nested");
    size::<Repeated<&str>>("Repeated");
    size::<Messages<TranscriptionSegment>>("Messages");
    size::<Entries<&str, &str>>("Entries");
    size::<Reader>("Reader");
    let payload = Aligned(core::array::from_fn::<u8, 1024, _>(|at| at as u8));
    let large = measure(1145, &payload.0);
    let small = measure(151, &payload.0[..32]);
    for ((verb, large), small) in VERBS.iter().zip(large).zip(small) {
        row(format_args!("stack|{verb}"), large.max(small));
    }
    exit(true)
}
