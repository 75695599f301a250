//! The chart widget by what a person does with it.

use std::sync::Arc;
use std::time::{Duration, Instant};

use egui::accesskit::Role;
use egui::{Key, OutputCommand, Pos2, pos2, vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable;

use super::{CutDrag, Pointing, body, menu_button, show, with_cuts};
use crate::app::{Action, App};
use crate::chart::{
    Axis, Bar, Cell, Cells, Chart, Data, Ink, Line, Marks, Numbers, Options, Palette, Pointed, Points, Scale, layout,
};
use crate::ui::cache::Cache;
use crate::ui::scene::Scene;
use crate::ui::style;

/// A window with one chart, and what came of pointing at it.
struct Stage {
    app: App,
    cache: Cache,
    chart: Arc<Chart>,
    pointing: Pointing,
    cuts: Vec<f64>,
    pointed: Vec<Pointed>,
    moved: Vec<CutDrag>,
    actions: Vec<Action>,
}

const SIZE: egui::Vec2 = vec2(600.0, 400.0);

fn stage<'a>(chart: Chart, pointing: Pointing, cuts: &[f64]) -> Harness<'a, Option<Stage>> {
    let (chart, cuts) = (Arc::new(chart), cuts.to_vec());
    let mut harness = Harness::builder().with_size(SIZE + vec2(40.0, 120.0)).build_ui_state(
        move |ui, stage: &mut Option<Stage>| {
            let ctx = ui.ctx().clone();
            let Some(stage) = stage else {
                // Fonts take effect with the next pass; until then there is nothing to draw.
                style::install(&ctx);
                *stage = Some(Stage {
                    app: App::new(|| {}),
                    cache: Cache::default(),
                    chart: chart.clone(),
                    pointing,
                    cuts: cuts.clone(),
                    pointed: Vec::new(),
                    moved: Vec::new(),
                    actions: Vec::new(),
                });
                return ctx.request_repaint();
            };
            let mut scene = Scene::new(&mut stage.app, &mut stage.cache);
            if stage.cuts.is_empty() {
                stage.pointed.extend(show(ui, &mut scene, &stage.chart, SIZE, stage.pointing));
            } else {
                stage.moved.extend(with_cuts(ui, &mut scene, &stage.chart, SIZE, &stage.cuts));
            }
            assert!(ui.cursor().top() >= SIZE.y, "what follows stands below the whole chart");
            let small = Arc::new(Chart { title: "Small".into(), ..(*stage.chart).clone() });
            menu_button(ui, &mut scene, &small, vec2(80.0, 30.0));
            stage.pointed.extend(body(ui, &mut scene, &small, vec2(80.0, 30.0), Pointing::Nothing));
            stage.actions.extend(scene.into_actions());
        },
        None,
    );
    harness.run_steps(4);
    harness
}

fn of<'h>(harness: &'h mut Harness<'_, Option<Stage>>) -> &'h mut Stage {
    harness.state_mut().as_mut().expect("made in the first frame")
}

fn histogram() -> Chart {
    let bar = |i: u32| Bar {
        from: f64::from(i) * 10.0,
        to: f64::from(i + 1) * 10.0,
        value: f64::from(5 + i % 7),
        tip: format!("{} to {} days", i * 10, i * 10 + 10),
        ..Bar::default()
    };
    Chart {
        title: "Recency".into(),
        note: "120 customers".into(),
        x: Axis { label: "Days".into(), scale: Scale::Linear { from: 0.0, to: 200.0, format: Numbers::Whole } },
        y: Axis { label: "Customers".into(), scale: Scale::Linear { from: 0.0, to: 11.0, format: Numbers::Whole } },
        marks: Marks::Bars((0..20).map(bar).collect()),
        data: Data::default().number("from", (0..20).map(|i| f64::from(i) * 10.0).collect::<Vec<_>>()),
        ..Chart::default()
    }
}

/// Where a value of the horizontal axis lies in the window.
fn at(harness: &mut Harness<'_, Option<Stage>>, value: f64) -> Pos2 {
    let body = harness.get_by_role_and_label(Role::Image, "Recency").rect();
    let above = if of(harness).cuts.is_empty() { 0.0 } else { 19.0 };
    let options = Options { above, ..Options::BODY };
    let size = [body.width().round(), body.height().round()];
    let picture = layout(&of(harness).chart, size, Palette::of(true), &options);
    let x = picture.x.expect("bars have axes").place(value);
    pos2(body.left() + x, body.top() + picture.plot.center()[1])
}

fn drag(harness: &mut Harness<'_, Option<Stage>>, from: Pos2, to: Pos2) {
    harness.hover_at(from);
    harness.run_steps(2);
    harness.drag_at(from);
    harness.run_steps(2);
    for i in 1..=5 {
        harness.hover_at(from + (to - from) * (i as f32 / 5.0));
        harness.run_steps(1);
    }
    harness.drop_at(to);
    harness.run_steps(3);
}

#[test]
fn a_bar_says_what_it_is_and_can_be_clicked() {
    let mut harness = stage(histogram(), Pointing::Marks, &[]);
    let place = at(&mut harness, 75.0);
    harness.hover_at(place);
    harness.run_steps(3);
    harness.get_by_label("70 to 80 days");
    harness.drag_at(place);
    harness.drop_at(place);
    harness.run_steps(3);
    assert_eq!(of(&mut harness).pointed, [Pointed::Mark(7)]);
    harness.get_by_label("120 customers");
    harness.get_by_role_and_label(Role::Image, "Small");
}

#[test]
fn a_drag_is_a_stretch_of_the_axis() {
    let mut harness = stage(histogram(), Pointing::Range, &[]);
    let (from, to) = (at(&mut harness, 150.0), at(&mut harness, 50.0));
    drag(&mut harness, from, to);
    let pointed = of(&mut harness).pointed.clone();
    let [Pointed::Range { from, to }] = pointed[..] else { panic!("{pointed:?}") };
    assert!((from - 50.0).abs() < 1.0 && (to - 150.0).abs() < 1.0, "{from} to {to}");
}

#[test]
fn a_drag_over_points_is_a_rectangle() {
    let chart = Chart {
        marks: Marks::Points(Points {
            x: Arc::new(vec![20.0, 100.0]),
            y: Arc::new(vec![2.0, 8.0]),
            ..Points::default()
        }),
        ..histogram()
    };
    let mut harness = stage(chart, Pointing::Area, &[]);
    let (from, to) = (at(&mut harness, 60.0), at(&mut harness, 140.0) - vec2(0.0, 60.0));
    drag(&mut harness, from, to);
    let pointed = of(&mut harness).pointed.clone();
    let [Pointed::Area { x, y }] = pointed[..] else { panic!("{pointed:?}") };
    assert!((x.0 - 60.0).abs() < 1.0 && (x.1 - 140.0).abs() < 1.0, "{x:?}");
    assert!((y.0 - 5.5).abs() < 0.3 && y.1 > 6.5, "{y:?}");
}

#[test]
fn cuts_are_dragged_between_their_neighbours_and_moved_by_keys() {
    let mut harness = stage(histogram(), Pointing::Nothing, &[40.0, 80.0, 120.0]);
    let (from, to) = (at(&mut harness, 80.0), at(&mut harness, 100.0));
    drag(&mut harness, from, to);
    let last = of(&mut harness).moved.pop().expect("a cut moved");
    assert!(last.cut == 1 && last.done && (last.at - 100.0).abs() < 1.0, "{last:?}");
    assert!(of(&mut harness).moved.iter().all(|m| !m.done), "only the last frame lets go");
    let beyond = at(&mut harness, 190.0);
    drag(&mut harness, from, beyond);
    assert_eq!(of(&mut harness).moved.pop().map(|m| (m.at, m.done)), Some((120.0, true)), "the neighbour is the end");

    of(&mut harness).moved.clear();
    harness.get_by_label("Cut 1 of Recency").focus();
    harness.run_steps(2);
    harness.key_press(Key::ArrowRight);
    harness.run_steps(2);
    let moved = of(&mut harness).moved.clone();
    assert!(moved.len() == 1 && moved[0].cut == 0 && moved[0].at > 40.0 && moved[0].at < 41.0, "{moved:?}");
}

#[test]
fn everything_can_be_copied_and_saved() {
    let mut harness = stage(histogram(), Pointing::Marks, &[]);
    let mut written = Vec::new();
    for entry in ["Save as PNG…", "Save as SVG…", "Save data as CSV…"] {
        harness.get_by_label("Copy or save Recency").click();
        harness.run_steps(3);
        harness.get_by_label(entry).click();
        harness.run_steps(3);
        let Some(Action::Save(job)) = of(&mut harness).actions.pop() else { panic!("{entry} saves nothing") };
        let mut file = Vec::new();
        (job.fill)(&mut file).unwrap();
        written.push((job.name, file));
    }
    assert_eq!(written[0].0, "Recency.png");
    assert!(written[0].1.starts_with(b"\x89PNG"));
    assert!(String::from_utf8_lossy(&written[1].1).contains("120 customers"));
    assert!(written[2].1.starts_with(b"from\n0\n10\n"));

    let copied = |harness: &mut Harness<'_, Option<Stage>>, entry: &str| {
        harness.get_by_label("Copy or save Recency").click();
        harness.run_steps(3);
        harness.get_by_label(entry).click();
        let start = Instant::now();
        loop {
            harness.step();
            if let Some(command) = harness.output().platform_output.commands.first() {
                return command.clone();
            }
            assert!(start.elapsed() < Duration::from_secs(60), "{entry} copies nothing");
            std::thread::sleep(Duration::from_millis(5));
        }
    };
    let OutputCommand::CopyText(text) = copied(&mut harness, "Copy data") else { panic!("data is text") };
    assert!(text.starts_with("from\n0\n10\n"), "{text}");
    let OutputCommand::CopyText(text) = copied(&mut harness, "Copy as SVG") else { panic!("SVG is text") };
    assert!(text.starts_with("<svg"), "{text}");
    let OutputCommand::CopyImage(image) = copied(&mut harness, "Copy picture") else { panic!("no picture") };
    assert_eq!(image.size, [2 * 628, 2 * 428]);
}

