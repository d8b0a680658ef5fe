//! An honest DTLS server on [`Fake`] cryptography, which sends under protection whatever it is told to.

use std::collections::{BTreeMap, HashSet, VecDeque};

use livekit_micro_peer::Crypto;
use livekit_micro_peer::certificate::{SELF_SIGNED_BYTES, fingerprint, self_signed};
use livekit_micro_peer::crypto::Sha256;
use livekit_micro_peer::dtls::prf;

use super::fake::{Fake, Hash, Key};
use super::wire::{
    ALERT, APPLICATION_DATA, CERTIFICATE, CERTIFICATE_REQUEST, CHANGE_CIPHER_SPEC, CLIENT_HELLO,
    CLIENT_KEY_EXCHANGE, FINISHED, Fragment, HANDSHAKE, HELLO_VERIFY_REQUEST, Message, Record,
    SERVER_HELLO, SERVER_HELLO_DONE, SERVER_KEY_EXCHANGE,
};

/// The server. It answers retransmissions, and has no timer of its own.
pub struct Server {
    /// Datagrams to the client.
    pub outbox: VecDeque<Vec<u8>>,
    /// Application data of the client's.
    pub received: VecDeque<Vec<u8>>,
    /// The client sent a close_notify.
    pub is_closed: bool,
    /// The most bytes of a message in a fragment.
    pub fragment: usize,
    /// The client's Finished was right, and so the server has sent its own.
    is_finished: bool,
    crypto: Fake,
    key: Key,
    certificate: Vec<u8>,
    ephemeral: Key,
    randoms: [[u8; 32]; 2],
    transcript: Hash,
    master: [u8; 48],
    keys: Option<Keys>,
    /// The client's next message, and what is here of it and of later ones.
    next: u16,
    parts: BTreeMap<u16, Part>,
    received_numbers: HashSet<u64>,
    last: Vec<Record>,
    /// The next records of both epochs.
    sequences: [u64; 2],
}

/// Keys and salts of the client and the server.
struct Keys([([u8; 16], [u8; 4]); 2]);

struct Part {
    kind: u8,
    body: Vec<u8>,
    is_here: Vec<bool>,
}

impl Server {
    pub fn new(seed: u64) -> Self {
        let mut crypto = Fake(seed);
        let (key, public) = crypto.generate();
        let mut buf = [0; SELF_SIGNED_BYTES];
        let certificate = self_signed(&mut crypto, &key, &public, &mut buf).expect("it fits");
        let certificate = certificate.to_vec();
        let ephemeral = crypto.generate().0;
        Self {
            outbox: VecDeque::new(),
            received: VecDeque::new(),
            is_closed: false,
            fragment: 1000,
            is_finished: false,
            crypto,
            key,
            certificate,
            ephemeral,
            randoms: [[0; 32]; 2],
            transcript: Hash::new(),
            master: [0; 48],
            keys: None,
            next: 0,
            parts: BTreeMap::new(),
            received_numbers: HashSet::new(),
            last: Vec::new(),
            sequences: [0; 2],
        }
    }

    pub fn fingerprint(&self) -> [u8; 32] {
        fingerprint::<Fake>(&self.certificate)
    }

    /// Whether it sent its Finished.
    pub fn is_finished(&self) -> bool {
        self.is_finished
    }

    /// Whether it has keys: what it sends can be under protection.
    pub fn has_keys(&self) -> bool {
        self.keys.is_some()
    }

    /// Takes a datagram of the client's.
    pub fn input(&mut self, datagram: &[u8]) {
        for record in Record::read(datagram) {
            let sequence = record.sequence.expect("it was read");
            let payload = match record.epoch {
                0 => Some(record.payload),
                1 => self.open(&record).filter(|_| self.received_numbers.insert(sequence)),
                _ => None,
            };
            match (record.content, payload) {
                (HANDSHAKE, Some(payload)) => self.handshake(record.sealed, &payload),
                (APPLICATION_DATA, Some(payload)) if record.sealed => {
                    self.received.push_back(payload);
                }
                (ALERT, Some(payload)) => self.is_closed |= record.sealed && payload == [1, 0],
                _ => {}
            }
        }
    }

    /// Sends its last flight again.
    pub fn resend(&mut self) {
        self.transmit(self.last.clone());
    }

