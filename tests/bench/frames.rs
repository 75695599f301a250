//! Frame times of the window while a file loads and is clustered, without a GPU: layout, drawing commands and
//! triangles, everything that runs on the window's thread. What the graphics driver takes is not in it.
//!
//! `cargo bench --bench frames -- OnlineRetail.csv` (default: the sample shop). Prints, asserts nothing.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use quintile::app::{Action, Command, ExploreTab, Panel};
use quintile::ctx::Ctx;
use quintile::explore::Source;
use quintile::explore::customers::{ColumnFilter, Condition, CustomerColumn};
use quintile::profile::card::{Known, card};
use quintile::recipe::KChoice;
use quintile::ui::Window;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// One frame, as eframe would do it; returns how long the window's thread was busy.
fn frame(ctx: &egui::Context, window: &mut Window, at: f64, events: Vec<egui::Event>) -> Duration {
    let input = egui::RawInput {
        screen_rect: Some(egui::Rect::from_min_size(egui::Pos2::ZERO, egui::vec2(1280.0, 800.0))),
        time: Some(at),
        events,
        ..Default::default()
    };
    let start = Instant::now();
    let mut output = ctx.run_ui(input, |ui| window.ui(ui));
    let shapes = std::mem::take(&mut output.shapes);
    let triangles = ctx.tessellate(shapes, output.pixels_per_point);
    let took = start.elapsed();
    drop(triangles);
    output.drop_without_applying_deltas();
    took
}

/// Draws frames at about 60 per second until `done`, and prints the slowest.
fn watch(ctx: &egui::Context, window: &mut Window, what: &str, clock: Instant, done: impl Fn(&Window) -> bool) {
    let mut times = Vec::new();
    let start = Instant::now();
    while times.len() < 20 || (!done(window) && start.elapsed() < Duration::from_secs(60)) {
        let took = frame(ctx, window, clock.elapsed().as_secs_f64(), Vec::new());
        times.push(took);
        std::thread::sleep(Duration::from_millis(16).saturating_sub(took));
    }
    print(what, times);
}

/// Prints the slowest of some frames.
fn print(what: &str, mut times: Vec<Duration>) {
    times.sort();
    let millis = |d: Duration| d.as_secs_f64() * 1e3;
    println!(
        "{what:32} {:5} frames  median {:5.1} ms  99 % {:5.1} ms  slowest {:5.1} ms",
        times.len(),
        millis(times[times.len() / 2]),
        millis(times[times.len() * 99 / 100]),
        millis(times[times.len() - 1])
    );
}

