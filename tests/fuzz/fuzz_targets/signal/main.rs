//! Any bytes of a server's, from its response to the request on, and messages of LiveKit's own crate in frames. What is
//! told does not depend on the pieces in which it arrives; messages that are well-formed say what prost decodes;
//! after an error nothing follows.
#![no_main]

use libfuzzer_sys::arbitrary::{Result, Unstructured};
use libfuzzer_sys::fuzz_target;
use livekit_micro::signal::{Connect, Event, JoinOptions, ServerUrl, SignalClient, SignalError};
use livekit_micro::validate;
use livekit_protocol::signal_response::Message;
use prost_reflect::prost::Message as _;
use support::messages;
use testkit::signal::{Told, accepted, expected, frame, join};

const TOKEN: &str = "eyJh.eyJ2.c2ln";
const TOKEN_BYTES: usize = 32;
const BUFFERS: [usize; 5] = [0, 20, 100, 1_000, LARGE];
const LARGE: usize = 1 << 16;
const MASK: [u8; 4] = [1, 2, 3, 4];

fuzz_target!(|input: &[u8]| {
    let mut input = Unstructured::new(input);
    // Input that ends early is no failure.
    let _ = check(&mut input);
});

/// What a server sends after its first response, and what it has to tell if all of it is well-formed.
struct Script {
    bytes: Vec<u8>,
    told: Option<Vec<Told>>,
    token: String,
}

/// What a client has told, and how it ended.
#[derive(Debug, PartialEq)]
struct Outcome {
    told: Vec<Told>,
    error: Option<SignalError>,
    token: String,
    poll_in: Option<u32>,
}

fn check(input: &mut Unstructured) -> Result<()> {
    let buf = BUFFERS[input.choose_index(BUFFERS.len())?];
    let sizes: [u8; 4] = input.arbitrary()?;
    let is_upgraded = input.arbitrary()?;
    let script = if is_upgraded { script(input)? } else { any(input) };
    let whole = outcome(buf, is_upgraded, &script.bytes, &[], false);
    let sizes = sizes.map(|size| 1 + usize::from(size));
    assert_eq!(outcome(buf, is_upgraded, &script.bytes, &sizes, true), whole);
    assert_eq!(outcome(buf, is_upgraded, &script.bytes, &[1], false), whole);
    if let (Some(told), LARGE) = (script.told, buf) {
        assert_eq!((whole.told, whole.error, whole.token), (told, None, script.token));
    }
    Ok(())
}

fn any(input: &mut Unstructured) -> Script {
    let bytes = input.bytes(input.len()).unwrap_or_default().to_vec();
    Script { bytes, told: None, token: String::new() }
}

fn script(input: &mut Unstructured) -> Result<Script> {
    let (mut told, mut is_exact) = (vec![Told::Joined], true);
    let (mut bytes, mut token) = (join(), TOKEN.to_owned());
    let mut is_resumed = false;
    if input.ratio(1, 8)? {
        (bytes, is_exact) = (vec![], false);
    }
    while !input.is_empty() {
        if input.ratio(1, 8)? {
            let len = usize::from(input.arbitrary::<u8>()?).min(input.len());
            bytes.extend(input.bytes(len)?);
            is_exact = false;
            continue;
        }
        let message = messages::response(input)?;
        // A number of a resume before stays, if the next one brings none: a server resumes once.
        if let Some(Message::Reconnect(_)) = message.message {
            is_exact &= !std::mem::replace(&mut is_resumed, true);
        }
        let (more, new) = expected(&message, TOKEN_BYTES);
        told.extend(more);
        token = new.unwrap_or(token);
        let mut message = message.encode_to_vec();
        if input.ratio(1, 8)? && !message.is_empty() {
            let at = input.choose_index(message.len())?;
            message[at] = input.arbitrary()?;
            is_exact = false;
        }
        let at = input.int_in_range(0..=message.len())?;
        if input.arbitrary()? {
            bytes.extend(frame(0x82, &message));
        } else {
            let control = 0x80 | input.int_in_range(9..=10)?;
            let between = frame(control, &message[..at.min(125)]);
            bytes.extend([frame(2, &message[..at]), between, frame(0x80, &message[at..])].concat());
        }
    }
    Ok(Script { bytes, told: is_exact.then_some(told), token })
}

/// Gives a client bytes, in pieces of these sizes in turn; whole if there are none.
fn outcome(
    buf: usize,
    is_upgraded: bool,
    mut bytes: &[u8],
    sizes: &[usize],
    polls: bool,
) -> Outcome {
    let (mut buf, mut token_memory, mut out) = (vec![0; buf], [0; TOKEN_BYTES], [0; 600]);
    let mut client = SignalClient::new(&mut buf, &mut token_memory);
    assert!(client.set_token(TOKEN));
    let url = ServerUrl::parse("ws://host").expect("it is one");
    let offer = Connect::Join { offer: "", offer_id: 1 };
    let request = client.connect(&url, offer, &JoinOptions::default(), &[7; 16], 0, &mut out);
    let head = accepted(request.expect("it fits"));
    let (mut told, mut error) = (vec![], None);
    if is_upgraded {
        error = receive(&mut client, &head, &mut told);
    }
    let mut sizes = sizes.iter().cycle();
    while error.is_none() && !bytes.is_empty() {
        let size = sizes.next().map_or(bytes.len(), |size| bytes.len().min(*size));
        let (piece, rest) = bytes.split_at(size);
        error = receive(&mut client, piece, &mut told);
        bytes = rest;
        while polls && let Some(frame) = client.poll(0, MASK, &mut out).expect("no time passes") {
            assert!(frame[0] == 0x8a && frame[1] & 0x80 != 0 && frame.len() <= 6 + 125);
        }
    }
    while client.poll(0, MASK, &mut out).expect("no time passes").is_some() {}
    if error.is_some() {
        let mut after = vec![];
        assert_eq!(receive(&mut client, &[head, join()].concat(), &mut after), None);
        assert_eq!((after, client.is_open(), client.poll_in(0)), (vec![], false, None));
    }
    let (token, poll_in) = (client.token().to_owned(), client.poll_in(0));
    Outcome { told, error, token, poll_in }
}

fn receive(
    client: &mut SignalClient<'_>,
    mut bytes: &[u8],
    told: &mut Vec<Told>,
) -> Option<SignalError> {
    loop {
        match client.receive(&mut bytes, 0) {
            Ok(Some(event)) => {
                let this = Told::of(&event);
                if let Event::Participant { info, .. } = event {
                    // What is kept is a message of prost's if all of it is well-formed.
                    assert_eq!(validate(&info).is_err(), this == Told::Malformed);
                }
                told.push(this);
            }
            Ok(None) => return None,
            Err(error) => return Some(error),
        }
    }
}
