//! A PDF as poppler's programs read it.

use std::path::Path;
use std::process::Command;

/// Text, outline and a small grey picture of each page.
pub struct Paper {
    /// Text in reading order.
    pub pages: Vec<String>,
    /// Titles and pages (from 1) of the bookmarks.
    pub outline: Vec<(String, usize)>,
    pictures: Vec<Grey>,
}

struct Grey {
    width: usize,
    pixels: Vec<u8>,
}

/// Points per inch of the pictures.
const RESOLUTION: usize = 36;
/// Without ink on all sides, in millimetres.
const MARGIN: usize = 8;

impl Paper {
    /// `None`, and a line that says so, where poppler is not installed.
    pub fn read(path: &Path) -> Option<Paper> {
        let run = |program: &str, args: &[&str]| {
            let output = Command::new(program).args(args).output().ok()?;
            assert!(output.status.success(), "{program}: {}", String::from_utf8_lossy(&output.stderr));
            Some(output.stdout)
        };
        let file = path.display().to_string();
        let Some(text) = run("pdftotext", &["-enc", "UTF-8", "-layout", &file, "-"]) else {
            println!("skipped: pdftotext and pdftoppm (poppler-utils) are not installed");
            return None;
        };
        let text = String::from_utf8(text).unwrap();
        let pages = text.trim_end_matches('\u{c}').split('\u{c}').map(|page| page.replace('\u{200b}', "")).collect();
        let resolution = RESOLUTION.to_string();
        let drawn = run("pdftoppm", &["-gray", "-r", &resolution, &file])?;
        let outline = run("pdftohtml", &["-xml", "-i", "-stdout", "-enc", "UTF-8", &file])?;
        Some(Paper { pages, outline: outline_of(&String::from_utf8_lossy(&outline)), pictures: greys(&drawn) })
    }

    /// Fails where a page but the last, which ends where the text does, is nearly empty, has no text, or has ink where the margins are.
    pub fn check(&self) {
        assert_eq!(self.pages.len(), self.pictures.len());
        assert!(!self.outline.is_empty(), "there are no bookmarks");
        for (i, (text, picture)) in self.pages.iter().zip(&self.pictures).enumerate() {
            let letters = text.chars().filter(|c| c.is_alphanumeric()).count();
            let last = i + 1 == self.pages.len();
            assert!(letters >= if last { 40 } else { 150 }, "page {} has {letters} letters:\n{text}", i + 1);
            let number = format!("{}/{}", i + 1, self.pages.len());
            assert!(text.replace(' ', "").contains(&number), "page {} has no number {number}", i + 1);
            let margin = MARGIN * RESOLUTION * 10 / 254;
            let high = picture.pixels.len() / picture.width;
            let mut lowest = 0;
            for (at, grey) in picture.pixels.iter().enumerate() {
                let (x, y) = (at % picture.width, at / picture.width);
                let inside = (margin..picture.width - margin).contains(&x) && (margin..high - margin).contains(&y);
                assert!(inside || *grey > 245, "page {} has ink in the margin at {x}, {y}", i + 1);
                // The foot does not count.
                if *grey < 200 && y < high * 93 / 100 {
                    lowest = lowest.max(y);
                }
            }
            assert!(last || lowest > high / 6, "page {} is almost empty", i + 1);
        }
    }
}

/// `<item page="3">Name</item>`, nested in `<outline>`.
fn outline_of(xml: &str) -> Vec<(String, usize)> {
    let plain =
        |text: &str| text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&amp;", "&");
    xml.split("<item page=\"")
        .skip(1)
        .filter_map(|item| {
            let (page, rest) = item.split_once("\">")?;
            let (title, _) = rest.split_once("</item>")?;
            Some((plain(title).replace('\u{200b}', ""), page.parse().ok()?))
        })
        .collect()
}

/// Pictures in PGM (P5), one behind the other.
fn greys(mut data: &[u8]) -> Vec<Grey> {
    let mut out = Vec::new();
    while data.starts_with(b"P5") {
        let mut numbers = [0; 3];
        let mut at = 2;
        for number in &mut numbers {
            while data[at].is_ascii_whitespace() {
                at += 1;
            }
            while data[at].is_ascii_digit() {
                *number = *number * 10 + usize::from(data[at] - b'0');
                at += 1;
            }
        }
        let [width, height, _] = numbers;
        out.push(Grey { width, pixels: data[at + 1..at + 1 + width * height].to_vec() });
        data = &data[at + 1 + width * height..];
    }
    out
}
