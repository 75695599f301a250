//! Worked-out values as a feature of the customers.

use super::values::{NO_MOMENT, NO_WORD, Values};
use crate::intake::dates;
use crate::rfm::{Feature, Unit};

/// Values as a feature; dates become words such as 2011-12-09, which read back as dates.
pub(super) fn feature(name: String, definition: String, unit: Unit, values: Values) -> Feature {
    let label = name.clone();
    let values = match values {
        Values::Numbers(numbers) => return Feature::new(name, label, definition, unit, numbers),
        Values::Dates { seconds, time } => {
            let mut all: Vec<i64> = seconds.iter().copied().filter(|s| *s != NO_MOMENT).collect();
            all.sort_unstable();
            all.dedup();
            let place = |s: &i64| all.binary_search(s).map_or(NO_WORD, |at| at as u32);
            let codes = seconds.iter().map(place).collect();
            Values::Words { codes, names: all.iter().map(|s| dates::iso(*s, time)).collect() }
        }
        words => words,
    };
    let (codes, names) = match used_names(values).in_order() {
        Values::Words { codes, names } => (codes, names),
        _ => (Vec::new(), Vec::new()),
    };
    let numbers = codes.iter().map(|&c| if c == NO_WORD { f64::NAN } else { f64::from(c) }).collect();
    let mut out = Feature::new(name, label, definition, Unit::Words, numbers);
    out.names = Some(names.into());
    out
}

/// Words without the names that nobody has.
fn used_names(values: Values) -> Values {
    let Values::Words { codes, names } = values else { return values };
    let mut used = vec![false; names.len()];
    codes.iter().filter(|c| **c != NO_WORD).for_each(|c| used[*c as usize] = true);
    let mut next = 0;
    let place: Vec<u32> = used
        .iter()
        .map(|used| {
            next += u32::from(*used);
            next.wrapping_sub(1)
        })
        .collect();
    let codes = codes.into_iter().map(|c| if c == NO_WORD { c } else { place[c as usize] }).collect();
    let names = names.into_iter().zip(used).filter(|(_, used)| *used).map(|(name, _)| name).collect();
    Values::Words { codes, names }
}
