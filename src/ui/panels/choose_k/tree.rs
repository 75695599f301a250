//! The tree of joins, cut by dragging a line across it.

mod picture;

use std::sync::Arc;

use egui::{CursorIcon, EventFilter, Key, Rect, Sense, Ui, WidgetInfo, vec2};
use egui_material_icons::icons::ICON_ACCOUNT_TREE;

use super::{control, decide, sketch};
use crate::chart::{Chart, Data, Ink, Palette};
use crate::cluster::{Dendrogram, Detail, KSearch, TreeTop};
use crate::format;
use crate::recipe::Algorithm;
use crate::ui::scene::Scene;
use crate::ui::theme;
use crate::ui::widgets::{chart, state, text};
use picture::{Look, Places};

/// Branches that are drawn; what lies below is gathered in them.
const MOST: usize = 60;

/// The top of the tree, and its numbers.
pub struct Made {
    top: TreeTop,
    customers: usize,
    about: Arc<Chart>,
}

pub fn show(ui: &mut Ui, scene: &mut Scene) {
    let t = theme::of(ui);
    if scene.session.recipe().is_some_and(|r| r.cluster.algorithm != Algorithm::Agglomerative) {
        let why = "Agglomerative clustering grows a tree of joins, from single customers up to everybody.";
        if state::empty(ui, ICON_ACCOUNT_TREE, why, Some("Cluster by agglomerative clustering")) {
            decide::algorithm(scene, Algorithm::Agglomerative);
        }
        return;
    }
    let Some((tree, search)) = tree(scene) else {
        return state::waiting(ui, scene, crate::pipeline::Stage::Search);
    };
    let rows = tree.leaf_of.len();
    let made = scene.cache.get_later("tree", tree, rows, ui.ctx(), |tree| {
        let top = TreeTop::of(tree, MOST);
        let about = Arc::new(about(&top));
        Arc::new(Made { top, customers: tree.leaf_of.len(), about })
    });
    let Some(made) = made.filter(|m| m.top.most() > 1) else {
        return state::waiting(ui, scene, crate::pipeline::Stage::Search);
    };
    let in_force = control::in_force(scene).unwrap_or(1);
    let k = match scene.view.choose_k.cut {
        Some(height) => made.top.k_at(height).clamp(1, made.top.most().min(control::MOST)),
        None => in_force,
    };
    head(ui, &made, k, &search);
    ui.add_space(t.space.xs);
    plot(ui, scene, &made, &search, k);
}

/// The tree of the search in force, or of the last one.
fn tree(scene: &Scene) -> Option<(Arc<Dendrogram>, Arc<KSearch>)> {
    let search = scene.session.search.coming().or(scene.session.search.get())?;
    let tree = search.clusterings.iter().flatten().find_map(|c| match &c.detail {
        Detail::Tree(tree) => Some(tree.clone()),
        _ => None,
    });
    Some((tree?, search.clone()))
}

/// Title and numbers, for saving.
fn about(top: &TreeTop) -> Chart {
    let b = top.branches.len();
    let name = |node: usize| if node < b { format!("branch {}", node + 1) } else { format!("join {}", node - b + 1) };
    let data = Data::default()
        .text("joined", top.joins.iter().map(|j| name(j.a)).collect())
        .text("with", top.joins.iter().map(|j| name(j.b)).collect())
        .text("as", (0..top.joins.len()).map(|i| name(b + i)).collect())
        .number("height", top.joins.iter().map(|j| j.height).collect::<Vec<_>>())
        .number("customers", top.joins.iter().map(|j| f64::from(j.customers)).collect::<Vec<_>>());
    Chart { title: "Tree of joins".into(), data, ..Chart::default() }
}

/// What the cut means, and where the tree itself suggests one.
fn head(ui: &mut Ui, made: &Made, k: usize, search: &KSearch) {
    let t = theme::of(ui);
    let top = &made.top;
    ui.scope(|ui| {
        ui.spacing_mut().item_spacing.y = t.space.xs;
        let (from, to) = top.heights(k.min(top.most()));
        let cut = if to.is_finite() {
            format!("A cut anywhere between {} and {} makes {k} clusters", format::short(from), format::short(to))
        } else {
            format!("A cut above {} leaves everybody in one cluster", format::short(from))
        };
        ui.horizontal(|ui| {
            text::heading(ui, if k == 1 { "1 cluster".to_string() } else { format!("{k} clusters") });
            text::muted_line(ui, format!("{cut}. Drag the line to cut elsewhere."));
        });
        // The longest stretch without a join, relative to what lies below it, among cuts that make clusters of some size.
        let most = top.most().min(control::MOST);
        let longest =
            (2..=most).map(|k| (k, top.heights(k))).max_by(|a, b| (a.1.1 - a.1.0).total_cmp(&(b.1.1 - b.1.0)));
        if let Some((k, (from, to))) = longest {
            let words = format!(
                "The longest stretch without a join, {} to {}, lies at {k} clusters.",
                format::short(from),
                format::short(to)
            );
            text::muted(ui, words);
        }
        for note in &search.notes {
            text::muted(ui, state::sentence(note));
        }
    });
}

