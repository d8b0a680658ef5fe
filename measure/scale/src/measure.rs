//! What is measured of which codec.

use std::collections::{BTreeMap, HashMap};
use std::process::Command;

use crate::figures::Figures;
use crate::firmware::{Build, CORTEX_M3, run, succeed, version};
use crate::image::{Image, RAM};
use crate::peer;

/// A codec, the features that choose it and how it is built, and the programs that it has.
pub struct Codec {
    pub name: &'static str,
    pub features: &'static str,
    programs: &'static [&'static str],
}

/// Ours first.
pub static CODECS: [Codec; 12] = [
    codec("borrowed", "borrowed", &EVERY_PROGRAM),
    codec("owned", "owned", &PROGRAMS),
    codec("micropb", "micropb", &PROGRAMS),
    codec("nanopb", "nanopb,nanopb-utf8", &EVERY_PROGRAM),
    codec("nanopb, no UTF-8 check", "nanopb", &PROGRAMS),
    codec("nanopb -O2", "nanopb,nanopb-utf8,nanopb-o2", &PROGRAMS),
    codec("protobuf-c", "protobuf-c", &EVERY_PROGRAM),
    codec("noproto", "noproto", &["publish", "publish_any", "packet", "family"]),
    codec("femtopb", "femtopb", &PROGRAMS),
    codec("quick-protobuf", "quick-protobuf", &PROGRAMS),
    codec("prost", "prost", &PROGRAMS),
    codec("buffa", "buffa", &PROGRAMS),
];

const fn codec(
    name: &'static str,
    features: &'static str,
    programs: &'static [&'static str],
) -> Codec {
    Codec { name, features, programs }
}

const OURS: [&str; 2] = ["borrowed", "owned"];
pub const OPTS: [&str; 2] = ["s", "z"];
const PROGRAMS: [&str; 6] = ["publish", "publish_any", "packet", "family", "wide", "signal"];
const EVERY_PROGRAM: [&str; 7] =
    ["publish", "publish_any", "packet", "family", "wide", "signal", "all"];
/// Where nothing is run.
pub const OTHER_TARGETS: [&str; 2] = ["thumbv6m-none-eabi", "riscv32imac-unknown-none-elf"];
const ON_OTHER_TARGETS: [&str; 4] = ["publish", "packet", "family", "signal"];
/// What only a borrowed message can.
const OF_BORROWED: [&str; 3] = ["pull", "request", "response"];

/// Programs with a session of the data plane.
const SESSIONS: [&str; 6] = [
    "session_data",
    "session_callee",
    "session_callee_v2",
    "session_streams",
    "session_window",
    "session_all",
];
/// Of the first two, the same by hand on nanopb: their features, and those of each way to build them.
const ON_NANOPB: [(&str, &str); 2] =
    [("session_data", "encode,decode"), ("session_callee", "encode,decode,nanopb-callee")];
const NANOPB: [(&str, &str); 2] = [
    ("nanopb", "nanopb,nanopb-utf8"),
    ("nanopb, smallest options", "nanopb,nanopb-utf8,nanopb-smallest"),
];
/// With RustCrypto's AES, which has a panic path at opt-level z: a firmware builds it at s.
const ENCRYPTED: &str = "session_encrypted";

/// What copies bytes, and what checks UTF-8, however a codec comes by it.
const MEMCPY: [&str; 2] = ["memcpy", "memmove"];
const UTF8: [&str; 2] = ["utf8", "UTF8"];
const UTF8_TABLE: u64 = 256;
/// What `core` takes to check UTF-8 where the optimiser has made it part of another function.
const UTF8_INSIDE: u64 = 340;

const BOTH: &str = "encode,decode";

