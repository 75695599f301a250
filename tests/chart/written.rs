//! Charts as files: SVG, PNG, and the numbers behind them.

use std::sync::Arc;

use proptest::prelude::*;
use quintile::chart::*;
use quintile::ctx::Ctx;
use resvg::tiny_skia::Pixmap;
use resvg::usvg::{self, fontdb, roxmltree};

use crate::csv::records;
use crate::every_kind;

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

proptest! {
    #[test]
    fn numbers_and_texts_read_back_from_csv(
        numbers in prop::collection::vec(prop::num::f64::NORMAL | prop::num::f64::ZERO, 1..20),
        word in "[a-z,\"\n ]{0,12}",
    ) {
        let texts = vec![word; numbers.len()];
        let data = Data::default().text("name, \"quoted\"", texts.clone()).number("value", numbers.clone());
        let mut out = Vec::new();
        data.write_csv(&mut out).unwrap();
        let records = records(std::str::from_utf8(&out).unwrap(), ',', "\n");
        prop_assert_eq!(&records[0], &["name, \"quoted\"".to_string(), "value".to_string()]);
        prop_assert_eq!(records.len(), numbers.len() + 1);
        for (record, (text, number)) in records[1..].iter().zip(texts.iter().zip(&numbers)) {
            prop_assert_eq!(&record[0], text);
            prop_assert_eq!(record[1].parse::<f64>().unwrap(), *number);
        }
    }
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
