//! Project files: what is written reads back, whatever happens to the folder, to the file and to the program.

use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, NaiveDate, Utc};
use ndarray::Array2;
use proptest::prelude::*;
use quintile::cluster::{Clustering, Detail, KScores};
use quintile::ctx::Ctx;
use quintile::project::{Opened, Origin, Project, Run, Stamp, glance, open, recipe_in, save, save_over, save_work};
use quintile::recipe::{
    Algorithm, CleanStep, Compare, FeatureChoice, Formula, Group, History, IdList, KChoice, NamedSegment, Operand,
    Operation, Recipe, StepKind, Transform,
};

fn silent() -> Ctx {
    Ctx::silent()
}

/// A project of one recipe.
fn project_of(recipe: Recipe) -> Project {
    Project {
        history: History::new("Open shop.csv", recipe),
        runs: Arc::default(),
        view: serde_json::Value::Null,
        notes: String::new(),
        data_inside: false,
        origin: None,
    }
}

fn back(path: &Path) -> Opened {
    let unpack = path.parent().unwrap().join("unpacked");
    open(path, &unpack, &silent()).unwrap()
}

fn name() -> impl Strategy<Value = String> {
    prop_oneof![
        "[A-Za-z][A-Za-z0-9_ ]{0,12}",
        ".{1,20}",
        Just("@list 0".to_string()),
        Just("a = \"b\"\n[x]".to_string())
    ]
}

fn number() -> impl Strategy<Value = f64> {
    prop_oneof![
        any::<f64>().prop_filter("numbers", |x| x.is_finite()),
        Just(0.1 + 0.2),
        Just(1e300),
        Just(-0.0),
        0.0..1e6
    ]
}

fn step() -> impl Strategy<Value = CleanStep> {
    let filter = (name(), prop::collection::vec(name(), 0..3)).prop_map(|(column, values)| StepKind::Filter {
        column,
        op: Compare::OneOf,
        values,
    });
    let calculate = (name(), name(), number()).prop_map(|(name, column, x)| StepKind::Calculate {
        name,
        formula: Formula::Arithmetic {
            left: Operand::Column(column),
            op: Operation::Multiply,
            right: Operand::Number(x),
        },
    });
    let expression = (name(), name())
        .prop_map(|(name, text)| StepKind::Calculate { name, formula: Formula::Expression { expression: text } });
    let of_each = (0usize..13).prop_map(|i| StepKind::one_of_each()[i].clone());
    let pairs = (name(), prop::collection::vec((name(), name()), 0..3))
        .prop_map(|(column, map)| StepKind::MapValues { column, map });
    (any::<bool>(), prop_oneof![filter, calculate, expression, of_each, pairs])
        .prop_map(|(on, what)| CleanStep { on, what })
}

fn ids() -> impl Strategy<Value = IdList> {
    prop_oneof![prop::collection::vec(name(), 0..4), prop::collection::vec("[0-9]{3}", 30..90)].prop_map(IdList::new)
}

fn recipe() -> impl Strategy<Value = Recipe> {
    let numbers = (prop::option::of(prop::collection::vec(number(), 4)), number(), any::<u32>(), 2u32..30);
    let words = (prop::option::of(name()), name(), prop::collection::vec(step(), 0..4));
    let customers = (prop::option::of(ids()), ids(), prop::collection::vec((name(), ids()), 0..3));
    (numbers, words, customers, 0usize..Algorithm::ALL.len(), any::<bool>()).prop_map(
        |((cuts, weight, seed, k), (role, feature, steps), (only, without, groups), algorithm, date)| {
            let mut r = Recipe::for_file("/data/of/somebody/shop.csv");
            r.rfm.monetary_cuts = cuts;
            r.rfm.snapshot = date.then(|| NaiveDate::from_ymd_opt(2011, 12, 10).unwrap());
            let transform = date.then_some(Transform::Rank);
            r.features.each.insert(feature.clone(), FeatureChoice { weight, transform, ..FeatureChoice::default() });
            r.features.columns = Some(vec![feature.clone()]);
            r.cluster.seed = u64::from(seed);
            r.cluster.k = if date { KChoice::Fixed(k) } else { KChoice::Auto };
            r.cluster.algorithm = Algorithm::ALL[algorithm];
            r.roles.customer_id = role;
            r.clean.steps = steps;
            r.customers.only = only;
            r.customers.without = without.clone();
            r.customers.groups = groups.into_iter().map(|(name, ids)| Group { name, ids }).collect();
            r.segments.named =
                vec![NamedSegment { name: feature, note: "x\ny".into(), customers: 3, everyone: 9, members: without }];
            if date {
                let map = quintile::rfm::SegmentMap::by_name("classic11").unwrap().to_file();
                r.rfm.own_map = Some(map);
            }
            r
        },
    )
}

