//! What a participant asks the server for.

use core::num::NonZeroU16;

use livekit_micro_peer::Crypto;

use super::{DataPlane, Participant, SendError, Stage};
use crate::borrowed::SignalRequest;
use crate::borrowed::encryption::Type as EncryptionType;
use crate::codec::rt::Writer;
use crate::tags::{
    publish_data_track_request, signal_request, unpublish_data_track_request,
    update_data_subscription, update_participant_metadata,
};
use crate::{EncodeError, to_slice, to_slice_with};

impl<'a, C: Crypto, D: DataPlane> Participant<'a, C, D> {
    /// Sends a request to the server, whichever.
    ///
    /// It is kept in [`Memory::request`](super::Memory) until [`poll`](Self::poll) sends it: while a connection is made
    /// again, after that. There is space for one.
    ///
    /// # Errors
    /// [`SendError::NotConnected`] before [`join`](Self::join) and after
    /// [`Event::Disconnected`](super::Event::Disconnected); [`SendError::Full`] while the one before is not sent:
    /// [`Event::Writable`](super::Event::Writable) says when it is; [`SendError::TooLong`].
    pub fn request(&mut self, request: &SignalRequest<'_>) -> Result<(), SendError> {
        self.keep(|buf| to_slice(request, buf))
    }

    /// Adds attributes to this participant, or changes them; an empty value removes one. Needs the grant
    /// `canUpdateOwnMetadata`.
    ///
    /// Returns the `request_id` of the [`Event::RequestResponse`](super::Event::RequestResponse) that says what has become of
    /// it.
    ///
    /// # Errors
    /// As of [`request`](Self::request).
    pub fn set_attributes(&mut self, attributes: &[(&str, &str)]) -> Result<u32, SendError> {
        self.update(|w| {
            for (key, value) in attributes.iter().rev() {
                w.fields(update_participant_metadata::ATTRIBUTES, |w| {
                    w.str(2 << 3 | 2, value);
                    w.str(1 << 3 | 2, key);
                });
            }
        })
    }

    /// Sets the metadata of this participant; an empty text changes nothing. As
    /// [`set_attributes`](Self::set_attributes).
    ///
    /// # Errors
    /// As of [`request`](Self::request).
    pub fn set_metadata(&mut self, metadata: &str) -> Result<u32, SendError> {
        self.update(|w| w.str(update_participant_metadata::METADATA, metadata))
    }

    /// Sets the name of this participant, which people see; an empty text changes nothing. As
    /// [`set_attributes`](Self::set_attributes).
    ///
    /// # Errors
    /// As of [`request`](Self::request).
    pub fn set_name(&mut self, name: &str) -> Result<u32, SendError> {
        self.update(|w| w.str(update_participant_metadata::NAME, name))
    }

    /// Publishes a data track: [`Event::DataTrackPublished`](super::Event::DataTrackPublished) follows, or an
    /// [`Event::RequestResponse`](super::Event::RequestResponse) that says why not. `handle` is any number that no other track
    /// of this participant has. Needs [`JoinConfig::data_tracks`](super::JoinConfig::data_tracks).
    ///
    /// A participant that has joined anew publishes its tracks again.
    ///
    /// # Errors
    /// As of [`request`](Self::request).
    pub fn publish_data_track(
        &mut self,
        handle: NonZeroU16,
        name: &str,
        encryption: EncryptionType,
    ) -> Result<(), SendError> {
        self.keep_fields(|w| {
            w.fields(signal_request::PUBLISH_DATA_TRACK_REQUEST, |w| {
                w.int32(publish_data_track_request::ENCRYPTION, encryption.0);
                w.str(publish_data_track_request::NAME, name);
                w.uint32(publish_data_track_request::PUB_HANDLE, handle.get().into());
            });
        })
    }

    /// Ends a data track.
    ///
    /// # Errors
    /// As of [`request`](Self::request).
    pub fn unpublish_data_track(&mut self, handle: NonZeroU16) -> Result<(), SendError> {
        self.keep_fields(|w| {
            w.fields(signal_request::UNPUBLISH_DATA_TRACK_REQUEST, |w| {
                w.uint32(unpublish_data_track_request::PUB_HANDLE, handle.get().into());
            });
        })
    }

    /// Receives a data track of another participant, or no longer. `sid` is that of the track: see `data_tracks` of
    /// [`Event::Participant`](super::Event::Participant). [`Event::DataTrackSubscriberHandles`](super::Event) follows, and
    /// then packets.
    ///
    /// # Errors
    /// As of [`request`](Self::request).
    pub fn subscribe_data_track(&mut self, sid: &str, subscribe: bool) -> Result<(), SendError> {
        self.keep_fields(|w| {
            w.fields(signal_request::UPDATE_DATA_SUBSCRIPTION, |w| {
                w.fields(update_data_subscription::UPDATES, |w| {
                    w.bool(update_data_subscription::update::SUBSCRIBE, subscribe);
                    w.str(update_data_subscription::update::TRACK_SID, sid);
                });
            });
        })
    }

    /// A change of this participant's own metadata.
    fn update(&mut self, change: impl FnOnce(&mut Writer<'_>)) -> Result<u32, SendError> {
        let id = self.request_id.wrapping_add(1).max(1);
        self.keep_fields(|w| {
            w.fields(signal_request::UPDATE_METADATA, |w| {
                w.uint32(update_participant_metadata::REQUEST_ID, id);
                change(w);
            });
        })?;
        self.request_id = id;
        Ok(id)
    }

    fn keep_fields(&mut self, fields: impl FnOnce(&mut Writer<'_>)) -> Result<(), SendError> {
        self.keep(|buf| to_slice_with(buf, fields))
    }

    /// Keeps a request that `make` writes to the end of its memory.
    #[inline(always)] // one of few is used
    fn keep(
        &mut self,
        make: impl FnOnce(&mut [u8]) -> Result<&[u8], EncodeError>,
    ) -> Result<(), SendError> {
        if self.stage == Stage::Idle {
            return Err(SendError::NotConnected);
        }
        if self.request_len > 0 {
            return Err(SendError::Full);
        }
        match make(self.request) {
            Ok(request) => {
                self.request_len = request.len();
                Ok(())
            }
            Err(EncodeError::BufferTooSmall { needed, available }) => {
                Err(SendError::TooLong { needed, max: available })
            }
        }
    }
}
