//! JSON, read into what a token says. Texts with escapes are written out into a buffer, because others
//! escape all that is not ASCII.

use super::{Claims, Sources, VideoGrant};

/// Deeper lists and objects than any claim has.
const NESTING: u8 = 32;

pub(super) struct Parser<'b> {
    rest: &'b str,
    /// Where texts with escapes go, at most as many bytes as the JSON has.
    scratch: &'b mut [u8],
}

impl<'b> Parser<'b> {
    pub(super) fn new(json: &'b str, scratch: &'b mut [u8]) -> Self {
        Self { rest: json, scratch }
    }

    /// What a token says; `None` if it is no JSON, or lacks what each has.
    pub(super) fn claims(mut self) -> Option<Claims<'b>> {
        let mut claims = Claims::new("", 0);
        let (mut has_issuer, mut has_end) = (false, false);
        self.object(|p, key| {
            match key {
                "iss" => (claims.issuer, has_issuer) = (p.text()?, true),
                "sub" => claims.identity = p.text()?,
                "exp" => (claims.expires, has_end) = (p.number()?, true),
                "nbf" => claims.not_before = Some(p.number()?),
                "name" => claims.name = p.text()?,
                "metadata" => claims.metadata = p.text()?,
                "video" => claims.video = p.video()?,
                _ => p.skip(NESTING)?,
            }
            Some(())
        })?;
        (has_issuer && has_end && self.rest.is_empty()).then_some(claims)
    }

    /// What the head of a token says of its algorithm.
    pub(super) fn algorithm(mut self) -> Option<&'b str> {
        let mut algorithm = None;
        self.object(|p, key| match key {
            "alg" => p.text().map(|it| algorithm = Some(it)),
            // What has to be understood, and is not.
            "crit" => None,
            _ => p.skip(NESTING),
        })?;
        algorithm.filter(|_| self.rest.is_empty())
    }

    fn video(&mut self) -> Option<VideoGrant<'b>> {
        let mut video = VideoGrant::NONE;
        self.object(|p, key| {
            match key {
                "room" => video.room = p.text()?,
                "roomJoin" => video.room_join = p.flag()?,
                "roomAdmin" => video.room_admin = p.flag()?,
                "roomCreate" => video.room_create = p.flag()?,
                "roomList" => video.room_list = p.flag()?,
                "roomRecord" => video.room_record = p.flag()?,
                "canPublish" => video.can_publish = p.choice()?,
                "canSubscribe" => video.can_subscribe = p.choice()?,
                "canPublishData" => video.can_publish_data = p.choice()?,
                "canPublishSources" => video.can_publish_sources = p.sources()?,
                "canUpdateOwnMetadata" => video.can_update_own_metadata = p.choice()?,
                "hidden" => video.hidden = p.flag()?,
                "recorder" => video.recorder = p.flag()?,
                "agent" => video.agent = p.flag()?,
                "ingressAdmin" => video.ingress_admin = p.flag()?,
                "destinationRoom" => video.destination_room = p.text()?,
                _ => p.skip(NESTING)?,
            }
            Some(())
        })?;
        Some(video)
    }

    /// A list of sources, `None` inside for null; an empty list is what servers take for all, too.
    fn sources(&mut self) -> Option<Option<Sources>> {
        if self.take("null") {
            return Some(None);
        }
        let (mut sources, mut is_empty) = (Sources::NONE, true);
        self.items('[', ']', |p| {
            is_empty = false;
            // A source that is not known here is not granted.
            p.text().map(|name| sources = sources | Sources::named(name))
        })?;
        Some((!is_empty).then_some(sources))
    }

    fn flag(&mut self) -> Option<bool> {
        self.choice().map(|value| value == Some(true))
    }

    /// `true`, `false` or `null`.
    fn choice(&mut self) -> Option<Option<bool>> {
        for (text, value) in [("true", Some(true)), ("false", Some(false)), ("null", None)] {
            if self.take(text) {
                return Some(value);
            }
        }
        None
    }

    fn number(&mut self) -> Option<u64> {
        let end = self.rest.find(|it: char| !it.is_ascii_digit())?;
        let (digits, rest) = self.rest.split_at_checked(end)?;
        self.rest = rest;
        self.skip_space();
        digits.parse().ok()
    }

    fn text(&mut self) -> Option<&'b str> {
        let raw = self.raw_text()?;
        if !raw.contains('\\') {
            return Some(raw);
        }
        let scratch = core::mem::take(&mut self.scratch);
        let len = unescape(raw, scratch)?;
        let (text, scratch) = scratch.split_at_mut_checked(len)?;
        self.scratch = scratch;
        core::str::from_utf8(text).ok()
    }

    /// A text with its escapes as they are.
    fn raw_text(&mut self) -> Option<&'b str> {
        let text = self.rest.strip_prefix('"')?;
        let mut is_escaped = false;
        let end = text.find(|it| match it {
            '"' if !is_escaped => true,
            _ => {
                is_escaped = it == '\\' && !is_escaped;
                false
            }
        })?;
        let (raw, rest) = text.split_at_checked(end)?;
        self.rest = rest.strip_prefix('"')?;
        self.skip_space();
        Some(raw)
    }

    fn object(&mut self, mut member: impl FnMut(&mut Self, &str) -> Option<()>) -> Option<()> {
        self.items('{', '}', |p| {
            let key = p.raw_text()?;
            // Nobody escapes a key; one that is could hide a limit.
            (!key.contains('\\')).then_some(())?;
            p.take(":").then_some(())?;
            member(p, key)
        })
    }

    fn items(
        &mut self,
        open: char,
        close: char,
        mut item: impl FnMut(&mut Self) -> Option<()>,
    ) -> Option<()> {
        let mut buf = [0; 4];
        self.skip_space();
        self.take(open.encode_utf8(&mut buf)).then_some(())?;
        let close: &str = close.encode_utf8(&mut buf);
        if self.take(close) {
            return Some(());
        }
        loop {
            item(self)?;
            if !self.take(",") {
                return self.take(close).then_some(());
            }
        }
    }

    /// Passes over a value, at most `depth` deep.
    fn skip(&mut self, depth: u8) -> Option<()> {
        let depth = depth.checked_sub(1)?;
        match self.rest.as_bytes().first()? {
            b'"' => self.raw_text().map(drop),
            b'{' => self.items('{', '}', |p| {
                p.raw_text()?;
                p.take(":").then_some(())?;
                p.skip(depth)
            }),
            b'[' => self.items('[', ']', |p| p.skip(depth)),
            b'-' | b'0'..=b'9' => {
                let is_end = |it: char| !matches!(it, '0'..='9' | '+' | '-' | '.' | 'e' | 'E');
                self.rest = self.rest.trim_start_matches(|it| !is_end(it));
                self.skip_space();
                Some(())
            }
            _ => self.choice().map(drop),
        }
    }

    /// Takes `text` and the space behind it, if it stands here.
    fn take(&mut self, text: &str) -> bool {
        let rest = self.rest.strip_prefix(text);
        self.rest = rest.unwrap_or(self.rest);
        if rest.is_some() {
            self.skip_space();
        }
        rest.is_some()
    }

    fn skip_space(&mut self) {
        self.rest = self.rest.trim_start_matches([' ', '\t', '\n', '\r']);
    }
}

