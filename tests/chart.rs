//! Charts: what is laid out, drawn, pointed at and written.

use std::sync::Arc;
use std::time::Instant;

use proptest::prelude::*;
use quintile::chart::*;
use quintile::ctx::Ctx;
use resvg::tiny_skia::Pixmap;
use resvg::usvg::{self, fontdb, roxmltree};

fn names(names: &[&str]) -> Scale {
    Scale::Names(Arc::new(names.iter().map(|n| n.to_string()).collect()))
}

fn linear(from: f64, to: f64, format: Numbers) -> Scale {
    Scale::Linear { from, to, format }
}

fn axis(label: &str, scale: Scale) -> Axis {
    Axis { label: label.into(), scale }
}

fn pounds() -> Numbers {
    Numbers::Money(Some("£".into()))
}

fn bars(values: &[f64]) -> Vec<Bar> {
    let bar = |(i, &value): (usize, &f64)| Bar {
        from: i as f64,
        to: i as f64 + 1.0,
        value,
        selected: (i % 2 == 0).then_some(value / 2.0),
        ink: Ink::Segment(i),
        tip: format!("bar {i}"),
    };
    values.iter().enumerate().map(bar).collect()
}

const COUNTRIES: [&str; 6] =
    ["United Kingdom", "EIRE", "Channel Islands", "Saudi Arabia", "United Arab Emirates", "European Community"];

/// A cloud of `n` points in three groups, the same each time.
fn cloud(n: usize) -> Points {
    let share = |i: usize, step: f64| (i as f64 * step).fract();
    Points {
        x: Arc::new((0..n).map(|i| 1.0 + 999.0 * share(i, 0.618_033_988_749)).collect()),
        y: Arc::new((0..n).map(|i| 300.0 * share(i, 0.754_877_666_247)).collect()),
        group: Arc::new((0..n).map(|i| (i % 3) as u8).collect()),
        inks: (0..3).map(Ink::Segment).collect(),
        selected: Some(Arc::new((0..n).map(|i| i % 5 == 0).collect())),
    }
}

