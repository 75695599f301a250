//! stub
use std::path::{Path, PathBuf};
use crate::ctx::Ctx;
use crate::error::{Error, Result};
use crate::pipeline::Findings;
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExportKind { Workbook, Customers, Segments, Recipe, Model, Summary }
impl ExportKind {
    pub fn file_name(self) -> &'static str { match self { ExportKind::Workbook => "segments.xlsx", ExportKind::Customers => "customers.csv", ExportKind::Segments => "segments.csv", ExportKind::Recipe => "recipe.toml", ExportKind::Model => "model.json", ExportKind::Summary => "summary.json" } }
}
#[derive(Debug, Clone, PartialEq)]
pub struct Written { pub path: PathBuf, pub bytes: u64 }
pub fn write_all(_f: &Findings, _dir: &Path, _ctx: &Ctx) -> Result<Vec<Written>> { Err(Error::data("stub")) }
pub fn write_one(_f: &Findings, _kind: ExportKind, _path: &Path, _ctx: &Ctx) -> Result<Written> { Err(Error::data("stub")) }
