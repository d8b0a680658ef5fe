//! Where this crate and prost differ on malformed frames, and why: nothing else may.

/// What this crate does otherwise than prost.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Difference {
    Capacity,
    Group,
    JsonGroup,
    JsonDepth,
    MapWireType,
    OneofWireType,
    EntryWireType,
    LongTag,
    LongLength,
    LongVarint,
    JsonVarint,
}

/// Who is stricter.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Effect {
    /// Prost accepts what we refuse.
    Refused,
    /// We accept what prost refuses.
    Accepted,
}

/// Every difference: its effect, what it is called, and why it is so.
#[rustfmt::skip]
pub const DIFFERENCES: [(Difference, Effect, &str, &str); 11] = {
    use Difference::*;
    use Effect::*;
    [
        (Capacity,       Refused,  "over capacity",       "fixed memory is what this crate is for; the error says so"),
        (Group,          Refused,  "group",               "LiveKit never had one; skipping them needs a stack"),
        (JsonGroup,      Refused,  "group in JSON",       "the same inside a Struct, where it is told as Truncated"),
        (JsonDepth,      Refused,  "deep JSON",           "16 values in one another, prost takes 50: the stack of a device is small"),
        (MapWireType,    Refused,  "map as another type", "prost does not look at the wire type of a map"),
        (OneofWireType,  Accepted, "oneof wire type",     "micropb does not look at the wire type of a oneof's member"),
        (EntryWireType,  Accepted, "map entry wire type", "micropb does not look at the wire types of a map's key and value"),
        (LongTag,        Accepted, "tag above 32 bits",   "micropb reads 32 bits of a tag"),
        (LongLength,     Accepted, "length above 32 bits","micropb reads 32 bits of a length"),
        (LongVarint,     Accepted, "varint above 64 bits","micropb drops the bits of a tenth byte that do not fit"),
        (JsonVarint,     Accepted, "such a varint in JSON", "a Struct keeps the bytes as they came, so we send them on"),
    ]
};

impl Difference {
    pub fn effect(self) -> Effect {
        self.row().1
    }

    pub fn name(self) -> &'static str {
        self.row().2
    }

    fn row(self) -> &'static (Self, Effect, &'static str, &'static str) {
        DIFFERENCES.iter().find(|row| row.0 == self).expect("the table has them all")
    }
}