fn run_of(recipe: Recipe, number: u64, labels: Vec<u32>, x: f64, ids: &Arc<Vec<String>>) -> Run {
    let k = labels.iter().max().map_or(1, |l| *l as usize + 1);
    let sizes: Vec<usize> = (0..k).map(|c| labels.iter().filter(|l| **l as usize == c).count()).collect();
    Run {
        number,
        label: "a, \"b\"".into(),
        kept: number.is_multiple_of(2),
        ended: DateTime::<Utc>::from_timestamp(1_700_000_000, 123).unwrap(),
        secs: Some(x),
        recipe: Arc::new(recipe),
        scores: KScores {
            k,
            inertia: x,
            silhouette: Some(0.1 + 0.2),
            silhouette_error: None,
            calinski_harabasz: Some(f64::INFINITY),
            davies_bouldin: None,
            bic: Some(-x),
            aic: None,
            smallest: 1,
            failed: None,
        },
        features: vec!["Recency".into()],
        segments: (0..k).map(|c| format!("Segment {c}")).collect(),
        clustering: Arc::new(Clustering {
            k,
            labels,
            centroids: Array2::from_elem((k, 2), x),
            sizes,
            inertia: x,
            noise: (k > 1).then_some(0),
            detail: Detail::default(),
        }),
        ids: ids.clone(),
        key: u64::MAX - number,
        entry: (0, "Open".into()),
    }
}

fn same_run(a: &Run, b: &Run) -> Result<(), TestCaseError> {
    prop_assert_eq!(
        (a.number, &a.label, a.kept, a.ended, a.secs, &a.recipe, &a.scores, &a.features, &a.segments),
        (b.number, &b.label, b.kept, b.ended, b.secs, &b.recipe, &b.scores, &b.features, &b.segments)
    );
    let (x, y) = (&a.clustering, &b.clustering);
    prop_assert_eq!(
        (x.k, &x.labels, &x.centroids, &x.sizes, x.inertia, x.noise),
        (y.k, &y.labels, &y.centroids, &y.sizes, y.inertia, y.noise)
    );
    prop_assert_eq!((&a.ids, a.key, &a.entry), (&b.ids, b.key, &b.entry));
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn history_and_runs_read_back_as_they_were(
        recipes in prop::collection::vec((name(), recipe()), 1..6),
        back_by in 0usize..4,
        labels in prop::collection::vec(0u32..300, 40),
        x in number(),
        notes in ".{0,60}",
    ) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("p.quintile");
        let (label, first) = recipes[0].clone();
        let mut history = History::new(label, first);
        for (label, recipe) in &recipes[1..] {
            history.push(label.clone(), recipe.clone(), false);
        }
        for _ in 0..back_by {
            history.undo();
        }
        let ids = Arc::new((0..40).map(|i| format!("id\n{i}")).collect::<Vec<_>>());
        let of = |i: usize| recipes[i % recipes.len()].1.clone();
        let runs = vec![
            run_of(of(0), 1, labels.clone(), x, &ids),
            run_of(of(1), 2, vec![0; 40], 1.5, &ids),
            run_of(of(2), 7, labels.iter().map(|l| l % 3).collect(), 0.1 + 0.2, &Arc::new(ids.iter().rev().cloned().collect())),
        ];
        let view = serde_json::json!({"panel": "explore", "turn": 0.25});
        let project = Project { history, runs: Arc::new(runs), view: view.clone(), notes: notes.clone(), data_inside: false, origin: None };
        save(&project, &path, &silent()).unwrap();
        let opened = back(&path).project;
        let ((a, at), (b, place)) = (project.history.entries(), opened.history.entries());
        prop_assert_eq!(at, place);
        prop_assert_eq!(a.len(), b.len());
        for (a, b) in a.iter().zip(b) {
            prop_assert_eq!(&a.label, &b.label);
            prop_assert_eq!(&a.recipe, &b.recipe);
        }
        prop_assert_eq!(opened.runs.len(), 3);
        for (a, b) in project.runs.iter().zip(opened.runs.iter()) {
            same_run(a, b)?;
        }
        prop_assert_eq!((opened.view, opened.notes), (view, notes));
        prop_assert_eq!(&recipe_in(&path).unwrap(), &**project.history.recipe());
        // Saved again without a change it is the same but for the time.
        save(&back(&path).project, &path, &silent()).unwrap();
        prop_assert_eq!(back(&path).project.history.entries().0.len(), a.len());
    }
}

