//! Finds how a column writes its dates.

use super::{DAY, DateStyle, Form, form_of, parse, plausible};
use crate::error::Result;
use crate::intake::intern::VALUES_PER_TICK;

/// What the values of a column say about their style.
#[derive(Debug, Clone, PartialEq)]
pub struct Detected {
    pub style: DateStyle,
    /// Distinct values that are dates in this style.
    pub parsed: usize,
    /// Whether any value has a time of day other than midnight.
    pub time: bool,
    /// The forms that occur, the most common first.
    pub forms: Vec<FormFound>,
}

/// One form of dates in a column.
#[derive(Debug, Clone, PartialEq)]
pub struct FormFound {
    pub form: Form,
    pub style: DateStyle,
    /// Distinct values of this form that are dates.
    pub parsed: usize,
    /// Whether some value of this form can only be read in this order of day and month.
    pub decided: bool,
    /// Distinct values that are another date with day and month the other way round.
    pub both: usize,
    /// Distinct values that are dates only with day and month the other way round.
    pub other: usize,
}

impl Detected {
    /// Whether another order of day and month reads as many values, so that the order is a guess.
    pub fn is_ambiguous(&self) -> bool {
        let mut numeric = self.forms.iter().filter(|f| f.form.is_numeric_order() && is_order(&f.style)).peekable();
        numeric.peek().is_some() && numeric.clone().all(|f| !f.decided) && numeric.any(|f| f.both > 0)
    }
}

/// Share of distinct values that have to be dates for the column to be one of dates.
const DATE_SHARE: f64 = 0.9;

/// Finds the style that reads most of the `total` distinct `values`; `None` unless at least nine in ten are dates in it
/// or, where some files put the day first and some the month, with day and month the other way round.
/// `tick` is called with the number of values done.
///
/// # Errors
/// Those of `tick`.
pub fn detect<'a>(
    values: impl Iterator<Item = &'a str>,
    total: usize,
    tick: &dyn Fn(usize) -> Result<()>,
) -> Result<Option<Detected>> {
    let allowed = total - (DATE_SHARE * total as f64).ceil() as usize;
    let mut tallies = Tallies::default();
    let mut failed = 0;
    for (i, value) in values.enumerate() {
        if i.is_multiple_of(VALUES_PER_TICK) {
            tick(i)?;
        }
        failed += usize::from(!tallies.add(value));
        // The answer is known, whatever the order of the rest.
        if failed > allowed {
            return Ok(None);
        }
    }
    let found = tallies.settle(false);
    let dates = |f: &Detected| f.parsed + f.forms.iter().map(|form| form.other).sum::<usize>();
    Ok(found.filter(|f| dates(f) as f64 >= DATE_SHARE * total as f64))
}

/// The style that reads most of the values, however few: for a column that somebody chose as the date.
pub fn detect_any<'a>(values: impl Iterator<Item = &'a str>) -> Option<DateStyle> {
    let mut tallies = Tallies::default();
    for value in values {
        tallies.add(value);
    }
    tallies.settle(true).map(|found| found.style)
}

/// How many values of one form each style reads.
#[derive(Clone, Default)]
struct Tally {
    month_first: Count,
    day_first: Count,
    /// The style of the form where the order is no question, or the rarer ones.
    plain: Count,
    short_year: Count,
    year_month: Count,
    /// Values that only one of the two orders reads, and those that are different dates in the two.
    only_month_first: usize,
    only_day_first: usize,
    both: usize,
    /// The first and the last field of values of two digits each, a bit for each number.
    firsts: u128,
    lasts: u128,
}

#[derive(Clone, Copy, Default)]
struct Count {
    parsed: usize,
    time: bool,
}

impl Count {
    fn add(&mut self, moment: Option<i64>) -> bool {
        if let Some(seconds) = moment {
            self.parsed += 1;
            self.time |= seconds.rem_euclid(DAY) != 0;
        }
        moment.is_some()
    }
}

#[derive(Default)]
struct Tallies {
    by_form: [Tally; Form::COUNT],
}

