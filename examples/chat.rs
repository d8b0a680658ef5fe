//! Two participants of a room talk: a sensor and a panel, each a [`Session`], with fixed memory and no heap.
//!
//! `cargo run --example chat`
//!
//! The room between them is this program's: it passes frames on as LiveKit's server does. In a firmware, a
//! transport of data channels is in its place; everything else is the same.

use livekit_micro::borrowed::DataPacket;
use livekit_micro::data::{
    Channel, Closed, Data, Event, Incoming, Pending, PerformRpc, Resend, RpcError, RpcV2, Session,
    StreamOptions, Topics,
};
use livekit_micro::{attributes, from_bytes, to_slice, topics};

type Result<T> = core::result::Result<T, Box<dyn std::error::Error>>;

/// The streams that the participants want; others take no space.
struct Wanted;

impl Topics for Wanted {
    const TOPICS: &'static [&'static str] = &[topics::TRANSCRIPTION, "log"];
}

/// Two streams at a time, calls both ways, 1 KB of packets for a resume.
struct Participant {
    name: &'static str,
    session: Session<Incoming<Wanted, 2>, RpcV2<2>, Resend<1024>>,
    /// A call that is answered later.
    waiting: Option<Pending<32>>,
}

impl Participant {
    const fn new(name: &'static str) -> Self {
        Self { name, session: Session::new(), waiting: None }
    }

    /// Takes a frame that the room passes on. Returns the frames that are sent for it.
    fn receive(&mut self, frame: &[u8], now_ms: u64) -> Result<Vec<Vec<u8>>> {
        let mut out = [0; 512];
        let (event, replies) = self.session.receive(Channel::Reliable, frame, now_ms, &mut out)?;
        let mut sent: Vec<_> = replies.map(<[u8]>::to_vec).collect();
        match event {
            Some(Event::Call(call)) => {
                println!(
                    "{:6} | {} calls {}({:?})",
                    self.name, call.caller.identity, call.method, call.payload
                );
                let result = match (call.method, call.payload) {
                    ("led", state @ ("on" | "off")) => Ok(state),
                    ("measure", _) => {
                        self.waiting = call.caller.keep();
                        return Ok(sent);
                    }
                    _ => Err(RpcError::UNSUPPORTED_METHOD),
                };
                sent.push(self.session.respond(&call.caller, result, &mut out)?.to_vec());
            }
            event => self.print(event),
        }
        Ok(sent)
    }

    fn print(&self, event: Option<Event<'_>>) {
        match event {
            Some(Event::Data(data)) => {
                println!(
                    "{:6} | {}: {}, {} bytes",
                    self.name,
                    data.from,
                    data.topic,
                    data.payload.len()
                );
            }
            Some(Event::Answer(answer)) => match answer.result {
                Ok(response) => println!("{:6} | the response is {response:?}", self.name),
                Err(error) => println!("{:6} | {error}", self.name),
            },
            Some(Event::Stream(part)) => {
                let topic = Wanted::TOPICS[part.topic];
                if let Some(info) = part.opened {
                    println!(
                        "{:6} | {} opens a stream about {topic}, of {:?} bytes",
                        self.name, info.from, info.total_length
                    );
                }
                if !part.content.is_empty() {
                    println!(
                        "{:6} |   {} bytes from byte {} on",
                        self.name,
                        part.content.len(),
                        part.offset
                    );
                }
                match part.closed {
                    Some(Closed::Complete { attributes }) => {
                        let is_final =
                            attributes.get(attributes::TRANSCRIPTION_FINAL) == Some("true");
                        println!(
                            "{:6} |   complete{}",
                            self.name,
                            if is_final { ", final" } else { "" }
                        );
                    }
                    Some(Closed::Aborted { reason, .. }) => {
                        println!("{:6} |   aborted: {reason}", self.name)
                    }
                    Some(Closed::Failed(error)) => println!("{:6} |   failed: {error}", self.name),
                    _ => {}
                }
            }
            Some(event) => println!("{:6} | {event:?}", self.name),
            None => {} // an acknowledgement, a duplicate, a stream of another topic
        }
    }
}

/// Passes a frame on as the server does: it says who has sent it.
fn pass(from: &str, frame: &[u8]) -> Result<Vec<u8>> {
    let sid = format!("PA_{from}");
    let mut packet: DataPacket = from_bytes(frame)?;
    (packet.participant_identity, packet.participant_sid) = (from, &sid);
    Ok(to_slice(&packet, &mut [0; 2048])?.to_vec())
}

/// Passes a frame to the other participant, and what that sends for it back, until nothing is sent any more.
fn deliver(from: &mut Participant, to: &mut Participant, frame: &[u8], now_ms: u64) -> Result<()> {
    for reply in to.receive(&pass(from.name, frame)?, now_ms)? {
        deliver(to, from, &reply, now_ms)?;
    }
    Ok(())
}

