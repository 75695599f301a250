//! `write_table`: a table to CSV, Excel and Parquet, read back by other means.

mod by_hand;

use std::fs;

use by_hand::table::{column, table};
use calamine::{Data, Reader, Xlsx, open_workbook};
use quintile::ctx::Ctx;
use quintile::export::write_table;
use quintile::intake::Table;
use quintile::intake::kind::ColumnKind;

#[test]
fn tables_convert_to_csv_typed_and_raw() {
    let root = tempfile::tempdir().unwrap();
    let path = root.path().join("t.csv");
    write_table(&table(), &path, false, &Ctx::silent()).unwrap();
    assert_eq!(
        fs::read_to_string(&path).unwrap(),
        "id,day,at,n,price,note\n\
         007,2011-12-09,2011-12-09T08:26:00,3,1.5,\"a,b\"\n\
         ,2011-12-10,2011-12-09T08:26:00,-2,1200,=1+1\n\
         008,,,,n/a,\n"
    );
    let bytes = write_table(&table(), &path, true, &Ctx::silent()).unwrap();
    let text = fs::read_to_string(&path).unwrap();
    assert_eq!(bytes, text.len() as u64);
    assert_eq!(
        text,
        "id,day,at,n,price,note\n\
         007,2011-12-09,2011-12-09 08:26,3,1.50,\"a,b\"\n\
         ,2011-12-10,2011-12-09 08:26,-2,1.2e3,=1+1\n\
         008,,,,n/a,\n"
    );
}

#[test]
fn tables_convert_to_excel_with_dates_and_text() {
    let root = tempfile::tempdir().unwrap();
    let path = root.path().join("t.xlsx");
    write_table(&table(), &path, false, &Ctx::silent()).unwrap();
    let mut book: Xlsx<_> = open_workbook(&path).unwrap();
    let name = book.sheet_names()[0].clone();
    assert!(book.worksheet_formula(&name).unwrap().is_empty());
    let sheet = book.worksheet_range(&name).unwrap();
    assert_eq!(sheet.get((1, 0)), Some(&Data::String("007".into())));
    assert_eq!(sheet.get((2, 0)).unwrap_or(&Data::Empty), &Data::Empty);
    let Some(Data::DateTime(day)) = sheet.get((1, 1)) else { panic!("{:?}", sheet.get((1, 1))) };
    assert_eq!(day.as_datetime().unwrap().to_string(), "2011-12-09 00:00:00");
    let Some(Data::DateTime(at)) = sheet.get((1, 2)) else { panic!("{:?}", sheet.get((1, 2))) };
    assert_eq!(at.as_datetime().unwrap().to_string(), "2011-12-09 08:26:00");
    assert_eq!(sheet.get((2, 3)), Some(&Data::Float(-2.0)));
    assert_eq!(sheet.get((3, 4)), Some(&Data::String("n/a".into())));
    assert_eq!(sheet.get((2, 5)), Some(&Data::String("=1+1".into())));
    write_table(&table(), &path, true, &Ctx::silent()).unwrap();
    let mut book: Xlsx<_> = open_workbook(&path).unwrap();
    let sheet = book.worksheet_range(&name).unwrap();
    assert_eq!(sheet.get((1, 4)), Some(&Data::String("1.50".into())));
}

#[test]
fn tables_convert_to_parquet() {
    use polars::prelude::{DataType, TimeUnit};
    use polars_io::SerReader;
    let root = tempfile::tempdir().unwrap();
    let path = root.path().join("t.parquet");
    let read = || polars_io::parquet::read::ParquetReader::new(fs::File::open(&path).unwrap()).finish().unwrap();
    write_table(&table(), &path, false, &Ctx::silent()).unwrap();
    let frame = read();
    assert_eq!(
        frame.dtypes(),
        [
            DataType::String,
            DataType::Date,
            DataType::Datetime(TimeUnit::Milliseconds, None),
            DataType::Int64,
            DataType::Float64,
            DataType::String
        ]
    );
    let cell = |name: &str, row: usize| frame.column(name).unwrap().get(row).unwrap().to_string();
    assert_eq!(cell("id", 0), "\"007\"");
    assert_eq!(cell("id", 1), "null");
    assert_eq!(cell("day", 1), "2011-12-10");
    assert_eq!(cell("at", 0), "2011-12-09 08:26:00");
    assert_eq!(cell("n", 1), "-2");
    assert_eq!(cell("price", 1), "1200.0");
    assert_eq!(cell("price", 2), "null");
    write_table(&table(), &path, true, &Ctx::silent()).unwrap();
    let frame = read();
    assert!(frame.dtypes().iter().all(|t| *t == DataType::String));
    assert_eq!(frame.column("price").unwrap().get(0).unwrap().to_string(), "\"1.50\"");
}

#[test]
fn an_unknown_extension_is_refused() {
    let root = tempfile::tempdir().unwrap();
    let error = write_table(&table(), &root.path().join("t.ods"), false, &Ctx::silent()).unwrap_err();
    assert!(error.to_string().contains(".csv, .parquet or .xlsx"), "{error}");
    assert_eq!(fs::read_dir(root.path()).unwrap().count(), 0);
}

/// Digits beyond 2^53 would be rounded as numbers; they stay what they are in every format.
#[test]
fn long_numbers_keep_all_their_digits() {
    use polars_io::SerReader;
    let whole = ColumnKind::number(true);
    let columns = vec![
        column("barcode", whole.clone(), ["12345678901234567890", "7", ""]),
        column("large", whole, ["1e20", "7", ""]),
    ];
    let table = Table { columns, rows: 3 };
    let root = tempfile::tempdir().unwrap();
    let path = root.path().join("t.csv");
    write_table(&table, &path, false, &Ctx::silent()).unwrap();
    let text = fs::read_to_string(&path).unwrap();
    assert_eq!(text, "barcode,large\n12345678901234567890,100000000000000000000\n7,7\n,\n");
    let path = root.path().join("t.parquet");
    write_table(&table, &path, false, &Ctx::silent()).unwrap();
    let frame = polars_io::parquet::read::ParquetReader::new(fs::File::open(&path).unwrap()).finish().unwrap();
    assert_eq!(frame.column("barcode").unwrap().get(0).unwrap().to_string(), "\"12345678901234567890\"");
    assert_eq!(frame.column("large").unwrap().f64().unwrap().get(0), Some(1e20));
    let path = root.path().join("t.xlsx");
    write_table(&table, &path, false, &Ctx::silent()).unwrap();
    let mut book: Xlsx<_> = open_workbook(&path).unwrap();
    let sheet = book.worksheet_range_at(0).unwrap().unwrap();
    assert_eq!(sheet.get((1, 0)), Some(&Data::String("12345678901234567890".into())));
}
