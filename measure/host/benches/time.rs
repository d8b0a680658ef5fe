//! The same by the clock, for people: no figure of it is held against anything.

use std::hint::black_box;

use bumpalo::Bump;
use criterion::{Criterion, criterion_group, criterion_main};
use host::codecs::{Encoder, borrowed, micropb, owned, prost};
use host::{Recorded, recorded};

type Decode = fn(&Recorded) -> bool;

fn corpus(c: &mut Criterion) {
    let (messages, arena) = (recorded(), Bump::new());
    let decoders: [(&str, Decode); 4] = [
        ("borrowed", borrowed::decode),
        ("owned", owned::decode),
        ("prost", prost::decode),
        ("micropb", micropb::decode),
    ];
    for (name, decode) in decoders {
        c.bench_function(&format!("decode/{name}"), |bencher| {
            bencher.iter(|| messages.iter().filter(|recorded| decode(black_box(recorded))).count());
        });
    }

    let mut buf = vec![0; 1 << 16];
    let built = |recorded| borrowed::build(recorded, &arena);
    let encoders: [(&str, Vec<Encoder>); 4] = [
        ("borrowed", messages.iter().map(built).collect()),
        ("owned", messages.iter().map(owned::build).collect()),
        ("prost", messages.iter().map(prost::build).collect()),
        ("micropb", messages.iter().map(micropb::build).collect()),
    ];
    for (name, encoders) in &encoders {
        c.bench_function(&format!("encode/{name}"), |bencher| {
            bencher
                .iter(|| encoders.iter().map(|encode| encode(black_box(&mut buf))).sum::<usize>());
        });
    }
}

criterion_group!(benches, corpus);
criterion_main!(benches);
