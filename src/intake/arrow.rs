//! Arrow files (Feather) and streams, through polars.

use std::io::Cursor;

use polars::prelude::{DataFrame, PolarsResult};
use polars_io::SerReader;
use polars_io::ipc::IpcReader;

use super::parquet::{flat_columns, from_frame};
use super::read::Source;
use super::{InputReport, Table, memory};
use crate::ctx::Ctx;
use crate::error::{Error, Result};

/// First bytes, and last, of a file with a table of contents.
pub(super) const MAGIC: &[u8] = b"ARROW1";
/// Where the first message of a file stands.
const FIRST: usize = 8;
/// Stands before each message of a stream.
const CONTINUATION: [u8; 4] = [0xFF; 4];

/// Whether bytes start as an Arrow stream does: with a message that describes the columns.
pub(super) fn is_stream(bytes: &[u8]) -> bool {
    bytes.starts_with(&CONTINUATION) && messages(bytes, 0).next().is_some_and(|m| m.kind == SCHEMA)
}

/// Reads an Arrow file or stream; every value becomes the text it is shown as.
pub(super) fn read(mut source: Source, ctx: &Ctx) -> Result<(Table, InputReport)> {
    let path = source.path.clone();
    let bad = |what: String| Error::read(&path, format!("the Arrow file is damaged or cut off ({what}); get it again"));
    let mut cut = None;
    let start = if source.bytes.starts_with(MAGIC) { FIRST } else { 0 };
    let read: usize = start + messages(&source.bytes, start).map(|m| m.length()).sum::<usize>();
    // What the messages say of their own sizes is checked here, as the reader allocates what it is told.
    let most = memory::available() / 2;
    let sound = messages(&source.bytes, start).all(|m| sizes_fit(&m, &source.bytes, most).is_some());
    if !sound || read == start {
        return Err(bad("sizes in it are impossible".into()));
    }
    if !ends(&source.bytes[read..]) {
        cut = Some("The Arrow file is cut off or damaged at its end; the last piece of it was left out.".to_string());
    }
    close(&mut source.bytes, start);
    let bytes = std::mem::take(&mut source.bytes);
    let read = || -> PolarsResult<(DataFrame, Vec<String>)> {
        let mut reader = IpcReader::new(Cursor::new(bytes));
        let (flat, nested) = flat_columns(reader.schema()?.as_ref());
        Ok((reader.with_projection((!nested.is_empty()).then_some(flat)).finish()?, nested))
    };
    let (frame, nested) = std::panic::catch_unwind(std::panic::AssertUnwindSafe(read))
        .map_err(|_| bad("its pieces do not fit together".into()))?
        .map_err(|e| bad(e.to_string()))?;
    let (table, mut report) = from_frame(frame, nested, &source, "arrow", ctx)?;
    report.notes.extend(cut);
    Ok((table, report))
}

/// Whether what stands behind the last message is an end: nothing, or a message of no length.
fn ends(rest: &[u8]) -> bool {
    rest.is_empty()
        || rest == CONTINUATION
        || (rest.len() >= 8 && rest.starts_with(&CONTINUATION) && rest[4..8] == [0; 4])
}

/// Whether the lengths in a message are possible, in uncompressed bytes at most `most`; `None` if not.
fn sizes_fit(message: &Message, bytes: &[u8], most: u64) -> Option<()> {
    let root = FlatTable::root(message.buffer)?;
    let batch = match message.kind {
        SCHEMA => return Some(()),
        BATCH => root.table(2)?,
        // A dictionary holds a batch.
        DICTIONARY => root.table(2)?.table(1)?,
        _ => return Some(()),
    };
    let body = bytes.get(message.at + message.head..message.at + message.length())?;
    let number = |at: usize| Some(i64::from_le_bytes(message.buffer.get(at..at.checked_add(8)?)?.try_into().ok()?));
    let packed = batch.field(3).is_some();
    let mut total = 0u64;
    if let Some((start, count)) = batch.list(2) {
        for i in 0..count {
            let (at, length) = (number(start + 16 * i)?, number(start + 16 * i + 8)?);
            let (at, length) = (usize::try_from(at).ok()?, usize::try_from(length).ok()?);
            let buffer = body.get(at..at.checked_add(length)?)?;
            // Packed buffers start with their size; -1 stands for one that is not packed after all.
            let size = match buffer.first_chunk::<8>() {
                Some(size) if packed => match i64::from_le_bytes(*size) {
                    -1 => length as u64,
                    size => u64::try_from(size).ok()?,
                },
                _ => length as u64,
            };
            total = total.checked_add(size)?;
        }
    }
    if let Some((start, count)) = batch.list(1) {
        for i in 0..count {
            // The smallest values are bits; columns of nothing take no space at all.
            let rows = u64::try_from(number(start + 16 * i)?).ok()?;
            if rows > total.saturating_mul(8).max(1 << 24) {
                return None;
            }
        }
    }
    (total <= most).then_some(())
}

