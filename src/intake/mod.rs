//! Files to a typed table: encoding, dialect, header, types; workbooks, Parquet, Arrow, JSON, archives of them, several
//! files as one; roles of columns.

mod arrow;
mod combine;
mod currency;
pub mod dates;
mod describe;
mod guess;
mod html_table;
mod intern;
mod json_lines;
mod json_text;
pub mod kind;
mod magic;
mod memory;
mod names;
pub mod numbers;
mod packed;
mod parquet;
pub mod paste;
mod preview;
pub mod quality;
mod read;
mod repeated_total;
mod report;
mod role_doubts;
mod role_names;
pub mod roles;
mod settle;
mod shape;
mod shape_names;
mod structure;
mod table;
mod table_area;
mod text;
mod workbook;

pub use kind::MissingRule;
pub(crate) use names::words as words_of_name;
pub use preview::preview;
pub use read::read;
pub use report::{ColumnReport, Distribution, InputReport, MOST_REJECTS, Reject};
pub use roles::{Role, RoleFound, RolesOut};
pub use settle::settle;
pub use shape::ShapeFound;
pub(crate) use shape_names::is_id as is_id_name;
pub use table::{Code, Column, Dict, Table};

/// The intake stage's findings.
#[derive(Debug, Clone)]
pub struct IntakeOut {
    pub table: Table,
    /// One per file.
    pub reports: Vec<InputReport>,
    pub warnings: Vec<String>,
}
