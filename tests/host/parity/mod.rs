//! Random worlds in which every host must say the same: a catalogue and a model; and in each some people, with a history and
//! a request. Everything is made of one number, so a failure is named by it.

mod answer;
mod case;
mod model;
mod world;

use std::cell::RefCell;

use nearside_engine::flows::Device;
use nearside_engine::math::sha256_hex;
use serde::Deserialize;
use serde_json::Value;
use wasm_bindgen::prelude::wasm_bindgen;

pub use answer::by_worker;
use answer::{by_device, device_of};
pub use case::Case;
pub use world::World;

/// Cases of one world.
const CASES_A_WORLD: u32 = 50;

/// The packs that worlds are made of.
#[wasm_bindgen]
pub struct Parity {
    packs: Vec<Folder>,
    /// The world that was answered last, and the device in it.
    last: RefCell<Option<(u32, Device)>>,
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
        Parity { packs: serde_json::from_str(folders).expect("the folders read"), last: RefCell::default() }
    }

    /// The world of a case as JSON, every document in it a text: what is published.
    pub fn world(&self, seed: u32) -> String {
        serde_json::to_string(&self.drawn_world(seed).published()).expect("a world is plain data")
    }

    /// A case as JSON, every document in it a text: what the person said and did, and what is asked.
    pub fn case(&self, seed: u32) -> String {
        serde_json::to_string(&self.drawn(seed)).expect("a case is plain data")
    }

    /// What this host answers: the decision, an explanation, the profile and the document to keep, a line each.
    pub fn answer(&self, seed: u32) -> String {
        let number = seed / CASES_A_WORLD;
        let mut last = self.last.borrow_mut();
        let is_known = last.as_ref().is_some_and(|(known, _)| *known == number);
        if !is_known {
            *last = Some((number, device_of(&self.drawn_world(seed))));
        }
        let (_, device) = last.as_mut().expect("it was put there");
        by_device(device, &self.drawn(seed))
    }

    /// The hash over the answers of cases `from` to `end`, `end` not among them.
    pub fn digest(&self, from: u32, end: u32) -> String {
        let answers: Vec<String> = (from..end).map(|seed| sha256_hex(self.answer(seed).as_bytes())).collect();
        sha256_hex(answers.concat().as_bytes())
    }
}

impl Parity {
    /// The world of a seed.
    pub fn drawn_world(&self, seed: u32) -> World {
        let number = seed / CASES_A_WORLD;
        World::drawn(&self.packs[number as usize % self.packs.len()], u64::from(number))
    }

    /// The case of a seed.
    pub fn drawn(&self, seed: u32) -> Case {
        Case::drawn(&self.drawn_world(seed), u64::from(seed))
    }
}
