//! What a linked program holds.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use object::{Object, ObjectSection, ObjectSymbol, SymbolKind};

/// Where the emulated board's RAM begins; what is below is flash.
pub const RAM: u64 = 0x2000_0000;

pub struct Image {
    pub path: PathBuf,
    /// Bytes of code, constants and first values of statics.
    pub flash: u64,
    /// Bytes of statics.
    pub ram: u64,
    /// Functions and statics with their address and size, by name.
    pub symbols: Vec<Symbol>,
    /// `true` if it has the table in which `core` looks up the length of a UTF-8 character.
    pub has_utf8_table: bool,
    /// The stack that functions take, by their address, where the program says so.
    pub frames: BTreeMap<u64, u64>,
}

pub struct Symbol {
    pub name: String,
    pub address: u64,
    pub size: u64,
}

impl Image {
    pub fn read(path: &Path) -> Self {
        let bytes = std::fs::read(path).unwrap_or_else(|error| panic!("{path:?}: {error}"));
        let file = object::File::parse(&*bytes).expect("cargo built an ELF file");
        let sum = |names: &[&str]| {
            let among =
                |name: &str| names.iter().any(|n| *n == name || name.starts_with(&format!("{n}.")));
            let sections = file.sections().filter(|s| s.name().is_ok_and(among));
            sections.map(|section| section.size()).sum()
        };
        let symbols = file.symbols().filter(|symbol| {
            symbol.size() > 0 && matches!(symbol.kind(), SymbolKind::Text | SymbolKind::Data)
        });
        let symbols = symbols.map(|symbol| Symbol {
            name: format!("{:#}", rustc_demangle::demangle(symbol.name().unwrap_or_default())),
            address: symbol.address() & !1, // of Thumb's
            size: symbol.size(),
        });
        Self {
            path: path.to_owned(),
            flash: sum(&[".text", ".rodata", ".data"]),
            ram: sum(&[".data", ".bss"]),
            symbols: symbols.collect(),
            has_utf8_table: file.sections().any(|section| {
                let table = utf8_table();
                let data = section.data().unwrap_or_default();
                data.windows(table.len()).any(|window| window == table)
            }),
            frames: frames(&file),
        }
    }

    /// Bytes of all symbols whose name has one of `parts` in it.
    pub fn bytes_of(&self, parts: &[&str]) -> u64 {
        self.named(parts).map(|symbol| symbol.size).sum()
    }

    /// How many symbols have one of `parts` in their name.
    pub fn count_of(&self, parts: &[&str]) -> u64 {
        self.named(parts).count() as u64
    }

    fn named<'i>(&'i self, parts: &'i [&str]) -> impl Iterator<Item = &'i Symbol> {
        let has = move |symbol: &&Symbol| parts.iter().any(|part| symbol.name.contains(part));
        self.symbols.iter().filter(has)
    }

    /// The stack that the function called `name` takes by itself.
    pub fn frame_of(&self, name: &str) -> u64 {
        let symbol = self.symbols.iter().find(|symbol| symbol.name.ends_with(name));
        let symbol = symbol.unwrap_or_else(|| panic!("{:?} has no {name}", self.path));
        self.frames[&symbol.address]
    }
}

/// By first byte: how many bytes a character has, 0 where none begins. It has no name of its own.
fn utf8_table() -> Vec<u8> {
    let runs = [(1, 0x80), (0, 0x42), (2, 0x1e), (3, 0x10), (4, 5), (0, 11)];
    runs.iter().flat_map(|&(len, bytes)| std::iter::repeat_n(len, bytes)).collect()
}

/// LLVM's list: an address and a number in LEB128 each.
fn frames(file: &object::File) -> BTreeMap<u64, u64> {
    let mut frames = BTreeMap::new();
    let sections = file.sections().filter(|s| s.name().is_ok_and(|name| name == ".stack_sizes"));
    for section in sections {
        let mut data = section.data().expect("it is in the file");
        while let Some((address, rest)) = data.split_first_chunk::<4>() {
            let end = rest.iter().take_while(|byte| **byte >= 0x80).count() + 1;
            let bytes = rest[..end].iter().rev();
            let size = bytes.fold(0, |size, byte| size << 7 | u64::from(byte & 0x7f));
            frames.insert(u64::from(u32::from_le_bytes(*address)) & !1, size);
            data = &rest[end..];
        }
    }
    frames
}
