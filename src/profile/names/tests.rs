use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use proptest::prelude::*;

use super::follow::{Rest, places};
use super::sample::SAMPLE;
use super::*;
use crate::profile::FeatureSummary;
use crate::rfm::{FREQUENCY, MONETARY, RECENCY};

fn table(ids: impl IntoIterator<Item = usize>) -> CustomerTable {
    CustomerTable { ids: Arc::new(ids.into_iter().map(|id| id.to_string()).collect()), features: Vec::new() }
}

/// Clusters by their customers' ids, called A, B and so on by the program.
fn profiles(customers: &CustomerTable, groups: &[Vec<usize>]) -> Vec<Profile> {
    let place: HashMap<&str, u32> = customers.ids.iter().zip(0..).map(|(id, i)| (id.as_str(), i)).collect();
    let one = |(i, group): (usize, &Vec<usize>)| {
        let mut members: Vec<u32> = group.iter().map(|id| place[id.to_string().as_str()]).collect();
        members.sort();
        let name = char::from(b'A' + i as u8).to_string();
        Profile {
            cluster: i + 1,
            number: i + 1,
            proposed: name.clone(),
            name,
            customers: members.len(),
            members,
            ..Profile::default()
        }
    };
    groups.iter().enumerate().map(one).collect()
}

fn called(customers: &CustomerTable, groups: &[Vec<usize>], entries: &[NamedSegment]) -> Vec<String> {
    now(customers, groups, entries).iter().map(|p| p.name.clone()).collect()
}

/// The profiles of these groups under the names in force.
fn now(customers: &CustomerTable, groups: &[Vec<usize>], entries: &[NamedSegment]) -> Arc<Vec<Profile>> {
    named(&profiles(customers, groups), customers, entries, &Ctx::silent()).unwrap().profiles
}

/// Gives names to the clusters of these groups; empty for none.
fn given(customers: &CustomerTable, groups: &[Vec<usize>], names: &[&str]) -> Vec<NamedSegment> {
    let mut entries = Vec::new();
    for (i, name) in names.iter().enumerate().filter(|(_, n)| !n.is_empty()) {
        entries = rename(&entries, &now(customers, groups, &entries), customers, i + 1, name);
    }
    entries
}

fn why(customers: &CustomerTable, groups: &[Vec<usize>], entries: &[NamedSegment]) -> Vec<Option<Rest>> {
    places(&profiles(customers, groups), customers, entries, &Ctx::silent()).unwrap().rests
}

fn range(from: usize, to: usize) -> Vec<usize> {
    (from..to).collect()
}

#[test]
fn a_name_follows_its_customers_to_another_number_and_another_file() {
    let all = table(0..900);
    let entries = given(&all, &[range(0, 300), range(300, 600), range(600, 900)], &["", "Mine", ""]);
    assert_eq!(entries.len(), 1);
    assert_eq!((entries[0].customers, entries[0].everyone, entries[0].members.len()), (300, 900, SAMPLE));
    // Numbered the other way round, a tenth moved, a third gone, as many new, rows reversed.
    let next = table((0..1200).rev().filter(|id| id % 3 != 0));
    let of = |from, to| range(from, to).into_iter().filter(|id| id % 3 != 0).collect::<Vec<_>>();
    let groups = [[of(600, 900), of(900, 1000)].concat(), [of(330, 600), of(1000, 1200)].concat(), of(0, 330)];
    assert_eq!(called(&next, &groups, &entries), ["A", "Mine", "C"]);
    assert_eq!(why(&next, &groups, &entries), [None]);
}

#[test]
fn after_a_split_it_stays_with_the_larger_part_or_rests() {
    let all = table(0..1000);
    let entries = given(&all, &[range(0, 500), range(500, 1000)], &["Mine", ""]);
    let two = [range(300, 500), range(0, 300), range(500, 1000)];
    assert_eq!(called(&all, &two, &entries), ["A", "Mine", "C"]);
    let three = [range(0, 200), range(200, 350), range(350, 500), range(500, 1000)];
    assert_eq!(called(&all, &three, &entries), ["A", "B", "C", "D"]);
    assert_eq!(why(&all, &three, &entries), [Some(Rest::Scattered)]);
    let said = named(&profiles(&all, &three), &all, &entries, &Ctx::silent()).unwrap().resting;
    assert!(said.len() == 1 && said[0].contains("\"Mine\" rests: no segment holds most"), "{said:?}");
}