/// Hundreds of decisions about a recipe with a hundred thousand customers in it.
#[test]
fn what_repeats_is_stored_once() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("p.quintile");
    let mut recipe = Recipe::for_file("/nowhere/shop.csv");
    recipe.customers.only = Some(IdList::new((0..100_000).map(|i| format!("customer {i}")).collect()));
    let mut history = History::new("Open", recipe.clone());
    for seed in 0..300 {
        recipe.cluster.seed = seed;
        history.push(format!("Set the seed to {seed}"), recipe.clone(), false);
    }
    let size = save(&Project { history, ..project_of(Recipe::default()) }, &path, &silent()).unwrap();
    assert!(size < 800_000, "{size} bytes");
    let opened = back(&path);
    assert_eq!(opened.project.history.entries().0.len(), 301);
    assert_eq!(**opened.project.history.recipe(), recipe);
    let glance = glance(&path).unwrap();
    assert_eq!((glance.decisions, glance.file), (300, Some(PathBuf::from("/nowhere/shop.csv"))));
}

#[test]
fn a_folder_can_be_moved_and_what_is_gone_is_said() {
    let root = tempfile::tempdir().unwrap();
    let (old, new) = (root.path().join("old"), root.path().join("new place"));
    std::fs::create_dir_all(old.join("data")).unwrap();
    let below = old.join("data/shop.csv");
    let elsewhere = root.path().join("elsewhere.csv");
    std::fs::write(&below, "a,b\n1,2\n").unwrap();
    std::fs::write(&elsewhere, "a,c\n1,2\n").unwrap();
    let recipe = Recipe::for_files([below.clone(), elsewhere.clone()]);
    save(&project_of(recipe), &old.join("p.quintile"), &silent()).unwrap();
    std::fs::rename(&old, &new).unwrap();
    let opened = back(&new.join("p.quintile"));
    assert_eq!(opened.project.history.recipe().input.files, [new.join("data/shop.csv"), elsewhere.clone()]);
    assert!(opened.missing.is_empty() && opened.unpacked.is_empty());
    assert_eq!(recipe_in(&new.join("p.quintile")).unwrap().input.files.len(), 2);

    // The project alone: the data are found where they were.
    let alone = root.path().join("alone.quintile");
    std::fs::copy(new.join("p.quintile"), &alone).unwrap();
    std::fs::rename(&new, &old).unwrap();
    assert_eq!(back(&alone).project.history.recipe().input.files[0], below);

    std::fs::remove_file(&below).unwrap();
    let opened = back(&old.join("p.quintile"));
    assert_eq!(opened.missing, std::slice::from_ref(&below));
    assert_eq!(opened.project.history.recipe().input.files[0], below);
}

