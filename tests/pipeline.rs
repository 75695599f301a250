//! What the pipeline promises: only what changed is computed again, it stops at once when asked to, a panic is a
//! message, and neither the order of rows nor the number of threads changes a result.

mod common;

use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use common::{analyse, sample};
use quintile::error::Error;
use quintile::pipeline::{Findings, Key, Pipeline, Stage, StageOutput, Watch};
use quintile::recipe::{
    Calculation, Compare, Formula, IdList, KChoice, LetterCase, NamedSegment, Recipe, Returns, StepKind,
};
use quintile::worker::{Message, Worker};

/// Remembers which stages were computed.
#[derive(Default)]
struct Computed(Mutex<Vec<Stage>>);

impl Watch for Computed {
    fn started(&self, stage: Stage, _: Key) {
        self.0.lock().unwrap().push(stage);
    }
}

impl Computed {
    fn take(&self) -> Vec<Stage> {
        std::mem::take(&mut *self.0.lock().unwrap())
    }
}

fn never() -> Arc<AtomicBool> {
    Arc::new(AtomicBool::new(false))
}

/// The sample data, with few draws, as what is tested here does not depend on their number.
fn of_shop() -> Recipe {
    let mut recipe = Recipe::for_file(sample());
    (recipe.cluster.references, recipe.cluster.resamples) = (2, 2);
    recipe
}

#[test]
fn a_change_recomputes_only_what_follows() {
    let watch = Arc::new(Computed::default());
    let mut pipeline = Pipeline::new();
    let mut recipe = of_shop();
    let mut computed = |recipe: &Recipe| {
        pipeline.run(&Arc::new(recipe.clone()), never(), watch.clone()).unwrap();
        watch.take()
    };
    assert_eq!(computed(&recipe), Stage::ALL);
    assert_eq!(computed(&recipe), []);
    recipe.cluster.k = KChoice::Fixed(6);
    assert_eq!(
        computed(&recipe),
        [Stage::Cluster, Stage::Profile, Stage::Name, Stage::Portray],
        "k was searched already"
    );
    recipe.cluster.k = KChoice::Auto;
    assert_eq!(computed(&recipe), [], "going back is free");
    recipe.segments.named = vec![NamedSegment { name: "Mine".into(), ..NamedSegment::default() }];
    assert_eq!(computed(&recipe), [Stage::Name], "nothing is measured anew for a name");
    recipe.segments.named.clear();
    recipe.cluster.seed = 7;
    let clustered_anew = [Stage::Search, Stage::Cluster, Stage::Profile, Stage::Name, Stage::Portray, Stage::Judge];
    assert_eq!(computed(&recipe), clustered_anew);
    recipe.rfm.window_days = Some(365);
    assert_eq!(computed(&recipe), Stage::ALL[Stage::Rfm as usize..]);
    recipe.features.columns = Some(vec!["monetary".into(), "avg_basket_value".into()]);
    assert_eq!(computed(&recipe)[0], Stage::Enrich, "nobody is counted again");
    recipe.clean.returns = Returns::Drop;
    assert_eq!(computed(&recipe)[0], Stage::Clean);
    recipe.roles.product = Some(String::new());
    assert_eq!(computed(&recipe)[0], Stage::Roles);
}

/// Sets the flag a while after a stage began, and remembers when, and whether the stage came to its end.
struct CancelDuring {
    stage: Stage,
    after: Duration,
    cancel: Arc<AtomicBool>,
    asked: Arc<Mutex<Option<Instant>>>,
    over: Arc<AtomicBool>,
}

impl Watch for CancelDuring {
    fn started(&self, stage: Stage, _: Key) {
        if stage == self.stage {
            let (cancel, asked, after) = (self.cancel.clone(), self.asked.clone(), self.after);
            std::thread::spawn(move || {
                std::thread::sleep(after);
                *asked.lock().unwrap() = Some(Instant::now());
                cancel.store(true, Ordering::Relaxed);
            });
        }
    }

    fn done(&self, stage: Stage, _: Key, _: &StageOutput, _: Option<f64>) {
        if stage == self.stage {
            self.over.store(true, Ordering::Relaxed);
        }
    }
}

