//! Formats shared by the sheets.

use rust_xlsxwriter::{Color, Format, FormatAlign, FormatBorder};

use crate::export::SEGMENT_COLOURS;
use crate::rfm::{Feature, Unit};

/// Those who belong to no cluster: grey, as they are no group of a kind.
const NOISE: u32 = 0xbfbfbf;
const INK: u32 = 0x1f2a37;
const QUIET: u32 = 0x5b6673;
const RULE: u32 = 0xc9d1da;
const HEAD: u32 = 0xe8edf2;

/// One format per use.
pub(super) struct Style {
    pub title: Format,
    pub subtitle: Format,
    pub heading: Format,
    /// The head of a column of texts, and of one of numbers.
    pub header: Format,
    pub header_right: Format,
    pub header_centred: Format,
    /// The head of a table with buttons to filter.
    pub header_table: Format,
    pub label: Format,
    pub text: Format,
    pub plain: Format,
    pub text_indented: Format,
    /// Texts of several lines beside numbers.
    pub cell_text: Format,
    pub wrapped: Format,
    pub wrapped_indented: Format,
    pub list_count: Format,
    pub list_money: Format,
    pub list_share: Format,
    pub mono: Format,
    pub link: Format,
    pub name_link: Format,
    pub fact_label: Format,
    pub fact: Format,
    pub fact_count: Format,
    pub fact_money: Format,
    pub count: Format,
    pub number: Format,
    pub money: Format,
    /// Money without cents.
    pub money_whole: Format,
    pub share: Format,
    pub day: Format,
    /// Scores and numbers of clusters.
    pub centred: Format,
    pub month: Format,
    /// Standard deviations from a mean, with their sign.
    pub difference: Format,
    pub total: Format,
    pub total_count: Format,
    pub total_money: Format,
    pub total_share: Format,
    /// Medians of everyone.
    pub total_days: Format,
    pub total_cents: Format,
}

impl Style {
    /// `currency` is the sign of the money, if there is one.
    pub fn new(currency: Option<&str>) -> Self {
        // A sign in quotes cannot be read as a code of the number format.
        let sign = currency.filter(|c| !c.is_empty()).map(|c| format!("\"{}\"", c.replace('"', "")));
        let sign = sign.unwrap_or_default();
        let money = format!("{sign}#,##0.00;-{sign}#,##0.00");
        let whole = format!("{sign}#,##0;-{sign}#,##0");
        let middle = || Format::new().set_align(FormatAlign::VerticalCenter).set_font_color(Color::RGB(INK));
        let top = || Format::new().set_align(FormatAlign::Top).set_font_color(Color::RGB(INK));
        let header = || {
            middle()
                .set_bold()
                .set_text_wrap()
                .set_background_color(Color::RGB(HEAD))
                .set_border_bottom(FormatBorder::Thin)
                .set_border_bottom_color(Color::RGB(RULE))
        };
        let total = || middle().set_bold().set_border_top(FormatBorder::Thin);
        let fact = || middle().set_bold().set_font_size(15).set_align(FormatAlign::Left);
        Style {
            title: middle().set_bold().set_font_size(20),
            subtitle: middle().set_font_color(Color::RGB(QUIET)),
            heading: middle().set_bold().set_font_size(13),
            header: header().set_indent(1),
            header_right: header().set_align(FormatAlign::Right),
            header_centred: header().set_align(FormatAlign::Center),
            header_table: header(),
            label: top().set_bold(),
            text: top(),
            plain: middle(),
            text_indented: middle().set_indent(1),
            cell_text: middle().set_text_wrap().set_indent(1).set_align(FormatAlign::Left),
            wrapped: top().set_text_wrap(),
            wrapped_indented: top().set_text_wrap().set_indent(1),
            list_count: top().set_num_format("#,##0"),
            list_money: top().set_num_format(&money),
            list_share: top().set_num_format("0.0%"),
            mono: top().set_font_name("Consolas").set_font_size(9),
            link: middle().set_font_color(Color::RGB(0x1f5fa8)),
            name_link: middle().set_font_color(Color::RGB(0x1f5fa8)).set_bold().set_indent(1),
            fact_label: middle().set_font_color(Color::RGB(QUIET)).set_font_size(10).set_align(FormatAlign::Left),
            fact: fact(),
            fact_count: fact().set_num_format("#,##0"),
            fact_money: fact().set_num_format(&whole),
            count: middle().set_num_format("#,##0"),
            number: middle().set_num_format("#,##0.0"),
            money: middle().set_num_format(&money),
            money_whole: middle().set_num_format(&whole),
            share: middle().set_num_format("0.0%"),
            day: middle().set_num_format("yyyy-mm-dd").set_align(FormatAlign::Center),
            centred: middle().set_align(FormatAlign::Center),
            month: top().set_num_format("mmm yyyy").set_align(FormatAlign::Left),
            difference: middle().set_num_format("+0.0;-0.0;0.0").set_align(FormatAlign::Center),
            total: total().set_indent(1),
            total_count: total().set_num_format("#,##0"),
            total_money: total().set_num_format(&whole),
            total_share: total().set_num_format("0.0%"),
            total_days: total().set_num_format("#,##0.0"),
            total_cents: total().set_num_format(&money),
        }
    }

    /// The format of a feature's own values.
    pub fn feature(&self, feature: &Feature) -> &Format {
        let whole = || feature.values.iter().all(|v| v.fract() == 0.0 || !v.is_finite());
        match feature.unit {
            Unit::Money => &self.money,
            Unit::Share => &self.share,
            Unit::Days | Unit::Count | Unit::Number if whole() => &self.count,
            Unit::Days | Unit::Count => &self.number,
            // A number of any size.
            _ => &self.plain,
        }
    }

    /// The format of one statistic of a feature; a median of whole numbers may end in a half.
    pub fn statistic(&self, unit: Unit, value: f64) -> &Format {
        match unit {
            Unit::Money if value.abs() >= 100.0 => &self.money_whole,
            Unit::Money => &self.money,
            Unit::Share => &self.share,
            _ if value.fract() == 0.0 => &self.count,
            _ => &self.number,
        }
    }

    /// The format of one statistic of everyone.
    pub fn statistic_of_all(&self, unit: Unit, value: f64) -> &Format {
        match unit {
            Unit::Money if value.abs() >= 100.0 => &self.total_money,
            Unit::Money => &self.total_cents,
            Unit::Share => &self.total_share,
            _ if value.fract() == 0.0 => &self.total_count,
            _ => &self.total_days,
        }
    }

    /// The cell of a segment's number in the segment's colour.
    pub fn swatch(&self, colour: u32) -> Format {
        self.band(colour).set_align(FormatAlign::Center)
    }

    /// Bold text on a segment's colour.
    pub fn band(&self, colour: u32) -> Format {
        let [_, r, g, b] = colour.to_be_bytes().map(f64::from);
        // Rec. 601 luma: black on light colours, white on dark ones.
        let text = if 0.299 * r + 0.587 * g + 0.114 * b > 140.0 { Color::Black } else { Color::White };
        Format::new()
            .set_bold()
            .set_align(FormatAlign::VerticalCenter)
            .set_background_color(Color::RGB(colour))
            .set_font_color(text)
    }
}

/// The colour of a segment by its place, counted from 1.
pub(super) fn colour(place: usize, noise: bool) -> u32 {
    if noise { NOISE } else { SEGMENT_COLOURS[(place - 1) % SEGMENT_COLOURS.len()] }
}
