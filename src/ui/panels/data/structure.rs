//! The structure of a file as chips, each with the menu that overrules it.

use egui::{RichText, Ui};

use crate::intake::InputReport;
use crate::recipe::Input;
use crate::ui::scene::Scene;
use crate::ui::theme;
use crate::ui::widgets::chip::{self, Chip, Choice};
use crate::ui::widgets::{button, card};

const DELIMITERS: [(char, &str); 6] =
    [(',', "comma"), (';', "semicolon"), ('\t', "tab"), ('|', "bar"), (':', "colon"), (' ', "blanks")];
const ENCODINGS: [(&str, &str); 17] = [
    ("utf-8", "most files of today"),
    ("windows-1252", "Western Europe"),
    ("iso-8859-15", "Western Europe, with €"),
    ("windows-1250", "Central Europe"),
    ("iso-8859-2", "Central Europe"),
    ("windows-1251", "Cyrillic"),
    ("koi8-r", "Cyrillic"),
    ("windows-1253", "Greek"),
    ("windows-1254", "Turkish"),
    ("windows-1257", "Baltic"),
    ("utf-16le", "Excel's Unicode text"),
    ("utf-16be", ""),
    ("macintosh", "old Mac files"),
    ("shift_jis", "Japanese"),
    ("gbk", "Chinese"),
    ("big5", "Chinese, traditional"),
    ("euc-kr", "Korean"),
];
const QUOTES: [(&str, &str); 3] = [("\"", "double \""), ("'", "single '"), ("", "none")];
const ESCAPES: [(&str, &str); 2] = [("", "doubled quote"), ("\\", "backslash \\")];

/// All chips of a file, in the order in which it is read.
pub fn chips(ui: &mut Ui, scene: &mut Scene, input: &Input, report: &InputReport) {
    let packed = report.compression.as_ref().map(|c| format!(" in {c}")).unwrap_or_default();
    let format = format!("{}{packed}", report.format.to_uppercase());
    let hint = "What the file is, by its first bytes";
    Chip { name: "Format", value: &format, chosen: false, hint }.fixed(ui);
    if report.sheets.len() > 1 {
        sheet(ui, scene, report);
    } else if let Some(sheet) = &report.sheet {
        Chip { name: "Sheet", value: sheet, chosen: false, hint: "The workbook's only sheet" }.fixed(ui);
    }
    if report.encoding.is_some() {
        encoding(ui, scene, input, report);
        delimiter(ui, scene, input, report);
        quote(ui, scene, input, report);
        escape(ui, scene, input, report);
    }
    if let Some(newline) = &report.newline {
        let hint = "LF: Unix, CRLF: Windows, CR: old Mac files";
        Chip { name: "Line ends", value: newline, chosen: false, hint }.fixed(ui);
    }
    if !["parquet", "arrow", "jsonl", "json"].contains(&report.format.as_str()) {
        header(ui, scene, input, report);
    }
    if !report.totals.is_empty() || input.keep_totals.is_some() {
        totals(ui, scene, input);
    }
}

fn sheet(ui: &mut Ui, scene: &mut Scene, report: &InputReport) {
    let shown = report.sheet.clone().unwrap_or_default();
    let mut picked = None;
    let chosen = scene.session.recipe().is_some_and(|r| r.input.sheet.is_some());
    Chip { name: "Sheet", value: &shown, chosen, hint: "Which sheet of the workbook is read" }.menu(ui, |ui| {
        let options: Vec<_> = report.sheets.iter().map(|s| Choice::new(Some(s.clone()), s)).collect();
        picked = chip::choices(ui, &options, &report.sheet);
    });
    if let Some(sheet) = picked {
        let label = format!("Read the sheet {}", sheet.as_deref().unwrap_or_default());
        scene.decide(label, false, |r| {
            // Another sheet has lines of its own above its table.
            r.input.sheet = sheet;
            (r.input.skip_rows, r.input.header, r.input.header_rows) = (None, None, None);
        });
    }
}

