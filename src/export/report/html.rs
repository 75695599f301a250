//! The report as one HTML file: `assets/report/report.html` filled by minijinja, pictures within it.

use std::collections::BTreeMap;

use minijinja::syntax::SyntaxConfig;
use minijinja::value::Serde;
use minijinja::{AutoEscape, Environment, ErrorKind, Value};

use super::data::Report;
use crate::chart::base64;

const TEMPLATE: &str = include_str!("../../../assets/report/report.html");

/// The report as the text of an HTML file that needs no other. What comes from the data is escaped.
///
/// # Errors
/// What the template engine says where the template cannot be used.
pub fn render(report: &Report) -> Result<String, String> {
    let mut env = Environment::new();
    env.set_auto_escape_callback(|_| AutoEscape::Html);
    let syntax = SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build().map_err(|e| e.to_string())?;
    env.set_syntax(syntax);
    let files: BTreeMap<String, Value> = report
        .files
        .iter()
        .map(|file| {
            let ending = file.name.rsplit('.').next().unwrap_or_default();
            // The program's own pictures stand in the page itself, so that their texts are texts; a logo may be anything, and
            // as an image it can neither run anything nor touch the page.
            let own = ending == "svg" && Some(&file.name) != report.logo.as_ref();
            let text = if own {
                String::from_utf8_lossy(&file.bytes).into_owned()
            } else {
                let kind = match ending {
                    "svg" => "svg+xml",
                    "jpg" => "jpeg",
                    _ => "png",
                };
                format!("data:image/{kind};base64,{}", base64(&file.bytes))
            };
            (file.name.clone(), Value::from_safe_string(text))
        })
        .collect();
    env.add_function("picture", move |name: &str| {
        files
            .get(name)
            .cloned()
            .ok_or_else(|| minijinja::Error::new(ErrorKind::InvalidOperation, format!("there is no picture {name:?}")))
    });
    env.add_template("report.html", TEMPLATE).map_err(|e| e.to_string())?;
    let template = env.get_template("report.html").map_err(|e| e.to_string())?;
    template.render(Serde(report)).map_err(|e| e.to_string())
}
