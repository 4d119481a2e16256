//! Reports of `cost-core`: a view turns a result into a [`Document`] of blocks, and a [`Format`]
//! renders blocks for people and programs.
//!
//! Every [`Report`] supports every format. A new report is one file in `views`. A new format is one
//! file in `format` and a line in its list. Document text may be untrusted, so formats escape it.
//! JSON is the result itself, with a published schema.
//!
//! ```
//! use cost_core::prelude::*;
//! use cost_report::{RenderOptions, SavingsReports};
//!
//! let session = Session::open(&cost_core::example::bill()?)?;
//! let savings = [session.savings()?];
//! let format = cost_report::format("markdown").ok_or("no such format")?;
//! let options = RenderOptions { width: 100, color: false, top: 10 };
//! let page = format.text(&SavingsReports(&savings), &options)?;
//! assert!(page.contains("Plan"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod calculation;
mod chart;
mod document;
mod escape;
mod figure;
mod format;
mod formula;
mod mapped;
mod number;
mod renderer;
mod report;
mod schema;
mod table;
mod text;
mod to_json;
mod views;

pub use chart::{
    Chart, ChartDay, ChartMonth, CurveChart, CurvePoint, DayChart, DayMark, Labeled, LadderChart,
    LadderStep, MonthChart, MonthSeries, TreeChart, TreeNode, WaterfallChart,
};
pub use cost_core::text::json_text;
pub use document::{Block, Details, Document, Facts, Item, Level, List, Mark};
pub use escape::{csv_text, html_text, markdown_text, terminal_text, xml_text};
pub use figure::{Amount, Figure};
pub use format::{format, formats};
pub use formula::Formula;
pub use renderer::{Format, RenderOptions, Rendered};
pub use report::{Audience, Report, ReportError, ViewOptions};
pub use schema::{schema, schema_names};
pub use table::{Align, Cell, Column, More, Row, Table, Value};
pub use text::{Span, Text};
pub use views::{
    Anomalies, Checks, Commitments, ExpandedSavingsReports, Explanation, InvoiceReconciliation,
    PullReport, Requests, Reviews, SavingsReports, SavingsTracking, SizingRules, Tried, Validation,
    checks_pages,
};
