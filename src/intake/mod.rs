//! Files to a typed table: encoding, dialect, header, types, workbooks, Parquet; roles of columns.

pub mod dates;
pub mod kind;
mod report;
pub mod roles;
mod table;

pub use report::{ColumnReport, InputReport};
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
pub fn read(_i: &crate::recipe::Input, _ctx: &crate::ctx::Ctx) -> crate::error::Result<IntakeOut> { Err(crate::error::Error::data("stub")) }
