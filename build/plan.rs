//! What is to be generated, and how large everything may become.

use std::collections::{BTreeMap, BTreeSet};
use std::env;

use super::capacity::{self, Capacities};
use super::datasheet::Datasheet;
use super::features;
use super::knobs::{self, Sizes};
use super::logs;
use super::mistake::Result;
use super::overrides;
use super::schema::{Message, Schema};

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
        logs::check(&schema, &datasheet)?;
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

    /// Is a message that is written by hand (src/owned/json.rs) among them?
    pub fn has_by_hand(&self) -> bool {
        self.messages().any(|message| message.by_hand().is_some())
    }
}