fn encoding(ui: &mut Ui, scene: &mut Scene, input: &Input, report: &InputReport) {
    let found = report.encoding.clone().unwrap_or_default().to_lowercase();
    let mut picked = None;
    let hint = "How letters are stored. Wrong: ä or £ look odd.";
    Chip { name: "Encoding", value: &found, chosen: input.encoding.is_some(), hint }.menu(ui, |ui| {
        let mut options = vec![Choice::automatic(&found, input.encoding.is_some())];
        options.extend(ENCODINGS.iter().map(|(name, note)| Choice {
            value: Some(name.to_string()),
            words: name.to_string(),
            note: if *name == found { "found".into() } else { note.to_string() },
        }));
        picked = chip::choices(ui, &options, &input.encoding);
    });
    if let Some(encoding) = picked {
        let label = encoding.as_ref().map_or("Find the encoding".into(), |e| format!("Encoding {e}"));
        scene.decide(label, false, |r| r.input.encoding = encoding);
    }
}

fn delimiter(ui: &mut Ui, scene: &mut Scene, input: &Input, report: &InputReport) {
    let raw = report.delimiter.as_deref().unwrap_or("none");
    let found = DELIMITERS.iter().find(|(c, _)| raw.chars().eq([*c])).map_or(raw, |d| d.1);
    let mut picked = None;
    let hint = "What stands between two cells of a line";
    Chip { name: "Delimiter", value: found, chosen: input.delimiter.is_some(), hint }.menu(ui, |ui| {
        let mut options = vec![Choice::automatic(found, input.delimiter.is_some())];
        options.extend(DELIMITERS.iter().map(|(c, words)| Choice::new(Some(*c), *words)));
        picked = chip::choices(ui, &options, &input.delimiter);
        card::rule(ui);
        if let Some(other) = chip::one_character(ui, "Another character") {
            picked = Some(Some(other));
            ui.close();
        }
    });
    if let Some(delimiter) = picked {
        let words = |c: char| DELIMITERS.iter().find(|d| d.0 == c).map_or_else(|| c.to_string(), |d| d.1.to_string());
        let label = delimiter.map_or("Find the delimiter".into(), |c| format!("Delimiter {}", words(c)));
        scene.decide(label, false, |r| r.input.delimiter = delimiter);
    }
}

fn quote(ui: &mut Ui, scene: &mut Scene, input: &Input, report: &InputReport) {
    let found = match report.quote {
        None => "none".to_string(),
        Some(c) => QUOTES.iter().find(|q| q.0.chars().eq([c])).map_or_else(|| c.to_string(), |q| q.1.to_string()),
    };
    let mut picked = None;
    let hint = "What stands around cells that hold the delimiter or a line break";
    Chip { name: "Quote", value: &found, chosen: input.quote.is_some(), hint }.menu(ui, |ui| {
        let mut options = vec![Choice::automatic(&found, input.quote.is_some())];
        options.extend(QUOTES.iter().map(|(c, words)| Choice::new(Some(c.to_string()), *words)));
        picked = chip::choices(ui, &options, &input.quote);
        card::rule(ui);
        if let Some(other) = chip::one_character(ui, "Another character") {
            picked = Some(Some(other.to_string()));
            ui.close();
        }
    });
    if let Some(quote) = picked {
        let words = match quote.as_deref() {
            None => "Find the quote".into(),
            Some("") => "Quote none".into(),
            Some(quote) => format!("Quote {quote}"),
        };
        scene.decide(words, false, |r| r.input.quote = quote);
    }
}

