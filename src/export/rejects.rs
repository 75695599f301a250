//! The rows of a file that do not fit its table, as CSV for whoever can put them right at the source.

use std::path::Path;

use super::csv::CsvWriter;
use super::{Written, write_file};
use crate::error::{Error, Result};
use crate::intake::InputReport;

/// The file name that is proposed.
pub const REJECTS_FILE: &str = "rows that do not fit.csv";

/// Writes line, reason and text of every reject that was kept, file by file; with several files their names come
/// first in each row.
///
/// # Errors
/// [`Error::Data`] where there is none; [`Error::Write`].
pub fn write_rejects(reports: &[InputReport], path: &Path) -> Result<Written> {
    if reports.iter().all(|r| r.rejects.is_empty()) {
        return Err(Error::data("every row fits the table, so there is nothing to write"));
    }
    let several = reports.len() > 1;
    let bytes = write_file(path, |out| {
        let mut csv = CsvWriter::new(out);
        if several {
            csv.text("file");
        }
        for name in ["line", "reason", "text"] {
            csv.text(name);
        }
        csv.end()?;
        for report in reports {
            for reject in &report.rejects {
                if several {
                    csv.text(&report.path.file_name().unwrap_or_default().to_string_lossy());
                }
                csv.whole(reject.line as u64);
                csv.text(&reject.reason);
                csv.text(&reject.text);
                csv.end()?;
            }
        }
        csv.finish()
    })?;
    Ok(Written { path: path.to_path_buf(), bytes })
}
