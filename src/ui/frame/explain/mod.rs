//! The drawer that explains the panel in front, with the numbers of this data in the sentences.

mod fill;
mod heavy;
mod numbers;

use egui::{Align, Layout, Margin, RichText, ScrollArea, Stroke, Ui};
use egui_material_icons::icons::ICON_CLOSE;

use super::markdown;
use crate::app::{Command, ExploreTab, Panel};
use crate::ui::panels::{choose_k, profiles, rfm, segments};
use crate::ui::scene::Scene;
use crate::ui::style::semibold;
use crate::ui::theme;
use crate::ui::widgets::button;
pub use fill::Filled;

pub fn show(ui: &mut Ui, scene: &mut Scene) {
    if !scene.view.explain || scene.view.panel == Panel::Welcome {
        return;
    }
    let t = theme::of(ui);
    let frame = egui::Frame::new().fill(t.bg.app).inner_margin(Margin::symmetric(t.space.l as i8, t.space.m as i8));
    egui::Panel::right("explain")
        .frame(frame)
        .exact_size(t.frame.explain)
        .resizable(false)
        .show_separator_line(false)
        .show(ui, |ui| {
            let x = ui.max_rect().left() - t.space.l;
            ui.painter().vline(x, ui.max_rect().expand(t.space.l).y_range(), Stroke::new(t.shape.hairline, t.bg.line));
            ui.horizontal(|ui| {
                ui.label(RichText::new("Explain").size(t.font.title).family(semibold()));
                ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                    if button::icon(ui, ICON_CLOSE, "Close the explanation").clicked() {
                        scene.command(Command::ToggleExplain);
                    }
                });
            });
            ScrollArea::vertical()
                .id_salt((
                    (scene.view.panel, scene.new_file.shown),
                    scene.view.features.tab,
                    scene.view.choose_k.tab,
                    scene.view.segments.tab,
                    scene.view.profiles.tab,
                ))
                .auto_shrink([false, false])
                .show(ui, |ui| {
                    let filled = filled(ui.ctx(), scene);
                    if let Some(term) = markdown::show(ui, &filled.text) {
                        scene.view.frame.explain(term);
                    }
                    ui.add_space(t.space.m);
                    if button::link(ui, "All words in the glossary").clicked() {
                        scene.command(Command::Glossary);
                    }
                });
        });
}

/// What the drawer says about the panel in front.
pub fn filled(ctx: &egui::Context, scene: &mut Scene) -> Filled {
    let heavy = heavy::of(ctx, scene);
    fill::fill(source(scene), &|name| numbers::number(name, scene, heavy.as_deref()))
}

fn source(scene: &Scene) -> &'static str {
    if scene.new_file.shown {
        return include_str!("../../../../assets/help/new_file.md");
    }
    if let (Panel::Features, Some(text)) = (scene.view.panel, rfm::help::text(scene.view.features.tab)) {
        return text;
    }
    let of_customers = scene.session.roles.get().is_some_and(|r| r.shape.is_of_customers());
    match scene.view.panel {
        Panel::Clean if of_customers => include_str!("../../../../assets/help/clean_customers.md"),
        Panel::Features if of_customers => include_str!("../../../../assets/help/features_customers.md"),
        Panel::Welcome => "",
        Panel::Data => include_str!("../../../../assets/help/data.md"),
        Panel::Clean => include_str!("../../../../assets/help/clean.md"),
        Panel::Explore if scene.view.explore.tab == ExploreTab::Customers => {
            include_str!("../../../../assets/help/customers.md")
        }
        Panel::Explore if of_customers => include_str!("../../../../assets/help/explore_customers.md"),
        Panel::Explore => include_str!("../../../../assets/help/explore.md"),
        Panel::Features => include_str!("../../../../assets/help/features.md"),
        Panel::ChooseK => choose_k::help::text(scene.view.choose_k.tab),
        Panel::Segments => segments::help::text(scene.view.segments.tab),
        Panel::Profiles => profiles::help::text(scene.view.profiles.tab),
        Panel::Export => include_str!("../../../../assets/help/export.md"),
    }
}
