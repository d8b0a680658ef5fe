//! DER as a tree that can be altered and is written with the right lengths.

use fastrand::Rng;

/// An element, and what is in it.
#[derive(Clone)]
pub struct Node {
    tag: u8,
    inside: Inside,
}

#[derive(Clone)]
enum Inside {
    Bytes(Vec<u8>),
    Nodes(Vec<Node>),
}

const BIT_STRING: u8 = 0x03;
const OCTET_STRING: u8 = 0x04;
const CONSTRUCTED: u8 = 0x20;

impl Node {
    /// Reads one element, which is all of `der`.
    pub fn read(der: &[u8]) -> Self {
        let mut nodes = Self::list(der).expect("it is DER");
        assert_eq!(nodes.len(), 1);
        nodes.remove(0)
    }

    /// A BIT STRING of whole bytes.
    pub fn bits(bytes: &[u8]) -> Self {
        Self { tag: BIT_STRING, inside: Inside::Bytes([&[0], bytes].concat()) }
    }

    /// A SEQUENCE.
    pub fn sequence(nodes: Vec<Self>) -> Self {
        Self { tag: 0x30, inside: Inside::Nodes(nodes) }
    }

    fn list(mut der: &[u8]) -> Option<Vec<Self>> {
        let mut nodes = Vec::new();
        while let [tag, first, rest @ ..] = der {
            let long = first.checked_sub(0x80).map_or(0, usize::from);
            if long > 2 {
                return None;
            }
            let (digits, rest) = rest.split_at_checked(long)?;
            let len = match long {
                0 => usize::from(*first),
                _ => digits.iter().fold(0, |len, digit| len << 8 | usize::from(*digit)),
            };
            let (content, rest) = rest.split_at_checked(len)?;
            // What is in an extension is DER too.
            let nodes_inside = match *tag {
                tag if tag & CONSTRUCTED != 0 => Some(Self::list(content)?),
                OCTET_STRING => Self::list(content).filter(|nodes| !nodes.is_empty()),
                _ => None,
            };
            let inside =
                nodes_inside.map_or_else(|| Inside::Bytes(content.to_vec()), Inside::Nodes);
            nodes.push(Self { tag: *tag, inside });
            der = rest;
        }
        der.is_empty().then_some(nodes)
    }

    pub fn write(&self) -> Vec<u8> {
        let content = match &self.inside {
            Inside::Bytes(bytes) => bytes.clone(),
            Inside::Nodes(nodes) => nodes.iter().flat_map(Self::write).collect(),
        };
        let len = content.len().to_be_bytes();
        let mut out = vec![self.tag];
        match content.len() {
            len @ ..0x80 => out.push(len as u8),
            0x80..0x100 => out.extend([0x81, len[7]]),
            _ => out.extend([0x82, len[6], len[7]]),
        }
        out.extend(content);
        out
    }

    /// What the element holds, if it is constructed.
    pub fn into_nodes(self) -> Vec<Self> {
        match self.inside {
            Inside::Nodes(nodes) => nodes,
            Inside::Bytes(_) => Vec::new(),
        }
    }

    fn count(&self) -> usize {
        match &self.inside {
            Inside::Bytes(_) => 1,
            Inside::Nodes(nodes) => 1 + nodes.iter().map(Self::count).sum::<usize>(),
        }
    }

    /// The element at this place, of all as they are written.
    fn at(&mut self, mut place: usize) -> &mut Self {
        if place == 0 {
            return self;
        }
        place -= 1;
        let Inside::Nodes(nodes) = &mut self.inside else { unreachable!("a leaf has one place") };
        for node in nodes {
            let count = node.count();
            if place < count {
                return node.at(place);
            }
            place -= count;
        }
        unreachable!("the place is inside")
    }

    /// Alters one element.
    pub fn mutate(&mut self, rng: &mut Rng) {
        let count = self.count();
        let other = self.at(rng.usize(..count)).clone();
        let node = self.at(rng.usize(1..count));
        match &mut node.inside {
            Inside::Nodes(nodes) if !nodes.is_empty() => {
                let place = rng.usize(..nodes.len());
                match rng.u8(..6) {
                    0 => drop(nodes.remove(place)),
                    1 => nodes.insert(place, nodes[place].clone()),
                    2 => nodes.swap(place, 0),
                    3 => nodes[place] = other,
                    4 => nodes.insert(place, other),
                    _ => node.tag ^= 1 << rng.u8(..8),
                }
            }
            Inside::Bytes(bytes) if !bytes.is_empty() => {
                let place = rng.usize(..bytes.len());
                match rng.u8(..8) {
                    0 => drop(bytes.remove(place)),
                    1 => bytes.insert(place, rng.u8(..)),
                    2 => bytes.clear(),
                    3 => node.tag ^= 1 << rng.u8(..8),
                    4 => bytes[place] = rng.u8(..),
                    5 => *node = other,
                    _ => bytes[place] ^= 1 << rng.u8(..8),
                }
            }
            _ => *node = other,
        }
    }
}