#[test]
fn many_points_are_drawn_by_another_thread() {
    let n = 30_000;
    let chart = Chart {
        marks: Marks::Points(Points {
            x: Arc::new((0..n).map(|i| f64::from(i % 200)).collect()),
            y: Arc::new((0..n).map(|i| f64::from(i % 11)).collect()),
            ..Points::default()
        }),
        ..histogram()
    };
    let mut harness = stage(chart, Pointing::Area, &[]);
    harness.get_by_label("120 customers; density of 30,000 points");
    let start = Instant::now();
    let arrived = |harness: &mut Harness<'_, Option<Stage>>| {
        let textures = harness.ctx.tex_manager();
        let textures = textures.read();
        textures.allocated().any(|(_, meta)| meta.name == "chart density")
    };
    while !arrived(&mut harness) {
        harness.step();
        assert!(start.elapsed() < Duration::from_secs(60), "the picture never came");
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// Prints how long a frame with ten charts takes on the window's thread; asserts nothing.
#[test]
#[ignore = "prints figures: run with --ignored --nocapture"]
fn figures() {
    let points = |n: usize| Chart {
        title: format!("{n} points"),
        marks: Marks::Points(Points {
            x: Arc::new((0..n).map(|i| (i as f64 * 0.618).fract() * 200.0).collect()),
            y: Arc::new((0..n).map(|i| (i as f64 * 0.755).fract() * 11.0).collect()),
            ..Points::default()
        }),
        ..histogram()
    };
    let cells = Chart {
        title: "cells".into(),
        marks: Marks::Cells(Cells {
            columns: 24,
            cells: (0..24 * 24)
                .map(|i| Cell {
                    ink: Some(Ink::Sequential(i as f32 / 576.0)),
                    text: format!("{i}\n£{i}"),
                    ..Cell::default()
                })
                .collect(),
        }),
        ..Chart::default()
    };
    let lines = Chart {
        title: "lines".into(),
        marks: Marks::Lines(vec![Line {
            x: (0..10_000).map(|i| f64::from(i) / 50.0).collect(),
            y: (0..10_000).map(|i| f64::from(i * 7 % 11)).collect(),
            filled: true,
            ..Line::default()
        }]),
        ..histogram()
    };
    let kinds =
        [("histogram", histogram()), ("20,000 points", points(20_000)), ("1,000,000 points", points(1_000_000))];
    for (what, chart) in kinds.into_iter().chain([("576 cells with words", cells), ("a line of 10,000", lines)]) {
        let charts: Vec<Arc<Chart>> = (0..10).map(|_| Arc::new(chart.clone())).collect();
        let ctx = egui::Context::default();
        style::install(&ctx);
        let (mut app, mut cache) = (App::new(|| {}), Cache::default());
        let mut times = Vec::new();
        for frame in 0..40 {
            let input = egui::RawInput {
                screen_rect: Some(egui::Rect::from_min_size(Pos2::ZERO, vec2(1920.0, 1080.0))),
                time: Some(f64::from(frame) / 60.0),
                ..Default::default()
            };
            let start = Instant::now();
            let mut output = ctx.run_ui(input, |ui| {
                let mut scene = Scene::new(&mut app, &mut cache);
                ui.horizontal_wrapped(|ui| {
                    for chart in &charts {
                        show(ui, &mut scene, chart, vec2(370.0, 500.0), Pointing::Range);
                    }
                });
            });
            let shapes = std::mem::take(&mut output.shapes);
            drop(ctx.tessellate(shapes, output.pixels_per_point));
            times.push(start.elapsed().as_secs_f64() * 1e3);
            output.drop_without_applying_deltas();
            std::thread::sleep(Duration::from_millis(15));
        }
        let first = times[1];
        times.sort_by(f64::total_cmp);
        println!(
            "ten charts, {what}: second frame {first:.1} ms, median {:.1} ms, slowest {:.1} ms",
            times[20], times[39]
        );
    }
}
