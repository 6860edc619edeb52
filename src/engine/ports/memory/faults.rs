//! Troubles that a test orders: which call of which port goes wrong, and how.

use serde::{Deserialize, Serialize};

/// The ports that can go wrong. Surroundings cannot: they are the host itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Port {
    /// `People`.
    People,
    /// `InteractionLog`.
    Interactions,
    /// `Library`.
    Library,
    /// `Blobs`.
    Blobs,
    /// `EventQueue`.
    Queue,
    /// `Upkeep`.
    Upkeep,
    /// `Models` and `Neighbours`.
    Models,
    /// `Experiments`.
    Experiments,
}

/// What goes wrong at a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Trouble {
    /// Nothing is done, and the store does not answer.
    Down,
    /// Everything is done, and the answer is lost on the way.
    AnswerLost,
    /// Somebody else writes to the same people first: their revisions move.
    Race,
    /// The queue takes the first message only.
    TakesOne,
}

/// An order for trouble.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fault {
    /// At which port; None counts the calls of all ports together.
    #[serde(default)]
    pub port: Option<Port>,
    /// At which of its calls, from 1; None means at every one.
    #[serde(default)]
    pub call: Option<u32>,
    /// What happens.
    pub trouble: Trouble,
}

impl Port {
    /// The store's name in messages.
    pub(super) fn store(self) -> &'static str {
        match self {
            Self::People | Self::Interactions | Self::Library | Self::Upkeep | Self::Models | Self::Experiments => "d1",
            Self::Blobs => "kv",
            Self::Queue => "queue",
        }
    }

    /// The port's name in the list of calls.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::People => "people",
            Self::Interactions => "interactions",
            Self::Library => "library",
            Self::Blobs => "blobs",
            Self::Queue => "queue",
            Self::Upkeep => "upkeep",
            Self::Models => "models",
            Self::Experiments => "experiments",
        }
    }
}

/// The orders, and the calls made since they were given.
#[derive(Debug, Clone, Default)]
pub(super) struct Plan {
    faults: Vec<Fault>,
    calls: Vec<(Port, &'static str)>,
}

impl Plan {
    /// Gives new orders; counting begins anew.
    pub(super) fn order(&mut self, faults: Vec<Fault>) {
        *self = Self { faults, calls: Vec::new() };
    }

    /// Notes a call and returns the trouble that is ordered for it.
    pub(super) fn enter(&mut self, port: Port, method: &'static str) -> Option<Trouble> {
        let trouble = self.next_trouble(port);
        self.calls.push((port, method));
        trouble
    }

    /// The trouble that is ordered for the next call of a port: the first that fits.
    pub(super) fn next_trouble(&self, port: Port) -> Option<Trouble> {
        let fits = |fault: &&Fault| {
            let made =
                self.calls.iter().filter(|(called, _)| fault.port.is_none_or(|wanted| wanted == *called)).count();
            let is_port = fault.port.is_none_or(|wanted| wanted == port);
            is_port && fault.call.is_none_or(|call| usize::try_from(call).is_ok_and(|call| call == made + 1))
        };
        self.faults.iter().find(fits).map(|fault| fault.trouble)
    }

    /// The calls since the last order, such as `people.load`.
    pub(super) fn calls(&self) -> Vec<String> {
        self.calls.iter().map(|(port, method)| format!("{}.{method}", port.name())).collect()
    }
}
