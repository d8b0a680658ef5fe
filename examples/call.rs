//! Calls LiveKit's server over a connection of `std`; the payload comes from stdin.
//!
//! ```sh
//! export LIVEKIT_TOKEN=$(cargo run --example token --features token -- --room lab --admin)
//! echo 21.5 | cargo run --example call --features server,embedded-io -- 127.0.0.1:7880 send lab readings
//! echo 21.5 | cargo run --example call --features server,embedded-io -- 127.0.0.1:7880 rpc lab operator reading 8000
//! ```

use std::error::Error;
use std::io::{Read, Write};
use std::net::{TcpStream, ToSocketAddrs as _};
use std::pin::pin;
use std::process::ExitCode;
use std::task::{Context, Poll, Waker};
use std::time::{Duration, Instant};
use std::{env, io};

use livekit_micro::borrowed::{PerformRpcRequest, SendDataRequest};
use livekit_micro::server::{Connection, Endpoint, PerformRpc, SendData};

const USAGE: &str = "usage: call HOST:PORT send ROOM TOPIC [--nonce HEX] [TO…]
       call HOST:PORT rpc ROOM TO METHOD MILLISECONDS
LIVEKIT_TOKEN is a token with roomAdmin for the room.";

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) if error.to_string() == USAGE => {
            eprintln!("{USAGE}");
            ExitCode::from(2)
        }
        Err(error) => {
            eprintln!("Error: {error:?}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let token = env::var("LIVEKIT_TOKEN").map_err(|_| USAGE)?;
    let mut payload = Vec::new();
    io::stdin().read_to_end(&mut payload)?;
    // For the request, and then for the response.
    let mut buf = vec![0; payload.len() + 16 * 1024];

    match arguments[..] {
        [host, "send", room, topic, ref rest @ ..] => {
            let (nonce, to) = match *rest {
                ["--nonce", hex, ref to @ ..] => (u128::from_str_radix(hex, 16)?, to),
                ref to => (random()?, to),
            };
            let call = SendDataRequest {
                room,
                data: &payload,
                topic: Some(topic),
                destination_identities: to.into(),
                nonce: &nonce.to_be_bytes(),
                ..Default::default()
            };
            let server = Endpoint { host, token: &token, close: true };
            let mut connection = Connection::new(Blocking::connect(host)?);
            let result = block_on(connection.call::<SendData>(&server, &call, &mut buf));
            result.inspect_err(|_| connection.into_inner().print_response())?;
        }
        [host, "rpc", room, to, method, milliseconds] => {
            let call = PerformRpcRequest {
                room,
                destination_identity: to,
                method,
                payload: str::from_utf8(&payload)?,
                response_timeout_ms: milliseconds.parse()?,
            };
            let server = Endpoint { host, token: &token, close: true };
            let mut connection = Connection::new(Blocking::connect(host)?);
            let result = block_on(connection.call::<PerformRpc>(&server, &call, &mut buf));
            let response = result.inspect_err(|_| connection.into_inner().print_response())?;
            println!("{}", response.payload);
        }
        _ => return Err(USAGE.into()),
    }
    Ok(())
}

/// A connection of `std` with a deadline for all of the call: each future is ready at once.
#[derive(Debug)]
struct Blocking {
    stream: TcpStream,
    deadline: Instant,
    received: Vec<u8>,
}

impl Blocking {
    fn connect(host: &str) -> io::Result<Self> {
        let deadline = Instant::now() + Duration::from_secs(60);
        let mut result = Err(io::ErrorKind::NotFound.into());
        // A name may have several addresses, of which the first is not always served.
        for address in host.to_socket_addrs()? {
            let timeout = left(deadline)?;
            result = TcpStream::connect_timeout(&address, timeout);
            if result.is_ok() {
                break;
            }
        }
        Ok(Self { stream: result?, deadline, received: Vec::new() })
    }

    /// Prints the status and the body of what was received.
    fn print_response(&self) {
        let text = self.received.escape_ascii().to_string();
        let (head, body) = text.split_once(r"\r\n\r\n").unwrap_or((&text, ""));
        let status = head.split_once(r"\r\n").map_or(head, |(status, _)| status);
        eprintln!("{} {body}", status.trim_start_matches("HTTP/1.1 "));
    }
}

impl embedded_io_async::ErrorType for Blocking {
    type Error = io::Error;
}

impl embedded_io_async::Read for Blocking {
    async fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        self.stream.set_read_timeout(Some(left(self.deadline)?))?;
        let count = self.stream.read(buf)?;
        self.received.extend(&buf[..count]);
        Ok(count)
    }
}

impl embedded_io_async::Write for Blocking {
    async fn write(&mut self, buf: &[u8]) -> io::Result<usize> {
        self.stream.set_write_timeout(Some(left(self.deadline)?))?;
        self.stream.write(buf)
    }

    async fn flush(&mut self) -> io::Result<()> {
        self.stream.flush()
    }
}

/// The time until `deadline`, of which there has to be some.
fn left(deadline: Instant) -> io::Result<Duration> {
    let left = deadline.saturating_duration_since(Instant::now());
    if left.is_zero() { Err(io::ErrorKind::TimedOut.into()) } else { Ok(left) }
}

/// Runs a future that never waits.
fn block_on<T>(future: impl Future<Output = T>) -> T {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(value) => value,
        Poll::Pending => unreachable!("the connection blocks"),
    }
}

/// 16 random bytes.
fn random() -> io::Result<u128> {
    let mut bytes = [0; 16];
    std::fs::File::open("/dev/urandom")?.read_exact(&mut bytes)?;
    Ok(u128::from_ne_bytes(bytes))
}
