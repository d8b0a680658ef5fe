//! Frames as the module's documentation describes them, made and read with other crates.

use livekit_micro::data::Session;
use livekit_micro::link::{
    Bridge, BridgeEvent, BridgeMemory, Event, JoinConfig, Link, MAX_FRAME_BYTES, Memory,
};

const ID: u32 = 0x1234_5600;

/// The frame of a body.
fn frame(body: &[u8]) -> Vec<u8> {
    let body = [body, &crc32fast::hash(body).to_le_bytes()].concat();
    let mut frame = cobs(&body);
    frame.push(0);
    frame
}

/// COBS of up to 254 bytes: each zero becomes the distance to the next one.
fn cobs(body: &[u8]) -> Vec<u8> {
    let runs = body.split(|byte| *byte == 0);
    runs.flat_map(|run| [&[run.len() as u8 + 1], run].concat()).collect()
}

/// The body of a frame, without its checksum.
fn body(frame: &[u8]) -> Vec<u8> {
    let frame = frame.strip_prefix(&[0]).unwrap_or(frame);
    let (zero, mut rest) = frame.split_last().expect("a frame");
    assert!(*zero == 0 && !rest.contains(&0));
    let mut body = Vec::new();
    while let Some((distance, others)) = rest.split_first() {
        let (run, others) = others.split_at(usize::from(*distance) - 1);
        body.extend_from_slice(run);
        body.push(0);
        rest = others;
    }
    body.pop();
    let crc = body.split_off(body.len() - 4);
    assert_eq!(crc, crc32fast::hash(&body).to_le_bytes());
    body
}

fn head(kind: u8, id: u32, offset: u16, ack: u16, window: u16) -> Vec<u8> {
    let numbers = [offset.to_le_bytes(), ack.to_le_bytes(), window.to_le_bytes()].concat();
    [&[kind], &id.to_le_bytes()[..], &numbers].concat()
}

fn link() -> Link<'static, Session> {
    let mut memory = [512, 512, 256].map(|len| vec![0; len].leak());
    let [receive, send, frame] = memory.each_mut().map(std::mem::take);
    let mut link = Link::new(Session::new(), Memory { receive, send, frame });
    let config = JoinConfig { token: "token", window: 300, longest_packet: 0, random: ID };
    link.join(config, 0).expect("it fits");
    link
}

#[test]
fn a_device_opens_the_line_and_joins() {
    let (mut link, mut out) = (link(), [0; MAX_FRAME_BYTES]);
    let open = body(link.poll(0, &mut out).expect("a frame"));
    assert_eq!(open, [head(1, ID, 0, 0, 300), vec![1]].concat());
    assert!(link.poll(0, &mut out).is_none());
    let opened = frame(&[head(2, ID, 0, 0, 1_000), vec![1]].concat());
    assert!(link.input(&mut &opened[..], 5).is_none());
    let join = body(link.poll(5, &mut out).expect("a frame"));
    let record = [&[1, 9, 0, 0, 0, 0, 2][..], b"token"].concat();
    assert_eq!(join, [head(3, ID, 0, 0, 300), record.clone()].concat());
    // It is sent again until it is acknowledged.
    assert_eq!(link.poll_in(5), Some(1_000));
    assert_eq!(body(link.poll(1_005, &mut out).expect("a frame")), join);
    // Connected, with the acknowledgement.
    let connected = frame(&[head(3, ID, 0, record.len() as u16, 1_000), vec![5, 0, 0]].concat());
    let mut rest = &connected[..];
    assert!(matches!(link.input(&mut rest, 1_010), Some(Event::Connected)));
    let acknowledgement = body(link.poll(1_010, &mut out).expect("a frame"));
    assert_eq!(acknowledgement, head(3, ID, record.len() as u16, 3, 300));
    assert!(link.poll(1_010, &mut out).is_none());
}

#[test]
fn a_bridge_of_another_version_is_told() {
    let mut link = link();
    let opened = frame(&[head(2, ID, 0, 0, 1_000), vec![2]].concat());
    let mut rest = &opened[..];
    let event = link.input(&mut rest, 5);
    assert!(matches!(event, Some(Event::Failed(livekit_micro::link::Error::Version(2)))));
    assert_eq!(link.poll_in(5), None);
}

#[test]
fn a_bridge_answers_what_it_does_not_know_with_a_reset() {
    let memory = [65_536, 2_048].map(|len| vec![0; len].leak());
    let [receive, send] = memory;
    let (mut bridge, mut out) = (Bridge::new(BridgeMemory { receive, send }), [0; MAX_FRAME_BYTES]);
    let data = frame(&[head(3, ID, 77, 0, 100), vec![4, 0, 0]].concat());
    assert!(bridge.input(&mut &data[..], 0).is_none());
    assert_eq!(body(bridge.poll(0, &mut out).expect("a frame")), head(6, ID, 0, 0, 0));
    // After Open the same record counts, if it has the first number.
    let open = frame(&[head(1, ID, 0, 0, 300), vec![1]].concat());
    assert!(bridge.input(&mut &open[..], 0).is_none());
    assert_eq!(body(bridge.poll(0, &mut out).expect("a frame"))[0], 2);
    assert!(bridge.input(&mut &data[..], 0).is_none());
    assert_eq!(body(bridge.poll(0, &mut out).expect("a frame"))[0], 4);
    let data = frame(&[head(3, ID, 0, 0, 100), vec![4, 0, 0]].concat());
    let mut rest = &data[..];
    assert!(matches!(bridge.input(&mut rest, 0), Some(BridgeEvent::Leave)));
}
