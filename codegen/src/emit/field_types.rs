//! What the generated code has for each kind of field: its type, its tag, how it is decoded and encoded.

use crate::schema::{Field, Kind, Scalar, Schema};

/// Wire types, by the names of protobuf's encoding page.
const VARINT: u32 = 0;
const I64: u32 = 1;
const LEN: u32 = 2;
const I32: u32 = 5;

impl Scalar {
    /// Returns protobuf's name, which is also the name of the methods of a reader and a writer.
    pub fn name(self) -> &'static str {
        match self {
            Scalar::Double => "double",
            Scalar::Float => "float",
            Scalar::Int64 => "int64",
            Scalar::Uint64 => "uint64",
            Scalar::Int32 => "int32",
            Scalar::Fixed64 => "fixed64",
            Scalar::Fixed32 => "fixed32",
            Scalar::Bool => "bool",
            Scalar::Uint32 => "uint32",
            Scalar::Sfixed32 => "sfixed32",
            Scalar::Sfixed64 => "sfixed64",
            Scalar::Sint32 => "sint32",
            Scalar::Sint64 => "sint64",
        }
    }

    /// Returns the Rust type.
    pub fn rust_type(self) -> &'static str {
        match self {
            Scalar::Double => "f64",
            Scalar::Float => "f32",
            Scalar::Bool => "bool",
            Scalar::Int32 | Scalar::Sint32 | Scalar::Sfixed32 => "i32",
            Scalar::Int64 | Scalar::Sint64 | Scalar::Sfixed64 => "i64",
            Scalar::Uint32 | Scalar::Fixed32 => "u32",
            Scalar::Uint64 | Scalar::Fixed64 => "u64",
        }
    }

    fn wire_type(self) -> u32 {
        match self {
            Scalar::Double | Scalar::Fixed64 | Scalar::Sfixed64 => I64,
            Scalar::Float | Scalar::Fixed32 | Scalar::Sfixed32 => I32,
            _ => VARINT,
        }
    }

    /// Returns the type that says how values of a list or a map are encoded.
    fn encoding(self) -> &'static str {
        match self {
            Scalar::Sint32 | Scalar::Sint64 => "ZigZag",
            Scalar::Fixed32 | Scalar::Fixed64 | Scalar::Sfixed32 | Scalar::Sfixed64 => "Fixed",
            _ => "Scalar",
        }
    }
}

impl Kind {
    pub fn wire_type(&self) -> u32 {
        match self {
            Kind::String | Kind::Bytes | Kind::Message(_) => LEN,
            Kind::Scalar(scalar) => scalar.wire_type(),
            Kind::Enum(_) => VARINT,
        }
    }

    /// Returns the type that says how values of a list or a map are encoded.
    pub fn encoding(&self) -> &'static str {
        match self {
            Kind::Message(_) => "Message",
            Kind::Scalar(scalar) => scalar.encoding(),
            _ => "Scalar",
        }
    }

    /// Returns `true` for scalars and enums.
    pub fn is_number(&self) -> bool {
        matches!(self, Kind::Scalar(_) | Kind::Enum(_))
    }

    /// Returns the default of a scalar or an enum.
    pub fn zero(&self, schema: &Schema) -> String {
        match self {
            Kind::Enum(name) => format!("crate::owned::{}(0)", schema.path(name)),
            Kind::Scalar(Scalar::Bool) => "false".to_owned(),
            Kind::Scalar(Scalar::Float | Scalar::Double) => "0.0".to_owned(),
            _ => "0".to_owned(),
        }
    }

    /// Returns the expression that decodes a value from the reader `r`; not for messages.
    pub fn read(&self, schema: &Schema) -> String {
        match self {
            Kind::String => "r.str()".to_owned(),
            Kind::Enum(name) => format!("crate::owned::{}(r.int32())", schema.path(name)),
            Kind::Scalar(scalar) => format!("r.{}()", scalar.name()),
            _ => "r.bytes()".to_owned(),
        }
    }

    /// Returns the expression that encodes `value` with `tag`; not for messages. Defaults are left out
    /// unless `always`.
    pub fn write(&self, tag: &str, value: &str, always: bool) -> String {
        let put = if always { "put_" } else { "" };
        match self {
            Kind::String => format!("w.{put}bytes({tag}, {value}.as_bytes())"),
            Kind::Bytes => format!("w.{put}bytes({tag}, {value})"),
            Kind::Enum(_) => format!("w.{put}int32({tag}, {value}.0)"),
            Kind::Scalar(scalar) => format!("w.{put}{}({tag}, {value})", scalar.name()),
            Kind::Message(_) => unreachable!("messages are encoded as submessages"),
        }
    }

    /// Returns the type of one value in a borrowed message; of a submessage, the message itself.
    pub fn borrowed(&self, schema: &Schema) -> String {
        match self {
            Kind::String => "&'a str".to_owned(),
            Kind::Bytes => "&'a [u8]".to_owned(),
            Kind::Scalar(scalar) => scalar.rust_type().to_owned(),
            Kind::Enum(name) => format!("crate::owned::{}", schema.path(name)),
            Kind::Message(name) => {
                let lifetime = if schema.borrows(name) { "<'a>" } else { "" };
                format!("crate::borrowed::{}{lifetime}", schema.path(name))
            }
        }
    }
}

impl Field {
    /// Returns the tag with which the field is encoded, as a Rust literal.
    pub fn tag(&self) -> String {
        tag(self.number, if self.packed { LEN } else { self.kind.wire_type() })
    }

    /// Returns the tag of one value of a list of numbers that is not packed.
    pub fn single_tag(&self) -> String {
        tag(self.number, self.kind.wire_type())
    }

    /// Returns the tag of a packed list of numbers.
    pub fn packed_tag(&self) -> String {
        tag(self.number, LEN)
    }

    /// Returns `true` if the field's type in a borrowed message has a lifetime.
    pub fn refers(&self) -> bool {
        self.repeated || !self.kind.is_number()
    }

    /// Returns `true` for a list of scalars or enums, which may be received packed or not.
    pub fn is_numbers(&self) -> bool {
        self.repeated && self.kind.is_number()
    }
}

fn tag(number: u32, wire_type: u32) -> String {
    format!("{:#04x}", number << 3 | wire_type)
}
