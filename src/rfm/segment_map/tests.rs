use proptest::prelude::*;

use super::*;

fn name(map: &SegmentMap, r: u8, f: u8, m: u8) -> &str {
    &map.segments[usize::from(map.segment_of(r, f, m))].name
}

fn refused(file: &MapFile) -> String {
    SegmentMap::from_file(file).unwrap_err().to_string()
}

fn shipped(name: &str) -> Arc<SegmentMap> {
    SegmentMap::by_name(name).unwrap()
}

#[test]
fn every_shipped_map_is_a_partition_or_states_its_overlaps() {
    assert_eq!(SegmentMap::names().len(), 4);
    for (key, title) in SegmentMap::names() {
        let map = shipped(key);
        assert_eq!(map.title, title);
        let found = check(&map.to_file());
        assert!(found.is_usable() && found.gaps.is_empty(), "{key}: {:?}", found.problems());
        assert!(found.overlaps.is_empty() || found.ordered, "{key}");
        let stated = map.notes.join(" ");
        assert!(found.unreachable.iter().all(|n| stated.contains(n.as_str())), "{key}: {stated}");
        assert!(found.overlaps.is_empty() || stated.contains(map.to_file().order.as_deref().unwrap()), "{stated}");
        // Whoever was left out by a mistake in the file would be missed by nobody else.
        let rest = map.to_file().rest;
        let ranked = |s: &Segment| s.rank.is_some() != (rest.as_ref() == Some(&s.name));
        let ranked = map.segments.iter().all(|s| ranked(s) && !s.meaning.is_empty() && !s.action.is_empty());
        assert!(ranked, "{key}: every segment has its words and its rank");
    }
}

#[test]
fn the_grid_has_ten_segments() {
    let map = SegmentMap::grid_10();
    assert_eq!(map.segments.len(), 10);
    assert!(map.notes.is_empty() && !map.needs_money());
    assert_eq!(name(&map, 5, 5, 3), "Champions");
    assert_eq!(name(&map, 5, 1, 3), "New");
    assert_eq!(name(&map, 1, 5, 3), "Can't Lose");
    assert_eq!(name(&map, 3, 3, 3), "Need Attention");
    assert_eq!(name(&map, 4, 1, 3), "Promising");
    assert_eq!(name(&map, 2, 4, 3), "At Risk");
}

/// Public code that replaces patterns in a code digit by digit turns 515 into "5cant_loose": the pattern of the last two
/// digits is found before that of the whole. Codes are looked up whole here.
#[test]
fn code_515_is_a_segment_and_not_a_mixture() {
    for (key, _) in SegmentMap::names() {
        let map = shipped(key);
        let found = name(&map, 5, 1, 5);
        assert!(map.segments.iter().any(|s| s.name == found), "{key}");
        assert!(!found.contains(|c: char| c.is_ascii_digit()), "{key}: {found}");
    }
    assert_eq!(name(&shipped("codes125"), 5, 1, 5), "Promising");
    assert_eq!(name(&shipped("grid25"), 5, 1, 5), "New");
}

/// Codes as published by Spotler; 125 of them, each once.
#[test]
fn the_125_codes_are_those_that_were_published() {
    let map = shipped("codes125");
    for (codes, expected) in [
        ("555 554 544 545 454 455 445", "Champions"),
        ("543 444 435 355 354 345 344 335", "Loyal"),
        (
            "553 551 552 541 542 533 532 531 452 451 442 441 431 453 433 432 423 353 352 351 342 341 333 323",
            "Potential Loyalist",
        ),
        ("512 511 422 421 412 411 311", "New"),
        ("525 524 523 522 521 515 514 513 425 424 413 414 415 315 314 313", "Promising"),
        ("535 534 443 434 343 334 325 324", "Need Attention"),
        ("331 321 312 221 213", "About To Sleep"),
        ("255 254 245 244 253 252 243 242 235 234 225 224 153 152 145 143 142 135 134 133 125 124", "At Risk"),
        ("155 154 144 214 215 115 114 113", "Can't Lose"),
        ("332 322 231 241 251 233 232 223 222 132 123 122 212 211", "Hibernating"),
        ("111 112 121 131 141 151", "Lost"),
    ] {
        for code in codes.split(' ') {
            let [r, f, m] = [0, 1, 2].map(|i| code.as_bytes()[i] - b'0');
            assert_eq!(name(&map, r, f, m), expected, "{code}");
        }
        let segment = map.segments.iter().position(|s| s.name == expected).unwrap() as u8;
        let of = |i: u8| map.segment_of(i / 25 + 1, i / 5 % 5 + 1, i % 5 + 1);
        assert_eq!((0..125).filter(|&i| of(i) == segment).count(), codes.split(' ').count(), "{expected}");
    }
    assert!(map.needs_money() && map.notes.is_empty());
    assert_eq!(map.cell(1, 1), None);
}

