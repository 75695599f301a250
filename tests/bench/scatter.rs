//! How fast the map of a million customers follows the hand, without a GPU: the time of the window's thread per frame, and
//! the time from the last change of the view to the image of all customers. While the view moves, the picture moves in the
//! same frame: the last image is moved and stretched with it in two dimensions, a fixed subset is turned in three.
//!
//! `cargo bench --bench scatter -- [customers]` (default 1,000,000). Prints, asserts nothing.
//! `cargo bench --bench scatter -- --tsne FILE` times t-SNE of a file of numbers; see `tests/bench/tsne.py`.

use std::io::Write;
use std::path::Path;
use std::time::{Duration, Instant};

use egui::{Event, Modifiers, PointerButton, Pos2, pos2};
use quintile::app::{Action, Axes, Command, MapColor, MapTool, Panel};
use quintile::ctx::Ctx;
use quintile::recipe::{KChoice, Recipe};
use quintile::reduce::tsne::{Settings, tsne};
use quintile::ui::Window;
use rand::{Rng, SeedableRng};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// An image at least this wide is one of the map.
const WIDE: usize = 300;
/// About 60 frames per second.
const FRAME: Duration = Duration::from_millis(16);

struct Bench {
    ctx: egui::Context,
    window: Window,
    clock: Instant,
}

/// One frame: how long the window's thread was busy, and whether a new image of the map came with it.
struct Frame {
    took: Duration,
    image: bool,
}

impl Bench {
    fn frame(&mut self, events: Vec<Event>) -> Frame {
        let input = egui::RawInput {
            screen_rect: Some(egui::Rect::from_min_size(Pos2::ZERO, egui::vec2(1280.0, 800.0))),
            time: Some(self.clock.elapsed().as_secs_f64()),
            events,
            ..Default::default()
        };
        let start = Instant::now();
        let window = &mut self.window;
        let mut output = self.ctx.run_ui(input, |ui| window.ui(ui));
        let shapes = std::mem::take(&mut output.shapes);
        let triangles = self.ctx.tessellate(shapes, output.pixels_per_point);
        let took = start.elapsed();
        drop(triangles);
        let image = output.textures_delta.set.values().flatten().any(|d| d.image.width() > WIDE);
        output.drop_without_applying_deltas();
        Frame { took, image }
    }

    /// Draws at about 60 frames per second until `done`.
    fn until(&mut self, seconds: u64, done: impl Fn(&Window, &Frame) -> bool) -> bool {
        let start = Instant::now();
        while start.elapsed() < Duration::from_secs(seconds) {
            let frame = self.frame(Vec::new());
            if done(&self.window, &frame) {
                return true;
            }
            std::thread::sleep(FRAME.saturating_sub(frame.took));
        }
        false
    }

    /// Frames with these events each; then none until the image of all customers is there. Prints the frames, how many of
    /// them brought a new image, and how long the last one took to come.
    fn moved(&mut self, what: &str, frames: usize, events: impl Fn(usize) -> Vec<Event>) {
        let (mut times, mut images) = (Vec::new(), 0);
        let mut last = Instant::now();
        for i in 0..frames {
            last = Instant::now();
            let frame = self.frame(events(i));
            times.push(frame.took);
            images += usize::from(frame.image);
            std::thread::sleep(FRAME.saturating_sub(frame.took));
        }
        let mut came = None;
        while last.elapsed() < Duration::from_millis(1500) {
            let frame = self.frame(Vec::new());
            times.push(frame.took);
            if frame.image {
                came = Some(last.elapsed());
            }
            std::thread::sleep(Duration::from_millis(2).saturating_sub(frame.took));
        }
        times.sort();
        let millis = |d: Duration| d.as_secs_f64() * 1e3;
        let came = came.map_or("with the last frame".into(), |d| format!("{:5.1} ms later", millis(d)));
        println!(
            "{what:34} {:4} frames  median {:4.1}  99 % {:4.1}  slowest {:4.1} ms  {images:3} images on the way, the last {came}",
            times.len(),
            millis(times[times.len() / 2]),
            millis(times[times.len() * 99 / 100]),
            millis(times[times.len() - 1]),
        );
    }
}

