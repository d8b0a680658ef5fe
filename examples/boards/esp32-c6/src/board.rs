//! An ESP32-C6: Wi-Fi by its radio, random numbers by its generator, which the radio's noise feeds.
//!
//! The driver of the radio allocates; nothing else here does.

use embassy_executor::Spawner;
use embassy_net::{Config, Runner, Stack, StackResources};
use embassy_time::Timer;
use esp_backtrace as _;
use esp_hal::clock::CpuClock;
use esp_hal::rng::Trng;
use esp_hal::timer::timg::TimerGroup;
use esp_println as _;
use esp_radio::wifi::sta::StationConfig;
use esp_radio::wifi::{
    AuthenticationMethodConfig, Config as WifiConfig, Interface, WifiController,
};
pub use esp_rtos::main;
use static_cell::ConstStaticCell;

// What the bootloader and espflash read of an image.
esp_bootloader_esp_idf::esp_app_desc!();

/// Starts the board's network, with an address by DHCP. Called once.
pub async fn start(spawner: Spawner) -> Stack<'static> {
    // A connection over TCP, datagrams, DHCP and DNS.
    static RESOURCES: ConstStaticCell<StackResources<4>> =
        ConstStaticCell::new(StackResources::new());

    // The radio's heap: memory that the bootloader leaves, and some more.
    esp_alloc::heap_allocator!(#[esp_hal::ram(reclaimed)] size: 64 * 1024);
    esp_alloc::heap_allocator!(size: 36 * 1024);

    let p = esp_hal::init(esp_hal::Config::default().with_cpu_clock(CpuClock::max()));
    esp_rtos::start(TimerGroup::new(p.TIMG0).timer0, p.FROM_CPU_INTR0);
    let mut radio = WifiController::new(p.WIFI, Default::default()).expect("memory for the radio");
    let password = env!("WIFI_PASSWORD").try_into().expect("a password of 64 bytes at most");
    let station = StationConfig::default()
        .with_ssid(env!("WIFI_SSID").try_into().expect("a name of 32 bytes at most"))
        .with_authentication(AuthenticationMethodConfig::Wpa2Personal(password));
    radio.set_config(&WifiConfig::Station(station)).expect("the radio takes its configuration");

    let mut seed = [0; 8];
    entropy(&mut seed);
    let config = Config::dhcpv4(Default::default());
    let seed = u64::from_le_bytes(seed);
    let (stack, runner) = embassy_net::new(Interface::station(), config, RESOURCES.take(), seed);
    spawner.spawn(run(runner).expect("spawned once"));
    spawner.spawn(associate(radio).expect("spawned once"));
    stack
}

/// Fills `bytes` with random numbers, once the board is started.
pub fn entropy(bytes: &mut [u8]) {
    match Trng::try_new() {
        Ok(generator) => generator.read(bytes),
        Err(_) => defmt::panic!("random numbers before the start"),
    }
}

/// Joins the Wi-Fi, and again when it is lost.
#[embassy_executor::task]
async fn associate(mut radio: WifiController<'static>) -> ! {
    loop {
        match radio.connect_async().await {
            Ok(_) => {
                let _ = radio.wait_for_disconnect_async().await;
            }
            Err(error) => defmt::warn!("not in the Wi-Fi {}: {}", env!("WIFI_SSID"), error),
        }
        Timer::after_secs(5).await;
    }
}

#[embassy_executor::task]
async fn run(mut runner: Runner<'static, Interface>) -> ! {
    runner.run().await
}
