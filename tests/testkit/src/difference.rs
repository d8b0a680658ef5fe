//! Where two dynamic messages differ. Unlike `==`, which no message with a NaN survives, it
//! compares floating-point numbers by their bits.

use prost_reflect::{DynamicMessage, ReflectMessage, Value};

/// The path of the first field that is not the same in both, or `None` if all are.
pub fn first(ours: &DynamicMessage, theirs: &DynamicMessage) -> Option<String> {
    ours.descriptor().fields().find_map(|field| {
        let rest = match (ours.has_field(&field), theirs.has_field(&field)) {
            (true, true) => within(&ours.get_field(&field), &theirs.get_field(&field)),
            (false, false) => None,
            (true, false) => Some(" is only in ours".to_owned()),
            (false, true) => Some(" is only in theirs".to_owned()),
        };
        rest.map(|rest| format!(".{}{rest}", field.name()))
    })
}

fn within(ours: &Value, theirs: &Value) -> Option<String> {
    let same = match (ours, theirs) {
        (Value::F32(ours), Value::F32(theirs)) => ours.to_bits() == theirs.to_bits(),
        (Value::F64(ours), Value::F64(theirs)) => ours.to_bits() == theirs.to_bits(),
        (Value::Message(ours), Value::Message(theirs)) => return first(ours, theirs),
        (Value::List(ours), Value::List(theirs)) if ours.len() == theirs.len() => {
            let mut pairs = ours.iter().zip(theirs).enumerate();
            return pairs.find_map(|(index, (ours, theirs))| {
                within(ours, theirs).map(|rest| format!("[{index}]{rest}"))
            });
        }
        (Value::Map(ours), Value::Map(theirs)) if ours.len() == theirs.len() => {
            return ours.iter().find_map(|(key, ours)| match theirs.get(key) {
                Some(theirs) => within(ours, theirs).map(|rest| format!("[{key:?}]{rest}")),
                None => Some(format!("[{key:?}] is only in ours")),
            });
        }
        _ => ours == theirs,
    };
    (!same).then(|| format!(" is {ours:?} in ours, {theirs:?} in theirs"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::peer::POOL;

    fn sample(value: f32) -> DynamicMessage {
        let batch = POOL.get_message_by_name("livekit.MetricsBatch").unwrap();
        // time_series = 4 { samples = 4 { value = 3 } }
        let bytes = [b"\x22\x07\x22\x05\x1d".as_slice(), &value.to_le_bytes()].concat();
        DynamicMessage::decode(batch, bytes.as_slice()).unwrap()
    }

    #[test]
    fn numbers_are_compared_by_their_bits() {
        assert_eq!(first(&sample(f32::NAN), &sample(f32::NAN)), None);
        assert!(first(&sample(f32::NAN), &sample(-f32::NAN)).is_some());
    }

    #[test]
    fn a_difference_is_named_by_its_path() {
        let path = first(&sample(1.0), &sample(2.0)).unwrap();
        assert_eq!(
            path,
            ".time_series[0].samples[0].value is F32(1.0) in ours, F32(2.0) in theirs"
        );
        let path = first(&sample(1.0), &sample(0.0)).unwrap();
        assert_eq!(path, ".time_series[0].samples[0].value is only in ours");
    }
}
