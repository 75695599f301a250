//! Inputs to damage: small files of every kind, with what real ones have in them.

use std::io::{Cursor, Read, Write};

use quintile::recipe::{Recipe, Roles};

/// A shop's export, as CSV.
fn shop() -> String {
    let mut text = String::from("InvoiceNo,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\r\n");
    for i in 0..60 {
        text.push_str(&format!(
            "{}{},\"LAMP \"\"{}\"\", BLUE\",{},{}/{}/2011 {}:05,{}.{:02},{},France\r\n",
            if i % 9 == 0 { "C" } else { "" },
            536_000 + i / 3,
            i,
            i % 7 - 1,
            i % 12 + 1,
            i % 28 + 1,
            i % 24,
            i % 5,
            i % 100,
            if i % 8 == 0 { String::new() } else { format!("{}", 17_000 + i % 11) },
        ));
    }
    text
}

pub fn texts() -> Vec<Vec<u8>> {
    let shop = shop();
    let wide = |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
    vec![
        shop.clone().into_bytes(),
        shop.replace(',', ";").replace('.', ",").into_bytes(),
        shop.replace("\r\n", "\r").into_bytes(),
        shop.replace(',', "\t").replace('"', "'").into_bytes(),
        format!("Report of May\n\n{shop}Total,,100,,,,\n").into_bytes(),
        b" 00001 19970101  1   11.77\r\n 00002 19970112  1   12.00\r\n 00002 19970112  5   77.00\r\n".to_vec(),
        b"a,b\n1,\"x\ny\"\n2,\"never closed\n".to_vec(),
        "id;Gr\u{f6}\u{df}e;caf\u{e9}\n1;1.234,56;x\n2;7,5;y\n".as_bytes().to_vec(),
        b"id;Gr\xf6\xdfe\n1;5\n".to_vec(),
        [vec![0xff, 0xfe], wide("id,x\n1,\u{44b}\n")].concat(),
        b"\xef\xbb\xbfid,date\n1,2011-01-02T03:04:05Z\n".to_vec(),
        b"a,b,c\n".repeat(40),
        Vec::new(),
        b"\"".repeat(99),
        b"sep=;\na;b\n1;2\n".to_vec(),
    ]
}

pub fn others() -> Vec<Vec<u8>> {
    let shop = shop();
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gzip.write_all(shop.as_bytes()).unwrap();
    let zip = pack(&[("a/shop.csv".into(), shop.clone().into_bytes()), ("b.csv".into(), b"x,y\n1,2\n".to_vec())]);
    let lines =
        "{\"id\": 1, \"date\": \"2011-01-02\", \"a\": {\"b\": [1, 2]}}\n{\"id\": 2, \"x\": null, \"y\": true}\n";
    let html = "<html><table><tr><th>id</th><th>x</th></tr><tr><td>1</td><td>&amp;2</td></tr></table></html>";
    let mut frame = polars::df!("id" => [1i64, 2, 3], "x" => ["a", "b", "c"], "y" => [1.5, 2.5, 3.5]).unwrap();
    let mut parquet = Vec::new();
    polars_io::parquet::write::ParquetWriter::new(&mut parquet).finish(&mut frame).unwrap();
    let mut arrow = Vec::new();
    polars_io::SerWriter::finish(
        &mut <polars_io::ipc::IpcWriter<_> as polars_io::SerWriter<_>>::new(&mut arrow),
        &mut frame,
    )
    .unwrap();
    vec![
        gzip.finish().unwrap(),
        zip,
        lines.into(),
        format!("[{}]", lines.trim().replace('\n', ",")).into(),
        html.into(),
        parquet,
        arrow,
    ]
}

/// The parts of a small workbook: names and contents.
pub fn workbook_parts() -> Vec<(String, Vec<u8>)> {
    let mut workbook = rust_xlsxwriter::Workbook::new();
    let date = rust_xlsxwriter::Format::new().set_num_format("yyyy-mm-dd");
    let sheet = workbook.add_worksheet();
    sheet.write_string(0, 0, "Report of May").unwrap();
    for (i, name) in ["InvoiceNo", "InvoiceDate", "Amount", "CustomerID"].iter().enumerate() {
        sheet.write_string(2, i as u16, *name).unwrap();
    }
    for row in 3..40u32 {
        sheet.write_number(row, 0, f64::from(536_000 + row)).unwrap();
        sheet.write_number_with_format(row, 1, f64::from(40_500 + row), &date).unwrap();
        sheet.write_formula(row, 2, rust_xlsxwriter::Formula::new("=1+2").set_result("3")).unwrap();
        sheet.write_string(row, 3, format!("c{}", row % 7)).unwrap();
    }
    sheet.merge_range(41, 0, 41, 3, "the end", &rust_xlsxwriter::Format::new()).unwrap();
    workbook.add_worksheet().write_string(0, 0, "another").unwrap();
    let bytes = workbook.save_to_buffer().unwrap();
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let count = archive.len();
    let part = |i: usize| {
        let mut file = archive.by_index(i).unwrap();
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).unwrap();
        (file.name().unwrap().into_owned(), bytes)
    };
    (0..count).map(part).collect()
}

/// An archive of these parts.
pub fn pack(parts: &[(String, Vec<u8>)]) -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in parts {
        archive.start_file(name.as_str(), zip::write::SimpleFileOptions::default()).unwrap();
        archive.write_all(bytes).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

pub fn values() -> Vec<&'static str> {
    vec![
        "1.234,56",
        "1,234.56",
        "1 234,56",
        "£1,234.50",
        "(12.00)",
        "12.00-",
        "12.5%",
        "1e-5",
        "EUR 12,50",
        "1'234.50",
        "17850.0",
        "00042",
        "9.12.2011",
        "12/1/2010 8:26",
        "2011-12-09T08:26:00.000Z",
        "9-Dec-11",
        "Dec 9, 2011",
        "19970101",
        "20111209082600",
        "12/9/2011 8:26 PM",
        "Fri, 09 Dec 2011",
        "9. Dezember 2011",
        "40521.35",
        "1323418800",
        "-",
        "NA",
    ]
}

pub fn recipes() -> Vec<Vec<u8>> {
    let mut full = Recipe::for_file("shop.csv");
    full.roles = Roles { customer_id: Some("Id".into()), date_format: Some("%d/%m/%Y".into()), ..Roles::default() };
    full.input.delimiter = Some(';');
    let steps =
        "\n[[clean.steps]]\nstep = \"filter\"\ncolumn = \"status\"\nop = \"equals\"\nvalues = [\"completed\"]\n";
    let with_steps = format!("version = 1\n[clean]\n{steps}");
    vec![full.to_toml().into_bytes(), Recipe::default().to_toml().into_bytes(), with_steps.into_bytes()]
}
