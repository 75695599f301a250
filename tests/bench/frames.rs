//! Frame times of the window while a file loads and is clustered, without a GPU: layout, drawing commands and
//! triangles, everything that runs on the window's thread. What the graphics driver takes is not in it.
//!
//! `cargo bench --bench frames -- OnlineRetail.csv` (default: the sample shop). Prints, asserts nothing.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use quintile::app::{Action, Command, Panel};
use quintile::recipe::KChoice;
use quintile::ui::Window;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// One frame, as eframe would do it; returns how long the window's thread was busy.
fn frame(ctx: &egui::Context, window: &mut Window, at: f64) -> Duration {
    let input = egui::RawInput {
        screen_rect: Some(egui::Rect::from_min_size(egui::Pos2::ZERO, egui::vec2(1280.0, 800.0))),
        time: Some(at),
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
        let took = frame(ctx, window, clock.elapsed().as_secs_f64());
        times.push(took);
        std::thread::sleep(Duration::from_millis(16).saturating_sub(took));
    }
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

fn main() {
    let named = std::env::args().skip(1).find(|a| !a.starts_with("--")).map(PathBuf::from);
    let file = named.unwrap_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("sample_data/shop.csv"));
    let start = Instant::now();
    let ctx = egui::Context::default();
    let mut window = Window::new(&ctx);
    let first = frame(&ctx, &mut window, 0.0);
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
