//! Files that are not plain text: archives, Arrow, Parquet, JSON, web pages, several files, and what is refused.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use quintile::ctx::Ctx;
use quintile::error::Result;
use quintile::intake::{self, IntakeOut, Table};
use quintile::recipe::{Combine, Input};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

const SALES: &str = "customer,day,amount\n007,2011-01-01,5.50\n8,2011-01-02,6\n007,2011-01-03,7\n";

fn all(paths: &[&Path], combine: Option<Combine>) -> Result<IntakeOut> {
    let files = paths.iter().map(|p| p.to_path_buf()).collect();
    intake::read(&Input { files, combine, ..Input::default() }, &Ctx::silent())
}

fn read(path: &Path) -> Result<IntakeOut> {
    all(&[path], None)
}

fn names(table: &Table) -> Vec<&str> {
    table.columns.iter().map(|c| c.name.as_str()).collect()
}

fn column<'a>(table: &'a Table, name: &str) -> Vec<&'a str> {
    let column = table.column(name).unwrap_or_else(|| panic!("no column {name:?} in {:?}", names(table)));
    (0..table.rows).map(|r| column.text(r)).collect()
}

/// A folder with one file in it.
fn file(name: &str, bytes: impl AsRef<[u8]>) -> (tempfile::TempDir, PathBuf) {
    let root = tempfile::tempdir().unwrap();
    let path = root.path().join(name);
    fs::write(&path, bytes).unwrap();
    (root, path)
}

fn refusal(name: &str, bytes: impl AsRef<[u8]>) -> String {
    let (_root, path) = file(name, bytes);
    match read(&path) {
        Err(error) => error.to_string(),
        Ok(out) => panic!("{name} was read: {:?}", names(&out.table)),
    }
}

fn gzip(text: &[u8]) -> Vec<u8> {
    let mut out = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    out.write_all(text).unwrap();
    out.finish().unwrap()
}

