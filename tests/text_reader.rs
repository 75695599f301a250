//! Files with one fault each: separators, quotes, escapes, titles, headers, rows that do not fit. What is read has to
//! be the table that was written.

use std::path::PathBuf;

use quintile::ctx::Ctx;
use quintile::intake::{self, IntakeOut, Table};
use quintile::recipe::Input;

const NAMES: [&str; 9] = ["DAY", "CLOCK", "Pieces", "ARTICLE", "Cost", "Kind", "Long text", "Link", "Remark"];

/// A shop's rows: dates, times, numbers, codes, and texts with every separator in them.
fn rows() -> Vec<Vec<String>> {
    let texts = ["Soft chair, blue", "Lamp \"Nova\", 40 cm", "Simple", "Table; round", "A 5\" screw, long"];
    let row = |i: usize| {
        vec![
            format!("{:02}/{:02}/2019", i % 12 + 1, i % 28 + 1),
            format!("{:02}:{:02}", 8 + i % 12, (i * 7) % 60),
            (i % 9 + 1).to_string(),
            format!("{}-{}-A", 10 + i % 80, 1000 + i * 37),
            format!("{}.{:02}", i % 97, (i * 13) % 100),
            ["Chair", "Lamp", "Garden table"][i % 3].to_string(),
            texts[i % 5].to_string(),
            format!("http://shop.example/p?id={i}"),
            ["", "", "sent late", "ok, paid"][i % 4].to_string(),
        ]
    };
    (0..60).map(row).collect()
}

fn names() -> Vec<String> {
    NAMES.iter().map(|n| n.to_string()).collect()
}

/// How a file is written.
#[derive(Clone, Copy)]
struct Style {
    separator: &'static str,
    quote: char,
    /// Before a quote inside a quoted cell; empty for none.
    escape: &'static str,
    newline: &'static str,
    quote_all: bool,
}

const CSV: Style = Style { separator: ",", quote: '"', escape: "\"", newline: "\r\n", quote_all: false };

impl Style {
    fn cell(self, cell: &str) -> String {
        let special =
            cell.contains(self.separator) || cell.contains(self.quote) || (self.separator == " " && cell.is_empty());
        if !special && !self.quote_all {
            return cell.to_string();
        }
        let inside = cell.replace(self.quote, &format!("{}{}", self.escape, self.quote));
        format!("{0}{inside}{0}", self.quote)
    }

    fn line(self, cells: &[String]) -> String {
        let cells: Vec<String> = cells.iter().map(|c| self.cell(c)).collect();
        cells.join(self.separator) + self.newline
    }

    fn file(self) -> String {
        self.line(&names()) + &rows().iter().map(|r| self.line(r)).collect::<String>()
    }
}

fn read(text: &str) -> IntakeOut {
    read_with(text, Input::default())
}

fn read_with(text: &str, input: Input) -> IntakeOut {
    let file = tempfile::Builder::new().suffix(".csv").tempfile().unwrap();
    std::fs::write(file.path(), text).unwrap();
    let input = Input { files: vec![PathBuf::from(file.path())], ..input };
    intake::read(&input, &Ctx::silent()).unwrap()
}

fn cells(table: &Table) -> Vec<Vec<String>> {
    (0..table.rows).map(|r| table.columns.iter().map(|c| c.text(r).to_string()).collect()).collect()
}

#[track_caller]
fn assert_read(text: &str, what: &str) {
    let out = read(text);
    let found: Vec<&str> = out.table.columns.iter().map(|c| c.name.as_str()).collect();
    assert_eq!(found, NAMES, "{what}");
    for (i, (found, written)) in cells(&out.table).iter().zip(rows()).enumerate() {
        assert_eq!(*found, written, "{what}, row {i}");
    }
    assert_eq!(out.table.rows, rows().len(), "{what}");
}

#[test]
fn every_dialect_reads_as_written() {
    for separator in [",", ";", "\t", "|", " ", ", ", "^", "~", "\u{1f}"] {
        for (quote, escape) in [('"', "\""), ('"', "\\"), ('"', ""), ('\'', "'")] {
            // A quote before a space ends a cell there; only an escape could say otherwise.
            if separator == " " && escape.is_empty() {
                continue;
            }
            for quote_all in [false, true] {
                for newline in ["\n", "\r\n", "\r"] {
                    let style = Style { separator, quote, escape, newline, quote_all };
                    let what = format!("{separator:?} {quote:?} {escape:?} {newline:?} {quote_all}");
                    assert_read(&style.file(), &what);
                }
            }
        }
    }
}

