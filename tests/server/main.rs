//! Server calls: requests compared with prost and httparse, recorded responses of the real server, delivery.

mod connection;
mod list;
mod outbox;
mod request;
mod response;
