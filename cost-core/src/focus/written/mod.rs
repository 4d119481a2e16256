//! Values and maps as exporters and other tools write them: in one text cell, or as nested columns.
//!
//! | form | written by |
//! | --- | --- |
//! | `{"team": "web"}` | FOCUS exports |
//! | `"team": "web","env": "prod"` | Azure's own exports |
//! | `[{"key": "team", "value": "web"}]`, also `name`, `TagKey` | `TO_JSON_STRING` of `BigQuery`'s arrays, AWS, converters |
//! | `[["team", "web"]]`, `[('team', 'web')]`, `["team=web"]` | lists of pairs |
//! | `{'team': 'web', 'n': None}`, `{u'team': u'web'}` | Python's `str` of a dictionary |
//! | `{team=web, env=prod}` | Hive's and Athena's text of a map |
//! | `"team"=>"web"` | `PostgreSQL`'s `hstore`, Ruby |
//! | `team:web;env:prod`, `team=web\|env=prod` | people, and tools of their own |
//! | `{""team"": ""web""}`, `{\"team\": \"web\"}`, `"{\"team\": \"web\"}"` | tools that quote what is quoted already, once more |
//!
//! ```text
//! value     a nested value
//! reader    text to a value, by one grammar: of literals (JSON and Python) alone, or of all the forms
//! pairs     a value to pairs of keys and values
//! column    the cells of a column, text or nested, to either
//! ```
//!
//! Providers read tags and labels of other exports with [`cells`]:
//!
//! ```
//! use cost_core::focus::written::cells;
//! use polars::prelude::*;
//!
//! let tags = Series::new("tags".into(), [r#"{"team": "web"}"#, "team=web|env=prod", "no map"]);
//! let teams = cells(&tags, |pairs, _| {
//!     let (_, team) = pairs?.into_iter().find(|(key, _)| key == "team")?;
//!     team
//! })?;
//! assert_eq!(teams.iter().collect::<Vec<_>>(), [Some("web"), Some("web"), None]);
//! # Ok::<(), PolarsError>(())
//! ```

mod column;
mod pairs;
mod reader;
mod value;

pub use column::cells;
pub(super) use column::shown;
pub(super) use column::texts;
pub use pairs::Pairs;
pub(super) use pairs::pairs;
pub use reader::literal;
pub use value::Value;
