//! A journey in the window: a segment gets a name and a note, keeps them through other numbers of clusters wherever its
//! customers still are together, rests in words where they are not, and comes back.

#[path = "common/window.rs"]
mod window;

use quintile::app::{Command, Panel};
use quintile::recipe::KChoice;
use window::*;

/// Orders of a shop over 2024: those who come often, those who came once, and those in between.
fn shop() -> String {
    let mut text = String::from("order,date,customer,amount\n");
    for c in 0..180 {
        let (orders, from, span) = [(14 + c % 9, 0, 360), (1, 0, 150), (3 + c % 3, 100, 200), (1, 300, 60)][c % 4];
        for o in 0..orders {
            let day = from + (c * 13 + o * 29) % span;
            let date = chrono::NaiveDate::from_yo_opt(2024, day as u32 + 1).unwrap();
            text += &format!("{c}-{o},{date},{},{}\n", 1000 + c, 5 + (c * 31 + o * 17) % 240);
        }
    }
    text
}

/// The Profiles panel with the shop open and four clusters; the folder lives as long as the test.
fn open() -> (Test, tempfile::TempDir) {
    let (mut test, folder) = open_text([1500.0, 1600.0], &shop());
    press(&mut test, Command::Go(Panel::Profiles));
    set_k(&mut test, 4);
    (test, folder)
}

fn set_k(test: &mut Test, k: u32) {
    decide(test, &format!("Set k to {k}"), |r| r.cluster.k = KChoice::Fixed(k));
    done(test);
}

/// Writes into a field of a card, which is a decision.
fn say(test: &mut Test, field: &str, text: &str) {
    write(test, field, text);
    done(test);
}

#[test]
fn a_name_stays_with_its_customers() {
    let (mut test, _folder) = open();
    let proposed = findings(&test).profiles[0].name.clone();
    let friends = findings(&test).profiles[0].members.clone();
    click(&mut test, &format!("Rename {proposed}"));
    say(&mut test, &format!("Name of {proposed}"), "Our friends");
    click(&mut test, "Add a note to Our friends");
    say(&mut test, "Note on Our friends", "Invite them in June");
    assert_eq!(findings(&test).profiles[0].name, "Our friends");
    assert!(says(&test, "Our friends") && says(&test, "Invite them in June") && !says(&test, &proposed));

    let mut rested = 0;
    for k in [2, 3, 5, 7, 9] {
        set_k(&mut test, k);
        let now = findings(&test);
        let kept = |members: &[u32]| members.iter().filter(|m| friends.contains(m)).count();
        let holder = now.profiles.iter().find(|p| p.name == "Our friends");
        let held = now.profiles.iter().map(|p| kept(&p.members)).max().unwrap();
        println!("k {k}: {held} of {} together, in force {}", friends.len(), holder.is_some());
        match holder {
            Some(p) => {
                assert!(2 * kept(&p.members) > friends.len(), "k {k}");
                assert_eq!(p.note, "Invite them in June");
                assert!(says(&test, "Our friends"));
            }
            None => {
                rested += 1;
                assert!(2 * held <= friends.len(), "k {k}: {held} of {} together", friends.len());
                assert!(now.warnings().iter().any(|w| w.contains("\"Our friends\" rests")), "{:?}", now.warnings());
            }
        }
    }
    println!("rested {rested} times");
    set_k(&mut test, 4);
    assert_eq!(findings(&test).profiles[0].name, "Our friends", "back with its cluster");

    // Without a name of its own the note stays, and the proposed name is back; undo brings ours again.
    click(&mut test, "Rename Our friends");
    say(&mut test, "Name of Our friends", "");
    assert_eq!(findings(&test).profiles[0].name, proposed);
    assert!(says(&test, "Invite them in June"));
    undo(&mut test);
    assert_eq!(findings(&test).profiles[0].name, "Our friends");
}

#[test]
fn names_stay_distinct() {
    let (mut test, _folder) = open();
    let names: Vec<String> = findings(&test).profiles.iter().map(|p| p.name.clone()).collect();
    // Another cluster's proposed name makes way.
    click(&mut test, &format!("Rename {}", names[1]));
    say(&mut test, &format!("Name of {}", names[1]), &names[0]);
    let now = findings(&test);
    assert_eq!(now.profiles[1].name, names[0]);
    assert!(now.profiles[0].name.starts_with(&names[0]) && now.profiles[0].name != names[0]);
    // A name given by hand does not.
    click(&mut test, &format!("Rename {}", names[2]));
    say(&mut test, &format!("Name of {}", names[2]), &names[0]);
    let now = findings(&test);
    assert_eq!((&now.profiles[1].name, &now.profiles[2].name), (&names[0], &format!("{} (2)", names[0])));
}
