//! Random conversations over a bad network, beside a model of each part that is plain enough to be right.
//!
//! A case that fails is made smaller and printed. `PROPTEST_CASES=10000 PROPTEST_RNG_SEED=2` tries others.

mod dedupe;
mod resend;
mod rpc;
mod streams;
mod track;

use proptest::prelude::*;
use proptest::test_runner::{Config, RngSeed, TestRunner};

/// Just before a clock of 32 bits wraps.
const START_MS: u64 = u32::MAX as u64 - 40_000;

/// Tries cases of `strategy`, the same in each run.
fn check<S: Strategy>(strategy: S, test: impl Fn(S::Value)) {
    let mut config = Config { failure_persistence: None, ..Config::default() };
    if config.rng_seed == RngSeed::Random {
        config.rng_seed = RngSeed::Fixed(1);
    }
    let result = TestRunner::new(config).run(&strategy, |case| {
        test(case);
        Ok(())
    });
    result.unwrap_or_else(|error| panic!("{error}"));
}

/// What becomes of a frame on the way.
#[derive(Debug, Clone, Copy)]
struct Fate {
    copies: usize,
    /// How many of the following frames overtake it.
    late: usize,
}

fn fates() -> impl Strategy<Value = Vec<Fate>> {
    let fate = (
        prop_oneof![8 => Just(1), 1 => Just(0), 1 => Just(2)],
        prop_oneof![4 => Just(0usize), 1 => 1..4usize],
    );
    prop::collection::vec(fate.prop_map(|(copies, late)| Fate { copies, late }), 1..40)
}

/// What arrives of what was sent; `fates` begin anew when they are used up.
fn network<T: Clone>(sent: Vec<T>, fates: &[Fate]) -> Vec<T> {
    let mut arriving = Vec::new();
    for (at, (frame, fate)) in sent.into_iter().zip(fates.iter().cycle()).enumerate() {
        arriving.extend(vec![(at + fate.late, frame); fate.copies]);
    }
    arriving.sort_by_key(|(at, _)| *at);
    arriving.into_iter().map(|(_, frame)| frame).collect()
}
