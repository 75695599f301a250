//! Numbers as files write them: which of point and comma is the decimal sign is decided for a column as a whole.

use serde::Serialize;

use super::currency;

/// The sign before the decimals.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Decimal {
    #[default]
    Point,
    Comma,
}

impl Decimal {
    /// `.` or `,`.
    pub fn sign(self) -> char {
        match self {
            Decimal::Point => '.',
            Decimal::Comma => ',',
        }
    }

    /// The other one, which may then separate thousands.
    pub fn other(self) -> Self {
        match self {
            Decimal::Point => Decimal::Comma,
            Decimal::Comma => Decimal::Point,
        }
    }

    /// The decimal sign that a recipe names; `None` for anything but `.` and `,`.
    pub fn of_sign(sign: char) -> Option<Self> {
        [Decimal::Point, Decimal::Comma].into_iter().find(|d| d.sign() == sign)
    }
}

/// How a column writes its numbers.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct NumberStyle {
    pub decimal: Decimal,
    /// Nothing in the column says whether its points or commas are decimal: each stands before exactly three digits.
    /// [`NumberStyle::decimal`] is then what the other columns use, or a point.
    pub ambiguous: bool,
}

/// What the writing of one number says about the decimal sign.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reading {
    /// Nothing: no point and no comma, or both readings are equal.
    Plain,
    /// It can be read with this decimal sign only.
    Only(Decimal),
    /// It is another number with the other sign, as `1,234`.
    Either,
}

/// Nothing before the digits of a number is longer: a currency word, a sign, a parenthesis and spaces.
const LONGEST_PREFIX: usize = 12;

impl NumberStyle {
    /// A style that nobody doubts.
    pub fn of(decimal: Decimal) -> Self {
        NumberStyle { decimal, ambiguous: false }
    }

    /// The number a text stands for in this style: digits with an optional sign before or after, decimals, exponent,
    /// groups of thousands in their places (point or comma, blank, apostrophe; also the Indian 1,23,456), a currency
    /// around it, or accountants' parentheses. A percentage is the share that it is: `12.5%` is 0.125. A text that can
    /// only be read with the other decimal sign is read with that. Words such as `nan` and `inf` are no numbers.
    pub fn parse(&self, text: &str) -> Option<f64> {
        let text = trim(text);
        let first = *text.as_bytes().first()?;
        let plain = matches!(first, b'0'..=b'9' | b'-' | b'+' | b'.')
            && (self.decimal == Decimal::Point || !text.contains('.'));
        if plain && let Ok(number) = text.parse::<f64>() {
            // "-inf" starts with a sign and parses.
            return number.is_finite().then_some(number);
        }
        let bare = undress(text)?;
        let mut digits = body(bare.body, self.decimal).or_else(|| body(bare.body, self.decimal.other()))?;
        if bare.percent {
            // Moving the point in the text is exact, dividing by 100 is not.
            digits.push_str("e-2");
        }
        let number: f64 = digits.parse().ok()?;
        number.is_finite().then_some(if bare.negative { -number } else { number })
    }
}

/// What a text says about the decimal sign of its column; `None` where it is no number.
pub fn weigh(text: &str) -> Option<Reading> {
    let text = trim(text);
    let digits = text.strip_prefix('-').unwrap_or(text);
    if !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit()) {
        return Some(Reading::Plain);
    }
    let bare = undress(text)?;
    let value = |digits: Option<String>| digits.and_then(|d| d.parse::<f64>().ok()).filter(|n| n.is_finite());
    match (value(body(bare.body, Decimal::Point)), value(body(bare.body, Decimal::Comma))) {
        (None, None) => None,
        (Some(_), None) => Some(Reading::Only(Decimal::Point)),
        (None, Some(_)) => Some(Reading::Only(Decimal::Comma)),
        (Some(a), Some(b)) if a == b => Some(Reading::Plain),
        _ => Some(Reading::Either),
    }
}

/// The currency that an amount carries, as it is written: `£`, `EUR`.
pub fn currency(text: &str) -> Option<&str> {
    undress(trim(text))?.currency
}

/// Whether a number is written as a percentage.
pub fn is_percent(text: &str) -> bool {
    text.contains('%') && undress(trim(text)).is_some_and(|bare| bare.percent)
}

/// The sign between thousands of a number read with `decimal`, if there is one.
pub fn thousands_sign(text: &str, decimal: Decimal) -> Option<char> {
    let bare = undress(trim(text))?;
    let whole = bare.body.split(decimal.sign()).next()?;
    whole.chars().find(|c| !c.is_ascii_digit()).filter(|c| is_thousands(*c, decimal))
}

fn trim(text: &str) -> &str {
    text.trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}')
}

/// A number without what stands around its digits.
struct Bare<'a> {
    body: &'a str,
    negative: bool,
    percent: bool,
    currency: Option<&'a str>,
}

