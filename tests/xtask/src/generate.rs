//! `cargo xtask generate`: the files that programs and tests write into the repository.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, bail, ensure};
use clap::ValueEnum;

use crate::files::{cargo, files, output, root, say, text, write};
use crate::part::{Part, Source};

/// Generates the given parts, or all if none is given. With `check`, only compares.
pub(crate) fn run(parts: &[Part], check: bool) -> anyhow::Result<()> {
    let wanted = |part: &Part| parts.is_empty() || parts.contains(part);
    let all: Vec<Part> = Part::value_variants().iter().copied().filter(wanted).collect();
    let by_program = written_by_programs(&all, check)?;
    if check && parts.is_empty() {
        return say("all files are up to date (the tests compare goldens and pages)\n");
    }
    for part in all {
        if let Source::Tests { of, names } = part.source() {
            say(&format!("{}: running the tests that compare them\n", part.name()))?;
            run_tests(of, names, check)?;
        }
    }
    say(&match by_program.len() {
        _ if check => "all files are up to date\n".to_owned(),
        0 => "Done. Review `git diff`.\n".to_owned(),
        _ => format!("Changed:\n{}\nDone. Review `git diff`.\n", listed(&by_program)),
    })
}

/// Returns a list of files, one per line.
fn listed(files: &[PathBuf]) -> String {
    let lines: Vec<String> = files.iter().map(|path| format!("  {}", path.display())).collect();
    lines.join("\n")
}

/// Writes the parts that programs write, and returns the files that differ.
fn written_by_programs(parts: &[Part], check: bool) -> anyhow::Result<Vec<PathBuf>> {
    let mut programs = None;
    let mut different = Vec::new();
    for part in parts {
        let Source::Program { folder, is_ours } = part.source() else { continue };
        let programs = match &mut programs {
            Some(built) => built,
            none => none.insert(Programs::build()?),
        };
        let made = tempfile::tempdir()?;
        programs
            .write(*part, made.path())
            .with_context(|| format!("cannot generate {}", part.name()))?;
        different.extend(replaced(folder, is_ours, made.path(), check)?);
        if *part == Part::Demo && !check {
            checksums()?;
        }
    }
    if check && !different.is_empty() {
        bail!(
            "files are not up to date; run `cargo xtask generate` and review the differences:\n{}",
            listed(&different)
        );
    }
    Ok(different)
}

/// Copies generated files into the folder, unless `check` is set. Returns the files that differ.
fn replaced(
    folder: &str,
    is_ours: fn(&Path) -> bool,
    made: &Path,
    check: bool,
) -> anyhow::Result<Vec<PathBuf>> {
    let place = root().join(folder);
    let (now, next) = (files(&place, is_ours)?, files(made, |_| true)?);
    ensure!(!next.is_empty(), "{folder}: no files were generated");
    let names: BTreeSet<&PathBuf> = now.keys().chain(next.keys()).collect();
    let mut different = Vec::new();
    for name in names.into_iter().filter(|n| now.get(*n) != next.get(*n)) {
        different.push(Path::new(folder).join(name));
        match next.get(name) {
            _ if check => {}
            Some(bytes) => write(&place.join(name), bytes)?,
            None => fs::remove_file(place.join(name))?,
        }
    }
    Ok(different)
}

/// The list of data checksums, sorted by file name.
const SUMS: &str = "datasets/SHA256SUMS";
/// The demo estate.
const DEMO: &str = "datasets/demo";

/// Writes the checksums of the demo again: of all its files, since a check can add some.
fn checksums() -> anyhow::Result<()> {
    let list = root().join(SUMS);
    let old = fs::read_to_string(&list).with_context(|| format!("cannot read {SUMS}"))?;
    let path_of = |line: &str| line.split_once("  ").map(|(_, path)| path.to_owned());
    let others = old.lines().filter(|l| path_of(l).is_none_or(|path| !path.starts_with(DEMO)));
    let mut lines: Vec<String> = others.map(ToOwned::to_owned).collect();
    for path in files(&root().join(DEMO), |_| true)?.into_keys() {
        let path = Path::new(DEMO).join(path);
        let line = output(Command::new("sha256sum").arg(path).current_dir(root()))?;
        lines.push(line.trim_end().to_owned());
    }
    lines.sort_by_key(|line| path_of(line));
    write(&list, format!("{}\n", lines.join("\n")).as_bytes())
}

/// The programs that generate files, after the build.
struct Programs {
    /// The folder that contains them.
    folder: PathBuf,
}

/// The workspace with the AWS provider: the same selection as for the tests, so that no crate is
/// compiled twice (docs/adr/0002).
pub(crate) const SELECTION: [&str; 5] =
    ["--release", "--locked", "--workspace", "--features", "cost-cli/aws"];

impl Programs {
    /// Builds the programs.
    fn build() -> anyhow::Result<Self> {
        output(cargo().arg("build").args(SELECTION).arg("--bins"))?;
        let target = std::env::var_os("CARGO_TARGET_DIR")
            .map_or_else(|| root().join("target"), |folder| root().join(folder));
        Ok(Self { folder: target.join("release") })
    }

    /// Writes a part into an existing folder.
    fn write(&self, part: Part, into: &Path) -> anyhow::Result<()> {
        match part {
            Part::Checks => {
                let pages = ["checks", "--format", "markdown", "--into", text(into)?];
                self.cost(&pages).map(drop)
            }
            Part::Schemas => self.schemas(into),
            Part::Man => self.cost(&["man", "--into", text(into)?]).map(drop),
            Part::Demo => self.demo(into),
            Part::Pages | Part::Goldens => bail!("this part is written by tests"),
        }
    }

    /// Returns the stdout of `cost ARGS`.
    fn cost(&self, args: &[&str]) -> anyhow::Result<String> {
        output(Command::new(self.folder.join("cost")).args(args))
    }

    fn schemas(&self, into: &Path) -> anyhow::Result<()> {
        for name in self.cost(&["schema"])?.lines() {
            let schema = self.cost(&["schema", name])?;
            write(&into.join(format!("{name}.schema.json")), schema.as_bytes())?;
        }
        Ok(())
    }

    fn demo(&self, into: &Path) -> anyhow::Result<()> {
        let datasets = self.folder.join("cost-datasets");
        output(Command::new(datasets).args(["demo", "--into"]).arg(into.join("demo")))?;
        for entry in fs::read_dir(into.join("demo"))? {
            let entry = entry?;
            fs::rename(entry.path(), into.join(entry.file_name()))?;
        }
        fs::remove_dir(into.join("demo")).map_err(Into::into)
    }
}

/// Runs tests by parts of their names. They write the files that they compare, unless `check` is
/// set.
fn run_tests(of: &[&str], names: &[&str], check: bool) -> anyhow::Result<()> {
    let mut tests = cargo();
    tests.arg("test").args(SELECTION).args(of).arg("--").args(names);
    if !check {
        tests.env("SNAPSHOTS", "overwrite");
    }
    let done = tests.status().context("cannot start cargo test")?;
    ensure!(
        done.success(),
        "{}",
        if check {
            "files are not up to date"
        } else {
            "a test failed for a reason other than its generated file"
        }
    );
    Ok(())
}
