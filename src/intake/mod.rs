//! Files to a typed table: encoding, dialect, header, types; workbooks, Parquet, Arrow, JSON, archives of them, several
//! files as one; roles of columns.

mod arrow;
mod combine;
pub mod dates;
mod guess;
mod html_table;
mod intern;
mod json_lines;
mod json_text;
pub mod kind;
mod magic;
mod memory;
mod packed;
mod parquet;
pub mod paste;
mod read;
mod report;
pub mod roles;
mod table;
mod table_area;
mod text;
mod workbook;

pub use read::read;
pub use report::{ColumnReport, InputReport, MOST_REJECTS, Reject};
pub use roles::{Role, RoleFound, RolesOut};
pub use table::{Code, Column, Dict, Table};

/// The intake stage's findings.
#[derive(Debug, Clone)]
pub struct IntakeOut {
    pub table: Table,
    /// One per file.
    pub reports: Vec<InputReport>,
    pub warnings: Vec<String>,
}