#[test]
fn titles_blank_rows_and_line_ends_around_the_table() {
    let file = CSV.file();
    assert_read(file.trim_end(), "no newline at the end");
    assert_read(&format!("{file}\r\n\r\n"), "blank lines at the end");
    assert_read(&format!("Report of the shop\r\nmade in May, for all\r\n\r\n{file}"), "titles");
    assert_read(&format!("Report,,,,,,,,\r\n,,,,,,,,\r\n{file}"), "titles filled up with separators");
    assert_read(&format!("# made by a program\r\n# on Monday\r\n{file}"), "comments");
    assert_read(&format!("sep=,\r\n{file}"), "the line that Excel writes");
    assert_read(&file.replace("CLOCK", "CLOCK\0"), "NUL characters");
    let out = read(&format!("Report of the shop\r\n\r\n{file}"));
    assert_eq!(out.reports[0].preamble, ["Report of the shop"]);
    assert_eq!((out.reports[0].first_line, out.reports[0].header_rows), (3, 1));
}

#[test]
fn a_file_without_names_keeps_its_first_row() {
    let body: String = rows().iter().map(|r| CSV.line(r)).collect();
    let out = read(&body);
    assert!(!out.reports[0].header);
    assert_eq!(cells(&out.table), rows());
}

#[test]
fn a_quote_too_many_damages_no_other_cell() {
    for quote_all in [false, true] {
        let style = Style { quote_all, ..CSV };
        let lines: Vec<String> = std::iter::once(names()).chain(rows()).map(|r| style.line(&r)).collect();
        for (row, line) in lines.iter().enumerate().skip(1) {
            for column in 0..NAMES.len() {
                let mut written: Vec<String> = rows()[row - 1].iter().map(|c| style.cell(c)).collect();
                let at = written[column].len() / 2;
                written[column].insert(at, '"');
                let mut file = lines.clone();
                file[row] = written.join(",") + "\r\n";
                let out = read(&file.concat());
                let what = format!("row {row}, column {column}: {}", file[row]);
                assert_eq!(out.table.rows, rows().len(), "{what}");
                let found = cells(&out.table);
                for (r, whole) in rows().iter().enumerate() {
                    for (c, cell) in whole.iter().enumerate().filter(|(c, _)| (r + 1, *c) != (row, column)) {
                        assert_eq!(found[r][c], *cell, "{what}");
                    }
                }
                assert!(line != &file[row]);
            }
        }
    }
}

#[test]
fn rows_too_long_or_too_short_are_listed_and_harm_no_other() {
    let lines: Vec<String> = std::iter::once(names()).chain(rows()).map(|r| CSV.line(&r)).collect();
    for row in [1, 7, 60] {
        for column in 1..NAMES.len() {
            for more in [false, true] {
                let mut written: Vec<String> = rows()[row - 1].iter().map(|c| CSV.cell(c)).collect();
                if more {
                    written.insert(column, "extra".into());
                } else {
                    written.remove(column);
                }
                let mut file = lines.clone();
                file[row] = written.join(",") + "\r\n";
                let out = read(&file.concat());
                let report = &out.reports[0];
                assert_eq!((out.table.rows, report.rejected, report.ragged_rows), (60, 1, 1), "{row} {column} {more}");
                assert_eq!((report.rejects[0].line, report.rejects[0].row), (row + 1, Some(row - 1)));
                assert_eq!(report.rejects[0].text, file[row].trim_end());
                for (r, whole) in rows().iter().enumerate().filter(|(r, _)| r + 1 != row) {
                    assert_eq!(cells(&out.table)[r], *whole);
                }
                assert_eq!(out.table.extra.len(), usize::from(more));
            }
        }
    }
}

#[test]
fn a_row_with_another_separator_is_read_and_said() {
    let lines: Vec<String> = std::iter::once(names()).chain(rows()).map(|r| CSV.line(&r)).collect();
    for separator in [" ", ";", "\t"] {
        for row in [0, 5, 59] {
            let style = Style { separator, quote_all: separator == " ", ..CSV };
            let mut file = lines.clone();
            file[row] = style.line(&std::iter::once(names()).chain(rows()).nth(row).unwrap());
            assert_read(&file.concat(), &format!("{separator:?} in row {row}"));
        }
    }
}

