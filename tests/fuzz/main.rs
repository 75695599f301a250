//! Random damage to real-looking inputs: nothing may panic, hang or return a table that does not add up.
//!
//! `cargo test --release --test fuzz` runs a few thousand inputs per target; QUINTILE_FUZZ=1000000 runs so many of each,
//! QUINTILE_FUZZ_SEED another series. The number of inputs is printed. An input that fails is named by its target, series
//! and number, which make it again, and becomes a test of its own.

mod damage;
mod seeds;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::time::{Duration, Instant};

use damage::Random;
use quintile::ctx::Ctx;
use quintile::intake::dates::{self, DateStyle};
use quintile::intake::numbers::{Decimal, NumberStyle};
use quintile::intake::{self, IntakeOut};
use quintile::recipe::{Input, Recipe};

/// Far beyond what any of these small inputs takes; only a hang gets there.
const HANG: Duration = Duration::from_secs(20);

fn wanted(few: u64) -> u64 {
    std::env::var("QUINTILE_FUZZ").ok().and_then(|n| n.parse().ok()).unwrap_or(few)
}

/// Runs `check` on `few` damaged inputs, or as many as the environment says.
fn run(target: &str, few: u64, check: impl Fn(&mut Random)) {
    let series = std::env::var("QUINTILE_FUZZ_SEED").ok().and_then(|n| n.parse().ok()).unwrap_or(1u64);
    let count = wanted(few);
    for number in 0..count {
        let mut random = Random::new(series.wrapping_mul(0x9E37_79B9).wrapping_add(number));
        let start = Instant::now();
        let outcome = catch_unwind(AssertUnwindSafe(|| check(&mut random)));
        assert!(outcome.is_ok(), "{target}: series {series}, input {number} panics");
        assert!(start.elapsed() < HANG, "{target}: series {series}, input {number} takes too long");
    }
    println!("{target}: {count} inputs ran");
}

/// What has to hold for every table, however broken the file.
fn adds_up(out: &IntakeOut) {
    let table = &out.table;
    for column in &table.columns {
        assert_eq!(column.codes.len(), table.rows, "{}", column.name);
        assert_eq!(column.counts.len(), column.dict.len());
        assert_eq!(column.counts.iter().map(|&n| n as usize).sum::<usize>(), table.rows);
        assert!(column.codes.iter().all(|&c| (c as usize) < column.dict.len()));
        assert!(!column.name.trim().is_empty());
    }
    let names: std::collections::HashSet<&str> = table.columns.iter().map(|c| c.name.as_str()).collect();
    assert_eq!(names.len(), table.columns.len(), "names are unique");
    for report in &out.reports {
        assert!(report.rejects.len() <= report.rejected);
        assert!(report.rejects.iter().all(|r| !r.reason.is_empty()));
    }
    assert!(table.extra.iter().all(|(row, _)| *row < table.rows));
}

fn read(path: &Path, input: Input) {
    let input = Input { files: vec![path.to_path_buf()], ..input };
    match intake::read(&input, &Ctx::silent()) {
        Ok(out) => {
            adds_up(&out);
            if let Ok(roles) = intake::roles::find(&out.table, &Default::default(), &Ctx::silent()) {
                assert_eq!(roles.columns.len(), out.table.columns.len());
            }
        }
        // A sentence, whatever happened.
        Err(error) => assert!(error.to_string().len() > 10, "{error}"),
    }
}

#[test]
fn text_reader() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("input.csv");
    let seeds = seeds::texts();
    run("text reader", 3_000, |random| {
        let mut bytes = random.pick(&seeds).clone();
        random.damage(&mut bytes, b",;\t|\"'\\\n\r \0#\xff\xc3=.-");
        std::fs::write(&path, &bytes).unwrap();
        let mut input = Input::default();
        if random.one_in(4) {
            input.skip_rows = Some(random.below(5));
        }
        if random.one_in(4) {
            input.header_rows = Some(random.below(4));
        }
        if random.one_in(8) {
            input.delimiter = Some(char::from(*random.pick(b",;\t| x")));
        }
        if random.one_in(8) {
            input.quote = Some(["", "\"", "'", "x"][random.below(4)].into());
        }
        if random.one_in(8) {
            input.escape = Some(["", "\\", "\"", "x"][random.below(4)].into());
        }
        if random.one_in(8) {
            input.encoding =
                Some(["utf-8", "utf-16le", "windows-1252", "shift_jis", "gb18030"][random.below(5)].into());
        }
        read(&path, input);
    });
}

#[test]
fn packed_and_other_formats() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("input.bin");
    let seeds = seeds::others();
    run("packed files, JSON lines, Arrow, Parquet", 1_000, |random| {
        let mut bytes = random.pick(&seeds).clone();
        random.damage(&mut bytes, b"{}[]\",:\n\0\xff\x1f\x8bPK");
        std::fs::write(&path, &bytes).unwrap();
        read(&path, Input::default());
    });
}

#[test]
fn workbook_reader() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("input.xlsx");
    let seed = seeds::workbook_parts();
    run("workbook reader", 500, |random| {
        // Damage to the packed bytes mostly breaks the container; damage to a part reaches the reader of cells.
        let bytes = if random.one_in(4) {
            let mut bytes = seeds::pack(&seed);
            random.damage(&mut bytes, b"PK\0\xff");
            bytes
        } else {
            let mut parts = seed.clone();
            let at = random.below(parts.len());
            random.damage(&mut parts[at].1, b"<>/\"=&;0123456789ABt\0");
            seeds::pack(&parts)
        };
        std::fs::write(&path, &bytes).unwrap();
        read(&path, Input::default());
    });
}

#[test]
fn numbers_and_dates() {
    let seeds = seeds::values();
    let styles = [DateStyle::YearFirst, DateStyle::MonthFirst, DateStyle::DayFirst, DateStyle::Compact];
    run("number and date parsers", 200_000, |random| {
        let mut bytes = random.pick(&seeds).as_bytes().to_vec();
        random.damage(&mut bytes, "0123456789.,-+:/ T%()eE'£€ZAPMJan\u{a0}\u{202f}".as_bytes());
        let text = String::from_utf8_lossy(&bytes);
        for decimal in [Decimal::Point, Decimal::Comma] {
            if let Some(number) = NumberStyle::of(decimal).parse(&text) {
                assert!(number.is_finite(), "{text:?}");
            }
        }
        for style in &styles {
            let _ = dates::parse(&text, style);
        }
        let _ = dates::parse(&text, &DateStyle::Custom("%d/%m/%Y %H:%M".into()));
        let _ = dates::parse("12/12/2011", &DateStyle::Custom(text.to_string()));
        let _ = dates::detect_any([text.as_ref()].into_iter());
    });
}

#[test]
fn recipes() {
    let seeds = seeds::recipes();
    run("recipe file", 5_000, |random| {
        let mut bytes = random.pick(&seeds).clone();
        random.damage(&mut bytes, b"[]=\"\n#.,-0123456789tf{}'");
        let text = String::from_utf8_lossy(&bytes);
        match Recipe::from_toml(&text) {
            Ok(recipe) => assert_eq!(Recipe::from_toml(&recipe.to_toml()).unwrap(), recipe),
            Err(error) => assert!(error.to_string().len() > 10),
        }
    });
}
