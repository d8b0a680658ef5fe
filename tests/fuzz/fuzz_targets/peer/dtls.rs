//! A client and an honest server, over a network that an input steers: datagrams lost, repeated, reordered, changed
//! and made up, and whatever the server can send under protection.
#![no_main]

use libfuzzer_sys::arbitrary::{Result, Unstructured};
use libfuzzer_sys::fuzz_target;
use livekit_micro_peer::Crypto;
use livekit_micro_peer::dtls::{Client, HEADER_BYTES, Identity, State, TAG_BYTES};
use support::peer::fake::{Fake, Key};
use support::peer::server::Server;
use support::peer::wire::{ALERT, APPLICATION_DATA, Fragment, HANDSHAKE, Record};

fuzz_target!(|input: &[u8]| {
    let mut input = Unstructured::new(input);
    let (mut crypto, mut message) = (Fake(1), [0; 400]);
    let (key, _) = crypto.generate();
    let mut lab = Lab {
        client: Client::new(&mut message),
        crypto,
        key: &key,
        server: Server::new(2),
        now_ms: (1 << 32) - 5_000,
        started_ms: 0,
        to_client: Vec::new(),
        to_server: Vec::new(),
        expected: Vec::new(),
        is_forged: false,
    };
    lab.start();
    while !input.is_empty() && lab.step(&mut input).is_ok() {}
    lab.finish();
});

struct Lab<'a> {
    client: Client<'a, Fake>,
    crypto: Fake,
    key: &'a Key,
    server: Server,
    now_ms: u64,
    started_ms: u64,
    to_client: Vec<Vec<u8>>,
    to_server: Vec<Vec<u8>>,
    /// Application data that the server sent and the client has not received.
    expected: Vec<Vec<u8>>,
    /// Something was sent to an end that the other end did not send.
    is_forged: bool,
}

impl Lab<'_> {
    fn start(&mut self) {
        let identity = Identity { certificate: &[7; 300], key: self.key };
        let fingerprint = self.server.fingerprint();
        self.client.start(&mut self.crypto, identity, fingerprint, self.now_ms);
        self.started_ms = self.now_ms;
        self.is_forged = false;
        self.to_client.clear();
        self.to_server.clear();
        self.expected.clear();
        self.poll();
    }

    fn step(&mut self, input: &mut Unstructured) -> Result<()> {
        match input.int_in_range(0..=15)? {
            0..=2 if !self.to_client.is_empty() => {
                let at = input.choose_index(self.to_client.len())?;
                let datagram = self.to_client.remove(at);
                self.receive(datagram);
            }
            3 if !self.to_client.is_empty() => {
                let at = input.choose_index(self.to_client.len())?;
                self.receive(self.to_client[at].clone());
            }
            4 if !self.to_client.is_empty() => {
                let at = input.choose_index(self.to_client.len())?;
                self.to_client.remove(at);
            }
            5 if !self.to_client.is_empty() => {
                let at = input.choose_index(self.to_client.len())?;
                let datagram = self.to_client[at].clone();
                self.forge(change(datagram, input)?);
            }
            6 => self.forge(record(input)?),
            7..=8 if !self.to_server.is_empty() => {
                let at = input.choose_index(self.to_server.len())?;
                let datagram = self.to_server.remove(at);
                self.server.input(&datagram);
                self.collect();
            }
            9 if !self.to_server.is_empty() => {
                let at = input.choose_index(self.to_server.len())?;
                self.to_server.remove(at);
            }
            10 => self.now_ms += u64::from(input.int_in_range(0..=2_000u16)?),
            11 => self.now_ms += u64::from(self.client.poll_in(self.now_ms).unwrap_or(0)),
            12 if self.server.has_keys() => self.protected(input)?,
            13 => self.send(&bytes(input)?),
            14 => self.server.fragment = input.int_in_range(1..=1_000)?,
            15 => match input.int_in_range(0..=3)? {
                0 => self.client.set_mtu(input.arbitrary::<u16>()?.into()),
                1 => self.client.close(),
                _ => self.server.resend(),
            },
            _ => {}
        }
        self.collect();
        self.poll();
        Ok(())
    }

    /// The server sends what it likes.
    fn protected(&mut self, input: &mut Unstructured) -> Result<()> {
        let payload = bytes(input)?;
        match input.int_in_range(0..=7)? {
            0..=3 => self.server.send(APPLICATION_DATA, &payload, true),
            4 => self.server.send(HANDSHAKE, &fragment(input)?, true),
            5 => self.server.send(ALERT, &payload, true),
            _ => self.server.send(input.arbitrary()?, &payload, true),
        }
        if let Some(last) = self.server.outbox.back()
            && last[0] == APPLICATION_DATA
        {
            self.expected.push(payload);
        } else {
            self.is_forged = true;
        }
        Ok(())
    }

    /// Application data of the client's reaches the server as it is.
    fn send(&mut self, data: &[u8]) {
        let mut out = vec![0; HEADER_BYTES + data.len() + TAG_BYTES];
        out[HEADER_BYTES..][..data.len()].copy_from_slice(data);
        let is_connected = self.client.state() == State::Connected;
        let sealed = self.client.seal(&mut self.crypto, &mut out, data.len());
        assert_eq!(sealed, is_connected.then_some(out.len()));
        if is_connected {
            self.server.input(&out);
            assert_eq!(self.server.received.pop_back().as_deref(), Some(data));
        }
    }

    fn forge(&mut self, datagram: Vec<u8>) {
        self.is_forged = true;
        self.receive(datagram);
    }

    fn receive(&mut self, mut datagram: Vec<u8>) {
        let mut at = 0;
        while let Some(data) =
            self.client.input(&mut self.crypto, &mut datagram, &mut at, self.now_ms)
        {
            let found = self.expected.iter().position(|expected| expected == data);
            self.expected
                .remove(found.expect("the server sent it, and it was not received before"));
            assert_eq!(self.client.state(), State::Connected);
        }
        self.poll();
    }

    fn poll(&mut self) {
        let mut calls = 0;
        loop {
            let mut out = [0; 1500];
            let sent = self.client.poll(&mut self.crypto, self.now_ms, &mut out);
            if let Some(len) = sent {
                self.to_server.push(out[..len].to_vec());
            } else if self.client.poll_in(self.now_ms) != Some(0) {
                break;
            }
            calls += 1;
            assert!(calls < 64, "a poll without end");
        }
        match self.client.state() {
            State::Connected => assert!(self.server.is_finished()),
            State::Connecting => assert!(self.now_ms < self.started_ms + 30_000),
            State::Closed(error) => assert!(!error.to_string().is_empty()),
            State::Idle => unreachable!(),
        }
    }

    fn collect(&mut self) {
        self.to_client.extend(self.server.outbox.drain(..));
    }

    /// What honest ends do with a network that loses nothing more.
    fn settle(&mut self) {
        while self.client.state() == State::Connecting {
            for datagram in std::mem::take(&mut self.to_server) {
                self.server.input(&datagram);
            }
            self.collect();
            for datagram in std::mem::take(&mut self.to_client) {
                self.receive(datagram);
            }
            self.poll();
            if self.to_server.is_empty() && self.to_client.is_empty() {
                self.now_ms += u64::from(self.client.poll_in(self.now_ms).unwrap_or(0));
                self.poll();
            }
        }
    }

    fn finish(&mut self) {
        // Half of its time must be enough.
        let has_time = self.now_ms < self.started_ms + 15_000;
        let was_connecting = self.client.state() == State::Connecting;
        self.settle();
        if was_connecting && has_time && !self.is_forged {
            assert_eq!(self.client.state(), State::Connected);
        }
        // Whatever was before: another handshake succeeds.
        self.server = Server::new(3);
        self.client.set_mtu(1200);
        self.start();
        self.settle();
        assert_eq!(self.client.state(), State::Connected);
    }
}