#[test]
fn of_the_classic_ranges_the_narrow_ones_come_first_so_that_only_lost_is_lost() {
    let map = shipped("classic11");
    let file = map.to_file();
    let size = |r: &MapRange| {
        let width = |b: Option<[u8; 2]>| b.map_or(5, |[low, high]| high - low + 1);
        width(r.r) * width(r.fm)
    };
    assert!(file.range.windows(2).all(|pair| size(&pair[0]) <= size(&pair[1])), "most specific first");
    let found = check(&file);
    assert_eq!(found.unreachable, ["Lost"]);
    assert_eq!(found.overlaps.len(), 20);
    let first = Overlap { code: "11".into(), segments: ["Hibernating", "Lost"].map(String::from).to_vec() };
    assert_eq!(found.overlaps[0], first);
    // R 5, F 1 and M 2 make an FM of 1.5, which is 2.
    assert_eq!(name(&map, 5, 1, 1), "New");
    assert_eq!(name(&map, 5, 1, 2), "Potential Loyalist");
    assert_eq!(name(&map, 3, 1, 1), "Promising");
    assert_eq!(name(&map, 1, 5, 4), "Can't Lose Them");
    // The order of the sources reaches four names fewer.
    let sources =
        ["Champions", "Loyal", "Potential", "New", "Promising", "Needs", "About", "At Risk", "Can't", "Hib", "Lost"];
    let mut file = file;
    file.range.sort_by_key(|r| sources.iter().position(|s| r.segment.starts_with(s)));
    assert_eq!(check(&file).unreachable, ["New", "Promising", "Can't Lose Them", "Lost"]);
}

#[test]
fn the_map_of_the_rfm_package_leaves_36_codes_to_others() {
    let map = shipped("rfm-package");
    let found = check(&map.to_file());
    assert_eq!((found.rest, found.gaps.len()), (36, 0));
    assert_eq!(found.unreachable, ["New Customers", "Promising", "Can't Lose Them"]);
    assert!(map.notes.iter().any(|n| n.starts_with("36 of 125")), "{:?}", map.notes);
    let holes = MapFile { rest: None, ..map.to_file() };
    assert_eq!(check(&holes).gaps.len(), 36);
    let message = refused(&holes);
    assert!(
        message.contains("36 of 125") && message.contains("113, 114, 115, 131, 141") && message.contains("31 more"),
        "{message}"
    );
}

#[test]
fn a_map_with_a_hole_is_refused_and_the_hole_named() {
    let file = SegmentMap::grid_10().to_file();
    let mut gap = file.clone();
    gap.grid.remove("f3");
    let message = refused(&gap);
    assert!(message.contains("5 of 25") && message.contains("13, 23, 33, 43, 53"), "{message}");
    let mut gap = file.clone();
    gap.grid.get_mut("f5").unwrap()[4] = String::new();
    assert_eq!(check(&gap).gaps, ["55"]);
    gap.rest = Some("Loyal".into());
    let map = SegmentMap::from_file(&gap).unwrap();
    assert_eq!(name(&map, 5, 5, 1), "Loyal");
}

#[test]
fn mistakes_are_named() {
    let file = SegmentMap::grid_10().to_file();
    let with = |change: &dyn Fn(&mut MapFile)| {
        let mut file = file.clone();
        change(&mut file);
        refused(&file)
    };
    let extra = Segment { name: "Nobody".into(), ..Segment::default() };
    assert!(with(&|f| f.segment.push(extra.clone())).contains("leads to \"Nobody\""));
    assert!(with(&|f| f.segment.push(f.segment[0].clone())).contains("\"Champions\" is there twice"));
    assert!(with(&|f| f.grid.get_mut("f1").unwrap()[0] = "Asleep".into()).contains("\"Asleep\""));
    assert!(with(&|f| drop(f.grid.insert("f6".into(), vec![]))).contains("\"f6\""));
    assert!(with(&|f| f.grid.get_mut("f1").unwrap().push("New".into())).contains("6 cells"));
    assert!(with(&|f| f.scores = 2).contains("3 to 10"));
    assert!(with(&|f| f.segment[0].color = Some("red".into())).contains("#rrggbb"));
    assert!(with(&|f| f.grid.clear()).contains("no grid, codes or range"));
    assert!(with(&|f| f.rest = Some("Others".into())).contains("\"Others\""));
    let mut codes = shipped("codes125").to_file();
    codes.codes.get_mut("Lost").unwrap().push("555".into());
    codes.codes.get_mut("New").unwrap().push("655".into());
    let message = refused(&codes);
    assert!(message.contains("\"655\"") && message.contains("555 in Champions and Lost"), "{message}");
    let mut ranges = shipped("classic11").to_file();
    ranges.order = None;
    assert!(refused(&ranges).contains("20 of 25"), "{}", refused(&ranges));
    ranges.range[0].m = Some([1, 2]);
    assert!(refused(&ranges).contains("bounds for m"));
    let error = SegmentMap::from_toml("title = \"x\"\nsgment = 1\n").unwrap_err().to_string();
    assert!(error.contains("line 2") && error.contains("sgment"), "{error}");
}

