//! The DTLS client: with `openssl s_server` on the other end, over paths that lose, repeat and reorder datagrams.

mod certificate;
mod clock;
mod device;
mod openssl;
mod path;
mod server;
mod session;
mod vectors;
