//! What is published: a temperature, with what a receiver needs to see gaps and doubles.

use heapless::String;

/// The longest name of a sensor.
pub const NAME_BYTES: usize = 128;

/// The longest reading: all that stands around a name takes 60 bytes.
type Json = String<{ NAME_BYTES + 64 }>;

/// A simulated sensor: a slow wave around 20 °C, in hundredths of a degree.
pub fn sample(n: u32) -> i32 {
    // A parabola for each half of the wave, which is near enough to a sine.
    let phase = (n % 60) as i32;
    let (half, sign) = if phase < 30 { (phase, 1) } else { (phase - 30, -1) };
    2000 + sign * half * (30 - half) * 2
}

/// `{"boot":"a1b2c3d4","n":1,"celsius":21.50}`, with `"name"` if the sensor has one.
///
/// `boot` is drawn anew at every start and `n` counts from 1: together they name a reading.
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

/// There is room for it: see [`Json`], and [`Provisioning`](crate::Provisioning) for the name.
fn add(json: &mut Json, text: &str) {
    let _ = json.push_str(text);
}

/// A number of at least `width` digits. Without `core::fmt`, which would take 2 KB of flash.
fn number(json: &mut Json, value: u32, base: u32, width: u32) {
    if value >= base || width > 1 {
        number(json, value / base, base, width.saturating_sub(1));
    }
    let _ = json.push(char::from_digit(value % base, base).unwrap_or('?'));
}