fn escape(ui: &mut Ui, scene: &mut Scene, input: &Input, report: &InputReport) {
    // Without quotes there is nothing to escape.
    if report.quote.is_none() && input.escape.is_none() {
        return;
    }
    let found = match report.escape {
        None => "doubled quote".to_string(),
        Some(c) => ESCAPES.iter().find(|e| e.0.chars().eq([c])).map_or_else(|| c.to_string(), |e| e.1.to_string()),
    };
    let mut picked = None;
    let hint = "How a quote within a quoted cell is written";
    Chip { name: "Escape", value: &found, chosen: input.escape.is_some(), hint }.menu(ui, |ui| {
        let mut options = vec![Choice::automatic(&found, input.escape.is_some())];
        options.extend(ESCAPES.iter().map(|(c, words)| Choice::new(Some(c.to_string()), *words)));
        picked = chip::choices(ui, &options, &input.escape);
    });
    if let Some(escape) = picked {
        let words = match escape.as_deref() {
            None => "Find the escape".into(),
            Some("") => "Escape by a doubled quote".into(),
            Some(escape) => format!("Escape {escape}"),
        };
        scene.decide(words, false, |r| r.input.escape = escape);
    }
}

/// Where the column names are: in the file or not, below how many lines, over how many rows.
fn header(ui: &mut Ui, scene: &mut Scene, input: &Input, report: &InputReport) {
    let t = theme::of(ui);
    let (first, rows) = (report.first_line.max(1), report.header_rows.max(1));
    let shown = match (report.header, rows) {
        (false, _) => "none".to_string(),
        (true, 1) => format!("line {first}"),
        (true, n) => format!("lines {first}–{}", first + n - 1),
    };
    let chosen = input.header.is_some() || input.skip_rows.is_some() || input.header_rows.is_some();
    let hint = "Where the column names are";
    let mut changed: Option<(String, Input)> = None;
    Chip { name: "Column names", value: &shown, chosen, hint }.menu(ui, |ui| {
        ui.set_min_width(8.0 * t.space.xl);
        let options = [
            Choice::automatic(&shown, input.header.is_some()),
            Choice::new(Some(true), "In the file"),
            Choice::new(Some(false), "Not in the file"),
        ];
        if let Some(header) = chip::choices(ui, &options, &input.header) {
            let words = match header {
                None => "Find the column names",
                Some(true) => "Column names are in the file",
                Some(false) => "Column names are not in the file",
            };
            changed = Some((words.into(), Input { header, ..input.clone() }));
        }
        card::rule(ui);
        let above = input.skip_rows.unwrap_or(first - 1);
        if let Some(skip) = chip::stepper(ui, "Lines above to leave out", above, 0..=10_000) {
            let words = format!("Set the lines above the table to {skip}");
            changed = Some((words, Input { skip_rows: Some(skip), ..input.clone() }));
        }
        if report.header {
            let over = input.header_rows.unwrap_or(rows);
            if let Some(n) = chip::stepper(ui, "Rows of names", over, 1..=9) {
                let words = format!("Set the rows of column names to {n}");
                changed = Some((words, Input { header_rows: Some(n), ..input.clone() }));
            }
        }
        if chosen {
            ui.add_space(t.space.xs);
            if button::link(ui, "As found").on_hover_text("Forget these settings").clicked() {
                let input = Input { header: None, skip_rows: None, header_rows: None, ..input.clone() };
                changed = Some(("Find the column names".into(), input));
                ui.close();
            }
        } else {
            ui.label(RichText::new("As found in the file").size(t.font.small).color(t.text.faint));
        }
    });
    if let Some((label, input)) = changed {
        scene.decide(label, true, |r| r.input = input);
    }
}

fn totals(ui: &mut Ui, scene: &mut Scene, input: &Input) {
    let shown = if input.keep_totals == Some(true) { "kept" } else { "left out" };
    let hint = "Rows that only add up the others. Kept, they would count as sales.";
    let mut picked = None;
    Chip { name: "Totals", value: shown, chosen: input.keep_totals.is_some(), hint }.menu(ui, |ui| {
        let options = [
            Choice::automatic("left out where certain", input.keep_totals.is_some()),
            Choice::new(Some(false), "Leave out"),
            Choice::new(Some(true), "Keep"),
        ];
        picked = chip::choices(ui, &options, &input.keep_totals);
    });
    if let Some(keep) = picked {
        let words = match keep {
            None => "Leave out totals where certain",
            Some(true) => "Keep totals",
            Some(false) => "Leave out totals",
        };
        scene.decide(words, false, |r| r.input.keep_totals = keep);
    }
}
