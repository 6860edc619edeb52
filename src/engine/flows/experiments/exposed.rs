//! Recording an exposure at the point of use, through the same door as events, so that it counts once.

use super::standing::{Stood, recorded};
use crate::flows::Host;
use crate::flows::person::Asker;
use crate::ports::{Experiments, People};
use crate::types::{Assignment, Context, Environment, TimeMs, Unit, UnitKind};

/// Records that a unit sees a variant. Returns the row that holds, which may be another's who was quicker; None where
/// nothing was recorded: consent does not cover it, or the store is down.
pub(super) async fn expose<H: Host>(
    host: &H,
    asker: &Asker,
    unit: Unit,
    stood: &Stood<'_>,
    _context: &Context,
    environment: Environment,
    _now_ms: TimeMs,
) -> Option<Assignment> {
    let rows = match unit.kind {
        UnitKind::User => {
            let record = People::load(host, asker.scope, &[]).await.ok()?;
            recorded(asker.scope.user(), record.assignments_json.as_deref())
        }
        UnitKind::Session | UnitKind::Device => {
            Experiments::assignments(host, asker.scope, environment, std::slice::from_ref(&unit)).await.ok()?
        }
    };
    let name = &stood.decided.test.test_name;
    rows.into_iter().find(|row| row.environment == environment && row.test_name == *name && row.unit == unit)
}
