//! Where this crate and prost differ on malformed frames, and why: nothing else may.

/// What this crate does otherwise than prost.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Difference {
    Capacity,
    Nesting,
    Split,
    WireType,
    MapWireType,
    Replaced,
}

/// What it comes to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Effect {
    /// We refuse what prost accepts.
    Refused,
    /// We accept what prost refuses.
    Accepted,
    /// We read the frame otherwise than prost, and either may refuse what the other accepts.
    Otherwise,
}

/// Every difference: its effect, what it is called, and why it is so.
#[rustfmt::skip]
pub const DIFFERENCES: [(Difference, Effect, &str, &str); 6] = {
    use Difference::*;
    use Effect::*;
    [
        (Capacity,    Refused,   "over capacity",       "owned: fixed memory is what it is for; the error says so"),
        (Nesting,     Refused,   "nested deep",         "50 messages or 16 unknown groups, prost takes 100 of both: the stack of a device is small"),
        (Split,       Refused,   "split",               "borrowed, and JSON: of a list, map or submessage one place in the frame is remembered, not two"),
        (WireType,    Accepted,  "wire type",           "a field of another wire type is an unknown one, as for Google's own decoders"),
        (MapWireType, Otherwise, "map as another type", "the same; prost does not look at the wire type of a map"),
        (Replaced,    Accepted,  "replaced member",     "borrowed, and JSON: what a later member of the oneof replaced is never read"),
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
