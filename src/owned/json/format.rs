//! `defmt::Format`, in the form of JSON.

use defmt::{Format, Formatter, write};

use super::{Entries, Items, Json, ListValue, Struct, Value};

impl Format for Json<'_> {
    fn format(&self, f: Formatter<'_>) {
        match self {
            Self::Null => write!(f, "null"),
            Self::Number(number) => write!(f, "{=f64}", number),
            Self::String(text) => write!(f, "{=str:?}", text),
            Self::Bool(value) => write!(f, "{=bool}", value),
            Self::Struct(entries) => write!(f, "{}", entries),
            Self::List(items) => write!(f, "{}", items),
        }
    }
}

impl Format for Entries<'_> {
    fn format(&self, f: Formatter<'_>) {
        write!(f, "{{");
        for (index, (key, value)) in self.iter().enumerate() {
            write!(f, "{=str}{=str:?}: {}", comma(index), key, value);
        }
        write!(f, "}}");
    }
}

impl Format for Items<'_> {
    fn format(&self, f: Formatter<'_>) {
        write!(f, "[");
        for (index, value) in self.iter().enumerate() {
            write!(f, "{=str}{}", comma(index), value);
        }
        write!(f, "]");
    }
}

impl Format for Struct {
    fn format(&self, f: Formatter<'_>) {
        self.entries().format(f)
    }
}

impl Format for ListValue {
    fn format(&self, f: Formatter<'_>) {
        self.items().format(f)
    }
}

impl Format for Value {
    fn format(&self, f: Formatter<'_>) {
        self.get().format(f)
    }
}

/// The separator before the item at `index`.
fn comma(index: usize) -> &'static str {
    if index == 0 { "" } else { ", " }
}
