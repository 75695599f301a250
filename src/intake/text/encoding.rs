//! Which encoding a text file is in.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

use crate::error::{Error, Result};

/// The encoding of a file and the length of its byte order mark.
pub(super) struct Found {
    pub encoding: &'static Encoding,
    pub mark: usize,
}

/// Takes the user's label, a byte order mark, valid UTF-8, or the detector's guess, in this order.
pub(super) fn find(bytes: &[u8], label: Option<&str>) -> Result<Found> {
    let marked = Encoding::for_bom(bytes);
    if let Some(label) = label {
        let encoding = Encoding::for_label(label.as_bytes()).ok_or_else(|| {
            Error::Recipe(format!("{label:?} is no encoding; try utf-8, windows-1252, iso-8859-2 or utf-16le"))
        })?;
        let mark = marked.filter(|(e, _)| *e == encoding).map_or(0, |(_, n)| n);
        return Ok(Found { encoding, mark });
    }
    if let Some((encoding, mark)) = marked {
        return Ok(Found { encoding, mark });
    }
    if let Some(encoding) = utf_16_without_mark(bytes) {
        return Ok(Found { encoding, mark: 0 });
    }
    if std::str::from_utf8(bytes).is_ok() {
        return Ok(Found { encoding: UTF_8, mark: 0 });
    }
    if mostly_utf_8(bytes) {
        return Ok(Found { encoding: UTF_8, mark: 0 });
    }
    // The detector looks at every byte; a megabyte around the first that is not ASCII is enough.
    let first = bytes.iter().position(|b| !b.is_ascii()).unwrap_or(0).saturating_sub(1 << 16);
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(&bytes[first..bytes.len().min(first + (1 << 20))], true);
    let guess = detector.guess(None, Utf8Detection::Deny);
    // 0xA3 is a letter in the encodings of central Europe; before a digit it is a pound sign.
    let pounds = || bytes.windows(2).any(|w| w[0] == 0xA3 && w[1].is_ascii_digit());
    let encoding = if guess != WINDOWS_1252 && guess.is_single_byte() && pounds() { WINDOWS_1252 } else { guess };
    Ok(Found { encoding, mark: 0 })
}

/// Bytes around which letters are counted.
const COUNTED: usize = 4 << 20;

/// Whether letters beyond ASCII are nearly always UTF-8: a few lines from another program do not make it anything else.
fn mostly_utf_8(bytes: &[u8]) -> bool {
    let first = bytes.iter().position(|b| !b.is_ascii()).unwrap_or(0);
    let (mut letters, mut wrong) = (0usize, 0usize);
    for chunk in bytes[first..bytes.len().min(first + COUNTED)].utf8_chunks() {
        letters += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        wrong += usize::from(!chunk.invalid().is_empty());
    }
    letters > 10 * wrong
}

/// Text in a Latin script as UTF-16 has a zero in every other byte.
fn utf_16_without_mark(bytes: &[u8]) -> Option<&'static Encoding> {
    let sample = &bytes[..bytes.len().min(4096)];
    let zeros = |offset: usize| sample.iter().skip(offset).step_by(2).filter(|&&b| b == 0).count();
    let half = sample.len() / 2;
    if half < 4 {
        None
    } else if zeros(1) * 10 > half * 7 && zeros(0) * 10 < half {
        Some(UTF_16LE)
    } else if zeros(0) * 10 > half * 7 && zeros(1) * 10 < half {
        Some(UTF_16BE)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encodings_are_found() {
        let name = |bytes: &[u8]| find(bytes, None).unwrap().encoding.name();
        assert_eq!(name(b"plain ascii"), "UTF-8");
        assert_eq!(name("Größe".as_bytes()), "UTF-8");
        assert_eq!(name(b"paid \xa312.50 at the caf\xe9, Gr\xf6\xdfe L"), "windows-1252");
        let wide: Vec<u8> = "customer,date\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(name(&wide), "UTF-16LE");
        assert_eq!(find(b"\xef\xbb\xbfid", None).unwrap().mark, 3);
        assert!(find(b"", Some("klingon")).is_err());
        let mixed = [&b"K\xf6ln\n"[..], "München\n".repeat(20).as_bytes()].concat();
        assert_eq!(name(&mixed), "UTF-8");
    }
}