const FORMS: [Form; Form::COUNT] = [
    Form::YearFirst,
    Form::Digits,
    Form::Serial,
    Form::Seconds,
    Form::Millis,
    Form::DayWord,
    Form::MonthWord,
    Form::Slashes,
    Form::Dashes,
    Form::Dots,
    Form::Blanks,
];

impl Tallies {
    /// Counts a value; whether any style reads it as a date of our time.
    fn add(&mut self, value: &str) -> bool {
        let Some(form) = form_of(value) else { return false };
        let tally = &mut self.by_form[form as usize];
        let read = |style: DateStyle| parse(value, &style).filter(|s| plausible(*s));
        let found = match form {
            Form::YearFirst => tally.plain.add(read(DateStyle::YearFirst)),
            Form::Digits => tally.plain.add(read(DateStyle::Compact)),
            Form::Serial => tally.plain.add(read(DateStyle::ExcelSerial)),
            Form::Seconds => tally.plain.add(read(DateStyle::EpochSeconds)),
            Form::Millis => tally.plain.add(read(DateStyle::EpochMillis)),
            Form::DayWord => tally.day_first.add(read(DateStyle::DayFirst)),
            Form::MonthWord => {
                let day_first = tally.day_first.add(read(DateStyle::DayFirst));
                tally.month_first.add(read(DateStyle::MonthFirst)) || day_first
            }
            Form::Slashes | Form::Dashes | Form::Dots | Form::Blanks => {
                let (month, day) = (read(DateStyle::MonthFirst), read(DateStyle::DayFirst));
                tally.only_month_first += usize::from(month.is_some() && day.is_none());
                tally.only_day_first += usize::from(day.is_some() && month.is_none());
                tally.both += usize::from(month.is_some() && day.is_some() && month != day);
                let day_first = tally.day_first.add(day);
                // A year of two digits stands before the separator.
                let two = value.trim_start().as_bytes().get(1).is_some_and(u8::is_ascii_digit);
                let short = two && tally.short_year.add(read(DateStyle::ShortYearFirst));
                if short && let Some((first, last)) = outer_fields(value) {
                    tally.firsts |= 1 << first;
                    tally.lasts |= 1 << last;
                }
                tally.month_first.add(month) || day_first || short
            }
        };
        // A month alone is tried last: most dates have three parts.
        found
            || (!matches!(form, Form::Digits | Form::Seconds | Form::Millis | Form::Serial)
                && tally.year_month.add(read(DateStyle::YearMonth)))
    }

    /// The style of the column; numbers that only may be dates count only where `any` style will do.
    fn settle(&self, any: bool) -> Option<Detected> {
        let order = self.order();
        let mut forms: Vec<FormFound> = Vec::new();
        let mut time = false;
        for form in FORMS {
            let tally = &self.by_form[form as usize];
            let Some((style, count)) = tally.best(form, order.as_ref()) else { continue };
            time |= count.time;
            let decided = match style {
                DateStyle::MonthFirst => tally.only_month_first > tally.only_day_first,
                DateStyle::DayFirst => tally.only_day_first > tally.only_month_first,
                _ => true,
            };
            let decided = decided || !form.is_numeric_order();
            let other = match style {
                DateStyle::MonthFirst => tally.only_day_first,
                DateStyle::DayFirst => tally.only_month_first,
                _ => 0,
            };
            let other = if form.is_numeric_order() { other } else { 0 };
            forms.push(FormFound { form, style, parsed: count.parsed, decided, both: tally.both, other });
        }
        forms.sort_by_key(|f| std::cmp::Reverse(f.parsed));
        let is_number = |f: &FormFound| matches!(f.form, Form::Serial | Form::Seconds | Form::Millis);
        // Among dates written as such, a number is one that a spreadsheet or a database left unformatted.
        if !any && forms.first().is_none_or(is_number) {
            return None;
        }
        let parsed = forms.iter().map(|f| f.parsed).sum();
        let style = merge(forms.iter().map(|f| (f.form, f.style.clone())).collect())?;
        Some(Detected { style, parsed, time, forms })
    }

