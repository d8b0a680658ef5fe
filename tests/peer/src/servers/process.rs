//! A server in another process, in C or Go.

use std::io::{BufRead, BufReader};
use std::net::UdpSocket;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use p256::ecdsa::SigningKey;

use super::certificate::{private_key, self_signed};
use super::far::Far;

/// A program that runs one DTLS association, as tests/peer/servers/serve.h says.
pub struct Process {
    child: Child,
    lines: Receiver<String>,
    said: Vec<String>,
    socket: UdpSocket,
    start: Instant,
    waiting: Option<Vec<u8>>,
}

impl Process {
    /// Starts `program` with the certificate that [`files`] made in `folder`. `action` is "echo" or "close".
    pub fn start(
        program: &Path,
        folder: &Path,
        client: &[u8; 32],
        mtu: usize,
        action: &str,
    ) -> Self {
        let client: String = client.iter().map(|byte| format!("{byte:02x}")).collect();
        let mut child = Command::new(program)
            .args([folder.join("certificate.der"), folder.join("key.der")])
            .args([&client, &mtu.to_string(), action])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let stdout = BufReader::new(child.stdout.take().unwrap());
        let (sender, lines) = channel();
        std::thread::spawn(move || {
            stdout.lines().map_while(Result::ok).try_for_each(|line| sender.send(line))
        });
        let line = lines.recv_timeout(Duration::from_secs(20)).expect("the server says its port");
        let port: u16 = line.strip_prefix("port ").expect(&line).parse().unwrap();
        let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
        socket.connect(("127.0.0.1", port)).unwrap();
        Self { child, lines, said: Vec::new(), socket, start: Instant::now(), waiting: None }
    }

    fn receive(&self, wait: Duration) -> Option<Vec<u8>> {
        let mut datagram = [0; 2048];
        // The shortest timeout of a socket is a tick of the kernel's.
        self.socket.set_nonblocking(wait.is_zero()).unwrap();
        if !wait.is_zero() {
            self.socket.set_read_timeout(Some(wait)).unwrap();
        }
        let length = self.socket.recv(&mut datagram).ok()?;
        Some(datagram[..length].to_vec())
    }
}

impl Far for Process {
    fn input(&mut self, datagram: &[u8], _now_ms: u64) {
        // The server may have ended.
        let _ = self.socket.send(datagram);
    }

    fn poll(&mut self, _now_ms: u64) -> Option<Vec<u8>> {
        self.waiting.take().or_else(|| self.receive(Duration::ZERO))
    }

    fn next_at(&self) -> Option<u64> {
        None
    }

    fn wait(&mut self, until_ms: u64) -> u64 {
        let wait = Duration::from_millis(until_ms).saturating_sub(self.start.elapsed());
        self.waiting = self.receive(wait);
        self.start.elapsed().as_millis() as u64
    }

    fn said(&mut self) -> Vec<String> {
        self.said.extend(self.lines.try_iter());
        self.said.clone()
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Writes the servers' key and certificate into `folder`, and returns the certificate.
pub fn files(folder: &Path, key: &SigningKey) -> Vec<u8> {
    let certificate = self_signed(key, "server");
    std::fs::create_dir_all(folder).unwrap();
    std::fs::write(folder.join("certificate.der"), &certificate).unwrap();
    std::fs::write(folder.join("key.der"), private_key(key)).unwrap();
    certificate
}

/// Compiles a server in C.
pub fn compile(folder: &Path, name: &str, libraries: &[&str], package: &str) -> PathBuf {
    let source =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("servers").join(name).with_extension("c");
    let program = folder.join(name);
    let compiled = Command::new("cc")
        .args(["-O1", "-Wall", "-Wextra", "-Werror", "-o"])
        .args([&program, &source])
        .args(libraries)
        .status()
        .expect("cc is missing: apt-get install gcc");
    assert!(compiled.success(), "{} does not compile: apt-get install {package}", source.display());
    program
}
