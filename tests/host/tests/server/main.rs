//! Server calls: requests beside prost and httparse, answers as the real server gave them, delivery.

mod exchange;
mod outbox;
mod records;
mod reply;
mod request;
