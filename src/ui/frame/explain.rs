//! The drawer that explains the panel in front, with the numbers of this data in the sentences.

use egui::{Align, Layout, Margin, RichText, ScrollArea, Stroke, Ui};
use egui_material_icons::icons::ICON_CLOSE;

use super::markdown;
use crate::app::{Command, ExploreTab, Panel};
use crate::format;
use crate::ui::panels::{choose_k, new_file, profiles, rfm, segments};
use crate::ui::scene::Scene;
use crate::ui::style::semibold;
use crate::ui::theme;
use crate::ui::widgets::button;

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
                    let text = fill(source(scene), scene);
                    if let Some(term) = markdown::show(ui, &text) {
                        scene.view.frame.explain(term);
                    }
                    ui.add_space(t.space.m);
                    if button::link(ui, "All words in the glossary").clicked() {
                        scene.command(Command::Glossary);
                    }
                });
        });
}

fn source(scene: &Scene) -> &'static str {
    if scene.new_file.shown {
        return new_file::help::text(scene);
    }
    if let (Panel::Features, Some(text)) = (scene.view.panel, rfm::help::text(scene.view.features.tab)) {
        return text;
    }
    let of_customers = scene.session.roles.get().is_some_and(|r| r.shape.is_of_customers());
    match scene.view.panel {
        Panel::Clean if of_customers => include_str!("../../../assets/help/clean_customers.md"),
        Panel::Features if of_customers => include_str!("../../../assets/help/features_customers.md"),
        Panel::Welcome => "",
        Panel::Data => include_str!("../../../assets/help/data.md"),
        Panel::Clean => include_str!("../../../assets/help/clean.md"),
        Panel::Explore if scene.view.explore.tab == ExploreTab::Customers => {
            include_str!("../../../assets/help/customers.md")
        }
        Panel::Explore if of_customers => include_str!("../../../assets/help/explore_customers.md"),
        Panel::Explore => include_str!("../../../assets/help/explore.md"),
        Panel::Features => include_str!("../../../assets/help/features.md"),
        Panel::ChooseK => choose_k::help::text(scene.view.choose_k.tab),
        Panel::Segments => segments::help::text(scene.view.segments.tab),
        Panel::Profiles => profiles::help::text(scene.view.profiles.tab),
        Panel::Export => include_str!("../../../assets/help/export.md"),
    }
}

/// Puts this data's numbers where `{names}` stand. A paragraph with a number that is not known yet is left out.
fn fill(text: &str, scene: &Scene) -> String {
    let mut out = String::with_capacity(text.len());
    'paragraphs: for paragraph in text.split("\n\n") {
        let mut rest = paragraph;
        let mut filled = String::new();
        while let Some((before, after)) = rest.split_once('{') {
            let Some((name, after)) = after.split_once('}') else { break };
            let Some(value) = number(name, scene) else { continue 'paragraphs };
            filled.push_str(before);
            filled.push_str(&value);
            rest = after;
        }
        out.push_str(&filled);
        out.push_str(rest);
        out.push_str("\n\n");
    }
    out
}

/// The value of a placeholder; `None` while it is not known.
fn number(name: &str, scene: &Scene) -> Option<String> {
    let session = scene.session;
    let money = |v: f64| format::money(v, scene.currency());
    let rfm = || session.rfm.get();
    let chosen = || session.chosen.get();
    let profiles = || session.profiles.get();
    let silhouette = || chosen()?.scores.silhouette;
    Some(match name {
        "rows" => format::count(session.intake.get()?.table.rows),
        "columns" => format::count(session.intake.get()?.table.columns.len()),
        // Before customers are set aside: what Explore shows.
        "transactions" => format::count(session.clean.get()?.transactions.row.len()),
        "rows_kept" => format::count(rfm()?.funnel.last()?.rows),
        "rows_removed" => {
            let funnel = &rfm()?.funnel;
            format::count(funnel.first()?.rows.saturating_sub(funnel.last()?.rows))
        }
        "share_kept" => {
            let funnel = &rfm()?.funnel;
            format::percent(funnel.last()?.rows as f64 / funnel.first()?.rows.max(1) as f64)
        }
        "customers" => format::count(rfm()?.customers.len()),
        "money" => money(rfm().filter(|r| r.has_money())?.customers.monetary().iter().sum()),
        "snapshot" => rfm()?.snapshot?.to_string(),
        "first_day" => rfm()?.first_day?.to_string(),
        "last_day" => rfm()?.last_day?.to_string(),
        "frequency_of" => rfm().map(|r| r.frequency_of).filter(|words| !words.is_empty())?.to_string(),
        "once" => {
            let bin = rfm()?.scores.get(1)?;
            format::count(*bin.sizes.first()?)
        }
        "empty_bins" => {
            let empty = rfm()
                .filter(|r| !r.scores.is_empty())?
                .scores
                .iter()
                .flat_map(|a| &a.sizes)
                .filter(|s| **s == 0)
                .count();
            if empty == 0 { "no score is".into() } else { format::plural(empty, "score is", "scores are") }
        }
        "transform" => session.recipe()?.features.transform.label().to_string(),
        "scale" => session.recipe()?.features.scale.label().to_string(),
        "k" => chosen()?.clustering.clusters().to_string(),
        "chosen_by" => chosen()?.chosen_by.clone(),
        "silhouette" => format::number(silhouette()?, 3),
        "silhouette_says" => match silhouette()? {
            s if s >= 0.5 => "clearly apart".into(),
            s if s >= 0.25 => "apart, with some overlap: usual for customers".into(),
            _ => "hardly apart: read the borders as zones, not lines".into(),
        },
        "silhouette_sample" => format::count(session.search.get()?.silhouette_sample),
        "restarts" => session.recipe()?.cluster.restarts.to_string(),
        "seed" => session.recipe()?.cluster.seed.to_string(),
        "pc12" => {
            let ratio = &session.pca.get()?.explained_variance_ratio;
            format::percent(ratio.iter().take(2).sum())
        }
        "best_name" => profiles()?.first()?.name.clone(),
        "best_share_customers" => format::percent(profiles()?.first()?.share_of_customers),
        "best_share_revenue" => {
            let share = profiles()?.first()?.share_of_revenue;
            share.is_finite().then(|| format::percent(share))?
        }
        "order" => match rfm()?.value {
            Some(at) => format!("by mean {}, highest first", rfm()?.customers.features[at].label.to_lowercase()),
            None => "by size, largest first".into(),
        },
        "features" => {
            let features = &rfm()?.customers.features;
            let label = |name: &String| {
                features.iter().find(|f| f.name == *name).map_or_else(|| name.clone(), |f| f.label.to_lowercase())
            };
            let names: Vec<String> = session.matrix.get()?.columns.iter().map(|c| label(&c.name)).collect();
            names.join(", ")
        }
        "shape_reason" => session.roles.get()?.shape.reason.clone(),
        other => {
            return choose_k::help::number(other, scene)
                .or_else(|| rfm::help::number(other, scene))
                .or_else(|| profiles::help::number(other, scene))
                .or_else(|| new_file::help::number(other, scene));
        }
    })
}
