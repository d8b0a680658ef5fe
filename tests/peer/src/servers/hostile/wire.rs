//! Records and handshake messages as bytes (RFC 6347, 4.1 and 4.2.2).

/// A handshake message.
#[derive(Clone, Debug, PartialEq)]
pub struct Message {
    pub kind: u8,
    pub seq: u16,
    pub body: Vec<u8>,
}

/// A part of a handshake message: `length` is that of the whole.
#[derive(Clone, Debug, PartialEq)]
pub struct Fragment {
    pub kind: u8,
    pub length: u32,
    pub seq: u16,
    pub offset: u32,
    /// Usually that of `body`.
    pub fragment_length: u32,
    pub body: Vec<u8>,
}

/// A record before it is protected. Those of epoch 0 never are.
#[derive(Clone, Debug, PartialEq)]
pub struct Record {
    pub content: u8,
    pub version: [u8; 2],
    pub epoch: u16,
    /// 48 bits; `None` takes the epoch's next one.
    pub sequence: Option<u64>,
    pub payload: Vec<u8>,
    /// Whether it is encrypted with the keys of epoch 1.
    pub sealed: bool,
}

pub const CHANGE_CIPHER_SPEC: u8 = 20;
pub const ALERT: u8 = 21;
pub const HANDSHAKE: u8 = 22;
pub const APPLICATION_DATA: u8 = 23;
pub const HEARTBEAT: u8 = 24;

pub const HELLO_REQUEST: u8 = 0;
pub const CLIENT_HELLO: u8 = 1;
pub const SERVER_HELLO: u8 = 2;
pub const HELLO_VERIFY_REQUEST: u8 = 3;
pub const CERTIFICATE: u8 = 11;
pub const SERVER_KEY_EXCHANGE: u8 = 12;
pub const CERTIFICATE_REQUEST: u8 = 13;
pub const SERVER_HELLO_DONE: u8 = 14;
pub const CERTIFICATE_VERIFY: u8 = 15;
pub const CLIENT_KEY_EXCHANGE: u8 = 16;
pub const FINISHED: u8 = 20;

pub const DTLS_1_0: [u8; 2] = [0xFE, 0xFF];
pub const DTLS_1_2: [u8; 2] = [0xFE, 0xFD];

impl Message {
    /// The whole message as one fragment, which is also what the transcript takes (RFC 6347, 4.2.6).
    pub fn whole(&self) -> Vec<u8> {
        self.fragment(0, self.body.len()).bytes()
    }

    /// `length` bytes from `offset` on.
    pub fn fragment(&self, offset: usize, length: usize) -> Fragment {
        Fragment {
            kind: self.kind,
            length: self.body.len() as u32,
            seq: self.seq,
            offset: offset as u32,
            fragment_length: length as u32,
            body: self.body[offset..offset + length].to_vec(),
        }
    }

    /// Fragments of at most `most` bytes.
    pub fn fragments(&self, most: usize) -> Vec<Fragment> {
        let starts = (0..self.body.len().max(1)).step_by(most);
        starts.map(|at| self.fragment(at, most.min(self.body.len() - at))).collect()
    }
}

impl Fragment {
    pub fn bytes(&self) -> Vec<u8> {
        let mut bytes = vec![self.kind];
        bytes.extend(&self.length.to_be_bytes()[1..]);
        bytes.extend(self.seq.to_be_bytes());
        bytes.extend(&self.offset.to_be_bytes()[1..]);
        bytes.extend(&self.fragment_length.to_be_bytes()[1..]);
        bytes.extend(&self.body);
        bytes
    }

    /// The first fragment of `payload`, and what follows it.
    pub fn read(payload: &[u8]) -> Option<(Self, &[u8])> {
        let (header, rest) = payload.split_at_checked(12)?;
        let fragment_length = number(&header[9..12]) as u32;
        let (body, rest) = rest.split_at_checked(fragment_length as usize)?;
        let fragment = Self {
            kind: header[0],
            length: number(&header[1..4]) as u32,
            seq: number(&header[4..6]) as u16,
            offset: number(&header[6..9]) as u32,
            fragment_length,
            body: body.to_vec(),
        };
        (fragment.offset + fragment_length <= fragment.length).then_some((fragment, rest))
    }
}

impl Record {
    /// A record of epoch 0.
    pub fn plain(content: u8, payload: Vec<u8>) -> Self {
        Self { content, version: DTLS_1_2, epoch: 0, sequence: None, payload, sealed: false }
    }

    /// A record of epoch 1.
    pub fn sealed(content: u8, payload: Vec<u8>) -> Self {
        Self { epoch: 1, sealed: true, ..Self::plain(content, payload) }
    }

    /// Header and payload.
    pub fn bytes(&self) -> Vec<u8> {
        let mut bytes = vec![self.content, self.version[0], self.version[1]];
        bytes.extend(self.epoch.to_be_bytes());
        bytes.extend(&self.sequence.unwrap_or(0).to_be_bytes()[2..]);
        bytes.extend((self.payload.len() as u16).to_be_bytes());
        bytes.extend(&self.payload);
        bytes
    }

    /// The records of a datagram; what is cut off is left out.
    pub fn read(mut datagram: &[u8]) -> Vec<Self> {
        let mut records = Vec::new();
        while let Some((header, rest)) = datagram.split_at_checked(13)
            && let Some((payload, rest)) = rest.split_at_checked(number(&header[11..13]) as usize)
        {
            let epoch = number(&header[3..5]) as u16;
            records.push(Self {
                content: header[0],
                version: [header[1], header[2]],
                epoch,
                sequence: Some(number(&header[5..11])),
                payload: payload.to_vec(),
                sealed: epoch > 0,
            });
            datagram = rest;
        }
        records
    }
}

/// Big-endian.
pub fn number(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0, |number, byte| number << 8 | u64::from(*byte))
}