#[test]
fn another_number_of_scores_keeps_the_best_and_the_worst() {
    for (key, _) in SegmentMap::names() {
        let map = shipped(key);
        for n in 3..=10u8 {
            let scaled = map.for_scores(n);
            assert_eq!(scaled.scores, n);
            assert_eq!(name(&scaled, n, n, n), name(&map, 5, 5, 5), "{key} {n}");
            assert_eq!(name(&scaled, 1, 1, 1), name(&map, 1, 1, 1), "{key} {n}");
            assert_eq!(name(&scaled, n, 1, 1), name(&map, 5, 1, 1), "{key} {n}");
            assert_eq!(n == 5, scaled.notes == map.notes);
        }
    }
    let ten = SegmentMap::grid_10().for_scores(10);
    for s in 1..=10u8 {
        assert_eq!(ten.segment_of(s, 3, 1), SegmentMap::grid_10().segment_of(s.div_ceil(2), 2, 1));
    }
    let three = SegmentMap::grid_10().for_scores(3);
    assert!(three.notes[0].contains("1, 3, 5"), "{:?}", three.notes);
    assert!(three.notes[1].contains("Promising"), "{:?}", three.notes);
    assert!(!three.notes[1].contains("Champions"), "{:?}", three.notes);
}

#[test]
fn any_map_can_be_painted_on() {
    for (key, _) in SegmentMap::names() {
        for n in [3, 5, 10] {
            let map = shipped(key).for_scores(n);
            let grid = SegmentMap::from_file(&map.as_grid()).unwrap();
            assert_eq!(grid.scores, n);
            for (r, f) in (1..=n).flat_map(|r| (1..=n).map(move |f| (r, f))) {
                if let Some(segment) = map.cell(r, f) {
                    assert_eq!(name(&grid, r, f, 1), map.segments[usize::from(segment)].name);
                }
            }
        }
    }
}

#[test]
fn the_map_of_a_recipe() {
    let choice = Rfm { map: "codes125".into(), scores: 4, ..Rfm::default() };
    assert_eq!(SegmentMap::of(&choice).unwrap().scores, 4);
    let message = SegmentMap::of(&Rfm { map: "codes64".into(), ..Rfm::default() }).unwrap_err().to_string();
    assert!(message.contains("codes64") && message.contains("classic11"), "{message}");
    let own = Rfm { own_map: Some(shipped("classic11").to_file()), ..Rfm::default() };
    assert_eq!(SegmentMap::of(&own).unwrap().segments.len(), 11);
}

proptest! {
    /// Any grid at all: usable exactly if every cell is filled and every name used, and then each cell leads where it says.
    #[test]
    fn a_grid_leads_where_it_says(scores in 3u8..=10, cells in prop::collection::vec(0usize..4, 100)) {
        let segment: Vec<Segment> =
            ["a", "b", "c"].map(|n| Segment { name: n.into(), ..Segment::default() }).into();
        let at = |r: u8, f: u8| cells[usize::from((r - 1) * 10 + f - 1)];
        let word = |i: usize| segment.get(i).map_or(String::new(), |s| s.name.clone());
        let grid = (1..=scores).map(|f| (format!("f{f}"), (1..=scores).map(|r| word(at(r, f))).collect())).collect();
        let file = MapFile { title: "t".into(), scores, grid, segment: segment.clone(), ..MapFile::default() };
        let all = || (1..=scores).flat_map(|r| (1..=scores).map(move |f| (r, f)));
        let found = check(&file);
        prop_assert_eq!(found.gaps.len(), all().filter(|&(r, f)| at(r, f) == 3).count());
        let unused = (0..3).filter(|&i| all().all(|(r, f)| at(r, f) != i)).count();
        prop_assert_eq!(found.unreachable.len(), unused);
        prop_assert_eq!(found.is_usable(), found.gaps.is_empty() && unused == 0);
        prop_assert_eq!(MapFile::from_toml(&file.to_toml()).unwrap(), file.clone());
        let whole = MapFile { rest: Some("a".into()), ..file };
        if let Ok(map) = SegmentMap::from_file(&whole) {
            for (r, f) in all() {
                prop_assert_eq!(usize::from(map.segment_of(r, f, 1)), at(r, f) % 3);
            }
        }
    }
}
