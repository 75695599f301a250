//! Whether a file fits into memory, asked before it is read.

use std::path::Path;

use sysinfo::System;

use crate::error::{Error, Result};
use crate::format::number;

/// Bytes of memory per byte of a text file. Peak memory over file size, measured: 3.3 for Online Retail (541,909 rows,
/// 45.6 MB), 9.9 for 2 million rows of nothing but distinct numbers, 1.8 as JSON lines. Sales repeat themselves, so the
/// guard goes by the first: it refuses what does not fit for certain, and no file that may.
pub(super) const TEXT: f64 = 4.0;
/// Parquet: 49 for Online Retail (3.6 MB, as its columns repeat), 7.9 for the distinct numbers.
pub(super) const PARQUET: f64 = 8.0;
/// Arrow: 11.9 for Online Retail, 7.2 for the distinct numbers.
pub(super) const ARROW: f64 = 7.0;
/// Workbooks, per byte of their unpacked parts, which are read piece by piece: 0.9 for Online Retail (160 MB).
pub(super) const WORKBOOK: f64 = 0.9;

/// Memory that this process may still take, in bytes: what the system has available, and what the limits of its
/// control group leave. `u64::MAX` where the system does not tell.
pub(super) fn available() -> u64 {
    if !sysinfo::IS_SUPPORTED_SYSTEM {
        return u64::MAX;
    }
    let mut system = System::new();
    system.refresh_memory();
    let free = match system.available_memory() {
        0 => u64::MAX,
        bytes => bytes,
    };
    system.cgroup_limits().map_or(free, |limits| free.min(limits.free_memory))
}

/// Refuses to read `bytes` of data (unpacked, where that is known) that will need more memory than there is.
///
/// # Errors
/// When `bytes` × `factor` is more than `available`; the text says both and what to do.
pub(super) fn check(path: &Path, bytes: u64, factor: f64, available: u64) -> Result<()> {
    let needed = bytes as f64 * factor;
    if needed <= available as f64 {
        return Ok(());
    }
    Err(Error::read(
        path,
        format!(
            "its {} of data need about {} of memory, and {} are free; close other programs, split the file, or leave out \
             columns that are not needed",
            size(bytes as f64),
            size(needed),
            size(available as f64)
        ),
    ))
}

/// A number of bytes as people read it.
pub(super) fn size(bytes: f64) -> String {
    match bytes {
        b if b >= 1e9 => format!("{} GB", number(b / 1e9, 1)),
        b if b >= 1e6 => format!("{} MB", number(b / 1e6, 0)),
        b => format!("{} kB", number((b / 1e3).ceil(), 0)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_larger_than_memory_is_refused_with_both_sizes() {
        let path = Path::new("big.csv");
        assert_eq!(check(path, 1_000_000_000, 4.0, 4_000_000_000), Ok(()));
        let text = check(path, 1_000_000_001, 4.0, 4_000_000_000).unwrap_err().to_string();
        assert!(text.contains("1.0 GB of data") && text.contains("4.0 GB are free"), "{text}");
    }

    #[test]
    fn this_system_says_how_much_memory_is_free() {
        assert!(available() > 1_000_000);
    }
}
