//! Calls as HTTP/1.1: a request in one piece, a response as it arrives.

#[cfg(feature = "embedded-io")]
mod connection;
mod framing;
mod head;
mod list;
mod request;
mod response;

#[cfg(feature = "embedded-io")]
pub use connection::{Connection, ConnectionError, List};
pub use list::{ListItem, ListReader};
pub use request::{CONTENT_TYPE, Endpoint};
pub use response::{Response, ResponseError};