#[test]
fn after_a_merger_the_larger_name_wins_and_the_other_comes_back() {
    let all = table(0..1000);
    let before = [range(0, 200), range(200, 500), range(500, 1000)];
    let entries = given(&all, &before, &["Small", "Large", ""]);
    let merged = [range(0, 500), range(500, 1000)];
    assert_eq!(called(&all, &merged, &entries), ["Large", "B"]);
    assert_eq!(why(&all, &merged, &entries), [Some(Rest::Outweighed(1)), None]);
    assert_eq!(called(&all, &before, &entries), ["Small", "Large", "C"]);
}

#[test]
fn a_small_group_does_not_name_everyone() {
    let all = table(0..1000);
    let entries = given(&all, &[range(0, 50), range(50, 1000)], &["The few", ""]);
    let merged = [range(0, 500), range(500, 1000)];
    assert_eq!(why(&all, &merged, &entries), [Some(Rest::Drowned)]);
    assert_eq!(called(&all, &merged, &entries), ["A", "B"]);
    // A recipe that does not know how many there were goes by the majority alone.
    let unknown = [NamedSegment { everyone: 0, ..entries[0].clone() }];
    assert_eq!(called(&all, &merged, &unknown), ["The few", "B"]);
    let strangers = table(5000..6000);
    assert_eq!(why(&strangers, &[range(5000, 6000)], &entries), [Some(Rest::Gone)]);
}

#[test]
fn those_without_a_cluster_have_no_name_of_their_own() {
    let all = table(0..100);
    let groups = [range(0, 50), range(50, 100)];
    let entries = given(&all, &groups, &["Mine", ""]);
    let mut noise = profiles(&all, &[range(50, 100), range(0, 50)]);
    noise[1].number = 0;
    let found = named(&noise, &all, &entries, &Ctx::silent()).unwrap().profiles;
    assert_eq!(found[1].name, "B");
    assert!(!can_be_named(&noise[1]) && rename(&[], &noise, &all, 2, "Odd ones").is_empty());
    assert!(annotate(&[], &noise, &all, 2, "Odd ones").is_empty());
    assert!(rename(&[], &noise, &all, 9, "Nobody").is_empty());
}

#[test]
fn names_are_given_changed_and_given_back() {
    let all = table(0..400);
    let groups = [range(0, 100), range(100, 200), range(200, 400)];
    let now = |entries: &[NamedSegment]| now(&all, &groups, entries);
    let one = rename(&[], &now(&[]), &all, 1, "  My \n best  ");
    assert_eq!(one[0].name, "My best");
    assert_eq!(rename(&one, &now(&one), &all, 1, "My best"), one, "the same name changes nothing");
    let noted = annotate(&one, &now(&one), &all, 1, " Call them \n in June ");
    assert_eq!((&noted[0].name[..], &noted[0].note[..]), ("My best", "Call them \n in June"));
    assert_eq!(now(&noted)[0].note, "Call them \n in June");
    // Another cluster's name is made distinct, in any case.
    let two = rename(&noted, &now(&noted), &all, 2, "my BEST");
    assert_eq!((two.len(), &two[1].name[..]), (2, "my BEST (2)"));
    // The proposed name and an empty one give back; a note stays.
    for name in ["", "A"] {
        let back = rename(&two, &now(&two), &all, 1, name);
        assert_eq!((&back[0].name[..], back.len(), &now(&back)[0].name[..]), ("", 2, "A"));
        assert_eq!(annotate(&back, &now(&back), &all, 1, "").len(), 1);
    }
    assert_eq!(rename(&one, &now(&one), &all, 1, " "), []);
    // A name that rests moves to where it is given.
    let strangers = NamedSegment { name: "VIPs".into(), customers: 5, ..NamedSegment::default() };
    let moved = rename(&[strangers], &now(&[]), &all, 3, "vips");
    assert_eq!((moved.len(), moved[0].customers), (1, 200));
    let long = rename(&[], &now(&[]), &all, 1, &"é".repeat(300));
    assert_eq!(long[0].name.chars().count(), 80);
}