fn zipped(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, bytes) in members {
        zip.start_file(*name, SimpleFileOptions::default()).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

fn is_sales(out: &IntakeOut) {
    assert_eq!(names(&out.table), ["customer", "day", "amount"]);
    assert_eq!(column(&out.table, "customer"), ["007", "8", "007"]);
    assert_eq!(column(&out.table, "amount"), ["5.50", "6", "7"]);
}

#[test]
fn gzip_of_one_and_of_several_members() {
    let bytes = gzip(SALES.as_bytes());
    let (_root, path) = file("sales.csv.gz", &bytes);
    let out = read(&path).unwrap();
    is_sales(&out);
    let report = &out.reports[0];
    assert_eq!((report.compression.as_deref(), report.bytes), (Some("gzip"), bytes.len() as u64));
    let (head, tail) = SALES.as_bytes().split_at(37);
    let (_root, path) = file("sales.gz", [gzip(head), gzip(tail)].concat());
    is_sales(&read(&path).unwrap());
    let text = refusal("cut.csv.gz", &bytes[..bytes.len() / 2]);
    assert!(text.contains("cut off") && text.contains("get it again"), "{text}");
    assert!(refusal("empty.gz", gzip(b"")).contains("nothing"));
}

#[test]
fn zip_with_one_table_among_other_things() {
    let members: [(&str, &[u8]); 4] = [
        ("__MACOSX/._sales.csv", b"\0\x05\x16\x07junk"),
        ("export/readme.txt", b"how to read this"),
        ("export/sales.csv", SALES.as_bytes()),
        ("export/.DS_Store", b"\0\0\0\x01Bud1"),
    ];
    let (_root, path) = file("sales.zip", zipped(&members));
    let out = read(&path).unwrap();
    is_sales(&out);
    assert_eq!(out.reports[0].compression.as_deref(), Some("zip: export/sales.csv"));
    let inner = gzip(SALES.as_bytes());
    let (_root, path) = file("sales.zip", zipped(&[("sales.csv.gz", &inner)]));
    is_sales(&read(&path).unwrap());
}

#[test]
fn zip_with_several_tables() {
    let members: [(&str, &[u8]); 2] =
        [("a.csv", SALES.as_bytes()), ("b.csv", b"Customer,Day,Amount\n9,2011-02-01,1\n")];
    let (_root, path) = file("two.zip", zipped(&members));
    let out = read(&path).unwrap();
    assert_eq!(column(&out.table, "customer"), ["007", "8", "007", "9"]);
    assert_eq!(out.reports.len(), 2);
    let members: [(&str, &[u8]); 2] =
        [("a.csv", SALES.as_bytes()), ("shops.csv", b"shop,rent\nUlm,100.5\nBonn,200.5\n")];
    let (_root, path) = file("two.zip", zipped(&members));
    let out = read(&path).unwrap();
    is_sales(&out);
    assert!(
        out.warnings.iter().any(|w| w.contains("do not fit together") && w.contains("a.csv")),
        "{:?}",
        out.warnings
    );
    assert_eq!(out.reports.len(), 1);
}

#[test]
fn zips_that_cannot_be_read_say_why() {
    let mut locked = zipped(&[("sales.csv", SALES.as_bytes())]);
    // The bit for encryption, in the member's own head and in the directory.
    locked[6] |= 1;
    let directory = locked.windows(4).position(|w| w == b"PK\x01\x02").unwrap();
    locked[directory + 8] |= 1;
    let text = refusal("locked.zip", &locked);
    assert!(text.contains("protected by a password; unpack it first"), "{text}");
    let whole = zipped(&[("sales.csv", SALES.repeat(100).as_bytes())]);
    assert!(refusal("cut.zip", &whole[..whole.len() / 2]).contains("damaged or cut off"));
    assert!(refusal("notes.zip", zipped(&[("readme.md", b"x")])).contains("no file with data"));
    let mut nested = gzip(SALES.as_bytes());
    for _ in 0..4 {
        nested = gzip(&nested);
    }
    assert!(refusal("nested.gz", nested).contains("packed several times"));
}

/// The table is in `tests/golden/arrow.py`.
#[test]
fn arrow_files_and_streams_packed_or_not() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/arrow");
    for name in ["plain.arrow", "lz4.feather", "zstd.feather", "plain.arrows", "lz4.arrows", "zstd.arrows"] {
        let out = read(&folder.join(name)).unwrap();
        assert_eq!(names(&out.table), ["customer", "day", "n", "price", "country", "done"], "{name}");
        assert_eq!(column(&out.table, "customer"), ["007", "12", "", "12"], "{name}");
        assert_eq!(column(&out.table, "day"), ["2011-12-01", "2011-12-02", "2011-12-03", "2011-12-04"], "{name}");
        assert_eq!(column(&out.table, "n"), ["1", "-2", "", "4"], "{name}");
        assert_eq!(column(&out.table, "price"), ["2.55", "3", "", ""], "{name}");
        assert_eq!(column(&out.table, "country"), ["UK", "France", "UK", ""], "{name}");
        assert_eq!(column(&out.table, "done"), ["true", "false", "", "true"], "{name}");
        assert_eq!(out.reports[0].format, "arrow");
        assert!(out.warnings.is_empty(), "{name}: {:?}", out.warnings);
        // Cut or changed anywhere: words or a table, never a panic.
        let whole = fs::read(folder.join(name)).unwrap();
        for i in 1..40 {
            let mut bytes = whole.clone();
            if i % 2 == 0 {
                bytes.truncate(whole.len() * i / 40);
            } else {
                let at = whole.len() * i / 40;
                bytes[at..(at + 9).min(whole.len())].fill(0xA5);
            }
            let (_root, path) = file(name, bytes);
            let _ = read(&path);
        }
    }
    let stream = fs::read(folder.join("plain.arrows")).unwrap();
    let (_root, path) = file("cut.arrows", &stream[..stream.len() - 60]);
    let out = read(&path).unwrap();
    assert_eq!(column(&out.table, "n"), ["1", "-2", ""]);
    assert!(out.warnings[0].contains("cut off"), "{:?}", out.warnings);
}

