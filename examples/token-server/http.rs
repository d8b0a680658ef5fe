//! HTTP/1.1, as much as it takes: short requests, one a connection.

use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

/// The most bytes of a request, and the time that it may take to arrive.
const LONGEST: usize = 4096;
const DEADLINE: Duration = Duration::from_secs(5);

pub struct Request {
    pub method: String,
    pub path: String,
    pub body: String,
}

/// A status, and what it says to a person.
pub type Refusal = (u16, &'static str);

/// Reads a request.
pub fn read(stream: &mut TcpStream) -> Result<Request, Refusal> {
    let deadline = Instant::now() + DEADLINE;
    let (mut bytes, mut space) = (Vec::new(), [0; 1024]);
    loop {
        // The timeout of a socket begins again with each byte.
        let left = deadline.saturating_duration_since(Instant::now());
        let is_late = left.is_zero() || stream.set_read_timeout(Some(left)).is_err();
        match stream.read(&mut space) {
            Ok(len @ 1..) if !is_late => bytes.extend_from_slice(&space[..len]),
            _ => return Err((408, "no request within 5 s")),
        }
        if let Some(request) = parse(&bytes)? {
            return Ok(request);
        }
        if bytes.len() > LONGEST {
            return Err((413, "too long"));
        }
    }
}

/// The request, once all of it is there.
fn parse(bytes: &[u8]) -> Result<Option<Request>, Refusal> {
    let mut headers = [httparse::EMPTY_HEADER; 32];
    let mut head = httparse::Request::new(&mut headers);
    let parsed = head.parse(bytes).map_err(|_| (400, "not HTTP"))?;
    let httparse::Status::Complete(start) = parsed else { return Ok(None) };
    let mut len = 0;
    for header in head.headers.iter() {
        if header.name.eq_ignore_ascii_case("transfer-encoding") {
            return Err((411, "a length is needed"));
        }
        if header.name.eq_ignore_ascii_case("content-length") {
            let value = str::from_utf8(header.value).ok().and_then(|it| it.parse().ok());
            len = value.filter(|len| *len <= LONGEST).ok_or((413, "too long"))?;
        }
    }
    let Some(body) = bytes[start..].get(..len) else { return Ok(None) };
    let text = |it: Option<&str>| it.unwrap_or_default().to_owned();
    Ok(Some(Request {
        method: text(head.method),
        path: text(head.path),
        body: str::from_utf8(body).map_err(|_| (400, "not UTF-8"))?.to_owned(),
    }))
}

/// Answers with a status and a text.
pub fn respond(stream: &mut TcpStream, (status, text): (u16, &str)) -> io::Result<()> {
    let len = text.len();
    let head = format!(
        "HTTP/1.1 {status} \r\nContent-Type: text/plain\r\nContent-Length: {len}\r\n\
         Cache-Control: no-store\r\nConnection: close\r\n\r\n"
    );
    stream.write_all((head + text).as_bytes())
}
