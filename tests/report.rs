//! The report: both formats say what the findings say, and the pages are whole, whatever the data.

mod by_hand;
mod common;
#[path = "common/paper.rs"]
mod paper;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use by_hand::findings::findings;
use common::{analyse, shared};
use paper::Paper;
use quintile::ctx::Ctx;
use quintile::error::Error;
use quintile::export::{ExportKind, write_all, write_one};
use quintile::format;
use quintile::pipeline::Findings;
use quintile::profile::{Portrait, Portraits, Profile, Rule, Rules, Stake, Top, Tops, Trend};
use quintile::recipe::{KChoice, Recipe};
use serde_json::Value;

fn write(found: &Findings, kind: ExportKind, folder: &Path) -> PathBuf {
    let path = folder.join(kind.file_name());
    write_one(found, kind, &path, &Ctx::silent()).unwrap();
    path
}

fn html(found: &Findings) -> String {
    let folder = tempfile::tempdir().unwrap();
    std::fs::read_to_string(write(found, ExportKind::ReportHtml, folder.path())).unwrap()
}

/// The PDF as poppler reads it; `None` where that is not installed, which is said.
fn pdf(found: &Findings) -> Option<Paper> {
    let folder = tempfile::tempdir().unwrap();
    Paper::read(&write(found, ExportKind::ReportPdf, folder.path()))
}

/// Findings with other segments.
fn with_profiles(found: &Findings, change: impl FnOnce(&mut Vec<Profile>)) -> Findings {
    let mut profiles = found.profiles.to_vec();
    change(&mut profiles);
    let portraits = Portraits { clusters: vec![Portrait::default(); profiles.len()], ..Portraits::default() };
    Findings { profiles: Arc::new(profiles), portraits: Arc::new(portraits), ..found.clone() }
}

/// An analysis of a file with these rows.
fn analysed(text: &str, change: impl FnOnce(&mut Recipe)) -> Findings {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("sales.csv");
    std::fs::write(&path, text).unwrap();
    let mut recipe = Recipe::for_file(path);
    change(&mut recipe);
    analyse(&recipe).unwrap_or_else(|stopped| panic!("{}", stopped.error))
}

/// Two hundred customers of three kinds, with products, countries and a currency.
fn sales() -> String {
    let mut text = String::from("invoice,customer,date,product,country,quantity,price\n");
    let mut invoice = 0;
    for c in 0..200 {
        let orders = [9, 3, 1][c % 3];
        for o in 0..orders {
            invoice += 1;
            let month = (c * 5 + o * 7) % [12, 12, 4][c % 3] + 1;
            let (day, product) = ((c + 3 * o) % 28 + 1, ["Lamp & shade", "Chair <oak>", "Table"][(c + o) % 3]);
            let (country, price) = (["France", "Spain"][c / 7 % 2], [90, 35, 12][c % 3] + c % 10);
            text.push_str(&format!(
                "{invoice},C{c:03},2023-{month:02}-{day:02},{product},{country},{},€{price}.50\n",
                o % 3 + 1
            ));
        }
    }
    text
}

/// Text between tags, with entities resolved.
fn visible(html: &str) -> String {
    let body = &html[html.find("<body>").unwrap()..];
    let mut out = String::new();
    let mut within = false;
    for c in body.chars() {
        match c {
            '<' => within = true,
            '>' => {
                within = false;
                out.push(' ');
            }
            c if !within => out.push(c),
            _ => {}
        }
    }
    let entities = [
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&#x27;", "'"),
        ("&#39;", "'"),
        ("&#x2f;", "/"),
        ("&amp;", "&"),
    ];
    entities.into_iter().fold(out, |text, (entity, c)| text.replace(entity, c))
}

