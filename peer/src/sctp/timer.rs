//! Timers, and the estimate of the round trip.

use core::num::NonZeroU32;

use super::bytes::before;

/// A timer on a clock of milliseconds that wraps. It can run for 24 days.
#[derive(Clone, Copy)]
pub(super) struct Timer(Option<NonZeroU32>);

impl Timer {
    pub(super) const STOPPED: Self = Self(None);

    pub(super) fn start(&mut self, now: u32, ms: u32) {
        self.0 = Some(instant(now.wrapping_add(ms)));
    }

    pub(super) fn stop(&mut self) {
        self.0 = None;
    }

    pub(super) fn runs(&self) -> bool {
        self.0.is_some()
    }

    /// Whether its time has come. It goes on running until it is stopped or started again.
    pub(super) fn expired(&self, now: u32) -> bool {
        self.0.is_some_and(|at| !before(now, at.get()))
    }

    /// In how many milliseconds its time comes.
    pub(super) fn left(&self, now: u32) -> Option<u32> {
        let left =
            |at: NonZeroU32| if before(now, at.get()) { at.get().wrapping_sub(now) } else { 0 };
        self.0.map(left)
    }
}

/// A time that is not 0, so that an optional one takes no more memory: 1 ms late once in 49 days.
pub(super) fn instant(now: u32) -> NonZeroU32 {
    NonZeroU32::new(now).unwrap_or(NonZeroU32::MIN)
}

/// The retransmission timeout (RFC 9260, 6.3), in milliseconds.
#[derive(Clone, Copy)]
pub(super) struct Rto {
    /// The current timeout.
    ms: u32,
    /// SRTT, times 8; 0 before the first measurement.
    smoothed: u32,
    /// RTTVAR, times 4.
    variation: u32,
}

impl Rto {
    pub(super) const ZERO: Self = Self { ms: 0, smoothed: 0, variation: 0 };

    /// RFC 9260, 6.3.1, C1: before the first measurement, RTO.Initial.
    pub(super) fn start(&mut self, initial: u16) {
        *self = Self { ms: initial.into(), ..Self::ZERO };
    }

    /// SRTT.
    pub(super) fn smoothed_ms(&self) -> u32 {
        self.smoothed >> 3
    }

    pub(super) fn ms(&self) -> u32 {
        self.ms
    }

    /// A round trip took `ms`.
    pub(super) fn measured(&mut self, ms: u32, min: u16, max: u16) {
        // A clock that jumped must not make the timeout of a whole day.
        let ms = ms.min(max.into());
        if self.smoothed == 0 {
            // C2: SRTT = R, RTTVAR = R/2. SRTT is at least 1 ms here, the granularity of the clock.
            self.smoothed = ms.max(1) << 3;
            self.variation = ms << 1;
        } else {
            // C3: RTTVAR = (1 - RTO.Beta) * RTTVAR + RTO.Beta * |SRTT - R'| with a beta of 1/4, then
            // SRTT = (1 - RTO.Alpha) * SRTT + RTO.Alpha * R' with an alpha of 1/8.
            let smoothed = self.smoothed >> 3;
            let difference = smoothed.abs_diff(ms);
            self.variation =
                self.variation.wrapping_sub(self.variation >> 2).wrapping_add(difference);
            self.smoothed = self.smoothed.wrapping_sub(smoothed).wrapping_add(ms).max(8);
        }
        // C3: RTO = SRTT + 4 * RTTVAR. RTTVAR is at least the granularity of the clock, 1 ms. C6, C7: not below
        // RTO.Min, not above RTO.Max.
        let rto = (self.smoothed >> 3).wrapping_add(self.variation.max(4));
        self.ms = rto.max(min.into()).min(max.into());
    }

    /// RFC 9260, 6.3.3, E2: RTO = RTO * 2, up to RTO.Max.
    pub(super) fn back_off(&mut self, max: u16) {
        self.ms = self.ms.wrapping_shl(1).min(max.into());
    }
}
