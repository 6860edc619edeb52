//! What has no purpose switched on is not read: it is taken out before any opinion can see it.

use super::state::ProfileState;
use crate::pack::Pack;
use crate::types::{Allowed, Purpose, Stated};

/// Returns the learned part that may be read: all of it or none.
pub fn redact_state(state: ProfileState, allowed: Allowed) -> ProfileState {
    if allowed.behavioral { state } else { ProfileState::empty() }
}

/// Returns the stated facts whose purposes are switched on. Display preferences need none beyond the master switch.
pub fn redact_stated(stated: Stated, pack: &Pack, allowed: Allowed) -> Stated {
    if !allowed.personalization {
        return Stated::default();
    }
    let mut kept = stated;
    if !allowed.demographics {
        kept.age = None;
        kept.income_level = None;
        kept.net_worth_level = None;
        kept.risk_tolerance = None;
    }
    if !allowed.location {
        kept.country = None;
    }
    if !allowed.behavioral && !allowed.demographics {
        // Interests and expertise are of the person, whatever they are called; in privacy mode nothing of the kind is read.
        kept.recommendation_categories_preferred.clear();
        kept.self_reported_expertise = None;
    }
    kept.attributes.retain(|name, _| {
        let declared = pack.attributes.profile.get(name);
        declared.is_some_and(|declared| is_allowed(declared.purpose.unwrap_or(Purpose::Demographics), allowed))
    });
    kept
}

fn is_allowed(purpose: Purpose, allowed: Allowed) -> bool {
    match purpose {
        Purpose::Behavioral => allowed.behavioral,
        Purpose::Demographics => allowed.demographics,
        Purpose::Location => allowed.location,
        Purpose::Experiments => allowed.experiments,
        Purpose::ThirdParty => allowed.third_party,
        Purpose::Sharing => allowed.sharing,
    }
}
