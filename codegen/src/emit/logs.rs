//! `logs`: the list of the fields that logs redact.

use std::fmt::Write as _;

use crate::config::plan::Plan;
use crate::config::redaction::{Show, show};

/// Returns the Rust text of the list.
pub fn generate(plan: &Plan) -> String {
    let (mut table, mut array) = (String::new(), String::new());
    for message in plan.messages() {
        for field in &message.fields {
            if let (Show::Redacted, why) = show(&plan.schema, plan.datasheet.logs, message, field) {
                let name = message.full_name(field);
                writeln!(table, "/// | `{name}` | {why} |").expect("a String takes any text");
                writeln!(array, "    {name:?},").expect("a String takes any text");
            }
        }
    }
    format!(
        "/// Full names of the fields of this build that logs do not show.\n///\n\
         /// | field | why |\n/// |---|---|\n{table}pub const REDACTED: &[&str] = &[\n{array}];\n"
    )
}
