//! Signs and words for money around numbers.

/// Signs that may stand before or after an amount of money.
const SIGNS: &[char] = &[
    '£', '$', '€', '¥', '₹', '₽', '₺', '₩', '₪', '₴', '₫', '฿', '₱', '₦', '₡', '₲', '₵', '₸', '₼', '₾', '₤', '円', '元',
];
/// Words for money, longer ones before their beginnings. Case does not matter.
const WORDS: &[&str] = &[
    "US$", "AU$", "CA$", "NZ$", "HK$", "MX$", "A$", "C$", "R$", "S$", "Rs.", "Rs", "kr.", "kr", "SFr.", "SFr", "Fr.",
    "zł", "Kč", "Ft", "lei", "лв.", "лв", "руб.", "руб", "TL", "EUR", "USD", "GBP", "CHF", "SEK", "NOK", "DKK", "ISK",
    "PLN", "CZK", "HUF", "RON", "BGN", "RUB", "UAH", "TRY", "JPY", "CNY", "INR", "AUD", "CAD", "NZD", "SGD", "HKD",
    "KRW", "TWD", "THB", "MYR", "IDR", "PHP", "VND", "BRL", "MXN", "ARS", "CLP", "COP", "PEN", "ZAR", "NGN", "KES",
    "EGP", "ILS", "AED", "SAR", "PKR",
];
/// A currency before or after the number, and the rest.
pub(super) fn split(text: &str) -> Option<(&str, &str)> {
    let (first, last) = (text.chars().next()?, text.chars().next_back()?);
    if SIGNS.contains(&first) {
        return Some(text.split_at(first.len_utf8()));
    }
    if SIGNS.contains(&last) && !text.ends_with("S$") {
        let (rest, currency) = text.split_at(text.len() - last.len_utf8());
        return Some((currency, rest));
    }
    let alphabetic = |c: char| c.is_alphabetic() || c == '.' || c == '$';
    if !first.is_alphabetic() && !alphabetic(last) {
        return None;
    }
    let equal = |a: &str, b: &str| a.eq_ignore_ascii_case(b) || (!b.is_ascii() && a.to_lowercase() == b.to_lowercase());
    WORDS.iter().find_map(|word| {
        if let Some(head) = text.get(..word.len()).filter(|head| equal(head, word)) {
            let rest = &text[word.len()..];
            return rest.starts_with(|c: char| !c.is_alphabetic()).then_some((head, rest));
        }
        let at = text.len().checked_sub(word.len())?;
        let tail = text.get(at..).filter(|tail| equal(tail, word))?;
        let rest = &text[..at];
        rest.ends_with(|c: char| !c.is_alphabetic()).then_some((tail, rest))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn currencies_stand_on_either_side() {
        for (text, currency, rest) in [
            ("£5", "£", "5"),
            ("5 €", "€", "5 "),
            ("EUR 5", "EUR", " 5"),
            ("5kr.", "kr.", "5"),
            ("Rs.5", "Rs.", "5"),
            ("R$ 5", "R$", " 5"),
            ("5 zł", "zł", "5 "),
        ] {
            assert_eq!(split(text), Some((currency, rest)), "{text}");
        }
        for text in ["5", "EURO 5", "5 kg", "Kran 5", "", "x"] {
            assert_eq!(split(text), None, "{text}");
        }
    }
}
