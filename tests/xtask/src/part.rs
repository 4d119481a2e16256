//! The parts of the generated files.

use std::path::Path;

use clap::ValueEnum;

/// A part of the generated files. Parts are written in this order, because later parts can depend
/// on earlier ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Part {
    /// docs/checks: one page per check, after a change to its `CheckMeta`
    Checks,
    /// docs/schema: JSON Schemas, after a change to a JSON output
    Schemas,
    /// docs/man: manual pages, after a change to options or help
    Man,
    /// datasets/demo and its checksums: the demo estate, after a change to its generator
    Demo,
    /// docs/estate.md and docs/*-to-focus.md, after a change to tables or mappings
    Pages,
    /// tests/e2e/golden and docs/rightsizing-yardstick.txt: expected output, after a change to it
    Goldens,
}

/// The source of a part.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Source {
    /// Programs write it into this folder. `is_ours` returns whether a file is generated, not
    /// written by hand.
    Program { folder: &'static str, is_ours: fn(&Path) -> bool },
    /// The tests that compare it also write it: arguments of `cargo test`, and parts of the names
    /// of the tests.
    Tests { of: &'static [&'static str], names: &'static [&'static str] },
}

impl Part {
    /// Returns the source of the part.
    pub(crate) fn source(self) -> Source {
        let all = |_: &Path| true;
        match self {
            Self::Checks => Source::Program { folder: "docs/checks", is_ours: all },
            Self::Schemas => Source::Program {
                folder: "docs/schema",
                is_ours: |path| path.extension().is_some_and(|e| e == "json"),
            },
            Self::Man => Source::Program { folder: "docs/man", is_ours: all },
            Self::Demo => Source::Program { folder: "datasets/demo", is_ours: all },
            Self::Pages => Source::Tests {
                of: &["--lib", "--test", "e2e"],
                names: &[
                    "the_page_is_what_the_declarations_say",
                    "the_mapping_is_documented_as_it_is",
                ],
            },
            Self::Goldens => Source::Tests {
                of: &["--test", "e2e"],
                names: &["golden::", "lifecycle::", "the_published_measurement_is_what_comes_out"],
            },
        }
    }

    /// Returns its name on the command line.
    pub(crate) fn name(self) -> String {
        self.to_possible_value().map(|value| value.get_name().to_owned()).unwrap_or_default()
    }
}
