//! t-SNE on another thread: started by the user, seen as it forms, stopped at any time.

use std::sync::Arc;

use egui::Ui;
use egui_material_icons::icons::{ICON_CLOSE, ICON_PLAY_ARROW, ICON_SCATTER_PLOT};

use crate::app::Axes;
use crate::features::FeatureMatrix;
use crate::format;
use crate::pipeline::Findings;
use crate::reduce::Tsne;
use crate::reduce::tsne::{Settings, tsne};
use crate::ui::scene::Scene;
use crate::ui::theme;
use crate::ui::widgets::pick::{Pick, small};
use crate::ui::widgets::{button, state, text};

const SLOT: &str = "map t-SNE";
/// Numbers of neighbours to choose from.
const PERPLEXITIES: [(u32, &str); 5] = [(5, "5"), (10, "10"), (30, "30"), (50, "50"), (100, "100")];

/// What t-SNE depends on here.
type Input = (Arc<FeatureMatrix>, usize, u64);

/// A picture with what it was made from.
struct Made {
    input: Input,
    tsne: Arc<Tsne>,
}

/// How far it is.
#[derive(Default)]
pub struct Run {
    pub tsne: Option<Arc<Tsne>>,
    /// The share done while it runs.
    pub share: Option<f32>,
    /// It was asked for and came to nothing.
    pub failed: bool,
}

fn address(findings: &Findings) -> usize {
    Arc::as_ptr(&findings.matrix) as usize
}

/// Asks for t-SNE of these findings.
pub fn start(scene: &mut Scene, findings: &Findings) {
    let map = &mut scene.view.segments.map;
    map.tsne_for = Some(address(findings));
    map.tsne_stopped = false;
}

/// The picture as far as it is. Nothing is computed before it was asked for.
pub fn run(ctx: &egui::Context, scene: &mut Scene, findings: &Findings) -> Run {
    let axes = scene.view.axes;
    if !axes.is_tsne() {
        return Run::default();
    }
    let dimensions = if axes == Axes::Tsne3 { 3 } else { 2 };
    let input: Input = (findings.matrix.clone(), dimensions, u64::from(scene.view.segments.map.perplexity));
    let asked = scene.view.segments.map.tsne_for == Some(address(findings));
    let of_this = |m: &Made| Arc::ptr_eq(&m.input.0, &input.0) && (m.input.1, m.input.2) == (input.1, input.2);
    if !asked || scene.view.segments.map.tsne_stopped {
        let last = scene.cache.last::<Made>(SLOT).filter(|m| of_this(m));
        return Run { tsne: last.map(|m| m.tsne.clone()), ..Run::default() };
    }
    let seed = findings.recipe.cluster.seed;
    let found = scene.cache.follow_parts(SLOT, input.clone(), ctx, move |input: &Input, ctx, part| {
        let settings = Settings { perplexity: input.2 as f64, dimensions: input.1, seed, ..Settings::default() };
        let made = |tsne: Tsne| Made { input: input.clone(), tsne: Arc::new(tsne) };
        tsne(input.0.x.view(), &settings, &|t| part(made(t)), ctx).ok().map(made)
    });
    let now = found.value.filter(|m| of_this(m)).map(|m| m.tsne.clone());
    Run { tsne: now, share: found.share, failed: !found.current && found.share.is_none() }
}

/// In the strip: the setting, and how far it is.
pub fn controls(ui: &mut Ui, scene: &mut Scene, run: &Run) {
    let current = scene.view.segments.map.perplexity;
    let pick = Pick {
        name: "Perplexity",
        full_name: "Perplexity of t-SNE".into(),
        hint: "About how many neighbours each customer is kept near to. Small: fine grain. Large: the larger picture.",
    };
    let words = current.to_string();
    let wanted = pick.show(ui, &words, || PERPLEXITIES.to_vec(), &current);
    if let Some(wanted) = wanted {
        let map = &mut scene.view.segments.map;
        map.perplexity = wanted;
        map.tsne_stopped = false;
    }
    let Some(tsne) = &run.tsne else { return progress(ui, scene, run, "Finding neighbours…") };
    let of = Settings::default().steps;
    let step = format!("step {} of {}", format::count(tsne.step), format::count(of));
    if run.share.is_some() {
        return progress(ui, scene, run, &format!("t-SNE, {step}"));
    }
    let how = match tsne.divergence {
        Some(d) => format!("divergence {}", format::number(d, 2)),
        None => String::new(),
    };
    let said = if tsne.done { how } else { format!("Stopped at {step}") };
    text::muted_line(ui, said).on_hover_text(
        "Kullback-Leibler divergence between the likenesses in the data and in the picture; 0 would be a perfect picture",
    );
    if !tsne.done {
        ui.scope(|ui| {
            small(ui);
            if button::link(ui, "Run again").clicked() {
                scene.view.segments.map.tsne_stopped = false;
            }
        });
    }
}

fn progress(ui: &mut Ui, scene: &mut Scene, run: &Run, words: &str) {
    let t = theme::of(ui);
    let Some(share) = run.share else { return };
    let (rect, _) = ui.allocate_exact_size(egui::vec2(72.0, t.space.xs), egui::Sense::hover());
    ui.painter().rect_filled(rect, t.space.xs / 2.0, t.bg.hover);
    let mut done = rect;
    done.set_width(rect.width() * share.clamp(0.02, 1.0));
    ui.painter().rect_filled(done, t.space.xs / 2.0, t.accent.normal);
    text::muted_line(ui, words);
    if button::icon(ui, ICON_CLOSE, "Cancel t-SNE").clicked() {
        scene.view.segments.map.tsne_stopped = true;
        scene.cache.leave(SLOT);
    }
}

/// In place of the picture while there is none.
pub fn empty(ui: &mut Ui, scene: &mut Scene, findings: &Findings, run: &Run) {
    let n = findings.rfm.customers.len();
    if run.failed {
        state::empty(ui, ICON_SCATTER_PLOT, "t-SNE needs at least four customers; there are fewer.", None);
        return;
    }
    if run.share.is_some() {
        state::empty(ui, ICON_SCATTER_PLOT, "Finding the neighbours of each customer…", None);
        return;
    }
    let most = Settings::default().most;
    let button = match n > most {
        true => format!("Run t-SNE on a sample of {}", format::count(most)),
        false => format!("Run t-SNE on {}", format::plural(n, "customer", "customers")),
    };
    let sentence = "t-SNE places customers so that neighbours stay neighbours. It takes some seconds.";
    if state::empty(ui, ICON_PLAY_ARROW, sentence, Some(&button)) {
        start(scene, findings);
    }
}

/// What the picture cannot say, and on whom it was made.
pub fn caveat(tsne: &Tsne, customers: usize) -> String {
    let mut words =
        "Neighbours are alike. How far groups are apart, how large and how dense they look means nothing.".to_string();
    if tsne.rows.len() < customers {
        words = format!(
            "A sample of {} of {} customers, drawn by the seed. {words}",
            format::count(tsne.rows.len()),
            format::count(customers)
        );
    }
    words
}