/// A datagram of the server's, changed.
fn change(mut datagram: Vec<u8>, input: &mut Unstructured) -> Result<Vec<u8>> {
    for _ in 0..input.int_in_range(1..=3)? {
        let at = input.choose_index(datagram.len().max(1))?;
        match input.int_in_range(0..=3)? {
            0 => datagram.truncate(at),
            1 => datagram.insert(at.min(datagram.len()), input.arbitrary()?),
            _ => {
                let byte = input.arbitrary()?;
                datagram.get_mut(at).into_iter().for_each(|to| *to = byte);
            }
        }
    }
    Ok(datagram)
}

/// A record of anybody's.
fn record(input: &mut Unstructured) -> Result<Vec<u8>> {
    let payload = match input.int_in_range(0..=3)? {
        0 => bytes(input)?,
        1 => [fragment(input)?, fragment(input)?].concat(),
        _ => fragment(input)?,
    };
    let content = *input.choose(&[HANDSHAKE, HANDSHAKE, ALERT, 20, APPLICATION_DATA, 99])?;
    let mut record = Record::plain(content, payload);
    record.epoch = if input.ratio(1, 4)? { input.int_in_range(0..=2)? } else { 0 };
    record.sequence = Some(input.int_in_range(0..=8)?);
    Ok(record.bytes())
}

/// A part of a handshake message that could be the server's.
fn fragment(input: &mut Unstructured) -> Result<Vec<u8>> {
    let kinds = [0, 2, 3, 11, 12, 13, 14, 20, input.arbitrary()?];
    let (kind, seq) = (*input.choose(&kinds)?, input.int_in_range(0..=7)?);
    let body = bytes(input)?;
    let fragment_length = body.len() as u32;
    let (offset, more) = if input.arbitrary()? { (0, 0) } else { input.arbitrary::<(u8, u8)>()? };
    let length = fragment_length + u32::from(offset) + u32::from(more);
    let offset = u32::from(offset);
    Ok(Fragment { kind, length, seq, offset, fragment_length, body }.bytes())
}

fn bytes(input: &mut Unstructured) -> Result<Vec<u8>> {
    let len = usize::from(input.arbitrary::<u8>()?).min(input.len());
    Ok(input.bytes(len)?.to_vec())
}
