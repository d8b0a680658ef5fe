//! A chart of the figures that people look at first: flash of four programs, a bar a codec.

use std::fmt::Write as _;

use crate::figures::Figures;

const WORKS: [(&str, &str); 4] = [
    ("publish", "publishes one user packet"),
    ("packet", "encodes and decodes a DataPacket"),
    ("family", "all 18 messages of data packets, each by itself"),
    ("signal", "signalling: six kinds read, six kinds sent"),
];
const CODECS: [&str; 10] = [
    "borrowed",
    "owned",
    "nanopb",
    "protobuf-c",
    "noproto",
    "micropb",
    "quick-protobuf",
    "femtopb",
    "prost",
    "buffa",
];

const LEFT: u32 = 90;
const WIDTH: u32 = 560;
const BAR: u32 = 16;
const STEP: u32 = 20;
const TITLE: u32 = 26;

/// Flash at opt-level s on a Cortex-M3 as SVG. Each group has a scale of its own, with the number
/// beside each bar.
pub fn svg(figures: &Figures) -> String {
    let group = TITLE + STEP * CODECS.len() as u32 + 12;
    let (width, height) = (LEFT + WIDTH + 90, 34 + group * WORKS.len() as u32);
    let mut text = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" \
         font-family=\"sans-serif\" font-size=\"12\">\n\
         <rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n\
         <text x=\"8\" y=\"20\" font-size=\"14\" font-weight=\"bold\">Flash of a firmware's protobuf, \
         Cortex-M3, opt-level s, bytes</text>\n"
    );
    for (at, (work, title)) in WORKS.iter().enumerate() {
        let top = 34 + group * at as u32;
        writeln!(text, "<text x=\"8\" y=\"{}\" font-weight=\"bold\">{title}</text>", top + 14)
            .unwrap();
        let value = |codec: &str| {
            figures.number(&format!("flash/{work}/{codec}/thumbv7m-none-eabi/s")).unwrap_or(0.0)
                as u32
        };
        let most = CODECS.iter().map(|codec| value(codec)).max().unwrap_or(0).max(1);
        for (at, codec) in CODECS.iter().enumerate() {
            if value(codec) == 0 {
                continue; // it cannot do this
            }
            let (y, bytes) = (top + TITLE + STEP * at as u32, value(codec));
            let length = (WIDTH * bytes / most).max(1);
            let fill = if at < 2 { "#1f6feb" } else { "#9aa4b2" };
            let (middle, end) = (y + 12, LEFT + length + 6);
            writeln!(
                text,
                "<text x=\"{}\" y=\"{middle}\" text-anchor=\"end\">{codec}</text>\
                 <rect x=\"{LEFT}\" y=\"{y}\" width=\"{length}\" height=\"{BAR}\" fill=\"{fill}\"/>\
                 <text x=\"{end}\" y=\"{middle}\">{bytes}</text>",
                LEFT - 6,
            )
            .unwrap();
        }
    }
    text + "</svg>\n"
}
