//! Outgoing streams: sequence numbers, and resets.

/// What is known of streams on which ordered messages were sent, or which are being reset.
///
/// One more than `N`, so that a stream can be reset on which nothing was sent while all others are in use.
pub(super) struct Streams<const N: usize> {
    streams: [Stream; N],
    spare: Stream,
}

#[derive(Clone, Copy)]
pub(super) struct Stream {
    pub(super) id: u16,
    /// The next stream sequence number.
    pub(super) ssn: u16,
    pub(super) state: StreamState,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum StreamState {
    Unused = 0,
    Open,
    /// It is to be reset when nothing of it is left to be acknowledged.
    ResetWanted,
    /// A request to reset it is on the way.
    ResetSent,
}

impl Stream {
    const UNUSED: Self = Self { id: 0, ssn: 0, state: StreamState::Unused };
}

impl<const N: usize> Streams<N> {
    pub(super) const EMPTY: Self = Self { streams: [Stream::UNUSED; N], spare: Stream::UNUSED };

    pub(super) fn all(&self) -> impl Iterator<Item = &Stream> {
        self.streams.iter().chain([&self.spare])
    }

    pub(super) fn all_mut(&mut self) -> impl Iterator<Item = &mut Stream> {
        self.streams.iter_mut().chain([&mut self.spare])
    }

    pub(super) fn clear(&mut self) {
        self.all_mut().for_each(|stream| *stream = Stream::UNUSED);
    }

    pub(super) fn state(&self, id: u16) -> StreamState {
        self.all()
            .find(|stream| stream.id == id && stream.state != StreamState::Unused)
            .map_or(StreamState::Unused, |stream| stream.state)
    }

    /// Counts the messages of this stream from now on. `false` if there are too many streams.
    pub(super) fn open(&mut self, id: u16) -> bool {
        self.state(id) != StreamState::Unused
            || take(self.streams.iter_mut(), id, StreamState::Open)
    }

    /// Wants this stream to be reset. `false` if there are too many streams.
    pub(super) fn reset(&mut self, id: u16) -> bool {
        let used = |stream: &&mut Stream| stream.id == id && stream.state != StreamState::Unused;
        if let Some(stream) = self.all_mut().find(used) {
            if stream.state == StreamState::Open {
                stream.state = StreamState::ResetWanted;
            }
            return true;
        }
        let Self { streams, spare } = self;
        take([spare].into_iter().chain(streams), id, StreamState::ResetWanted)
    }

    /// Gives out the next stream sequence number.
    pub(super) fn next_ssn(&mut self, id: u16) -> u16 {
        let used = |stream: &&mut Stream| stream.id == id && stream.state != StreamState::Unused;
        self.all_mut().find(used).map_or(0, |stream| {
            let ssn = stream.ssn;
            stream.ssn = ssn.wrapping_add(1);
            ssn
        })
    }

    /// The request to reset streams was answered.
    pub(super) fn reset_done(&mut self) {
        for stream in self.all_mut() {
            if stream.state == StreamState::ResetSent {
                *stream = Stream::UNUSED;
            }
        }
    }
}

fn take<'s>(
    mut streams: impl Iterator<Item = &'s mut Stream>,
    id: u16,
    state: StreamState,
) -> bool {
    let free = streams.find(|stream| stream.state == StreamState::Unused);
    free.map(|stream| *stream = Stream { id, ssn: 0, state }).is_some()
}
