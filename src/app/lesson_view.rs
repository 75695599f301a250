//! Where the reader of a lesson is.

/// State of the lessons; changes no finding.
#[derive(Debug, Clone, Default)]
pub struct LessonView {}