#[test]
fn data_inside_stand_in_for_files_that_are_gone() {
    let root = tempfile::tempdir().unwrap();
    let data = root.path().join("some data.csv");
    let text = "a,b\n".to_string() + &"1,2\n".repeat(20_000);
    std::fs::write(&data, &text).unwrap();
    let path = root.path().join("p.quintile");
    let mut project = project_of(Recipe::for_file(&data));
    project.data_inside = true;
    save(&project, &path, &silent()).unwrap();
    assert!(back(&path).unpacked.is_empty(), "the file itself is there");
    let before = std::fs::metadata(&data).unwrap().modified().unwrap();
    std::fs::remove_file(&data).unwrap();
    let opened = back(&path);
    let [unpacked] = opened.unpacked.as_slice() else { panic!("{:?}", opened.unpacked) };
    assert_eq!(std::fs::read_to_string(unpacked).unwrap(), text);
    assert_eq!(
        std::fs::metadata(unpacked).unwrap().modified().unwrap(),
        before,
        "so that it is known as the same file"
    );
    assert_eq!(opened.project.history.recipe().input.files, std::slice::from_ref(unpacked));
    assert!(opened.missing.is_empty() && opened.project.data_inside);
    // Saved on with the data inside, from where they lie now.
    save(&opened.project, &path, &silent()).unwrap();
    std::fs::remove_file(unpacked).unwrap();
    assert_eq!(std::fs::read_to_string(&back(&path).unpacked[0]).unwrap(), text);
}

#[test]
fn a_file_that_somebody_else_wrote_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("p.quintile");
    let mut recipe = Recipe::for_file("/nowhere/shop.csv");
    recipe.customers.only = Some(IdList::new((0..50).map(|i| i.to_string()).collect()));
    let noted = |notes: &str| Project { notes: notes.into(), ..project_of(recipe.clone()) };
    let notes = || back(&path).project.notes;
    save(&noted("first"), &path, &silent()).unwrap();
    let known = Stamp::of(&path).unwrap();
    assert!(save_over(&noted("first again"), &path, known, &silent()).unwrap().is_some());
    assert_eq!(save_over(&noted("late"), &path, known, &silent()).unwrap(), None);
    assert_eq!(notes(), "first again");

    // Somebody writes it while this is being written.
    let known = Stamp::of(&path).unwrap();
    let other = (noted("somebody else's"), path.clone());
    let meanwhile = move |_: f32| {
        save(&other.0, &other.1, &silent()).unwrap();
    };
    let ctx = Ctx::new(Arc::default(), Some(Arc::new(meanwhile)));
    // Progress is told from this time on.
    std::thread::sleep(Duration::from_millis(40));
    assert_eq!(save_over(&noted("mine"), &path, known, &ctx).unwrap(), None);
    assert_eq!(notes(), "somebody else's");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1, "nothing half-written is left");

    // A file that is gone is nobody's.
    std::fs::remove_file(&path).unwrap();
    assert!(save_over(&noted("mine"), &path, known, &silent()).unwrap().is_some());
}

#[test]
fn unsaved_work_remembers_its_project_and_how_that_was() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("work.quintile");
    let (origin, known) = (folder.path().join("March.quintile"), Stamp { bytes: 7, modified: u64::MAX });
    for known in [Some(known), None] {
        let origin = Some(Origin { path: origin.clone(), known });
        let project = Project { origin: origin.clone(), ..project_of(Recipe::for_file("/nowhere/shop.csv")) };
        save_work(&project, &path, &silent()).unwrap();
        assert_eq!(back(&path).project.origin, origin);
    }
    assert_eq!(glance(&path).unwrap().origin, Some(origin));
}

/// The error of opening a file.
fn refused(path: &Path) -> String {
    let unpack = path.parent().unwrap().join("unpacked");
    let error = open(path, &unpack, &silent()).unwrap_err().to_string();
    assert!(error.contains(&*path.file_name().unwrap().to_string_lossy()), "{error}");
    error
}