/// Half a million rows of four hundred thousand customers, and decisions that give every stage much to do.
fn laborious(folder: &Path) -> Recipe {
    let mut text = String::from("invoice,customer,date,product,country,amount\n");
    for i in 0..500_000u64 {
        let h = i.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 20;
        let (customer, day, month) = (h % 400_000, h % 28 + 1, h / 28 % 12 + 1);
        let (product, country) = (h % 4_999, ["France", "Spain", "Chile"][(h % 3) as usize]);
        let (pounds, pence) = (h % 977 + 1, h % 100);
        text += &format!("{i},C{customer},2024-{month:02}-{day:02},P{product},{country},{pounds}.{pence:02}\n");
    }
    let path = folder.join("large.csv");
    std::fs::write(&path, text).unwrap();
    let mut recipe = Recipe::for_file(path);
    let spaces = StepKind::TidyText { columns: vec![], trim: true, collapse_spaces: true, case: LetterCase::Keep };
    let filter =
        |column: &str, op, value: &str| StepKind::Filter { column: column.into(), op, values: vec![value.into()] };
    recipe.clean.steps = vec![
        spaces.into(),
        filter("product", Compare::Matches, "^P[0-9]+$").into(),
        filter("amount", Compare::Less, "1000").into(),
    ];
    let expression = "MAX(amount) / MEDIAN(amount)".to_string();
    recipe.features.calculate =
        vec![Calculation { name: "spread".into(), formula: Formula::Expression { expression } }];
    let columns = ["recency_days", "frequency", "monetary", "avg_basket_value", "spread"];
    recipe.features.columns = Some(columns.map(String::from).to_vec());
    recipe.rfm.compare_to = chrono::NaiveDate::from_ymd_opt(2024, 7, 1);
    let members = IdList::new((0..100_000).map(|c| format!("C{c}")).collect());
    let (name, note) = ("Ours".to_string(), String::new());
    recipe.segments.named = vec![NamedSegment { name, note, customers: 100_000, everyone: 400_000, members }];
    recipe
}

#[test]
fn a_cancelled_stage_stops_within_100_ms_on_half_a_million_rows() {
    let folder = tempfile::tempdir().unwrap();
    let recipe = Arc::new(laborious(folder.path()));
    for stage in Stage::ALL {
        // Knows nothing of the stage; what comes before it is known from the second try on.
        let mut pipeline = Pipeline::new();
        // At several moments, so that the flag falls into every part of a stage, for as long as it takes.
        for after in [0, 10, 30, 60, 100, 200].map(Duration::from_millis) {
            let mut over = false;
            // A loop without a look at the flag is late every time; a busy machine is not.
            let in_time = (0..3).any(|_| {
                let (delay, is_over) = stopping_time(&mut pipeline, &recipe, stage, after);
                println!("{stage:?} after {after:?}: stopped {delay:?} after being asked");
                let late = delay.is_some_and(|delay| delay >= Duration::from_millis(100));
                over = is_over;
                if late {
                    pipeline = Pipeline::new();
                }
                !late
            });
            assert!(in_time, "{stage:?} took more than 100 ms to stop when asked {after:?} after it began");
            if over {
                break;
            }
        }
    }
}

/// How long a run takes to stop when it is asked to some time after a stage began; `None` if it was done before. And
/// whether the stage came to its end.
fn stopping_time(
    pipeline: &mut Pipeline,
    recipe: &Arc<Recipe>,
    stage: Stage,
    after: Duration,
) -> (Option<Duration>, bool) {
    let (cancel, asked, over) = (never(), Arc::new(Mutex::new(None)), never());
    let watch = CancelDuring { stage, after, cancel: cancel.clone(), asked: asked.clone(), over: over.clone() };
    let result = pipeline.run(recipe, cancel, Arc::new(watch));
    let stopped_at = Instant::now();
    let over = over.load(Ordering::Relaxed);
    match result {
        Err(stopped) => assert_eq!(stopped.error, Error::Cancelled, "{}", stopped.stage.name()),
        Ok(_) => {
            assert_eq!(stage, Stage::Judge, "there is much to do after this stage, and the flag was not seen");
            return (None, over);
        }
    }
    let asked = asked.lock().unwrap().expect("the flag was set");
    (Some(stopped_at.saturating_duration_since(asked)), over)
}

/// Panics inside a stage.
struct Panicking(Stage);

