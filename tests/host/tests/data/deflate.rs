//! Compressed streams, beside zlib's algorithm in another implementation (zlib-rs) and what SDKs have sent.

use std::io::Write as _;

use flate2::write::{DeflateEncoder, ZlibEncoder};
use flate2::{Compress, Compression, FlushCompress};
use livekit_micro::data::{
    Channel, Closed, Event, INFLATE_WINDOW_BYTES, Incoming, InflateError, Inflater, Session,
    StreamError, StreamPart, Topics,
};
use livekit_protocol::data_packet::Value;
use livekit_protocol::data_stream::{CompressionType, Header};
use testkit::corpus;

use crate::frames::*;

struct Compressed;

impl Topics for Compressed {
    const TOPICS: &'static [&'static str] = &["chat", "log", "file"];
    const COMPRESSED: bool = true;
}

type Reader = Session<Incoming<Compressed, 2>>;

/// A device and what it has decompressed of one stream.
struct Device {
    session: Reader,
    inflater: Inflater<'static>,
    max: u32,
    content: Vec<u8>,
}

impl Device {
    fn new(max: u32) -> Self {
        let window = Box::leak(Box::new([0; INFLATE_WINDOW_BYTES]));
        let inflater = Inflater::new(window);
        Self { session: Session::new(), inflater, max, content: Vec::new() }
    }

    fn take(&mut self, part: &StreamPart<'_>) -> Result<bool, InflateError> {
        if let Some(info) = &part.opened {
            assert!(info.is_compressed);
            self.content.clear();
            self.inflater.start(info, self.max);
        }
        self.inflater.push(part.content, |bytes| self.content.extend(bytes))?;
        match part.closed {
            Some(Closed::Complete { .. }) => self.inflater.finish().map(|()| true),
            None => Ok(false),
            closed => panic!("{closed:?}"),
        }
    }

    /// Receives a frame; `true` at the end of the stream.
    fn receive(&mut self, frame: &[u8]) -> Result<bool, InflateError> {
        let (event, _) =
            self.session.receive(Channel::Reliable, frame, 0, &mut []).expect("a packet");
        match event {
            Some(Event::Stream(part)) => self.take(&part),
            other => panic!("{other:?}"),
        }
    }

    /// Receives a stream of `compressed`, whose header says `total`, in chunks of `size` bytes; in one frame if 0.
    fn stream(
        &mut self,
        compressed: &[u8],
        total: Option<u64>,
        size: usize,
    ) -> Result<&[u8], InflateError> {
        let deflate = CompressionType::DeflateRaw.into();
        let header = Header { compression: deflate, total_length: total, ..header("id") };
        if size == 0 {
            let header = Header { inline_content: Some(compressed.to_vec()), ..header };
            assert!(self.receive(&packet("PA_a", 0, Value::StreamHeader(header)))?);
            return Ok(&self.content);
        }
        self.receive(&packet("PA_a", 0, Value::StreamHeader(header)))?;
        for (index, content) in (0..).zip(compressed.chunks(size)) {
            assert!(!self.receive(&packet("PA_a", 0, chunk("id", index, content)))?);
        }
        assert!(self.receive(&packet("PA_a", 0, trailer("id", "")))?);
        Ok(&self.content)
    }
}

fn deflate(content: &[u8], level: u32) -> Vec<u8> {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::new(level));
    encoder.write_all(content).expect("a Vec takes all");
    encoder.finish().expect("a Vec takes all")
}

/// Contents that compress well, badly, and that refer back as far as DEFLATE can.
fn contents() -> [Vec<u8>; 5] {
    let noise: Vec<u8> = std::iter::repeat_with(|| fastrand::u8(..)).take(40_000).collect();
    let far = [&noise[..32_768], &noise[..32_768], &noise[..100]].concat();
    let text = "temperature 21.5 °C\n".repeat(10_000).into_bytes();
    [Vec::new(), b"21.5".to_vec(), text, noise, far]
}