    /// Sends a record under protection, or without.
    pub fn send(&mut self, content: u8, payload: &[u8], sealed: bool) {
        let record = if sealed { Record::sealed } else { Record::plain };
        self.transmit(vec![record(content, payload.to_vec())]);
    }

    fn transmit(&mut self, records: Vec<Record>) {
        for mut record in records {
            let sequence = &mut self.sequences[usize::from(record.epoch)];
            record.sequence = Some(*sequence);
            *sequence += 1;
            let bytes = if record.sealed { self.seal(&record) } else { Some(record.bytes()) };
            let Some(bytes) = bytes else { continue };
            match self.outbox.back_mut() {
                Some(last) if last.len() + bytes.len() <= 1200 && !record.sealed => {
                    last.extend(bytes);
                }
                _ => self.outbox.push_back(bytes),
            }
        }
    }

    fn seal(&mut self, record: &Record) -> Option<Vec<u8>> {
        let Keys([_, (key, salt)]) = self.keys.as_ref()?;
        let number = 1 << 48 | record.sequence?;
        let (nonce, aad) = nonce_and_aad(salt, number, record, record.payload.len());
        let mut payload = record.payload.clone();
        let tag = self.crypto.seal(key, &nonce, &aad, &mut payload);
        let payload = [&number.to_be_bytes()[..], &payload, &tag].concat();
        Some(Record { payload, ..record.clone() }.bytes())
    }

    fn open(&mut self, record: &Record) -> Option<Vec<u8>> {
        let Keys([(key, salt), _]) = self.keys.as_ref()?;
        let (explicit, rest) = record.payload.split_first_chunk::<8>()?;
        let (text, tag) = rest.split_last_chunk::<16>()?;
        let number = 1 << 48 | record.sequence?;
        let (mut nonce, aad) = nonce_and_aad(salt, number, record, text.len());
        nonce[4..].copy_from_slice(explicit);
        let mut text = text.to_vec();
        self.crypto.open(key, &nonce, &aad, &mut text, tag).then_some(text)
    }

    fn handshake(&mut self, sealed: bool, mut payload: &[u8]) {
        while let Some((fragment, rest)) = Fragment::read(payload) {
            payload = rest;
            if fragment.kind == CLIENT_HELLO && self.next == 0 && !sealed {
                self.hello(&fragment);
            } else if self.next > 0 && fragment.seq < self.next {
                self.resend();
            } else if self.next > 0 {
                self.part(fragment, sealed);
            }
        }
    }

    fn hello(&mut self, fragment: &Fragment) {
        let whole = fragment.offset == 0 && fragment.length == fragment.fragment_length;
        let (Some(random), true) = (fragment.body.get(2..34), whole) else { return };
        self.randoms[0].copy_from_slice(random);
        // The session_id is empty.
        if fragment.body.get(35..42) != Some(b"\x06cookie") {
            let body = b"\xfe\xff\x06cookie".to_vec();
            self.last = self.records(&[Message { kind: HELLO_VERIFY_REQUEST, seq: 0, body }]);
            return self.resend();
        }
        self.transcript.update(&fragment.bytes());
        self.next = fragment.seq + 1;
        self.crypto.random(&mut self.randoms[1]);
        let bodies = [
            (SERVER_HELLO, self.server_hello()),
            (CERTIFICATE, self.chain()),
            (SERVER_KEY_EXCHANGE, self.key_exchange()),
            (CERTIFICATE_REQUEST, vec![1, 64, 0, 2, 4, 3, 0, 0]),
            (SERVER_HELLO_DONE, vec![]),
        ];
        let numbered = (fragment.seq..).zip(bodies);
        let flight: Vec<_> =
            numbered.map(|(seq, (kind, body))| Message { kind, seq, body }).collect();
        flight.iter().for_each(|message| self.transcript.update(&message.whole()));
        self.last = self.records(&flight);
        self.resend();
    }

    fn records(&self, messages: &[Message]) -> Vec<Record> {
        let fragments = messages.iter().flat_map(|message| message.fragments(self.fragment));
        fragments.map(|fragment| Record::plain(HANDSHAKE, fragment.bytes())).collect()
    }

    fn server_hello(&self) -> Vec<u8> {
        // extended_master_secret, use_srtp
        let extensions = [0, 13, 0, 23, 0, 0, 0, 14, 0, 5, 0, 2, 0, 7, 0];
        [&[0xfe, 0xfd], &self.randoms[1][..], &[0, 0xc0, 0x2b, 0], &extensions].concat()
    }

