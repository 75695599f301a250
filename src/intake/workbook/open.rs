//! Opens workbooks of every kind, and what they know of their sheets.

use std::io::Cursor;
use std::path::Path;

use calamine::{Dimensions, Ods, Reader, SheetType, SheetVisible, Xls, Xlsb, Xlsx};

use super::super::table_area::Merge;
use crate::error::{Error, Result};

/// A file format of workbooks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::intake) enum Kind {
    Xlsx,
    Xlsb,
    Xls,
    Ods,
}

impl Kind {
    /// As in [`crate::intake::InputReport::format`].
    pub(super) fn name(self) -> &'static str {
        match self {
            Kind::Xlsx => "xlsx",
            Kind::Xlsb => "xlsb",
            Kind::Xls => "xls",
            Kind::Ods => "ods",
        }
    }
}

/// An open workbook.
pub(super) enum Book<'a> {
    Xlsx(Xlsx<Cursor<&'a [u8]>>),
    Xlsb(Xlsb<Cursor<&'a [u8]>>),
    Xls(Xls<Cursor<&'a [u8]>>),
    Ods(Ods<Cursor<&'a [u8]>>),
}

/// Opens a workbook.
pub(super) fn open<'a>(path: &Path, kind: Kind, bytes: &'a [u8]) -> Result<Book<'a>> {
    let at = Cursor::new(bytes);
    let opened = match kind {
        Kind::Xlsx => Xlsx::new(at).map(Book::Xlsx).map_err(|e| e.to_string()),
        Kind::Xlsb => Xlsb::new(at).map(Book::Xlsb).map_err(|e| e.to_string()),
        Kind::Ods => Ods::new(at).map(Book::Ods).map_err(|e| e.to_string()),
        Kind::Xls if is_encrypted(bytes) => Err("password".into()),
        Kind::Xls => Xls::new(at).map(Book::Xls).map_err(|e| e.to_string()),
    };
    opened.map_err(|text| {
        if text.to_lowercase().contains("password") {
            Error::read(path, "the workbook is protected by a password; save a copy without one and open that")
        } else {
            Error::read(
                path,
                format!(
                    "the workbook is damaged or of a kind that is not known ({text}); save it again as .xlsx or .csv"
                ),
            )
        }
    })
}

/// A newer workbook with a password is an old container around an encrypted package.
fn is_encrypted(bytes: &[u8]) -> bool {
    let name: Vec<u8> = "EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes).collect();
    memchr::memmem::find(bytes, &name).is_some()
}

impl Book<'_> {
    /// All sheets, charts and hidden ones too, in the order of the workbook.
    pub(super) fn sheet_names(&self) -> Vec<String> {
        match self {
            Book::Xlsx(b) => b.sheet_names(),
            Book::Xlsb(b) => b.sheet_names(),
            Book::Xls(b) => b.sheet_names(),
            Book::Ods(b) => b.sheet_names(),
        }
    }

    /// Sheets with cells, those that are shown or those that are hidden.
    pub(super) fn worksheets(&self, shown: bool) -> Vec<String> {
        let sheets = match self {
            Book::Xlsx(b) => b.sheets_metadata(),
            Book::Xlsb(b) => b.sheets_metadata(),
            Book::Xls(b) => b.sheets_metadata(),
            Book::Ods(b) => b.sheets_metadata(),
        };
        let wanted =
            |s: &&calamine::Sheet| s.typ == SheetType::WorkSheet && (s.visible == SheetVisible::Visible) == shown;
        sheets.iter().filter(wanted).map(|s| s.name.clone()).collect()
    }

    /// Rows of a sheet, as the file declares them; 0 where it does not.
    pub(super) fn rows(&mut self, sheet: &str) -> usize {
        let last = |d: Dimensions| d.end.0 as usize + 1;
        match self {
            Book::Xlsx(b) => b.worksheet_cells_reader(sheet).map_or(0, |r| last(r.dimensions())),
            Book::Xlsb(b) => b.worksheet_cells_reader(sheet).map_or(0, |r| last(r.dimensions())),
            Book::Xls(b) => b.worksheet_range(sheet).map_or(0, |r| r.height()),
            Book::Ods(b) => b.worksheet_range(sheet).map_or(0, |r| r.height()),
        }
    }

    /// Row and column of the cells of a sheet that hold formulas; only of the format whose files may lack the results.
    pub(super) fn formulas(&mut self, sheet: &str) -> Vec<(usize, usize)> {
        let Book::Xlsx(book) = self else { return Vec::new() };
        let Ok(range) = book.worksheet_formula(sheet) else { return Vec::new() };
        let (top, left) = range.start().unwrap_or_default();
        let formulas = range.used_cells().filter(|(_, _, text)| !text.is_empty());
        formulas.map(|(row, column, _)| (row + top as usize, column + left as usize)).collect()
    }

    /// Merged cells of a sheet, where the format tells them.
    pub(super) fn merges(&mut self, sheet: &str) -> Vec<Merge> {
        let merges = match self {
            Book::Xlsx(b) => b.merge_cells_by_sheet_name(sheet).unwrap_or_default(),
            Book::Xls(b) => b.merge_cells_by_sheet_name(sheet).unwrap_or_default(),
            Book::Xlsb(_) | Book::Ods(_) => Vec::new(),
        };
        let merge = |d: &Dimensions| Merge {
            top: d.start.0 as usize,
            left: d.start.1 as usize,
            bottom: d.end.0 as usize,
            right: d.end.1 as usize,
        };
        merges.iter().map(merge).collect()
    }
}
