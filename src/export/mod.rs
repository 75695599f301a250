//! Findings to files: CSV, JSON, Excel, the recipe; and a table as intake reads it to another format.
//!
//! Everything is written beside its place first and moved there whole, so that a reader never sees half a
//! file and a failure leaves what was there before.

pub(crate) mod csv;
mod customers;
mod cuts;
mod directory;
mod file_names;
mod kinds;
mod leftovers;
mod migration;
mod model;
mod placement;
mod preview;
mod rejects;
mod report;
mod scored;
mod scoring;
mod segments;
mod selected;
mod shown;
mod source;
mod sql;
mod summary;
mod table;
mod tables;
mod transactions;
mod workbook;

pub use directory::{Exported, Written, write_all, write_durably, write_file, write_one};
pub use kinds::{ExportKind, Planned, TableKind, plan};
pub use preview::{Foreseen, first_lines, foresee};
pub use rejects::{REJECTS_FILE, write_rejects};
pub use report::check_logo;
pub use scored::{check_scored, write_scored};
pub use selected::write_customers;
pub use shown::{customers_as_tsv, write_shown};
pub use sql::{cannot as cannot_be_sql, warnings as sql_warnings};
pub use table::write_table;
pub use tables::Form;
pub use workbook::{sheets as workbook_sheets, write_workbook};

/// Petroff's ten colours (arXiv 2107.02270), told apart with any colour vision; cluster n has colour n.
/// From the eleventh cluster on they repeat.
pub const SEGMENT_COLOURS: [u32; 10] =
    [0x3f90da, 0xffa90e, 0xbd1f01, 0x94a4a2, 0x832db6, 0xa96b59, 0xe76300, 0xb9ac70, 0x717581, 0x92dadd];
