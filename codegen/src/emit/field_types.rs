//! How the generated code writes each kind of field: its type, how it is read, how it is written.

use crate::schema::{Field, Kind, Schema};

/// The wire types that fields have.
const VARINT: u32 = 0;
const FIXED64: u32 = 1;
const BYTES: u32 = 2;
const FIXED32: u32 = 5;

/// The type of a number that protobuf calls so.
pub fn rust_number(name: &str) -> &'static str {
    match name {
        "double" => "f64",
        "float" => "f32",
        "bool" => "bool",
        "int32" | "sint32" | "sfixed32" => "i32",
        "int64" | "sint64" | "sfixed64" => "i64",
        "uint32" | "fixed32" => "u32",
        _ => "u64",
    }
}

impl Kind {
    pub fn wire_type(&self) -> u32 {
        match self {
            Kind::Text | Kind::Bytes | Kind::Message(_) => BYTES,
            Kind::Number("double" | "fixed64" | "sfixed64") => FIXED64,
            Kind::Number("float" | "fixed32" | "sfixed32") => FIXED32,
            Kind::Number(_) | Kind::Enum(_) => VARINT,
        }
    }

    /// The type that says how values of a list or a map are encoded.
    pub fn encoding(&self) -> &'static str {
        match self {
            Kind::Message(_) => "Message",
            Kind::Number("sint32" | "sint64") => "ZigZag",
            Kind::Number("fixed32" | "fixed64" | "sfixed32" | "sfixed64") => "Fixed",
            _ => "Scalar",
        }
    }

    /// The method of a reader and a writer for such a number.
    fn method(&self) -> &'static str {
        match self {
            Kind::Number(name) => name,
            _ => "int32",
        }
    }

    /// The default of a number or an enum.
    pub fn zero(&self, schema: &Schema) -> String {
        match self {
            Kind::Enum(name) => format!("crate::owned::{}(0)", schema.path(name)),
            Kind::Number("bool") => "false".to_owned(),
            Kind::Number("float" | "double") => "0.0".to_owned(),
            _ => "0".to_owned(),
        }
    }

    /// Its value, taken from the reader `r` of a borrowed message: all but messages.
    pub fn read(&self, schema: &Schema) -> String {
        match self {
            Kind::Text => "r.str()".to_owned(),
            Kind::Enum(name) => format!("crate::owned::{}(r.int32())", schema.path(name)),
            Kind::Number(name) => format!("r.{name}()"),
            _ => "r.bytes()".to_owned(),
        }
    }

    /// Writes `value`, which is no message, with `key`: whatever it is, if `always`.
    pub fn write(&self, key: &str, value: &str, always: bool) -> String {
        let put = if always { "put_" } else { "" };
        match self {
            Kind::Text => format!("w.{put}bytes({key}, {value}.as_bytes())"),
            Kind::Bytes => format!("w.{put}bytes({key}, {value})"),
            Kind::Enum(_) => format!("w.{put}int32({key}, {value}.0)"),
            kind => format!("w.{put}{}({key}, {value})", kind.method()),
        }
    }

    /// The type of one value in a borrowed message, without a message around it.
    pub fn borrowed(&self, schema: &Schema) -> String {
        match self {
            Kind::Text => "&'a str".to_owned(),
            Kind::Bytes => "&'a [u8]".to_owned(),
            Kind::Number(name) => rust_number(name).to_owned(),
            Kind::Enum(name) => format!("crate::owned::{}", schema.path(name)),
            Kind::Message(name) => {
                let lifetime = if schema.borrows(name) { "<'a>" } else { "" };
                format!("crate::borrowed::{}{lifetime}", schema.path(name))
            }
        }
    }
}

impl Field {
    /// Its key, as it is written in Rust.
    pub fn key(&self) -> String {
        key(self.number, if self.packed { BYTES } else { self.kind.wire_type() })
    }

    /// The key of one value of a packed list that comes by itself.
    pub fn single_key(&self) -> String {
        key(self.number, self.kind.wire_type())
    }

    /// Does a value of it refer to anything, or is it a number by itself?
    pub fn refers(&self) -> bool {
        self.repeated || !matches!(self.kind, Kind::Number(_) | Kind::Enum(_))
    }

    /// Can several values of it come in one field?
    pub fn is_numbers(&self) -> bool {
        self.repeated && matches!(self.kind, Kind::Number(_) | Kind::Enum(_))
    }

    /// The key of such values.
    pub fn packed_key(&self) -> String {
        key(self.number, BYTES)
    }
}

fn key(number: u32, wire_type: u32) -> String {
    format!("{:#04x}", number << 3 | wire_type)
}