#[test]
fn both_formats_say_what_the_summary_says() {
    let found = findings(50);
    let folder = tempfile::tempdir().unwrap();
    let summary: Value =
        serde_json::from_slice(&std::fs::read(write(&found, ExportKind::Summary, folder.path())).unwrap()).unwrap();
    let mut expected = vec![format::count(summary["customers"].as_u64().unwrap() as usize)];
    let number = |v: &Value| v.as_f64().unwrap();
    for cluster in summary["clusters"].as_array().unwrap() {
        expected.push(cluster["segment"].as_str().unwrap().into());
        expected.push(cluster["description"].as_str().unwrap().into());
        expected.push(cluster["action"].as_str().unwrap().into());
        expected.push(format::count(cluster["customers"].as_u64().unwrap() as usize));
        expected.push(format::percent(number(&cluster["share_of_customers"])));
        expected.push(format::money(number(&cluster["revenue"]), found.clean.currency.as_deref()));
        expected.push(format::percent(number(&cluster["share_of_revenue"])));
        for statistic in ["q1", "median", "q3"] {
            let value = number(&cluster[format!("recency_days_{statistic}")]);
            expected.push(format::number(value, usize::from(value.fract() != 0.0)));
        }
    }
    for step in summary["funnel"].as_array().unwrap() {
        expected.push(format::count(step["rows"].as_u64().unwrap() as usize));
    }
    expected.push(summary["k"]["verdict"].as_str().unwrap().trim_end_matches('.').into());
    expected.extend(summary["warnings"].as_array().unwrap().iter().map(|w| w.as_str().unwrap()[1..].into()));
    let squeezed = |text: &str| text.chars().filter(|c| !c.is_whitespace()).collect::<String>();
    let page = squeezed(&visible(&html(&found)));
    for words in &expected {
        assert!(page.contains(&squeezed(words)), "HTML lacks {words:?}");
    }
    let Some(paper) = pdf(&found) else { return };
    let all = squeezed(&paper.pages.join(" "));
    for words in &expected {
        assert!(all.contains(&squeezed(words)), "PDF lacks {words:?}");
    }
}

#[test]
fn equal_findings_give_equal_bytes() {
    let found = findings(40);
    let folder = tempfile::tempdir().unwrap();
    for kind in [ExportKind::ReportHtml, ExportKind::ReportPdf] {
        let first = std::fs::read(write(&found, kind, folder.path())).unwrap();
        let second = std::fs::read(write(&found, kind, folder.path())).unwrap();
        assert!(first == second, "{kind:?}");
    }
}

#[test]
fn names_are_texts_and_never_markup() {
    let names = ["<b>&\"bold\"</b><script>alert(1)</script>", "#let x = 1 *star* _u_ $x$ @y // no comment"];
    let mut found = with_profiles(&findings(50), |profiles| {
        for (p, name) in profiles.iter_mut().zip(names) {
            p.name = name.into();
            p.description = format!("{name} \\ #panic()");
        }
    });
    Arc::make_mut(&mut found.recipe).presentation.company = "</style>Smith & Sons #1".into();
    let page = html(&found);
    assert!(!page.contains("<script") && !page.contains("<b>&"), "markup of the data is in the page");
    assert_eq!(page.matches("</style>").count(), 1);
    let words = visible(&page);
    for name in names.iter().chain(&["</style>Smith & Sons #1"]) {
        assert!(words.contains(name), "{name}");
    }
    let Some(paper) = pdf(&found) else { return };
    let squeezed: String = paper.pages.join("").chars().filter(|c| !c.is_whitespace()).collect();
    for name in names.iter().chain(&["</style>Smith & Sons #1"]) {
        let name: String = name.chars().filter(|c| !c.is_whitespace()).collect();
        assert!(squeezed.contains(&name), "{name}");
    }
    assert!(paper.outline.iter().any(|(title, _)| title == names[1]), "{:?}", paper.outline);
    paper.check();
}

