//! How owned messages are decoded and encoded by micropb's traits, for the feature `micropb`.
//!
//! The methods have the text of those in [`codec`](super::codec), and are included where `codec`
//! is another module: there a reader stands on `PbDecoder`, a writer on `PbEncoder`. Fields are
//! written from the first to the last, as `PbEncoder` takes them.

use crate::config::plan::Plan;
use crate::emit::module_tree::{function, indent};
use crate::emit::owned::codec::Companions;
use crate::emit::owned::max_size::MaxSizes;

/// The implementations for all of the plan's messages but the hand-written, as one Rust file.
pub fn generate(plan: &Plan) -> String {
    let mut sizes = MaxSizes::of(plan);
    let messages = plan.messages().filter(|message| message.hand_written().is_none());
    let messages = messages.map(|message| {
        let companions = Companions::of(plan, message);
        let path = companions.path();
        let decode = function(
            "fn field<R: codec::PbRead>(&mut self, r: &mut codec::FieldReader<'_, R>, tag: u32)",
            &companions.decode(),
        );
        let write = function(
            "fn write(&self, w: &mut codec::FieldWriter<'_>)",
            &companions.write_ascending(),
        );
        let max_size = match sizes.message(&message.name) {
            Some(size) => format!("Ok({size})"),
            None => "Err(\"the message has no largest size\")".to_owned(),
        };
        format!(
            "impl codec::Owned for {path} {{\n{}}}\n\n\
             impl codec::Write for {path} {{\n{}}}\n\n\
             codec::message!({path}, {max_size});\n\n",
            indent(&decode),
            indent(&write)
        )
    });
    let enums = plan.schema.enums.iter().filter(|item| plan.wanted.contains(&item.name));
    // A negative number takes ten bytes. The code that micropb-gen writes for a message with a field
    // of an external enum refers to the constant.
    let enums = enums.map(|item| {
        format!(
            "impl crate::owned::{} {{\n    #[doc(hidden)]\n    pub const _MAX_SIZE: usize = 10;\n}}\n\n",
            plan.schema.path(&item.name)
        )
    });
    messages.chain(enums).collect()
}