#[test]
fn compressed_streams_are_decompressed_however_they_are_cut() {
    for content in contents() {
        for level in [0, 1, 9] {
            let compressed = deflate(&content, level);
            for size in [0, 1, 100, 15_000] {
                if size == 1 && compressed.len() > 2_000 {
                    continue;
                }
                for total in [Some(content.len() as u64), None] {
                    // JS counts a length of 0 as one that is not known.
                    let mut device = Device::new(u32::MAX);
                    assert_eq!(device.stream(&compressed, total, size), Ok(&content[..]));
                }
            }
        }
    }
}

#[test]
fn one_inflater_reads_one_stream_after_the_other() {
    let mut device = Device::new(u32::MAX);
    for _ in 0..3 {
        for content in contents() {
            let total = Some(content.len() as u64);
            assert_eq!(device.stream(&deflate(&content, 6), total, 1_000), Ok(&content[..]));
        }
    }
}

#[test]
fn a_last_block_may_be_missing() {
    let content = b"flushed is enough".repeat(100);
    let mut compress = Compress::new(Compression::best(), false);
    let mut compressed = Vec::with_capacity(1_000);
    compress.compress_vec(&content, &mut compressed, FlushCompress::Sync).expect("there is space");
    let total = Some(content.len() as u64);
    assert_eq!(Device::new(u32::MAX).stream(&compressed, total, 10), Ok(&content[..]));
}

#[test]
fn lengths_are_those_of_the_header() {
    let content = [7; 10_000];
    let compressed = deflate(&content, 6);
    for (total, max, expected) in [
        (Some(9_999), u32::MAX, InflateError::TooLong),
        (Some(10_001), u32::MAX, InflateError::Incomplete),
        (None, 9_999, InflateError::TooLong),
    ] {
        for size in [0, 10] {
            assert_eq!(Device::new(max).stream(&compressed, total, size), Err(expected));
        }
    }
    assert!(Device::new(10_000).stream(&compressed, None, 0).is_ok());
    // A bomb is cut off where it is too long: 10 MB in 10 KB.
    let bomb = deflate(&vec![0; 10_000_000], 9);
    let mut device = Device::new(100_000);
    assert_eq!(device.stream(&bomb, None, 1_000), Err(InflateError::TooLong));
    assert!(device.content.len() <= 100_000);
}

#[test]
fn what_is_not_raw_deflate_is_an_error() {
    let content = b"21.5".repeat(100);
    let mut zlib = ZlibEncoder::new(Vec::new(), Compression::best());
    zlib.write_all(&content).expect("a Vec takes all");
    let zlib = zlib.finish().expect("a Vec takes all");
    let behind = [&deflate(&content, 6)[..], b"x"].concat();
    for compressed in [&zlib[..], &behind, b"\xff\xff\xff"] {
        for size in [0, 1, 7] {
            let result = Device::new(u32::MAX).stream(compressed, None, size).map(<[u8]>::len);
            assert_eq!(result, Err(InflateError::Malformed));
        }
    }
}

#[test]
fn recorded_streams_of_the_sdks_are_decompressed() {
    let mut count = 0;
    for record in corpus::all().iter().filter(|it| it.name.contains("deflate-forwarded")) {
        let mut device = Device::new(u32::MAX);
        let (event, _) =
            device.session.receive(Channel::Reliable, &record.bytes, 0, &mut []).expect("a packet");
        let Some(Event::Stream(part)) = event else {
            continue; // of a topic that is not wanted: RPC
        };
        let total = part.opened.and_then(|info| info.total_length);
        assert_eq!(device.take(&part), Ok(true), "{}", record.name);
        assert_eq!(Some(device.content.len() as u32), total, "{}", record.name);
        count += 1;
    }
    assert!(count >= 2);
}

#[test]
fn without_the_constant_a_compressed_stream_is_refused() {
    let header = Header {
        compression: CompressionType::DeflateRaw.into(),
        inline_content: Some(deflate(b"21.5", 6)),
        ..header("id")
    };
    let mut device = crate::frames::Device::new();
    let (seen, _) = receive(&mut device, &packet("PA_a", 1, Value::StreamHeader(header)), 0);
    let Seen::Stream(part) = seen else { panic!("{seen:?}") };
    assert_eq!((part.opened, part.content.len()), (true, 0));
    assert_eq!(part.closed, Some(End::Failed(StreamError::Compressed)));
}
