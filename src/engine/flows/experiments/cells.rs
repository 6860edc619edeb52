//! The cells that an exposure is counted in: everybody, and one for each segment that is known.

use super::definition::Segment;
use super::happened::CountedPerson;
use crate::profile::country_of;
use crate::types::Context;

/// Kinds of devices that have a cell of their own.
const DEVICES: [&str; 3] = ["mobile", "tablet", "desktop"];

/// Returns the names of the cells, that of everybody first, which is empty.
pub(super) fn cells_of(
    segments: &[Segment],
    person: &CountedPerson<'_>,
    context: &Context,
    device_type: Option<&str>,
) -> Vec<String> {
    let mut cells = vec![String::new()];
    for segment in segments {
        let (name, value) = match segment {
            Segment::Country => {
                let own = country_of(context.country.as_deref(), person.pack);
                let own = own.filter(|_| person.may_read_location).or(person.country.as_deref());
                // Clients name countries: what is no code must not make cells without end.
                let is_code = |code: &&str| code.len() == 2 && code.bytes().all(|byte| byte.is_ascii_uppercase());
                ("country", own.filter(is_code))
            }
            Segment::DeviceType => {
                let device = context.device_type.as_deref().or(device_type);
                let known = |device: &str| *DEVICES.iter().find(|known| **known == device).unwrap_or(&"other");
                ("device_type", device.map(known))
            }
            Segment::LifeStage => ("life_stage", person.life_stage.as_deref()),
            Segment::Engagement => ("engagement", person.engagement),
            Segment::Personalization => {
                let is_known = person.before != [0, 0];
                ("personalization", Some(if is_known { "learned" } else { "new" }))
            }
        };
        cells.extend(value.map(|value| [name, "=", value].concat()));
    }
    cells
}
