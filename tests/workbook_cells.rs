//! The workbook taken apart: what stands in its cells and in its parts, whatever the names and ids are.

mod by_hand;

use std::collections::BTreeMap;
use std::io::{Cursor, Read};
use std::sync::Arc;

use by_hand::findings::findings;
use calamine::{Data, Reader, Xlsx};
use quintile::ctx::Ctx;
use quintile::error::Error;
use quintile::export::write_workbook;
use quintile::pipeline::Findings;
use quintile::recipe::{IdList, NamedSegment, Recipe};
use quintile::rfm::{Feature, Unit};

/// Ids that programs like to take for something else.
const IDS: [&str; 14] = [
    "=1+1",
    "+49",
    "-1",
    "@SUM(A1)",
    "00042",
    "1E5",
    "2011-12-01",
    "http://example.com/",
    "a<b>&\"c\"'d'",
    " spaces ",
    "line\nend",
    "bell\u{7}",
    "_x0041_",
    "\u{1f49b}\u{fffe}",
];

fn written(found: &Findings, per_sheet: usize) -> Vec<u8> {
    let mut out = Cursor::new(Vec::new());
    write_workbook(found, &mut out, per_sheet, &Ctx::silent()).unwrap();
    out.into_inner()
}

fn book(bytes: &[u8]) -> Xlsx<Cursor<&[u8]>> {
    Xlsx::new(Cursor::new(bytes)).unwrap()
}

/// The parts of the file by name.
fn parts(bytes: &[u8]) -> BTreeMap<String, String> {
    let mut zip = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut parts = BTreeMap::new();
    for i in 0..zip.len() {
        let mut part = zip.by_index(i).unwrap();
        let name = part.name().unwrap().to_string();
        let mut text = String::new();
        // Reading checks the length and the checksum that the directory states.
        part.read_to_string(&mut text).unwrap();
        assert_eq!(text.len() as u64, part.size(), "{name}");
        parts.insert(name, text);
    }
    parts
}

/// 60 customers with names, ids and words that mean mischief; the second cluster is the noise.
fn hostile() -> Findings {
    let mut found = findings(60);
    let mut rfm = (*found.rfm).clone();
    let mut ids = (*rfm.customers.ids).clone();
    for (id, mean) in ids.iter_mut().zip(IDS) {
        *id = mean.into();
    }
    rfm.customers.ids = Arc::new(ids);
    let words = ["=cmd|' /C calc'!A0", "", "Paris"].map(String::from).to_vec();
    let codes = (0..60).map(|i| if i % 4 == 3 { f64::NAN } else { (i % 4) as f64 }).collect();
    let mut city = Feature::new("city", "=City", "Where they live.", Unit::Words, codes);
    city.names = Some(Arc::new(words));
    rfm.customers.features.push(city);
    // A title that is there already, in another case.
    let mut other = Feature::new("other", "MONETARY", "The same title.", Unit::Number, vec![f64::INFINITY; 60]);
    other.values = Arc::new((0..60).map(|i| if i == 0 { f64::NAN } else { -1e-7 * f64::from(i) }).collect());
    rfm.customers.features.push(other);
    found.rfm = Arc::new(rfm);
    let mut profiles = (*found.profiles).clone();
    profiles[0].name = "=HYPERLINK(\"http://x\",\"[a]/b:c*d?\\\")".into();
    profiles[0].action = "+call them".into();
    profiles[0].description = "-Customers & <others>".into();
    profiles[1].name = "'No clear segment'".into();
    profiles[1].number = 0;
    found.profiles = Arc::new(profiles);
    let mut chosen = (*found.chosen).clone();
    let mut clustering = (*chosen.clustering).clone();
    clustering.noise = Some(1);
    chosen.clustering = Arc::new(clustering);
    found.chosen = Arc::new(chosen);
    found
}

