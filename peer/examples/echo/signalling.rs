//! Signalling by HTTP, as little as there can be: the page asks for the offer, and posts its answer.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{IpAddr, TcpListener};

pub struct Signalling(TcpListener);

impl Signalling {
    pub fn listen(ip: IpAddr) -> Self {
        let listener = TcpListener::bind((ip, 8080)).or_else(|_| TcpListener::bind((ip, 0)));
        let listener = listener.expect("a port");
        println!("open http://{}/", listener.local_addr().expect("it is bound"));
        Self(listener)
    }

    /// Waits for a page, or another peer, and returns its answer to `offer`.
    pub fn exchange(&mut self, offer: &str) -> String {
        loop {
            let Ok((mut stream, _)) = self.0.accept() else { continue };
            let mut reader = BufReader::new(&stream);
            let (mut request, mut line, mut len) = (String::new(), String::new(), 0);
            if reader.read_line(&mut request).is_err() {
                continue;
            }
            while reader.read_line(&mut line).is_ok() && !line.trim().is_empty() {
                let (name, value) = line.split_once(':').unwrap_or_default();
                if name.eq_ignore_ascii_case("content-length") {
                    len = value.trim().parse().unwrap_or(0);
                }
                line.clear();
            }
            let mut body = vec![0; usize::min(len, 1 << 16)];
            if reader.read_exact(&mut body).is_err() {
                continue;
            }
            let (kind, answer) = match request.split(' ').nth(1) {
                Some("/offer") => ("application/sdp", offer),
                Some("/answer") => ("text/plain", ""),
                _ => ("text/html; charset=utf-8", include_str!("page.html")),
            };
            // If it is not read, the page asks again.
            let _ = write!(
                stream,
                "HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{answer}",
                answer.len(),
            );
            if request.starts_with("POST /answer ") {
                return String::from_utf8_lossy(&body).into_owned();
            }
        }
    }
}
