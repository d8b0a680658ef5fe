//! Everything that is decided before text is generated.

use std::collections::{BTreeMap, BTreeSet};
use std::env;

use crate::config::capacity::{self, Capacities, Limits};
use crate::config::datasheet::{Datasheet, rank};
use crate::config::knobs::{self, Sizes};
use crate::config::redaction::{self, Show};
use crate::config::{features, overrides};
use crate::error::Result;
use crate::schema::names;
use crate::schema::{Field, Message, Schema};

/// The input of every generator.
pub struct Plan {
    pub schema: Schema,
    pub datasheet: Datasheet,
    /// Effective values of knobs and fixed sizes.
    pub sizes: Sizes,
    /// The row that decides for each field.
    pub limits: Limits,
    /// The effective capacities: of the rows, changed by the TOML file.
    pub capacities: Capacities,
    /// Full names of the messages and enums of the chosen features.
    pub wanted: BTreeSet<String>,
    /// Full names of the fields that the firmware drops.
    pub dropped: BTreeSet<String>,
    /// Fields, named as in a row, whose message is on the heap.
    boxed: Vec<&'static str>,
    /// The features that bring a message or an enum, for documentation.
    labels: BTreeMap<String, Vec<String>>,
}

impl Plan {
    /// Combines the compiled schema `set`, the datasheet, the environment and the features that cargo
    /// turned on.
    pub fn read(set: &[u8], datasheet: Datasheet, boxed: Vec<&'static str>) -> Result<Self> {
        let schema = Schema::read(set)?;
        let sizes = knobs::read(datasheet.knobs, datasheet.fixed, env::vars_os())?;
        redaction::check(&schema, datasheet.logs)?;
        let limits = capacity::limits(datasheet.rows, &schema)?;
        let mut capacities = capacity::look_up(&limits, &sizes);
        let wanted = features::closure(&schema, features::from_cargo);
        let dropped = match knobs::limits_file() {
            Some(path) => overrides::apply(&path, &schema, &wanted, &mut capacities)?,
            None => BTreeSet::new(),
        };
        let labels = features::labels(&schema);
        Ok(Self { schema, datasheet, sizes, limits, capacities, wanted, dropped, boxed, labels })
    }

    /// Returns the messages to generate, in the order of the schema.
    pub fn messages(&self) -> impl Iterator<Item = &Message> {
        self.schema.messages.iter().filter(|message| self.wanted.contains(&message.name))
    }

    /// Returns the attribute that makes the documentation name the features that bring `name`, with
    /// the end of its line. Empty where there is none.
    pub fn label(&self, name: &str) -> String {
        let Some(features) = self.labels.get(name) else { return String::new() };
        let features: Vec<String> = features.iter().map(|f| format!("feature = {f:?}")).collect();
        format!("#[doc(cfg(any({})))]\n", features.join(", "))
    }

    /// Returns the documentation of the modules of a family: packages, and messages with nested types.
    pub fn module_docs(&self) -> BTreeMap<Vec<String>, String> {
        let mut docs = BTreeMap::new();
        for message in &self.schema.messages {
            let name = &message.name[message.package.len() + 1..];
            let text = format!("Types of the parts of `{name}`.");
            docs.insert(names::own_modules(&message.name, &message.package), text);
        }
        for message in &self.schema.messages {
            let path = names::package_modules(&message.package);
            docs.insert(path.clone(), format!("Messages of the package `{}`.", message.package));
            for outer in (1..path.len()).map(|end| path[..end].to_vec()) {
                let text = "Packages that the schema borrows from others.".to_owned();
                docs.entry(outer).or_insert(text);
            }
        }
        docs
    }

    /// Returns how logs show `field` of `message`.
    pub fn show(&self, message: &Message, field: &Field) -> Show {
        redaction::show(&self.schema, self.datasheet.logs, message, field).0
    }

    /// Returns `true` if `field` is a field of the owned message.
    pub fn is_owned(&self, message: &Message, field: &Field) -> bool {
        !self.dropped.contains(&message.full_name(field))
    }

    /// Returns `true` if the message of `field` is on the heap.
    pub fn is_boxed(&self, message: &Message, field: &Field) -> bool {
        let name = message.full_name(field);
        self.boxed.iter().any(|row| rank(row, &name, &field.name) > 0)
    }

    /// Returns `true` if the chosen features bring a message that is hand-written.
    pub fn has_hand_written(&self) -> bool {
        self.messages().any(|message| message.hand_written().is_some())
    }
}
