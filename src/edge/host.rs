//! The host of one request: the adapters behind the ports, the time of the request, ids, time zones, pseudonyms.

use std::cell::RefCell;
use std::fmt::Write;

use hmac::{Hmac, Mac};
use nearside_engine::flows::{DomainCache, Host};
use nearside_engine::ports::{Signatures, Surroundings};
use nearside_engine::types::{Environment, SortedMap, TimeMs, UserId};
use sha2::Sha256;
use uuid::{Builder, Uuid};
use worker::js_sys::{Date, global};
use worker::wasm_bindgen::JsValue;

use crate::adapters::{BlobsKv, D1, D1Store, EventsQueue, WebCrypto, delegate_ports};
use crate::auth::ModelKeys;
use crate::config::Config;
use crate::runtime::{call, present};

/// Offsets change on quarter hours at most, so one look-up serves every request of one.
const OFFSET_STEP_MS: i64 = 15 * 60_000;
/// Zones and quarter hours that an isolate remembers.
const OFFSETS_KEPT: usize = 512;

thread_local! {
    static OFFSETS: RefCell<SortedMap<(String, i64), Option<i16>>> = const { RefCell::new(SortedMap::new()) };
    /// Prepared packs and catalogues, for as long as the isolate lives. Nothing personal.
    static DOMAINS: &'static RefCell<DomainCache> = Box::leak(Box::default());
}

/// The host of one request.
pub(crate) struct EdgeHost {
    store: D1Store,
    blobs: BlobsKv,
    queue: EventsQueue,
    domains: &'static RefCell<DomainCache>,
    now_ms: TimeMs,
    is_enabled: bool,
    has_privacy_signal: bool,
    pseudonym_key: String,
    model_keys: String,
    experiment_keys: Vec<Vec<u8>>,
    environment: Environment,
}

delegate_ports!(EdgeHost, store, blobs, queue);

impl EdgeHost {
    /// Binds the adapters; None where a binding is missing. The time is taken once: everything in a request happens at
    /// one moment.
    pub(crate) fn new(env: &JsValue, config: &Config) -> Option<Self> {
        Some(Self {
            store: D1Store::new(D1::new(present(env, "DB")?)),
            blobs: BlobsKv::new(present(env, "BLOBS")?),
            queue: EventsQueue::new(present(env, "INTERACTIONS")),
            domains: DOMAINS.with(|domains| *domains),
            now_ms: Date::now() as i64,
            is_enabled: config.is_personalization_enabled,
            has_privacy_signal: false,
            pseudonym_key: config.pseudonym_key.clone(),
            model_keys: config.model_keys.clone(),
            experiment_keys: config.experiment_keys.clone(),
            environment: config.environment,
        })
    }

    /// Moves the request to the environment that its token names.
    pub(crate) fn move_to(&mut self, environment: Environment) {
        self.environment = environment;
    }

    /// Hears the request's Global Privacy Control; nothing but `1` is one.
    pub(crate) fn hear(&mut self, sec_gpc: Option<&str>) {
        self.has_privacy_signal = sec_gpc == Some("1");
    }

    /// The store, for what is no port of the engine: dead letters.
    pub(crate) fn store(&self) -> &D1Store {
        &self.store
    }

    /// The keys of models; None where they do not read.
    pub(crate) fn model_keys(&self) -> Option<ModelKeys> {
        ModelKeys::parse(&self.model_keys)
    }
}

impl Signatures for EdgeHost {
    async fn has_signed(&self, key_id: &str, message: &[u8], signature: &[u8; 64]) -> bool {
        match self.model_keys() {
            Some(keys) => keys.have_signed(key_id, message, signature, &WebCrypto).await,
            None => false,
        }
    }
}

impl Host for EdgeHost {
    fn domains(&self) -> &RefCell<DomainCache> {
        self.domains
    }
}

impl Surroundings for EdgeHost {
    fn now_ms(&self) -> TimeMs {
        self.now_ms
    }

    fn fresh_id(&self) -> String {
        // What is random stands at the same places in versions 4 and 7; the library's own version 7 divides by 128 bits.
        let [_, _, _, _, _, _, chance @ ..] = Uuid::new_v4().into_bytes();
        Builder::from_unix_timestamp_millis(self.now_ms.try_into().unwrap_or(0), &chance).into_uuid().to_string()
    }

    fn is_personalization_enabled(&self) -> bool {
        self.is_enabled
    }

    fn has_privacy_signal(&self) -> bool {
        self.has_privacy_signal
    }

    fn experiment_keys(&self) -> &[Vec<u8>] {
        &self.experiment_keys
    }

    fn environment(&self) -> Environment {
        self.environment
    }

    fn pseudonym(&self, user: UserId) -> String {
        // HMAC takes keys of any length, so this cannot fail.
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(self.pseudonym_key.as_bytes()) else { return String::new() };
        mac.update(b"nearside export\x1f");
        mac.update(user.as_bytes());
        let mut text = String::with_capacity(64);
        for byte in mac.finalize().into_bytes() {
            let _ = write!(text, "{byte:02x}");
        }
        text
    }

    fn utc_offset_minutes(&self, time_zone: &str, at_ms: TimeMs) -> Option<i16> {
        let key = (time_zone.to_owned(), at_ms.div_euclid(OFFSET_STEP_MS));
        if let Some(known) = OFFSETS.with_borrow(|offsets| offsets.get(&key).copied()) {
            return known;
        }
        let offset = ask_intl(time_zone, at_ms);
        OFFSETS.with_borrow_mut(|offsets| {
            if offsets.len() >= OFFSETS_KEPT {
                offsets.clear();
            }
            offsets.insert(key, offset);
        });
        offset
    }
}

/// Asks the runtime's `Intl`, through the function that `shim.js` puts in its place: a time-zone database in wasm would
/// cost hundreds of kilobytes.
fn ask_intl(time_zone: &str, at_ms: TimeMs) -> Option<i16> {
    let arguments = [JsValue::from_str(time_zone), JsValue::from_f64(at_ms as f64)];
    let answer = call(&global(), "nearsideUtcOffset", &arguments).ok()?;
    let minutes = answer.as_f64().filter(|minutes| (-840.0..=840.0).contains(minutes))?;
    Some(minutes as i16)
}
