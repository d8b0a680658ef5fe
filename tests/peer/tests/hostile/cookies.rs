//! HelloVerifyRequest and its cookie (RFC 6347, 4.2.1).

use std::cell::Cell;
use std::rc::Rc;

use peer_tests::servers::hostile::Flight;
use peer_tests::servers::hostile::wire::HELLO_VERIFY_REQUEST;

use crate::deviate::{datagrams, message};
use crate::opponent::Case;
use crate::opponent::Expect::{Connects, Refused};

pub fn cases() -> Vec<Case> {
    let mut cases = vec![
        Case::new("no cookie is asked for", Connects, |server| {
            server.deviations.cookie = Box::new(|_| None);
        }),
        Case::new("HelloVerifyRequest comes three times", Connects, |server| {
            datagrams(server, Flight::Verify, |datagrams| {
                *datagrams = vec![datagrams[0].clone(); 3]
            });
        }),
        Case::new(
            "a second HelloVerifyRequest with another cookie, then none",
            Connects,
            |server| {
                let count = Cell::new(0);
                server.deviations.cookie = Box::new(move |_| {
                    count.set(count.get() + 1);
                    (count.get() < 3).then(|| vec![count.get(); 16])
                });
            },
        ),
        Case::new("two cookies at once, each of them right", Connects, |server| {
            // A network that repeats the first hello gets this from a server that keeps no state.
            server.deviations.cookie = Box::new(|hello| {
                let is_right = [[1; 16], [2; 16]].iter().any(|cookie| hello.cookie == cookie);
                (!is_right).then(|| vec![1; 16])
            });
            datagrams(server, Flight::Verify, |datagrams| {
                let mut second = datagrams[0].clone();
                let start = second.len() - 16;
                second[start..].fill(2);
                datagrams.push(second);
            });
        }),
        Case::new(
            "every hello is answered with HelloVerifyRequest and a new cookie",
            Refused("waiting for ServerHello"),
            |server| {
                let count = Cell::new(0u64);
                server.deviations.cookie = Box::new(move |_| {
                    count.set(count.get() + 1);
                    Some(count.get().to_be_bytes().to_vec())
                });
            },
        ),
        Case::new(
            "every hello is answered with the same HelloVerifyRequest",
            Refused("waiting for ServerHello"),
            |server| {
                server.deviations.cookie = Box::new(|_| Some(vec![7; 20]));
            },
        ),
    ];
    for length in [0, 1, 2, 32, 33, 254, 255] {
        cases.push(Case::new(&format!("a cookie of {length} bytes"), Connects, move |server| {
            let first = Cell::new(true);
            server.deviations.cookie = Box::new(move |hello| {
                // An empty cookie looks like none: the second hello has to be known by its place.
                let again = if length == 0 { !first.get() } else { hello.cookie.len() == length };
                first.set(false);
                (!again).then(|| vec![7; length])
            });
        }));
    }
    // RFC 6347, 4.2.1: clients "MUST use the version solely to indicate packet formatting … and not as part
    // of version negotiation".
    for version in [[0xFE, 0xFD], [0xFE, 0xFF]] {
        let name = format!("HelloVerifyRequest of version {version:02X?}");
        cases.push(Case::new(&name, Connects, move |server| {
            message(server, HELLO_VERIFY_REQUEST, move |body| body[..2].copy_from_slice(&version));
        }));
    }
    // Until the cookie is right nobody knows who sent this: it is dropped, and the next one is used.
    for (name, change) in [
        ("is empty", Box::new(|body: &mut Vec<u8>| body.clear()) as Box<dyn Fn(&mut Vec<u8>)>),
        ("ends in the version", Box::new(|body| body.truncate(1))),
        ("ends before the cookie's length", Box::new(|body| body.truncate(2))),
        ("ends within the cookie", Box::new(|body| body.truncate(10))),
        ("has a byte after the cookie", Box::new(|body| body.push(0))),
        ("has a cookie longer than itself", Box::new(|body| body[2] = 255)),
    ] {
        let count = Cell::new(0);
        let change = Rc::new(move |body: &mut Vec<u8>| {
            count.set(count.get() + 1);
            if count.get() == 1 {
                change(body);
            }
        });
        let name = format!("the first HelloVerifyRequest {name}");
        cases.push(Case::new(&name, Connects, move |server| {
            let change = change.clone();
            message(server, HELLO_VERIFY_REQUEST, move |body| change(body));
        }));
    }
    cases
}
