//! Makes a finished module smaller on its way to the visitor, without changing what any function does.
//!
//! Two things that neither the compiler nor wasm-bindgen do: functions with the same type and the same bytes become one,
//! and functions that look alike become neighbours. gzip looks back 32 KB only, so what is repeated far away is sent
//! again; a good order makes the file that travels a twentieth smaller. Functions that are called most get the smallest
//! numbers, which take one byte in each call.

use std::collections::{BTreeSet, HashMap};

use anyhow::Result;
use wasm_encoder::reencode::{Error, Reencode, utils};
use wasm_encoder::{CodeSection, FunctionSection, Module};
use wasmparser::{CodeSectionReader, FunctionBody, FunctionSectionReader, Parser, Payload, TypeRef};

/// How many bytes in a row make two functions alike.
const GRAM: usize = 5;
/// A run of bytes that more functions than this hold says nothing about any two of them.
const COMMON: usize = 1000;
/// Numbers below this take one byte.
const ONE_BYTE: u32 = 128;

/// Returns the module with functions merged and in a better order.
pub(crate) fn shrink(wasm: &[u8]) -> Result<Vec<u8>> {
    let mut wasm = wasm.to_vec();
    // Callers of merged functions may become the same in turn.
    loop {
        let functions = Functions::of(&wasm)?;
        let renumbering = functions.merged();
        if renumbering.order.len() == functions.bodies.len() {
            break;
        }
        wasm = renumbering.apply(&wasm)?;
    }
    Functions::of(&wasm)?.ordered(&wasm)?.apply(&wasm)
}

/// What a module defines.
struct Functions {
    imported: u32,
    types: Vec<u32>,
    bodies: Vec<Vec<u8>>,
}

impl Functions {
    fn of(wasm: &[u8]) -> Result<Self> {
        let mut functions = Self { imported: 0, types: Vec::new(), bodies: Vec::new() };
        for payload in Parser::new(0).parse_all(wasm) {
            match payload? {
                Payload::ImportSection(section) => {
                    for import in section.into_imports() {
                        functions.imported += u32::from(matches!(import?.ty, TypeRef::Func(_)));
                    }
                }
                Payload::FunctionSection(section) => functions.types = section.into_iter().collect::<Result<_, _>>()?,
                Payload::CodeSectionEntry(body) => functions.bodies.push(body.as_bytes().to_vec()),
                _ => {}
            }
        }
        Ok(functions)
    }

    /// The first of each kind of function stands for all of its kind.
    fn merged(&self) -> Renumbering {
        let mut known: HashMap<(u32, &[u8]), u32> = HashMap::new();
        let mut renumbering = Renumbering::new(self.imported);
        for (place, (kind, body)) in self.types.iter().zip(&self.bodies).enumerate() {
            let next = self.imported + renumbering.order.len() as u32;
            let number = *known.entry((*kind, body)).or_insert(next);
            renumbering.numbers.push(number);
            if number == next {
                renumbering.order.push(place);
            }
        }
        renumbering
    }

    /// The most called ones first, then a chain in which each is followed by the one most like it.
    fn ordered(&self, wasm: &[u8]) -> Result<Renumbering> {
        let mut calls = Calls { counts: vec![0; self.imported as usize + self.bodies.len()] };
        calls.parse_core_module(&mut Module::new(), Parser::new(0), wasm)?;
        let count_of = |place: &usize| calls.counts.get(self.imported as usize + place).copied().unwrap_or(0);
        let mut by_calls: Vec<usize> = (0..self.bodies.len()).collect();
        by_calls.sort_by_key(|place| std::cmp::Reverse(count_of(place)));
        by_calls.truncate(ONE_BYTE.saturating_sub(self.imported) as usize);
        let mut renumbering = Renumbering::new(self.imported);
        renumbering.order = chain(&self.bodies, by_calls);
        let mut numbers = vec![0; self.bodies.len()];
        for (number, place) in (self.imported..).zip(&renumbering.order) {
            if let Some(known) = numbers.get_mut(*place) {
                *known = number;
            }
        }
        renumbering.numbers = numbers;
        Ok(renumbering)
    }
}