/// A project with one part replaced by `change`.
fn changed(from: &Path, to: &Path, change: impl Fn(&str, Vec<u8>) -> Option<Vec<u8>>) {
    let mut zip = zip::ZipArchive::new(std::fs::File::open(from).unwrap()).unwrap();
    let mut out = zip::ZipWriter::new(std::fs::File::create(to).unwrap());
    for i in 0..zip.len() {
        let mut part = zip.by_index(i).unwrap();
        let name = part.name().unwrap().to_string();
        let mut bytes = Vec::new();
        part.read_to_end(&mut bytes).unwrap();
        if let Some(bytes) = change(&name, bytes) {
            out.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
            out.write_all(&bytes).unwrap();
        }
    }
    out.finish().unwrap();
}

#[test]
fn what_is_no_project_is_refused_with_the_reason() {
    let root = tempfile::tempdir().unwrap();
    let at = |name: &str| root.path().join(name);
    let (good, data) = (at("good.quintile"), at("data.csv"));
    std::fs::write(&data, "a,b\n1,2\n").unwrap();
    let mut recipe = Recipe::for_file(&data);
    recipe.customers.only = Some(IdList::new((0..50).map(|i| i.to_string()).collect()));
    let ids = Arc::new(vec!["1".to_string(), "2".into()]);
    let runs = Arc::new(vec![run_of(recipe.clone(), 1, vec![0, 1], 1.0, &ids)]);
    let project = Project { data_inside: true, runs, ..project_of(recipe) };
    save(&project, &good, &silent()).unwrap();

    std::fs::write(at("text.quintile"), "not a zip").unwrap();
    assert!(refused(&at("text.quintile")).contains("no Quintile project"));
    assert!(refused(&at("nowhere.quintile")).contains("No such file") || cfg!(windows));
    changed(&good, &at("other zip.quintile"), |name, bytes| (name != "project.json").then_some(bytes));
    assert!(refused(&at("other zip.quintile")).contains("holds no project.json"));

    let form = |change: &dyn Fn(&mut serde_json::Value)| {
        changed(&good, &at("form.quintile"), |name, bytes| {
            if name != "project.json" {
                return Some(bytes);
            }
            let mut form: serde_json::Value = serde_json::from_slice(&bytes).unwrap();
            change(&mut form);
            Some(serde_json::to_vec(&form).unwrap())
        });
        refused(&at("form.quintile"))
    };
    let error = form(&|f| {
        f["version"] = 2.into();
        f["history"] = "of another kind".into();
    });
    assert!(error.contains("version 2") && error.contains("update Quintile"), "{error}");
    assert!(form(&|f| f["history"] = 3.into()).contains("damaged"));
    assert!(form(&|f| f["history"]["at"] = 9.into()).contains("history is empty or damaged"));
    assert!(form(&|f| f["history"]["entries"][0]["set"]["version"] = 9.into()).contains("recipe has format version 9"));
    assert!(form(&|f| f["history"]["entries"][0]["set"]["clean"]["returns"] = "keep".into()).contains("keep"));
    assert!(form(&|f| f["lists"] = 0.into()).contains("missing"));
    assert!(form(&|f| f["lists"] = 7.into()).contains("lists/1 is not in it"));
    assert!(form(&|f| f["runs"][0]["customers"] = 3.into()).contains("runs/0"));
    assert!(form(&|f| f["runs"][0]["customers"] = 1_000_000_000_000_u64.into()).contains("runs/0"));
    changed(&good, &at("list.quintile"), |name, bytes| Some(if name == "ids/0" { vec![255; 9] } else { bytes }));
    assert!(refused(&at("list.quintile")).contains("ids/0 in it is damaged"));

    // What a newer program of the same format adds is passed over.
    changed(&good, &at("newer.quintile"), |name, bytes| {
        let mut form: serde_json::Value = match name {
            "project.json" => serde_json::from_slice(&bytes).unwrap(),
            _ => return Some(bytes),
        };
        form["something new"] = serde_json::json!({"a": 1});
        Some(serde_json::to_vec(&form).unwrap())
    });
    assert_eq!(back(&at("newer.quintile")).project.history.entries().0.len(), 1);
}

