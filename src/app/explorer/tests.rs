//! The explorer against a small shop: what is asked is answered, kept, dropped and survived.

use std::time::{Duration, Instant};

use super::*;
use crate::pipeline::{Pipeline, Unwatched};
use crate::recipe::Recipe;

fn shop() -> Subject {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("shop.csv");
    let mut text = String::from("customer,date,invoice,amount\n");
    for c in 0..30 {
        for v in 0..=c % 4 {
            text += &format!("{},2024-{:02}-{:02},{},{}\n", 100 + c, 1 + v * 3, 1 + c % 27, c * 10 + v, 5 + c * 3 + v);
        }
    }
    std::fs::write(&path, text).unwrap();
    let recipe = Arc::new(Recipe::for_file(path));
    let found = Pipeline::new().run(&recipe, Arc::default(), Arc::new(Unwatched)).unwrap();
    Subject {
        recipe,
        prepared: found.prepared,
        roles: found.roles,
        clean: found.clean,
        rfm: found.rfm,
        more: Arc::default(),
        clusters: Some((found.chosen, found.profiles)),
    }
}

fn on(subject: Subject) -> Explorer {
    let mut explorer = Explorer::start(|| {});
    explorer.set(subject);
    explorer
}

/// Asks in frame after frame until there is an answer to this very question, or an error.
fn until_known(explorer: &mut Explorer, question: &Question) -> Asked {
    let start = Instant::now();
    loop {
        explorer.receive();
        let asked = explorer.ask(1, question);
        explorer.end_frame();
        if asked.current {
            return asked;
        }
        assert!(start.elapsed() < Duration::from_secs(30), "{question:?} was never answered");
        std::thread::sleep(Duration::from_millis(1));
    }
}

fn summaries(source: Source) -> Question {
    Question::Summaries { source }
}

#[test]
fn an_answer_is_kept_and_the_last_one_stays_meanwhile() {
    let mut explorer = on(shop());
    assert!(explorer.ask(1, &summaries(Source::File)).answer.is_none());
    let first = until_known(&mut explorer, &summaries(Source::File)).answer.unwrap();
    // Another question at the same place: the old answer, said not to be current.
    let meanwhile = explorer.ask(1, &summaries(Source::Customers));
    assert!(!meanwhile.current && Arc::ptr_eq(&meanwhile.answer.unwrap(), &first));
    until_known(&mut explorer, &summaries(Source::Customers));
    // Known at once, the same allocation.
    let again = explorer.ask(1, &summaries(Source::File));
    assert!(again.current && Arc::ptr_eq(&again.answer.unwrap(), &first));
}

#[test]
fn other_clusters_concern_customers_only_and_going_back_finds_the_answers_again() {
    let subject = shop();
    let mut explorer = on(subject.clone());
    let (file, customers) = (summaries(Source::File), summaries(Source::Customers));
    until_known(&mut explorer, &file);
    until_known(&mut explorer, &customers);
    explorer.set(Subject { clusters: None, ..subject.clone() });
    assert!(explorer.ask(1, &file).current);
    assert!(!explorer.ask(1, &customers).current);
    explorer.set(subject);
    assert!(explorer.ask(1, &customers).current);
}

#[test]
fn questions_that_nobody_shows_any_more_are_dropped() {
    let mut explorer = on(shop());
    let many: Vec<Question> = (5..200)
        .map(|bins| Question::Histogram {
            source: Source::Customers,
            column: "monetary".into(),
            bins,
            log_x: false,
            log_y: false,
        })
        .collect();
    for question in &many {
        explorer.ask(1, question);
        explorer.end_frame();
    }
    explorer.end_frame();
    assert!(explorer.shared.lock().questions.is_empty());
}

#[test]
fn a_panic_is_an_error_and_the_thread_lives_on() {
    let subject = shop();
    let mut explorer = on(subject.clone());
    explorer.send(false, |_| panic!("on purpose"));
    let start = Instant::now();
    let error = loop {
        if let Some(found) = explorer.receive().pop() {
            break found.err().unwrap();
        }
        assert!(start.elapsed() < Duration::from_secs(30));
        std::thread::sleep(Duration::from_millis(1));
    };
    assert!(matches!(error, Error::Panic { .. }), "{error:?}");
    until_known(&mut explorer, &summaries(Source::File));
    // A question about nothing that is there gets an error, and is not asked over and over.
    let nonsense = Question::Boxes { source: Source::File, column: "not there".into(), by: None, log: false };
    let asked = until_known(&mut explorer, &nonsense);
    assert!(asked.error.is_some() || asked.answer.is_some());
}

#[test]
fn the_newest_pick_counts() {
    let mut explorer = on(shop());
    for customer in 0..20u32 {
        explorer.send(true, move |_| {
            Ok(Found::Customers(Selection { customers: Arc::new(vec![customer]), from: "test".into() }))
        });
    }
    let start = Instant::now();
    let mut found = Vec::new();
    while explorer.picking() {
        found.extend(explorer.receive());
        assert!(start.elapsed() < Duration::from_secs(30));
    }
    let [Ok(Found::Customers(selection))] = found.as_slice() else { panic!("{} selections", found.len()) };
    assert_eq!(*selection.customers, [19]);
}
