//! How long the workbook of a million customers takes to write, and how much memory: all customers on one sheet, and
//! again on a sheet per segment.
//!
//! `cargo bench --bench xlsx -- 1000000 FOLDER` writes `segments.xlsx` and `customers.csv` into the folder and prints one
//! line of JSON; `tests/bench/xlsx.py` runs it and writes the same cells with XlsxWriter.

#[path = "../by_hand/mod.rs"]
mod by_hand;

use std::path::PathBuf;
use std::time::Instant;

use quintile::ctx::Ctx;
use quintile::export::{ExportKind, write_one};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn peak() -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let kib = status.lines().find_map(|l| l.strip_prefix("VmHWM:"))?.trim().strip_suffix("kB")?.trim().parse::<f64>();
    Some(kib.ok()? / 1e6)
}

fn main() {
    let mut given = std::env::args().skip(1).filter(|a| !a.starts_with("--"));
    let customers = given.next().and_then(|n| n.parse().ok()).unwrap_or(1_000_000);
    let made;
    let folder = match given.next() {
        Some(folder) => PathBuf::from(folder),
        None => {
            made = tempfile::tempdir().expect("a folder");
            made.path().to_path_buf()
        }
    };
    let found = by_hand::findings::findings(customers);
    let before = peak();
    let start = Instant::now();
    let path = folder.join("segments.xlsx");
    let written = write_one(&found, ExportKind::Workbook, &path, &Ctx::silent()).expect("a workbook");
    let seconds = start.elapsed().as_secs_f64();
    let after = peak();
    let table = folder.join("customers.csv");
    write_one(&found, ExportKind::CUSTOMERS, &table, &Ctx::silent()).expect("a table");
    println!(
        "{{\"customers\": {customers}, \"seconds\": {seconds:.2}, \"megabytes\": {:.1}, \"peak_gb\": {:.2}, \"peak_gb_before\": {:.2}}}",
        written.bytes as f64 / 1e6,
        after.unwrap_or(f64::NAN),
        before.unwrap_or(f64::NAN)
    );
}