/// The table of customers: scrolled, sorted by each kind of column, searched, filtered and selected as a whole, each for
/// a second and a half.
fn customers(ctx: &egui::Context, window: &mut Window, clock: Instant) {
    let Some(findings) = window.app.session.findings().cloned() else { return };
    window.app.view.panel = Panel::Explore;
    window.app.view.explore.tab = ExploreTab::Customers;
    let mut show = |what: &str, events: &dyn Fn(usize) -> Vec<egui::Event>, change: &dyn Fn(&mut Window)| {
        change(window);
        let mut times = Vec::new();
        for i in 0..90 {
            let took = frame(ctx, window, clock.elapsed().as_secs_f64(), events(i));
            times.push(took);
            std::thread::sleep(Duration::from_millis(16).saturating_sub(took));
        }
        print(what, times);
    };
    let still = |_: usize| Vec::new();
    let over = egui::Event::PointerMoved(egui::pos2(500.0, 500.0));
    let wheel = |rows: f32| egui::Event::MouseWheel {
        unit: egui::MouseWheelUnit::Line,
        source: egui::MouseWheelSource::Wheel,
        delta: egui::vec2(0.0, -rows),
        phase: egui::TouchPhase::Move,
        modifiers: egui::Modifiers::NONE,
    };
    show("customers, opened", &still, &|_| {});
    show("customers, scrolled", &|i| vec![over.clone(), wheel(if i < 45 { 3.0 } else { 3000.0 })], &|_| {});
    let sorted =
        |column: CustomerColumn| move |w: &mut Window| w.app.view.customers.sort = Some((column.clone(), false));
    show("customers, by recency", &still, &sorted(CustomerColumn::Feature("recency_days".into())));
    show("customers, by segment", &still, &sorted(CustomerColumn::RfmSegment));
    show("customers, by id", &still, &sorted(CustomerColumn::Id));
    for text in ["1", "12", "123"] {
        let typed = |w: &mut Window| w.app.view.customers.search = text.into();
        show(&format!("customers, search {text}"), &still, &typed);
    }
    show("customers, filtered", &still, &|w| {
        let condition = Condition::Between { from: Some(10.0), to: Some(100.0) };
        w.app.view.customers.search.clear();
        w.app.view.customers.filters =
            vec![ColumnFilter { column: CustomerColumn::Feature("recency_days".into()), condition }];
    });
    let all: std::sync::Arc<Vec<u32>> = std::sync::Arc::new((0..findings.rfm.customers.len() as u32).collect());
    show("customers, all selected", &still, &|w| {
        w.app.view.customers.filters.clear();
        let selection = quintile::app::Selection { customers: all.clone(), from: "all".into() };
        w.app.apply(Action::Select(selection));
    });
    let last = findings.rfm.customers.ids.last().cloned();
    show("customers, card opened", &still, &|w| w.app.view.customers.card = last.clone());
    window.app.view.customers = Default::default();
    let known = Known {
        prepared: &findings.prepared,
        roles: &findings.roles,
        clean: &findings.clean,
        rfm: &findings.rfm,
        recipe: &findings.recipe,
        clusters: Some((&findings.matrix, &findings.chosen, &findings.profiles)),
    };
    let made = Instant::now();
    let place = findings.rfm.customers.len() as u32 / 2;
    let card = card(&known, place, &Ctx::silent()).expect("there are customers");
    let orders = card.purchases.map_or(0, |p| p.orders.len());
    println!("a card with {orders} orders made in {:.0} ms", made.elapsed().as_secs_f64() * 1e3);
    window.app.apply(Action::Command(Command::ClearSelection));
}

fn main() {
    let named = std::env::args().skip(1).find(|a| !a.starts_with("--")).map(PathBuf::from);
    let file = named.unwrap_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("sample_data/shop.csv"));
    let start = Instant::now();
    let ctx = egui::Context::default();
    let mut window = Window::new(&ctx);
    let first = frame(&ctx, &mut window, 0.0, Vec::new());
    println!(
        "first frame {:.0} ms after start, itself {:.1} ms",
        start.elapsed().as_secs_f64() * 1e3,
        first.as_secs_f64() * 1e3
    );
    let idle = |_: &Window| true;
    watch(&ctx, &mut window, "welcome", start, idle);

    let opened = Instant::now();
    window.app.apply(Action::Open(file));
    watch(&ctx, &mut window, "opening, reading, clustering", start, |w| w.app.session.findings().is_some());
    println!("everything computed {:.2} s after opening", opened.elapsed().as_secs_f64());
    for panel in Panel::STEPS {
        window.app.apply(Action::Command(Command::Go(panel)));
        watch(&ctx, &mut window, panel.title(), start, idle);
    }
    // Charts of every table, until each that one sees is there.
    window.app.apply(Action::Command(Command::Go(Panel::Explore)));
    for source in [Source::Transactions, Source::Customers, Source::File] {
        window.app.view.explore.source = source;
        let name = format!("Explore, {source:?}").to_lowercase();
        watch(&ctx, &mut window, &name, start, |w| !w.app.explorer.busy());
    }
    customers(&ctx, &mut window, start);
    let mut recipe = match window.app.session.recipe() {
        Some(recipe) => (**recipe).clone(),
        None => return,
    };
    for k in 2..=10 {
        recipe.cluster.k = KChoice::Fixed(k);
        let change = Action::Decide { label: "k".into(), recipe: Box::new(recipe.clone()), merge: true };
        window.app.apply(change);
        watch(&ctx, &mut window, &format!("k = {k}"), start, |w| w.app.session.findings().is_some());
    }
}
