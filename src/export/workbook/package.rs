//! The zip file around the parts of a workbook, written from front to back.
//!
//! Written here, as parts come deflated already: some from `rust_xlsxwriter`, others in pieces (APPNOTE.TXT 6.3.10 of
//! PKWARE, without the extensions for 4 GB and more, which not every program that opens workbooks reads).

use std::io::Write;

use flate2::Crc;

use super::deflate::{END, Piece};
use crate::export::directory::Failure;

const LOCAL: u32 = 0x0403_4b50;
const DESCRIPTOR: u32 = 0x0807_4b50;
const CENTRAL: u32 = 0x0201_4b50;
const LAST: u32 = 0x0605_4b50;
/// Version 2.0 of the format: deflate.
const VERSION: u16 = 20;
/// Sizes and checksum stand behind the data, as they are not known before.
const SIZES_BEHIND: u16 = 1 << 3;
/// 1980-01-01, 00:00: the first moment that the format knows, the same in every file.
const TIME: [u16; 2] = [0, 0x0021];
pub(super) const STORED: u16 = 0;
pub(super) const DEFLATED: u16 = 8;

/// A zip file that is being written.
pub(super) struct Package<W> {
    out: W,
    at: u64,
    parts: Vec<Part>,
}

/// What the directory at the end says of a part.
struct Part {
    name: String,
    method: u16,
    flags: u16,
    offset: u64,
    crc: u32,
    packed: u64,
    length: u64,
}

impl<W: Write> Package<W> {
    pub fn new(out: W) -> Package<W> {
        Package { out, at: 0, parts: Vec::new() }
    }

    /// Writes a whole part that is packed already.
    pub fn copy(&mut self, name: &str, method: u16, crc: u32, length: u64, packed: &[u8]) -> Result<(), Failure> {
        let part =
            Part { name: name.into(), method, flags: 0, offset: self.at, crc, packed: packed.len() as u64, length };
        self.head(&part)?;
        self.put(packed)?;
        self.parts.push(part);
        Ok(())
    }

    /// Writes a part in pieces: `more` gives the next ones, and none when all are there.
    pub fn stream(&mut self, name: &str, mut more: impl FnMut() -> Result<Vec<Piece>, Failure>) -> Result<(), Failure> {
        let mut part = Part {
            name: name.into(),
            method: DEFLATED,
            flags: SIZES_BEHIND,
            offset: self.at,
            crc: 0,
            packed: 0,
            length: 0,
        };
        self.head(&part)?;
        let start = self.at;
        let mut crc = Crc::new();
        loop {
            let pieces = more()?;
            if pieces.is_empty() {
                break;
            }
            for piece in pieces {
                self.put(&piece.packed)?;
                crc.combine(&piece.crc);
                part.length += piece.length;
            }
        }
        self.put(&END)?;
        (part.crc, part.packed) = (crc.sum(), self.at - start);
        let mut behind = Fields::default();
        behind.long(DESCRIPTOR).long(part.crc).long(size(part.packed)?).long(size(part.length)?);
        self.put(&behind.0)?;
        self.parts.push(part);
        Ok(())
    }

    /// Writes the directory.
    pub fn finish(mut self) -> Result<W, Failure> {
        let start = self.at;
        let mut out = Fields::default();
        for part in &self.parts {
            out.long(CENTRAL).short(VERSION);
            out.common(part)?;
            // Comment, disk, attributes.
            out.short(0).short(0).short(0).long(0).long(size(part.offset)?);
            out.0.extend(part.name.as_bytes());
        }
        let length = out.0.len() as u64;
        let count = u16::try_from(self.parts.len()).map_err(|_| too_large())?;
        out.long(LAST).short(0).short(0).short(count).short(count).long(size(length)?).long(size(start)?).short(0);
        self.put(&out.0)?;
        self.out.flush()?;
        Ok(self.out)
    }

    fn head(&mut self, part: &Part) -> Result<(), Failure> {
        let mut out = Fields::default();
        out.long(LOCAL);
        out.common(part)?;
        out.0.extend(part.name.as_bytes());
        self.put(&out.0)
    }

    fn put(&mut self, bytes: &[u8]) -> Result<(), Failure> {
        self.out.write_all(bytes)?;
        self.at += bytes.len() as u64;
        Ok(())
    }
}

/// Numbers one after the other, low bytes first.
#[derive(Default)]
struct Fields(Vec<u8>);

impl Fields {
    fn short(&mut self, value: u16) -> &mut Self {
        self.0.extend(value.to_le_bytes());
        self
    }

    fn long(&mut self, value: u32) -> &mut Self {
        self.0.extend(value.to_le_bytes());
        self
    }

    /// What both heads of a part have, up to the length of its name and of what is extra.
    fn common(&mut self, part: &Part) -> Result<(), Failure> {
        self.short(VERSION).short(part.flags).short(part.method).short(TIME[0]).short(TIME[1]);
        self.long(part.crc).long(size(part.packed)?).long(size(part.length)?);
        self.short(u16::try_from(part.name.len()).map_err(|_| too_large())?).short(0);
        Ok(())
    }
}

fn size(value: u64) -> Result<u32, Failure> {
    u32::try_from(value).ok().filter(|&v| v < u32::MAX).ok_or_else(too_large)
}

fn too_large() -> Failure {
    Failure::Io(
        "the workbook would hold more than 4 GB, which Excel does not open; leave features out, or write CSV or Parquet"
            .into(),
    )
}