/// The table is in `tests/golden/arrow.py`; its moments are given there in UTC.
#[test]
fn time_zones_are_read_in_utc_and_nested_columns_left_out() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/arrow");
    for name in ["nested.parquet", "nested.feather"] {
        let out = read(&folder.join(name)).unwrap();
        assert_eq!(names(&out.table), ["customer", "utc", "berlin", "price"], "{name}");
        assert_eq!(column(&out.table, "customer"), ["007", "12"], "{name}");
        for moments in ["utc", "berlin"] {
            let texts = column(&out.table, moments);
            assert!(texts[1].starts_with("2011-12-02 08:26:00") && texts[1].ends_with('Z'), "{name}: {texts:?}");
        }
        let said = out.warnings.join(" ");
        assert!(said.contains("list, record, bytes.") && said.contains("Europe/Berlin"), "{name}: {said}");
    }
}

/// Pseudo-random bytes are no table; a few odd characters do no harm.
#[test]
fn bytes_that_are_no_text_are_refused() {
    let mut state = 1u32;
    let noise: Vec<u8> = std::iter::repeat_with(|| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 24) as u8
    })
    .take(20_000)
    .collect();
    let (_root, path) = file("noise.csv", noise);
    assert!(read(&path).unwrap_err().to_string().contains("no text"));
    let (_root, path) = file("hive.csv", (1..50).map(|i| format!("{i}\u{1}{i}\u{1}{i}\n")).collect::<String>());
    assert!(read(&path).is_ok());
}

#[test]
fn json_lines_keep_names_in_order_and_reject_broken_lines() {
    let text = "{\"id\": \"007\", \"n\": 1.50, \"who\": {\"town\": \"Ulm\", \"zip\": 89073}}\n\n\
                {\"n\": 12345678901234567890, \"id\": \"8\", \"tags\": [\"a\", 1]}\n\
                {\"id\": \"9\", \"n\": }\n\
                {\"id\": \"10\", \"who\": {\"town\": null}, \"ok\": true}\n";
    for (name, bytes) in
        [("a.jsonl", text.as_bytes().to_vec()), ("a.txt", text.into()), ("a.ndjson.gz", gzip(text.as_bytes()))]
    {
        let (_root, path) = file(name, bytes);
        let out = read(&path).unwrap();
        assert_eq!(names(&out.table), ["id", "n", "who.town", "who.zip", "tags", "ok"], "{name}");
        assert_eq!(column(&out.table, "id"), ["007", "8", "10"]);
        assert_eq!(column(&out.table, "n"), ["1.50", "12345678901234567890", ""]);
        assert_eq!(column(&out.table, "who.town"), ["Ulm", "", ""]);
        assert_eq!(column(&out.table, "tags"), ["", "[\"a\", 1]", ""]);
        assert_eq!(column(&out.table, "ok"), ["", "", "true"]);
        let report = &out.reports[0];
        assert_eq!((report.format.as_str(), report.rejected), ("jsonl", 1));
        assert_eq!((report.rejects[0].line, report.rejects[0].row), (4, None));
        assert!(report.rejects[0].reason.contains("neither a text in quotes nor a number"), "{:?}", report.rejects);
        assert!(out.warnings[0].contains("1 line could not be read"), "{:?}", out.warnings);
    }
}

