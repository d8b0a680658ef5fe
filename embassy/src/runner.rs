//! The sockets of a participant.

use core::future::pending;
use core::mem::MaybeUninit;
use core::net::SocketAddr;

use embassy_futures::select::{Either4, select4};
use embassy_net::udp::{PacketMetadata, UdpSocket};
use embassy_net::{IpEndpoint, Stack};
use embassy_time::{Duration, Timer, with_timeout};
use livekit_micro::participant::peer::{Crypto, Datagram};
use livekit_micro::participant::{DataPlane, Event, Output};

use crate::signal::{Progress, SignalConnection, Tcp, TcpBuffers};
use crate::{Handler, Shared, now_ms};

/// The memory of the sockets: some 8 KB.
///
/// See [`Datagrams`] on its parameters.
pub struct Sockets<const DATAGRAMS: usize = 3072, const BUFFER: usize = 1792> {
    tcp: TcpBuffers,
    datagrams: Datagrams<DATAGRAMS, BUFFER>,
}

impl<const DATAGRAMS: usize, const BUFFER: usize> Sockets<DATAGRAMS, BUFFER> {
    /// Memory for one runner: zeros.
    pub const fn new() -> Self {
        Self { tcp: TcpBuffers::new(), datagrams: Datagrams::new() }
    }
}

impl<const DATAGRAMS: usize, const BUFFER: usize> Default for Sockets<DATAGRAMS, BUFFER> {
    fn default() -> Self {
        Self::new()
    }
}

/// The memory of the socket for datagrams: some 6 KB.
///
/// `DATAGRAMS` is how many bytes of datagrams wait until the runner comes to them: while it computes a step of a
/// handshake, 0.2 s on a core of 64 MHz, others arrive. `BUFFER` is the longest datagram, or request that joins.
pub struct Datagrams<const DATAGRAMS: usize = 3072, const BUFFER: usize = 1792> {
    udp_receive: [u8; DATAGRAMS],
    /// Not initialised: what is in it is not all zero, and would take flash.
    udp_receive_meta: MaybeUninit<[PacketMetadata; 8]>,
    udp_send: [u8; 1280],
    udp_send_meta: MaybeUninit<[PacketMetadata; 2]>,
    /// A datagram, or the request that joins.
    buffer: [u8; BUFFER],
}

impl<const DATAGRAMS: usize, const BUFFER: usize> Datagrams<DATAGRAMS, BUFFER> {
    /// Memory for one runner: zeros.
    pub const fn new() -> Self {
        Self {
            udp_receive: [0; _],
            udp_receive_meta: MaybeUninit::uninit(),
            udp_send: [0; _],
            udp_send_meta: MaybeUninit::uninit(),
            buffer: [0; _],
        }
    }
}

impl<const DATAGRAMS: usize, const BUFFER: usize> Default for Datagrams<DATAGRAMS, BUFFER> {
    fn default() -> Self {
        Self::new()
    }
}

/// Runs a participant: owns its sockets, and does what it wants done.
pub struct Runner<'s, S = Tcp<'s>> {
    signal: S,
    udp: UdpSocket<'s>,
    buffer: &'s mut [u8],
}

impl<'s> Runner<'s> {
    /// A runner over a network stack with two sockets to spare, for a server at this address.
    pub fn new<const DATAGRAMS: usize, const BUFFER: usize>(
        stack: Stack<'s>,
        server: impl Into<IpEndpoint>,
        sockets: &'s mut Sockets<DATAGRAMS, BUFFER>,
    ) -> Self {
        let signal = Tcp::new(stack, server.into(), &mut sockets.tcp);
        Self::over(signal, stack, &mut sockets.datagrams)
    }
}

impl<'s, S: SignalConnection> Runner<'s, S> {
    /// A runner whose signalling goes over this connection.
    pub fn over<const DATAGRAMS: usize, const BUFFER: usize>(
        signal: S,
        stack: Stack<'s>,
        datagrams: &'s mut Datagrams<DATAGRAMS, BUFFER>,
    ) -> Self {
        let Datagrams { udp_receive, udp_receive_meta, udp_send, udp_send_meta, buffer } =
            datagrams;
        let receive_meta = udp_receive_meta.write([PacketMetadata::EMPTY; _]);
        let send_meta = udp_send_meta.write([PacketMetadata::EMPTY; _]);
        let mut udp = UdpSocket::new(stack, receive_meta, udp_receive, send_meta, udp_send);
        // It fails only for a socket that is bound, or for port 0.
        let _ = udp.bind(PORT);
        Self { signal, udp, buffer }
    }

