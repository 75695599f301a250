//! Pieces of a file, deflated apart from each other so that many can be at work at a time, that are one deflate stream
//! when they stand one after the other (as in M. Adler's pigz).

use flate2::{Compress, Compression, Crc, FlushCompress};

/// Of the levels of zlib-rs, 1 makes such sheets 40 % larger in the same time, and 6 makes them a sixth smaller in three
/// times the time.
const LEVEL: u32 = 2;

/// An empty last block: ends a stream of pieces.
pub(super) const END: [u8; 2] = [3, 0];

/// A part of a file.
pub(super) struct Piece {
    /// Deflated; ends on a whole byte and is not the last of its stream.
    pub packed: Vec<u8>,
    /// Of the text before it was deflated.
    pub crc: Crc,
    pub length: u64,
}

/// Deflates a part of a file. Equal texts give equal pieces.
pub(super) fn pack(text: &[u8]) -> Piece {
    let mut crc = Crc::new();
    crc.update(text);
    let mut deflate = Compress::new(Compression::new(LEVEL), false);
    let mut packed = Vec::with_capacity(text.len() / 4 + 128);
    loop {
        let done = deflate.total_in() as usize;
        // Deflating whole buffers in memory fails on misuse only, which this is not.
        let _ = deflate.compress_vec(&text[done..], &mut packed, FlushCompress::Sync);
        // Room that was left says that nothing waits to be put out.
        if deflate.total_in() as usize == text.len() && packed.len() < packed.capacity() {
            break;
        }
        packed.reserve(text.len() / 4 + 128);
    }
    Piece { packed, crc, length: text.len() as u64 }
}