/// Writes `raw` into `out` without escapes; returns its length.
fn unescape(raw: &str, out: &mut [u8]) -> Option<usize> {
    let mut chars = raw.chars();
    let mut len = 0usize;
    while let Some(next) = chars.next() {
        let char = match next {
            '\\' => match chars.next()? {
                'n' => '\n',
                't' => '\t',
                'r' => '\r',
                'b' => '\x08',
                'f' => '\x0c',
                'u' => match hex(&mut chars)? {
                    // Two halves, for what is beyond 16 bits.
                    high @ 0xd800..0xdc00 => {
                        let ('\\', 'u') = (chars.next()?, chars.next()?) else { return None };
                        let low = hex(&mut chars)?.checked_sub(0xdc00).filter(|it| *it < 0x400)?;
                        char::from_u32(0x10000 + ((high - 0xd800) << 10) + low)?
                    }
                    other => char::from_u32(other)?,
                },
                other @ ('"' | '\\' | '/') => other,
                _ => return None,
            },
            other => other,
        };
        for byte in char.encode_utf8(&mut [0; 4]).bytes() {
            *out.get_mut(len)? = byte;
            len = len.checked_add(1)?;
        }
    }
    Some(len)
}

fn hex(chars: &mut core::str::Chars<'_>) -> Option<u32> {
    (0..4).try_fold(0, |number, _| Some(number << 4 | chars.next()?.to_digit(16)?))
}