/// The colour of each branch: that of its cluster where the k is known, else by place.
fn inks(made: &Made, search: &KSearch, k: usize) -> Vec<Option<Ink>> {
    let cut = made.top.cut(k);
    let b = made.top.branches.len();
    let known = search.rows.iter().position(|r| r.k == k).and_then(|at| search.clusterings.get(at)?.as_ref());
    let mut of_cluster = vec![None; k];
    for (branch, cluster) in made.top.branches.iter().zip(&cut[..b]) {
        let Some(cluster) = *cluster else { continue };
        let label = known.and_then(|c| c.labels.get(branch.one as usize)).map_or(cluster, |l| *l as usize);
        of_cluster[cluster].get_or_insert(label);
    }
    cut.iter().map(|c| c.and_then(|c| of_cluster.get(c).copied().flatten()).map(Ink::Segment)).collect()
}

fn plot(ui: &mut Ui, scene: &mut Scene, made: &Arc<Made>, search: &Arc<KSearch>, k: usize) {
    let t = theme::of(ui);
    let size = ui.available_size().max(vec2(240.0, 200.0));
    let (rect, response) = ui.allocate_exact_size(size, Sense::click_and_drag());
    let rect = Rect::from_min_max(rect.min.round(), rect.max.floor());
    let size = [rect.width(), rect.height()];
    response.widget_info(|| WidgetInfo::slider(true, k as f64, "Cut of the tree"));
    let places = Places::of(&made.top, size);
    let at = scene.view.choose_k.cut.unwrap_or_else(|| places.cut(&made.top, k));
    let look = Look { inks: inks(made, search, k), cut: at, k };
    let palette = Palette::of(ui.visuals().dark_mode);
    let picture = picture::picture(&made.top, &places, &look, palette);
    chart::draw(&ui.painter().with_clip_rect(ui.clip_rect().intersect(rect.expand(t.space.xs))), &picture, rect.min);

    let side = t.shape.row;
    let corner = Rect::from_min_size(egui::pos2(rect.right() - side, rect.top()), egui::Vec2::splat(side));
    let mut child = ui.new_child(egui::UiBuilder::new().max_rect(corner));
    let (of, dark) = (made.clone(), ui.visuals().dark_mode);
    chart::menu_button_of(&mut child, scene, &made.about, move || {
        let palette = Palette::of(dark);
        let picture = picture::picture(&of.top, &Places::of(&of.top, size), &look, palette);
        sketch::saved(picture, &of.about.title, "", palette)
    });

    if let Some(p) = response.hover_pos() {
        let on_line = (p.y - rect.top() - places.y(at)).abs() < t.space.s;
        ui.ctx().set_cursor_icon(if on_line || response.dragged() {
            CursorIcon::ResizeVertical
        } else {
            CursorIcon::Default
        });
    }
    let pressed = (response.dragged() || response.clicked()).then(|| response.interact_pointer_pos()).flatten();
    if let Some(p) = pressed {
        let height = places.height_at(p.y - rect.top()).max(0.0);
        scene.view.choose_k.cut = Some(height);
        ui.ctx().request_repaint();
    }
    if response.clicked() || response.drag_stopped() {
        let cut = scene.view.choose_k.cut.take();
        let k = cut.map(|height| made.top.k_at(height).clamp(1, made.top.most().min(control::MOST)));
        if let Some(k) = k.filter(|k| Some(*k) != control::in_force(scene)) {
            decide::k(scene, k, false);
        }
        response.request_focus();
    } else if !response.dragged() {
        scene.view.choose_k.cut = None;
    }
    if let Some(k) = stepped(ui, &response, k, made.top.most()) {
        decide::k(scene, k, false);
    }
    hover(ui, made, search, k, &places, rect, &response);
}

/// The arrow keys, as long as the tree has the focus: up joins, down parts.
fn stepped(ui: &Ui, response: &egui::Response, k: usize, most: usize) -> Option<usize> {
    if !response.has_focus() {
        return None;
    }
    let keys = EventFilter { vertical_arrows: true, ..EventFilter::default() };
    ui.memory_mut(|m| m.set_focus_lock_filter(response.id, keys));
    let pressed = |key| ui.input(|i| i.key_pressed(key));
    if pressed(Key::ArrowUp) {
        (k > 1).then(|| k - 1)
    } else if pressed(Key::ArrowDown) {
        (k < most.min(control::MOST)).then(|| k + 1)
    } else {
        None
    }
}

/// Who is in the branch or under the join that is pointed at.
fn hover(ui: &Ui, made: &Made, search: &KSearch, k: usize, places: &Places, rect: Rect, response: &egui::Response) {
    let Some(p) = response.hover_pos().filter(|_| !response.dragged()) else { return };
    let Some(node) = places.node_at(&made.top, [p.x - rect.left(), p.y - rect.top()]) else { return };
    let b = made.top.branches.len();
    let (customers, height) = match node.checked_sub(b) {
        Some(join) => (made.top.joins[join].customers, made.top.joins[join].height),
        None => (made.top.branches[node].customers, made.top.branches[node].height),
    };
    let mut lines = vec![format::plural(customers as usize, "customer", "customers")];
    lines.push(format!("{} of all", format::percent(f64::from(customers) / made.customers.max(1) as f64)));
    if height > 0.0 {
        lines.push(format!("joined at height {}", format::short(height)));
    }
    if let Some(Some(Ink::Segment(cluster))) = inks(made, search, k).get(node) {
        lines.push(format!("cluster {} of {k}", cluster + 1));
    }
    let tip = egui::Tooltip::always_open(ui.ctx().clone(), response.layer_id, response.id, egui::PopupAnchor::Pointer);
    tip.gap(theme::of(ui).space.m).show(|ui| {
        for (i, line) in lines.iter().enumerate() {
            let _ = if i == 0 { text::heading(ui, line.as_str()) } else { text::muted(ui, line.as_str()) };
        }
    });
}
