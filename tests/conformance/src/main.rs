//! The program that Google's conformance suite tests.
//!
//! It speaks the suite's own protocol: on stdin a `ConformanceRequest` after its length in four
//! bytes, on stdout its `ConformanceResponse` likewise, until stdin ends. Its argument says which
//! of the [`FAMILIES`] of message types is on trial; without one it lists them.

use std::convert::Infallible;
use std::fmt::{Display, Write as _};
use std::io::{self, ErrorKind, Read, Write};
use std::process::ExitCode;

use conformance::codec::{self, Decode, DecodeError, Encode, EncodeError, Validate};
use conformance::owned::conformance::conformance_request::Payload;
use conformance::owned::conformance::conformance_response::Result as Outcome;
use conformance::owned::conformance::{ConformanceRequest, ConformanceResponse, WireFormat};
use conformance::{borrowed, owned};
use micropb::{MessageDecode, MessageEncode, PbDecoder, PbEncoder, PbRead};

/// The families of message types by name; `micropb` is the owned one through the traits of micropb.
const FAMILIES: &[(&str, Family)] =
    &[("owned", owned), ("borrowed", borrowed), ("micropb", micropb)];

/// Decodes a frame as the message of this full name and encodes it again; `None` if the family has
/// unknown.
type Family = fn(&str, &[u8]) -> Option<Result<Vec<u8>, Failure>>;

enum Failure {
    Decode(DecodeError),
    Encode(EncodeError),
    Micropb(micropb::DecodeError<Infallible>),
}

fn owned(name: &str, frame: &[u8]) -> Option<Result<Vec<u8>, Failure>> {
    macro_rules! messages {
        ($($name:literal => $($path:ident)::+,)*) => {
            match name {
                $($name => Some(owned_again::<owned::$($path)::+>(frame)),)*
                _ => None,
            }
        };
    }
    conformance::for_each_message!(messages)
}

fn owned_again<M>(frame: &[u8]) -> Result<Vec<u8>, Failure>
where
    M: Encode + for<'a> Decode<'a> + Default,
{
    let mut message = Box::<M>::default();
    codec::decode_into(&mut *message, frame).map_err(Failure::Decode)?;
    encode(&*message)
}

/// Reads all of it before it is encoded, so that what is wrong inside is a failure to decode.
fn borrowed(name: &str, frame: &[u8]) -> Option<Result<Vec<u8>, Failure>> {
    macro_rules! messages {
        ($($name:literal => $($path:ident)::+,)*) => {
            match name {
                $($name => Some(borrowed_again::<borrowed::$($path)::+>(frame)),)*
                _ => None,
            }
        };
    }
    conformance::for_each_message!(messages)
}

fn borrowed_again<'a, M>(frame: &'a [u8]) -> Result<Vec<u8>, Failure>
where
    M: Encode + Decode<'a> + Validate<'a>,
{
    let message: M = codec::from_bytes(frame).map_err(Failure::Decode)?;
    codec::validate(&message).map_err(Failure::Decode)?;
    encode(&message)
}

fn micropb(name: &str, frame: &[u8]) -> Option<Result<Vec<u8>, Failure>> {
    macro_rules! messages {
        ($($name:literal => $($path:ident)::+,)*) => {
            match name {
                $($name => Some(micropb_again::<owned::$($path)::+>(frame)),)*
                _ => None,
            }
        };
    }
    conformance::for_each_message!(messages)
}

fn micropb_again<M>(frame: &[u8]) -> Result<Vec<u8>, Failure>
where
    M: MessageDecode + MessageEncode + Default,
{
    let mut message = Box::<M>::default();
    let mut decoder = PbDecoder::new(Bytes(frame));
    message.decode(&mut decoder, frame.len()).map_err(Failure::Micropb)?;
    let mut encoder = PbEncoder::new(Vec::with_capacity(message.compute_size()));
    let Ok(()) = message.encode(&mut encoder);
    Ok(encoder.into_writer())
}

