//! The other end of a WebSocket: tungstenite, over memory.

use std::io::{self, Read, Write};

use tungstenite::handshake::server::{Request, Response};
use tungstenite::{Message, WebSocket};

/// A connection in memory.
#[derive(Default)]
pub struct Pipe {
    arrived: Vec<u8>,
    sent: Vec<u8>,
}

impl Read for Pipe {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let len = buf.len().min(self.arrived.len());
        if len == 0 {
            return Err(io::ErrorKind::WouldBlock.into());
        }
        buf[..len].copy_from_slice(&self.arrived[..len]);
        self.arrived.drain(..len);
        Ok(len)
    }
}

impl Write for Pipe {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.sent.extend(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

pub struct Server(WebSocket<Pipe>);

impl Server {
    /// Accepts a request. Returns its target and its token too.
    #[expect(clippy::result_large_err, reason = "it is tungstenite's")]
    pub fn accept(request: &[u8]) -> (Self, String, String) {
        let (mut target, mut token) = (String::new(), String::new());
        let pipe = Pipe { arrived: request.to_vec(), sent: vec![] };
        let note = |request: &Request, response: Response| {
            target = request.uri().to_string();
            let header = request.headers()["authorization"].to_str().expect("it is ASCII");
            token = header.strip_prefix("Bearer ").expect("a token").to_owned();
            assert_eq!(request.headers()["host"], "10.0.0.5:7880");
            Ok(response)
        };
        let Ok(server) = tungstenite::accept_hdr(pipe, note) else { panic!("it is refused") };
        (Self(server), target, token)
    }

    /// What the server sends.
    pub fn sent(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.0.get_mut().sent)
    }

    pub fn send(&mut self, message: Message) {
        self.0.send(message).expect("it is open");
    }

    /// What the server reads of bytes that a client sends.
    pub fn read(&mut self, bytes: &[u8]) -> Message {
        self.0.get_mut().arrived.extend(bytes);
        self.0.read().expect("a message")
    }
}