#[test]
fn other_json_is_read_where_it_holds_a_table() {
    let rows = "[\n {\"a\": 1, \"b\": \"x\"},\n {\"b\": \"y\"}\n]";
    let nested = format!("{{\"page\": 1, \"data\": {rows}}}");
    for text in [rows.to_string(), nested.clone(), "{\"a\": 1,\n \"b\": \"x\"}\n{\n\"b\": \"y\"}".into()] {
        let (_root, path) = file("a.json", &text);
        let out = read(&path).unwrap();
        assert_eq!((column(&out.table, "a"), column(&out.table, "b")), (vec!["1", ""], vec!["x", "y"]), "{text}");
        assert_eq!(out.reports[0].format, "json");
    }
    let (_root, path) = file("a.json", nested);
    assert!(read(&path).unwrap().warnings[0].contains("\"data\""));
    // An array that is cut off keeps its whole objects and says so.
    let (_root, path) = file("cut.json", &rows[..rows.len() - 6]);
    let out = read(&path).unwrap();
    assert_eq!((out.table.rows, out.reports[0].rejected, out.reports[0].rejects[0].line), (1, 1, 3));
    let text = refusal("broken.json", "{\"a\": 1, \"b\"\n 2}\n");
    assert!(text.contains("broken in line 2: a colon is missing"), "{text}");
}

#[test]
fn a_web_page_called_xls_is_read() {
    let page = "<html><head><meta charset=\"iso-8859-1\"><style>td { color: red }</style></head><body>\
        <table><tr><td>menu</td></tr></table>\
        <table border=1><tr><th colspan=2>Name</th><th>Price &pound;</th></tr>\
        <tr><td rowspan=2>Caf\u{e9} &amp; Co</td><td>A<br>B</td><td>1,50</td></tr>\
        <tr><td>C &#233;</td><td> 2,50 </td></tr></table></body></html>";
    let latin: Vec<u8> = page.chars().map(|c| c as u8).collect();
    let (_root, path) = file("sales.xls", latin);
    let out = read(&path).unwrap();
    assert_eq!(out.reports[0].format, "html");
    assert_eq!(out.table.rows, 2);
    let cells: Vec<Vec<&str>> = (0..2).map(|r| out.table.columns.iter().map(|c| c.text(r)).collect()).collect();
    assert_eq!(cells, [["Café & Co", "A B", "1,50"], ["", "C é", "2,50"]]);
    assert!(out.warnings[0].contains("web page"), "{:?}", out.warnings);
    assert!(refusal("login.xls", "<!DOCTYPE html><html><body>Please log in</body></html>").contains("without a table"));
}

#[test]
fn what_is_no_table_is_named_and_says_what_to_do() {
    let office = |part: &str| zipped(&[("[Content_Types].xml", b"<x/>"), (part, b"<x/>")]);
    let mut tar = vec![b'x'; 512];
    tar[257..262].copy_from_slice(b"ustar");
    let mut sas = vec![0u8; 64];
    sas[12..20].copy_from_slice(&[0xC2, 0xEA, 0x81, 0x60, 0xB3, 0x14, 0x11, 0xCF]);
    let cases: [(&str, Vec<u8>, &str); 19] = [
        ("a.pdf", b"%PDF-1.7\n".to_vec(), "PDF"),
        ("a.csv", b"\x89PNG\r\n\x1a\n\0\0".to_vec(), "picture"),
        ("a.jpg", b"\xFF\xD8\xFF\xE0\0".to_vec(), "picture"),
        ("a.db", b"SQLite format 3\0\x10\0".to_vec(), "database"),
        ("a.docx", office("word/document.xml"), "Word document"),
        ("a.pptx", office("ppt/presentation.xml"), "presentation"),
        ("a.numbers", zipped(&[("Index/Document.iwa", b"x")]), "Numbers"),
        ("a.odt", zipped(&[("mimetype", b"application/vnd.oasis.opendocument.text"), ("content.xml", b"<x/>")]), "without sheets"),
        ("a.sas7bdat", sas, "statistics"),
        ("a.sav", b"$FL2@(#) SPSS".to_vec(), "statistics"),
        ("a.dta", b"<stata_dta><header>".to_vec(), "statistics"),
        ("a.7z", b"7z\xBC\xAF\x27\x1C\0\x04".to_vec(), "unpack it first"),
        ("a.rar", b"Rar!\x1A\x07\x01\0".to_vec(), "unpack it first"),
        ("a.tar", tar, "unpack it first"),
        ("a.csv.zst", b"\x28\xB5\x2F\xFD\0\0".to_vec(), "unpack it first"),
        (
            "a.xls",
            b"<?xml version=\"1.0\"?>\n<?mso-application progid=\"Excel.Sheet\"?>\n<Workbook xmlns=\"urn:schemas-microsoft-com:office:spreadsheet\">".to_vec(),
            "Excel 2003",
        ),
        ("a.xml", b"<?xml version=\"1.0\"?>\n<orders/>".to_vec(), "XML"),
        ("a.mht", b"MIME-Version: 1.0\r\n".to_vec(), "web archive"),
        ("a.feather", b"FEA1\0\0\0\0".to_vec(), "version 1"),
    ];
    for (name, bytes, word) in cases {
        let text = refusal(name, bytes);
        assert!(text.contains(word) && text.contains("; "), "{name}: {text}");
    }
    assert!(refusal("empty.csv", "").contains("0 bytes"));
    let root = tempfile::tempdir().unwrap();
    let say = |path: &Path| read(path).unwrap_err().to_string();
    assert!(say(root.path()).contains("this is a folder; choose a file"));
    assert!(say(&root.path().join("none.csv")).contains("no such file"));
    assert!(say(Path::new("https://example.com/a.csv")).contains("only files on this computer"));
}

