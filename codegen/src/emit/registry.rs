//! A macro that lists every generated message, for tests and tools that treat them all alike.

use std::fmt::Write as _;

use crate::config::plan::Plan;
use crate::schema::names;

/// `for_each_message!(m)` calls `m! { "livekit.DataPacket" => data_packet, … }`, with the path
/// below a family's module.
pub fn generate(plan: &Plan) -> String {
    let mut list = String::new();
    for message in plan.messages() {
        let path = names::path(&message.name, &message.package);
        writeln!(list, "            {:?} => {path},", message.name)
            .expect("a String takes any text");
    }
    format!(
        "#[doc(hidden)]\n#[macro_export]\nmacro_rules! for_each_message {{\n    \
         ($callback:ident) => {{\n        $callback! {{\n{list}        }}\n    }};\n}}\n"
    )
}
