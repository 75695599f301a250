//! The one error type of the domain: each variant says what went wrong and what to do about it.
//!
//! Errors are made where the facts are known and shown exactly once: by `cli` as one line on stderr,
//! by the window as a toast and in the panel that failed.

use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

/// Result of anything in the domain.
pub type Result<T> = std::result::Result<T, Error>;

/// Why an analysis, a reader or a writer stopped. `Display` gives one complete sentence or two.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum Error {
    /// The user asked to stop; nothing is wrong.
    #[error("cancelled")]
    Cancelled,
    /// A file could not be read or understood.
    #[error("cannot read {}: {why}", path.display())]
    Read { path: PathBuf, why: String },
    /// A file could not be written; nothing half-written is left behind.
    #[error("cannot write {}: {why}", path.display())]
    Write { path: PathBuf, why: String },
    /// The recipe asks for something that does not exist or contradicts itself.
    #[error("{0}")]
    Recipe(String),
    /// An expression makes no sense; the place is part of it.
    #[error("{name:?} cannot be worked out: {}", why.sentence(expression))]
    Expression { name: String, expression: String, why: crate::features::calculate::ExpressionError },
    /// The data does not allow the next step. The text says what and what to do.
    #[error("{0}")]
    Data(String),
    /// A bug: a stage panicked. The program lives on and shows this.
    #[error("internal error in {stage}: {message}; please report it together with the recipe")]
    Panic { stage: String, message: String },
}

impl Error {
    /// A reading error for `path`.
    pub fn read(path: &Path, why: impl ToString) -> Self {
        Error::Read { path: path.to_path_buf(), why: why.to_string() }
    }

    /// A writing error for `path`. Where the system refused, the reason says what to do about it.
    pub fn write(path: &Path, why: impl ToString) -> Self {
        let why = why.to_string();
        let known = refused(&why).map(String::from);
        Error::Write { path: path.to_path_buf(), why: known.unwrap_or(why) }
    }

    /// An error about the data itself.
    pub fn data(text: impl Into<String>) -> Self {
        Error::Data(text.into())
    }
}

/// Words for a refusal of the system, found by its code: texts of libraries that write for us end with it as those of the
/// standard library do.
fn refused(text: &str) -> Option<&'static str> {
    let code = text.split_once("(os error ")?.1.split_once(')')?.0.parse().ok()?;
    // Windows: the file is open in another program, or a part of it is locked.
    if cfg!(windows) && matches!(code, 32 | 33) {
        return Some("it is open in another program; close it there, or choose another name");
    }
    Some(match io::Error::from_raw_os_error(code).kind() {
        ErrorKind::StorageFull => "the disk is full; make room on it, or choose another place",
        ErrorKind::QuotaExceeded => "your share of the disk is used up; make room, or choose another place",
        ErrorKind::FileTooLarge => "the disk does not take files of this size; choose another place",
        ErrorKind::ReadOnlyFilesystem => "the disk can only be read; choose another place",
        ErrorKind::PermissionDenied => "this place may not be written to; choose another one, or ask for the right to",
        ErrorKind::ResourceBusy => "it is in use by another program; close it there, or choose another name",
        ErrorKind::NotFound => "its folder is not there any more; make it, or choose another place",
        _ => return None,
    })
}
