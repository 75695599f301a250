//! How long a workbook takes to read: calamine merely going through its cells, calamine's range of cells, and the
//! whole of intake (cells to columns of typed, distinct values; header, totals and notes found).
//!
//! `cargo bench --bench workbook -- "Online Retail.xlsx"`; without a path the file is looked for in `QUINTILE_DATA`.
//! Prints the best of several turns, taken by turns, and asserts nothing.

use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use calamine::{Reader, Xlsx, open_workbook};
use quintile::ctx::Ctx;
use quintile::intake;
use quintile::recipe::Recipe;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const TURNS: usize = 5;

fn cells(path: &Path) -> usize {
    let mut book: Xlsx<_> = open_workbook(path).expect("a workbook");
    let sheet = book.sheet_names()[0].clone();
    let mut reader = book.worksheet_cells_reader(&sheet).expect("a sheet");
    let mut n = 0;
    while let Some(cell) = reader.next_cell().expect("a cell") {
        black_box(cell.get_value());
        n += 1;
    }
    n
}

fn range(path: &Path) -> usize {
    let mut book: Xlsx<_> = open_workbook(path).expect("a workbook");
    let sheet = book.sheet_names()[0].clone();
    book.worksheet_range(&sheet).expect("a sheet").used_cells().count()
}

fn whole(path: &Path) -> usize {
    let read = intake::read(&Recipe::for_file(path).input, &Ctx::silent()).expect("a table");
    read.table.rows * read.table.columns.len()
}

fn main() {
    let given = std::env::args().skip(1).find(|a| !a.starts_with("--")).map(PathBuf::from);
    let shared =
        || std::env::var_os("QUINTILE_DATA").map(|d| PathBuf::from(d).join("online_retail/Online Retail.xlsx"));
    let Some(path) = given.or_else(shared) else {
        println!("skipped: name a workbook, or set QUINTILE_DATA");
        return;
    };
    type Way = (&'static str, fn(&Path) -> usize);
    let ways: [Way; 3] =
        [("calamine, cell by cell", cells), ("calamine, worksheet_range", range), ("intake, whole", whole)];
    let mut best = [Duration::MAX; 3];
    for _ in 0..TURNS {
        for (way, best) in ways.iter().zip(&mut best) {
            let start = Instant::now();
            black_box(way.1(&path));
            *best = start.elapsed().min(*best);
        }
    }
    for ((name, _), best_of) in ways.iter().zip(&best) {
        let ratio = best_of.as_secs_f64() / best[0].as_secs_f64();
        println!("{name:<28} {:>7.0} ms   {ratio:.2} x", best_of.as_secs_f64() * 1e3);
    }
}
