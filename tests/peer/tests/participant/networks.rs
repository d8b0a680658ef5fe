//! Networks that lose, repeat and reorder datagrams, each way.

use livekit_micro::participant::SendError;

use crate::device::{Told, config};
use crate::world::{Faults, World};

const NETWORKS: [Faults; 4] = [
    Faults { lost: 2, repeated: 0, delayed: 0 },
    Faults { lost: 0, repeated: 30, delayed: 50 },
    Faults { lost: 10, repeated: 5, delayed: 20 },
    Faults { lost: 20, repeated: 10, delayed: 30 },
];

#[test]
fn nothing_is_lost_and_nothing_comes_twice() {
    for (seed, faults) in (0..24).zip(NETWORKS.into_iter().cycle()) {
        let mut world = World::joining(seed, (1 << 32) - 1_000, config());
        world.faults = faults;
        world.until_told(60_000, |told| *told == Told::Connected);
        let messages: Vec<Vec<u8>> =
            (0..60).map(|number| vec![number as u8; 1 + number * 61 % 1_500]).collect();
        for message in &messages {
            world.server.send_user(message);
        }
        let (mut sent, mut arrived) = (0, vec![]);
        world.until(600_000, |world| {
            while let Some(message) = messages.get(sent) {
                match world.device.publish(message, world.now_ms) {
                    Ok(()) => sent += 1,
                    Err(error) => {
                        assert!(
                            matches!(error, SendError::Full | SendError::NotConnected),
                            "{error}"
                        );
                        break;
                    }
                }
            }
            arrived.extend(world.device.payloads());
            world.server.packets.len() == messages.len() && arrived.len() == messages.len()
        });
        assert!(world.server.payloads() == messages, "seed {seed}");
        assert!(arrived == messages, "seed {seed}");
        assert!(world.server.sequences.iter().copied().eq(1..=60), "seed {seed}");
    }
}

#[test]
fn a_device_is_in_the_room_within_ten_seconds_though_a_fifth_of_the_datagrams_is_lost() {
    let mut times = vec![];
    for seed in 0..40 {
        let mut world = World::joining(seed, 0, config());
        world.faults = Faults { lost: 20, repeated: 0, delayed: 20 };
        world.until_told(60_000, |told| *told == Told::Connected);
        times.push(world.now_ms);
    }
    times.sort_unstable();
    let late = times.iter().filter(|time| **time > 10_000).count();
    println!("median {} ms, longest {} ms", times[times.len() / 2], times[times.len() - 1]);
    assert!(late <= 2, "{times:?}");
}