#[test]
fn a_whole_analysis_has_its_parts_and_every_segment_begins_a_page() {
    let found = analysed(&sales(), |recipe| recipe.cluster.k = KChoice::Fixed(3));
    let page = html(&found);
    let words = visible(&page);
    for part in ["Customer segments", "What tells the segments apart", "Segments by scores", "Method", "Data quality"] {
        assert!(words.contains(part), "{part}");
    }
    for words_of_data in ["Chair <oak>", "Lamp & shade", "France", "€", "Revenue per month"] {
        assert!(words.contains(words_of_data), "{words_of_data}");
    }
    assert!(!page.contains("NaN") && !page.contains("src=\"http"), "a number is none, or something is loaded");
    // Pictures say what they show.
    assert_eq!(page.matches("<svg").count(), page.matches("role=\"img\"").count());
    let Some(paper) = pdf(&found) else { return };
    paper.check();
    for p in found.profiles.iter() {
        let at: Vec<usize> =
            paper.outline.iter().filter(|(title, _)| *title == p.name).map(|(_, page)| *page).collect();
        assert_eq!(at.len(), 1, "{} in {:?}", p.name, paper.outline);
        let head = paper.pages[at[0] - 1].split_whitespace().take(30).collect::<Vec<_>>().join(" ");
        assert!(head.contains(&p.name), "page {} begins with {head:?}", at[0]);
    }
    let pages: Vec<usize> = paper.outline.iter().map(|(_, page)| *page).collect();
    assert!(pages.is_sorted(), "{:?}", paper.outline);
    // Texts in pictures are texts too.
    assert!(paper.pages.iter().any(|page| page.contains("everyone")));
}

#[test]
fn parts_without_content_have_no_heading() {
    let words = visible(&html(&findings(50)));
    for heading in ["Revenue per month", "How to recognise them", "Segments by scores", "Who moved", "At stake", "Why:"]
    {
        assert!(!words.contains(heading), "{heading}");
    }
    let mut found = with_profiles(&findings(50), |_| {});
    let top = Top { name: "Lamp".into(), customers: 5, amount: 10.0, share: 0.25, lift: 2.0 };
    let rule = |segment| Rule {
        segment,
        conditions: Vec::new(),
        sentence: "last purchase within 31 days".into(),
        customers: 20,
        right: 19,
        precision: 0.95,
        coverage: 0.9,
    };
    let portraits = Arc::make_mut(&mut found.portraits);
    portraits.rules =
        Rules { rules: vec![rule(0), rule(1)], fidelity: 0.97, words: "Made from everyone.".into(), without: vec![] };
    portraits.clusters[0] = Portrait {
        tops: vec![Tops { column: "Product".into(), others: 3, list: vec![top] }],
        trend: Some(Trend {
            months: ["2011-01-01", "2011-02-01"].map(|day| day.parse().unwrap()).into(),
            revenue: vec![10.0, -2.0],
            partial: [false, true],
            words: "Revenue fell.".into(),
        }),
        stake: Some(Stake { amount: 1234.0, words: "Half of what they spent.".into() }),
        reason: "They spend the most.".into(),
    };
    let words = visible(&html(&found));
    for heading in ["Revenue per month", "How to recognise them", "At stake", "Why", "Last purchase within 31 days."] {
        assert!(words.contains(heading), "{heading}");
    }
    for words_of_data in
        ["95.0 %", "97.0 %", "Lamp", "Half of what they spent.", "They spend the most.", "Revenue fell."]
    {
        assert!(words.contains(words_of_data), "{words_of_data}");
    }
    if let Some(paper) = pdf(&found) {
        paper.check();
    }
}

#[test]
fn odd_data_make_whole_pages() {
    let base = findings(60);
    let thirty = with_profiles(&base, |profiles| {
        let one = profiles[0].clone();
        *profiles = (1..=30)
            .map(|i| Profile {
                cluster: i,
                number: if i == 30 { 0 } else { i },
                name: match i % 3 {
                    0 => format!("Segment{i}{}", "WithoutAnySpaceInItsName".repeat(6)),
                    1 => {
                        format!("Customers of kind {i} whose name is much longer than anyone would think of giving one")
                    }
                    _ => format!("Kind {i}"),
                },
                ..one.clone()
            })
            .collect();
    });
    let single = with_profiles(&base, |profiles| profiles.truncate(1));
    let three = "customer,date,amount\na,2024-01-02,5\na,2024-02-02,7.5\nb,2024-02-05,9\nc,2024-02-06,1\n";
    let three = analysed(three, |recipe| recipe.cluster.k = KChoice::Fixed(1));
    let without_money = analysed(
        &(0..40).fold("id,age,visits\n".to_string(), |t, i| t + &format!("{i},{},{}\n", 20 + i * 7 % 50, i * i % 23)),
        |recipe| recipe.cluster.k = KChoice::Fixed(3),
    );
    for (what, found, segments) in [
        ("thirty segments", &thirty, 30),
        ("one segment", &single, 1),
        ("three customers", &three, 1),
        ("no money", &without_money, 3),
    ] {
        let page = html(found);
        assert!(!page.contains("NaN") && !page.contains("–,"), "{what}");
        assert_eq!(page.matches("class=\"sheet segment\"").count(), segments, "{what}");
        let Some(paper) = pdf(found) else { continue };
        assert!(paper.pages.len() >= segments + 2, "{what}: {} pages", paper.pages.len());
        println!("{what}");
        paper.check();
    }
}

