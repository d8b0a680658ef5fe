//! What logs show of each field: its value, its length, or that it is redacted.

use crate::config::capacity::fields;
use crate::config::datasheet::{LogRule, rank};
use crate::error::{Result, did_you_mean, err};
use crate::schema::{Field, Kind, Message, Schema, Sensitivity, Shape};

/// How logs show a field.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Show {
    Value,
    /// `<12 bytes>`
    Length,
    /// `<redacted (12 bytes)>`
    Redacted,
}

/// Returns how logs show `field` of `message`, and the reason if not its value.
///
/// The schema's own marks come first, then the rules of the datasheet. Of other `bytes` fields logs
/// show the length.
pub fn show(
    schema: &Schema,
    rules: &[LogRule],
    message: &Message,
    field: &Field,
) -> (Show, &'static str) {
    let name = message.full_name(field);
    let rule = || rules.iter().find(|rule| rank(rule.field, &name, &field.name) > 0);
    match field.sensitivity {
        _ if schema.shape(field) == Shape::Plain => (Show::Value, ""),
        Sensitivity::Personal => (Show::Redacted, "personal, by the schema"),
        Sensitivity::Secret => (Show::Redacted, "secret, by the schema"),
        Sensitivity::Unspecified => match rule() {
            Some(rule) => (rule.show, rule.why),
            None if field.kind == Kind::Bytes => (Show::Length, "bytes"),
            None => (Show::Value, ""),
        },
    }
}

/// Checks that every mark and every rule has an effect: logs can replace what has a length, which
/// scalars and submessages have not.
pub fn check(schema: &Schema, rules: &[LogRule]) -> Result<()> {
    for (name, field) in fields(schema) {
        let marked = field.sensitivity != Sensitivity::Unspecified;
        if marked && schema.shape(field) == Shape::Plain {
            return err!(
                "schema: {name} is marked as sensitive, but logs show scalars and messages"
            );
        }
    }
    for rule in rules {
        let word = if rule.show == Show::Length { "length_only" } else { "redact" };
        let rule_text = format!("build.rs: {word}({:?}, …)", rule.field);
        let matches = |(name, field): &(String, &Field)| rank(rule.field, name, &field.name) > 0;
        let mut matching = fields(schema).filter(matches).peekable();
        if matching.peek().is_none() {
            let names = schema.messages.iter().flat_map(|m| &m.fields).map(|f| f.name.as_str());
            let hint = did_you_mean(rule.field, names);
            return err!("{rule_text} matches no field of the schema{hint}");
        }
        if matching.all(|(_, field)| schema.shape(field) == Shape::Plain) {
            return err!("{rule_text} has no effect: logs show scalars and messages");
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::datasheet::{length_only, redact};
    use crate::schema::Scalar;

    const RULES: &[LogRule] = &[redact("UserPacket.key", "a key"), length_only("*key", "long")];

    fn field(name: &str, kind: Kind, sensitivity: Sensitivity) -> Field {
        Field {
            name: name.to_owned(),
            number: 1,
            comment: String::new(),
            kind,
            repeated: false,
            packed: false,
            optional: false,
            oneof: None,
            sensitivity,
        }
    }

    fn show_in(message: &str, field: Field) -> Show {
        let schema = Schema::read(&[]).unwrap();
        let message = Message {
            name: message.to_owned(),
            package: "livekit".to_owned(),
            file: "p.proto".to_owned(),
            comment: String::new(),
            fields: Vec::new(),
            oneofs: Vec::new(),
        };
        show(&schema, RULES, &message, &field).0
    }

    #[test]
    fn the_schemas_marks_redact_and_no_rule_weakens_them() {
        for sensitivity in [Sensitivity::Personal, Sensitivity::Secret] {
            for name in ["key", "topic"] {
                let field = field(name, Kind::String, sensitivity);
                assert_eq!(show_in("livekit.ChatMessage", field), Show::Redacted);
            }
        }
    }

    #[test]
    fn the_first_rule_that_matches_decides() {
        let key = || field("key", Kind::String, Sensitivity::Unspecified);
        assert_eq!(show_in("livekit.UserPacket", key()), Show::Redacted);
        assert_eq!(show_in("livekit.ChatMessage", key()), Show::Length);
    }

    #[test]
    fn bytes_show_their_length_and_other_fields_their_value() {
        let of = |kind| show_in("livekit.M", field("f", kind, Sensitivity::Unspecified));
        assert_eq!(of(Kind::Bytes), Show::Length);
        assert_eq!(of(Kind::String), Show::Value);
        let number = field("key", Kind::Scalar(Scalar::Int32), Sensitivity::Secret);
        assert_eq!(show_in("livekit.M", number), Show::Value, "numbers have no length to show");
    }

    #[test]
    fn a_rule_that_matches_nothing_is_an_error() {
        let schema = Schema::read(include_bytes!("../../../protocol/livekit.binpb")).unwrap();
        let error = |rule| check(&schema, &[rule]).unwrap_err().to_string();
        assert_eq!(
            error(redact("tokn", "")),
            "build.rs: redact(\"tokn\", …) matches no field of the schema; did you mean \"token\"?"
        );
        assert_eq!(
            error(length_only("*_baud", "")),
            "build.rs: length_only(\"*_baud\", …) matches no field of the schema"
        );
        assert_eq!(
            error(redact("SipDTMF.code", "")),
            "build.rs: redact(\"SipDTMF.code\", …) has no effect: logs show scalars and messages"
        );
        check(&schema, &[redact("token", ""), length_only("*_sid", "")]).unwrap();
    }
}