#[test]
fn cells_hold_what_was_found() {
    let found = hostile();
    let bytes = written(&found, usize::MAX);
    let mut book = book(&bytes);
    let names =
        ["Summary", "=HYPERLINK(\"http x\",\" a b c d", "No clear segment", "Customers", "Method", "Data quality"];
    assert_eq!(book.sheet_names(), names);
    for name in names.map(String::from) {
        assert!(book.worksheet_formula(&name).unwrap().is_empty(), "{name} has formulas");
        let sheet = book.worksheet_range(&name).unwrap();
        assert!(!sheet.cells().any(|(.., cell)| matches!(cell, Data::Error(_))), "{name}");
    }
    let sheet = book.worksheet_range("Customers").unwrap();
    let titles: Vec<String> = sheet.rows().next().unwrap().iter().map(|c| c.to_string()).collect();
    assert_eq!(
        titles,
        [
            "Customer id",
            "Segment",
            "Last purchase",
            "Recency, days",
            "Frequency",
            "Monetary",
            "Mean basket",
            "=City",
            "MONETARY 2",
            "RFM segment",
            "Recency score",
            "Frequency score",
            "Monetary score",
            "Cluster"
        ]
    );
    assert_eq!(sheet.height(), 61);
    let (rfm, labels) = (&found.rfm, &found.chosen.clustering.labels);
    let features = &rfm.customers.features;
    for (row, cells) in sheet.rows().skip(1).enumerate() {
        let text = |at: usize| match &cells[at] {
            Data::String(text) => text.clone(),
            other => panic!("{other:?} in row {row}, column {at}"),
        };
        let number = |at: usize| match &cells[at] {
            Data::Float(value) => *value,
            Data::Int(value) => *value as f64,
            other => panic!("{other:?} in row {row}, column {at}"),
        };
        // Excel writes control characters as their codes; readers differ in whether they undo it.
        if !rfm.customers.ids[row].contains(['\u{7}', '_', '\u{fffe}']) {
            assert_eq!(text(0), rfm.customers.ids[row]);
        }
        assert_eq!(text(1), found.profiles[labels[row] as usize].name);
        let Data::DateTime(day) = &cells[2] else { panic!("{:?} is no date", cells[2]) };
        // 2011-12-10 is day 40,887 of Excel.
        assert_eq!(day.as_f64(), 40_887.0 - features[0].values[row]);
        for (at, feature) in [(3, 0), (4, 1), (5, 2), (6, 3)] {
            assert_eq!(number(at).to_bits(), features[feature].values[row].to_bits());
        }
        match row % 4 {
            0 => assert_eq!(text(7), "=cmd|' /C calc'!A0"),
            2 => assert_eq!(text(7), "Paris"),
            _ => assert_eq!(cells[7], Data::Empty),
        }
        if row == 0 {
            assert_eq!(cells[8], Data::Empty);
        } else {
            assert_eq!(number(8).to_bits(), features[5].values[row].to_bits());
        }
        assert_eq!(text(9), rfm.map.segments[rfm.segment[row] as usize].name);
        for (axis, at) in rfm.scores.iter().zip(10..) {
            assert_eq!(number(at), f64::from(axis.scores[row]));
        }
        assert_eq!(number(13), [1.0, 0.0][labels[row] as usize]);
    }
    let strings = &parts(&bytes)["xl/sharedStrings.xml"];
    for written in ["bell_x0007_", "_x005F_x0041_", "\u{1f49b}_xFFFE_", "<t xml:space=\"preserve\"> spaces </t>"] {
        assert!(strings.contains(written), "{written}");
    }
}

/// What stands in the second column of a sheet, by what stands in the first.
fn pairs(bytes: &[u8], sheet: &str) -> BTreeMap<String, String> {
    let range = book(bytes).worksheet_range(sheet).unwrap();
    range.rows().filter(|row| row.len() > 1).map(|row| (row[0].to_string(), row[1].to_string())).collect()
}

#[test]
fn a_note_is_that_of_its_cluster_whatever_names_are_in_force() {
    let mut found = findings(60);
    let mut profiles = (*found.profiles).clone();
    profiles[0].note = "Call them in May".into();
    found.profiles = Arc::new(profiles);
    let members = IdList::new(vec!["00042".into()]);
    // An entry may have a note alone; then its cluster keeps the proposed name.
    let named = |name: &str, note: &str| NamedSegment {
        name: name.into(),
        note: note.into(),
        customers: 24,
        everyone: 60,
        members: members.clone(),
    };
    Arc::make_mut(&mut found.recipe).segments.named =
        vec![named("", "Call them in May"), named(&found.profiles[1].name, "Of another cluster")];
    let bytes = written(&found, usize::MAX);
    let sheets = book(&bytes).sheet_names();
    assert_eq!(pairs(&bytes, &sheets[1])["Note"], "Call them in May");
    assert!(!pairs(&bytes, &sheets[2]).contains_key("Note"), "{sheets:?}");
}

