//! Opponents of the DTLS client: each is the honest server of these tests with one thing changed. The tables
//! say what was sent, how long it took on the simulated clock, the alert that the server was sent, and what
//! the client said.

mod alerts;
mod certificates;
mod cookies;
mod deviate;
mod exchanges;
mod fragments;
mod hellos;
mod junk;
mod mutations;
mod opponent;
mod order;
mod records;
mod silence;

use opponent::Expect::Ends;
use opponent::{Case, judge};

#[test]
fn the_client_trusts_one_certificate_only() {
    judge("Certificate", &certificates::cases());
}

#[test]
fn the_client_answers_any_cookie_but_not_for_ever() {
    judge("HelloVerifyRequest", &cookies::cases());
}

#[test]
fn the_client_accepts_only_what_it_offered() {
    judge("ServerHello", &hellos::cases());
}

#[test]
fn the_client_checks_curve_point_and_signature() {
    judge("ServerKeyExchange", &exchanges::key_cases());
}

#[test]
fn the_client_reads_certificate_request_and_server_hello_done_to_the_end() {
    judge("CertificateRequest, ServerHelloDone", &exchanges::request_cases());
}

#[test]
fn messages_have_one_order_whatever_the_network_does() {
    judge("Order", &order::cases());
}

#[test]
fn the_client_connects_only_after_the_right_finished() {
    judge("ChangeCipherSpec, Finished", &order::finish_cases());
}

#[test]
fn fragments_that_lie_do_not_connect_and_true_ones_do() {
    judge("Fragments", &fragments::cases());
}

#[test]
fn records_that_nobody_authenticated_do_not_end_a_handshake() {
    judge("Records", &records::cases());
}

#[test]
fn alerts_that_nobody_authenticated_do_not_end_a_handshake() {
    judge("Alerts in the clear", &alerts::unauthenticated());
}

#[test]
fn authenticated_alerts_are_obeyed_and_renegotiation_is_not() {
    judge("Encrypted alerts and messages", &alerts::authenticated());
}

#[test]
fn a_close_notify_is_answered_with_one() {
    let outcome = Case::after("close_notify", Ends("closed"), |server| server.close()).run();
    assert_eq!(outcome.server.alerts, [(1, 0, true)]);
}

#[test]
fn a_silent_server_is_given_up() {
    judge("Silence", &silence::cases());
}

#[test]
fn sequence_numbers_may_jump() {
    judge("Numbers", &silence::number_cases());
}