/// Customers with the long tails of recency, frequency and spend.
fn customers(path: &Path, n: usize) {
    let mut random = rand_xoshiro::Xoshiro256PlusPlus::seed_from_u64(1);
    let mut file =
        std::io::BufWriter::new(std::fs::File::create(path).expect("the temporary folder can be written to"));
    let _ = writeln!(file, "customer_id,recency_days,frequency,monetary");
    let mut normal = || (0..12).map(|_| random.r#gen::<f64>()).sum::<f64>() - 6.0;
    for i in 0..n {
        let kind = [(300.0, 0.2, 3.4), (60.0, 1.2, 5.0), (20.0, 2.6, 7.2), (400.0, 1.0, 5.5)][i % 4];
        let recency = (kind.0 * (0.5 * normal()).exp()).min(730.0) as u32;
        let frequency = (kind.1 + 0.6 * normal()).exp().ceil().max(1.0);
        let monetary = (kind.2 + 0.8 * normal()).exp() * frequency.sqrt();
        let _ = writeln!(file, "{i},{recency},{frequency},{monetary:.2}");
    }
}

fn press(at: Pos2, pressed: bool) -> Event {
    Event::PointerButton { pos: at, button: PointerButton::Primary, pressed, modifiers: Modifiers::NONE }
}

/// A drag by 3 points per frame to the right and up.
fn dragged(i: usize, frames: usize) -> Vec<Event> {
    let at = |i: usize| pos2(480.0 + 3.0 * i as f32, 480.0 - 1.0 * i as f32);
    let mut events = vec![Event::PointerMoved(at(i))];
    if i == 0 {
        events.push(press(at(0), true));
    } else if i + 1 == frames {
        events.push(press(at(i), false));
    }
    events
}

fn wheel(lines: f32) -> Vec<Event> {
    vec![
        Event::PointerMoved(pos2(480.0, 480.0)),
        Event::MouseWheel {
            unit: egui::MouseWheelUnit::Line,
            source: egui::MouseWheelSource::Wheel,
            delta: egui::vec2(0.0, lines),
            phase: egui::TouchPhase::Move,
            modifiers: Modifiers::NONE,
        },
    ]
}

/// t-SNE of a file of numbers without a head; the places are written beside it.
fn time_tsne(path: &Path) {
    let text = std::fs::read_to_string(path).expect("the file can be read");
    let number = |v: &str| v.trim().parse::<f64>().expect("the file has numbers only");
    let rows: Vec<Vec<f64>> = text.lines().map(|line| line.split(',').map(number).collect()).collect();
    let x = ndarray::Array2::from_shape_fn((rows.len(), rows[0].len()), |(i, j)| rows[i][j]);
    let start = Instant::now();
    let found = tsne(x.view(), &Settings::default(), &|_| {}, &Ctx::silent()).expect("there are enough rows");
    let (took, divergence) = (start.elapsed().as_secs_f64(), found.divergence.unwrap_or(f64::NAN));
    println!("quintile: {} x {} in {took:.1} s, divergence {divergence:.3}", x.nrows(), x.ncols());
    let mut places = vec![String::new(); rows.len()];
    for (row, at) in found.rows.iter().zip(&found.at) {
        places[*row as usize] = format!("{},{}", at[0], at[1]);
    }
    let beside = format!("{}.tsne", path.display());
    std::fs::write(beside, places.join("\n")).expect("the folder can be written to");
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let Some(at) = arguments.iter().position(|a| a == "--tsne") {
        return time_tsne(Path::new(&arguments[at + 1]));
    }
    let n = std::env::args().skip(1).find_map(|a| a.parse().ok()).unwrap_or(1_000_000);
    let folder = tempfile::tempdir().expect("there is a temporary folder");
    let path = folder.path().join("customers.csv");
    customers(&path, n);
    let mut recipe = Recipe::default();
    recipe.input.files = vec![path];
    (recipe.cluster.k, recipe.cluster.k_min, recipe.cluster.k_max) = (KChoice::Fixed(4), 4, 4);
    recipe.cluster.restarts = 1;
    let recipe_path = folder.path().join("recipe.toml");
    std::fs::write(&recipe_path, recipe.to_toml()).expect("the temporary folder can be written to");

    let ctx = egui::Context::default();
    let window = Window::new(&ctx);
    let mut bench = Bench { ctx, window, clock: Instant::now() };
    bench.window.app.apply(Action::Open(recipe_path));
    if !bench.until(900, |w, _| w.app.session.findings().is_some()) {
        return println!("the analysis failed: {:?}", bench.window.app.session.failure().map(|f| f.1.to_string()));
    }
    // Nothing else is to run beside what is measured.
    bench.window.app.apply(Action::Command(Command::Cancel));
    bench.until(30, |w, _| w.app.session.running().is_none());
    println!("{n} customers, analysed in {:.1} s", bench.clock.elapsed().as_secs_f64());
    bench.window.app.view.panel = Panel::Segments;
    let opened = Instant::now();
    bench.until(30, |_, frame| frame.image);
    println!("map opened: the first image after {:.0} ms", opened.elapsed().as_secs_f64() * 1e3);

    let still = |_: usize| Vec::new();
    bench.moved("2D, nothing moves", 60, still);
    bench.moved("2D, pan", 60, |i| dragged(i, 60));
    bench.moved("2D, zoom in", 40, |i| if i < 12 { wheel(1.0) } else { Vec::new() });
    bench.moved("2D, zoom out", 40, |i| if i < 12 { wheel(-1.0) } else { Vec::new() });
    bench.moved("2D, hover", 60, |i| vec![Event::PointerMoved(pos2(400.0 + 3.0 * i as f32, 450.0))]);
    bench.window.app.view.hidden = vec![1];
    bench.moved("2D, a cluster hidden", 30, still);
    bench.window.app.view.hidden.clear();
    bench.window.app.view.segments.map.color = MapColor::Feature(2);
    bench.moved("2D, colour by a feature", 30, still);
    bench.window.app.view.segments.map.color = MapColor::Cluster;
    bench.moved("2D, colour by cluster", 30, still);

    bench.window.app.view.segments.map.tool = MapTool::Box;
    let asked = Instant::now();
    bench.moved("2D, box", 60, |i| dragged(i, 60));
    bench.until(10, |w, _| !w.app.selection.is_empty());
    println!(
        "   {} customers selected, all within {:.1} s",
        bench.window.app.selection.len(),
        asked.elapsed().as_secs_f64()
    );
    bench.window.app.apply(Action::Command(Command::ClearSelection));
    bench.window.app.view.segments.map.tool = MapTool::Move;

    bench.window.app.view.axes = Axes::Pca3;
    bench.moved("3D, opened", 30, still);
    bench.moved("3D, turn", 60, |i| dragged(i, 60));
    bench.moved("3D, zoom", 40, |i| if i < 12 { wheel(1.0) } else { Vec::new() });
    bench.moved("3D, hover", 60, |i| vec![Event::PointerMoved(pos2(400.0 + 3.0 * i as f32, 450.0))]);
}