fn main() -> Result<()> {
    let (sensor, panel) = (&mut Participant::new("sensor"), &mut Participant::new("panel"));
    let mut buf = [0; 600];

    println!("-- a packet; it comes again after a resume, and is told once");
    let data = Data { payload: br#"{"celsius":21.5}"#, topic: "readings", to: &[] };
    let frame = sensor.session.publish_data(&data, &mut buf)?;
    deliver(sensor, panel, frame, 0)?;
    deliver(sensor, panel, frame, 0)?;

    println!("-- calls");
    // random: from the device's generator. client_protocol: from the participant's information.
    let mut call = PerformRpc {
        destination_identity: "sensor",
        method: "led",
        payload: "on",
        ..Default::default()
    };
    for (random, method, client_protocol) in
        [([1; 16], "led", 0), ([2; 16], "led", 2), ([3; 16], "reset", 2)]
    {
        (call.method, call.client_protocol) = (method, client_protocol);
        let (_, frame) = panel.session.perform_rpc(&call, random, 0, &mut buf)?;
        deliver(panel, sensor, frame, 0)?;
    }

    println!("-- a call that is answered later, and one that is not");
    call.method = "measure";
    for random in [[4; 16], [5; 16]] {
        let (_, frame) = panel.session.perform_rpc(&call, random, 0, &mut buf)?;
        deliver(panel, sensor, frame, 0)?;
        if random == [4; 16]
            && let Some(kept) = sensor.waiting.take()
        {
            let frame = sensor.session.respond(&kept.caller(), Ok("21.5"), &mut buf)?;
            deliver(sensor, panel, frame, 2_000)?;
        }
    }
    println!("panel  | waits {:?} ms at most", panel.session.poll_in(2_000));
    let event = panel.session.poll(15_000);
    panel.print(event);

    println!("-- a file, in chunks that fit a buffer of 600 bytes");
    let options = StreamOptions {
        topic: "log",
        name: "log.txt",
        total_length: Some(1_000),
        ..Default::default()
    };
    let (mut writer, frame) = sensor.session.local.stream_bytes(&options, [6; 16], &mut buf)?;
    deliver(sensor, panel, frame, 0)?;
    let log = [b'.'; 1_000];
    let mut rest = &log[..];
    while !rest.is_empty() {
        let frame = writer.write(&mut sensor.session.local, &mut rest, &mut buf)?;
        deliver(sensor, panel, frame, 0)?;
    }
    let frame = writer.close(&mut sensor.session.local, "", &[], &mut buf)?;
    deliver(sensor, panel, frame, 0)?;

    println!("-- a transcription: what is final is said at its end");
    let options = StreamOptions {
        topic: topics::TRANSCRIPTION,
        attributes: &[(attributes::SEGMENT_ID, "SG_1")],
        ..Default::default()
    };
    let (mut writer, frame) = sensor.session.local.stream_text(&options, [7; 16], &mut buf)?;
    deliver(sensor, panel, frame, 0)?;
    let frame = writer.write(&mut sensor.session.local, &mut "21.5 °C".as_bytes(), &mut buf)?;
    deliver(sensor, panel, frame, 0)?;
    let is_final = [(attributes::TRANSCRIPTION_FINAL, "true")];
    let frame = writer.close(&mut sensor.session.local, "", &is_final, &mut buf)?;
    deliver(sensor, panel, frame, 0)?;

    println!("-- a stream in one frame, one of another topic, and one whose sender leaves");
    let options = StreamOptions { topic: "log", ..Default::default() };
    let frame = sensor.session.local.send_text_inline("boot", &options, [8; 16], &mut buf)?;
    deliver(sensor, panel, frame, 0)?;
    let other = StreamOptions { topic: topics::AGENT_SESSION, ..Default::default() };
    let frame = sensor.session.local.send_bytes_inline(&[1, 2], &other, [9; 16], &mut buf)?;
    deliver(sensor, panel, frame, 0)?;
    let (_writer, frame) = sensor.session.local.stream_text(&options, [10; 16], &mut buf)?;
    deliver(sensor, panel, frame, 0)?;
    let event = panel.session.participant_left("sensor", "PA_sensor");
    panel.print(event);

    println!("-- a resume: the server has received packet 18");
    let again = sensor.session.resume(18);
    println!("sensor | {} packets are lost", again.lost());
    for frame in again {
        println!("sensor | sends {} bytes again", frame.len());
    }
    println!(
        "a session takes {} bytes, of which {} are for packets to be sent again",
        size_of_val(&sensor.session),
        1024
    );
    Ok(())
}