/// One chart of every kind, with all its parts.
fn every_kind() -> Vec<Chart> {
    let values = [120.0, -30.0, 0.0, 75.5, 300.0, 12.0];
    let by_country = axis("Country", names(&COUNTRIES));
    let money = axis("Net spend", linear(-30.0, 300.0, pounds()));
    let day = |i: usize| 14_944.0 + i as f64;
    let line = |filled, dashed| Line {
        name: "Revenue".into(),
        x: (0..374).map(day).collect(),
        y: (0..374).map(|i| if i % 50 == 7 || i % 50 == 9 { f64::NAN } else { f64::from(i % 97) }).collect(),
        ink: Ink::Accent,
        filled,
        dashed,
        tips: (0..374).map(|i| format!("day {i}")).collect(),
    };
    let box_plot = |i: usize| BoxPlot {
        at: i as f64,
        whiskers: (-20.0, 200.0),
        quartiles: [10.0, 40.0 + i as f64, 90.0],
        mean: 55.0,
        outliers: vec![250.0, 290.0, 1e9],
        beyond: 3,
        ink: Ink::Segment(i),
        tip: format!("box {i}"),
    };
    let cell = |i: usize| Cell {
        ink: (i != 3).then_some(Ink::Diverging(i as f32 / 18.0 - 1.0)),
        text: format!("{i}\n£{i},000"),
        tip: format!("cell {i}"),
        ring: i == 4,
    };
    let tile = |i: usize| Tile {
        value: 1000.0 / (i + 1) as f64,
        name: COUNTRIES[i].into(),
        text: format!("{i} customers"),
        ink: Ink::Segment(i),
        tip: format!("tile {i}"),
        ring: i == 1,
    };
    let ends = |n: usize| (0..n).map(|i| (COUNTRIES[i].to_string(), Ink::Segment(i))).collect();
    let band =
        |i: usize| Band { from: i / 4, to: i % 4, value: (i * 7 % 11) as f64, tip: format!("band {i}"), ring: i == 5 };
    let chart = |x: Axis, y: Axis, marks: Marks| Chart {
        title: "What was <sold> & \"returned\" \u{1}\u{ffff} by country".into(),
        note: "397,884 rows; 12 without a value, which are left out of everything that is shown here".into(),
        x,
        y,
        marks,
        rules: vec![Rule { at: 1.5, label: "mean £1".into() }, Rule { at: 1.7, label: "median £2".into() }],
        legend: COUNTRIES.iter().enumerate().map(|(i, c)| (c.to_string(), Ink::Segment(i))).collect(),
        ..Chart::default()
    };
    let days = || axis("Day", Scale::Days { from: day(0), to: day(373) });
    let of_rows = |n: usize| Marks::Points(cloud(n));
    let log = || axis("Net spend", Scale::Log { from: 1.0, to: 1000.0, format: pounds() });
    let recency = || axis("Recency", linear(0.0, 300.0, Numbers::Whole));
    vec![
        chart(by_country.clone(), money.clone(), Marks::Bars(bars(&values))),
        chart(money.clone(), by_country.clone(), Marks::Rows(bars(&values))),
        chart(by_country.clone(), money.clone(), Marks::Boxes((0..6).map(box_plot).collect())),
        chart(log(), recency(), of_rows(500)),
        chart(log(), recency(), of_rows(MOST_CIRCLES + 1)),
        chart(
            days(),
            axis("Revenue", linear(0.0, 97.0, pounds())),
            Marks::Lines(vec![line(true, false), line(false, true)]),
        ),
        chart(by_country.clone(), by_country, Marks::Cells(Cells { columns: 6, cells: (0..36).map(cell).collect() })),
        chart(Axis::default(), Axis::default(), Marks::Tiles((0..6).map(tile).collect())),
        chart(
            Axis::default(),
            Axis::default(),
            Marks::Flow(Flow { left: ends(4), right: ends(4), bands: (0..16).map(band).collect() }),
        ),
        chart(
            Axis::default(),
            Axis::default(),
            Marks::Empty("There is no time in the dates. Choose another chart.".into()),
        ),
        chart(Axis::default(), Axis::default(), Marks::Nothing),
        chart(Axis::default(), Axis::default(), Marks::Bars(bars(&values))),
    ]
}

/// The corners of a text: from the top of its capitals to the bottom of its longest letters.
fn corners(words: &Words) -> [At; 4] {
    let wide = text::width(&words.text, words.size, words.bold);
    let left = match words.anchor {
        Anchor::Start => 0.0,
        Anchor::Middle => -wide / 2.0,
        Anchor::End => -wide,
    };
    let (sin, cos) = words.angle.to_radians().sin_cos();
    let (up, down) = (-0.73 * words.size, 0.2 * words.size);
    [[left, up], [left + wide, up], [left + wide, down], [left, down]]
        .map(|[x, y]| [words.at[0] + x * cos - y * sin, words.at[1] + x * sin + y * cos])
}

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

fn marks(scale: Scale, most: usize) -> Vec<String> {
    ticks(&scale, &Map::new(&scale, 0.0, 100.0), most).into_iter().map(|t| t.label).collect()
}