    /// The order of day and month that the forms with evidence of their own vote for; where there is none, dots mean
    /// day first (as in central Europe), anything else month first.
    fn order(&self) -> Option<DateStyle> {
        let numeric = FORMS.iter().filter(|f| f.is_numeric_order()).map(|f| &self.by_form[*f as usize]);
        let numeric = numeric.filter(|t| !t.is_year_first());
        let (month, day) = numeric.fold((0, 0), |(m, d), t| (m + t.only_month_first, d + t.only_day_first));
        match month.cmp(&day) {
            std::cmp::Ordering::Greater => Some(DateStyle::MonthFirst),
            std::cmp::Ordering::Less => Some(DateStyle::DayFirst),
            std::cmp::Ordering::Equal => None,
        }
    }
}

/// The first and the last of three numbers, where both have two digits.
fn outer_fields(text: &str) -> Option<(u32, u32)> {
    let two = |digits: &str| if digits.len() == 2 { digits.parse::<u32>().ok() } else { None };
    let mut fields = text.trim().split(|c: char| !c.is_ascii_digit()).filter(|f| !f.is_empty());
    let first = two(fields.next()?)?;
    Some((first, two(fields.nth(1)?)?))
}

/// Years that a first field of two digits may be where it could as well be a day.
const SHORT_YEARS: std::ops::RangeInclusive<u32> = 15..=35;
/// Neighbouring years that such a column spans at most.
const YEARS_SPANNED: u32 = 10;

impl Tally {
    /// Whether `23-10-05` is a day of 2023: the first fields are few and next to each other, as years are, while the last
    /// ones range as widely as days do.
    fn is_year_first(&self) -> bool {
        let (years, days) = (self.firsts.count_ones(), self.lasts.count_ones());
        if years == 0 {
            return false;
        }
        let (first, last) = (self.firsts.trailing_zeros(), self.firsts.ilog2());
        let most = self.day_first.parsed.max(self.month_first.parsed);
        SHORT_YEARS.contains(&first)
            && SHORT_YEARS.contains(&last)
            && last - first < YEARS_SPANNED
            && days >= (2 * years).max(3)
            && self.short_year.parsed >= most
    }

    /// The style that reads most values of this form, and how many.
    fn best(&self, form: Form, order: Option<&DateStyle>) -> Option<(DateStyle, Count)> {
        let own = match form {
            Form::YearFirst => DateStyle::YearFirst,
            Form::Digits => DateStyle::Compact,
            Form::Serial => DateStyle::ExcelSerial,
            Form::Seconds => DateStyle::EpochSeconds,
            Form::Millis => DateStyle::EpochMillis,
            _ => DateStyle::YearFirst,
        };
        let (first, second) = if self.only_month_first == self.only_day_first {
            let default = if form == Form::Dots { DateStyle::DayFirst } else { DateStyle::MonthFirst };
            let first = order.cloned().unwrap_or(default);
            let second = first.other_order()?;
            (first, second)
        } else {
            (DateStyle::MonthFirst, DateStyle::DayFirst)
        };
        let of = |style: &DateStyle| if *style == DateStyle::DayFirst { self.day_first } else { self.month_first };
        let candidates = [
            (own, self.plain),
            (first.clone(), of(&first)),
            (second.clone(), of(&second)),
            (DateStyle::ShortYearFirst, self.short_year),
            (DateStyle::YearMonth, self.year_month),
        ];
        if self.is_year_first() {
            return Some((DateStyle::ShortYearFirst, self.short_year));
        }
        let most = candidates.iter().map(|(_, c)| c.parsed).max().filter(|&n| n > 0)?;
        candidates.into_iter().find(|(_, c)| c.parsed == most)
    }
}

fn is_order(style: &DateStyle) -> bool {
    matches!(style, DateStyle::MonthFirst | DateStyle::DayFirst)
}

