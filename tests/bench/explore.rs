//! Seconds that each question of Explore takes, with 10 million transactions of 1 million customers made here.
//!
//! `cargo bench --bench explore [-- ROWS]`. Prints, asserts nothing. A question has to be answered within a second; what
//! is pointed at in a chart as well.

use std::sync::Arc;
use std::time::Instant;

use quintile::chart::Pointed;
use quintile::clean::{self, Prepared};
use quintile::ctx::Ctx;
use quintile::explore::{
    Answer, Correlation, FarRule, Measure, Period, Question, Source, Subject, SummaryKind, answer, columns, pick,
};
use quintile::features::{Known, engagement, enrich};
use quintile::intake::kind::ColumnKind;
use quintile::intake::{self, Code, Column, Dict, Table};
use quintile::recipe::Recipe;
use quintile::rfm;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// A simple generator with a fixed start.
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % n
    }

    /// 0–1, small numbers far more often.
    fn skewed(&mut self) -> f64 {
        (self.below(1 << 30) as f64 / (1u64 << 30) as f64).powi(3)
    }
}

/// A column from codes and the texts of its values.
fn column(name: &str, texts: impl Iterator<Item = String>, codes: Vec<Code>) -> Arc<Column> {
    let mut dict = Dict::default();
    texts.for_each(|text| {
        dict.push(&text);
    });
    let mut counts = vec![0u32; dict.len()];
    codes.iter().for_each(|&code| counts[code as usize] += 1);
    let mut column = Column { name: name.into(), dict, codes, counts, kind: ColumnKind::Text };
    column.kind = intake::kind::infer(&column.dict, &Ctx::silent()).expect("nobody cancels");
    Arc::new(column)
}

/// Sales: about four rows an invoice, a tenth as many customers as rows, two years with times of day.
fn sales(rows: usize) -> Table {
    let mut dice = Dice(7);
    let customers = (rows / 10) as u64;
    let (products, minutes) = (4_000u64, 730 * 24 * 60u64);
    let mut codes: Vec<Vec<Code>> = (0..7).map(|_| Vec::with_capacity(rows)).collect();
    let (mut invoice, mut customer, mut minute) = (0u32, 0u32, 0u32);
    for row in 0..rows {
        if row == 0 || dice.below(4) == 0 {
            invoice += 1;
            customer = if dice.below(50) == 0 { 0 } else { 1 + (dice.below(customers) as f64 * 0.999) as u32 };
            minute = 1 + dice.below(minutes) as u32;
        }
        codes[0].push(invoice);
        codes[1].push(customer);
        codes[2].push(minute);
        codes[3].push(1 + (dice.skewed() * (products - 1) as f64) as u32);
        codes[4].push(1 + (dice.skewed() * 400.0) as u32);
        codes[5].push(1 + (dice.skewed() * 9_000.0) as u32);
        codes[6].push(if dice.below(20) == 0 { 0 } else { 1 + (dice.skewed() * 37.0) as u32 });
    }
    let mut codes = codes.into_iter();
    let mut next = || codes.next().expect("seven columns");
    let time = |m: u64| intake::dates::iso(1_672_531_200 + m as i64 * 60, true);
    let columns = vec![
        column("invoice", (1..=u64::from(invoice)).map(|i| (500_000 + i).to_string()), next()),
        column("customer_id", (0..customers).map(|c| (10_000 + c).to_string()), next()),
        column("date", (0..minutes).map(time), next()),
        column("product", (0..products).map(|p| format!("Product {p}")), next()),
        column("quantity", (1..=401).map(|q| q.to_string()), next()),
        column("unit_price", (1..=9_001).map(|p| format!("{}.{:02}", p / 100, p % 100)), next()),
        column("country", (0..38).map(|c| format!("Country {c}")), next()),
    ];
    let header = columns.iter().map(|c| c.name.clone()).collect();
    Table { columns, rows, header, ..Table::default() }
}

fn subject(table: &Table) -> Subject {
    let ctx = Ctx::silent();
    let mut recipe = Recipe::for_file("generated.csv");
    recipe.roles.customer_id = Some("customer_id".into());
    recipe.roles.date = Some("date".into());
    let prepared = Prepared::untouched(table);
    let roles = intake::roles::find(table, &recipe.roles, &ctx).expect("roles are found");
    let clean = clean::clean_prepared(&prepared, &roles, &recipe.clean, None, &ctx).expect("rows are left");
    let counted = rfm::rfm(&clean, &recipe.rfm, &recipe.clean, &ctx).expect("customers are left");
    let known = Known { prepared: &prepared, roles: &roles, clean: &clean };
    let rfm = enrich(&known, &counted, &recipe, &ctx).expect("nothing further is asked for");
    let more = engagement::all(&known, &counted, &recipe, &ctx).expect("ready-made features");
    let is_new = |f: &rfm::Feature| rfm.customers.position(&f.name).is_none();
    let more = more.into_iter().filter(is_new).collect();
    Subject {
        recipe: Arc::new(recipe),
        prepared: Arc::new(prepared),
        roles: Arc::new(roles),
        clean: Arc::new(clean),
        rfm: Arc::new(rfm),
        more: Arc::new(more),
        clusters: None,
    }
}