impl Watch for Panicking {
    fn started(&self, stage: Stage, _: Key) {
        assert!(stage != self.0, "deliberate panic in a test");
    }
}

#[test]
fn a_panic_inside_a_stage_is_a_failure_with_its_name() {
    let recipe = Arc::new(of_shop());
    let mut pipeline = Pipeline::new();
    let stopped = pipeline.run(&recipe, never(), Arc::new(Panicking(Stage::Rfm))).unwrap_err();
    assert_eq!(stopped.stage, Stage::Rfm);
    let text = stopped.error.to_string();
    assert!(text.contains("rfm") && text.contains("deliberate panic"), "{text}");
    // What came before is kept, and the pipeline goes on to work.
    let watch = Arc::new(Computed::default());
    pipeline.run(&recipe, never(), watch.clone()).unwrap();
    assert_eq!(watch.take()[0], Stage::Rfm);
}

#[test]
fn the_worker_answers_and_drops_what_is_no_longer_wanted() {
    let worker = Worker::start(|| {});
    let mut last = of_shop();
    for k in [3, 4, 5, 6] {
        last.cluster.k = KChoice::Fixed(k);
        worker.analyse(Arc::new(last.clone()));
    }
    let mut finished = Vec::new();
    while let Some(message) = worker.receive(Duration::from_secs(60)) {
        match message {
            Message::Finished { findings, .. } => {
                finished.push(findings.recipe.cluster.k);
                if findings.recipe.cluster.k == KChoice::Fixed(6) {
                    break;
                }
            }
            Message::Failed { error, .. } => panic!("{error}"),
            _ => {}
        }
    }
    assert_eq!(finished.last(), Some(&KChoice::Fixed(6)), "{finished:?}");
    assert!(finished.len() <= 2, "waiting analyses are dropped: {finished:?}");
}

#[test]
fn the_worker_survives_a_missing_file() {
    let worker = Worker::start(|| {});
    worker.analyse(Arc::new(Recipe::for_file("/no/such/file.csv")));
    let failed = worker
        .receive(Duration::from_secs(20))
        .into_iter()
        .chain(std::iter::from_fn(|| worker.receive(Duration::from_secs(20))));
    let error = failed.filter_map(|m| if let Message::Failed { error, .. } = m { Some(error) } else { None }).next();
    assert!(error.unwrap().to_string().contains("no such file"));
    worker.analyse(Arc::new(of_shop()));
    let done = std::iter::from_fn(|| worker.receive(Duration::from_secs(60)));
    assert!(done.into_iter().any(|m| matches!(m, Message::Done { output: StageOutput::Intake(_), .. })));
}

/// Everything that a user could compare between two runs.
fn essence(f: &Findings) -> impl PartialEq + std::fmt::Debug + use<> {
    let table = &f.rfm.customers;
    let bits = |values: &[f64]| values.iter().map(|v| v.to_bits()).collect::<Vec<_>>();
    (
        table.ids.clone(),
        table.features.iter().map(|c| bits(&c.values)).collect::<Vec<_>>(),
        f.rfm.scores.clone(),
        f.chosen.clustering.labels.clone(),
        f.chosen.clustering.inertia.to_bits(),
        f.search.rows.clone(),
        f.checks.clone(),
        f.rfm.funnel.clone(),
        f.profiles.iter().map(|p| p.name.clone()).collect::<Vec<_>>(),
    )
}

#[test]
fn the_order_of_rows_changes_nothing() {
    let text = std::fs::read_to_string(sample()).unwrap();
    let (header, body) = text.split_once('\n').unwrap();
    let mut lines: Vec<&str> = body.lines().collect();
    lines.sort_by_key(|l| l.bytes().fold(7u64, |h, b| (h ^ u64::from(b)).wrapping_mul(0x100_0000_01B3)));
    let folder = tempfile::tempdir().unwrap();
    let shuffled = folder.path().join("shuffled.csv");
    std::fs::write(&shuffled, format!("{header}\n{}\n", lines.join("\n"))).unwrap();
    for returns in Returns::ALL {
        let mut recipe = of_shop();
        recipe.clean.returns = *returns;
        let straight = analyse(&recipe).unwrap();
        recipe.input.files = vec![shuffled.clone()];
        assert_eq!(essence(&straight), essence(&analyse(&recipe).unwrap()), "policy {returns}");
    }
}

