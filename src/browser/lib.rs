//! The wasm package for web apps: ranks, explains and learns on the person's own device.
//!
//! **In scope**: names that JavaScript sees, and how values cross. **Out of scope**: every decision: those are the engine's;
//! storage, network and time zones: those are the JavaScript around it (`package`).
//!
//! What is large crosses as numbers or as text of JSON, once each way; what is small crosses as an object, by
//! serde-wasm-bindgen.

mod in_numbers;
mod moment;
mod objects;
mod thrown;

use nearside_engine::flows::{Device, DevicePerson, ListId, Published, PublishedVersions};
use nearside_engine::wire::read_argument;
use nearside_json::Read;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use in_numbers::{Reader, read_by};
use moment::Moment;
use objects::{json, object};
use thrown::thrown;

/// A third of the code of the standard library's allocator, and constant time whatever was given back before.
#[cfg(target_arch = "wasm32")]
#[global_allocator]
static ALLOCATOR: rlsf::SmallGlobalTlsf = rlsf::SmallGlobalTlsf::new();

/// A person and what is published, ready to rank.
#[wasm_bindgen]
pub struct Engine {
    device: Device,
}

#[wasm_bindgen]
impl Engine {
    /// Makes ready what is published. The JavaScript around this verified that each part hashes to its version: what does
    /// not, and what could not be fetched, is empty here.
    ///
    /// # Errors
    /// `no-pack` where the pack does not read.
    #[wasm_bindgen(constructor)]
    pub fn new(
        versions: &str,
        pack: &[u8],
        catalog: &[u8],
        popularity: &[u8],
        model: &[u8],
        experiments: &[u8],
        now_ms: f64,
    ) -> Result<Engine, JsValue> {
        let versions: PublishedVersions = read(versions)?;
        let published = Published {
            pack,
            catalog: some(catalog),
            popularity: some(popularity),
            model: some(model),
            experiments: some(experiments),
        };
        let device = Device::open(&Moment::at(now_ms), &versions, published).map_err(thrown)?;
        Ok(Engine { device })
    }

    /// Takes a person over, as `person` gave them.
    ///
    /// # Errors
    /// `invalid-profile`: then nothing changed.
    #[wasm_bindgen(js_name = setPerson)]
    pub fn set_person(&mut self, person: &str) -> Result<(), JsValue> {
        self.device.set_person(DevicePerson::parse(person.as_bytes()).map_err(thrown)?);
        Ok(())
    }

    /// Forgets the person.
    pub fn forget(&mut self) {
        self.device.set_person(DevicePerson::default());
    }

    /// Everything that is to be kept of the person, as JSON.
    pub fn person(&self) -> JsValue {
        JsValue::from_str(&self.device.person().to_json())
    }

    /// Keeps a list of items, or of ids of the catalogue, and returns its number, which is never 0: that is the catalogue's.
    ///
    /// # Errors
    /// The first rule that an item breaks.
    pub fn load(&mut self, items: &str) -> Result<usize, JsValue> {
        Ok(self.device.load(read(items)?).map_err(thrown)?.0 + 1)
    }

    /// Forgets a list.
    pub fn unload(&mut self, list: usize) {
        if let Some(list) = loaded(list) {
            self.device.unload(list);
        }
    }

    /// Orders a list that was loaded, or with 0 what the body says; the body and the answer are those of `POST /recommend`, and
    /// `id` is the decision's.
    ///
    /// # Errors
    /// A request that breaks a rule.
    pub fn rerank(&self, list: usize, request: &str, now_ms: f64, id: String) -> Result<JsValue, JsValue> {
        let moment = Moment { now_ms, id };
        Ok(json(&self.device.rerank(&moment, loaded(list), read(request)?).map_err(thrown)?))
    }

    /// Orders as `rerank` does, with `explain: "terms"`, and returns what `reader` makes of the answer: its `read` is called
    /// with `InNumbers::numbers` and the JSON of `NumbersHead`, whose decision has no id yet. Undefined where numbers do not
    /// say all.
    ///
    /// # Errors
    /// A request that breaks a rule.
    #[wasm_bindgen(js_name = rerankInNumbers)]
    pub fn rerank_in_numbers(
        &self,
        list: usize,
        request: &str,
        now_ms: f64,
        reader: &Reader,
    ) -> Result<JsValue, JsValue> {
        let answer =
            self.device.rerank_in_numbers(&Moment::at(now_ms), loaded(list), read(request)?).map_err(thrown)?;
        Ok(answer.map_or(JsValue::UNDEFINED, |answer| read_by(reader, &answer)))
    }

    /// The id and the category of each item of a list, or with 0 of the catalogue, as the numbers count them.
    ///
    /// # Errors
    /// `not-found` where there is no such list.
    pub fn names(&self, list: usize) -> Result<JsValue, JsValue> {
        Ok(json(&self.device.names(loaded(list)).map_err(thrown)?))
    }

    /// Asks what takes a body, with an API's route of the same body and answer: `explain` (`POST /explain`), `observe`
    /// (`POST /track-interaction`), `feedback` (`POST /feedback`), `changeSettings` (`POST /settings`), `setPreferences`
    /// (`PUT /profile/{userId}/preferences`). `id` is that of what is made, if anything is. One door for all of them, since
    /// each export costs every visitor its JavaScript.
    ///
    /// # Errors
    /// The first rule that the body breaks, `consent-required`, `not-found`: then nothing changed.
    pub fn ask(&mut self, what: &str, body: &str, now_ms: f64, id: String) -> Result<JsValue, JsValue> {
        let moment = Moment { now_ms, id };
        let device = &mut self.device;
        match what {
            "explain" => device.explain(&moment, read(body)?).map(|explanation| json(&explanation)),
            "observe" => device.observe(&moment, read(body)?).map(|report| object(&report)),
            "feedback" => device.give_feedback(&moment, &read(body)?).map(|report| object(&report)),
            "changeSettings" => device.change_settings(&moment, &read(body)?).map(|settings| object(&settings)),
            "setPreferences" => device.set_preferences(&moment, read(body)?).map(|profile| json(&profile)),
            _ => return Ok(JsValue::UNDEFINED),
        }
        .map_err(thrown)
    }

    /// The switches.
    pub fn settings(&self) -> JsValue {
        object(&self.device.person().settings)
    }

    /// The profile, as `GET /profile/{userId}` shows it.
    pub fn profile(&self, now_ms: f64) -> JsValue {
        json(&self.device.profile(&Moment::at(now_ms)))
    }

    /// The variant of a test; undefined where there is no such test, or the person takes part in none.
    ///
    /// # Errors
    /// A context that breaks a rule.
    pub fn assign(&self, test: &str, context: &str, now_ms: f64) -> Result<JsValue, JsValue> {
        match self.device.assign(&Moment::at(now_ms), test, read(context)?).map_err(thrown)? {
            None => Ok(JsValue::UNDEFINED),
            Some(assigned) => Ok(object(&assigned)),
        }
    }
}

/// Nothing for 0. An option of a number would cost every visitor more JavaScript.
fn loaded(number: usize) -> Option<ListId> {
    number.checked_sub(1).map(ListId)
}

fn some(part: &[u8]) -> Option<&[u8]> {
    Some(part).filter(|part| !part.is_empty())
}

fn read<T: Read>(text: &str) -> Result<T, JsValue> {
    read_argument(text.as_bytes()).map_err(|refused| thrown(refused.into()))
}