#[test]
fn the_method_sheet_says_what_holds_for_this_analysis() {
    let told = |change: fn(&mut Recipe)| {
        let mut found = findings(60);
        change(Arc::make_mut(&mut found.recipe));
        pairs(&written(&found, usize::MAX), "Method")
    };
    let usual = told(|_| ());
    assert_eq!(usual["Last purchase"], "The snapshot date minus recency.");
    assert!(usual["Names"].contains("come with the program"), "{}", usual["Names"]);
    // Whoever bought nothing in the window has a recency by convention.
    let inactive = told(|recipe| (recipe.rfm.window_days, recipe.rfm.keep_inactive) = (Some(90), true));
    assert!(!inactive.contains_key("Last purchase"));
    let own = told(|recipe| recipe.segments.patterns = Some("patterns.toml".into()));
    assert!(own["Names"].contains("the team's own file"), "{}", own["Names"]);
}

#[test]
fn each_segment_has_its_customers_most_valuable_first() {
    let found = hostile();
    let bytes = written(&found, usize::MAX);
    let mut book = book(&bytes);
    let names = book.sheet_names();
    for (i, profile) in found.profiles.iter().enumerate() {
        let sheet = book.worksheet_range(&names[i + 1]).unwrap();
        assert_eq!(sheet.get_value((0, 0)), Some(&Data::String(profile.name.clone())));
        let header = sheet.rows().position(|r| r[0] == Data::String("Customer id".into())).unwrap();
        let money = sheet.rows().nth(header).unwrap().iter().position(|c| c == &Data::String("Monetary".into()));
        let values: Vec<f64> = sheet
            .rows()
            .skip(header + 1)
            .map(|r| match r[money.unwrap()] {
                Data::Float(v) => v,
                Data::Int(v) => v as f64,
                ref other => panic!("{other:?}"),
            })
            .collect();
        let mut expected: Vec<f64> =
            profile.members.iter().map(|&row| found.rfm.customers.monetary()[row as usize]).collect();
        expected.sort_by(|a, b| b.total_cmp(a));
        assert_eq!(values, expected, "{}", profile.name);
    }
}

/// Excel offers to repair a file whose parts contradict each other.
#[test]
fn parts_agree_with_each_other() {
    let bytes = written(&hostile(), 25);
    let parts = parts(&bytes);
    let mut names = Vec::new();
    let tables: Vec<&String> = parts.keys().filter(|n| n.starts_with("xl/tables/")).collect();
    // 24 and 36 customers of segments, 60 in all.
    assert_eq!(tables.len(), 1 + 2 + 3);
    let strings: Vec<&str> = parts["xl/sharedStrings.xml"].split("<si>").skip(1).collect();
    let count = attribute(&parts["xl/sharedStrings.xml"], "uniqueCount");
    assert_eq!(count, strings.len().to_string());
    for table in tables {
        let text = &parts[table];
        names.push(attribute(text, "displayName"));
        let place = attribute(text, "ref");
        assert_eq!(text.matches(&format!("ref=\"{place}\"")).count(), 2, "the filter covers the table: {text}");
        let number = table.trim_start_matches("xl/tables/table").trim_end_matches(".xml");
        let (name, rels) = parts
            .iter()
            .find(|(n, text)| n.contains("/_rels/sheet") && text.contains(&format!("/table{number}.xml")))
            .unwrap();
        assert!(rels.contains("relationships/table"));
        let sheet = &parts[&name.replace("_rels/", "").replace(".rels", "")];
        // A1-like places of the first and the last cell.
        let (from, to) = place.split_once(':').unwrap();
        let split = |cell: &str| {
            let at = cell.find(|c: char| c.is_ascii_digit()).unwrap();
            (cell[..at].to_string(), cell[at..].parse::<usize>().unwrap())
        };
        let ((_, header), (last_column, last)) = (split(from), split(to));
        assert_eq!(attribute(&sheet[sheet.find("<dimension").unwrap()..], "ref"), format!("A1:{to}"));
        let lines: Vec<usize> =
            sheet.split("<row r=\"").skip(1).map(|r| r[..r.find('"').unwrap()].parse().unwrap()).collect();
        assert!(lines.is_sorted() && lines.windows(2).all(|w| w[0] < w[1]), "{lines:?}");
        assert_eq!(lines.last(), Some(&last));
        assert!(last - header <= 25);
        // The titles of the table are the texts of its first line.
        let row = sheet.split(&format!("<row r=\"{header}\"")).nth(1).unwrap();
        let row = &row[..row.find("</row>").unwrap()];
        assert!(row.contains(&format!("r=\"{last_column}{header}\"")));
        let cells: Vec<&str> = row
            .split("<v>")
            .skip(1)
            .map(|v| strings[v[..v.find('<').unwrap()].parse::<usize>().unwrap()])
            .map(|s| &s[s.find('>').unwrap() + 1..s.find("</t>").unwrap()])
            .collect();
        let titles: Vec<String> = text.split("<tableColumn ").skip(1).map(|c| attribute(c, "name")).collect();
        assert_eq!(cells, titles.iter().map(|t| t.replace("&quot;", "\"")).collect::<Vec<_>>());
    }
    names.sort();
    names.dedup();
    assert_eq!(names.len(), 6, "{names:?}");
    assert!(!parts.values().any(|p| p.contains("TargetMode=\"External\"")), "no text became a link");
}

