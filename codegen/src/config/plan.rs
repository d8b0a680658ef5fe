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
    /// The features that bring a message or an enum, for docs.rs; empty in other builds.
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
        let labels = match env::var_os("DOCS_RS") {
            Some(_) => features::labels(&schema),
            None => BTreeMap::new(),
        };
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

#[cfg(test)]
mod tests {
    use super::*;

    /// What a build would plan for these messages.
    fn plan(wanted: &[&str]) -> Plan {
        let schema = Schema::read(include_bytes!("../../../protocol/livekit.binpb")).unwrap();
        let set = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect();
        Plan {
            schema,
            datasheet: Datasheet { knobs: &[], fixed: &[], rows: &[], logs: &[] },
            sizes: Sizes::new(),
            limits: Limits::new(),
            capacities: Capacities::new(),
            wanted: set(wanted),
            dropped: set(&["livekit.UserPacket.topic"]),
            boxed: vec!["livekit.DataPacket.user", "*.chunk"],
            labels: [("livekit.RpcAck".to_owned(), vec!["data".to_owned(), "models".to_owned()])]
                .into(),
        }
    }

    #[test]
    fn wanted_messages_come_in_the_order_of_the_schema() {
        let plan = plan(&["livekit.UserPacket", "livekit.DataPacket", "livekit.TrackSource"]);
        let names: Vec<_> = plan.messages().map(|message| message.name.as_str()).collect();
        assert_eq!(names, ["livekit.DataPacket", "livekit.UserPacket"]);
        assert!(!plan.has_hand_written());
        assert!(self::plan(&["google.protobuf.Struct"]).has_hand_written());
    }

    #[test]
    fn fields_are_dropped_and_boxed_by_name() {
        let plan = plan(&[]);
        let is = |message: &str, field: &str, of: fn(&Plan, &Message, &Field) -> bool| {
            let message = plan.schema.message(message).unwrap();
            of(&plan, message, message.fields.iter().find(|it| it.name == field).unwrap())
        };
        assert!(!is("livekit.UserPacket", "topic", Plan::is_owned));
        assert!(is("livekit.UserPacket", "payload", Plan::is_owned));
        assert!(is("livekit.DataPacket", "user", Plan::is_boxed));
        assert!(!is("livekit.DataPacket", "chat_message", Plan::is_boxed));
    }

    #[test]
    fn documentation_names_features_and_modules() {
        let plan = plan(&[]);
        let label = "#[doc(cfg(any(feature = \"data\", feature = \"models\")))]\n";
        assert_eq!(
            (plan.label("livekit.RpcAck").as_str(), plan.label("livekit.Room").as_str()),
            (label, "")
        );
        let docs = plan.module_docs();
        let of = |path: &[&str]| {
            docs[&path.iter().map(|&it| it.to_owned()).collect::<Vec<_>>()].as_str()
        };
        assert_eq!(of(&["data_stream", "header"]), "Types of the parts of `DataStream.Header`.");
        assert_eq!(of(&["agent"]), "Messages of the package `livekit.agent`.");
        assert_eq!(of(&["google", "protobuf"]), "Messages of the package `google.protobuf`.");
        assert_eq!(of(&["google"]), "Packages that the schema borrows from others.");
    }
}