fn questions(subject: &Subject) -> Vec<Question> {
    let mut out = vec![Question::Pareto];
    for measure in [Measure::Rows, Measure::Customers, Measure::Orders, Measure::Revenue] {
        out.push(Question::WeekHours { measure });
        out.extend([Period::Day, Period::Week, Period::Month].map(|period| Question::Timeline { period, measure }));
        out.push(Question::Cohorts { measure, share: false });
    }
    for source in [Source::File, Source::Transactions, Source::Customers] {
        out.extend([Question::Summaries { source }, Question::Missing { source }]);
        out.extend(
            [Correlation::Pearson, Correlation::Spearman].map(|method| Question::Correlations { source, method }),
        );
        let all = columns(subject, source);
        let numbers: Vec<&str> =
            all.iter().filter(|c| c.kind == SummaryKind::Number).map(|c| c.name.as_str()).collect();
        let word = if source == Source::Customers { "rfm_segment" } else { "country" };
        for column in &numbers {
            let column = column.to_string();
            out.push(Question::Histogram { source, column: column.clone(), bins: 40, log_x: false, log_y: false });
            out.push(Question::Boxes { source, column: column.clone(), by: Some(word.into()), log: false });
            let by = |rule| if rule == FarRule::ByGroup { Some(word.to_string()) } else { None };
            out.extend([FarRule::Iqr, FarRule::RobustZ, FarRule::ByGroup].map(|rule| Question::Outliers {
                source,
                column: column.clone(),
                rule,
                by: by(rule),
            }));
        }
        let (x, y) = (numbers[0].to_string(), numbers[1].to_string());
        for color in [None, Some(word.to_string()), Some(numbers[numbers.len() - 1].to_string())] {
            out.push(Question::Scatter { source, x: x.clone(), y: y.clone(), color, log_x: true, log_y: true });
        }
        let of =
            if source == Source::Customers { vec!["rfm_segment"] } else { vec!["country", "product", "customer_id"] };
        for column in of {
            for measure in [Measure::Rows, Measure::Customers, Measure::Orders, Measure::Revenue] {
                out.push(Question::Categories { source, column: column.into(), measure, most: 12 });
            }
        }
    }
    out
}

fn main() {
    let rows = std::env::args().skip(1).find_map(|a| a.parse().ok()).unwrap_or(10_000_000);
    let start = Instant::now();
    let table = sales(rows);
    let subject = subject(&table);
    println!(
        "{} rows of {} customers on {} threads, ready after {:.1} s",
        subject.clean.transactions.row.len(),
        subject.rfm.customers.len(),
        rayon::current_num_threads(),
        start.elapsed().as_secs_f64()
    );
    let ctx = Ctx::silent();
    let tenth: Vec<u32> = (0..subject.rfm.customers.len() as u32).step_by(10).collect();
    let (mut slowest, mut late) = (0f64, 0);
    println!("{:>7} {:>9} {:>7}", "answer", "selected", "pick");
    for question in questions(&subject) {
        let timed = |selection: Option<&[u32]>| {
            let start = Instant::now();
            let answer = answer(&subject, &question, selection, &ctx).expect("every question can be answered");
            (answer, start.elapsed().as_secs_f64())
        };
        let (first, plain) = timed(None);
        let (_, with) = timed(Some(&tenth));
        let chart = match &first {
            Answer::Summaries(_) => None,
            Answer::Chart(chart) => Some(chart),
            Answer::Charts(charts) => charts.last(),
        };
        let start = Instant::now();
        let found = chart.map(|chart| pick(&subject, &question, chart, Pointed::Mark(0), &ctx).map(|p| p.len()));
        let picking = start.elapsed().as_secs_f64();
        let worst = plain.max(with).max(picking);
        slowest = slowest.max(worst);
        late += usize::from(worst > 1.0);
        let mark = if worst > 1.0 { "LATE" } else { "" };
        let found = found.and_then(Result::ok).unwrap_or(0);
        println!("{plain:7.3} {with:9.3} {picking:7.3}  {mark:4} {question:?} ({found} customers)");
    }
    println!("slowest {slowest:.3} s; {late} later than 1 s");
}
