//! The fields of borrowed messages that are read on demand: submessages, lists, maps and oneofs.

mod map;
mod messages;
pub mod oneof;
mod repeated;
mod source;
mod submessage;

pub(crate) use map::maps_are_equal;
pub use map::{MapView, MapViewIter};
pub use messages::{RepeatedMessages, RepeatedMessagesIter};
pub use repeated::{Repeated, RepeatedIter};
pub(crate) use submessage::Place;
pub use submessage::{Item, Submessage};
