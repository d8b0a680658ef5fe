//! How datagrams get to the other end: over UDP, some of them lost, or over TCP in frames.

use std::io::{ErrorKind, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream, UdpSocket};
use std::time::Duration;

use fastrand::Rng;
use livekit_micro_peer::ice::tcp::{Deframer, frame};

pub enum Link {
    Udp {
        socket: UdpSocket,
        /// Of a hundred datagrams so many are lost, each way.
        loss: u32,
        rng: Rng,
    },
    Tcp {
        stream: TcpStream,
        deframer: Deframer<'static>,
        /// What has arrived and was not looked at.
        arrived: Vec<u8>,
    },
}

impl Link {
    pub fn udp(loss: u32, seed: u64) -> Self {
        let socket = UdpSocket::bind("127.0.0.1:0").expect("a socket");
        Self::Udp { socket, loss, rng: Rng::with_seed(seed) }
    }

    pub fn tcp(to: SocketAddr) -> Self {
        let stream = TcpStream::connect(to).expect("it listens");
        stream.set_nodelay(true).expect("it is a socket");
        let deframer = Deframer::new(vec![0; 2048].leak());
        Self::Tcp { stream, deframer, arrived: Vec::new() }
    }

    pub fn send(&mut self, to: SocketAddr, datagram: &[u8]) {
        match self {
            Self::Udp { socket, loss, rng } => {
                if rng.u32(..100) >= *loss {
                    // A network may lose it.
                    let _ = socket.send_to(datagram, to);
                }
            }
            Self::Tcp { stream, .. } => {
                let mut framed = vec![0; datagram.len() + 2];
                let len = frame(&mut framed, |space| {
                    space.copy_from_slice(datagram);
                    Some(datagram.len())
                });
                stream.write_all(&framed[..len.expect("it fits")]).expect("it is connected");
            }
        }
    }

    /// Waits at most so long for a datagram.
    pub fn receive(&mut self, within: Duration) -> Option<(SocketAddr, Vec<u8>)> {
        let within = Some(within.max(Duration::from_micros(10)));
        match self {
            Self::Udp { socket, loss, rng } => {
                let mut datagram = [0; 2048];
                socket.set_read_timeout(within).expect("it is not zero");
                let (len, from) = socket.recv_from(&mut datagram).ok()?;
                (rng.u32(..100) >= *loss).then(|| (from, datagram[..len].to_vec()))
            }
            Self::Tcp { stream, deframer, arrived } => {
                if arrived.is_empty() {
                    let mut bytes = [0; 4096];
                    stream.set_read_timeout(within).expect("it is not zero");
                    match stream.read(&mut bytes) {
                        Ok(len) => arrived.extend(&bytes[..len]),
                        Err(error) => assert!(
                            matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut),
                            "{error}"
                        ),
                    }
                }
                let mut rest = &arrived[..];
                let datagram = deframer.input(&mut rest).map(|it| it.to_vec());
                *arrived = rest.to_vec();
                datagram.map(|it| (stream.peer_addr().expect("it is connected"), it))
            }
        }
    }
}
