//! What is to be generated, and how large everything may become.

use std::collections::{BTreeMap, BTreeSet};
use std::env;

use crate::config::capacity::{self, Capacities};
use crate::config::datasheet::{Datasheet, rank};
use crate::config::error::Result;
use crate::config::features;
use crate::config::knobs::{self, Sizes};
use crate::config::overrides;
use crate::emit::debug;
use crate::schema::names;
use crate::schema::{Field, Message, Schema};

/// Everything the generators go by.
pub struct Plan {
    pub schema: Schema,
    pub datasheet: Datasheet,
    /// Effective values of knobs and fixed sizes.
    pub sizes: Sizes,
    pub capacities: Capacities,
    /// Full names of the messages and enums of the chosen features.
    pub wanted: BTreeSet<String>,
    /// Full names of the fields that the firmware leaves out.
    pub dropped: BTreeSet<String>,
    /// Which features bring a message or an enum, for documentation.
    labels: BTreeMap<String, Vec<String>>,
}

impl Plan {
    /// Puts together the compiled schema `set`, the datasheet, the environment and the features
    /// that cargo turned on.
    pub fn read(set: &[u8], datasheet: Datasheet) -> Result<Self> {
        let schema = Schema::read(set);
        let sizes = knobs::read(datasheet.knobs, datasheet.fixed, env::vars_os())?;
        debug::check(&schema, &datasheet)?;
        let mut capacities = capacity::assign(datasheet.rows, &sizes, &schema)?;
        let wanted = features::closure(&schema, features::from_cargo);
        let dropped = match knobs::limits_file() {
            Some(path) => overrides::apply(&path, &schema, &wanted, &mut capacities)?,
            None => BTreeSet::new(),
        };
        let labels = features::labels(&schema);
        Ok(Self { schema, datasheet, sizes, capacities, wanted, dropped, labels })
    }

    /// The messages to generate, in the order of the schema.
    pub fn messages(&self) -> impl Iterator<Item = &Message> {
        self.schema.messages.iter().filter(|message| self.wanted.contains(&message.name))
    }

    /// The attribute that shows in the documentation which features bring `name`, if it is made.
    pub fn label(&self, name: &str) -> Option<syn::Attribute> {
        let features = self.labels.get(name)?;
        Some(syn::parse_quote!(#[doc(cfg(any(#(feature = #features),*)))]))
    }

    /// The same as text, with the end of its line; empty where there is none.
    pub fn label_text(&self, name: &str) -> String {
        let Some(features) = self.labels.get(name) else { return String::new() };
        let features: Vec<String> = features.iter().map(|f| format!("feature = {f:?}")).collect();
        format!("#[doc(cfg(any({})))]\n", features.join(", "))
    }

    /// The documentation of the modules of a family: packages, and messages with their parts.
    pub fn module_docs(&self) -> BTreeMap<Vec<String>, String> {
        let mut docs = BTreeMap::new();
        for message in &self.schema.messages {
            let parts =
                format!("Types of the parts of `{}`.", &message.name[message.package.len() + 1..]);
            docs.insert(names::own_modules(&message.name, &message.package), parts);
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

    /// Is `field` of `message` among the fields of the owned message?
    pub fn is_owned(&self, message: &Message, field: &Field) -> bool {
        !self.dropped.contains(&message.full_name(field))
    }

    /// Does `field` of `message` have its message on the heap?
    pub fn is_boxed(&self, message: &Message, field: &Field) -> bool {
        let name = message.full_name(field);
        self.datasheet.boxed.iter().any(|row| rank(row, &name, &field.name) > 0)
    }

    /// Is a message that is written by hand (src/owned/json.rs) among them?
    pub fn has_by_hand(&self) -> bool {
        self.messages().any(|message| message.by_hand().is_some())
    }
}
