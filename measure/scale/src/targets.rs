//! What was set out to be reached.

use crate::figures::Figures;
use crate::firmware::CORTEX_M3;

pub struct Target {
    pub what: String,
    pub opt: &'static str,
    pub got: f64,
    pub limit: f64,
}

impl Target {
    pub fn is_met(&self) -> bool {
        self.got <= self.limit
    }

    pub fn verdict(&self) -> &'static str {
        if self.is_met() { "met" } else { "missed" }
    }
}

/// Kilobytes.
const KB: f64 = 1024.0;

/// Each target with what was measured.
pub fn all(figures: &Figures) -> Vec<Target> {
    let mut targets = Vec::new();
    for opt in ["s", "z"] {
        let at = |kind: &str, work: &str, codec: &str| {
            figures.of([kind, work, codec, CORTEX_M3, opt]) as f64
        };
        let ours = |kind: &str, work: &str| at(kind, work, "borrowed");
        let pick = |s: f64, z: f64| if opt == "s" { s } else { z };
        let mut target = |what: &str, got: f64, limit: f64| {
            targets.push(Target { what: what.to_owned(), opt, got, limit });
        };

        target("flash: signalling", ours("flash", "signal"), pick(6.0, 5.8) * KB);
        target("flash: data packet family", ours("flash", "family"), pick(7.0, 6.4) * KB);
        let nanopb = at("flash", "family", "nanopb");
        target("flash: data packet family, below nanopb's", ours("flash", "family"), nanopb - 1.0);
        target("flash: DataPacket, nothing inside touched", ours("flash", "packet"), 3.0 * KB);
        target("flash: publish, case known", ours("flash", "publish"), 1.05 * KB);
        target("flash: publish, case unknown", ours("flash", "publish_any"), 1.1 * KB);
        target("frame of publish", ours("frame of", "publish"), 224.0);
        target("size_of DataPacket", ours("size_of", "DataPacket"), 56.0);

        let count = |work: &str| {
            let found = measure_messages::COUNTS.iter().find(|(name, _)| *name == work);
            found.expect("it is counted").1 as f64
        };
        let more =
            (ours("flash", "all") - ours("flash", "family")) / (count("all") - count("family"));
        target("flash: each further message", more, pick(240.0, 210.0));
        let cases = |message: &str| ours("flash", &format!("cases of a signal {message}"));
        let untouched = (cases("response") - cases("request")) / (RESPONSE_CASES - REQUEST_CASES);
        target("flash: each further case, untouched", untouched, 4.0);

        for len in ["1145 B", "151 B"] {
            let of = |kind: &str, work: &str| ours(kind, &format!("{work}, {len}"));
            if opt == "s" {
                let limit = if len == "151 B" { 1150.0 } else { 2300.0 };
                target(
                    &format!("instructions: encode, {len}"),
                    of("instructions", "encode"),
                    limit,
                );
                for (work, limit) in [
                    ("decode", 950.0),
                    ("read payload and topic", 1550.0),
                    ("pull payload and topic", 850.0),
                ] {
                    target(
                        &format!("instructions: {work}, {len}"),
                        of("instructions", work),
                        limit,
                    );
                }
            }
        }
        for (work, limit) in
            [("encode", 160.0), ("decode", 130.0), ("read payload and topic", 340.0)]
        {
            let most = |len: &str| ours("stack", &format!("{work}, {len}"));
            target(&format!("stack: {work}"), most("151 B").max(most("1145 B")), limit);
        }

        if opt == "s" {
            for work in ["family", "packet"] {
                let (owned, micropb) = (at("flash", work, "owned"), at("flash", work, "micropb"));
                target(&format!("flash: owned, {work}, to micropb's"), owned / micropb, 0.6);
            }
        }
        let (owned, micropb) = (at("ram", "packet", "owned"), at("ram", "packet", "micropb"));
        target("RAM: owned DataPacket, to micropb's", owned / micropb, 1.0);

        for codec in ["borrowed", "owned"] {
            let panics = crate::measure::PROGRAMS.map(|work| at("panics", work, codec));
            target(&format!("panic symbols of {codec}"), panics.iter().sum(), 0.0);
        }
        for work in [
            "Reader in packet, encode",
            "Writer in packet, decode",
            "decoders in log, but of the packet",
        ] {
            target(&format!("symbols: {work}"), ours("symbols", work), 0.0);
        }
    }
    targets
}

/// Cases of the oneofs of `SignalRequest` and `SignalResponse`.
const REQUEST_CASES: f64 = 22.0;
const RESPONSE_CASES: f64 = 30.0;