#[test]
fn the_number_of_threads_changes_nothing() {
    let recipe = of_shop();
    let with = |threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| essence(&analyse(&recipe).unwrap()))
    };
    let one = with(1);
    assert_eq!(one, with(2));
    assert_eq!(one, with(5));
}

#[test]
fn what_cannot_be_done_says_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.csv");
    let fails = |text: &str| {
        std::fs::write(&path, text).unwrap();
        analyse(&Recipe::for_file(&path)).unwrap_err().error.to_string()
    };
    assert!(fails("").contains("empty"));
    assert!(fails("name,colour\na,red\nb,blue\n").contains("customer"));
    assert!(fails("customer_id,amount\n1,2\n1,5\n2,3\n").contains("date"));
    assert!(fails("customer_id,date\n1,2024-01-02\n2,2024-01-03\n").contains("amount"));
    assert!(fails("customer_id,date,amount\n1,2024-01-02,-5\n2,2024-01-02,-1\n").contains("customer"));
    assert!(fails("customer_id,date,amount\n1,2024-01-02,5\n2,2024-01-02,7\n").contains("3"), "too few to cluster");
    let mut recipe = Recipe::for_file(&path);
    recipe.roles.customer_id = Some("Client".into());
    let text = analyse(&recipe).unwrap_err().error.to_string();
    assert!(text.contains("Client") && text.contains("customer_id"), "{text}");
}

/// Remembers what parts told of: the stage, and the ks that were there.
#[derive(Default)]
struct Parts(Mutex<Vec<(Stage, Vec<usize>)>>);

impl Watch for Parts {
    fn part(&self, stage: Stage, _: Key, output: StageOutput) {
        let ks = match output {
            StageOutput::Search(search) => search.rows.iter().map(|row| row.k).collect(),
            StageOutput::Judge(checks) => checks.rows.iter().map(|row| row.k).collect(),
            _ => panic!("{stage:?} has no parts"),
        };
        self.0.lock().unwrap().push((stage, ks));
    }
}

impl Parts {
    fn take(&self, stage: Stage) -> Vec<Vec<usize>> {
        let all = self.0.lock().unwrap();
        all.iter().filter(|(of, _)| *of == stage).map(|(_, ks)| ks.clone()).collect()
    }
}

#[test]
fn a_wider_range_of_k_computes_only_the_new_ones_and_tells_of_them_as_they_come() {
    let mut pipeline = Pipeline::new();
    let mut recipe = of_shop();
    recipe.cluster.k_max = 6;
    let (first, second) = (Arc::new(Parts::default()), Arc::new(Parts::default()));
    let narrow = pipeline.run(&Arc::new(recipe.clone()), never(), first.clone()).unwrap();
    assert_eq!(first.take(Stage::Search).len(), 5);
    // Each k as it is judged, and the gap of 7.
    assert_eq!(
        first.take(Stage::Judge),
        [&[][..], &[2], &[2, 3], &[2, 3, 4], &[2, 3, 4, 5], &[2, 3, 4, 5, 6], &[2, 3, 4, 5, 6]]
    );
    recipe.cluster.k_max = 10;
    let wide = pipeline.run(&Arc::new(recipe.clone()), never(), second.clone()).unwrap();
    let parts = second.take(Stage::Search);
    assert_eq!(parts.len(), 4, "{parts:?}");
    assert!(parts.iter().all(|ks| ks.starts_with(&[2, 3, 4, 5, 6])), "{parts:?}");
    // The gap of 7 was known.
    let judged: Vec<usize> = second.take(Stage::Judge).iter().map(Vec::len).collect();
    assert_eq!(judged, [6, 7, 8, 9, 9]);
    for (a, b) in narrow.search.clusterings.iter().zip(&wide.search.clusterings) {
        assert!(Arc::ptr_eq(a.as_ref().unwrap(), b.as_ref().unwrap()));
    }
    let (had, has) = (narrow.checks.unwrap(), wide.checks.unwrap());
    assert_eq!(had.rows, has.rows[..5]);
    // From nothing it is the same.
    let whole = analyse(&recipe).unwrap().checks.unwrap();
    assert_eq!(has.rows, whole.rows);
    assert_eq!(has.verdict, whole.verdict);
}
