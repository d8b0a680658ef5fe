//! Instructions of the whole corpus, by Callgrind.

use std::hint::black_box;

use bumpalo::Bump;
use gungraun::prelude::*;
use host::codecs::{Encoder, borrowed, micropb, owned, prost};
use host::{Recorded, recorded};

fn kept() -> &'static [Recorded] {
    Vec::leak(recorded())
}

fn with(build: fn(&'static Recorded) -> Encoder<'static>) -> Vec<Encoder<'static>> {
    kept().iter().map(build).collect()
}

fn built() -> Vec<Encoder<'static>> {
    let arena: &'static Bump = Box::leak(Box::default());
    kept().iter().map(|recorded| borrowed::build(recorded, arena)).collect()
}

#[library_benchmark]
#[bench::borrowed(kept(), borrowed::decode)]
#[bench::borrowed_validated(kept(), borrowed::decode_validated)]
#[bench::borrowed_outermost(kept(), borrowed::decode_outermost)]
#[bench::owned(kept(), owned::decode)]
#[bench::prost(kept(), prost::decode)]
#[bench::micropb(kept(), micropb::decode)]
fn decode(messages: &'static [Recorded], decode: fn(&Recorded) -> bool) {
    for recorded in messages {
        assert!(decode(black_box(recorded)));
    }
}

#[library_benchmark]
#[bench::borrowed(built(), vec![0; 1 << 16])]
#[bench::borrowed_received(with(borrowed::receive), vec![0; 1 << 16])]
#[bench::owned(with(owned::build), vec![0; 1 << 16])]
#[bench::prost(with(prost::build), vec![0; 1 << 16])]
#[bench::micropb(with(micropb::build), vec![0; 1 << 16])]
fn encode(encoders: Vec<Encoder<'static>>, mut buf: Vec<u8>) {
    for encode in &encoders {
        black_box(encode(black_box(&mut buf)));
    }
    // Dropping messages is no part of encoding them.
    std::mem::forget((encoders, buf));
}

library_benchmark_group!(name = corpus, benchmarks = [decode, encode]);
main!(library_benchmark_groups = corpus);
