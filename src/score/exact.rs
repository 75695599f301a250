//! Numbers of a JSON file to the last digit.
//!
//! The JSON reader may be off by one in the last of seventeen digits, and a value at a cut point would fall on its other
//! side. So numbers of many digits are put into quotes before reading, and read from their text by Rust, which rounds
//! rightly.

use serde::de::{Deserialize, Deserializer, Visitor};

/// Digits that any reader gets right.
const SAFE_DIGITS: usize = 15;

/// A floating-point number as it was written.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Exact(pub f64);

impl<'de> Deserialize<'de> for Exact {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        struct Any;
        impl Visitor<'_> for Any {
            type Value = Exact;
            fn expecting(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
                f.write_str("a number")
            }
            fn visit_f64<E>(self, v: f64) -> Result<Exact, E> {
                Ok(Exact(v))
            }
            fn visit_u64<E>(self, v: u64) -> Result<Exact, E> {
                Ok(Exact(v as f64))
            }
            fn visit_i64<E>(self, v: i64) -> Result<Exact, E> {
                Ok(Exact(v as f64))
            }
            fn visit_unit<E>(self) -> Result<Exact, E> {
                Ok(Exact(f64::NAN))
            }
            fn visit_str<E: serde::de::Error>(self, v: &str) -> Result<Exact, E> {
                v.parse().map(Exact).map_err(|_| E::custom(format!("{v:?} is no number")))
            }
        }
        d.deserialize_any(Any)
    }
}

/// The JSON text with its long numbers in quotes.
pub(super) fn quoted(json: &str) -> String {
    let bytes = json.as_bytes();
    let mut out = String::with_capacity(json.len() + json.len() / 8);
    let mut at = 0;
    while at < bytes.len() {
        let start = at;
        match bytes[at] {
            b'"' => {
                at += 1;
                while at < bytes.len() && bytes[at] != b'"' {
                    at += if bytes[at] == b'\\' { 2 } else { 1 };
                }
                at = (at + 1).min(bytes.len());
                out.push_str(&json[start..at]);
            }
            b'-' | b'0'..=b'9' => {
                while at < bytes.len() && matches!(bytes[at], b'-' | b'+' | b'.' | b'e' | b'E' | b'0'..=b'9') {
                    at += 1;
                }
                let number = &json[start..at];
                let mantissa = number.split(['e', 'E']).next().unwrap_or(number);
                let long =
                    mantissa.bytes().filter(u8::is_ascii_digit).count() > SAFE_DIGITS || number.contains(['e', 'E']);
                let quote = if long { "\"" } else { "" };
                out.extend([quote, number, quote]);
            }
            _ => {
                // Up to the next sign of JSON that matters; those are ASCII, so that the text is cut between letters.
                while at < bytes.len() && !matches!(bytes[at], b'"' | b'-' | b'0'..=b'9') {
                    at += 1;
                }
                out.push_str(&json[start..at]);
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_number_comes_back_to_the_last_digit() {
        let mut state = 1u64;
        let numbers: Vec<f64> = (0..20_000)
            .map(|_| {
                state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
                f64::from_bits(state)
            })
            .filter(|v| v.is_finite())
            .chain([0.1, 1e-7, 246.09199999999998, 482.78200000000004, -0.0, 5e-324])
            .collect();
        let text = serde_json::to_string(&numbers).unwrap();
        let back: Vec<Exact> = serde_json::from_str(&quoted(&text)).unwrap();
        assert_eq!(back.iter().map(|v| v.0).collect::<Vec<_>>(), numbers);
    }

    #[test]
    fn texts_stay_as_they_are() {
        let text = r#"{"a \"1.23456789012345678\" é": "9.87654321098765432", "b": [12, null, true, 1.5]}"#;
        assert_eq!(quoted(text), text);
    }
}