/// Measures `codecs`, and the peer of WebRTC, and prints their figures, with the symbols of ours.
pub fn all(codecs: &[&'static Codec], with_peer: bool) {
    println!("made/device\t{}", versions());
    let mut figures = Figures::default();
    if !codecs.is_empty() {
        all_codecs(&mut figures, codecs);
    }
    if with_peer {
        peer::measure(&mut figures);
    }
    figures.print();
}

fn all_codecs(figures: &mut Figures, codecs: &[&'static Codec]) {
    for opt in OPTS {
        let without = without_codec(CORTEX_M3, opt, &EVERY_PROGRAM);
        for codec in codecs {
            let images = flash(figures, codec, CORTEX_M3, opt, &without);
            speed(figures, codec, opt);
            if OURS.contains(&codec.name) && opt == "s" {
                images.iter().for_each(|(program, image)| parts(program, codec.name, image));
            }
        }
        if codecs.iter().any(|codec| codec.name == "borrowed") {
            borrowed_alone(figures, opt, &without);
            sessions(figures, opt, &without);
        }
        if codecs.iter().any(|codec| codec.name == "nanopb") {
            sessions_on_nanopb(figures, opt, &without);
        }
    }
    for target in OTHER_TARGETS {
        let without = without_codec(target, "s", &ON_OTHER_TARGETS);
        for codec in codecs.iter().filter(|codec| builds_on(codec, target)) {
            flash(figures, codec, target, "s", &without);
        }
    }
}

/// Variants are compared on one target only. prost and buffa need atomics that a Cortex-M0 does not
/// have, protobuf-c a C library that Debian does not have for RISC-V.
fn builds_on(codec: &Codec, target: &str) -> bool {
    let lacks = match target {
        "thumbv6m-none-eabi" => ["prost", "buffa"].contains(&codec.name),
        _ => codec.name == "protobuf-c",
    };
    !codec.name.contains(' ') && !lacks
}

/// Prints what a program's flash consists of: sizes of functions and constants by name.
pub fn parts(program: &str, codec: &str, image: &Image) {
    let mut sizes: BTreeMap<&str, u64> = BTreeMap::new();
    for symbol in image.symbols.iter().filter(|symbol| symbol.address < RAM) {
        // The linker names local constants anew each time.
        let local = symbol.name.starts_with(".L") || symbol.name.starts_with("anon.");
        *sizes.entry(if local { "constants" } else { &symbol.name }).or_default() += symbol.size;
    }
    for (name, size) in sizes {
        println!("part/flash/{program}/{codec}/{CORTEX_M3}/s/{name}\t{size}");
    }
}

/// With what and when.
fn versions() -> String {
    let today = succeed(Command::new("date").arg("+%Y-%m-%d"));
    let programs = ["rustc", "arm-none-eabi-gcc", "riscv64-unknown-elf-gcc", "qemu-system-arm"];
    format!("{}; {today}", programs.map(version).join("; "))
}

/// What the programs of each codec are compared with.
pub fn without_codec(
    target: &'static str,
    opt: &'static str,
    programs: &[&str],
) -> HashMap<String, Image> {
    Build { codec: "", features: "", target, opt }.programs(programs)
}

/// Flash and RAM of the programs, less those of the same ones without a codec.
fn flash(
    figures: &mut Figures,
    codec: &Codec,
    target: &'static str,
    opt: &'static str,
    without: &HashMap<String, Image>,
) -> HashMap<String, Image> {
    let build = Build { codec: codec.features, features: BOTH, target, opt };
    let has = |program: &&&str| without.contains_key(**program);
    let programs: Vec<&str> = codec.programs.iter().filter(has).copied().collect();
    let images = build.programs(&programs);
    for (program, image) in &images {
        let mut set = |kind: &str, value| {
            figures.set([kind, program, codec.name, target, opt], value);
        };
        set("flash", image.flash - without[program].flash);
        set("ram", image.ram - without[program].ram);
        if target == CORTEX_M3 {
            set("memcpy", image.bytes_of(&MEMCPY));
            set("utf8", utf8(image));
            set("panics", image.count_of(&["panicking"]));
        }
    }
    images
}

/// What checking UTF-8 takes.
fn utf8(image: &Image) -> u64 {
    match (image.bytes_of(&UTF8), image.has_utf8_table) {
        (named, false) => named,
        (0, true) => UTF8_INSIDE + UTF8_TABLE,
        (named, true) => named + UTF8_TABLE,
    }
}

fn speed(figures: &mut Figures, codec: &Codec, opt: &'static str) {
    let build =
        Build { codec: codec.features, features: "encode,decode,run", target: CORTEX_M3, opt };
    measured(figures, codec.name, &build.programs(&["speed"])["speed"], opt);
}

/// What a program that measures itself says.
pub fn measured(figures: &mut Figures, codec: &str, image: &Image, opt: &'static str) {
    for line in run(image, &[]).lines() {
        let parts: Vec<&str> = line.split('|').collect();
        let [kind, work, value] = parts[..] else { panic!("{codec}: {line}") };
        let value = value.parse().unwrap_or_else(|_| panic!("{codec}: {line}"));
        figures.set([kind, work, codec, CORTEX_M3, opt], value);
    }
}

/// The data plane: flash and RAM of programs, less those of one without anything, instructions and stack.
fn sessions(figures: &mut Figures, opt: &'static str, without: &HashMap<String, Image>) {
    let build = Build { codec: "session", features: BOTH, target: CORTEX_M3, opt };
    let mut images = build.programs(&SESSIONS);
    if opt == "s" {
        images.extend(Build { codec: "encrypted", ..build }.programs(&[ENCRYPTED]));
    }
    for (program, image) in images {
        session(figures, [&program, "data", opt], &image, &without["publish"]);
    }
    let build = Build { features: "run", ..build };
    measured(figures, "data", &build.programs(&["session_speed"])["session_speed"], opt);
}

/// Flash and RAM of a program, less those of one without anything.
fn session(figures: &mut Figures, of: [&str; 3], image: &Image, without: &Image) {
    let [program, codec, opt] = of;
    let mut set = |kind: &str, value| figures.set([kind, program, codec, CORTEX_M3, opt], value);
    set("flash", image.flash - without.flash);
    set("ram", image.ram - without.ram);
    set("memcpy", image.bytes_of(&MEMCPY));
}

/// The data plane by hand on nanopb, after a program that asserts that it does what ours does.
fn sessions_on_nanopb(figures: &mut Figures, opt: &'static str, without: &HashMap<String, Image>) {
    for (name, codec) in NANOPB {
        let build = Build { codec, features: "session,nanopb-callee,run", target: CORTEX_M3, opt };
        run(&build.programs(&["session_same"])["session_same"], &[]);
        for (program, features) in ON_NANOPB {
            let file = format!("{program}_nanopb");
            let image = &Build { features, ..build }.programs(&[&file])[&file];
            session(figures, [program, name, opt], image, &without["publish"]);
        }
    }
}

/// Halves of ours, what peers do not have, and that what is not called is not linked.
fn borrowed_alone(figures: &mut Figures, opt: &'static str, without: &HashMap<String, Image>) {
    let half = |codec, features| Build { codec, features, target: CORTEX_M3, opt };
    let programs: [(&'static str, &[&str]); 2] =
        [("borrowed", &["packet", "signal"]), ("owned", &["packet"])];
    let mut halves = HashMap::new();
    for (codec, programs) in programs {
        for half_name in ["encode", "decode"] {
            for (program, image) in half(codec, half_name).programs(programs) {
                let flash = image.flash - without[&program].flash;
                let work = format!("{program}, {half_name}");
                figures.set(["flash", &work, codec, CORTEX_M3, opt], flash);
                halves.insert((codec, work), image);
            }
        }
    }

    let more = half("borrowed", BOTH).programs(&OF_BORROWED);
    let pull = more["pull"].flash - without["family"].flash;
    figures.set(["flash", "pull", "borrowed", CORTEX_M3, opt], pull);
    for message in ["request", "response"] {
        let parts = [format!("signal_{message}"), format!("cases::{message}")];
        let bytes = more[message].bytes_of(&parts.each_ref().map(String::as_str));
        let work = format!("cases of a signal {message}");
        figures.set(["flash", &work, "borrowed", CORTEX_M3, opt], bytes);
    }

    let packet = |half_name: &str| &halves[&("borrowed", format!("packet, {half_name}"))];
    let mut unlinked = |work: &str, image: &Image, is: &dyn Fn(&str) -> bool, other: &Image| {
        let count = |image: &Image| image.symbols.iter().filter(|s| is(&s.name)).count() as u64;
        assert!(count(other) > 0, "no symbol is one of {work}, not even where it is used");
        figures.set(["symbols", work, "borrowed", CORTEX_M3, opt], count(image));
    };
    let (encode, decode) = (packet("encode"), packet("decode"));
    unlinked("Reader in packet, encode", encode, &|name| name.contains("Reader"), decode);
    unlinked("Writer in packet, decode", decode, &|name| name.contains("Writer"), encode);
    let log = &half("borrowed", "").programs(&["log"])["log"];
    let decoder = |name: &str| name.ends_with("Merge>::field") && !name.contains("::DataPacket as");
    let signal = &halves[&("borrowed", "signal, decode".to_owned())];
    unlinked("decoders in log, but of the packet", log, &decoder, signal);

    // What printing the received packet adds to receiving it.
    let debug = log.flash - decode.flash;
    figures.set(["flash", "packet, Debug", "borrowed", CORTEX_M3, opt], debug);

    let frame = half("borrowed", "encode").with_frames("publish").frame_of("publish::publish");
    figures.set(["frame of", "publish", "borrowed", CORTEX_M3, opt], frame);
}
