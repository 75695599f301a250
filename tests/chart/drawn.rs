//! What is drawn: within the picture, within its cell, where it can be read, and as large as its value.

use std::sync::Arc;

use quintile::chart::*;
use quintile::ctx::Ctx;

use crate::{axis, bars, cloud, corners, every_kind, linear};

fn extent(shape: &Shape) -> Vec<At> {
    match shape {
        Shape::Rect { area, .. } | Shape::Image { area, .. } => vec![[area.left, area.top], [area.right, area.bottom]],
        Shape::Line { points, .. } => points.clone(),
        Shape::Strip { upper, lower, .. } => upper.iter().chain(lower).copied().collect(),
        Shape::Circle { center: [x, y], radius, .. } => vec![[x - radius, y - radius], [x + radius, y + radius]],
        Shape::Text(words) => corners(words).to_vec(),
    }
}

#[test]
fn nothing_lies_outside_of_the_picture() {
    let bare = Options { words: false, ..Options::BODY };
    for (kind, chart) in every_kind().iter().enumerate() {
        for size in [[20.0, 10.0], [60.0, 30.0], [160.0, 90.0], [240.0, 160.0], [480.0, 300.0], [1400.0, 800.0]] {
            for options in [Options::PICTURE, Options::BODY, bare, Options { above: 20.0, ..Options::BODY }] {
                let picture = layout(chart, size, Palette::of(true), &options);
                for shape in &picture.shapes {
                    // In pictures of a few points' size a dot may stick out by its radius.
                    let edge = if size[1] < 50.0 { 3.0 } else { 1.0 };
                    for [x, y] in extent(shape) {
                        let inside = (-edge..=size[0] + edge).contains(&x) && (-edge..=size[1] + edge).contains(&y);
                        assert!(inside, "kind {kind} in {size:?}, {options:?}: {shape:?}");
                    }
                }
            }
        }
    }
}

/// The texts below the plot, which are the labels of the horizontal axis.
fn labels_below(picture: &Picture) -> Vec<Words> {
    let below = |s: &Shape| match s {
        Shape::Text(words) if words.at[1] > picture.plot.bottom => Some(words.clone()),
        _ => None,
    };
    picture.shapes.iter().filter_map(below).collect()
}

/// Whether two rectangles that may be turned overlap: by the separating axis theorem.
fn overlap(a: &[At; 4], b: &[At; 4]) -> bool {
    let separated = |a: &[At; 4], b: &[At; 4]| {
        [0, 1].into_iter().any(|i| {
            let axis = [a[i + 1][0] - a[i][0], a[i + 1][1] - a[i][1]];
            let range = |points: &[At; 4]| {
                let along = points.map(|p| p[0] * axis[0] + p[1] * axis[1]);
                (along.into_iter().fold(f32::MAX, f32::min), along.into_iter().fold(f32::MIN, f32::max))
            };
            let (a, b) = (range(a), range(b));
            a.1 <= b.0 || b.1 <= a.0
        })
    };
    !separated(a, b) && !separated(b, a)
}

#[test]
fn labels_of_categories_do_not_lie_on_each_other() {
    for n in 3..=60 {
        for long in [
            "1",
            "Norway",
            "United Arab Emirates",
            "Wildblumenwiesensamenmischungsbeutel",
            "Days between two purchases in a row",
        ] {
            let names: Vec<String> = (0..n).map(|i| format!("{long} {i}")).collect();
            let chart = Chart {
                x: axis("", Scale::Names(Arc::new(names))),
                y: axis("Rows", linear(0.0, 10.0, Numbers::Whole)),
                marks: Marks::Bars(bars(&vec![5.0; n])),
                ..Chart::default()
            };
            for wide in [260.0, 420.0, 900.0] {
                let picture = layout(&chart, [wide, 320.0], Palette::of(false), &Options::BODY);
                let labels = labels_below(&picture);
                assert!(labels.len() > 1, "{n} of {long:?} in {wide}: {labels:?}");
                let boxes: Vec<[At; 4]> = labels.iter().map(corners).collect();
                for (i, a) in boxes.iter().enumerate() {
                    for (j, b) in boxes.iter().enumerate().skip(i + 1) {
                        assert!(!overlap(a, b), "{n} in {wide}: {:?} and {:?}", labels[i], labels[j]);
                    }
                }
                assert!(picture.plot.height() > 120.0, "the labels leave no room");
            }
        }
    }
}

