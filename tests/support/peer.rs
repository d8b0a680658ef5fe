//! Every message of the crate behind one type, and the schema as prost-reflect sees it.

use std::sync::LazyLock;

use livekit_micro::{Decode, DecodeError, Encode, owned};
use prost_reflect::DescriptorPool;

use crate::log;

/// The schema, for dynamic messages: prost's side.
pub static POOL: LazyLock<DescriptorPool> = LazyLock::new(|| {
    let set = include_bytes!("../../protocol/livekit.binpb");
    DescriptorPool::decode(set.as_slice()).expect("the schema is valid")
});

/// One message type of one family: our side.
pub struct Peer {
    /// Full name: `livekit.DataPacket`.
    pub name: &'static str,
    /// Bytes of RAM a value takes on this machine.
    pub size: usize,
    /// Decodes a frame and encodes what came of it.
    pub again: fn(&[u8]) -> Result<Vec<u8>, DecodeError>,
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
                again: again::<owned::$($path)::+>,
                logged: logged::<owned::$($path)::+>,
            }),*]
        };
    }
    livekit_micro::for_each_message!(peers)
};

/// The peer called `name`, if this build has it.
pub fn owned(name: &str) -> Option<&'static Peer> {
    OWNED.iter().find(|peer| peer.name == name)
}

fn again<M: Encode + for<'a> Decode<'a> + Default>(frame: &[u8]) -> Result<Vec<u8>, DecodeError> {
    // On the heap: some messages of the cloud's modules are larger than a test thread's stack.
    let mut message = Box::<M>::default();
    livekit_micro::decode_into(&mut *message, frame)?;
    let mut buf = vec![0; livekit_micro::encoded_len(&*message)];
    let frame = livekit_micro::to_slice(&*message, &mut buf).expect("the buffer is large enough");
    Ok(frame.to_vec())
}

fn logged<M>(frame: &[u8]) -> Result<Logged, DecodeError>
where
    M: for<'a> Decode<'a> + Default + std::fmt::Debug + defmt::Format,
{
    let mut message = Box::<M>::default();
    livekit_micro::decode_into(&mut *message, frame)?;
    Ok(Logged { debug: format!("{message:?}"), defmt: log::frame(&*message) })
}
