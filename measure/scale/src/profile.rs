//! Instructions by function: what QEMU executes during a call, summed by symbol.

use std::collections::BTreeMap;

use crate::firmware::{Build, CORTEX_M3, run};
use crate::image::{Image, Symbol};

/// The functions between whose call and return is counted.
const CALLS: [&str; 4] = ["packet::encode", "packet::decode", "packet::read", "publish::publish"];

/// Prints a table for each call of the codec with these features, for the last call of it: a packet of
/// 151 bytes.
pub fn print(codec: &'static str, opt: &'static str) {
    let build = Build { codec, features: "encode,decode,run", target: CORTEX_M3, opt };
    let image = &build.programs(&["speed"])["speed"];
    let log = std::env::temp_dir().join(format!("scale-{}.log", std::process::id()));
    let to = log.to_str().expect("a path in UTF-8");
    run(image, &["-singlestep", "-d", "exec,nochain", "-D", to]);
    let text = std::fs::read_to_string(&log).expect("QEMU has written it");
    std::fs::remove_file(&log).expect("it is there");

    for call in CALLS {
        let Some(start) = image.symbols.iter().find(|s| s.name.ends_with(call)) else { continue };
        let counts = last_call(&text, image, start);
        let total: u64 = counts.values().sum();
        println!("{call}: {total} instructions");
        let mut rows: Vec<_> = counts.into_iter().collect();
        rows.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        for (name, count) in rows {
            println!("  {count:6}  {name}");
        }
    }
}

/// What is executed from the last time `start` is entered to its return.
fn last_call<'i>(text: &str, image: &'i Image, start: &Symbol) -> BTreeMap<&'i str, u64> {
    let mut sorted: Vec<&Symbol> = image.symbols.iter().collect();
    sorted.sort_by_key(|symbol| symbol.address);
    let function = |pc: u64| {
        let at = sorted.partition_point(|symbol| symbol.address <= pc);
        let symbol = sorted[..at].last().filter(|symbol| pc < symbol.address + symbol.size);
        symbol.map_or("?", |symbol| symbol.name.as_str())
    };
    let (mut counts, mut caller, mut before) = (BTreeMap::new(), None, "?");
    for pc in text.lines().filter_map(address) {
        let name = function(pc);
        if pc == start.address {
            (counts, caller) = (BTreeMap::new(), Some(before));
        } else if caller == Some(name) {
            caller = None;
        }
        if caller.is_some() {
            *counts.entry(name).or_default() += 1;
        }
        before = name;
    }
    counts
}

/// The program counter of a line like `Trace 0: 0x7f… [00000000/000004f4/00000110/ff020001]`.
fn address(line: &str) -> Option<u64> {
    let inside = line.strip_prefix("Trace ")?.split('[').nth(1)?;
    u64::from_str_radix(inside.split('/').nth(1)?, 16).ok()
}