#[test]
fn marks_are_round_and_short() {
    assert_eq!(marks(linear(0.0, 400.0, Numbers::Whole), 5), ["0", "100", "200", "300", "400"]);
    assert_eq!(marks(linear(0.0, 1.0, Numbers::Percent), 5), ["0 %", "20 %", "40 %", "60 %", "80 %", "100 %"]);
    assert_eq!(marks(linear(0.0, 0.03, Numbers::Plain), 3), ["0", "0.01", "0.02", "0.03"]);
    assert_eq!(marks(linear(-10.0, 10.0, Numbers::Plain), 4), ["−10", "−5", "0", "5", "10"]);
    assert_eq!(marks(linear(0.0, 3.0, Numbers::Whole), 12), ["0", "1", "2", "3"]);
    assert_eq!(marks(linear(0.0, 1_200_000.0, pounds()), 3), ["£0", "£0.5M", "£1.0M"]);
    assert_eq!(marks(linear(-20_000.0, 20_000.0, pounds()), 2), ["−£20k", "£0", "£20k"]);
    assert_eq!(marks(linear(0.0, 50_000.0, Numbers::Whole), 2), ["0", "50,000"]);
    let log = |to: f64| Scale::Log { from: 1.0, to, format: Numbers::Whole };
    assert_eq!(marks(log(100.0), 10), ["1", "2", "5", "10", "20", "50", "100"]);
    assert_eq!(marks(log(1e6), 6), ["1", "10", "100", "1,000", "10,000", "100k", "1M"]);
    // 2010-12-01 is day 14,944; 2011-12-09 day 15,317.
    let days = |from: f64, to: f64, most| marks(Scale::Days { from, to }, most);
    assert_eq!(days(14_944.0, 15_317.0, 7), ["Jan 2011", "Mar", "May", "Jul", "Sep", "Nov"]);
    assert_eq!(days(14_944.0, 14_950.0, 6), ["1 Dec 2010", "2 Dec", "3 Dec", "4 Dec", "5 Dec", "6 Dec", "7 Dec"]);
    assert_eq!(days(14_944.0, 14_990.0, 8), ["6 Dec 2010", "13 Dec", "20 Dec", "27 Dec", "3 Jan 2011", "10 Jan"]);
    assert_eq!(days(0.0, 18_000.0, 5), ["1970", "1980", "1990", "2000", "2010"]);
}

#[test]
fn ranges_that_cannot_be_drawn_are_mended() {
    let nan = f64::NAN;
    for (from, to) in
        [(0.0, 0.0), (5.0, 5.0), (3.0, 1.0), (nan, nan), (0.0, f64::INFINITY), (-1e300, 1e300), (1e15, 1e15)]
    {
        for scale in [
            linear(from, to, Numbers::Plain),
            Scale::Log { from, to, format: Numbers::Plain },
            Scale::Days { from, to },
        ] {
            let map = Map::new(&scale, 10.0, 110.0);
            let (low, high) = map.range();
            assert!(low < high, "{scale:?}");
            assert_eq!((map.place(low), map.place(high)), (10.0, 110.0), "{scale:?}");
            ticks(&scale, &map, 10);
        }
    }
}