/// Takes off signs, parentheses, percent and currency, each at most once and in any order.
fn undress(text: &str) -> Option<Bare<'_>> {
    // Most texts are no numbers: they have no digit, or too much before the first one.
    if text.bytes().position(|b| b.is_ascii_digit())? > LONGEST_PREFIX {
        return None;
    }
    let mut bare = Bare { body: text, negative: false, percent: false, currency: None };
    let (mut signed, mut wrapped) = (false, false);
    loop {
        let body = trim(bare.body);
        if let Some(rest) = round(body) {
            bare.body = rest;
        } else if let Some(inner) =
            body.strip_prefix('(').and_then(|t| t.strip_suffix(')')).filter(|_| !wrapped && !signed)
        {
            (wrapped, signed, bare.negative, bare.body) = (true, true, true, inner);
        } else if let Some((rest, minus)) = sign(body).filter(|_| !signed) {
            (signed, bare.negative, bare.body) = (true, minus, rest);
        } else if let Some(rest) = body.strip_suffix('%').or_else(|| body.strip_prefix('%')).filter(|_| !bare.percent) {
            (bare.percent, bare.body) = (true, rest);
        } else if let Some((currency, rest)) = currency::split(body).filter(|_| bare.currency.is_none()) {
            (bare.currency, bare.body) = (Some(currency), rest);
        } else {
            bare.body = body;
            return body.starts_with(|c: char| c.is_ascii_digit() || c == '.' || c == ',').then_some(bare);
        }
    }
}

/// A round amount up to its decimal sign: `250,` of `250,-` and `250,--`. The dashes stand for no hundredths; only a
/// dash that follows a digit is a minus.
fn round(text: &str) -> Option<&str> {
    let rest = text.trim_end_matches(['-', '–', '—', '−']);
    let whole = rest.strip_suffix([',', '.'])?;
    (rest.len() < text.len() && whole.ends_with(|c: char| c.is_ascii_digit())).then_some(rest)
}

/// A sign before or after the number: the rest, and whether it is a minus.
fn sign(text: &str) -> Option<(&str, bool)> {
    let minus = ['-', '−'];
    text.strip_prefix(minus)
        .or_else(|| text.strip_suffix(minus))
        .map(|rest| (rest, true))
        .or_else(|| text.strip_prefix('+').map(|rest| (rest, false)))
}

/// The digits of a number as Rust reads them; `None` where a sign stands in the wrong place.
fn body(text: &str, decimal: Decimal) -> Option<String> {
    let exponent = text.find(['e', 'E']).unwrap_or(text.len());
    let (mantissa, exponent) = text.split_at(exponent);
    let (whole, fraction) = mantissa.split_once(decimal.sign()).unwrap_or((mantissa, ""));
    let digits = |t: &str| t.bytes().all(|b| b.is_ascii_digit());
    if !digits(fraction) || (whole.is_empty() && fraction.is_empty()) {
        return None;
    }
    if !exponent.is_empty() {
        let power = exponent[1..].strip_prefix(['-', '+']).unwrap_or(&exponent[1..]);
        if power.is_empty() || !digits(power) {
            return None;
        }
    }
    let mut out = String::with_capacity(text.len() + 4);
    match whole.chars().find(|c| !c.is_ascii_digit()) {
        None => out.push_str(whole),
        Some(sign) if is_thousands(sign, decimal) && is_grouped(whole, sign) => {
            out.extend(whole.chars().filter(char::is_ascii_digit));
        }
        Some(_) => return None,
    }
    if !fraction.is_empty() {
        out.push('.');
        out.push_str(fraction);
    }
    out.push_str(exponent);
    Some(out)
}

fn is_thousands(sign: char, decimal: Decimal) -> bool {
    sign == decimal.other().sign() || matches!(sign, ' ' | '\u{a0}' | '\u{202f}' | '\u{2009}' | '\'' | '’')
}

/// Groups of three digits after one to three that do not start with a zero, or the Indian way: three at the end, two
/// in each group before.
fn is_grouped(whole: &str, sign: char) -> bool {
    let groups: Vec<&str> = whole.split(sign).collect();
    let (first, rest) = (groups[0], &groups[1..]);
    let (Some(last), true) = (rest.last(), (1..=3).contains(&first.len()) && !first.starts_with('0')) else {
        return false;
    };
    let digits = groups.iter().all(|g| g.bytes().all(|b| b.is_ascii_digit()));
    let middle = &rest[..rest.len() - 1];
    let by_three = middle.iter().all(|g| g.len() == 3);
    let indian = sign == ',' && first.len() <= 2 && !middle.is_empty() && middle.iter().all(|g| g.len() == 2);
    digits && last.len() == 3 && (by_three || indian)
}

#[cfg(test)]
mod tests {
    use super::*;

    const POINT: NumberStyle = NumberStyle { decimal: Decimal::Point, ambiguous: false };
    const COMMA: NumberStyle = NumberStyle { decimal: Decimal::Comma, ambiguous: false };

