//! Formats shared by the sheets.

use rust_xlsxwriter::{Color, Format, FormatAlign, FormatBorder};

use crate::export::SEGMENT_COLOURS;
use crate::rfm::{Feature, Unit};

/// One format per use.
pub(super) struct Style {
    pub title: Format,
    pub subtitle: Format,
    pub heading: Format,
    pub header: Format,
    pub label: Format,
    pub text: Format,
    pub wrapped: Format,
    pub mono: Format,
    pub fact_count: Format,
    pub fact_money: Format,
    pub count: Format,
    pub number: Format,
    pub money: Format,
    pub share: Format,
    pub total: Format,
    /// Beside numbers, which end where a text would begin.
    pub header_indented: Format,
    pub text_indented: Format,
    /// The head of a column of numbers.
    pub header_right: Format,
    pub total_count: Format,
    pub total_money: Format,
    pub total_share: Format,
}

impl Style {
    /// `currency` is the file's own sign, if it has one.
    pub fn new(currency: Option<&str>) -> Self {
        // A sign in quotes cannot be read as a code of the number format.
        let sign = currency.map(|c| format!("\"{}\"", c.replace('"', ""))).unwrap_or_default();
        let money = format!("{sign}#,##0.00;-{sign}#,##0.00");
        let top = || Format::new().set_align(FormatAlign::Top);
        let middle = || Format::new().set_align(FormatAlign::VerticalCenter);
        let header = || {
            Format::new()
                .set_bold()
                .set_text_wrap()
                .set_align(FormatAlign::VerticalCenter)
                .set_background_color(Color::RGB(0xe8edf2))
                .set_border_bottom(FormatBorder::Thin)
        };
        let total = || Format::new().set_bold().set_border_top(FormatBorder::Thin);
        Style {
            title: Format::new().set_bold().set_font_size(18),
            subtitle: Format::new().set_font_color(Color::RGB(0x595959)),
            heading: Format::new().set_bold().set_font_size(13),
            header: header(),
            header_indented: header().set_indent(1),
            text_indented: top().set_indent(1),
            header_right: header().set_align(FormatAlign::Right),
            label: top().set_bold(),
            text: top(),
            wrapped: middle().set_text_wrap().set_indent(1),
            mono: top().set_font_name("Consolas").set_font_size(9),
            fact_count: top().set_align(FormatAlign::Left).set_num_format("#,##0"),
            fact_money: top().set_align(FormatAlign::Left).set_num_format(&money),
            count: middle().set_num_format("#,##0"),
            number: middle().set_num_format("#,##0.0"),
            money: middle().set_num_format(&money),
            share: middle().set_num_format("0.0%"),
            total: total(),
            total_count: total().set_num_format("#,##0"),
            total_money: total().set_num_format(&money),
            total_share: total().set_num_format("0.0%"),
        }
    }

    /// The format of a feature's own values.
    pub fn feature(&self, feature: &Feature) -> &Format {
        match feature.unit {
            Unit::Money => &self.money,
            Unit::Share => &self.share,
            Unit::Days | Unit::Count if feature.values.iter().all(|v| v.fract() == 0.0) => &self.count,
            _ => &self.number,
        }
    }

    /// The format of one statistic of a feature; a median of whole numbers may end in a half.
    pub fn statistic(&self, unit: Unit, value: f64) -> &Format {
        match unit {
            Unit::Money => &self.money,
            _ if value.fract() == 0.0 => &self.count,
            _ => &self.number,
        }
    }

    /// The cell of a cluster's number in the cluster's colour.
    pub fn swatch(&self, cluster: usize) -> Format {
        let colour = colour(cluster);
        let [_, r, g, b] = colour.to_be_bytes().map(f64::from);
        // Rec. 601 luma: black on light colours, white on dark ones.
        let text = if 0.299 * r + 0.587 * g + 0.114 * b > 140.0 { Color::Black } else { Color::White };
        Format::new()
            .set_bold()
            .set_align(FormatAlign::VerticalCenter)
            .set_align(FormatAlign::Center)
            .set_align(FormatAlign::Top)
            .set_background_color(Color::RGB(colour))
            .set_font_color(text)
    }
}

/// The colour of a cluster, counted from 1.
pub(super) fn colour(cluster: usize) -> u32 {
    SEGMENT_COLOURS[(cluster - 1) % SEGMENT_COLOURS.len()]
}
