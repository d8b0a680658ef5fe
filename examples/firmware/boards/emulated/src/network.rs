//! QEMU's user network.

use embassy_net::driver::Driver;
use embassy_net::{Config, Ipv4Address, Ipv4Cidr, Runner, Stack, StackResources, StaticConfigV4};
use static_cell::ConstStaticCell;

use crate::entropy;

/// One connection, and what features have beside it.
const SOCKETS: usize = 1
    + cfg!(feature = "udp") as usize
    + 2 * cfg!(feature = "tls") as usize
    + cfg!(feature = "token-server") as usize;

/// Returns a stack for the [`SOCKETS`] of a firmware over `ethernet`, and its runner. Called once.
pub fn stack<D: Driver>(ethernet: D) -> (Stack<'static>, Runner<'static, D>) {
    static RESOURCES: ConstStaticCell<StackResources<SOCKETS>> =
        ConstStaticCell::new(StackResources::new());

    // The address of the first guest, and its router, which is the host.
    let config = Config::ipv4_static(StaticConfigV4 {
        address: Ipv4Cidr::new(Ipv4Address::new(10, 0, 2, 15), 24),
        gateway: Some(Ipv4Address::new(10, 0, 2, 2)),
        dns_servers: Default::default(),
    });
    let mut seed = [0; 8];
    entropy(&mut seed);
    embassy_net::new(ethernet, config, RESOURCES.take(), u64::from_le_bytes(seed))
}

/// Defines `network`, which returns the stack over an Ethernet of the type `$ethernet` and spawns its task.
///
/// A macro, as a task of embassy cannot be generic over the driver.
#[macro_export]
macro_rules! network {
    ($ethernet:ty) => {
        fn network(
            spawner: ::embassy_executor::Spawner,
            ethernet: $ethernet,
        ) -> ::embassy_net::Stack<'static> {
            let (stack, network) = $crate::stack(ethernet);
            spawner.spawn(run(network).expect("the task is spawned once"));
            stack
        }

        /// A task of its own: polled in the task that waits for a socket, it would wake itself for ever.
        #[embassy_executor::task]
        async fn run(mut network: ::embassy_net::Runner<'static, $ethernet>) -> ! {
            network.run().await
        }
    };
}
