//! Bytes of a cell to text, with what exports leave in it by mistake put right.

use std::borrow::Cow;
use std::sync::atomic::{AtomicUsize, Ordering};

use encoding_rs::{Encoding, UTF_8, WINDOWS_1252};

/// Decodes cells, and counts those that had to be put right.
pub(super) struct Decoder {
    encoding: &'static Encoding,
    nuls: AtomicUsize,
    repaired: AtomicUsize,
    foreign: AtomicUsize,
}

impl Decoder {
    pub(super) fn new(encoding: &'static Encoding) -> Self {
        Decoder { encoding, nuls: AtomicUsize::new(0), repaired: AtomicUsize::new(0), foreign: AtomicUsize::new(0) }
    }

    /// The text of a cell. NUL characters are removed. The control characters U+0080–U+009F, which nobody writes but
    /// which Windows-1252 bytes become when they are taken for Latin-1, are read as Windows-1252.
    pub(super) fn text<'a>(&self, cell: &'a [u8]) -> Cow<'a, str> {
        let text = if self.encoding == UTF_8 && std::str::from_utf8(cell).is_err() {
            self.foreign.fetch_add(1, Ordering::Relaxed);
            WINDOWS_1252.decode_without_bom_handling(cell).0
        } else {
            self.encoding.decode_without_bom_handling(cell).0
        };
        if text.is_ascii() && !text.contains('\0') {
            return text;
        }
        // Windows-1252 leaves five of them undefined.
        let control = |c: char| {
            ('\u{80}'..='\u{9f}').contains(&c) && !matches!(c, '\u{81}' | '\u{8d}' | '\u{8f}' | '\u{90}' | '\u{9d}')
        };
        let (nul, controls) = (text.contains('\0'), text.contains(control));
        if !nul && !controls {
            return text;
        }
        self.nuls.fetch_add(usize::from(nul), Ordering::Relaxed);
        self.repaired.fetch_add(usize::from(controls), Ordering::Relaxed);
        let mut out = String::with_capacity(text.len());
        for c in text.chars().filter(|&c| c != '\0') {
            if control(c) {
                out.push_str(&WINDOWS_1252.decode_without_bom_handling(&[c as u32 as u8]).0);
            } else {
                out.push(c);
            }
        }
        Cow::Owned(out)
    }

    /// Distinct cells from which NULs were removed.
    pub(super) fn nuls(&self) -> usize {
        self.nuls.load(Ordering::Relaxed)
    }

    /// Distinct cells of a UTF-8 file that are no UTF-8 and were read as Windows-1252.
    pub(super) fn foreign(&self) -> usize {
        self.foreign.load(Ordering::Relaxed)
    }

    /// Distinct cells in which control characters were put right.
    pub(super) fn repaired(&self) -> usize {
        self.repaired.load(Ordering::Relaxed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn controls_and_nuls_are_put_right() {
        let decoder = Decoder::new(UTF_8);
        assert_eq!(decoder.text("d\u{92}Angludet \u{80}5".as_bytes()), "d’Angludet €5");
        assert_eq!(decoder.text(b"a\0b"), "ab");
        assert_eq!(decoder.text("Château".as_bytes()), "Château");
        assert_eq!(decoder.text(b"K\xf6ln"), "Köln");
        assert_eq!((decoder.repaired(), decoder.nuls(), decoder.foreign()), (1, 1, 1));
    }
}
