//! `cargo bench --bench rfm_from_file -- FILE`: seconds from a file of sales to recency, frequency and monetary of each
//! customer, and seconds to a preview of its head. `tests/bench/ten_million.py` compares them with DuckDB.

use std::path::PathBuf;
use std::time::Instant;

use quintile::ctx::Ctx;
use quintile::recipe::Recipe;
use quintile::{clean, intake, rfm};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() {
    let Some(path) = std::env::args().skip(1).find(|a| !a.starts_with("--")).map(PathBuf::from) else {
        eprintln!("skipped: give a file, as in cargo bench --bench rfm_from_file -- FILE");
        return;
    };
    let recipe = Recipe::for_file(path);
    let ctx = Ctx::silent();
    let start = Instant::now();
    let head = intake::preview(&recipe.input, &ctx).expect("the head can be read");
    let head_rows = head.map_or(0, |h| h.table.rows);
    let preview = start.elapsed().as_secs_f64();
    let start = Instant::now();
    let read = intake::read(&recipe.input, &ctx).expect("the file can be read");
    let intake_secs = start.elapsed().as_secs_f64();
    let roles = intake::roles::find(&read.table, &recipe.roles, &ctx).expect("roles are found");
    let clean = clean::clean(&read.table, &roles, &recipe.clean, None, &ctx).expect("rows are left");
    let clean_secs = start.elapsed().as_secs_f64() - intake_secs;
    let rfm = rfm::rfm(&clean, &recipe.rfm, &recipe.clean, &ctx).expect("customers are left");
    let secs = start.elapsed().as_secs_f64();
    let monetary: f64 = rfm.customers.monetary().iter().sum();
    println!(
        "{{\"secs\": {secs:.3}, \"intake_secs\": {intake_secs:.3}, \"clean_secs\": {clean_secs:.3}, \
         \"preview_secs\": {preview:.3}, \"preview_rows\": {}, \"customers\": {}, \"monetary\": {monetary:.2}}}",
        head_rows,
        rfm.customers.len()
    );
}
