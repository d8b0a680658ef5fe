//! All the ways from a frame to the same frame, a row a message type.

use bumpalo::Bump;
use livekit_micro::{borrowed, owned};
use prost::Message;

use crate::peer::{Way, encode};
use crate::prost_schema as theirs;
use crate::rebuild::Rebuild;

pub struct Ways {
    /// Full name: `livekit.DataPacket`.
    pub name: &'static str,
    /// Through the type that prost-build makes.
    pub prost: fn(&[u8]) -> Vec<u8>,
    /// Reads all of the borrowed message, and puts it together anew.
    pub rebuilt: Way,
    /// From the received borrowed message to the owned one.
    pub stored: Way,
    /// From the borrowed message that was put together anew to the owned one.
    pub stored_rebuilt: Way,
}

pub const WAYS: &[Ways] = {
    macro_rules! ways {
        ($($name:literal => $($path:ident)::+,)*) => {
            &[$(Ways {
                name: $name,
                prost: |frame| {
                    let message = theirs::$($path)::+::decode(frame).expect("prost reads its own");
                    message.encode_to_vec()
                },
                rebuilt: |frame| {
                    let arena = Bump::new();
                    let message: borrowed::$($path)::+ = livekit_micro::from_bytes(frame)?;
                    let built = message.rebuild(&arena)?;
                    assert!(built == message || built != built, "rebuilt, it differs");
                    Ok(encode(&built))
                },
                stored: |frame| {
                    let message: borrowed::$($path)::+ = livekit_micro::from_bytes(frame)?;
                    let mut place = Box::<owned::$($path)::+>::default();
                    livekit_micro::copy_from(&mut *place, &message)?;
                    Ok(encode(&*place))
                },
                stored_rebuilt: |frame| {
                    let arena = Bump::new();
                    let message: borrowed::$($path)::+ = livekit_micro::from_bytes(frame)?;
                    let built = message.rebuild(&arena)?;
                    let mut place = Box::<owned::$($path)::+>::default();
                    livekit_micro::copy_from(&mut *place, &built)?;
                    Ok(encode(&*place))
                },
            }),*]
        };
    }
    livekit_micro::for_each_message!(ways)
};