#[test]
fn data_that_are_not_what_they_say_are_left_alone() {
    let root = tempfile::tempdir().unwrap();
    let at = |name: &str| root.path().join(name);
    std::fs::write(at("data.csv"), "a,b\n1,2\n").unwrap();
    let project = Project { data_inside: true, ..project_of(Recipe::for_file(at("data.csv"))) };
    save(&project, &at("good.quintile"), &silent()).unwrap();
    std::fs::remove_file(at("data.csv")).unwrap();
    // Far more than it says: unpacking stops right after what was promised.
    changed(&at("good.quintile"), &at("bomb.quintile"), |name, bytes| {
        Some(if name.starts_with("data/") { vec![b'0'; 50 << 20] } else { bytes })
    });
    assert!(refused(&at("bomb.quintile")).contains("another size than it says"));
    // Ten gigabytes promised by a few bytes.
    changed(&at("good.quintile"), &at("promise.quintile"), |name, bytes| {
        if name != "project.json" {
            return Some(bytes);
        }
        let mut form: serde_json::Value = serde_json::from_slice(&bytes).unwrap();
        form["files"][0]["inside"]["bytes"] = (10_u64 << 30).into();
        Some(serde_json::to_vec(&form).unwrap())
    });
    assert!(refused(&at("promise.quintile")).contains("as no sales data do"));
    // A name that leads out of the folder is only a name.
    changed(&at("good.quintile"), &at("out.quintile"), |name, bytes| {
        if name != "project.json" {
            return Some(bytes);
        }
        let mut form: serde_json::Value = serde_json::from_slice(&bytes).unwrap();
        form["files"][0]["path"] = "../../../out.csv".into();
        form["history"]["entries"][0]["set"]["input"]["files"][0] = "../../../out.csv".into();
        Some(serde_json::to_vec(&form).unwrap())
    });
    let unpacked = back(&at("out.quintile")).unpacked;
    assert!(unpacked[0].starts_with(at("unpacked")) && unpacked[0].ends_with("out.csv"), "{unpacked:?}");
    assert!(!std::fs::read_dir(root.path()).unwrap().any(|e| e.unwrap().file_name() == "out.csv"));
}

#[test]
fn a_file_cut_anywhere_or_with_a_wrong_byte_is_an_error_and_no_panic() {
    let root = tempfile::tempdir().unwrap();
    let good = root.path().join("good.quintile");
    let mut recipe = Recipe::for_file("/nowhere/shop.csv");
    recipe.customers.only = Some(IdList::new((0..50).map(|i| i.to_string()).collect()));
    let ids = Arc::new((0..300).map(|i| i.to_string()).collect::<Vec<_>>());
    let runs = Arc::new(vec![run_of(recipe.clone(), 1, (0..300).map(|i| i % 4).collect(), 1.0, &ids)]);
    save(&Project { runs, ..project_of(recipe) }, &good, &silent()).unwrap();
    let bytes = std::fs::read(&good).unwrap();
    let bad = root.path().join("bad.quintile");
    for i in (0..bytes.len()).step_by(37) {
        std::fs::write(&bad, &bytes[..i]).unwrap();
        assert!(!refused(&bad).is_empty(), "cut at {i}");
    }
    let mut read = 0;
    for i in (0..bytes.len()).step_by(13) {
        let mut damaged = bytes.clone();
        damaged[i] ^= 0x55;
        std::fs::write(&bad, &damaged).unwrap();
        // A byte that says when a part was made changes nothing.
        read += usize::from(open(&bad, root.path(), &silent()).is_ok());
    }
    assert!(read * 3 < bytes.len() / 13, "{read} of {} wrong bytes were not noticed", bytes.len() / 13);
}