/// One style where all forms agree, else a mixed one.
pub(super) fn merge(parts: Vec<(Form, DateStyle)>) -> Option<DateStyle> {
    let (_, first) = parts.first()?;
    Some(if parts.iter().all(|(_, style)| style == first) { first.clone() } else { DateStyle::Mixed(parts) })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(values: &[&str]) -> Option<Detected> {
        detect(values.iter().copied(), values.len(), &|_| Ok(())).unwrap()
    }

    fn style(values: &[&str]) -> DateStyle {
        found(values).unwrap().style
    }

    #[test]
    fn the_whole_column_decides_the_order() {
        let months_first = found(&["1/2/2011", "3/25/2011", "4/5/2011"]).unwrap();
        assert_eq!((months_first.is_ambiguous(), months_first.style), (false, DateStyle::MonthFirst));
        assert_eq!(style(&["1/2/2011", "25/3/2011"]), DateStyle::DayFirst);
        assert!(found(&["1/2/2011", "3/4/2011"]).unwrap().is_ambiguous());
        assert!(!found(&["3/3/2011", "4/4/2011"]).unwrap().is_ambiguous());
        assert_eq!(style(&["1.2.2011", "3.4.2011"]), DateStyle::DayFirst);
        assert_eq!(style(&["19970101", "19980630"]), DateStyle::Compact);
        assert_eq!(style(&["99-12-31", "98-11-30"]), DateStyle::ShortYearFirst);
        // A day that is always the 23rd in years from 2001 to 2031 is a year.
        for sign in ["-", "/", "."] {
            let dates: Vec<String> =
                ["23-10-05", "23-10-17", "23-11-28", "23-12-01"].iter().map(|d| d.replace('-', sign)).collect();
            let dates: Vec<&str> = dates.iter().map(String::as_str).collect();
            assert_eq!(style(&dates), DateStyle::ShortYearFirst, "{dates:?}");
        }
        assert_eq!(style(&["05-10-23", "17-10-23", "28-11-23", "01-12-23"]), DateStyle::DayFirst);
        assert_eq!(
            style(&["23-10-05 10:15", "24-01-17 09:00", "23-11-28 08:30", "24-12-01 11:00"]),
            DateStyle::ShortYearFirst
        );
        assert_eq!(style(&["2011/12", "2011/11"]), DateStyle::YearMonth);
        assert!(found(&["17850", "13047"]).is_none());
        assert!(found(&["85123A", "71053"]).is_none());
        assert!(found(&["40513", "40514.5"]).is_none());
    }

    #[test]
    fn two_orders_in_one_column_are_dates_in_the_order_of_most() {
        let found = found(&["25/1/2011", "26/1/2011", "27/1/2011", "1/25/2011", "1/26/2011", "1/2/2011"]).unwrap();
        assert_eq!((&found.style, found.parsed, found.forms[0].other), (&DateStyle::DayFirst, 4, 2));
        assert_eq!(style(&["25/1/2011", "26/1/2011", "1/25/2011", "1/26/2011"]), DateStyle::MonthFirst);
    }

    #[test]
    fn forms_without_evidence_follow_those_that_have_some() {
        let mixed = found(&["11-08-2016", "6/22/2016", "10-07-2015"]).unwrap();
        assert_eq!((mixed.is_ambiguous(), &mixed.style), (false, &DateStyle::MonthFirst));
        let dashes = mixed.forms.iter().find(|f| f.form == Form::Dashes).unwrap();
        assert_eq!((dashes.decided, dashes.both, dashes.parsed), (false, 2, 2));
        assert_eq!(style(&["1.2.2011", "12/25/2011"]), DateStyle::MonthFirst);
    }

    #[test]
    fn forms_with_evidence_keep_their_own_order() {
        let mixed = found(&["25-12-2016", "12/25/2016", "1-2-2016", "1/2/2016", "2016-01-31", "42400"]).unwrap();
        let read = |text| super::super::iso(parse(text, &mixed.style).unwrap(), false);
        assert_eq!(read("1-2-2016"), "2016-02-01");
        assert_eq!(read("1/2/2016"), "2016-01-02");
        assert_eq!(read("2016-01-31"), "2016-01-31");
        assert_eq!(read("42400"), "2016-01-31");
        assert_eq!(mixed.parsed, 6);
    }

    #[test]
    fn a_chosen_column_of_numbers_is_read_as_what_it_can_be() {
        assert_eq!(detect_any(["40513.5", "x"].into_iter()), Some(DateStyle::ExcelSerial));
        assert_eq!(detect_any(["1291191965"].into_iter()), Some(DateStyle::EpochSeconds));
        assert_eq!(detect_any(["x"].into_iter()), None);
    }
}
