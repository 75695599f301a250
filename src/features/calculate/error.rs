//! What is wrong with an expression, and where.

use std::ops::Range;

use crate::error::Error;

/// Why an expression cannot be worked out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExpressionError {
    /// One sentence without a full stop.
    pub message: String,
    /// The place in the expression, in bytes; `None` where it is about the whole.
    pub at: Option<Range<usize>>,
}

/// Result of looking at an expression.
pub type Checked<T> = std::result::Result<T, ExpressionError>;

impl ExpressionError {
    pub(super) fn at(at: Range<usize>, message: impl Into<String>) -> Self {
        ExpressionError { message: message.into(), at: Some(at) }
    }

    pub(super) fn whole(message: impl Into<String>) -> Self {
        ExpressionError { message: message.into(), at: None }
    }

    /// The line of the expression that is meant, with carets under the place; the whole expression on one line where
    /// no place is known.
    pub fn pointed(&self, expression: &str) -> String {
        let Some(at) = &self.at else { return expression.lines().collect::<Vec<_>>().join(" ") };
        let start = at.start.min(expression.len());
        let from = expression[..start].rfind('\n').map_or(0, |i| i + 1);
        let to = expression[start..].find('\n').map_or(expression.len(), |i| start + i);
        let before = expression[from..start].chars().count();
        let width = expression[start..at.end.clamp(start, to)].chars().count().max(1);
        format!("{}\n{}{}", &expression[from..to], " ".repeat(before), "^".repeat(width))
    }

    /// The sentence with the place in words, as `…, at character 5`.
    pub fn sentence(&self, expression: &str) -> String {
        match &self.at {
            Some(at) => {
                let start = at.start.min(expression.len());
                format!("{} (at character {})", self.message, expression[..start].chars().count() + 1)
            }
            None => self.message.clone(),
        }
    }

    /// As an error of the recipe.
    pub(crate) fn of(self, name: &str, expression: &str) -> Error {
        Error::Expression { name: name.into(), expression: expression.into(), why: self }
    }
}