#[test]
fn a_proposed_name_makes_way() {
    let all = table(0..300);
    let groups = [range(0, 100), range(100, 200), range(200, 300)];
    let summary = |name: &str, difference| FeatureSummary {
        name: name.into(),
        mean: 0.0,
        q1: 0.0,
        median: 0.0,
        q3: 0.0,
        difference,
    };
    let mut measured = profiles(&all, &groups);
    let entries = rename(&[], &measured, &all, 2, "a");
    let plain = named(&measured, &all, &entries, &Ctx::silent()).unwrap().profiles;
    assert_eq!([&plain[0].name[..], &plain[1].name[..]], ["A (2)", "a"]);
    for (profile, spend) in measured.iter_mut().zip([2.0, -0.5, 0.0]) {
        profile.features = vec![summary(RECENCY, -1.0), summary(FREQUENCY, 0.4), summary(MONETARY, spend)];
    }
    let words = named(&measured, &all, &entries, &Ctx::silent()).unwrap().profiles;
    assert_eq!([&words[0].name[..], &words[1].name[..]], ["A, higher spend", "a"]);
}

proptest! {
    #[test]
    fn names_are_where_their_customers_are_whatever_the_order(
        labels in proptest::collection::vec((0usize..4, 0usize..4, any::<bool>()), 30..200),
        names in 1usize..5,
        turn in 0usize..4,
    ) {
        let n = labels.len();
        let all = table(0..n);
        let grouped = |ids: &mut dyn Iterator<Item = usize>, of: &dyn Fn(usize) -> usize| {
            let mut groups = vec![Vec::new(); 4];
            ids.for_each(|id| groups[of(id)].push(id));
            groups
        };
        let before = grouped(&mut (0..n), &|id| labels[id].0);
        let entries = given(&all, &before, &["one", "two", "three", "four"][..names]);
        // The next file: some are gone, some are new, the rows are the other way round, the numbers turned.
        let next = || (0..n + 20).filter(|id| *id >= n || labels[*id].2);
        let label = |id: usize| if id < n { labels[id].1 } else { id % 4 };
        let after = grouped(&mut next(), &label);
        let customers = table(next());
        let found = called(&customers, &after, &entries);
        let distinct: HashSet<String> = found.iter().map(|name| name.to_lowercase()).collect();
        prop_assert_eq!(distinct.len(), 4);

        // Brute force: counts per pair, and of all one-to-one ways the one with most customers.
        let share = |entry: &NamedSegment, c: usize| {
            let of = |list: &Vec<usize>| list.iter().filter(|id| entry.members.ids().contains(&id.to_string())).count();
            let (there, present) = (of(&after[c]), after.iter().map(of).sum::<usize>());
            let enough = present > 0 && present * 10 >= entry.members.len();
            let drowned = after[c].len() as f64 / customers.len() as f64
                > 4.0 * entry.customers as f64 / entry.everyone as f64 * there as f64 / present.max(1) as f64;
            let allowed = enough && 2 * there > present && !drowned;
            allowed.then(|| entry.customers as f64 * there as f64 / entry.members.len() as f64)
        };
        let total = |way: &[Option<usize>]| -> Option<f64> {
            let used: Vec<usize> = way.iter().flatten().copied().collect();
            let twice = used.iter().enumerate().any(|(i, c)| used[..i].contains(c));
            let each = way.iter().zip(&entries).map(|(c, e)| c.map_or(Some(0.0), |c| share(e, c)));
            each.sum::<Option<f64>>().filter(|_| !twice)
        };
        let ways = (0..5usize.pow(entries.len() as u32)).map(|code| {
            let at = |i: usize| code / 5usize.pow(i as u32) % 5;
            (0..entries.len()).map(|i| at(i).checked_sub(1)).collect::<Vec<_>>()
        });
        let best = ways.filter_map(|way| total(&way)).fold(0.0, f64::max);
        let way: Vec<Option<usize>> = entries.iter().map(|e| found.iter().position(|name| *name == e.name)).collect();
        let reached = total(&way);
        prop_assert!(reached.is_some_and(|r| (r - best).abs() < 1e-9), "{:?} of {}", reached, best);

        let turned = table({ let mut ids: Vec<usize> = next().collect(); ids.reverse(); ids });
        let mut groups = after.clone();
        groups.rotate_left(turn);
        let mut list = entries.clone();
        list.reverse();
        let again = called(&turned, &groups, &list);
        for (c, name) in found.iter().enumerate() {
            let other = &again[(c + 4 - turn) % 4];
            let by_hand = entries.iter().any(|e| e.name == *name);
            prop_assert!(!by_hand || name == other, "{} is {} now", name, other);
        }
        let backwards = table((0..n).rev());
        prop_assert_eq!(&entries, &given(&backwards, &before, &["one", "two", "three", "four"][..names]));
    }
}
