//! Random worlds in which every host must say the same: a catalogue and a model; and in each some people, with a history and
//! a request. Everything is made of one number, so a failure is named by it.

mod answer;
mod case;
mod model;
mod world;

use std::cell::RefCell;

use nearside_engine::flows::Device;
use nearside_engine::math::sha256_hex;
use nearside_engine::types::Decision;
use serde::Deserialize;
use serde_json::Value;
use wasm_bindgen::prelude::wasm_bindgen;

use answer::{by_device, by_worker, device_of};
pub use case::Case;
use world::World;

/// Cases of one world.
const CASES_A_WORLD: u32 = 50;

/// The packs that worlds are made of.
#[wasm_bindgen]
pub struct Parity {
    packs: Vec<Folder>,
    /// The world of the latest case, and the device in it.
    last: RefCell<Option<Known>>,
}

/// A world that was drawn, and the device in it.
struct Known {
    number: u32,
    world: World,
    device: Device,
}

/// A pack with the items that catalogues are drawn from.
#[derive(Deserialize)]
pub struct Folder {
    /// The pack.
    pub pack: Value,
    /// Its items.
    pub items: Vec<Value>,
}

#[wasm_bindgen]
impl Parity {
    /// Takes `[{"pack": …, "items": […]}, …]`.
    #[wasm_bindgen(constructor)]
    pub fn new(folders: &str) -> Parity {
        let mut packs: Vec<Folder> = serde_json::from_str(folders).expect("the folders read");
        for folder in &mut packs {
            as_javascript_prints(&mut folder.pack);
            folder.items.iter_mut().for_each(as_javascript_prints);
        }
        Parity { packs, last: RefCell::default() }
    }

    /// True where a case is the first of its world.
    pub fn begins(&self, seed: u32) -> bool {
        seed.is_multiple_of(CASES_A_WORLD)
    }

    /// The world of a case as JSON, every document in it a text: what is published.
    pub fn world(&self, seed: u32) -> String {
        self.within(seed, |known| serde_json::to_string(&known.world.published()).expect("a world is plain data"))
    }

    /// A case as JSON, every document in it a text: what the person said and did, and what is asked.
    pub fn case(&self, seed: u32) -> String {
        serde_json::to_string(&self.drawn(seed)).expect("a case is plain data")
    }

    /// What this host answers: the decision, an explanation, the profile and the document to keep, a line each.
    pub fn answer(&self, seed: u32) -> String {
        let case = self.drawn(seed);
        self.within(seed, |known| by_device(&mut known.device, &case))
    }

    /// The hash over the answers of cases `from` to `end`, `end` not among them.
    pub fn digest(&self, from: u32, end: u32) -> String {
        let answers: Vec<String> = (from..end).map(|seed| sha256_hex(self.answer(seed).as_bytes())).collect();
        sha256_hex(answers.concat().as_bytes())
    }
}

/// Whole numbers without a fraction, so that a folder makes the same bytes whoever read it.
fn as_javascript_prints(value: &mut Value) {
    match value {
        Value::Array(list) => list.iter_mut().for_each(as_javascript_prints),
        Value::Object(members) => members.values_mut().for_each(as_javascript_prints),
        Value::Number(number) => {
            let whole = number.as_f64().filter(|one| one.fract() == 0.0 && one.abs() < 9e15);
            if let Some(whole) = whole {
                *value = (whole as i64).into();
            }
        }
        _ => {}
    }
}

impl Parity {
    /// The case of a seed.
    pub fn drawn(&self, seed: u32) -> Case {
        self.within(seed, |known| Case::drawn(&known.world, u64::from(seed)))
    }

    /// What the Worker's own flows answer.
    ///
    /// # Errors
    /// What they refuse, in their words.
    pub fn by_worker(&self, seed: u32) -> Result<Decision, String> {
        let case = self.drawn(seed);
        self.within(seed, |known| by_worker(&known.world, &case))
    }

    fn within<T>(&self, seed: u32, look: impl FnOnce(&mut Known) -> T) -> T {
        let number = seed / CASES_A_WORLD;
        let mut last = self.last.borrow_mut();
        let known = last.take().filter(|known| known.number == number).unwrap_or_else(|| {
            let world = World::drawn(&self.packs[number as usize % self.packs.len()], u64::from(number));
            let device = device_of(&world);
            Known { number, world, device }
        });
        look(last.insert(known))
    }
}