/// A message of a stream: where it starts, the length of its description with the eight bytes before it, and of its body.
struct Message<'a> {
    at: usize,
    head: usize,
    body: usize,
    kind: u8,
    /// The description: a flatbuffer `Message` of Arrow's `Message.fbs`.
    buffer: &'a [u8],
}

const SCHEMA: u8 = 1;
const DICTIONARY: u8 = 2;
const BATCH: u8 = 3;

impl Message<'_> {
    fn length(&self) -> usize {
        self.head + self.body
    }
}

/// The whole messages of a stream, up to its end or the first one that is cut off.
fn messages(bytes: &[u8], start: usize) -> impl Iterator<Item = Message<'_>> {
    let mut at = start;
    std::iter::from_fn(move || {
        let prefix = bytes.get(at..at + 8)?;
        let size = i32::from_le_bytes(prefix[4..].try_into().ok()?);
        if prefix[..4] != CONTINUATION || size <= 0 {
            return None;
        }
        let head = 8 + size as usize;
        let buffer = bytes.get(at + 8..at + head)?;
        let table = FlatTable::root(buffer)?;
        let kind = *buffer.get(table.field(1)?)?;
        let body = match table.field(3) {
            Some(place) => usize::try_from(i64::from_le_bytes(buffer.get(place..place + 8)?.try_into().ok()?)).ok()?,
            None => 0,
        };
        bytes.get(at..at.checked_add(head)?.checked_add(body)?)?;
        let message = Message { at, head, body, kind, buffer };
        at += message.length();
        Some(message)
    })
}

/// A flatbuffer table: its place, and where its field offsets stand.
struct FlatTable<'a> {
    buffer: &'a [u8],
    at: usize,
    offsets: usize,
    length: usize,
}

impl<'a> FlatTable<'a> {
    fn root(buffer: &'a [u8]) -> Option<Self> {
        Self::new(buffer, u32::from_le_bytes(buffer.get(..4)?.try_into().ok()?) as usize)
    }

    fn new(buffer: &'a [u8], at: usize) -> Option<Self> {
        let back = i32::from_le_bytes(buffer.get(at..at.checked_add(4)?)?.try_into().ok()?);
        let offsets = usize::try_from(at as i64 - i64::from(back)).ok()?;
        let length = u16::from_le_bytes(buffer.get(offsets..offsets.checked_add(2)?)?.try_into().ok()?) as usize;
        Some(FlatTable { buffer, at, offsets, length })
    }

    /// The table that a field refers to.
    fn table(&self, number: usize) -> Option<FlatTable<'a>> {
        FlatTable::new(self.buffer, self.target(number)?)
    }

    /// Where the items of a list start, and how many there are.
    fn list(&self, number: usize) -> Option<(usize, usize)> {
        let at = self.target(number)?;
        let count = u32::from_le_bytes(self.buffer.get(at..at.checked_add(4)?)?.try_into().ok()?);
        Some((at + 4, count as usize))
    }

    /// The place that a field refers to.
    fn target(&self, number: usize) -> Option<usize> {
        let place = self.field(number)?;
        let offset = u32::from_le_bytes(self.buffer.get(place..place.checked_add(4)?)?.try_into().ok()?);
        place.checked_add(offset as usize)
    }

    /// Where the field of this number stands; `None` if it has its default.
    fn field(&self, number: usize) -> Option<usize> {
        let place = 4 + 2 * number;
        if place + 2 > self.length {
            return None;
        }
        let offset = self.buffer.get(self.offsets + place..self.offsets + place + 2)?;
        match u16::from_le_bytes(offset.try_into().ok()?) {
            0 => None,
            offset => Some(self.at + offset as usize),
        }
    }
}

