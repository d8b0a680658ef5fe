//! Instructions and stack of what a session does with a frame.
//!
//! Prints a figure a line: its kind, what is done, a number, with a bar between them.
#![no_std]
#![no_main]

use core::hint::black_box;

use emulator::semihosting::{exit, print, print_number};
use emulator::stack;
use livekit_micro::borrowed::data_packet::Value;
use livekit_micro::borrowed::data_stream::{Chunk, Header, TextHeader, header};
use livekit_micro::borrowed::{DataPacket, RpcRequest, UserPacket};
use livekit_micro::data::{
    Channel, Data, Incoming, PerformRpc, Rpc, RpcError, Session, StreamOptions,
};
use livekit_micro::to_slice;
use programs::session::Wanted;
use programs::ticks;

programs::may_panic!(); // as its assertions can

type Device = Session<Incoming<Wanted, 2>, Rpc<2>>;

/// Measures a call, in the words of the page.
fn row(work: &str, call: &mut dyn FnMut()) {
    let instructions = ticks::of(call);
    let bytes = stack::of(&mut *call).1.saturating_sub(stack::of(|| {}).1);
    for (kind, number) in [("instructions|", instructions), ("stack|", bytes)] {
        [kind, work, "|"].into_iter().for_each(print);
        print_number(number);
        print("\n");
    }
}

/// A packet as the server passes it on.
fn packet<'b>(sequence: u32, value: Value<'_>, buf: &'b mut [u8]) -> &'b [u8] {
    let packet = DataPacket {
        participant_identity: "agent-7",
        participant_sid: "PA_Rc3mVbQ4tZ9x",
        sequence,
        value: Some(value),
        ..DataPacket::new()
    };
    to_slice(&packet, buf).expect("it fits")
}

fn receive(device: &mut Device, frame: &[u8], out: &mut [u8]) {
    let (event, replies) =
        device.receive(Channel::Reliable, frame, 5, out).expect("it is a packet");
    black_box(event);
    assert!(replies.count() < 2);
}

const STREAM: &str = "6d1a9b0e-7c63-4f0e-9a35-0d9b6f7c2e11";

/// A stream of which chunks are received.
fn open(device: &mut Device, buf: &mut [u8], out: &mut [u8]) {
    let text = TextHeader::new();
    let header = Header {
        stream_id: STREAM,
        topic: "lk.transcription",
        content_header: Some(header::ContentHeader::TextHeader((&text).into())),
        ..Header::new()
    };
    receive(device, packet(0, Value::StreamHeader((&header).into()), buf), out);
}

fn chunk<'b>(index: u64, content: &[u8], buf: &'b mut [u8]) -> &'b [u8] {
    let chunk = Chunk { stream_id: STREAM, chunk_index: index, content, ..Chunk::new() };
    packet(0, Value::StreamChunk((&chunk).into()), buf)
}

fn received(buf: &mut [u8], out: &mut [u8]) {
    let payload = [7; 100];
    let user = UserPacket { payload: &payload, topic: Some("temperature"), ..UserPacket::new() };
    let frame = packet(0, Value::User((&user).into()), buf);
    let mut device = Device::new();
    row("user packet of 100 B received", &mut || receive(&mut device, frame, out));

    let mut frames = [[0; 256]; 2];
    let mut frames = frames.iter_mut().zip([STREAM, "0b2c"]).map(|(frame, id)| {
        let (method, payload) = ("led", "on");
        let request = RpcRequest { id, method, payload, version: 1, ..RpcRequest::new() };
        packet(0, Value::RpcRequest((&request).into()), frame)
    });
    let mut frames = [frames.next(), frames.next()].into_iter();
    row("request received, acknowledged", &mut || {
        receive(&mut device, frames.next().flatten().expect("one a call"), out);
    });

    for (work, len) in [("chunk of 32 B received", 32), ("chunk of 15 000 B received", 15_000)] {
        let content = [b'x'; 15_000];
        let mut frames = [[0; 15_200]; 2];
        let mut frames =
            (0..).zip(&mut frames).map(|(at, frame)| chunk(at, &content[..len], frame));
        let mut frames = [frames.next(), frames.next()].into_iter();
        let mut device = Device::new();
        open(&mut device, buf, out);
        row(work, &mut || {
            receive(&mut device, frames.next().flatten().expect("one a call"), out);
        });
    }
}

fn sent(buf: &mut [u8]) {
    let mut device = Device::new();
    let payload = [7; 100];
    let data = Data { payload: &payload, topic: "temperature", to: &[] };
    row("publish 100 B", &mut || _ = black_box(device.publish_data(&data, buf)));
    let caller = livekit_micro::data::Caller::new("agent-7", STREAM);
    row("respond", &mut || _ = black_box(device.respond(&caller, Ok("on"), buf)));
    row("respond with an error", &mut || {
        _ = black_box(device.respond(&caller, Err(RpcError::UNSUPPORTED_METHOD), buf))
    });
    let call = PerformRpc { destination_identity: "agent-7", ..PerformRpc::default() };
    row("perform_rpc", &mut || {
        _ = black_box(device.perform_rpc(&call, [1; 16], 7, buf));
    });
    row("poll with nothing to do", &mut || _ = black_box(device.poll(7)));
    let options = StreamOptions { topic: "log", ..StreamOptions::default() };
    let (mut writer, _) = device.local.stream_bytes(&options, [1; 16], buf).expect("it fits");
    row("chunk of 15 000 B made in place", &mut || {
        let fill = |space: &mut [u8]| space.len().min(15_000);
        _ = black_box(writer.write_in_place(&mut device.local, buf, fill));
    });
    let content = [b'x'; 15_000];
    row("chunk of 15 000 B made", &mut || {
        _ = black_box(writer.write(&mut device.local, &mut &content[..], buf));
    });
}

#[cortex_m_rt::entry]
fn main() -> ! {
    ticks::start();
    let (mut buf, mut out) = ([0; 15_400], [0; 512]);
    received(&mut buf, &mut out);
    sent(&mut buf);
    exit(true)
}
