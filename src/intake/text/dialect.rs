//! How a text file separates its cells and rows.

/// What stands between two cells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Separator {
    Byte(u8),
    /// One or more spaces or tabs; leading ones do not count.
    Blanks,
    /// Two or more spaces, or a tab: cells may hold single spaces.
    WideBlanks,
}

/// How to cut the bytes of a text file into rows and cells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Dialect {
    pub separator: Separator,
    /// The character around cells that hold separators or newlines.
    pub quote: Option<u8>,
    /// The character that makes the next one part of the text, where it is not a doubled quote.
    pub escape: Option<u8>,
    /// `\n`, or `\r` for files of the old Macintosh.
    pub newline: u8,
    /// Whether the space after a separator belongs to the separator: `a, b, c`.
    pub skip_space: bool,
}

impl Dialect {
    /// Comma, double quotes, lines ended by `\n`.
    #[cfg(test)]
    pub(super) const CSV: Dialect = Dialect {
        separator: Separator::Byte(b','),
        quote: Some(b'"'),
        escape: None,
        newline: b'\n',
        skip_space: false,
    };

    /// The separator in a word or sign, as reports show it.
    pub(super) fn separator_name(&self) -> String {
        match self.separator {
            Separator::Byte(b) if self.skip_space => format!("{} ", char::from(b)),
            Separator::Byte(b) => char::from(b).to_string(),
            Separator::Blanks => "whitespace".into(),
            Separator::WideBlanks => "wide whitespace".into(),
        }
    }
}
