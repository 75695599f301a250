//! Recency, frequency and monetary as an RFM table has them, turned into what they mean here.

use super::people::People;
use crate::error::{Error, Result};
use crate::format::plural;
use crate::intake::dates::{self, DAY, DateStyle, date_of, day_number};
use crate::intake::kind::{ColumnKind, is_missing};
use crate::intake::{Column, RolesOut};
use chrono::NaiveDate;

/// The axes, one value per customer; NaN where the table has none.
pub(super) struct Axes {
    pub recency: Vec<f64>,
    /// How recency came about, for its definition.
    pub recency_from: String,
    pub frequency: Vec<f64>,
    pub frequency_from: String,
    pub snapshot: Option<NaiveDate>,
    /// First and last day of the last purchases.
    pub days: Option<(NaiveDate, NaiveDate)>,
    pub warnings: Vec<String>,
}

impl Axes {
    /// Recency and frequency as the columns have them. `snapshot` is the recipe's.
    pub fn plain(
        recency: &Column,
        frequency: &Column,
        people: &People,
        roles: &RolesOut,
        snapshot: Option<NaiveDate>,
    ) -> Result<Axes> {
        let counts = people.numbers(frequency);
        let frequency_from = format!("as counted in {:?}", frequency.name);
        if super::is_number(recency) {
            let mut warnings = Vec::new();
            if let Some(day) = snapshot {
                warnings.push(format!(
                    "The snapshot date {day} has no effect: {:?} holds days that were counted already.",
                    recency.name
                ));
            }
            return Ok(Axes {
                recency: people.numbers(recency),
                recency_from: format!("as counted in {:?}", recency.name),
                frequency: counts,
                frequency_from,
                snapshot: None,
                days: None,
                warnings,
            });
        }
        let days = last_days(recency, people, roles)?;
        let (first, last) = match (days.iter().flatten().min(), days.iter().flatten().max()) {
            (Some(&first), Some(&last)) => (first, last),
            _ => return Err(Error::data(format!("no customer has a date in {:?}", recency.name))),
        };
        let snapshot = snapshot.unwrap_or_else(|| date_of(last + 1));
        let today = day_number(snapshot);
        let mut warnings = Vec::new();
        let later = days.iter().flatten().filter(|&&day| day > today).count();
        if later > 0 {
            warnings.push(format!(
                "{} a last purchase after the snapshot date {snapshot} and cannot be placed; left out.",
                plural(later, "customer has", "customers have")
            ));
        }
        let ago = |day: &Option<i32>| day.filter(|&d| d <= today).map_or(f64::NAN, |d| f64::from(today - d));
        Ok(Axes {
            recency: days.iter().map(ago).collect(),
            recency_from: format!("from {:?} to {snapshot}", recency.name),
            frequency: counts,
            frequency_from,
            snapshot: Some(snapshot),
            days: Some((date_of(first), date_of(last))),
            warnings,
        })
    }

    /// Recency and frequency from what models of repeat buying take (Fader, Hardie & Lee 2005, Marketing Science
    /// 24(2)): x repeat purchases, t_x from the first to the last one, T from the first one to the end. Then there
    /// were x + 1 purchases, the last one T − t_x before the end.
    pub fn of_repeat_buying(recency: &Column, frequency: &Column, age: &Column, people: &People) -> Axes {
        let [last, total] = [recency, age].map(|c| people.numbers(c));
        let (unit, days) = unit_of(last.iter().chain(&total));
        let ago = last.iter().zip(&total).map(|(last, total)| {
            let days = (total - last) * days;
            // Published tables are rounded to two decimals; days are whole.
            if unit == "weeks" { days.round().max(0.0) } else { days.max(0.0) }
        });
        let read = match unit {
            "days" => "read as days".to_string(),
            "weeks" => "read as weeks, because seven times each value is a whole number of days".to_string(),
            _ => "of an unknown unit, which the column recency_days then has too".to_string(),
        };
        let warnings = vec![format!(
            "{:?}, {:?} and {:?} are read as models of repeat buying (BG/NBD) count them: recency is the customer's age at \
             the last purchase, and frequency counts repeat purchases. Converted to days since the last purchase \
             ({} − {}, {read}) and to purchases ({} + 1).",
            frequency.name, recency.name, age.name, age.name, recency.name, frequency.name
        )];
        Axes {
            recency: ago.collect(),
            recency_from: format!("{:?} less {:?}", age.name, recency.name),
            frequency: people.numbers(frequency).into_iter().map(|x| x + 1.0).collect(),
            frequency_from: format!("{:?} and the first purchase", frequency.name),
            snapshot: None,
            days: None,
            warnings,
        }
    }
}

/// The unit of times, and its length in days: days where all are whole, weeks where seven times each is (rounding to
/// two decimals allowed).
fn unit_of<'a>(times: impl Iterator<Item = &'a f64> + Clone) -> (&'static str, f64) {
    let whole = |per: f64, slack: f64| {
        times.clone().filter(|t| t.is_finite()).all(|t| ((t * per) - (t * per).round()).abs() <= slack)
    };
    if whole(1.0, 0.0) {
        ("days", 1.0)
    } else if whole(7.0, 0.036) {
        ("weeks", 7.0)
    } else {
        ("unknown", 1.0)
    }
}

/// The day of each customer's last purchase.
fn last_days(column: &Column, people: &People, roles: &RolesOut) -> Result<Vec<Option<i32>>> {
    let style = match (&roles.date_format, &column.kind) {
        (Some(format), _) => Some(DateStyle::Custom(format.clone())),
        (None, ColumnKind::Date { style, .. }) => Some(style.clone()),
        (None, _) => dates::detect_any(column.dict.iter().filter(|t| !is_missing(t))),
    };
    let Some(style) = style else {
        return Err(Error::data(format!(
            "the values of {:?} are neither days nor dates (for example {:?}); choose another column for recency, or say \
             how the dates are written with --date-format",
            column.name,
            column.examples(1).first().copied().unwrap_or("")
        )));
    };
    let day = |text: &str| {
        let moment = dates::parse(text, &style).filter(|s| dates::plausible(*s))?;
        Some(moment.div_euclid(DAY) as i32)
    };
    let of_code: Vec<Option<i32>> = column.dict.iter().map(day).collect();
    Ok(people.rows.iter().map(|&row| of_code[column.codes[row] as usize]).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_are_told_from_all_values() {
        assert_eq!(unit_of([3.0, 0.0, 272.0].iter()).0, "days");
        // 213 and 272 days in weeks, rounded to two decimals.
        assert_eq!(unit_of([30.43, 38.86, 0.0].iter()).0, "weeks");
        assert_eq!(unit_of([30.4, 1.11, 2.5].iter()).0, "unknown");
    }
}
