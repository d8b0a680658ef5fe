//! Server calls: requests compared with prost and httparse, recorded responses of the real server, delivery.

mod connection;
mod debug;
mod list;
mod outbox;
mod pages;
mod rejection;
mod request;
mod response;
mod texts;
mod twirp;
