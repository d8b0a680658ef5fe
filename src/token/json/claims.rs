//! Reads claims and grants, whose keys are compared in lower case, and headers.

use super::parse::{MAX_KEY, Parser, lower_case};
use crate::token::{Claims, Sources, VideoGrant};

/// Deeper lists and objects than any claim has.
const NESTING: u8 = 32;

impl<'b> Parser<'b> {
    /// Reads all claims; `None` if they are malformed, or without `iss` or `exp`.
    pub(in crate::token) fn claims(mut self) -> Option<Claims<'b>> {
        let mut claims = Claims::new("", 0);
        let (mut expires, mut id) = (None, "");
        self.object(|p, key| match lower_case(key, &mut [0; MAX_KEY]) {
            "iss" => p.string(&mut claims.issuer),
            "sub" => p.string(&mut claims.identity),
            "jti" => p.string(&mut id),
            "exp" => p.time(&mut expires),
            "nbf" => p.time(&mut claims.not_before),
            "iat" => p.time(&mut None),
            "name" => p.string(&mut claims.name),
            "metadata" => p.string(&mut claims.metadata),
            "video" => p.video(&mut claims.video),
            _ => p.skip(NESTING),
        })?;
        if claims.identity.is_empty() {
            claims.identity = id;
        }
        claims.expires = expires?;
        (!claims.issuer.is_empty() && self.is_at_end()).then_some(claims)
    }

    /// Reads the header of a token; returns whether its algorithm is HS256, `None` if it is malformed.
    pub(in crate::token) fn check_hs256(mut self) -> Option<bool> {
        let mut check_hs256 = None;
        self.object(|p, key| {
            let is = |name: &str| key.clone().eq(name.chars());
            if is("alg") {
                check_hs256 = Some(p.characters()?.eq("HS256".chars()));
                Some(())
            } else if is("crit") {
                None // extensions that must be understood (RFC 7515, 4.1.11)
            } else {
                p.skip(NESTING)
            }
        })?;
        check_hs256.filter(|_| self.is_at_end())
    }

    /// Reads grants over those that are there, which Go does with a key that comes again.
    fn video(&mut self, video: &mut VideoGrant<'b>) -> Option<()> {
        if self.take("null") {
            *video = VideoGrant::NONE;
            return Some(());
        }
        self.object(|p, key| match lower_case(key, &mut [0; MAX_KEY]) {
            "room" => p.string(&mut video.room),
            "roomjoin" => p.bool(&mut video.room_join),
            "roomadmin" => p.bool(&mut video.room_admin),
            "roomcreate" => p.bool(&mut video.room_create),
            "roomlist" => p.bool(&mut video.room_list),
            "roomrecord" => p.bool(&mut video.room_record),
            "canpublish" => p.optional_bool(&mut video.can_publish),
            "cansubscribe" => p.optional_bool(&mut video.can_subscribe),
            "canpublishdata" => p.optional_bool(&mut video.can_publish_data),
            "canpublishsources" => p.sources(&mut video.can_publish_sources),
            "canupdateownmetadata" => p.optional_bool(&mut video.can_update_own_metadata),
            "cansubscribemetrics" => p.optional_bool(&mut video.can_subscribe_metrics),
            "canmanageagentsession" => p.optional_bool(&mut video.can_manage_agent_session),
            "hidden" => p.bool(&mut video.hidden),
            "recorder" => p.bool(&mut video.recorder),
            "agent" => p.bool(&mut video.agent),
            "ingressadmin" => p.bool(&mut video.ingress_admin),
            "destinationroom" => p.string(&mut video.destination_room),
            _ => p.skip(NESTING),
        })
    }

    /// Reads a list of sources. An empty one is what servers take for all.
    fn sources(&mut self, sources: &mut Option<Sources>) -> Option<()> {
        *sources = None;
        if self.take("null") {
            return Some(());
        }
        self.array(|p| {
            // A source that is not known here is not granted.
            let source = Sources::named(p.characters()?);
            *sources = Some(sources.unwrap_or(Sources::NONE) | source);
            Some(())
        })
    }
}
