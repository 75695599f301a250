//! What would lift a customer, in words.

use chrono::NaiveDate;

use super::standing::{Better, Raise};
use crate::format;
use crate::intake::dates::{date_of, day_number};
use crate::rfm::RfmOut;

/// A change of one value, for example "2 more orders", "£120.50 more" or "a purchase in the last 33 days (on or after
/// 2011-11-07)".
pub fn raise(rfm: &RfmOut, raise: &Raise, currency: Option<&str>) -> String {
    match raise.axis {
        0 => recency(raise.to, rfm.snapshot),
        1 => {
            let (one, many) = match rfm.frequency_of {
                "invoices" => ("order", "orders"),
                "days" => ("day with a purchase", "days with a purchase"),
                "rows" => ("purchase row", "purchase rows"),
                _ => ("purchase", "purchases"),
            };
            let more = raise.to - raise.from;
            let decimals = usize::from(more.fract() != 0.0);
            format!("{} more {}", format::number(more, decimals), if more == 1.0 { one } else { many })
        }
        _ => {
            // Rounded up, so that the amount is enough.
            let more = ((raise.to - raise.from) * 100.0 - 1e-6).ceil() / 100.0;
            format!("{} more", exact_money(more, currency))
        }
    }
}

fn recency(days: f64, snapshot: Option<NaiveDate>) -> String {
    let Some(snapshot) = snapshot else {
        return format!("a purchase at most {} ago", format::plural(days as usize, "day", "days"));
    };
    if days == 0.0 {
        return format!("a purchase on the snapshot date, {snapshot}");
    }
    let since = date_of(day_number(snapshot) - days as i32);
    format!("a purchase in the last {} (on or after {since})", format::plural(days as usize, "day", "days"))
}

/// Money to the cent: an amount that decides is not rounded.
fn exact_money(value: f64, currency: Option<&str>) -> String {
    format!("{}{}", currency.unwrap_or(""), format::number(value, 2))
}

/// The changes that together lead to a better segment, joined.
pub fn better(rfm: &RfmOut, better: &Better, currency: Option<&str>) -> String {
    let parts: Vec<String> = better.raises.iter().map(|r| raise(rfm, r, currency)).collect();
    match parts.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, before)) => format!("{} and {last}", before.join(", ")),
        None => String::new(),
    }
}
