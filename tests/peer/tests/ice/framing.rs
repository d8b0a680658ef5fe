//! Frames of ICE over TCP.

use livekit_micro_peer::ice::tcp::{Deframer, frame};
use proptest::prelude::*;

fn framed(datagram: &[u8]) -> Vec<u8> {
    let mut out = vec![0; 2 + datagram.len()];
    let len = frame(&mut out, |body| {
        body.copy_from_slice(datagram);
        Some(datagram.len())
    });
    assert_eq!(len, Some(out.len()));
    out
}

#[test]
fn a_frame_that_does_not_exist_has_no_header() {
    assert_eq!(frame(&mut [0; 10], |_| None), None);
    assert_eq!(frame(&mut [0; 1], |_| Some(0)), None);
    assert_eq!(frame(&mut [0; 2], |body| Some(body.len())), Some(2));
    assert_eq!(frame(&mut vec![0; 70_000], |_| Some(65_536)), None);
}

#[test]
fn a_stream_that_begins_anew_begins_with_a_frame() {
    let mut buf = [0; 10];
    let mut deframer = Deframer::new(&mut buf);
    assert_eq!(deframer.input(&mut &[0, 9, 1, 2, 3][..]), None);
    deframer.reset();
    assert_eq!(deframer.input(&mut &[0, 1, 7][..]), Some(&mut [7][..]));
}

proptest! {
    #[test]
    fn datagrams_come_out_as_they_went_in_however_the_stream_is_cut(
        datagrams in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..80), 0..20),
        cuts in prop::collection::vec(1usize..50, 1..50),
        capacity in 0usize..80,
    ) {
        let stream: Vec<_> = datagrams.iter().flat_map(|it| framed(it)).collect();
        let mut buf = vec![0; capacity];
        let mut deframer = Deframer::new(&mut buf);
        let (mut rest, mut out, mut cuts) = (&stream[..], Vec::new(), cuts.iter().cycle());
        while !rest.is_empty() {
            let (mut bytes, after) = rest.split_at(*cuts.next().expect("it is endless").min(&rest.len()));
            rest = after;
            while let Some(datagram) = deframer.input(&mut bytes) {
                out.push(datagram.to_vec());
            }
            prop_assert!(bytes.is_empty());
        }
        let (fit, too_long): (Vec<_>, Vec<_>) = datagrams.into_iter().partition(|it| it.len() <= capacity);
        prop_assert_eq!(deframer.skipped() as usize, too_long.len());
        prop_assert_eq!(out, fit.into_iter().filter(|it| !it.is_empty()).collect::<Vec<_>>());
    }
}
