//! What an algorithm found that finds the number of clusters itself.

use egui::{Ui, vec2};
use egui_material_icons::icons::ICON_BLUR_ON;

use crate::chart::text::elided;
use crate::cluster::{KSearch, stability};
use crate::format;
use crate::ui::scene::Scene;
use crate::ui::theme;
use crate::ui::widgets::{card, state, text};

/// One number with its name and what it means.
struct Fact {
    name: &'static str,
    value: String,
    note: String,
    hint: &'static str,
}

pub fn show(ui: &mut Ui, scene: &mut Scene, search: &KSearch) {
    let t = theme::of(ui);
    let (Some(scores), Some(Some(c))) = (search.rows.first(), search.clusterings.first()) else {
        state::empty(ui, ICON_BLUR_ON, "No clusters were found yet.", None);
        return;
    };
    let n = c.labels.len().max(1);
    let clusters = c.clusters();
    let noise = c.noise.map_or(0, |label| c.sizes[label as usize]);
    let criterion = |v: Option<f64>, decimals| v.map_or("–".into(), |v| format::number(v, decimals));
    let without = if noise > 0 { "without the noise" } else { "" };
    let facts = [
        Fact {
            name: "Clusters",
            value: format::count(clusters),
            note: "found by itself".into(),
            hint: "Dense regions; their number was found",
        },
        Fact {
            name: "Noise",
            value: format::percent(noise as f64 / n as f64),
            note: format::plural(noise, "customer", "customers"),
            hint: "Customers between the dense regions, who belong to none",
        },
        Fact {
            name: "Silhouette",
            value: criterion(scores.silhouette, 3),
            note: without.into(),
            hint: "How much nearer customers are to their own cluster than to the next one, −1 to 1; high is good",
        },
        Fact {
            name: "Calinski-Harabasz",
            value: criterion(scores.calinski_harabasz, 0),
            note: without.into(),
            hint: "Variance between the clusters over variance within them; high is good",
        },
        Fact {
            name: "Davies-Bouldin",
            value: criterion(scores.davies_bouldin, 3),
            note: without.into(),
            hint: "Likeness of each cluster to its likest neighbour; low is good",
        },
        Fact {
            name: "Smallest cluster",
            value: format::count(scores.smallest),
            note: format!("{} of all", format::percent(scores.smallest as f64 / n as f64)),
            hint: "Customers in the smallest cluster",
        },
    ];
    let columns = if ui.available_width() > 900.0 { 6 } else { 3 };
    card::grid(ui, columns, &facts, |ui, _, fact| {
        ui.spacing_mut().item_spacing.y = t.space.xs;
        text::muted_line(ui, fact.name).on_hover_text(fact.hint);
        text::big(ui, fact.value.as_str());
        text::muted_line(ui, if fact.note.is_empty() { " " } else { fact.note.as_str() });
    });
    sizes(ui, scene, &c.sizes, c.noise);
    if clusters == 1 && noise == 0 {
        text::muted(ui, "Everybody is one dense region: ask for smaller clusters, or take another algorithm.");
    }
}

/// The clusters by size as rows; a click selects the customers.
fn sizes(ui: &mut Ui, scene: &mut Scene, sizes: &[usize], noise: Option<u32>) {
    let t = theme::of(ui);
    let total = sizes.iter().sum::<usize>().max(1);
    let most = sizes.iter().copied().max().unwrap_or(1).max(1);
    let names: Vec<String> =
        scene.session.profiles.ready().map_or_else(Vec::new, |p| p.iter().map(|p| p.name.clone()).collect());
    text::heading(ui, "Cluster sizes");
    ui.spacing_mut().item_spacing.y = t.shape.ring;
    let mut clicked = None;
    let checks = scene.session.checks.ready().cloned();
    for (i, &size) in sizes.iter().enumerate() {
        let is_noise = noise == Some(i as u32);
        let name = match names.get(i) {
            _ if is_noise => "Noise".to_string(),
            Some(name) => name.clone(),
            None => format!("Cluster {}", i + 1),
        };
        let color = if is_noise { t.text.faint } else { t.segment(i) };
        let words = format!("{name}: {}", format::plural(size, "customer", "customers"));
        let (rect, response) = crate::ui::widgets::button::row(ui, t.shape.row, &words, false);
        let font = egui::FontId::proportional(t.font.small);
        let left = rect.left() + t.space.s;
        let name_wide = 220.0_f32.min(rect.width() / 3.0);
        ui.painter().circle_filled(egui::pos2(left + t.space.xs, rect.center().y), t.space.xs + 0.5, color);
        let at = egui::pos2(left + t.space.l, rect.center().y);
        let shown = elided(&name, t.font.small, false, name_wide - 2.0 * t.space.xl);
        ui.painter().text(at, egui::Align2::LEFT_CENTER, shown, font.clone(), t.text.normal);
        let room = (rect.width() - name_wide - 150.0).max(40.0);
        let bar = egui::Rect::from_min_size(
            egui::pos2(rect.left() + name_wide, rect.top() + t.space.xs),
            vec2((room * size as f32 / most as f32).max(1.0), rect.height() - 2.0 * t.space.xs),
        );
        ui.painter().rect_filled(bar, t.shape.radius_small, color);
        let numbers = format!("{}   {}", format::count(size), format::percent(size as f64 / total as f64));
        let at = egui::pos2(rect.right() - t.space.s, rect.center().y);
        ui.painter().text(at, egui::Align2::RIGHT_CENTER, numbers, font, t.text.normal);
        let jaccard = checks.as_ref().and_then(|c| *c.rows.first()?.jaccard.as_ref()?.get(i)?);
        let lasting =
            jaccard.map_or_else(String::new, |j| format!("\nStability {}: {}", format::number(j, 2), stability(j)));
        if response.on_hover_text(format!("{name}{lasting}\nClick to select these customers")).clicked() {
            clicked = Some((i as u32, name));
        }
    }
    if let (Some((label, name)), Some(chosen)) = (clicked, scene.session.chosen.ready()) {
        let labels = &chosen.clustering.labels;
        let members = (0..labels.len() as u32).filter(|&i| labels[i as usize] == label).collect();
        scene.select(members, name);
    }
}
