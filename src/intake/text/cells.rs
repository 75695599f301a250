//! What the text of a cell looks like, at a glance: enough to tell a good cut from a bad one, and a header from data.

/// The look of one cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Look {
    Empty,
    /// Digits with the signs that numbers, money and percentages have, in any locale.
    Number,
    /// Digits and separators as dates and times have them.
    Date,
    Text,
}

/// Looks at a cell.
pub(super) fn look(cell: &[u8]) -> Look {
    let text = cell.trim_ascii();
    if text.is_empty() {
        return Look::Empty;
    }
    if text.len() > 40 {
        return Look::Text;
    }
    let (mut digits, mut letters, mut dots, mut date_signs, mut colons, mut other, mut blanks) = (0, 0, 0, 0, 0, 0, 0);
    for &b in text {
        match b {
            b'0'..=b'9' => digits += 1,
            b'.' | b',' | b'\'' => dots += 1,
            b'-' | b'/' => date_signs += 1,
            b':' => colons += 1,
            b' ' | 0xA0 => blanks += 1,
            b'+' | b'%' | b'$' | b'(' | b')' | 0x80 | 0xA3 | 0xC2 | 0xE2 | 0x82 | 0xAC => other += 1,
            _ if b.is_ascii_alphabetic() => letters += 1,
            _ => return Look::Text,
        }
    }
    if digits == 0 {
        return Look::Text;
    }
    if letters == 0 {
        let year_first = text.iter().take_while(|b| b.is_ascii_digit()).count();
        // 2010-12-01, 1/12/2010 8:26, 01.12.2010, 08:26:00; a minus in front belongs to a number.
        let signs_inside = text[1..].iter().filter(|b| matches!(b, b'-' | b'/')).count();
        let dotted = dots == 2
            && text.iter().filter(|b| **b == b'.').count() == 2
            && (year_first == 4 || year_first <= 2)
            && digits >= 5;
        if colons > 0 && other == 0 || signs_inside == 2 && digits >= 4 || dotted && other == 0 && blanks == 0 {
            return Look::Date;
        }
        return if date_signs <= 1 && colons == 0 { Look::Number } else { Look::Text };
    }
    // 1e-5, 12.50 EUR, 9-Dec-11, 2010-12-01T08:26:00Z, 8:26 PM.
    let word = |w: &[u8]| text.to_ascii_lowercase().windows(w.len()).any(|part| part == w);
    const MONTHS: [&[u8]; 12] =
        [b"jan", b"feb", b"mar", b"apr", b"may", b"jun", b"jul", b"aug", b"sep", b"oct", b"nov", b"dec"];
    if digits >= 3 && letters <= 10 && MONTHS.iter().any(|m| word(m)) && (date_signs + blanks + dots) >= 1 {
        return Look::Date;
    }
    if colons > 0 && letters <= 3 && (date_signs >= 2 || word(b"am") || word(b"pm")) {
        return Look::Date;
    }
    let exponent = letters == 1 && word(b"e") && text[0].is_ascii_digit() | matches!(text[0], b'-' | b'+' | b'.');
    if exponent && text[text.len() - 1].is_ascii_digit() {
        return Look::Number;
    }
    Look::Text
}

impl Look {
    /// Numbers and dates: what a name of a column does not look like.
    pub(super) fn is_value(self) -> bool {
        matches!(self, Look::Number | Look::Date)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn looks() {
        for number in
            ["1", "-1.5", "1.234,56", "£1,234.50", "(12.00)", "12.5%", "1e-5", "-4.9E-17", "12.00-", "1 234,5"]
        {
            assert_eq!(look(number.as_bytes()), Look::Number, "{number}");
        }
        for date in [
            "2010-12-01",
            "1/12/2010 8:26",
            "01.12.2010",
            "9-Dec-11",
            "Dec 9, 2011",
            "08:26",
            "12/1/10 8:26 PM",
            "2010-12-01T08:26:00Z",
        ] {
            assert_eq!(look(date.as_bytes()), Look::Date, "{date}");
        }
        for text in ["C536379", "85123A", "a", "WHITE HANGING HEART", "-", "10% off on monday", "A-1-2"] {
            assert_eq!(look(text.as_bytes()), Look::Text, "{text}");
        }
        assert_eq!(look(b"  "), Look::Empty);
    }
}