/// Turns the messages from `start` into a file: a file is a stream with a table of contents behind it, the flatbuffer
/// `Footer` of Arrow's `File.fbs`. polars reads files from memory; its reader of streams is not part of this program.
/// A file's own table of contents is written anew, so that one that is cut off or wrong does no harm.
fn close(bytes: &mut Vec<u8>, start: usize) {
    let mut schema = None;
    let (mut dictionaries, mut batches) = (Vec::new(), Vec::new());
    let mut end = start;
    for message in messages(bytes, start) {
        match message.kind {
            SCHEMA if schema.is_none() => {
                let place = FlatTable::root(message.buffer).and_then(|t| t.target(2));
                schema = place.map(|place| (message.buffer.to_vec(), place));
            }
            DICTIONARY => dictionaries.push((message.at, message.head, message.body)),
            BATCH => batches.push((message.at, message.head, message.body)),
            _ => {}
        }
        end = message.at + message.length();
    }
    let Some((schema, schema_at)) = schema else { return };
    bytes.truncate(end);
    let footer = footer(&schema, schema_at, &dictionaries, &batches);
    bytes.extend_from_slice(&footer);
    bytes.extend_from_slice(&(footer.len() as i32).to_le_bytes());
    bytes.extend_from_slice(MAGIC);
}

/// Place, length of the description, length of the body.
type Block = (usize, usize, usize);

/// The footer: root offset, the table of field offsets, the table, the two lists of blocks, and the message that
/// holds the schema, copied whole, as offsets within it count from where they stand.
fn footer(schema: &[u8], schema_at: usize, dictionaries: &[Block], batches: &[Block]) -> Vec<u8> {
    const OFFSETS: usize = 4;
    const TABLE: usize = 16;
    const LISTS: usize = 36;
    let list = |blocks: &[Block]| {
        let mut out = Vec::with_capacity(8 + 24 * blocks.len());
        // The length stands directly before the first block, which is aligned to eight bytes.
        out.extend_from_slice(&(blocks.len() as u32).to_le_bytes());
        for &(at, head, body) in blocks {
            out.extend_from_slice(&(at as i64).to_le_bytes());
            out.extend_from_slice(&(head as i32).to_le_bytes());
            out.extend_from_slice(&[0; 4]);
            out.extend_from_slice(&(body as i64).to_le_bytes());
        }
        out.extend_from_slice(&[0; 4]);
        out
    };
    let (dictionaries, batches) = (list(dictionaries), list(batches));
    let batches_at = LISTS + dictionaries.len();
    let schema_start = (batches_at + batches.len()).next_multiple_of(8);
    let mut out = Vec::new();
    out.extend_from_slice(&(TABLE as u32).to_le_bytes());
    // Sizes of this list and of the table; then where version, schema, dictionaries and batches stand in the table.
    for offset in [12u16, 20, 16, 4, 8, 12] {
        out.extend_from_slice(&offset.to_le_bytes());
    }
    out.extend_from_slice(&((TABLE - OFFSETS) as i32).to_le_bytes());
    for (place, target) in [(TABLE + 4, schema_start + schema_at), (TABLE + 8, LISTS), (TABLE + 12, batches_at)] {
        out.extend_from_slice(&((target - place) as u32).to_le_bytes());
    }
    // Version 5 of the metadata.
    out.extend_from_slice(&[4, 0, 0, 0]);
    out.extend_from_slice(&dictionaries);
    out.extend_from_slice(&batches);
    out.resize(schema_start, 0);
    out.extend_from_slice(schema);
    out.resize(out.len().next_multiple_of(8), 0);
    out
}
