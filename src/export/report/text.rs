//! Values, dates and shares as the report writes them.

use chrono::NaiveDate;

use crate::format;
use crate::pipeline::Findings;
use crate::rfm::Unit;

/// The sign of sums of money: the one that was asked for, else that of the file.
pub(super) fn currency(findings: &Findings) -> Option<&str> {
    let asked = findings.recipe.presentation.currency.as_deref();
    asked.or(findings.clean.currency.as_deref()).filter(|sign| !sign.is_empty())
}

/// A date as in "9 December 2011".
pub(super) fn date(day: NaiveDate) -> String {
    day.format("%-d %B %Y").to_string()
}

/// A value of a feature, without the unit but for money and shares.
pub(super) fn value(value: f64, unit: Unit, currency: Option<&str>) -> String {
    match unit {
        Unit::Money => format::money(value, currency),
        Unit::Share => percent(value),
        Unit::Days | Unit::Count => format::number(value, usize::from(value.fract() != 0.0)),
        // What lies near zero keeps two digits that say something.
        _ if value != 0.0 && value.abs() < 0.1 => {
            format::number(value, (1.0 - value.abs().log10().floor()).clamp(2.0, 8.0) as usize)
        }
        _ => format::short(value),
    }
}

/// A share of 0–1; what is not nothing never reads as nothing.
pub(super) fn percent(share: f64) -> String {
    if share > 0.0 && share < 0.0005 { format!("under {}", format::percent(0.001)) } else { format::percent(share) }
}

/// A difference in standard deviations, with its sign.
pub(super) fn difference(value: f64) -> String {
    let text = format::number(value, 2);
    if value > 0.0 && text.bytes().any(|b| (b'1'..=b'9').contains(&b)) { format!("+{text}") } else { text }
}

/// One line of what may have had several, without what cannot be seen.
pub(super) fn line(text: &str) -> String {
    let plain = |c: char| if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}') { ' ' } else { c };
    text.chars().map(plain).collect::<String>().split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The sentence with a capital at its beginning and a full stop at its end.
pub(super) fn sentence(text: &str) -> String {
    let text = line(text);
    let mut letters = text.chars();
    let Some(first) = letters.next() else { return text };
    let end = if text.ends_with(['.', '!', '?', ')', '…']) { "" } else { "." };
    format!("{}{}{end}", first.to_uppercase(), letters.as_str())
}

/// A colour as `#rrggbb`.
pub(super) fn hex([r, g, b, _]: [u8; 4]) -> String {
    format!("#{r:02x}{g:02x}{b:02x}")
}

/// What one unit of frequency is, for the sum over all customers.
pub(super) fn purchases(frequency_of: &str) -> &'static str {
    match frequency_of {
        "days" => "Days with a purchase",
        "invoices" => "Orders",
        _ => "Purchases",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_read_as_people_write_them() {
        assert_eq!(date(NaiveDate::from_ymd_opt(2011, 12, 9).unwrap()), "9 December 2011");
        assert_eq!(value(17.0, Unit::Days, None), "17");
        assert_eq!(value(17.5, Unit::Count, None), "17.5");
        assert_eq!(value(1234.5, Unit::Money, Some("£")), "£1,234");
        assert_eq!(value(0.01234, Unit::Number, None), "0.012");
        assert_eq!(percent(0.0001), "under 0.1 %");
        assert_eq!(percent(0.0), "0.0 %");
        assert_eq!(difference(1.256), "+1.26");
        assert_eq!(difference(0.001), "0.00");
        assert_eq!(difference(-2.0), "−2.00");
    }

    #[test]
    fn sentences_begin_and_end_as_such() {
        assert_eq!(sentence("last purchase within\n31 days"), "Last purchase within 31 days.");
        assert_eq!(sentence("Done (all of it)."), "Done (all of it).");
        assert_eq!(sentence(""), "");
        assert_eq!(line("a\tb\u{0}c\u{2028}d"), "a b c d");
    }
}
