//! Makes a finished module smaller on its way to the visitor, without changing what any function does.
//!
//! Two things that neither the compiler nor wasm-bindgen do: functions with the same type and the same bytes become one,
//! and functions that look alike become neighbours. gzip looks back 32 KB only, so what is repeated far away is sent
//! again; a good order makes the file that travels a twentieth smaller. Functions that are called most get the smallest
//! numbers, which take one byte in each call. Notes for other tools are left out.

use std::collections::{BTreeSet, HashMap, VecDeque};

use anyhow::Result;
use wasm_encoder::reencode::{Error, Reencode, utils};
use wasm_encoder::{CodeSection, FunctionSection, Module};
use wasmparser::{
    CodeSectionReader, CustomSectionReader, FunctionBody, FunctionSectionReader, Parser, Payload, TypeRef,
};

/// How many bytes in a row make two functions alike.
const GRAM: usize = 6;
/// A run of bytes that more functions than this hold says nothing about any two of them.
const COMMON: usize = 6_000;
/// The latest functions, as far as they count: less than gzip sees, since near copies are cheaper to name.
const LATEST_BYTES: usize = 8_000;
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

    /// The most called ones first, then those that are alike together.
    fn ordered(&self, wasm: &[u8]) -> Result<Renumbering> {
        let mut calls = Calls { counts: vec![0; self.imported as usize + self.bodies.len()] };
        calls.parse_core_module(&mut Module::new(), Parser::new(0), wasm)?;
        let count_of = |place: &usize| calls.counts.get(self.imported as usize + place).copied().unwrap_or(0);
        let mut by_calls: Vec<usize> = (0..self.bodies.len()).collect();
        by_calls.sort_by_key(|place| std::cmp::Reverse(count_of(place)));
        let others = by_calls.split_off(by_calls.len().min(ONE_BYTE.saturating_sub(self.imported) as usize));
        let mut renumbering = Renumbering::new(self.imported);
        renumbering.order = alike_together(&self.bodies, [by_calls, others]);
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

/// Orders bodies, one group after the other: each time the one of which most is repeated in the latest ones.
fn alike_together(bodies: &[Vec<u8>], groups: [Vec<usize>; 2]) -> Vec<usize> {
    let grams: Vec<BTreeSet<&[u8]>> = bodies.iter().map(|body| body.windows(GRAM).collect()).collect();
    let mut repeated = Repeated::of(&grams);
    let mut order = Vec::new();
    let mut latest: VecDeque<(usize, usize)> = VecDeque::new();
    let rank = |repeated: &Repeated<'_>, place: usize| {
        let size = grams.get(place).map_or(0, BTreeSet::len);
        // A short function is soon repeated as a whole: it is worth less.
        ((repeated.counts.get(place).copied().unwrap_or(0) as f64) / (size as f64 + 20.0), size)
    };
    for group in groups {
        let mut left = BTreeSet::from_iter(group);
        while let Some(next) = left.iter().copied().max_by(|a, b| {
            let ((a_share, a_size), (b_share, b_size)) = (rank(&repeated, *a), rank(&repeated, *b));
            a_share.total_cmp(&b_share).then(a_size.cmp(&b_size))
        }) {
            left.remove(&next);
            order.push(next);
            latest.push_back((next, bodies.get(next).map_or(0, Vec::len)));
            repeated.see(grams.get(next), true);
            while latest.iter().map(|(_, bytes)| bytes).sum::<usize>() > LATEST_BYTES {
                let Some((gone, _)) = latest.pop_front() else { break };
                repeated.see(grams.get(gone), false);
            }
        }
    }
    order
}

/// How much of each function stands in the latest ones too.
struct Repeated<'a> {
    /// The functions that hold a run of bytes.
    holders: HashMap<&'a [u8], Vec<usize>>,
    /// How many of the latest functions hold a run of bytes.
    seen: HashMap<&'a [u8], usize>,
    /// For each function, how many of its runs are seen.
    counts: Vec<usize>,
}

impl<'a> Repeated<'a> {
    fn of(grams: &[BTreeSet<&'a [u8]>]) -> Self {
        let mut holders: HashMap<&[u8], Vec<usize>> = HashMap::new();
        for (place, set) in grams.iter().enumerate() {
            for gram in set {
                holders.entry(gram).or_default().push(place);
            }
        }
        holders.retain(|_, places| (2..=COMMON).contains(&places.len()));
        Self { holders, seen: HashMap::new(), counts: vec![0; grams.len()] }
    }

    /// A function came to the latest ones, or left them.
    fn see(&mut self, grams: Option<&BTreeSet<&'a [u8]>>, came: bool) {
        for gram in grams.into_iter().flatten() {
            let times = self.seen.entry(gram).or_default();
            let before = *times;
            *times = if came { before + 1 } else { before.saturating_sub(1) };
            if (before == 0) == (*times == 0) {
                continue;
            }
            for holder in self.holders.get(gram).into_iter().flatten() {
                if let Some(count) = self.counts.get_mut(*holder) {
                    *count = if came { *count + 1 } else { count.saturating_sub(1) };
                }
            }
        }
    }
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

    /// Who made the module, and with which features: no host asks.
    fn parse_custom_section(&mut self, _: &mut Module, _: CustomSectionReader<'_>) -> Result<(), Error<Self::Error>> {
        Ok(())
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
