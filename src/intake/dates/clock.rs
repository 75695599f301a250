//! The time of day behind a date.

/// Seconds after midnight: ` 8:26`, `T08:26:00.000Z`, ` 8:26 PM`, ` 08h26`, ` 8.26`, `T082600`; zero for nothing. The
/// time zone is left out. `None` for anything else.
pub(super) fn time_of_day(rest: &str) -> Option<i64> {
    if rest.is_empty() {
        return Some(0);
    }
    let (clock, suffix) = split(rest)?;
    let (mut hour, minute, second) = fields(clock)?;
    if minute > 59 || !(0.0..61.0).contains(&second) {
        return None;
    }
    for (i, word) in suffix.split_whitespace().enumerate() {
        match half_day(word) {
            Some(after_noon) if i == 0 && (1..=12).contains(&hour) => {
                hour = hour % 12 + if after_noon { 12 } else { 0 };
            }
            None if is_zone(word) => {}
            // "p. m." is two words.
            None if i == 1 && matches!(word, "m." | "m" | "M." | "M") => {}
            _ => return None,
        }
    }
    (hour < 24).then_some(hour * 3600 + minute * 60 + second as i64)
}

/// The time zone that a text names at its end: `Z`, `+02:00`, `GMT`. Only for texts that are dates.
pub fn zone_of(text: &str) -> Option<&str> {
    let text = text.trim();
    let time = text.find(':').or_else(|| text.find(['T', 't']))?;
    let tail = &text[time..];
    let start = tail.find(['+', '-', 'Z', 'z']).filter(|&i| is_zone(&tail[i..])).or_else(|| {
        let word = tail.rfind(' ')? + 1;
        is_zone(&tail[word..]).then_some(word)
    })?;
    Some(&tail[start..])
}

/// What is between date and clock is taken off; the rest is cut behind the digits of the clock.
fn split(rest: &str) -> Option<(&str, &str)> {
    let rest = rest
        .strip_prefix(['T', 't', ':'])
        .or_else(|| rest.strip_prefix(", "))
        .or_else(|| rest.strip_prefix([' ', '\u{a0}', '\u{202f}']))?
        .trim_start();
    let mut end = rest.bytes().take_while(|b| b.is_ascii_digit() || matches!(b, b':' | b'.' | b',')).count();
    // 08h26 and 08h26m05s.
    if rest[end..].starts_with(['h', 'H']) {
        end = rest.bytes().take_while(|b| b.is_ascii_digit() || matches!(b, b'h' | b'H' | b'm' | b's')).count();
    }
    Some(rest.split_at(end))
}

fn fields(clock: &str) -> Option<(i64, i64, f64)> {
    if clock.len() >= 4 && clock.bytes().take(4).all(|b| b.is_ascii_digit()) {
        let (whole, fraction) = clock.split_at(clock.bytes().take_while(u8::is_ascii_digit).count());
        let second = match whole.len() {
            4 if fraction.is_empty() => 0.0,
            6 => format!("{}{}", &whole[4..], fraction.replace(',', ".")).parse().ok()?,
            _ => return None,
        };
        return Some((whole[..2].parse().ok()?, whole[2..4].parse().ok()?, second));
    }
    let signs: &[char] = if clock.contains(':') {
        &[':']
    } else if clock.contains(['h', 'H']) {
        &['h', 'H', 'm', 's']
    } else {
        &['.']
    };
    let mut fields = clock.trim_end_matches(['m', 's']).split(signs);
    let short = |t: &str| if t.is_empty() || t.len() > 2 { None } else { t.parse::<i64>().ok() };
    let hour = short(fields.next()?)?;
    let minute = short(fields.next()?)?;
    let second = match fields.next() {
        Some(text) if text.starts_with(|c: char| c.is_ascii_digit()) => text.replace(',', ".").parse().ok()?,
        Some(_) => return None,
        None => 0.0,
    };
    fields.next().is_none().then_some((hour, minute, second))
}

/// Whether a word says before or after noon: `AM`, `p.m.`.
fn half_day(word: &str) -> Option<bool> {
    let letters: String = word.chars().filter(|c| *c != '.').map(|c| c.to_ascii_lowercase()).collect();
    match letters.as_str() {
        "am" | "a" => Some(false),
        "pm" | "p" => Some(true),
        _ => None,
    }
}

fn is_zone(word: &str) -> bool {
    const NAMES: &[&str] = &[
        "z", "utc", "gmt", "bst", "ist", "cet", "cest", "mez", "mesz", "wet", "west", "eet", "eest", "msk", "est",
        "edt", "cst", "cdt", "mst", "mdt", "pst", "pdt", "jst", "kst", "sgt", "hkt", "aest", "aedt", "nzst", "nzdt",
    ];
    if let Some(offset) = word.strip_prefix(['+', '-']) {
        return (2..=5).contains(&offset.len()) && offset.bytes().all(|b| b.is_ascii_digit() || b == b':');
    }
    let word = word.trim_start_matches('(').trim_end_matches(')');
    NAMES.iter().any(|name| word.eq_ignore_ascii_case(name))
        // Names of the tz database, as `Europe/Berlin` or `[Europe/Berlin]`.
        || word.split_once('/').is_some_and(|(area, place)| area.len() > 2 && place.len() > 2 && !place.bytes().any(|b| b.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clocks_in_many_writings() {
        for (text, seconds) in [
            ("", 0),
            (" 8:26", 30360),
            ("T08:26:05.250Z", 30365),
            ("T08:26:05,250+02:00", 30365),
            (" 8:26 PM", 73560),
            (" 12:00 a.m.", 0),
            (" 12:00:01 p. m.", 43201),
            (" 8:26 PM CET", 73560),
            (" 082605", 30365),
            (" 8:26 pm", 73560),
            (" 8:26PM", 73560),
        ] {
            assert_eq!(time_of_day(text), Some(seconds), "{text:?}");
        }
        for text in [" ", " 8", " 24:00", " 8:60", "8:26", " 8:26 13", " 0:26 PM", " 8:26 of May", " 8::26", " 123:45"]
        {
            assert_eq!(time_of_day(text), None, "{text:?}");
        }
    }

    #[test]
    fn zones_are_found() {
        assert_eq!(zone_of("2010-12-01T08:26:05Z"), Some("Z"));
        assert_eq!(zone_of("2010-12-01 08:26:05+02:00"), Some("+02:00"));
        assert_eq!(zone_of("Wed, 01 Dec 2010 08:34:07 GMT"), Some("GMT"));
        assert_eq!(zone_of("2010-12-01 08:26:05"), None);
        assert_eq!(zone_of("01 Dec 2010 08:34 AM"), None);
    }
}
