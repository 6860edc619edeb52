//! Recording an exposure at the point of use, through the same door as events, so that it counts once.

use super::happened::AskedExposure;
use super::standing::recorded;
use crate::flows::Host;
use crate::flows::apply::{PersonEvents, apply_events};
use crate::flows::person::Asker;
use crate::ports::{Experiments, People};
use crate::types::{Assignment, Environment, TimeMs, Unit, UnitKind};

/// Records that a unit sees a variant. Returns the row that holds, which may be another's who was quicker; None where
/// nothing was recorded: consent does not cover it, or the store is down.
pub(super) async fn expose<H: Host>(
    host: &H,
    asker: &Asker,
    exposure: AskedExposure,
    now_ms: TimeMs,
) -> Option<Assignment> {
    let (unit, environment, test_name) = (exposure.unit.clone(), exposure.environment, exposure.test_name.clone());
    let mut person = PersonEvents::of(asker.scope, Vec::new(), now_ms);
    person.asked.push(exposure);
    apply_events(host, vec![person]).await.ok()?;
    row_of(host, asker, &unit, environment, &test_name).await
}

/// Reads what is recorded of a unit; None where nothing is, or it cannot be read.
pub(super) async fn row_of<H: Host>(
    host: &H,
    asker: &Asker,
    unit: &Unit,
    environment: Environment,
    test_name: &str,
) -> Option<Assignment> {
    let rows = match unit.kind {
        UnitKind::User => {
            let record = People::load(host, asker.scope, &[]).await.ok()?;
            recorded(asker.scope.user(), record.assignments_json.as_deref())
        }
        UnitKind::Session | UnitKind::Device => {
            Experiments::assignments(host, asker.scope, environment, std::slice::from_ref(unit)).await.ok()?
        }
    };
    rows.into_iter().find(|row| row.environment == environment && row.test_name == test_name && row.unit == *unit)
}