#[test]
fn a_file_cut_in_the_middle_of_a_row_says_so() {
    let file = CSV.file();
    let out = read(&file[..file.len() - 60]);
    let last = out.reports[0].rejects.last().unwrap();
    assert!(last.reason.contains("ends in the middle"), "{}", last.reason);
}

#[test]
fn what_the_user_says_comes_first() {
    let given = |input: Input| read_with("a;b,c\n1;2,3\n4;5,6\n", input).table.columns.len();
    assert_eq!(given(Input { delimiter: Some(';'), ..Input::default() }), 2);
    assert_eq!(given(Input { delimiter: Some('|'), ..Input::default() }), 1);
    let out = read_with("x\ny\na,b\n1,2\n", Input { skip_rows: Some(2), ..Input::default() });
    assert_eq!(out.table.columns[1].name, "b");
    let out = read_with("a,b\nc,d\n1,2\n", Input { header_rows: Some(2), ..Input::default() });
    assert_eq!(out.table.columns[0].name, "a c");
    let out = read_with("a,b\n1,2\n", Input { header: Some(false), ..Input::default() });
    assert_eq!(out.table.rows, 2);
    let quote = Input { quote: Some(String::new()), ..Input::default() };
    assert_eq!(read_with("a,b\n\"1\",2\n", quote).table.columns[0].text(0), "\"1\"");
    for bad in ["ab", "é", "\n"] {
        let input = Input { files: vec!["x.csv".into()], quote: Some(bad.into()), ..Input::default() };
        assert!(intake::read(&input, &Ctx::silent()).is_err());
    }
}

#[test]
fn totals_and_notes_below_the_table_are_left_out_unless_wanted() {
    let mut text = String::from("id,date,amount\n");
    (0..20).for_each(|i| text.push_str(&format!("c{i},2011-01-{:02},5\n", i + 1)));
    text.push_str("Total,,100\n,,\nMade by the till,,\n");
    let out = read(&text);
    assert_eq!((out.table.rows, out.reports[0].totals.len(), out.reports[0].footer.len()), (20, 1, 1));
    let out = read_with(&text, Input { keep_totals: Some(true), ..Input::default() });
    assert_eq!(out.table.rows, 22);
}

#[test]
fn the_head_of_a_large_file_is_read_as_the_whole_would_be() {
    let mut text = String::from("Report of May\n\n") + &CSV.line(&names());
    for i in 0..20_000 {
        text.push_str(&CSV.line(&rows()[i % 60]));
    }
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), &text).unwrap();
    let input = Input { files: vec![PathBuf::from(file.path())], ..Input::default() };
    let head = intake::preview(&input, &Ctx::silent()).unwrap().expect("a large text file has a head");
    let whole = intake::read(&input, &Ctx::silent()).unwrap();
    assert!(head.table.rows > 1000 && head.table.rows < whole.table.rows);
    assert_eq!(cells(&head.table)[..100], cells(&whole.table)[..100]);
    assert_eq!(head.reports[0].preamble, whole.reports[0].preamble);
    assert_eq!(head.reports[0].bytes, whole.reports[0].bytes);
    assert!(intake::preview(&Input { files: vec!["no such file".into()], ..input.clone() }, &Ctx::silent()).is_err());
    std::fs::write(file.path(), CSV.file()).unwrap();
    assert!(intake::preview(&input, &Ctx::silent()).unwrap().is_none(), "small files are read whole");
}

#[test]
fn numbers_with_thousands_commas_and_no_quotes_are_put_together() {
    let mut text = String::from("customer,day,order,amount\n");
    (0..40).for_each(|i| {
        text.push_str(&format!("{},2023-01-{:02},{i},{},{:03}.50\n", 100 + i, i % 28 + 1, i % 9 + 1, i * 7))
    });
    let out = read(&text);
    assert_eq!((out.table.columns.len(), out.table.rows), (4, 40));
    assert_eq!(out.table.columns[3].text(3), "4,021.50");
    assert_eq!(out.table.columns[3].numbers()[out.table.columns[3].codes[3] as usize], 4021.5);
    assert_eq!(out.reports[0].rejected, 40);
}
