//! JSON as it stands in a text: numbers keep their digits, keys their order (RFC 8259).

use std::borrow::Cow;

/// Objects and arrays in one another that are followed; deeper ones are refused.
const DEEPEST: usize = 64;

/// A place in a JSON text, and what goes wrong there.
pub(super) struct Scanner<'a> {
    text: &'a str,
    at: usize,
    /// Of objects and arrays around this place.
    depth: usize,
}

/// What is wrong and at which byte.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Broken {
    pub at: usize,
    pub what: &'static str,
}

/// The text of a value that holds no other, or of an array as it is written. `null` is empty.
pub(super) type Text<'a> = Cow<'a, str>;

impl<'a> Scanner<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Scanner { text, at: 0, depth: 0 }
    }

    pub(super) fn at(&self) -> usize {
        self.at
    }

    fn fail<T>(&self, what: &'static str) -> Result<T, Broken> {
        Err(Broken { at: self.at, what })
    }

    /// The next byte that is no blank.
    pub(super) fn peek(&mut self) -> Option<u8> {
        let rest = &self.text.as_bytes()[self.at..];
        let blanks = rest.iter().take_while(|b| matches!(b, b' ' | b'\t' | b'\n' | b'\r')).count();
        self.at += blanks;
        rest.get(blanks).copied()
    }

    /// Takes `byte` if it comes next.
    pub(super) fn take(&mut self, byte: u8) -> bool {
        let found = self.peek() == Some(byte);
        self.at += usize::from(found);
        found
    }

    /// Walks through an object: calls `put` with each key (nested ones joined with dots) and its text.
    pub(super) fn object(
        &mut self,
        prefix: &mut String,
        put: &mut dyn FnMut(&str, Text<'a>),
    ) -> Result<(), Broken> {
        self.enter(b'{', "an object was expected")?;
        if !self.take(b'}') {
            loop {
                let length = prefix.len();
                let key = self.string()?;
                if !prefix.is_empty() {
                    prefix.push('.');
                }
                prefix.push_str(&key);
                if !self.take(b':') {
                    return self.fail("a colon is missing after a name");
                }
                if self.peek() == Some(b'{') {
                    self.object(prefix, put)?;
                } else {
                    let value = self.value()?;
                    put(prefix, value);
                }
                prefix.truncate(length);
                if self.take(b',') {
                    continue;
                }
                if self.take(b'}') {
                    break;
                }
                return self.fail("a comma or } is missing after a value");
            }
        }
        self.depth -= 1;
        Ok(())
    }

    fn enter(&mut self, byte: u8, what: &'static str) -> Result<(), Broken> {
        if !self.take(byte) {
            return self.fail(what);
        }
        self.depth += 1;
        if self.depth > DEEPEST { self.fail("objects are nested too deeply") } else { Ok(()) }
    }

    /// Any value: arrays and objects as they are written.
    pub(super) fn value(&mut self) -> Result<Text<'a>, Broken> {
        match self.peek() {
            Some(b'"') => self.string(),
            Some(b'{') => {
                let start = self.at;
                self.object(&mut String::new(), &mut |_, _| {})?;
                Ok(Cow::Borrowed(&self.text[start..self.at]))
            }
            Some(b'[') => {
                let start = self.at;
                self.enter(b'[', "an array was expected")?;
                if !self.take(b']') {
                    loop {
                        self.value()?;
                        if self.take(b',') {
                            continue;
                        }
                        if self.take(b']') {
                            break;
                        }
                        return self.fail("a comma or ] is missing after a value");
                    }
                }
                self.depth -= 1;
                Ok(Cow::Borrowed(&self.text[start..self.at]))
            }
            Some(_) => self.word(),
            None => self.fail("the text ends in the middle"),
        }
    }

    /// A number, `true`, `false` or `null`; also `NaN` and `Infinity`, which some programs write.
    fn word(&mut self) -> Result<Text<'a>, Broken> {
        let rest = &self.text[self.at..];
        let length = rest.find([',', '}', ']', ' ', '\t', '\n', '\r', ':', '"', '{', '[']).unwrap_or(rest.len());
        let word = &rest[..length];
        let text = match word {
            "null" | "NaN" | "Infinity" | "-Infinity" => "",
            "true" | "false" => word,
            _ if is_number(word) => word,
            _ => return self.fail("a value is neither a text in quotes nor a number"),
        };
        self.at += length;
        Ok(Cow::Borrowed(text))
    }

    fn string(&mut self) -> Result<Text<'a>, Broken> {
        if !self.take(b'"') {
            return self.fail("a text in quotes was expected");
        }
        let start = self.at;
        let mut out = String::new();
        loop {
            let rest = &self.text.as_bytes()[self.at..];
            let Some(length) = memchr::memchr2(b'"', b'\\', rest) else {
                return self.fail("a quote is not closed");
            };
            let part = &self.text[self.at..self.at + length];
            self.at += length + 1;
            if rest[length] == b'"' {
                if out.is_empty() && self.at - 1 - length == start {
                    return Ok(Cow::Borrowed(part));
                }
                out.push_str(part);
                return Ok(Cow::Owned(out));
            }
            out.push_str(part);
            out.push(self.escape()?);
        }
    }

    /// What stands after a backslash.
    fn escape(&mut self) -> Result<char, Broken> {
        let Some(&byte) = self.text.as_bytes().get(self.at) else { return self.fail("a quote is not closed") };
        self.at += 1;
        Ok(match byte {
            b'"' | b'\\' | b'/' => char::from(byte),
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => {
                let high = self.hex()?;
                // Characters beyond 16 bits are written as two halves.
                if (0xD800..0xDC00).contains(&high) && self.text[self.at..].starts_with("\\u") {
                    let back = self.at;
                    self.at += 2;
                    let low = self.hex()?;
                    if (0xDC00..0xE000).contains(&low) {
                        let code = 0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00);
                        return Ok(char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER));
                    }
                    self.at = back;
                }
                char::from_u32(high).unwrap_or(char::REPLACEMENT_CHARACTER)
            }
            _ => return self.fail("a backslash stands before a letter that has no meaning there"),
        })
    }

    fn hex(&mut self) -> Result<u32, Broken> {
        let digits = self.text.as_bytes().get(self.at..self.at + 4);
        let code = digits.and_then(|d| std::str::from_utf8(d).ok()).and_then(|d| u32::from_str_radix(d, 16).ok());
        match code {
            Some(code) => {
                self.at += 4;
                Ok(code)
            }
            None => self.fail("\\u stands without four digits"),
        }
    }
}