    fn chain(&self) -> Vec<u8> {
        let length = self.certificate.len() as u32;
        let lengths = [length + 3, length].map(u32::to_be_bytes);
        [&lengths[0][1..], &lengths[1][1..], &self.certificate].concat()
    }

    fn key_exchange(&mut self) -> Vec<u8> {
        let params = [&[3, 0, 23, 65], &self.ephemeral.public()[..]].concat();
        let mut hash = Hash::new();
        self.randoms.iter().for_each(|random| hash.update(random));
        hash.update(&params);
        let signature = self.crypto.sign(&self.key, &hash.finish()).expect("it can sign");
        let (r, s) = signature.split_at(32);
        [&params[..], &[4, 3, 0, 70, 0x30, 68, 2, 32], r, &[2, 32], s].concat()
    }

    fn part(&mut self, fragment: Fragment, sealed: bool) {
        // What is far away or too long is none of the client's.
        if fragment.seq > self.next + 8 || fragment.length > 2000 {
            return;
        }
        let length = fragment.length as usize;
        let part = self.parts.entry(fragment.seq).or_insert_with(|| Part {
            kind: fragment.kind,
            body: vec![0; length],
            is_here: vec![false; length],
        });
        if part.body.len() != length || part.kind != fragment.kind {
            self.parts.remove(&fragment.seq);
            return;
        }
        let at = fragment.offset as usize..fragment.offset as usize + fragment.body.len();
        part.body[at.clone()].copy_from_slice(&fragment.body);
        part.is_here[at].fill(true);
        let is_whole = |part: &Part| part.is_here.iter().all(|is_here| *is_here);
        while self.parts.get(&self.next).is_some_and(is_whole) {
            let Part { kind, body, .. } = self.parts.remove(&self.next).expect("it is there");
            // Finished is under protection, and nothing else is.
            if sealed != (kind == FINISHED) {
                return;
            }
            if kind == FINISHED && body != self.verify_data(b"client finished") {
                return;
            }
            self.transcript.update(&Message { kind, seq: self.next, body: body.clone() }.whole());
            self.next += 1;
            match kind {
                CLIENT_KEY_EXCHANGE => self.derive(&body),
                FINISHED => self.finish(),
                _ => {}
            }
        }
    }

    fn derive(&mut self, body: &[u8]) {
        let Some(point) = body.get(1..).and_then(|point| point.try_into().ok()) else { return };
        let Some(secret) = self.crypto.agree(&self.ephemeral, point) else { return };
        let session = self.transcript.clone().finish();
        let Self { crypto, master, randoms: [client, server], .. } = self;
        prf(crypto, &secret, b"extended master secret", [&session, &[]], master);
        let mut block = [0; 40];
        prf(crypto, master, b"key expansion", [server, client], &mut block);
        let keys = [(0, 32), (16, 36)].map(|(key, salt)| {
            let (key, salt) = (block[key..].first_chunk(), block[salt..].first_chunk());
            (*key.expect("16 bytes"), *salt.expect("4 bytes"))
        });
        self.keys = Some(Keys(keys));
    }

    fn finish(&mut self) {
        self.is_finished = true;
        let body = self.verify_data(b"server finished").to_vec();
        let message = Message { kind: FINISHED, seq: 6, body };
        self.last = vec![
            Record::plain(CHANGE_CIPHER_SPEC, vec![1]),
            Record::sealed(HANDSHAKE, message.whole()),
        ];
        self.resend();
    }

    fn verify_data(&mut self, label: &[u8]) -> [u8; 12] {
        let hash = self.transcript.clone().finish();
        let mut data = [0; 12];
        prf(&mut self.crypto, &self.master, label, [&hash, &[]], &mut data);
        data
    }
}

/// RFC 5288, 3; RFC 5246, 6.2.3.3.
fn nonce_and_aad(salt: &[u8; 4], number: u64, record: &Record, len: usize) -> ([u8; 12], [u8; 13]) {
    let (mut nonce, mut aad) = ([0; 12], [0; 13]);
    nonce[..4].copy_from_slice(salt);
    nonce[4..].copy_from_slice(&number.to_be_bytes());
    aad[..8].copy_from_slice(&number.to_be_bytes());
    aad[8] = record.content;
    aad[9..11].copy_from_slice(&record.version);
    aad[11..].copy_from_slice(&(len as u16).to_be_bytes());
    (nonce, aad)
}
