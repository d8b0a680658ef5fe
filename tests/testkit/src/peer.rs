//! Every message of the crate behind one type, and the schema as prost-reflect sees it.

use std::sync::LazyLock;

use livekit_micro::{Decode, DecodeError, Encode, borrowed, owned};
use prost_reflect::DescriptorPool;

use crate::log;

/// The schema, for dynamic messages: prost's side.
pub static POOL: LazyLock<DescriptorPool> = LazyLock::new(|| {
    let set = include_bytes!("../../../protocol/livekit.binpb");
    DescriptorPool::decode(set.as_slice()).expect("the schema is valid")
});

/// From a frame to what we encode again.
pub type Way = fn(&[u8]) -> Result<Vec<u8>, DecodeError>;

/// One message type of one family: our side.
pub struct Peer {
    /// Full name: `livekit.DataPacket`.
    pub name: &'static str,
    /// Bytes of RAM a value takes on this machine.
    pub size: usize,
    /// Decodes a frame and encodes what came of it.
    pub again: Way,
    /// Decodes a frame and logs what came of it.
    pub logged: fn(&[u8]) -> Result<Logged, DecodeError>,
}

/// What a log shows of a message.
pub struct Logged {
    /// Its `Debug` text.
    pub debug: String,
    /// The bytes that defmt sends.
    pub defmt: Vec<u8>,
}

/// All messages of the family `owned` that this build has.
pub const OWNED: &[Peer] = {
    macro_rules! peers {
        ($($name:literal => $($path:ident)::+,)*) => {
            &[$(Peer {
                name: $name,
                size: size_of::<owned::$($path)::+>(),
                again: owned_again::<owned::$($path)::+>,
                logged: owned_logged::<owned::$($path)::+>,
            }),*]
        };
    }
    livekit_micro::for_each_message!(peers)
};

/// All messages of the family `borrowed`: a received one is read at every depth, and written as it
/// came.
pub const BORROWED: &[Peer] = {
    macro_rules! peers {
        ($($name:literal => $($path:ident)::+,)*) => {
            &[$(Peer {
                name: $name,
                size: size_of::<borrowed::$($path)::+>(),
                again: |frame| {
                    let message: borrowed::$($path)::+ = livekit_micro::from_bytes(frame)?;
                    livekit_micro::validate(&message)?;
                    Ok(encode(&message))
                },
                logged: |frame| {
                    let message: borrowed::$($path)::+ = livekit_micro::from_bytes(frame)?;
                    Ok(log(&message))
                },
            }),*]
        };
    }
    livekit_micro::for_each_message!(peers)
};

/// The families of messages; the suites are run over each.
pub const FAMILIES: [(&str, &[Peer]); 2] = [("owned", OWNED), ("borrowed", BORROWED)];

/// The peer called `name` of a family, if this build has it.
pub fn find(family: &'static [Peer], name: &str) -> Option<&'static Peer> {
    family.iter().find(|peer| peer.name == name)
}

fn owned_again<M: Encode + for<'a> Decode<'a> + Default>(
    frame: &[u8],
) -> Result<Vec<u8>, DecodeError> {
    // On the heap: some messages of the cloud's modules are larger than a test thread's stack.
    let mut message = Box::<M>::default();
    livekit_micro::decode_into(&mut *message, frame)?;
    Ok(encode(&*message))
}

fn owned_logged<M>(frame: &[u8]) -> Result<Logged, DecodeError>
where
    M: for<'a> Decode<'a> + Default + std::fmt::Debug + defmt::Format,
{
    let mut message = Box::<M>::default();
    livekit_micro::decode_into(&mut *message, frame)?;
    Ok(log(&*message))
}

/// The bytes of a message.
pub fn encode(message: &impl Encode) -> Vec<u8> {
    let mut buf = vec![0; livekit_micro::encoded_len(message)];
    let frame = livekit_micro::to_slice(message, &mut buf).expect("the buffer is large enough");
    frame.to_vec()
}

fn log(message: &(impl std::fmt::Debug + defmt::Format)) -> Logged {
    Logged { debug: format!("{message:?}"), defmt: log::frame(message) }
}
