//! Drives micropb-gen, which generates the structs and oneofs of `owned`, and reads its output.
//!
//! Capacities, presence and containers are micropb-gen's work. Of its text only declarations are kept,
//! with the names of the official prost crate; the codec is our own (DESIGN.md says why).

use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;

use micropb_gen::config::OptionalRepr;
use micropb_gen::{Config, EncodeDecode, Generator};

use crate::config::capacity::Capacity;
use crate::config::plan::Plan;
use crate::emit::owned::declarations::{self, Declaration};
use crate::error::{Error, Result};
use crate::schema::names;
use crate::schema::{Message, Shape};

/// Returns the structs and oneofs that micropb-gen makes of the schema, by their path below `owned`:
/// `data_packet::Value`.
pub fn generate(plan: &Plan, out_dir: &Path) -> Result<BTreeMap<String, Declaration>> {
    let mut generator = Generator::with_warning_callback(warned);
    generator.use_container_heapless().suffixed_package_names(false);
    generator.calculate_max_size(false).format(false).comments_to_docs(false);
    // Neither half of the codec is used; this one is shorter.
    generator.encode_decode(EncodeDecode::EncodeOnly);
    let everywhere = Config::new()
        .no_accessors(true)
        .no_debug_impl(true)
        .no_default_impl(true)
        .optional_repr(OptionalRepr::Option)
        .map_type("crate::codec::Map<$K, $V, $N>");
    generator.configure(".", everywhere);

    for message in &plan.schema.messages {
        let path = format!(".{}", message.name);
        if let Some(name) = message.hand_written() {
            generator.extern_type_path(&path, format!("crate::owned::google::protobuf::{name}"));
        } else if plan.wanted.contains(&message.name) {
            configure(&mut generator, plan, message);
        } else if plan.schema.parent(message).is_none_or(|outer| plan.wanted.contains(&outer.name))
        {
            // Also skips the types nested in it.
            generator.configure(&path, Config::new().skip(true));
        }
    }
    for item in &plan.schema.enums {
        let rust = names::path(&item.name, &item.package);
        generator.extern_type_path(format!(".{}", item.name), format!("crate::owned::{rust}"));
    }

    let set: Vec<u8> =
        plan.schema.files.iter().flat_map(|file| file.encoding.iter().copied()).collect();
    let (input, output) = (out_dir.join("micropb.binpb"), out_dir.join("micropb.rs"));
    let failed = |error: &dyn fmt::Display| Error::new(format!("micropb-gen: {error}"));
    std::fs::write(&input, set).map_err(|error| failed(&error))?;
    generator.compile_fdset_file(&input, &output).map_err(|error| failed(&error))?;
    let text = std::fs::read_to_string(&output).map_err(|error| failed(&error))?;
    declarations::read(&text, &plan.schema)
}

/// Tells micropb-gen the capacity and the Rust name of every field of `message`.
fn configure(generator: &mut Generator, plan: &Plan, message: &Message) {
    for oneof in &message.oneofs {
        let path = format!(".{}.{}", message.name, oneof.name);
        generator.configure(&path, Config::new().rename_field(&names::field(&oneof.name)));
    }
    for field in &message.fields {
        let name = message.full_name(field);
        let path = format!(".{name}");
        if plan.dropped.contains(&name) {
            generator.configure(&path, Config::new().skip(true));
            continue;
        }
        let capacity = plan.capacities.get(&name).copied().unwrap_or_default();
        let Capacity { bytes, items, key_bytes, value_bytes } = capacity;
        let mut config = Config::new().rename_field(&names::field(&field.name));
        if plan.is_boxed(message, field) {
            config = config.boxed(true);
        }
        if let Some(items) = items {
            config = config.max_len(items);
        }
        let bytes_of = |bytes: u32| Config::new().max_bytes(bytes);
        match (plan.schema.shape(field), bytes) {
            (Shape::Strings, Some(bytes)) => {
                generator.configure(&format!("{path}.elem"), bytes_of(bytes));
            }
            (_, Some(bytes)) => config = config.max_bytes(bytes),
            (_, None) => {}
        }
        for (half, bytes) in [("key", key_bytes), ("value", value_bytes)] {
            if let Some(bytes) = bytes {
                generator.configure(&format!("{path}.{half}"), bytes_of(bytes));
            }
        }
        generator.configure(&path, config);
    }
}

/// Stops at a warning of micropb-gen, which means that a row above is wrong, except for the one about
/// `Debug`: messages have their own (emit/debug.rs).
fn warned(warning: fmt::Arguments) {
    let text = warning.to_string();
    assert!(text.starts_with("Disable Debug"), "micropb-gen: {text}");
}
