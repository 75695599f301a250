//! Files to a typed table: encoding, dialect, header, types, workbooks, Parquet; roles of columns.

pub mod dates;
mod describe;
mod guess;
mod intern;
pub mod kind;
mod names;
pub mod numbers;
mod parquet;
pub mod quality;
mod read;
mod report;
mod role_names;
pub mod roles;
mod settle;
mod structure;
mod table;
mod text;
mod workbook;

pub use kind::MissingRule;
pub use read::read;
pub use report::{ColumnReport, Distribution, InputReport, MOST_REJECTS, Reject};
pub use roles::{Role, RoleFound, RolesOut};
pub use settle::settle;
pub use table::{Code, Column, Dict, Table};

/// The intake stage's findings.
#[derive(Debug, Clone)]
pub struct IntakeOut {
    pub table: Table,
    /// One per file.
    pub reports: Vec<InputReport>,
    pub warnings: Vec<String>,
}
