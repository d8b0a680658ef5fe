//! What fields are made of, for both crates: each part fits the capacity it is made for.

use std::collections::{BTreeMap, HashMap};

use libfuzzer_sys::arbitrary::{Result, Unstructured};
use livekit_micro::Map;
use testkit::pair::{Ours, Theirs};

/// A text of at most as many bytes as it was made for.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Text(pub String);

#[derive(Clone)]
pub struct Bytes(Vec<u8>);

pub struct List<V>(Vec<V>);

pub struct Entries(BTreeMap<Text, Text>);

pub fn text(input: &mut Unstructured, most: usize) -> Result<Text> {
    let mut text: String = input.arbitrary()?;
    text.truncate(text.floor_char_boundary(most));
    Ok(Text(text))
}

pub fn bytes(input: &mut Unstructured, most: usize) -> Result<Bytes> {
    let mut bytes: Vec<u8> = input.arbitrary()?;
    bytes.truncate(most);
    Ok(Bytes(bytes))
}

pub fn list<V>(
    input: &mut Unstructured,
    most: usize,
    mut item: impl FnMut(&mut Unstructured) -> Result<V>,
) -> Result<List<V>> {
    let count = input.int_in_range(0..=most)?;
    Ok(List((0..count).map(|_| item(input)).collect::<Result<_>>()?))
}

pub fn entries(
    input: &mut Unstructured,
    most: usize,
    key_bytes: usize,
    value_bytes: usize,
) -> Result<Entries> {
    let mut entries = BTreeMap::new();
    for _ in 0..input.int_in_range(0..=most)? {
        let (key, value) = (text(input, key_bytes)?, text(input, value_bytes)?);
        entries.insert(key, value);
    }
    Ok(Entries(entries))
}

/// What may be there or not.
pub fn maybe<V>(
    input: &mut Unstructured,
    value: impl FnOnce(&mut Unstructured) -> Result<V>,
) -> Result<Option<V>> {
    match input.arbitrary()? {
        true => Ok(Some(value(input)?)),
        false => Ok(None),
    }
}

/// Any number but one that is not equal to itself.
pub fn float(input: &mut Unstructured) -> Result<f32> {
    let number: f32 = input.arbitrary()?;
    Ok(if number.is_nan() { 0.0 } else { number })
}

impl<const N: usize> Ours<livekit_micro::String<N>> for Text {
    fn ours(&self) -> livekit_micro::String<N> {
        self.0.parse().expect("it was made for this capacity")
    }
}

impl Theirs<String> for Text {
    fn theirs(&self) -> String {
        self.0.clone()
    }
}

impl<const N: usize> Ours<livekit_micro::Vec<u8, N>> for Bytes {
    fn ours(&self) -> livekit_micro::Vec<u8, N> {
        livekit_micro::Vec::from_slice(&self.0).expect("it was made for this capacity")
    }
}

impl Theirs<Vec<u8>> for Bytes {
    fn theirs(&self) -> Vec<u8> {
        self.0.clone()
    }
}

impl<O, V: Ours<O>, const N: usize> Ours<livekit_micro::Vec<O, N>> for List<V> {
    fn ours(&self) -> livekit_micro::Vec<O, N> {
        self.0.iter().map(V::ours).collect()
    }
}

impl<T, V: Theirs<T>> Theirs<Vec<T>> for List<V> {
    fn theirs(&self) -> Vec<T> {
        self.0.iter().map(V::theirs).collect()
    }
}

impl<K, V, const N: usize> Ours<Map<K, V, N>> for Entries
where
    Text: Ours<K> + Ours<V>,
    K: Eq,
{
    fn ours(&self) -> Map<K, V, N> {
        let mut map = Map::new();
        for (key, value) in &self.0 {
            assert!(map.insert(key.ours(), value.ours()).is_ok(), "made for this capacity");
        }
        map
    }
}

impl Theirs<HashMap<String, String>> for Entries {
    fn theirs(&self) -> HashMap<String, String> {
        self.0.iter().map(|(key, value)| (key.theirs(), value.theirs())).collect()
    }
}