/// Runs only where a parent asks for it: saves larger and larger projects to one place, and says when each is there.
#[test]
fn writes_until_it_is_killed() {
    let Some(path) = std::env::var_os("QUINTILE_TEST_WRITES") else { return };
    let mut recipe = Recipe::for_file("/nowhere/shop.csv");
    recipe.customers.only = Some(IdList::new((0..3_000).map(|i| format!("customer {i}")).collect()));
    let ids = Arc::new((0..5_000).map(|i| i.to_string()).collect::<Vec<_>>());
    let runs = Arc::new(vec![run_of(recipe.clone(), 1, (0..5_000).map(|i| i % 7).collect(), 1.0, &ids)]);
    let mut project = Project { runs, ..project_of(recipe.clone()) };
    for seed in 0.. {
        recipe.cluster.seed = seed;
        project.history.push(format!("Set the seed to {seed}"), recipe.clone(), false);
        project.notes = seed.to_string();
        save(&project, Path::new(&path), &silent()).unwrap();
        println!("saved {seed}");
        std::io::stdout().flush().unwrap();
    }
}

#[test]
fn killed_two_hundred_times_in_the_middle_of_writing_it_leaves_a_whole_project_each_time() {
    let root = tempfile::tempdir().unwrap();
    let path = root.path().join("p.quintile");
    let mut saves = 0;
    for round in 0u64..200 {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "writes_until_it_is_killed", "--nocapture"])
            .env("QUINTILE_TEST_WRITES", &path)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut said = BufReader::new(child.stdout.take().unwrap()).lines();
        let number = |line: &str| line.split("saved ").nth(1).and_then(|n| n.trim().parse::<u64>().ok());
        // After the first whole one, at any moment of those that follow.
        let mut last = said.by_ref().find_map(|line| number(&line.unwrap())).unwrap();
        std::thread::sleep(Duration::from_micros(round * 7919 % 23_000));
        child.kill().unwrap();
        child.wait().unwrap();
        last = said.map_while(Result::ok).filter_map(|line| number(&line)).last().unwrap_or(last);
        let opened = open(&path, root.path(), &silent()).unwrap_or_else(|e| panic!("round {round}: {e}"));
        let seed = opened.project.history.recipe().cluster.seed;
        assert!(seed == last || seed == last + 1, "round {round}: {last} was said to be saved, {seed} is there");
        assert_eq!(opened.project.notes, seed.to_string());
        assert_eq!(opened.project.runs[0].ids.len(), 5_000);
        saves += seed + 1;
    }
    println!("{saves} projects saved, the last of each round whole");
}

/// A small file system of memory; `None` where only the administrator may make one.
struct Small(tempfile::TempDir);

impl Small {
    fn new(kilobytes: usize) -> Option<Small> {
        let folder = tempfile::tempdir().unwrap();
        let size = format!("size={kilobytes}k");
        let mount = Command::new("mount").args(["-t", "tmpfs", "-o", &size, "tmpfs"]).arg(folder.path()).output();
        if mount.is_ok_and(|m| m.status.success()) {
            return Some(Small(folder));
        }
        println!("skipped: a small file system can be mounted by the administrator only");
        None
    }
}

impl Drop for Small {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg(self.0.path()).status();
    }
}

#[test]
fn a_full_disk_leaves_the_project_that_was_there() {
    let Some(disk) = Small::new(256) else { return };
    let path = disk.0.path().join("p.quintile");
    let mut recipe = Recipe::for_file("/nowhere/shop.csv");
    save(&project_of(recipe.clone()), &path, &silent()).unwrap();
    let before = std::fs::read(&path).unwrap();
    // Texts without a pattern do not pack.
    let mut x = 1u64;
    let mut id = || {
        x = x.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        format!("{x:x}")
    };
    recipe.customers.only = Some(IdList::new((0..60_000).map(|_| id()).collect()));
    let error = save(&project_of(recipe), &path, &silent()).unwrap_err().to_string();
    assert!(error.contains("cannot write") && error.contains("disk is full"), "{error}");
    assert_eq!(std::fs::read(&path).unwrap(), before);
    let left: Vec<_> = std::fs::read_dir(disk.0.path()).unwrap().map(|e| e.unwrap().file_name()).collect();
    assert_eq!(left, ["p.quintile"], "nothing half-written is left");
    assert_eq!(back(&path).project.history.entries().0.len(), 1);
}
