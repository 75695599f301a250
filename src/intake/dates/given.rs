//! What the date format of a recipe stands for.

use super::DateStyle;

/// In a recipe: the day stands before the month wherever both are numbers. Everything else is as it was found, so that
/// columns with and without a time of day, or of mixed styles, can be settled by one answer.
pub const DAY_FIRST: &str = "day_first";
/// The same for the month before the day.
pub const MONTH_FIRST: &str = "month_first";

/// The style that `format` asks for in a column that was found to be written as `found`: one of the two words above, or
/// strftime codes.
pub fn given(format: &str, found: Option<&DateStyle>) -> DateStyle {
    let order = match format.trim() {
        DAY_FIRST => DateStyle::DayFirst,
        MONTH_FIRST => DateStyle::MonthFirst,
        _ => return DateStyle::Custom(format.to_string()),
    };
    match found {
        Some(DateStyle::Mixed(parts)) => {
            let settled = parts.iter().map(|(form, style)| {
                let open = form.is_numeric_order() && style.other_order().is_some();
                (*form, if open { order.clone() } else { style.clone() })
            });
            DateStyle::Mixed(settled.collect())
        }
        // A year in front leaves nothing to settle.
        Some(style) if style.other_order().is_none() => style.clone(),
        _ => order,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::intake::dates::{Form, iso, parse};

    #[test]
    fn an_order_settles_what_it_can_and_leaves_the_rest() {
        let read = |text: &str, style: &DateStyle| parse(text, style).map(|s| iso(s, false));
        let style = given(DAY_FIRST, Some(&DateStyle::MonthFirst));
        assert_eq!(read("12/1/2010 8:26", &style).as_deref(), Some("2010-01-12"));
        assert_eq!(read("12/1/2010", &style).as_deref(), Some("2010-01-12"));
        assert_eq!(given(MONTH_FIRST, Some(&DateStyle::YearFirst)), DateStyle::YearFirst);
        let mixed =
            DateStyle::Mixed(vec![(Form::Slashes, DateStyle::MonthFirst), (Form::YearFirst, DateStyle::YearFirst)]);
        let style = given(DAY_FIRST, Some(&mixed));
        assert_eq!(read("12/1/2010", &style).as_deref(), Some("2010-01-12"));
        assert_eq!(read("2010-12-01", &style).as_deref(), Some("2010-12-01"));
        assert_eq!(given("%d.%m.%Y", None), DateStyle::Custom("%d.%m.%Y".into()));
    }
}
