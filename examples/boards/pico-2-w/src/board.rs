//! A Raspberry Pi Pico 2 W: Wi-Fi by its CYW43439, random numbers by ChaCha20 with a seed of the chip's generator.

use core::cell::RefCell;

use cyw43::{A4, Aligned, Control, JoinOptions, NetDriver, PowerManagementMode, SpiBus, State};
use cyw43_firmware::{CYW43_43439A0, CYW43_43439A0_CLM};
use cyw43_pio::{PioSpi, RM2_CLOCK_DIVIDER};
use defmt_rtt as _;
use embassy_executor::Spawner;
pub use embassy_executor::main;
use embassy_net::{Config, Runner, Stack, StackResources};
use embassy_rp::gpio::{Level, Output};
use embassy_rp::peripherals::{DMA_CH0, PIO0, TRNG};
use embassy_rp::{bind_interrupts, dma, pio, trng};
use embassy_sync::blocking_mutex::{Mutex, raw::ThreadModeRawMutex};
use embassy_time::{Duration, Timer, with_timeout};
use panic_probe as _;
use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::{RngCore, SeedableRng};
use static_cell::{ConstStaticCell, StaticCell};

type Radio = SpiBus<Output<'static>, PioSpi<'static, PIO0, 0>>;

bind_interrupts!(struct Irqs {
    DMA_IRQ_0 => dma::InterruptHandler<DMA_CH0>;
    PIO0_IRQ_0 => pio::InterruptHandler<PIO0>;
    TRNG_IRQ => trng::InterruptHandler<TRNG>;
});

/// What runs on the radio's own processor, and how the board around it is made.
static FIRMWARE: Aligned<A4, [u8; CYW43_43439A0.len()]> = Aligned(*CYW43_43439A0);
static NVRAM: Aligned<A4, [u8; include_bytes!(env!("CYW43_NVRAM")).len()]> =
    Aligned(*include_bytes!(env!("CYW43_NVRAM")));

static GENERATOR: Mutex<ThreadModeRawMutex, RefCell<Option<ChaCha20Rng>>> =
    Mutex::new(RefCell::new(None));

/// Starts the board's network, with an address by DHCP. Called once.
pub async fn start(spawner: Spawner) -> Stack<'static> {
    static STATE: StaticCell<State> = StaticCell::new();
    // A connection over TCP, datagrams, DHCP and DNS.
    static RESOURCES: ConstStaticCell<StackResources<4>> =
        ConstStaticCell::new(StackResources::new());

    let p = embassy_rp::init(Default::default());
    // Before the radio starts: while it is on, reads of the TRNG can wait for ever.
    let generator = ChaCha20Rng::from_seed(seed(trng::Trng::new(p.TRNG, Irqs, careful())).await);
    GENERATOR.lock(|place| place.replace(Some(generator)));

    let mut pio = pio::Pio::new(p.PIO0, Irqs);
    let power = Output::new(p.PIN_23, Level::Low);
    let select = Output::new(p.PIN_25, Level::High);
    let spi = PioSpi::new(
        &mut pio.common,
        pio.sm0,
        RM2_CLOCK_DIVIDER, // 25 MHz on the wire
        pio.irq0,
        select,
        p.PIN_24, // data
        p.PIN_29, // clock
        dma::Channel::new(p.DMA_CH0, Irqs),
    );
    let (device, mut control, radio) =
        cyw43::new(STATE.init_with(State::new), power, spi, &FIRMWARE, &NVRAM).await;
    spawner.spawn(drive(radio).expect("spawned once"));
    control.init(CYW43_43439A0_CLM).await;
    // The radio does not sleep between beacons: a call is answered at once.
    control.set_power_management(PowerManagementMode::None).await;

    let mut seed = [0; 8];
    entropy(&mut seed);
    let config = Config::dhcpv4(Default::default());
    let (stack, runner) =
        embassy_net::new(device, config, RESOURCES.take(), u64::from_le_bytes(seed));
    spawner.spawn(run(runner).expect("spawned once"));
    spawner.spawn(associate(control, stack).expect("spawned once"));
    stack
}

/// Fills `bytes` with random numbers, once the board is started.
pub fn entropy(bytes: &mut [u8]) {
    GENERATOR.lock(|generator| match &mut *generator.borrow_mut() {
        Some(generator) => generator.fill_bytes(bytes),
        None => defmt::panic!("random numbers before the start"),
    });
}

/// Waits for as many random bytes as a seed needs.
async fn seed(mut generator: trng::Trng<'static, TRNG>) -> [u8; 32] {
    let mut seed = [0; 32];
    while with_timeout(Duration::from_secs(1), generator.fill_bytes(&mut seed)).await.is_err() {
        defmt::warn!("no random numbers yet");
    }
    seed
}

/// Four times as long between two samples as by default: fewer of them fail the generator's tests.
fn careful() -> trng::Config {
    let mut config = trng::Config::default();
    config.sample_count = 100;
    config
}

/// Joins the Wi-Fi, and again when it is lost.
#[embassy_executor::task]
async fn associate(mut control: Control<'static>, stack: Stack<'static>) -> ! {
    loop {
        let options = JoinOptions::new(env!("WIFI_PASSWORD").as_bytes());
        match control.join(env!("WIFI_SSID"), options).await {
            Ok(()) => stack.wait_link_down().await,
            Err(_) => defmt::warn!("not in the Wi-Fi {}", env!("WIFI_SSID")),
        }
        Timer::after_secs(5).await;
    }
}

#[embassy_executor::task]
async fn drive(radio: cyw43::Runner<'static, Radio>) -> ! {
    radio.run().await
}

#[embassy_executor::task]
async fn run(mut runner: Runner<'static, NetDriver<'static>>) -> ! {
    runner.run().await
}
