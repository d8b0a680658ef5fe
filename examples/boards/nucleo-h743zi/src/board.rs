//! A NUCLEO-H743ZI: Ethernet by its LAN8742A, random numbers by the chip's generator.

use core::cell::RefCell;

use defmt_rtt as _;
use embassy_executor::Spawner;
pub use embassy_executor::main;
use embassy_net::{Config, Runner, Stack, StackResources};
use embassy_stm32::eth::{Ethernet, GenericPhy, InterruptHandler, PacketQueue, Sma};
use embassy_stm32::peripherals::{ETH, ETH_SMA, RNG};
use embassy_stm32::rcc::{
    AHBPrescaler, APBPrescaler, Hse, HseMode, Pll, PllDiv, PllMul, PllPreDiv, PllSource, Sysclk,
    VoltageScale,
};
use embassy_stm32::rng::{self, Rng};
use embassy_stm32::time::Hertz;
use embassy_stm32::{bind_interrupts, uid};
use embassy_sync::blocking_mutex::{Mutex, raw::ThreadModeRawMutex};
use panic_probe as _;
use static_cell::ConstStaticCell;

type Device = Ethernet<'static, ETH, GenericPhy<Sma<'static, ETH_SMA>>>;

bind_interrupts!(struct Irqs {
    ETH => InterruptHandler;
    RNG => rng::InterruptHandler<RNG>;
});

static GENERATOR: Mutex<ThreadModeRawMutex, RefCell<Option<Rng<'static, RNG>>>> =
    Mutex::new(RefCell::new(None));

/// Starts the board's network, with an address by DHCP. Called once.
pub async fn start(spawner: Spawner) -> Stack<'static> {
    // A connection over TCP, datagrams, DHCP and DNS.
    static RESOURCES: ConstStaticCell<StackResources<4>> =
        ConstStaticCell::new(StackResources::new());
    static PACKETS: ConstStaticCell<PacketQueue<4, 4>> = ConstStaticCell::new(PacketQueue::new());

    let p = embassy_stm32::init(clocks());
    GENERATOR.lock(|generator| generator.replace(Some(Rng::new(p.RNG, Irqs))));
    let ethernet = Ethernet::new(
        PACKETS.take(),
        p.ETH,
        Irqs,
        p.PA1,  // reference clock
        p.PA7,  // carrier sense
        p.PC4,  // received, bit 0
        p.PC5,  // received, bit 1
        p.PG13, // sent, bit 0
        p.PB13, // sent, bit 1
        p.PG11, // sending
        mac_address(),
        p.ETH_SMA,
        p.PA2, // management, data
        p.PC1, // management, clock
    );
    let mut seed = [0; 8];
    entropy(&mut seed);
    let config = Config::dhcpv4(Default::default());
    let (stack, runner) =
        embassy_net::new(ethernet, config, RESOURCES.take(), u64::from_le_bytes(seed));
    spawner.spawn(run(runner).expect("spawned once"));
    stack
}

/// Fills `bytes` with random numbers, once the board is started.
pub fn entropy(bytes: &mut [u8]) {
    GENERATOR.lock(|generator| match &mut *generator.borrow_mut() {
        Some(generator) => generator.fill_bytes(bytes),
        None => defmt::panic!("random numbers before the start"),
    });
}

/// 400 MHz from the 8 MHz of the ST-LINK, 200 MHz for the buses; 48 MHz for the random numbers.
fn clocks() -> embassy_stm32::Config {
    let mut config = embassy_stm32::Config::default();
    let rcc = &mut config.rcc;
    rcc.hse = Some(Hse { freq: Hertz(8_000_000), mode: HseMode::Bypass });
    rcc.pll1 = Some(Pll {
        source: PllSource::HSE,
        prediv: PllPreDiv::DIV1,
        mul: PllMul::MUL100,
        fracn: None,
        divp: Some(PllDiv::DIV2),
        divq: None,
        divr: None,
    });
    rcc.sys = Sysclk::PLL1_P;
    rcc.ahb_pre = AHBPrescaler::DIV2;
    rcc.apb1_pre = APBPrescaler::DIV2;
    rcc.apb2_pre = APBPrescaler::DIV2;
    rcc.apb3_pre = APBPrescaler::DIV2;
    rcc.apb4_pre = APBPrescaler::DIV2;
    rcc.voltage_scale = VoltageScale::Scale1;
    rcc.hsi48 = Some(Default::default());
    config
}

/// An address of local administration, from the number of the chip: its place on the wafer, and the wafer.
fn mac_address() -> [u8; 6] {
    let [x, _, y, _, wafer, lot, digit, ..] = uid::uid();
    [0x02, x, y, wafer, lot, digit]
}

#[embassy_executor::task]
async fn run(mut runner: Runner<'static, Device>) -> ! {
    runner.run().await
}
