//! What was opened last: name, folder and age, newest first. Files that are gone stay until they are taken off the list.

use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use egui::{Align, Layout, RichText, ScrollArea, Ui, vec2};
use egui_material_icons::icons::{ICON_ARTICLE, ICON_CLOSE, ICON_DESCRIPTION, ICON_INVENTORY_2};

use crate::app::Action;
use crate::format;
use crate::ui::scene::Scene;
use crate::ui::theme;
use crate::ui::widgets::{button, text};

/// Seconds after which files are looked at again.
const LOOK_AGAIN_SECS: u64 = 5;

/// When a file was changed last, in seconds since 1970; `None` where it is not there.
type Seen = Vec<(PathBuf, Option<u64>)>;

/// The list, as high as there is room.
pub fn show(ui: &mut Ui, scene: &mut Scene, height: f32) {
    let t = theme::of(ui);
    let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |d| d.as_secs());
    let seen = look(ui, scene, now);
    ui.horizontal(|ui| {
        text::plain_heading(ui, "Recent");
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            let forget = button::link(ui, "Forget all").on_hover_text("Empties this list; the files stay");
            if forget.clicked() {
                scene.set(|s| s.recent.clear());
            }
        });
    });
    ui.add_space(t.space.xs);
    ScrollArea::vertical().max_height(height).auto_shrink([false, true]).show(ui, |ui| {
        ui.spacing_mut().item_spacing.y = 1.0;
        for path in &scene.settings.recent {
            let known = seen.as_ref().and_then(|s| s.iter().find(|(p, _)| p == path)).map(|(_, changed)| *changed);
            one(ui, scene, path, known, now);
        }
    });
}

/// What is known of the files; looked at on another thread, as a folder may be far away.
fn look(ui: &Ui, scene: &mut Scene, now: u64) -> Option<std::rc::Rc<Seen>> {
    let (paths, tick) = (scene.settings.recent.clone(), now / LOOK_AGAIN_SECS);
    let names = paths.iter().map(|p| p.display().to_string()).collect::<Vec<_>>().join("\n");
    let found = scene.cache.get_later("recent files", (names, tick), usize::MAX, ui.ctx(), move |_| {
        let changed = |path: &Path| {
            let time = std::fs::metadata(path).and_then(|m| m.modified()).ok()?;
            time.duration_since(UNIX_EPOCH).ok().map(|d| d.as_secs())
        };
        paths.into_iter().map(|path| (path.clone(), changed(&path))).collect::<Seen>()
    });
    found.or_else(|| scene.cache.last("recent files"))
}

/// `known`: `None` while it is looked at, `Some(None)` for a file that is gone.
fn one(ui: &mut Ui, scene: &mut Scene, path: &Path, known: Option<Option<u64>>, now: u64) {
    let t = theme::of(ui);
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let folder = path.parent().map(|p| p.display().to_string()).unwrap_or_default();
    let gone = known == Some(None);
    let (rect, response) = button::row(ui, t.shape.control + t.space.m, &format!("Open {name} in {folder}"), false);
    let inner = rect.shrink2(vec2(t.space.s, t.space.xs));
    let mut row = ui.new_child(egui::UiBuilder::new().max_rect(inner).layout(Layout::left_to_right(Align::Center)));
    let icon = match path.extension().and_then(|e| e.to_str()) {
        Some("quintile") => ICON_INVENTORY_2,
        Some("toml") => ICON_ARTICLE,
        _ => ICON_DESCRIPTION,
    };
    row.label(icon.rich_text().size(t.font.icon).color(if gone { t.text.faint } else { t.text.muted }));
    row.with_layout(Layout::right_to_left(Align::Center), |ui| {
        if button::small_icon(ui, ICON_CLOSE, &format!("Take {name} off the list")).clicked() {
            scene.set(|s| s.recent.retain(|p| p != path));
        }
        let age = match known {
            None => String::new(),
            Some(None) => "not there any more".into(),
            Some(Some(then)) => ago(now.saturating_sub(then)),
        };
        ui.label(RichText::new(age).size(t.font.tiny).color(t.text.faint));
        ui.with_layout(Layout::top_down(Align::Min), |ui| {
            ui.spacing_mut().item_spacing.y = 0.0;
            let color = if gone { t.text.faint } else { t.text.normal };
            ui.add(egui::Label::new(RichText::new(&name).color(color)).truncate());
            ui.add(egui::Label::new(RichText::new(&folder).size(t.font.tiny).color(t.text.faint)).truncate());
        });
    });
    let hint = match known {
        Some(None) => format!("{}\nThe file was moved or deleted", path.display()),
        Some(Some(then)) => format!("{}\nChanged {}", path.display(), ago(now.saturating_sub(then))),
        None => path.display().to_string(),
    };
    if response.on_hover_text(hint).clicked() {
        scene.act(Action::Open(path.to_path_buf()));
    }
}

/// How long ago something was, as people say it.
fn ago(secs: u64) -> String {
    let words = |n: u64, one: &str, many: &str| format!("{} ago", format::plural(n as usize, one, many));
    match secs {
        0..60 => "just now".into(),
        60..3_600 => words(secs / 60, "minute", "minutes"),
        3_600..86_400 => words(secs / 3_600, "hour", "hours"),
        86_400..172_800 => "yesterday".into(),
        172_800..5_184_000 => words(secs / 86_400, "day", "days"),
        5_184_000..63_072_000 => words(secs / 2_592_000, "month", "months"),
        _ => words(secs / 31_536_000, "year", "years"),
    }
}

#[cfg(test)]
mod tests {
    use super::ago;

    #[test]
    fn ages_are_said_as_people_say_them() {
        let cases = [(3, "just now"), (60, "1 minute ago"), (7_200, "2 hours ago"), (90_000, "yesterday")];
        for (secs, words) in cases.into_iter().chain([(1_000_000, "11 days ago"), (10_000_000, "3 months ago")]) {
            assert_eq!(ago(secs), words);
        }
    }
}
