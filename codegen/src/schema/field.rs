//! Reads a field of a message, a `FieldDescriptorProto`.

use crate::error::{Result, err};
use crate::schema::wire::fields;
use crate::schema::{Field, Kind, Scalar, Sensitivity};

/// The number of the field option `(logger.sensitivity)`.
const SENSITIVITY: u64 = 1288;

pub(super) fn read(bytes: &[u8], comment: String) -> Result<Field> {
    let (mut name, mut field_number, mut label) = (String::new(), 0, 1);
    let (mut kind, mut type_name) = (0, String::new());
    let (mut optional, mut oneof, mut packed) = (false, None, true);
    let mut sensitivity = Sensitivity::Unspecified;
    for (number, value) in fields(bytes)? {
        match number {
            1 => name = value.string()?,
            3 => field_number = value.number()? as u32,
            4 => label = value.number()?,
            5 => kind = value.number()?,
            6 => type_name = value.string()?.trim_start_matches('.').to_owned(),
            8 => {
                for (option, value) in fields(value.bytes()?)? {
                    match option {
                        2 => packed = value.number()? != 0,
                        SENSITIVITY => sensitivity = sensitivity_of(value.number()?, &name)?,
                        _ => {}
                    }
                }
            }
            9 => oneof = Some(value.number()? as usize),
            17 => optional = value.number()? != 0,
            _ => {}
        }
    }
    if name.is_empty() || field_number == 0 {
        return err!("schema: a field has no name or no number");
    }
    let kind = match kind {
        9 => Kind::String,
        12 => Kind::Bytes,
        11 => Kind::Message(type_name),
        14 => Kind::Enum(type_name),
        number => Kind::Scalar(scalar(number, &name)?),
    };
    Ok(Field {
        name,
        number: field_number,
        comment,
        packed: label == 3 && packed && matches!(kind, Kind::Scalar(_) | Kind::Enum(_)),
        kind,
        repeated: label == 3,
        optional,
        oneof: oneof.filter(|_| !optional),
        sensitivity,
    })
}

/// The values of `logger.Sensitivity`. An unknown one is an error, because logs depend on it.
fn sensitivity_of(number: u64, field: &str) -> Result<Sensitivity> {
    match number {
        0 => Ok(Sensitivity::Unspecified),
        1 => Ok(Sensitivity::Personal),
        2 => Ok(Sensitivity::Secret),
        other => err!("schema: the field {field} has the unknown sensitivity {other}"),
    }
}

/// The values of `FieldDescriptorProto.Type`.
fn scalar(number: u64, field: &str) -> Result<Scalar> {
    Ok(match number {
        1 => Scalar::Double,
        2 => Scalar::Float,
        3 => Scalar::Int64,
        4 => Scalar::Uint64,
        5 => Scalar::Int32,
        6 => Scalar::Fixed64,
        7 => Scalar::Fixed32,
        8 => Scalar::Bool,
        13 => Scalar::Uint32,
        15 => Scalar::Sfixed32,
        16 => Scalar::Sfixed64,
        17 => Scalar::Sint32,
        18 => Scalar::Sint64,
        other => return err!("schema: the field {field} has the unknown type {other}"),
    })
}
