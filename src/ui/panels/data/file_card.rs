//! How the file was read; every finding can be overruled.

use egui::{RichText, Ui};
use egui_material_icons::icons::ICON_DESCRIPTION;

use crate::format;
use crate::intake::InputReport;
use crate::ui::scene::Scene;
use crate::ui::style::semibold;
use crate::ui::theme;
use crate::ui::widgets::{card, choice, text};

const DELIMITERS: [(char, &str); 6] =
    [(',', "comma"), (';', "semicolon"), ('\t', "tab"), ('|', "bar"), (':', "colon"), (' ', "blanks")];
const ENCODINGS: [&str; 8] =
    ["utf-8", "utf-16le", "utf-16be", "windows-1252", "windows-1250", "windows-1251", "shift_jis", "gbk"];
const CONTROL: f32 = 150.0;

pub fn show(ui: &mut Ui, scene: &mut Scene) {
    let t = theme::of(ui);
    let Some(recipe) = scene.session.recipe().cloned() else { return };
    let report = scene.session.intake.get().and_then(|o| o.reports.first().cloned());
    card::card(ui, |ui| {
        ui.spacing_mut().item_spacing.y = t.space.xs;
        let path = recipe.input.files.first();
        ui.horizontal(|ui| {
            text::icon(ui, ICON_DESCRIPTION, t.accent.normal);
            let name = path.and_then(|p| p.file_name()).map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
            let label = egui::Label::new(RichText::new(name).family(semibold())).truncate();
            let full = path.map(|p| p.display().to_string()).unwrap_or_default();
            ui.add(label).on_hover_text(full);
        });
        match report {
            Some(report) => facts(ui, scene, &report),
            None => drop(text::muted(ui, "Not read yet.")),
        }
    });
}

fn facts(ui: &mut Ui, scene: &mut Scene, report: &InputReport) {
    let t = theme::of(ui);
    let size = format!(
        "{} rows · {} columns · {}",
        format::count(report.rows),
        format::count(report.columns),
        crate::ui::widgets::text::bytes(report.bytes)
    );
    text::muted(ui, size);
    if report.ragged_rows > 0 {
        let rows = format::plural(report.ragged_rows, "row has", "rows have");
        text::muted(ui, format!("{rows} more or fewer fields than the header."));
    }
    ui.add_space(t.space.xs);
    text::fact(ui, "Format", report.format.to_uppercase());
    let Some(input) = scene.session.recipe().map(|r| r.input.clone()) else { return };
    if let Some(found) = &report.delimiter {
        let found =
            DELIMITERS.iter().find(|(c, _)| found.len() == 1 && found.starts_with(*c)).map_or(found.as_str(), |d| d.1);
        let mut options = vec![(None, "Automatic".to_string())];
        options.extend(DELIMITERS.iter().map(|(c, name)| (Some(*c), name.to_string())));
        row(ui, "Delimiter", |ui| {
            let picked = choice::combo(
                ui,
                "Delimiter",
                CONTROL,
                &found_or(found, input.delimiter.is_some()),
                &options,
                &input.delimiter,
            );
            if let Some(delimiter) = picked {
                scene.decide("Set the delimiter", false, |r| r.input.delimiter = delimiter);
            }
        });
    }
    if let Some(found) = &report.encoding {
        let mut options = vec![(None, "Automatic".to_string())];
        options.extend(ENCODINGS.iter().map(|name| (Some(name.to_string()), name.to_string())));
        row(ui, "Encoding", |ui| {
            let picked = choice::combo(
                ui,
                "Encoding",
                CONTROL,
                &found_or(found, input.encoding.is_some()),
                &options,
                &input.encoding,
            );
            if let Some(encoding) = picked {
                scene.decide("Set the encoding", false, |r| r.input.encoding = encoding);
            }
        });
    }
    if report.sheets.len() > 1 {
        let options: Vec<_> = report.sheets.iter().map(|s| (Some(s.clone()), s.clone())).collect();
        let current = report.sheet.clone();
        row(ui, "Sheet", |ui| {
            let shown = current.clone().unwrap_or_default();
            if let Some(sheet) = choice::combo(ui, "Sheet", CONTROL, &shown, &options, &current) {
                scene.decide("Choose the sheet", false, |r| r.input.sheet = sheet);
            }
        });
    } else if let Some(sheet) = &report.sheet {
        text::fact(ui, "Sheet", sheet.as_str());
    }
    if report.format != "parquet" {
        let options =
            [(None, "Automatic".to_string()), (Some(true), "First row".to_string()), (Some(false), "None".to_string())];
        row(ui, "Column names", |ui| {
            let found = if report.header { "First row" } else { "None" };
            let picked = choice::combo(
                ui,
                "Column names",
                CONTROL,
                &found_or(found, input.header.is_some()),
                &options,
                &input.header,
            );
            if let Some(header) = picked {
                scene.decide("Set where the column names are", false, |r| r.input.header = header);
            }
        });
    }
}

fn found_or(found: &str, chosen: bool) -> String {
    if chosen { found.to_string() } else { format!("{found} (found)") }
}

/// A name on the left and a control on the right.
fn row(ui: &mut Ui, name: &str, add: impl FnOnce(&mut Ui)) {
    let t = theme::of(ui);
    ui.horizontal(|ui| {
        ui.label(RichText::new(name).size(t.font.small).color(t.text.muted));
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), add);
    });
}
