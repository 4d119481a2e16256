//! Hostile input: text, files, arguments, and configurations that try to break the program, or what
//! reads its output.
//!
//! Two tables. `tests/hostile/text.json` lists troublesome text by class. [`text`] puts all of it
//! into every text column of small estates, runs every command in every format, and opens each
//! output with its real reader (`tests/hostile/readers.py`). The other tables have one row per
//! case: kind, what it shows, the files, the command, and what must happen ([`case`]). A new kind
//! is a file in `tests/e2e/hostile/` and a line in [`cases`].

mod alerts;
mod arguments;
mod case;
mod config;
mod files;
#[cfg(target_os = "linux")]
mod full_disk;
mod memory;
mod names;
mod notices;
mod redact;
mod scale;
pub(crate) mod server;
mod servers;
mod state;
mod text;

use std::collections::BTreeSet;

use case::{Case, Kind, run_all};
pub(crate) use servers::aws;

/// The cases of all tables.
fn cases() -> Vec<Case> {
    let tables = [
        alerts::cases(),
        arguments::cases(),
        config::cases(),
        files::cases(),
        memory::cases(),
        redact::cases(),
        servers::cases(),
        state::cases(),
    ];
    tables.into_iter().flatten().collect()
}

#[test]
fn what_must_happen_happens() {
    let all = cases();
    let names: BTreeSet<(Kind, &str)> = all.iter().map(|c| (c.kind, c.name.as_str())).collect();
    assert_eq!(names.len(), all.len(), "two cases of one name");
    let problems = run_all(&all);
    println!("{} cases", all.len());
    assert!(problems.is_empty(), "{} of {}:\n{}", problems.len(), all.len(), problems.join("\n"));
}
