//! Outgoing streams: their sequence numbers, and whether they are to be reset.

/// What is known of streams on which ordered messages were sent, or which are to be reset.
pub(super) struct Streams<const N: usize>([Stream; N]);

#[derive(Clone, Copy)]
pub(super) struct Stream {
    pub(super) id: u16,
    /// The next stream sequence number.
    ssn: u16,
    pub(super) state: StreamState,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum StreamState {
    Unused = 0,
    Open,
    /// It is to be reset.
    Resetting,
}

impl Stream {
    const UNUSED: Self = Self { id: 0, ssn: 0, state: StreamState::Unused };
}

impl<const N: usize> Streams<N> {
    pub(super) const EMPTY: Self = Self([Stream::UNUSED; N]);

    pub(super) fn used(&self) -> impl Iterator<Item = &Stream> {
        self.0.iter().filter(|stream| stream.state != StreamState::Unused)
    }

    pub(super) fn clear(&mut self) {
        self.0 = [Stream::UNUSED; N];
    }

    // Not inlined, for the flash.
    #[inline(never)]
    fn find(&mut self, id: u16) -> Option<&mut Stream> {
        self.0.iter_mut().find(|stream| stream.id == id && stream.state != StreamState::Unused)
    }

    pub(super) fn is_resetting(&self, id: u16) -> bool {
        self.0.iter().any(|stream| stream.id == id && stream.state == StreamState::Resetting)
    }

    /// Counts the messages of this stream from now on, if they are not yet, and gives it the state. `false` if
    /// there are too many streams.
    pub(super) fn mark(&mut self, id: u16, state: StreamState) -> bool {
        if let Some(stream) = self.find(id) {
            stream.state = state;
            return true;
        }
        let free = self.0.iter_mut().find(|stream| stream.state == StreamState::Unused);
        free.map(|stream| *stream = Stream { id, ssn: 0, state }).is_some()
    }

    /// Gives out the next stream sequence number.
    pub(super) fn next_ssn(&mut self, id: u16) -> u16 {
        self.find(id).map_or(0, |stream| {
            let ssn = stream.ssn;
            stream.ssn = ssn.wrapping_add(1);
            ssn
        })
    }

    /// A stream is reset: it begins anew.
    pub(super) fn forget(&mut self, id: u16) {
        if let Some(stream) = self.find(id) {
            *stream = Stream::UNUSED;
        }
    }
}