#[test]
fn files_with_the_same_columns_are_stacked() {
    let root = tempfile::tempdir().unwrap();
    let put = |name: &str, text: &str| {
        let path = root.path().join(name);
        fs::write(&path, text).unwrap();
        path
    };
    let a = put("a.csv", "Customer ID,Währung,Amount\n1,EUR,5.5\n2,EUR,6.5\n");
    let b = put("b.csv", "amount;customer_id;wahrung;Coupon\n7.5;3;EUR;X1\n");
    let out = all(&[&a, &b], None).unwrap();
    assert_eq!(names(&out.table), ["Customer ID", "Währung", "Amount", "Coupon"]);
    assert_eq!(column(&out.table, "Customer ID"), ["1", "2", "3"]);
    assert_eq!(column(&out.table, "Amount"), ["5.5", "6.5", "7.5"]);
    assert_eq!(column(&out.table, "Coupon"), ["", "", "X1"]);
    assert_eq!((out.reports.len(), out.reports[0].rows, out.reports[1].rows), (2, 2, 1));
    let told = out.warnings.join(" ");
    assert!(told.contains("customer_id as Customer ID") && told.contains("Column Coupon is not in a.csv"), "{told}");
    let out = all(&[&a, &a], None).unwrap();
    assert_eq!(out.table.rows, 4);
    assert!(out.warnings[0].contains("named twice"), "{:?}", out.warnings);
    let c = put("c.csv", "shop,rent\nUlm,100.5\nBonn,200.5\n");
    let text = all(&[&a, &c], None).unwrap_err().to_string();
    assert!(text.contains("a.csv has Customer ID") && text.contains("c.csv has shop, rent"), "{text}");
    assert_eq!(all(&[&a, &c], Some(Combine::Stack)).unwrap().table.rows, 4);
}

