//! Numbers and dates as people read them; the same in the window, in Excel's texts and in sentences.
//!
//! How numbers are written is the one thing here that the whole program shares: sentences are made everywhere, and all of
//! them have to agree. It is set when an analysis starts, from its recipe.

use std::sync::atomic::{AtomicU8, Ordering};

use crate::recipe::Numbers;

static NUMBERS: AtomicU8 = AtomicU8::new(0);

/// From now on numbers are written like this, in the whole program.
pub fn write_numbers_as(numbers: Numbers) {
    let at = Numbers::ALL.iter().position(|n| *n == numbers).unwrap_or(0);
    NUMBERS.store(at as u8, Ordering::Relaxed);
}

/// How numbers are written now.
pub fn numbers() -> Numbers {
    Numbers::ALL[usize::from(NUMBERS.load(Ordering::Relaxed)) % Numbers::ALL.len()]
}

/// `1234567` as `1,234,567`.
pub fn count(n: usize) -> String {
    group(&n.to_string(), numbers())
}

/// A number with thousands separators and `decimals` digits after the point; `–` where there is none.
pub fn number(value: f64, decimals: usize) -> String {
    number_as(value, decimals, numbers())
}

/// The same in a given way of writing.
fn number_as(value: f64, decimals: usize, numbers: Numbers) -> String {
    if !value.is_finite() {
        return "–".into();
    }
    let text = format!("{:.*}", decimals, value.abs());
    let (whole, rest) = text.split_at(text.find('.').unwrap_or(text.len()));
    let sign = if value < 0.0 && text.bytes().any(|b| (b'1'..=b'9').contains(&b)) { "−" } else { "" };
    let rest = rest.replace('.', numbers.decimal().encode_utf8(&mut [0; 4]));
    format!("{sign}{}{rest}", group(whole, numbers))
}

/// A number as it stands in a field to be changed: at most `decimals` digits after the point, none for nothing.
pub fn field(value: f64, decimals: usize) -> String {
    let text = number(value, decimals);
    match text.contains(numbers().decimal()) {
        true => text.trim_end_matches('0').trim_end_matches(numbers().decimal()).into(),
        false => text,
    }
}

/// The number that was typed into a field, in the way numbers are written now; a lone sign that cannot part thousands
/// parts decimals whichever it is.
pub fn typed(text: &str) -> Option<f64> {
    typed_as(text, numbers())
}

fn typed_as(text: &str, numbers: Numbers) -> Option<f64> {
    let text: String = text
        .chars()
        .filter(|c| !c.is_whitespace() && !matches!(c, '’' | '\''))
        .map(|c| if c == '−' { '-' } else { c })
        .collect();
    let decimal = numbers.decimal();
    let other = if decimal == '.' { ',' } else { '.' };
    let parts_thousands = |text: &str| {
        let mut groups = text.split(other);
        let first = groups.next().is_some_and(|g| (1..=3).contains(&g.trim_start_matches('-').len()));
        first && groups.all(|g| g.len() == 3)
    };
    let whole = text.split(decimal).next().unwrap_or_default();
    let plain = match text.matches(other).count() {
        1 if !parts_thousands(whole) && !text.contains(decimal) => text.replace(other, "."),
        _ => text.replace(other, "").replace(decimal, "."),
    };
    plain.parse().ok().filter(|v: &f64| v.is_finite())
}

/// Money with the file's own sign if it has one; whole units from 100 upwards, cents below.
pub fn money(value: f64, currency: Option<&str>) -> String {
    let decimals = if value.abs() >= 100.0 || value == 0.0 { 0 } else { 2 };
    let text = number(value, decimals);
    match (currency, text.strip_prefix('−')) {
        (None, _) => text,
        (Some(sign), Some(rest)) => format!("−{sign}{rest}"),
        (Some(sign), None) => format!("{sign}{text}"),
    }
}

/// A share of 0–1 as `12.3 %`.
pub fn percent(share: f64) -> String {
    format!("{} %", number(share * 100.0, 1))
}

/// A number as short as it can be without misleading: no decimals from 100, one from 10, else two,
/// and none for whole numbers.
pub fn short(value: f64) -> String {
    let decimals = if value.fract() == 0.0 || value.abs() >= 100.0 {
        0
    } else if value.abs() >= 10.0 {
        1
    } else {
        2
    };
    number(value, decimals)
}

/// `n thing` or `n things`.
pub fn plural(n: usize, one: &str, many: &str) -> String {
    format!("{} {}", count(n), if n == 1 { one } else { many })
}

fn group(digits: &str, numbers: Numbers) -> String {
    let separator = match numbers {
        Numbers::Comma => ',',
        Numbers::Point => '.',
        // Narrow, and no place to break a line.
        Numbers::Space => '\u{202f}',
        Numbers::Apostrophe => '’',
    };
    let mut out = String::with_capacity(digits.len() * 4 / 3);
    for (i, c) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(separator);
        }
        out.push(c);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_grouped_and_signed() {
        assert_eq!(count(0), "0");
        assert_eq!(count(123), "123");
        assert_eq!(count(541909), "541,909");
        assert_eq!(number(-1234.567, 1), "−1,234.6");
        assert_eq!(number(-0.001, 1), "0.0");
        assert_eq!(number(f64::NAN, 1), "–");
        assert_eq!(money(8911407.904, Some("£")), "£8,911,408");
        assert_eq!(money(-12.5, Some("£")), "−£12.50");
        assert_eq!(percent(0.1234), "12.3 %");
        assert_eq!(plural(1, "row", "rows"), "1 row");
        assert_eq!(short(3.0), "3");
        assert_eq!(short(33.333), "33.3");
        for numbers in Numbers::ALL {
            assert_eq!(number_as(1_234_567.89, 2, numbers), numbers.example());
            assert_eq!(typed_as(numbers.example(), numbers), Some(1_234_567.89));
            assert_eq!(typed_as("−1 500", numbers), Some(-1500.0));
            assert_eq!((typed_as("0.5", numbers), typed_as("0,5", numbers)), (Some(0.5), Some(0.5)));
            assert_eq!((typed_as("half", numbers), typed_as("", numbers)), (None, None));
        }
        assert_eq!((field(1.5, 3), field(10.0, 2), field(0.1234, 3)), ("1.5".into(), "10".into(), "0.123".into()));
        assert_eq!((typed_as("1.500", Numbers::Point), typed_as("1.500", Numbers::Comma)), (Some(1500.0), Some(1.5)));
    }
}