/// Hands out single bytes.
struct Bytes<'a>(&'a [u8]);

impl PbRead for Bytes<'_> {
    type Error = Infallible;

    fn pb_read_chunk(&mut self) -> Result<&[u8], Infallible> {
        Ok(&self.0[..self.0.len().min(1)])
    }

    fn pb_advance(&mut self, bytes: usize) {
        self.0 = &self.0[bytes..];
    }
}

fn encode(message: &impl Encode) -> Result<Vec<u8>, Failure> {
    let mut buf = vec![0; codec::encoded_len(message)];
    codec::to_slice(message, &mut buf).map_err(Failure::Encode)?;
    Ok(buf)
}

fn main() -> ExitCode {
    let Some(wanted) = std::env::args().nth(1) else {
        FAMILIES.iter().for_each(|(name, _)| println!("{name}"));
        return ExitCode::SUCCESS;
    };
    let Some((_, family)) = FAMILIES.iter().find(|(name, _)| *name == wanted) else {
        eprintln!("conformance: no family {wanted}");
        return ExitCode::from(2);
    };
    match serve(*family) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("conformance: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Answers requests until there are no more.
fn serve(family: Family) -> io::Result<()> {
    let (mut stdin, mut stdout) = (io::stdin().lock(), io::stdout().lock());
    loop {
        let mut prefix = [0; 4];
        match stdin.read_exact(&mut prefix) {
            Err(error) if error.kind() == ErrorKind::UnexpectedEof => return Ok(()),
            result => result?,
        }
        let mut request = vec![0; u32::from_le_bytes(prefix) as usize];
        stdin.read_exact(&mut request)?;

        let response = ConformanceResponse { result: Some(answer(&request, family)) };
        let mut buf = vec![0; codec::encoded_len(&response)];
        let frame = codec::to_slice(&response, &mut buf).expect("the buffer is as long as it says");
        stdout.write_all(&(frame.len() as u32).to_le_bytes())?;
        stdout.write_all(frame)?;
        stdout.flush()?;
    }
}

/// What comes of one request.
fn answer(request: &[u8], family: Family) -> Outcome {
    let request: ConformanceRequest = match codec::from_bytes(request) {
        Ok(request) => request,
        Err(error) => return Outcome::RuntimeError(text(format_args!("the request: {error}"))),
    };
    let name = request.message_type.as_str();
    let Some(Payload::ProtobufPayload(frame)) = &request.payload else {
        return Outcome::Skipped(text("only protobuf's binary format is spoken here"));
    };
    if name == "conformance.FailureSet" {
        // The first request: which failures the program knows of itself. The suite has the list.
        return Outcome::ProtobufPayload(heapless::Vec::new());
    }
    if request.requested_output_format != WireFormat::Protobuf {
        return Outcome::Skipped(text("only protobuf's binary format is spoken here"));
    }
    match family(name, frame) {
        None if name.starts_with("protobuf_test_messages.proto2.") => {
            Outcome::Skipped(text("proto2 is not spoken here"))
        }
        None => Outcome::RuntimeError(text("this family does not have the message")),
        Some(Err(Failure::Decode(error))) => Outcome::ParseError(text(error)),
        Some(Err(Failure::Micropb(error))) => Outcome::ParseError(text(format_args!("{error:?}"))),
        Some(Err(Failure::Encode(error))) => Outcome::SerializeError(text(error)),
        Some(Ok(frame)) => match heapless::Vec::from_slice(&frame) {
            Ok(frame) => Outcome::ProtobufPayload(frame),
            Err(_) => Outcome::RuntimeError(text("the message does not fit the response")),
        },
    }
}

/// `what` as the text of a response.
fn text<const N: usize>(what: impl Display) -> heapless::String<N> {
    let mut text = heapless::String::new();
    write!(text, "{what}").expect("responses hold our few messages");
    text
}