    /// Runs the participant, from [`Room::join`](crate::Room::join) on, and returns after
    /// [`Event::Disconnected`], which the handler got.
    pub async fn run<'a, C: Crypto, D: DataPlane>(
        &mut self,
        shared: &Shared<'a, C, D>,
        handler: &mut impl Handler<'a, C, D>,
    ) {
        loop {
            self.send(shared).await;
            if tell(shared, handler) {
                // What ends the connection is still to be sent.
                self.send(shared).await;
                self.signal.close();
                // A firmware may end now, and what the socket still holds with it.
                let _ = with_timeout(LAST_WORDS, self.signal.flush()).await;
                return;
            }
            let wait_ms = shared.participant.borrow_mut().poll_in(now_ms());
            self.receive(shared, handler, wait_ms).await;
        }
    }

    /// Does what the participant wants done, until that is nothing.
    async fn send<'a, C: Crypto, D: DataPlane>(&mut self, shared: &Shared<'a, C, D>) {
        loop {
            // Others may use the participant while this waits.
            let output = shared.participant.borrow_mut().poll(now_ms(), self.buffer);
            match output {
                None => return,
                Some(Output::Datagram { to, bytes }) => {
                    // What cannot be sent, as the cable is out, is as if it had been lost on the way.
                    if let SocketAddr::V4(to) = to {
                        let sent = self.udp.send_to(bytes, IpEndpoint::from(to));
                        let _ = with_timeout(DATAGRAM, sent).await;
                    }
                }
                Some(Output::Signal(bytes)) => {
                    if !self.signal.write(bytes).await {
                        shared.participant.borrow_mut().signal_closed(now_ms());
                    }
                }
                Some(Output::Close) => self.signal.close(),
                Some(Output::Connect) => self.signal.connect().await,
            }
        }
    }

    /// Waits for what arrives, within a time, and takes it.
    async fn receive<'a, C: Crypto, D: DataPlane>(
        &mut self,
        shared: &Shared<'a, C, D>,
        handler: &mut impl Handler<'a, C, D>,
        wait_ms: Option<u32>,
    ) {
        let Self { signal, udp, buffer } = self;
        let timer = async {
            match wait_ms {
                Some(ms) => Timer::after_millis(ms.into()).await,
                None => pending().await,
            }
        };
        let signal = signal.next(|mut bytes| {
            let mut participant = shared.participant.borrow_mut();
            while let Some(event) = participant.receive_signal(&mut bytes, now_ms()) {
                handler.event(&event);
                handler.answer(&mut participant, now_ms());
            }
        });
        match select4(udp.recv_from(buffer), signal, shared.work.wait(), timer).await {
            Either4::First(Ok((len, meta))) => {
                let from = SocketAddr::new(meta.endpoint.addr.into(), meta.endpoint.port);
                let bytes = self.buffer.get_mut(..len).unwrap_or_default();
                let mut datagram = Datagram::new(from, bytes);
                let mut participant = shared.participant.borrow_mut();
                while let Some(event) = participant.receive(&mut datagram, now_ms()) {
                    handler.event(&event);
                    handler.answer(&mut participant, now_ms());
                }
            }
            Either4::Second(Progress::Opened) => shared.participant.borrow_mut().signal_opened(),
            Either4::Second(Progress::Closed) => {
                shared.participant.borrow_mut().signal_closed(now_ms());
            }
            // The server sends no datagram that is longer than the buffer.
            Either4::Second(Progress::Received)
            | Either4::First(Err(_))
            | Either4::Third(())
            | Either4::Fourth(()) => {}
        }
    }
}

/// Tells the handler what nothing received has brought. Returns `true` after the last event.
fn tell<'a, C: Crypto, D: DataPlane>(
    shared: &Shared<'a, C, D>,
    handler: &mut impl Handler<'a, C, D>,
) -> bool {
    let mut participant = shared.participant.borrow_mut();
    let mut is_over = false;
    while let Some(event) = participant.event(now_ms()) {
        is_over = matches!(event, Event::Disconnected { .. });
        if matches!(
            event,
            Event::Connected
                | Event::Reconnected { .. }
                | Event::Writable
                | Event::Disconnected { .. }
        ) {
            shared.changed.notify();
        }
        handler.event(&event);
        handler.answer(&mut participant, now_ms());
    }
    is_over
}

/// The port of the device's datagrams: any.
const PORT: u16 = 50_004;

/// How long the last words to the server may take.
const LAST_WORDS: Duration = Duration::from_secs(1);

/// How long a datagram may wait for those before it.
const DATAGRAM: Duration = Duration::from_millis(20);
