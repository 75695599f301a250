//! Segment maps as files of their own: saved, and opened to be looked at before they are used.

use std::path::PathBuf;

use egui::{TextEdit, Ui, vec2};
use egui_material_icons::icons::{ICON_DOWNLOAD, ICON_FOLDER_OPEN};

use crate::app::Action;
use crate::rfm::MapFile;
use crate::ui::scene::Scene;
use crate::ui::theme;
use crate::ui::widgets::button;
use crate::worker::FileJob;

/// A button that writes the map to a file.
pub fn save(ui: &mut Ui, scene: &mut Scene, file: &MapFile) {
    let hint = "Write the map as a text file (TOML) that can be opened again, here or with --rfm-map";
    if button::plain(ui, ICON_DOWNLOAD, "Save map…").on_hover_text(hint).clicked() {
        let text = file.to_toml();
        let job = FileJob::new("segment map.toml", move |out| out.write_all(text.as_bytes()));
        scene.act(Action::Save(job));
    }
}

/// A button that asks for a map's file; its path can be typed as well, and the file can be dropped on the window.
pub fn open(ui: &mut Ui, scene: &mut Scene) {
    let hint = "Open a map that was saved, to look at it before it is used; or drop its file on the window";
    if button::plain(ui, ICON_FOLDER_OPEN, "Open map…").on_hover_text(hint).clicked() {
        scene.view.rfm.opening = !scene.view.rfm.opening;
    }
}

/// The field for a typed path, while it is open.
pub fn path_field(ui: &mut Ui, scene: &mut Scene) {
    if !scene.view.rfm.opening {
        return;
    }
    let t = theme::of(ui);
    ui.add_space(t.space.xs);
    ui.horizontal(|ui| {
        let mut typed = scene.view.rfm.map_path.clone();
        let field = TextEdit::singleline(&mut typed)
            .hint_text("Path of a segment map, or drop the file on the window")
            .desired_width((ui.available_width() - 220.0).max(160.0))
            .margin(vec2(t.space.s, t.space.s - t.shape.ring));
        let field = ui.add(field).accessible_name("Path of a segment map");
        let entered = field.lost_focus() && ui.input(|i| i.key_pressed(egui::Key::Enter));
        scene.view.rfm.map_path = typed;
        let path = scene.view.rfm.map_path.trim().to_string();
        let open = ui.add_enabled(!path.is_empty(), egui::Button::new("Open")).accessible_name("Open this map");
        if (open.clicked() || entered) && !path.is_empty() {
            scene.act(Action::OpenMap(Some(PathBuf::from(path))));
            scene.view.rfm.opening = false;
        }
        if ui.button("Browse…").accessible_name("Browse for a map…").clicked() {
            scene.act(Action::OpenMap(None));
            scene.view.rfm.opening = false;
        }
    });
}
