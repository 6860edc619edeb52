//! Every decision of Nearside: what a person should see next, in which words, and why.
//!
//! **In scope**: profiles, scoring, words, consent, explanations, and the order in which outside things are asked.
//! **Out of scope**: clocks, networks, databases, chance, pixels. Hosts give data and time, and carry answers away.
//!
//! Floors, bottom first; a room imports from floors below its own only (`tests/tidy`).

pub mod math;
pub mod types;

pub mod pack;
pub mod ports;
pub mod wire;

pub mod models;
pub mod privacy;
pub mod profile;
pub mod tracking;

pub mod acceptance;
pub mod affinity;
pub mod analysis;
pub mod collab;
pub mod content;
pub mod context;
pub mod experiments;
pub mod rules;
pub mod segments;
pub mod text;

pub mod scoring;

pub mod ranking;

pub mod explain;

pub mod flows;
