//! Other names for the columns of an expression.

use super::compile::names_in;
use super::engine::quoted;
use super::error::Checked;
use super::lexer::{TokenKind, tokens};

/// The expression with other names for its columns or features; everything else stays as it was written.
///
/// # Errors
/// It is no expression.
pub fn renamed(expression: &str, name: &dyn Fn(&str) -> Option<String>) -> Checked<String> {
    let columns = names_in(expression)?;
    let tokens = tokens(expression)?;
    let mut out = expression.to_string();
    // From the end, so that the places before stay what they are.
    for (i, token) in tokens.iter().enumerate().rev() {
        let is_call = tokens.get(i + 1).is_some_and(|next| next.kind == TokenKind::Open);
        let is_name = token.kind == TokenKind::Quoted || (token.kind == TokenKind::Word && !is_call);
        let written = token.name(expression);
        if is_name
            && columns.contains(&written)
            && let Some(new) = name(&written)
        {
            out.replace_range(token.at.clone(), &quoted(&new));
        }
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_change() {
        let name = |old: &str| match old {
            "Quantity" => Some("Qty sold".to_string()),
            "sum" => Some("total".to_string()),
            _ => None,
        };
        let of = |expression: &str| renamed(expression, &name).unwrap();
        assert_eq!(of("Quantity * UnitPrice"), "\"Qty sold\" * UnitPrice");
        assert_eq!(of("SUM(Quantity) / \"sum\""), "SUM(\"Qty sold\") / total");
        assert_eq!(
            of("CASE WHEN a = 'Quantity' THEN Quantity ELSE 0 END"),
            "CASE WHEN a = 'Quantity' THEN \"Qty sold\" ELSE 0 END"
        );
        assert!(renamed("SELECT (", &name).is_err());
    }
}