fn is_number(word: &str) -> bool {
    word.starts_with(|c: char| c == '-' || c.is_ascii_digit())
        && word.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'-' | b'+' | b'.' | b'e' | b'E'))
        && word.parse::<f64>().is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pairs(text: &str) -> Result<Vec<(String, String)>, Broken> {
        let mut out = Vec::new();
        let mut scanner = Scanner::new(text);
        scanner.object(&mut String::new(), &mut |k, v| out.push((k.to_string(), v.into_owned())))?;
        Ok(out)
    }

    #[test]
    fn keys_keep_their_order_and_numbers_their_digits() {
        let text = r#" {"b": 1.50, "a": {"x": null, "y": {"z": "q\"\u00e9\ud83d\ude00\n"}}, "l": [1, {"m": "]"}], "id": 12345678901234567890}"#;
        let found = pairs(text).unwrap();
        let expected = [
            ("b", "1.50"),
            ("a.x", ""),
            ("a.y.z", "q\"é😀\n"),
            ("l", r#"[1, {"m": "]"}]"#),
            ("id", "12345678901234567890"),
        ];
        assert_eq!(found, expected.map(|(k, v)| (k.to_string(), v.to_string())));
    }

    #[test]
    fn broken_text_is_an_error_and_never_a_panic() {
        let text = r#"{"a": {"b": "c\u00e9\\"}, "d": [1, 2, {"e": null}], "f": -1.5e3}"#;
        assert!(pairs(text).is_ok());
        for end in (0..text.len()).filter(|&e| text.is_char_boundary(e)) {
            assert!(pairs(&text[..end]).is_err(), "{}", &text[..end]);
        }
        for text in ["{\"a\" 1}", "{\"a\": 1 \"b\": 2}", "{\"a\": x}", "{\"a\": \"\\q\"}", "{\"a\": \"\\u12\"}", "[1]", "{\"a\": 1-2}"] {
            assert!(pairs(text).is_err(), "{text}");
        }
        assert!(pairs(&"{\"a\":".repeat(100_000)).is_err());
    }
}