#[test]
fn selected_parts_stand_out_and_bars_stand_for_their_values() {
    let chart = &every_kind()[0];
    let picture = layout(chart, [700.0, 480.0], Palette::of(false), &Options::BODY);
    let y = picture.y.unwrap();
    for place in &picture.places {
        let Outline::Rect(area) = &place.outline else { panic!() };
        let value = [120.0, -30.0, 0.0, 75.5, 300.0, 12.0][place.mark];
        let (top, bottom) = (y.place(f64::max(value, 0.0)), y.place(f64::min(value, 0.0)));
        assert!((area.top - top).abs() <= 1.0 && (area.bottom - bottom).abs() <= 1.0, "{place:?}");
    }
    let of = |color: Color| {
        let height = |s: &Shape| match s {
            Shape::Rect { area, fill: Some(fill), .. } if *fill == color && area.height() > 20.0 => Some(area.height()),
            _ => None,
        };
        picture.shapes.iter().find_map(height)
    };
    let color = Palette::of(false).color(Ink::Segment(0));
    let (strong, whole) = (of(color).unwrap(), of(Palette::of(false).weak(color)).unwrap());
    assert!((strong * 2.0 - whole).abs() < 2.0, "half of the first bar is selected: {strong} of {whole}");
}

/// Rectangles and the texts that are drawn on them.
#[test]
fn words_in_cells_and_tiles_can_be_read_and_stay_inside() {
    for (kind, dark) in [(6, true), (6, false), (7, true), (7, false)] {
        let palette = Palette::of(dark);
        let body = Options { words: false, ..Options::BODY };
        let picture = layout(&every_kind()[kind], [520.0, 360.0], palette, &body);
        let mut seen = 0;
        for shape in &picture.shapes {
            let Shape::Text(words) = shape else { continue };
            let [x, y] = words.at;
            let under = picture.shapes.iter().rev().find_map(|s| match s {
                Shape::Rect { area, fill: Some(fill), .. } if area.contains([x, y]) => Some((*area, *fill)),
                _ => None,
            });
            let Some((area, fill)) = under else { continue };
            seen += 1;
            let ratio = contrast(words.color, fill);
            assert!(ratio >= 4.5, "{words:?} on {fill:?}: {ratio}");
            assert!(corners(words).iter().all(|c| area.shrunk(-0.5).contains(*c)), "{words:?} in {area:?}");
        }
        assert!(seen >= 6, "kind {kind}: {seen} texts");
    }
}

/// WCAG 2, written down once more.
fn contrast(a: Color, b: Color) -> f64 {
    let part = |v: u8| {
        let v = f64::from(v) / 255.0;
        if v <= 0.03928 { v / 12.92 } else { ((v + 0.055) / 1.055).powf(2.4) }
    };
    let light = |c: Color| 0.2126 * part(c[0]) + 0.7152 * part(c[1]) + 0.0722 * part(c[2]) + 0.05;
    let (a, b) = (light(a), light(b));
    a.max(b) / a.min(b)
}

#[test]
fn every_lone_point_of_a_density_picture_is_seen() {
    let n = 50_000;
    let mut points = cloud(n);
    points.selected = None;
    // A hundred thousand more on one spot must not make the others vanish.
    let heap =
        |v: &Arc<Vec<f64>>, at: f64| Arc::new(v.iter().copied().chain(std::iter::repeat_n(at, 100_000)).collect());
    let points = Points { x: heap(&points.x, 500.0), y: heap(&points.y, 150.0), group: Arc::default(), ..points };
    let area = Area::new(40.0, 10.0, 640.0, 410.0);
    let maps = [
        Map::new(&linear(0.0, 1000.0, Numbers::Plain), area.left, area.right),
        Map::new(&linear(0.0, 300.0, Numbers::Plain), area.bottom, area.top),
    ];
    let raster = density(&points, &area, maps, Palette::of(true), 2.0, &Ctx::silent()).unwrap();
    assert_eq!((raster.width, raster.height), (1200, 800));
    for i in 0..n {
        let x = ((maps[0].place(points.x[i]) - area.left) * 2.0) as usize;
        let y = ((maps[1].place(points.y[i]) - area.top) * 2.0) as usize;
        assert!(raster.pixels[y.min(799) * 1200 + x.min(1199)][3] >= 127, "point {i} at {x}, {y}");
    }
    let heap = raster.pixels[400 * 1200 + 600];
    assert_eq!(heap[3], 255, "the most frequent place is opaque");

    let stopped = Ctx::new(Arc::new(true.into()), None);
    assert!(density(&points, &area, maps, Palette::of(true), 2.0, &stopped).is_err());
    let chart = Chart { note: "All".into(), marks: Marks::Points(points), ..Chart::default() };
    assert_eq!(chart.whole_note(), "All; density of 150,000 points");
}