proptest! {
    #[test]
    fn places_and_values_are_each_other_s_inverse(from in -1e6f64..1e6, wide in 0.01f64..1e6, share in 0.0f64..1.0) {
        for scale in [
            linear(from, from + wide, Numbers::Plain),
            Scale::Log { from: wide, to: wide * 1e3, format: Numbers::Plain },
        ] {
            let map = Map::new(&scale, 300.0, 20.0);
            let place = 20.0 + 280.0 * share as f32;
            prop_assert!((map.place(map.value(place)) - place).abs() < 0.5);
        }
    }

    #[test]
    fn steps_are_one_two_or_five(span in 1e-9f64..1e12, most in 1usize..20) {
        let step = nice_step(span, most);
        let digits = step / 10f64.powf((step * 1.000_001).log10().floor());
        prop_assert!([1.0, 2.0, 5.0].iter().any(|d| (digits - d).abs() < 1e-6), "{step}");
        prop_assert!(span / step <= most as f64 * 1.000_01 && span / step > most as f64 / 2.6, "{span} by {step}");
    }

    #[test]
    fn tiles_have_the_areas_of_their_values(values in prop::collection::vec(0.1f64..1e4, 1..60)) {
        let room = Area::new(10.0, 20.0, 510.0, 320.0);
        let total: f64 = values.iter().sum();
        let areas: Vec<Area> = squarify(&values, &room).into_iter().map(Option::unwrap).collect();
        for (area, value) in areas.iter().zip(&values) {
            let share = f64::from(area.width()) * f64::from(area.height()) / 150_000.0;
            prop_assert!((share - value / total).abs() < 1e-4, "{area:?} for {value} of {total}");
            let inside = area.left > 9.9 && area.top > 19.9 && area.right < 510.1 && area.bottom < 320.1;
            prop_assert!(inside, "{area:?}");
        }
        for (i, a) in areas.iter().enumerate() {
            for b in &areas[i + 1..] {
                let across = a.right.min(b.right) - a.left.max(b.left);
                let down = a.bottom.min(b.bottom) - a.top.max(b.top);
                prop_assert!(across < 0.01 || down < 0.01, "{a:?} {b:?}");
            }
        }
    }

    #[test]
    fn numbers_and_texts_read_back_from_csv(
        numbers in prop::collection::vec(prop::num::f64::NORMAL | prop::num::f64::ZERO, 1..20),
        word in "[a-z,\"\n ]{0,12}",
    ) {
        let texts = vec![word; numbers.len()];
        let data = Data::default().text("name, \"quoted\"", texts.clone()).number("value", numbers.clone());
        let mut out = Vec::new();
        data.write_csv(&mut out).unwrap();
        let records = parse_csv(std::str::from_utf8(&out).unwrap());
        prop_assert_eq!(&records[0], &["name, \"quoted\"".to_string(), "value".to_string()]);
        prop_assert_eq!(records.len(), numbers.len() + 1);
        for (record, (text, number)) in records[1..].iter().zip(texts.iter().zip(&numbers)) {
            prop_assert_eq!(&record[0], text);
            prop_assert_eq!(record[1].parse::<f64>().unwrap(), *number);
        }
    }
}

/// RFC 4180, read one character after the other.
fn parse_csv(text: &str) -> Vec<Vec<String>> {
    let (mut records, mut record, mut field, mut quoted) = (Vec::new(), Vec::new(), String::new(), false);
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        match (quoted, c) {
            (true, '"') if rest.peek() == Some(&'"') => field.extend(rest.next()),
            (_, '"') => quoted = !quoted,
            (false, ',') => record.push(std::mem::take(&mut field)),
            (false, '\n') => {
                record.push(std::mem::take(&mut field));
                records.push(std::mem::take(&mut record));
            }
            (_, c) => field.push(c),
        }
    }
    records
}

#[test]
fn the_treemap_is_that_of_its_paper() {
    // Bruls, Huizing, van Wijk: Squarified treemaps (2000), figure 4: a rectangle 6 × 4 with areas 6, 6, 4, 3, 2, 2, 1.
    let areas = squarify(&[6.0, 6.0, 4.0, 3.0, 2.0, 2.0, 1.0], &Area::new(0.0, 0.0, 6.0, 4.0));
    let close = |i: usize, left: f32, top: f32, right: f32, bottom: f32| {
        let a = areas[i].unwrap();
        let off = [a.left - left, a.top - top, a.right - right, a.bottom - bottom];
        assert!(off.iter().all(|d| d.abs() < 1e-4), "{i}: {a:?}");
    };
    close(0, 0.0, 0.0, 3.0, 2.0);
    close(1, 0.0, 2.0, 3.0, 4.0);
    close(2, 3.0, 0.0, 3.0 + 12.0 / 7.0, 7.0 / 3.0);
    close(3, 3.0 + 12.0 / 7.0, 0.0, 6.0, 7.0 / 3.0);
    close(4, 3.0, 7.0 / 3.0, 4.2, 4.0);
    assert_eq!(squarify(&[0.0, f64::NAN, -1.0], &Area::new(0.0, 0.0, 6.0, 4.0)), [None, None, None]);
}

