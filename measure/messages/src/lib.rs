//! The families of messages that are measured. Codecs call their types alike, so a list of names is
//! enough: `family!(which, round_trip(encoded, out))` is `round_trip::<UserPacket>(encoded, out)` for one `which`.
#![no_std]

/// Data packets: `DataPacket` without metrics and all it is made of.
#[macro_export]
macro_rules! family {
    ($which:expr, $round_trip:ident $args:tt) => {
        $crate::one_of!($which, $round_trip $args, None, [
            0 ActiveSpeakerUpdate, 1 ChatMessage, 2 DataPacket, 3 data_stream::ByteHeader,
            4 data_stream::Chunk, 5 data_stream::Header, 6 data_stream::TextHeader,
            7 data_stream::Trailer, 8 EncryptedPacket, 9 RpcAck, 10 RpcError, 11 RpcRequest,
            12 RpcResponse, 13 SipDtmf, 14 SpeakerInfo, 15 Transcription,
            16 TranscriptionSegment, 17 UserPacket,
        ])
    };
}

/// Data packets, and rooms and participants.
#[macro_export]
macro_rules! wide {
    ($which:expr, $round_trip:ident $args:tt) => {
        $crate::one_of!($which, $round_trip $args, $crate::family!($which, $round_trip $args), [
            18 Codec, 19 DataTrackFrameEncoding, 20 DataTrackInfo, 21 DataTrackSchemaEncoding,
            22 DataTrackSchemaId, 23 ParticipantInfo, 24 ParticipantPermission, 25 Room,
            26 SimulcastCodecInfo, 27 TimedVersion, 28 TrackInfo, 29 VideoLayer,
        ])
    };
}

/// Data packets, rooms, participants and signalling.
#[macro_export]
macro_rules! all {
    ($which:expr, $round_trip:ident $args:tt) => {
        $crate::one_of!($which, $round_trip $args, $crate::wide!($which, $round_trip $args), [
            30 AddTrackRequest, 31 ClientConfiguration, 32 ConnectionQualityInfo,
            33 ConnectionQualityUpdate, 34 DataBlob, 35 DataBlobKey, 36 DataChannelInfo,
            37 DataChannelReceiveState, 38 DataTrackSubscriberHandles,
            39 data_track_subscriber_handles::PublishedDataTrack, 40 DataTrackSubscriptionOptions,
            41 DisabledCodecs, 42 GetDataBlobRequest, 43 GetDataBlobResponse, 44 IceServer,
            45 JoinResponse, 46 LeaveRequest, 47 MediaSectionsRequirement, 48 MuteTrackRequest,
            49 ParticipantTracks, 50 ParticipantUpdate, 51 Ping, 52 Pong,
            53 PublishDataTrackRequest, 54 PublishDataTrackResponse, 55 ReconnectResponse,
            56 RegionInfo, 57 RegionSettings, 58 RequestResponse, 59 RoomMovedResponse,
            60 RoomUpdate, 61 ServerInfo, 62 SessionDescription, 63 SignalRequest,
            64 SignalResponse, 65 SimulateScenario, 66 SimulcastCodec, 67 SpeakersChanged,
            68 StoreDataBlobRequest, 69 StoreDataBlobResponse, 70 StreamStateInfo,
            71 StreamStateUpdate, 72 SubscribedAudioCodec, 73 SubscribedAudioCodecUpdate,
            74 SubscribedCodec, 75 SubscribedQuality, 76 SubscribedQualityUpdate,
            77 SubscriptionPermission, 78 SubscriptionPermissionUpdate, 79 SubscriptionResponse,
            80 SyncState, 81 TrackPermission, 82 TrackPublishedResponse, 83 TrackSubscribed,
            84 TrackUnpublishedResponse, 85 TrickleRequest, 86 UnpublishDataTrackRequest,
            87 UnpublishDataTrackResponse, 88 UpdateDataSubscription,
            89 update_data_subscription::Update, 90 UpdateLocalAudioTrack,
            91 UpdateLocalVideoTrack, 92 UpdateParticipantMetadata, 93 UpdateSubscription,
            94 UpdateTrackSettings, 95 UpdateVideoLayers, 96 VideoConfiguration,
        ])
    };
}

#[doc(hidden)]
#[macro_export]
macro_rules! one_of {
    ($which:expr, $round_trip:ident $args:tt, $other:expr, [$($number:literal $message:ty),* $(,)?]) => {
        match $which {
            $($number => $round_trip::<$message> $args,)*
            _ => $other,
        }
    };
}