#[test]
fn a_logo_is_shown_and_a_bad_one_is_refused_in_a_sentence() {
    let folder = tempfile::tempdir().unwrap();
    let svg = r##"<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20"><rect width="40" height="20" fill="#c00"/></svg>"##;
    // The smallest PNG: one red point.
    let png: &[u8] = &[
        137, 80, 78, 71, 13, 10, 26, 10, 0, 0, 0, 13, 73, 72, 68, 82, 0, 0, 0, 1, 0, 0, 0, 1, 8, 2, 0, 0, 0, 144, 119,
        83, 222, 0, 0, 0, 12, 73, 68, 65, 84, 8, 215, 99, 248, 207, 192, 0, 0, 3, 1, 1, 0, 24, 221, 141, 176, 0, 0, 0,
        0, 73, 69, 78, 68, 174, 66, 96, 130,
    ];
    let with = |name: &str, bytes: &[u8]| {
        let path = folder.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        let mut found = findings(20);
        let presentation = &mut Arc::make_mut(&mut found.recipe).presentation;
        (presentation.company, presentation.logo) = ("Smith & Sons".into(), Some(path));
        found
    };
    for (name, bytes, kind) in [("a.svg", svg.as_bytes(), "svg+xml"), ("misnamed.jpg", png, "png")] {
        let found = with(name, bytes);
        assert!(html(&found).contains(&format!("data:image/{kind};base64,")), "{name}");
        if let Some(paper) = pdf(&found) {
            assert!(paper.pages[0].contains("Smith & Sons"), "{name}");
        }
    }
    let mut missing = findings(20);
    Arc::make_mut(&mut missing.recipe).presentation.logo = Some(folder.path().join("nowhere.png"));
    for found in [with("b.png", b"no picture at all"), with("c.png", &png[..40]), with("d.svg", b"<svg"), missing] {
        for kind in [ExportKind::ReportHtml, ExportKind::ReportPdf] {
            let path = folder.path().join(kind.file_name());
            let error = write_one(&found, kind, &path, &Ctx::silent()).unwrap_err();
            assert!(matches!(error, Error::Read { .. }), "{error}");
            assert!(error.to_string().contains("PNG, JPEG or SVG"), "{error}");
            assert!(!path.exists());
        }
        // Said before anything is written, and not after everything else.
        let all = folder.path().join("all");
        let files = std::fs::read_dir(folder.path()).unwrap().count();
        // Whoever stops it at once would hear of nothing else, had any file been begun.
        let stopped = Ctx::new(Arc::new(AtomicBool::new(true)), None);
        let error = write_all(&found, &all, &stopped).unwrap_err();
        assert!(error.to_string().contains("PNG, JPEG or SVG"), "{error}");
        assert!(!all.exists() && std::fs::read_dir(folder.path()).unwrap().count() == files);
    }
}

#[test]
fn a_cancelled_report_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    for kind in [ExportKind::ReportHtml, ExportKind::ReportPdf] {
        let path = folder.path().join(kind.file_name());
        let ctx = Ctx::new(Arc::new(AtomicBool::new(true)), None);
        assert_eq!(write_one(&findings(20), kind, &path, &ctx), Err(Error::Cancelled));
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
    }
}

/// The file of the issue: looked at by hand as well, which a test cannot do.
#[test]
fn the_report_of_online_retail_is_whole() {
    let Some(file) = shared("online_retail/OnlineRetail.csv") else { return };
    let found = analyse(&Recipe::for_file(file)).unwrap_or_else(|stopped| panic!("{}", stopped.error));
    let Some(paper) = pdf(&found) else { return };
    paper.check();
    assert!(paper.pages.len() <= 2 * found.profiles.len() + 8, "{} pages", paper.pages.len());
}