fn attribute(xml: &str, name: &str) -> String {
    let xml = if xml.starts_with(name) { format!(" {xml}") } else { xml.to_string() };
    let start = xml.find(&format!(" {name}=\"")).unwrap_or_else(|| panic!("{name} in {xml}")) + name.len() + 3;
    xml[start..start + xml[start..].find('"').unwrap()].to_string()
}

#[test]
fn the_file_is_the_same_for_any_number_of_threads() {
    let found = hostile();
    let with = |threads: usize| {
        rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap().install(|| written(&found, 25))
    };
    let one = with(1);
    for threads in [1, 2, 5] {
        assert!(with(threads) == one, "{threads} threads");
    }
}

#[test]
fn noise_is_grey_and_clusters_have_their_colours() {
    let parts = parts(&written(&hostile(), usize::MAX));
    assert!(parts["xl/worksheets/sheet2.xml"].contains("<tabColor rgb=\"FF3F90DA\"/>"));
    assert!(parts["xl/worksheets/sheet3.xml"].contains("<tabColor rgb=\"FFBFBFBF\"/>"));
    let chart = &parts["xl/charts/chart1.xml"];
    assert!(chart.contains("3F90DA") && chart.contains("BFBFBF") && !chart.contains("FFA90E"));
}

#[test]
fn a_summary_of_few_segments_is_one_printed_page() {
    // 0 stands for as many pages as it takes; where nothing is said, it is one.
    let on_many =
        |found: &Findings| parts(&written(found, usize::MAX))["xl/worksheets/sheet1.xml"].contains("fitToHeight=\"0\"");
    let mut found = findings(60);
    assert!(!on_many(&found));
    let mut profiles = (*found.profiles).clone();
    while profiles.len() < 13 {
        let mut more = profiles[1].clone();
        more.name = format!("Segment {}", profiles.len());
        profiles.push(more);
    }
    found.profiles = Arc::new(profiles);
    assert!(on_many(&found), "thirteen segments on a page cannot be read");
}

#[test]
fn days_before_1900_are_texts_and_frequent_ones_no_column() {
    let mut found = findings(60);
    let days = |of: &dyn Fn(usize) -> f64| {
        let mut rfm = (*found.rfm).clone();
        rfm.customers.features[0].values = Arc::new((0..60).map(of).collect());
        Arc::new(rfm)
    };
    let (few, most) = (days(&|i| if i == 7 { 50_000.0 } else { 3.0 }), days(&|_| 50_000.0));
    found.rfm = few;
    let bytes = written(&found, usize::MAX);
    let sheet = book(&bytes).worksheet_range("Customers").unwrap();
    // 50,000 days before 2011-12-10.
    assert_eq!(sheet.get_value((8, 2)), Some(&Data::String("1875-01-17".into())));
    assert!(matches!(sheet.get_value((9, 2)), Some(Data::DateTime(_))));
    found.rfm = most;
    let bytes = written(&found, usize::MAX);
    let sheet = book(&bytes).worksheet_range("Customers").unwrap();
    assert_eq!(sheet.get_value((0, 2)), Some(&Data::String("Recency, days".into())));
}

#[test]
fn writing_can_be_stopped_and_fails_in_words() {
    struct Full(usize);
    impl std::io::Write for Full {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0 = self.0.checked_sub(bytes.len()).ok_or_else(|| std::io::Error::other("the disk is full"))?;
            Ok(bytes.len())
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }
    let found = findings(60);
    let size = written(&found, usize::MAX).len();
    for room in [0, 10, size / 2, size - 1] {
        let error = write_workbook(&found, &mut Full(room), usize::MAX, &Ctx::silent()).unwrap_err();
        assert!(matches!(&error, Error::Write { why, .. } if why == "the disk is full"), "{error}");
    }
    assert_eq!(write_workbook(&found, &mut Full(size), usize::MAX, &Ctx::silent()), Ok(()));
    let stopped = Ctx::new(Arc::new(true.into()), None);
    assert_eq!(write_workbook(&found, &mut Full(size), usize::MAX, &stopped), Err(Error::Cancelled));
}