    #[test]
    fn numbers_in_the_writings_of_many_countries() {
        for (text, number) in [
            ("6", 6.0),
            (" 2.55 ", 2.55),
            ("-1", -1.0),
            ("1e3", 1000.0),
            ("1.5E-3", 0.0015),
            ("1,234.50", 1234.5),
            ("£1,234.50", 1234.5),
            ("-$12", -12.0),
            ("-£5", -5.0),
            ("£-5", -5.0),
            ("(12.00)", -12.0),
            ("(£12.00)", -12.0),
            ("£(12.00)", -12.0),
            ("12.00-", -12.0),
            ("12-", -12.0),
            ("250,-", 250.0),
            ("1234.-", 1234.0),
            ("€ 1234,-", 1234.0),
            ("1.234,-", 1234.0),
            ("1,234.-", 1234.0),
            ("1234,--", 1234.0),
            ("1234,–", 1234.0),
            ("1234,— €", 1234.0),
            ("-250,-", -250.0),
            ("(250,-)", -250.0),
            ("12 €", 12.0),
            (".5", 0.5),
            ("+3", 3.0),
            ("12.5%", 0.125),
            ("12.3 %", 0.123),
            ("-4%", -0.04),
            ("1'234.50", 1234.5),
            ("1’234’567", 1_234_567.0),
            ("1,23,456", 123_456.0),
            ("12,34,567.89", 1_234_567.89),
            ("1\u{a0}234.5", 1234.5),
            ("EUR 12.50", 12.5),
            ("12.50 GBP", 12.5),
            ("12.50gbp", 12.5),
            ("Rs. 500", 500.0),
            ("Rs.1,23,456.00", 123_456.0),
            ("US$ 5", 5.0),
            ("R$10", 10.0),
            ("99 kr", 99.0),
            ("99 kr.", 99.0),
            ("CHF 1'234.50", 1234.5),
            ("17 zł", 17.0),
            // Only the other decimal sign makes a number of these.
            ("12,5", 12.5),
            ("1.234,56", 1234.56),
            ("0,125", 0.125),
        ] {
            assert_eq!(POINT.parse(text), Some(number), "{text}");
        }
        for (text, number) in [
            ("1.234,56", 1234.56),
            ("12,50 €", 12.5),
            ("1 234,56", 1234.56),
            ("1\u{202f}234\u{202f}567,8", 1_234_567.8),
            ("1.234", 1234.0),
            ("1,234", 1.234),
            ("(1.234,50)", -1234.5),
            ("12,5%", 0.125),
            ("3,5e2", 350.0),
            ("250,-", 250.0),
            ("1.234,--", 1234.0),
            ("1234.-", 1234.0),
            ("6", 6.0),
            ("12.5", 12.5),
        ] {
            assert_eq!(COMMA.parse(text), Some(number), "{text}");
        }
    }

    #[test]
    fn what_is_no_number_is_refused() {
        for text in [
            "",
            "nan",
            "inf",
            "-inf",
            "infinity",
            "1,23,4",
            "C536379",
            "85123A",
            "-",
            "()",
            "£",
            "1.2.3",
            "1 2",
            "12 34",
            "1,,234",
            "1.234.56",
            "--5",
            ",-",
            "5,-5",
            "-5-",
            "(-5)",
            "((5))",
            "5%%",
            "££5",
            "EUR",
            "EUR5USD",
            "12 kg",
            "1e",
            "e5",
            "0x10",
            "٣",
            "１２",
            "12:30",
            "1/2",
            "+49 170 1234567",
            "1,234,56",
            "12kr5",
            "%",
            ",",
            ".",
            "(5",
            "5)",
        ] {
            for style in [POINT, COMMA] {
                assert_eq!(style.parse(text), None, "{text}");
            }
            assert_eq!(weigh(text), None, "{text}");
        }
    }

    #[test]
    fn each_number_says_what_it_knows_about_its_decimal_sign() {
        for text in ["5", "-5", "1 234", "1'234", "£5", "5%"] {
            assert_eq!(weigh(text), Some(Reading::Plain), "{text}");
        }
        for text in ["1.5", "1,234.5", "0.125", "1234.567", "1,234,567", "1,23,456", "12.50 €", "1 234.567"] {
            assert_eq!(weigh(text), Some(Reading::Only(Decimal::Point)), "{text}");
        }
        for text in ["1,5", "1.234,5", "0,125", "1234,567", "1.234.567", "12,50 €", "250,-"] {
            assert_eq!(weigh(text), Some(Reading::Only(Decimal::Comma)), "{text}");
        }
        for text in ["1,234", "1.234", "-12,345", "£123.456"] {
            assert_eq!(weigh(text), Some(Reading::Either), "{text}");
        }
    }

    #[test]
    fn what_stands_around_a_number_is_known() {
        assert_eq!(currency("£1,234.50"), Some("£"));
        assert_eq!(currency("(12,50 EUR)"), Some("EUR"));
        assert_eq!(currency("12.50"), None);
        assert!(is_percent("12 %") && !is_percent("12") && !is_percent("100% cotton"));
        assert_eq!(thousands_sign("1.234,5", Decimal::Comma), Some('.'));
        assert_eq!(thousands_sign("1.234", Decimal::Point), None);
    }
}
