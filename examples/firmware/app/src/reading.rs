//! What is published: a temperature, with the numbers by which a receiver detects gaps and duplicates.

use heapless::String;

/// The longest name of a sensor.
pub const NAME_BYTES: usize = 128;

/// The longest reading: all but the name takes 60 bytes.
type Json = String<{ NAME_BYTES + 64 }>;

/// A simulated sensor: a slow wave around 20 °C, in hundredths of a degree.
pub fn sample(n: u32) -> i32 {
    // A parabola for each half of the wave instead of a sine.
    let phase = (n % 60) as i32;
    let (half, sign) = if phase < 30 { (phase, 1) } else { (phase - 30, -1) };
    2000 + sign * half * (30 - half) * 2
}

/// Returns `{"boot":"a1b2c3d4","n":1,"celsius":21.50}`, with `"name"` if the device has one.
///
/// `boot` is a new random number after each start and `n` counts from 1: together they identify a reading.
pub fn json(boot: u32, n: u32, hundredths: i32, name: &str) -> Json {
    let mut json = Json::new();
    let size = hundredths.unsigned_abs();
    add(&mut json, "{\"boot\":\"");
    number(&mut json, boot, 16, 8);
    add(&mut json, "\",\"n\":");
    number(&mut json, n, 10, 1);
    add(&mut json, if hundredths < 0 { ",\"celsius\":-" } else { ",\"celsius\":" });
    number(&mut json, size / 100, 10, 1);
    add(&mut json, ".");
    number(&mut json, size % 100, 10, 2);
    if !name.is_empty() {
        add(&mut json, ",\"name\":\"");
        add(&mut json, name);
        add(&mut json, "\"");
    }
    add(&mut json, "}");
    json
}

/// Appends text, for which [`Json`] has the capacity: [`Provisioning`](crate::Provisioning) limits the name.
pub fn add<const N: usize>(json: &mut String<N>, text: &str) {
    let _ = json.push_str(text);
}

/// Appends a number of at least `width` digits. `core::fmt` would take 2 KB more flash.
pub fn number<const N: usize>(json: &mut String<N>, value: u32, base: u32, width: u32) {
    if value >= base || width > 1 {
        number(json, value / base, base, width.saturating_sub(1));
    }
    let _ = json.push(char::from_digit(value % base, base).unwrap_or('?'));
}