/// Continues `order` with all other bodies, each followed by the one most like it.
fn chain(bodies: &[Vec<u8>], mut order: Vec<usize>) -> Vec<usize> {
    let grams: Vec<BTreeSet<&[u8]>> = bodies.iter().map(|body| body.windows(GRAM).collect()).collect();
    let mut holders: HashMap<&[u8], Vec<usize>> = HashMap::new();
    for (place, set) in grams.iter().enumerate() {
        for gram in set {
            holders.entry(gram).or_default().push(place);
        }
    }
    holders.retain(|_, places| (2..=COMMON).contains(&places.len()));
    let mut left: BTreeSet<usize> = (0..bodies.len()).filter(|place| !order.contains(place)).collect();
    let mut current = None;
    while !left.is_empty() {
        let mut shared: HashMap<usize, usize> = HashMap::new();
        for gram in current.and_then(|place: usize| grams.get(place)).into_iter().flatten() {
            for place in holders.get(gram).into_iter().flatten().filter(|place| left.contains(place)) {
                *shared.entry(*place).or_default() += 1;
            }
        }
        let size = |place: usize| grams.get(place).map_or(0, BTreeSet::len);
        let likeness = |(place, shared): (usize, usize)| shared as f64 / (size(place) as f64 + 20.0);
        let best = shared.into_iter().max_by(|a, b| likeness(*a).total_cmp(&likeness(*b)).then(b.0.cmp(&a.0)));
        let next = best.map(|(place, _)| place).or_else(|| left.iter().copied().max_by_key(|place| size(*place)));
        if let Some(next) = next {
            left.remove(&next);
            order.push(next);
        }
        current = next;
    }
    order
}

/// New numbers for the functions of a module.
struct Renumbering {
    imported: u32,
    /// The new number of each function that the module defines.
    numbers: Vec<u32>,
    /// The old places of those that stay, in their new order.
    order: Vec<usize>,
}

impl Renumbering {
    fn new(imported: u32) -> Self {
        Self { imported, numbers: Vec::new(), order: Vec::new() }
    }

    fn apply(mut self, wasm: &[u8]) -> Result<Vec<u8>> {
        let mut module = Module::new();
        self.parse_core_module(&mut module, Parser::new(0), wasm)?;
        Ok(module.finish())
    }
}

impl Reencode for Renumbering {
    type Error = std::convert::Infallible;

    fn function_index(&mut self, old: u32) -> Result<u32, Error<Self::Error>> {
        let defined = old.checked_sub(self.imported).and_then(|place| self.numbers.get(place as usize));
        Ok(defined.copied().unwrap_or(old))
    }

    fn parse_function_section(
        &mut self,
        functions: &mut FunctionSection,
        section: FunctionSectionReader<'_>,
    ) -> Result<(), Error<Self::Error>> {
        let types = section.into_iter().collect::<Result<Vec<u32>, _>>()?;
        for kind in self.order.iter().filter_map(|place| types.get(*place)) {
            functions.function(*kind);
        }
        Ok(())
    }

    fn parse_code_section(
        &mut self,
        code: &mut CodeSection,
        section: CodeSectionReader<'_>,
    ) -> Result<(), Error<Self::Error>> {
        let bodies = section.into_iter().collect::<Result<Vec<FunctionBody<'_>>, _>>()?;
        for place in self.order.clone() {
            if let Some(body) = bodies.get(place) {
                self.parse_function_body(code, body.clone())?;
            }
        }
        Ok(())
    }
}

/// Counts how often each function is named.
struct Calls {
    counts: Vec<usize>,
}

impl Reencode for Calls {
    type Error = std::convert::Infallible;

    fn function_index(&mut self, number: u32) -> Result<u32, Error<Self::Error>> {
        if let Some(count) = self.counts.get_mut(number as usize) {
            *count += 1;
        }
        Ok(utils::function_index(self, number))
    }
}
