//! What each file is, in one line.

use egui_material_icons::MaterialIcon;
use egui_material_icons::icons::{
    ICON_ARTICLE, ICON_CODE, ICON_DATA_OBJECT, ICON_DESCRIPTION, ICON_GRID_ON, ICON_TABLE,
};

use crate::export::{ExportKind, TableKind};
use crate::profile::Profile;

/// What is in a file.
pub fn what(kind: ExportKind, profiles: &[Profile]) -> String {
    match kind {
        ExportKind::Workbook => "For people: figures, lists, charts, method".into(),
        ExportKind::ReportHtml => "Report as a web page in one file".into(),
        ExportKind::ReportPdf => "Report on pages, to read and to print".into(),
        ExportKind::Sql(dialect) => format!("The segmentation as one query for {}", dialect.label()),
        ExportKind::Recipe => "Every decision; runs again on next month's file".into(),
        ExportKind::Model => "What it takes to place a new customer".into(),
        ExportKind::Summary => "All key figures for programs".into(),
        ExportKind::Table(table, _) => match table {
            TableKind::Customers => "One row per customer with its segment".into(),
            TableKind::CustomersOf(place) => {
                format!("The customers of {}", profiles.get(place as usize).map_or("one segment", |p| &p.name))
            }
            TableKind::Segments => "One row per segment with its figures".into(),
            TableKind::Cuts => "What values each score stands for".into(),
            TableKind::Migration => "Who moved between the two dates".into(),
            TableKind::Transactions => "Transactions with their segments".into(),
        },
    }
}

pub fn icon(kind: ExportKind) -> MaterialIcon {
    match kind {
        ExportKind::Workbook => ICON_GRID_ON,
        ExportKind::ReportHtml | ExportKind::ReportPdf => ICON_DESCRIPTION,
        ExportKind::Sql(_) => ICON_CODE,
        ExportKind::Recipe => ICON_ARTICLE,
        ExportKind::Model | ExportKind::Summary => ICON_DATA_OBJECT,
        ExportKind::Table(..) => ICON_TABLE,
    }
}
