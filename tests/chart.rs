//! Charts: what is laid out, drawn, pointed at and written.

#[path = "common/csv.rs"]
mod csv;
#[path = "chart/drawn.rs"]
mod drawn;
#[path = "chart/hit.rs"]
mod hit;
#[path = "chart/scales.rs"]
mod scales;
#[path = "chart/written.rs"]
mod written;

use std::sync::Arc;
use std::time::Instant;

use quintile::chart::*;
use quintile::ctx::Ctx;

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
