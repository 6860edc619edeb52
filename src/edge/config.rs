//! What a deployment sets: keys, issuer, audience, switch, origins. Read per request, parsed once per isolate.

use std::cell::RefCell;
use std::rc::Rc;

use nearside_engine::types::Environment;
use worker::wasm_bindgen::JsValue;

use crate::auth::KeyRing;
use crate::runtime::member;

/// What a deployment sets.
#[derive(Debug, Clone)]
pub(crate) struct Config {
    /// The keys, or why there are none.
    pub(crate) keys: Keys,
    /// The deployment's own switch.
    pub(crate) is_personalization_enabled: bool,
    /// The keys that models may be signed with, as they are set; read where a model is.
    pub(crate) model_keys: String,
    /// The key of exported pseudonyms: a secret of its own, or one derived from the token keys.
    pub(crate) pseudonym_key: String,
    /// The keys of what clients carry of experiments: the one that signs, and one from before that verifies still.
    pub(crate) experiment_keys: Vec<Vec<u8>>,
    /// Where experiments are when a token does not say.
    pub(crate) environment: Environment,
    /// Origins that browsers may call from; empty means the Worker's own only.
    pub(crate) allowed_origins: Vec<String>,
}

/// The ring, or why there is none.
type Keys = Rc<Result<KeyRing, String>>;

thread_local! {
    static KEYS: RefCell<Option<(String, Keys)>> = const { RefCell::new(None) };
}

impl Config {
    /// Reads the bindings. Missing keys do not fail here: every route then says so.
    pub(crate) fn read(env: &JsValue) -> Self {
        let stated = |name: &str| member(env, name).ok()?.as_string();
        let text = |name: &str| stated(name).unwrap_or_default();
        let keys = text("AUTH_KEYS");
        let origins = text("ALLOWED_ORIGINS");
        Self {
            keys: parsed_keys(&keys, &text("AUTH_ISSUER"), &text("AUTH_AUDIENCE")),
            pseudonym_key: stated("EXPORT_KEY").unwrap_or_else(|| keys.clone()),
            model_keys: text("MODEL_KEYS"),
            experiment_keys: experiment_keys(stated("EXPERIMENT_KEY"), stated("EXPERIMENT_KEY_BEFORE"), &keys),
            environment: Environment::parse(&text("ENVIRONMENT")).unwrap_or_default(),
            is_personalization_enabled: text("PERSONALIZATION_ENABLED") != "false",
            allowed_origins: origins
                .split(',')
                .map(str::trim)
                .filter(|origin| !origin.is_empty())
                .map(str::to_owned)
                .collect(),
        }
    }
}

/// Without a secret of their own they are derived from the token keys, as pseudonyms are.
fn experiment_keys(own: Option<String>, before: Option<String>, token_keys: &str) -> Vec<Vec<u8>> {
    let is_set = |key: &String| !key.is_empty();
    let own = own.filter(is_set).unwrap_or_else(|| token_keys.to_owned());
    [Some(own), before.filter(is_set)].into_iter().flatten().map(String::into_bytes).collect()
}

/// The ring is parsed when its text changes, which a new secret does.
fn parsed_keys(keys: &str, issuer: &str, audience: &str) -> Keys {
    let source = format!("{issuer}\n{audience}\n{keys}");
    let kept =
        KEYS.with_borrow(|kept| kept.as_ref().filter(|(known, _)| *known == source).map(|(_, ring)| Rc::clone(ring)));
    kept.unwrap_or_else(|| {
        let ring = Rc::new(KeyRing::parse(keys, issuer, audience).map_err(|invalid| invalid.to_string()));
        KEYS.set(Some((source, Rc::clone(&ring))));
        ring
    })
}
