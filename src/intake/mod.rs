//! Files to a typed table: encoding, dialect, header, types, workbooks, Parquet; roles of columns.

pub mod dates;
mod guess;
mod intern;
pub mod kind;
mod parquet;
mod read;
mod report;
pub mod roles;
mod shape;
mod shape_names;
mod table;
mod text;
mod workbook;

pub use read::read;
pub use report::{ColumnReport, InputReport, MOST_REJECTS, Reject};
pub use roles::{Role, RoleFound, RolesOut};
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
