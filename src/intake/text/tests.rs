use super::*;

fn read_text(text: &[u8]) -> Table {
    read(Path::new("x.csv"), text.to_vec(), &Input::default(), &Ctx::silent()).unwrap().0
}

fn cells(table: &Table, column: usize) -> Vec<&str> {
    (0..table.rows).map(|r| table.columns[column].text(r)).collect()
}

#[test]
fn quotes_newlines_and_short_rows() {
    let table = read_text(b"id,note\r\n1,\"a \"\"b\"\"\r\nc\"\r\n2\r\n\r\n3,d,e\r\n4,5\" pipe\r\n5,\"x\"y\n");
    assert_eq!(cells(&table, 0), ["1", "2", "3", "4", "5"]);
    assert_eq!(cells(&table, 1), ["a \"b\"\r\nc", "", "d", "5\" pipe", "\"x\"y"]);
}

#[test]
fn cells_keep_their_spaces_and_other_alphabets() {
    let table = read_text(b"id,name\n1, caf\xe9 \n2,Gr\xfc\xdfe\n");
    assert_eq!(cells(&table, 1), [" café ", "Grüße"]);
    let wide: Vec<u8> =
        [0xff, 0xfe].into_iter().chain("id,x\n1,ы\n".encode_utf16().flat_map(u16::to_le_bytes)).collect();
    assert_eq!(cells(&read_text(&wide), 1), ["ы"]);
}

#[test]
fn an_unclosed_quote_and_an_empty_file_are_no_panic() {
    let table = read_text(b"id,x\n1,\"never closed\n2,b\n");
    assert_eq!((cells(&table, 0), cells(&table, 1)), (vec!["1", "2"], vec!["\"never closed", "b"]));
    assert!(read(Path::new("x"), b"\n \n".to_vec(), &Input::default(), &Ctx::silent()).is_err());
    assert_eq!(read_text(b"id,x\n").rows, 0);
}

/// Large enough for several pieces: the same cells must come out as from one thread and one piece.
#[test]
fn pieces_change_nothing() {
    let mut text = String::from("id,a,b\n");
    let mut expected = Vec::new();
    for i in 0..400_000 {
        let b = if i % 7 == 0 { format!("\"line {i}\nwith, \"\"quotes\"\"\"") } else { format!("plain {}", i % 1000) };
        text.push_str(&format!("{i},{},{b}\n", i % 13));
        if i % 7 == 0 {
            expected.push((i, format!("line {i}\nwith, \"quotes\"")));
        }
    }
    assert!(text.len() > 8 << 20);
    let table = read_text(text.as_bytes());
    assert_eq!(table.rows, 400_000);
    for (row, b) in expected {
        assert_eq!(table.columns[0].text(row), row.to_string());
        assert_eq!(table.columns[2].text(row), b);
    }
    // One stray quote makes the cuts unreliable; the reader has to notice.
    let stray = text.replacen("plain 1\n", "5\" plain\n", 1);
    let table = read_text(stray.as_bytes());
    assert_eq!(table.rows, 400_000);
    assert_eq!(table.columns[2].text(1), "5\" plain");
}