#[test]
fn every_kind_becomes_valid_svg_and_a_png_of_the_right_size() {
    for (kind, chart) in every_kind().iter().enumerate() {
        let picture = whole(chart, [420.0, 280.0], Palette::of(kind % 2 == 0), 2.0, &Ctx::silent()).unwrap();
        let svg = to_svg(&picture, &chart.title);
        let document = roxmltree::Document::parse(&svg).unwrap_or_else(|e| panic!("kind {kind}: {e}\n{svg}"));
        let title = document.descendants().find(|n| n.has_tag_name("title")).and_then(|n| n.text()).unwrap();
        assert!(title.starts_with("What was <sold> & \"returned\""), "{title}");
        let tree = usvg::Tree::from_str(&svg, &usvg::Options::default()).unwrap();
        assert_eq!((tree.size().width(), tree.size().height()), (420.0, 280.0));
        let density = matches!(&chart.marks, Marks::Points(p) if p.x.len() > MOST_CIRCLES);
        assert_eq!(svg.contains("data:image/png;base64,"), density, "kind {kind}");

        let mut png = Vec::new();
        write_png(&picture, 2.0, &mut png).unwrap();
        let drawn = Pixmap::decode_png(&png).unwrap();
        assert_eq!((drawn.width(), drawn.height()), (840, 560));
        let first = drawn.pixels()[0];
        let other = drawn.pixels().iter().filter(|p| **p != first).count();
        assert!(other > 1000, "kind {kind} is blank");
        assert!(drawn.pixels().iter().all(|p| p.alpha() == 255), "kind {kind} has holes");
    }
}

#[test]
fn widths_of_texts_are_those_that_are_drawn() {
    let mut fonts = fontdb::Database::new();
    fonts.load_font_data(text::REGULAR.to_vec());
    fonts.load_font_data(text::SEMIBOLD.to_vec());
    let options = usvg::Options { fontdb: Arc::new(fonts), font_family: "Inter".into(), ..usvg::Options::default() };
    for (words, bold) in [("United Kingdom", false), ("£1,234,567.89", false), ("Potential loyalists", true)] {
        let shape = Shape::Text(Words { at: [10.0, 50.0], text: words.into(), size: 40.0, bold, ..Words::default() });
        let picture = Picture { size: [900.0, 100.0], shapes: vec![shape], ..Picture::default() };
        let tree = usvg::Tree::from_str(&to_svg(&picture, ""), &options).unwrap();
        let usvg::Node::Text(node) = &tree.root().children()[0] else { panic!("{words} is no text") };
        let drawn = node.bounding_box().width();
        let told = text::width(words, 40.0, bold);
        assert!((told - drawn).abs() < told * 0.03, "{words}: {told} told, {drawn} drawn");
    }
}

#[test]
fn marks_are_found_where_they_are_drawn() {
    for (kind, chart) in every_kind().iter().enumerate() {
        let picture = layout(chart, [700.0, 480.0], Palette::of(false), &Options::BODY);
        for place in &picture.places {
            let at = match &place.outline {
                Outline::Rect(area) => area.center(),
                // Bands: half-way between the two lines at a quarter of the width, where few cross.
                Outline::Polygon(points) => {
                    let (a, b) = (points[3], points[points.len() - 4]);
                    [(a[0] + b[0]) / 2.0, (a[1] + b[1]) / 2.0]
                }
                _ => continue,
            };
            let found = picture.hit(at).unwrap_or_else(|| panic!("kind {kind}: nothing at {at:?}"));
            if matches!(place.outline, Outline::Rect(_)) {
                assert_eq!(found.mark, place.mark, "kind {kind}");
            }
            assert!(!chart.tip(found.mark).is_empty(), "kind {kind} says nothing");
        }
        assert_eq!(picture.hit([-50.0, -50.0]), None);
    }
}

