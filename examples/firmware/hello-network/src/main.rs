//! Asks a web server once a second, and goes on whatever happens to the network.
//!
//! Which server is said by the board's provisioning: `server = 10.0.2.2:8000`.
#![no_std]
#![no_main]

use core::net::SocketAddrV4;

use embassy_executor::Spawner;
use embassy_net::tcp::TcpSocket;
use embassy_net::{Runner, Stack, StackResources};
use embassy_time::{Duration, Timer};
use embedded_io_async::Write;
#[cfg(feature = "lm3s6965evb")]
use lm3s6965evb as board;
#[cfg(feature = "mps2-an385")]
use mps2_an385 as board;
use static_cell::ConstStaticCell;

#[embassy_executor::main(executor = "board::Executor", entry = "board::entry")]
async fn main(spawner: Spawner) {
    static SOCKETS: ConstStaticCell<StackResources<1>> =
        ConstStaticCell::new(StackResources::new());

    let ethernet = board::init().expect("it was not called before");
    let mut seed = [0; 8];
    board::entropy(&mut seed);
    let seed = u64::from_le_bytes(seed);
    let (stack, network) = embassy_net::new(ethernet, board::network(), SOCKETS.take(), seed);
    spawner.spawn(run(network).expect("it does not run yet"));
    greet(stack).await;
}

/// A task of its own: whoever waits for a socket wakes it, and in one task with it would wake itself.
#[embassy_executor::task]
async fn run(mut network: Runner<'static, board::Ethernet>) -> ! {
    network.run().await
}

async fn greet(stack: Stack<'_>) {
    let text = str::from_utf8(board::provisioning()).unwrap_or_default();
    let Some(server) = text.trim().strip_prefix("server = ").and_then(|it| it.parse().ok()) else {
        defmt::error!("no server is provisioned");
        board::exit(false)
    };
    loop {
        stack.wait_link_up().await;
        if let Err(what) = ask(stack, server).await {
            defmt::warn!("{=str}", what);
        }
        defmt::info!("so far {=usize} bytes of stack", board::stack_used());
        Timer::after_secs(1).await;
    }
}

async fn ask(stack: Stack<'_>, server: SocketAddrV4) -> Result<(), &'static str> {
    let (mut received, mut sent, mut answer) = ([0; 256], [0; 64], [0; 64]);
    let mut socket = TcpSocket::new(stack, &mut received, &mut sent);
    socket.set_timeout(Some(Duration::from_secs(5)));
    socket.connect(server).await.map_err(|_| "no connection")?;
    socket.write_all(b"GET / HTTP/1.0\r\n\r\n").await.map_err(|_| "the question was lost")?;
    socket.read(&mut answer).await.map_err(|_| "the answer was lost")?;
    let line = answer.split(|byte| matches!(byte, b'\r' | 0)).next().unwrap_or_default();
    defmt::info!("{=[u8]:a}", line);
    Ok(())
}