#[test]
fn customers_are_joined_to_their_orders_and_lonely_rows_are_counted() {
    let root = tempfile::tempdir().unwrap();
    let put = |name: &str, text: &str| {
        let path = root.path().join(name);
        fs::write(&path, text).unwrap();
        path
    };
    let orders = put(
        "orders.csv",
        "order,customer_id,day,amount,country\nA1,1.0,2011-01-01,5.5,UK\nA2,2.0,2011-01-02,6.5,UK\nA3,1.0,2011-01-03,7.5,UK\n\
         A4,9.0,2011-01-04,8.5,UK\nA5,,2011-01-05,9.5,UK\n",
    );
    let customers = put(
        "customers.csv",
        "CustomerID,name,country\n1,Ann,France\n2,Bob,Spain\n3,Cid,Italy\n4,Dan,Italy\n5,Eve,Italy\n6,Flo,Italy\n7,Gus,Italy\n8,Hal,Italy\n10,Ida,Italy\n11,Jon,Italy\n2,Bea,Malta\n",
    );
    for order in [[&orders, &customers], [&customers, &orders]] {
        let out = all(&[order[0], order[1]], None).unwrap();
        assert_eq!(
            names(&out.table),
            ["order", "customer_id", "day", "amount", "country", "name", "country (customers.csv)"]
        );
        assert_eq!(column(&out.table, "order"), ["A1", "A2", "A3", "A4", "A5"]);
        assert_eq!(column(&out.table, "name"), ["Ann", "Bob", "Ann", "", ""]);
        assert_eq!(column(&out.table, "country (customers.csv)"), ["France", "Spain", "France", "", ""]);
        let told = out.warnings.join(" ");
        for part in [
            "1 of 5 rows (20.0 %) in orders.csv found no customer",
            "1 row is in orders.csv without an id",
            "8 of 10 customers (80.0 %) in customers.csv have no row in orders.csv",
            "1 row repeats an id in customers.csv",
        ] {
            assert!(told.contains(part), "{part} is not in {told}");
        }
    }
    let late = put("late.csv", "order,customer_id,day,amount,country\nA6,3.0,2011-02-01,1.5,UK\n");
    let out = all(&[&orders, &late, &customers], None).unwrap();
    assert_eq!(column(&out.table, "name"), ["Ann", "Bob", "Ann", "", "", "Cid"]);
    let far = put("far.csv", "CustomerID,name\n901,Ann\n902,Bob\n");
    let text = all(&[&orders, &far], None).unwrap_err().to_string();
    assert!(text.contains("share no ids"), "{text}");
}

#[test]
fn a_pasted_table_becomes_a_file() {
    let root = tempfile::tempdir().unwrap();
    let text = SALES.replace(',', "\t");
    let path = intake::paste::save(&text, root.path()).unwrap();
    is_sales(&read(&path).unwrap());
    assert_eq!(intake::paste::save(&text, root.path()).unwrap(), path);
    assert_ne!(intake::paste::save(&format!("{text}9\t2011-01-01\t1\n"), root.path()).unwrap(), path);
    assert!(intake::paste::save("one word", root.path()).unwrap_err().to_string().contains("no table"));
}

/// Found by fuzzing: such a moment made the reader panic.
#[test]
fn moments_beyond_every_calendar_are_no_panic() {
    use polars::prelude::{Column, DataFrame, DataType, NamedFrom, Series, TimeUnit};
    let far = Series::new("day".into(), [i64::MAX, 0]).cast(&DataType::Datetime(TimeUnit::Milliseconds, None)).unwrap();
    let columns = vec![Column::from(Series::new("id".into(), ["a", "b"])), Column::from(far)];
    let mut frame = DataFrame::new(2, columns).unwrap();
    let mut bytes = Vec::new();
    polars_io::parquet::write::ParquetWriter::new(&mut bytes).finish(&mut frame).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("far.parquet");
    std::fs::write(&path, bytes).unwrap();
    let input = Input { files: vec![path], ..Input::default() };
    let out = intake::read(&input, &Ctx::silent()).unwrap();
    assert_eq!((out.table.rows, out.table.columns.len()), (2, 1));
    assert!(out.warnings.iter().any(|w| w.contains("day")), "{:?}", out.warnings);
}

#[test]
fn parquet_files_say_when_they_are_damaged() {
    assert!(refusal("a.parquet", b"PAR1\0\0\0\0\0\0\0\0PAR1").contains("damaged or cut off"));
}