#[test]
fn points_and_lines_are_found_nearby() {
    let kinds = every_kind();
    let picture = layout(&kinds[3], [700.0, 480.0], Palette::of(false), &Options::BODY);
    let (x, y) = (picture.x.unwrap(), picture.y.unwrap());
    let Marks::Points(points) = &kinds[3].marks else { panic!() };
    for i in [0, 17, 499] {
        let at = [x.place(points.x[i]) + 1.0, y.place(points.y[i])];
        let nearest = |m: usize| (x.place(points.x[m]) - at[0]).hypot(y.place(points.y[m]) - at[1]);
        let found = picture.hit(at).unwrap().mark;
        assert!((0..500).all(|m| nearest(m) >= nearest(found)), "{found} is not the nearest");
    }
    assert!(kinds[3].tip(0).contains("Net spend £1.00"), "{}", kinds[3].tip(0));

    let picture = layout(&kinds[5], [700.0, 480.0], Palette::of(false), &Options::BODY);
    let at = [picture.x.unwrap().place(14_944.0 + 100.0) + 0.3, picture.plot.center()[1]];
    let hit = picture.hit(at).unwrap();
    assert_eq!((hit.mark, hit.together), (100, vec![100, 374 + 100]), "both lines have a value on that day");
    assert_eq!(kinds[5].tip(374 + 100), "day 100");
    assert_eq!(kinds[5].tip(2 * 374), "");
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

#[test]
fn data_is_copied_with_tabs_and_files_have_names_that_every_system_takes() {
    let data = Data::default()
        .text("Country", vec!["United\tKingdom".into(), String::new()])
        .number("Rows", vec![1.5, f64::NAN]);
    assert_eq!(data.to_tsv(), "Country\tRows\nUnited Kingdom\t1.5\n\t");
    let named = |title: &str| Chart { title: title.into(), ..Chart::default() }.file_name();
    assert_eq!(named("Recency / frequency: \"all\"?"), "Recency frequency all");
    assert_eq!(named(""), "Chart");
}

/// Prints how long layouts and density pictures take; asserts nothing.
#[test]
#[ignore = "prints figures: run with --ignored --nocapture"]
fn figures() {
    let millis = |start: Instant| start.elapsed().as_secs_f64() * 1e3;
    let thousand = Chart {
        x: axis("Days", linear(0.0, 1000.0, Numbers::Whole)),
        y: axis("Customers", linear(0.0, 97.0, Numbers::Whole)),
        marks: Marks::Bars(bars(&(0..1000).map(|i| f64::from(i % 97)).collect::<Vec<_>>())),
        ..Chart::default()
    };
    layout(&thousand, [600.0, 300.0], Palette::of(true), &Options::BODY);
    let start = Instant::now();
    for _ in 0..100 {
        layout(&thousand, [600.0, 300.0], Palette::of(true), &Options::BODY);
    }
    println!("layout of 1,000 bars: {:.3} ms", millis(start) / 100.0);
    for (kind, chart) in every_kind().iter().enumerate() {
        let start = Instant::now();
        layout(chart, [600.0, 300.0], Palette::of(true), &Options::BODY);
        let laid = millis(start);
        let start = Instant::now();
        let picture = whole(chart, [600.0, 300.0], Palette::of(true), 2.0, &Ctx::silent()).unwrap();
        write_png(&picture, 2.0, std::io::sink()).unwrap();
        println!("kind {kind}: layout {laid:.3} ms, PNG {:.1} ms", millis(start));
    }
    for n in [1_000_000, 10_000_000] {
        let points = cloud(n);
        let area = Area::new(0.0, 0.0, 900.0, 500.0);
        let maps = [
            Map::new(&Scale::Log { from: 1.0, to: 1000.0, format: Numbers::Plain }, 0.0, 900.0),
            Map::new(&linear(0.0, 300.0, Numbers::Plain), 500.0, 0.0),
        ];
        let start = Instant::now();
        density(&points, &area, maps, Palette::of(true), 1.0, &Ctx::silent()).unwrap();
        println!("density of {n} points in 900 × 500: {:.0} ms", millis(start));
    }
}
