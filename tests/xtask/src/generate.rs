//! `cargo xtask generate`: all that programs write into the repository.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, bail, ensure};

use crate::files::{cargo, files, output, root, say, text, write};

/// Something generated: where it lies, and what writes it into a folder.
struct Generated {
    /// What it is.
    name: &'static str,
    /// The folder, from the repository's root.
    folder: &'static str,
    /// Whether a file of the folder is generated; the others are written by hand.
    is_ours: fn(&Path) -> bool,
    /// Writes the files into a folder that is there.
    write: fn(&Programs, &Path) -> anyhow::Result<()>,
}

/// A new kind of generated file is a line here. Golden outputs, and pages about estates and
/// exports, are written by the tests that compare them.
const ALL: [Generated; 4] = [
    Generated {
        name: "pages of the checks",
        folder: "docs/checks",
        is_ours: |_| true,
        write: check_pages,
    },
    Generated {
        name: "JSON Schemas",
        folder: "docs/schema",
        is_ours: |path| path.extension().is_some_and(|e| e == "json"),
        write: schemas,
    },
    Generated { name: "man pages", folder: "docs/man", is_ours: |_| true, write: man_pages },
    Generated { name: "the demo estate", folder: "datasets/demo", is_ours: |_| true, write: demo },
];

/// Generates; with `check`, into a temporary folder, and compares.
pub(crate) fn run(check: bool) -> anyhow::Result<()> {
    let root = root();
    let programs = Programs::build(&root)?;
    let mut different = Vec::new();
    for generated in &ALL {
        let made = tempfile::tempdir()?;
        (generated.write)(&programs, made.path())
            .with_context(|| format!("cannot generate {}", generated.name))?;
        let folder = root.join(generated.folder);
        let (now, next) = (files(&folder, generated.is_ours)?, files(made.path(), |_| true)?);
        ensure!(!next.is_empty(), "{}: nothing was generated", generated.name);
        let names: BTreeSet<&PathBuf> = now.keys().chain(next.keys()).collect();
        for name in names.into_iter().filter(|n| now.get(*n) != next.get(*n)) {
            different.push(Path::new(generated.folder).join(name));
            match next.get(name) {
                _ if check => {}
                Some(bytes) => write(&folder.join(name), bytes)?,
                None => fs::remove_file(folder.join(name))?,
            }
        }
    }
    let list: Vec<String> = different.iter().map(|path| format!("  {}", path.display())).collect();
    let list = list.join("\n");
    if !check {
        say(&format!(
            "{} files changed\n{list}\nNow golden outputs, and pages about estates and exports, by their tests.\n",
            different.len()
        ))?;
        return programs.tests();
    }
    if !different.is_empty() {
        bail!("not as generated; run `cargo xtask generate` and look at the differences:\n{list}");
    }
    say(
        "all as generated (golden outputs, and pages about estates and exports, are compared by the tests)\n",
    )
}

fn check_pages(programs: &Programs, into: &Path) -> anyhow::Result<()> {
    programs.cost(&["checks", "--format", "markdown", "--into", text(into)?]).map(drop)
}

fn schemas(programs: &Programs, into: &Path) -> anyhow::Result<()> {
    let names = programs.cost(&["schema"])?;
    for name in names.lines() {
        write(
            &into.join(format!("{name}.schema.json")),
            programs.cost(&["schema", name])?.as_bytes(),
        )?;
    }
    Ok(())
}

fn man_pages(programs: &Programs, into: &Path) -> anyhow::Result<()> {
    programs.cost(&["man", "--into", text(into)?]).map(drop)
}

fn demo(programs: &Programs, into: &Path) -> anyhow::Result<()> {
    let datasets = programs.folder.join("cost-datasets");
    output(Command::new(datasets).args(["demo", "--into"]).arg(into.join("demo")))?;
    for entry in fs::read_dir(into.join("demo"))? {
        let entry = entry?;
        fs::rename(entry.path(), into.join(entry.file_name()))?;
    }
    fs::remove_dir(into.join("demo")).map_err(Into::into)
}

/// The programs that generate, built.
struct Programs {
    /// Where they are.
    folder: PathBuf,
}

/// All of the workspace and the AWS provider: what the tests build, so that nothing is compiled
/// twice (docs/adr/0002).
const SELECTION: [&str; 5] = ["--release", "--locked", "--workspace", "--features", "cost-cli/aws"];

impl Programs {
    fn build(root: &Path) -> anyhow::Result<Self> {
        output(cargo().arg("build").args(SELECTION).arg("--bins"))?;
        let target = std::env::var_os("CARGO_TARGET_DIR")
            .map_or_else(|| root.join("target"), |folder| root.join(folder));
        Ok(Self { folder: target.join("release") })
    }

    /// stdout of `cost ARGS`.
    fn cost(&self, args: &[&str]) -> anyhow::Result<String> {
        output(Command::new(self.folder.join("cost")).args(args))
    }

    /// Runs the tests that hold golden outputs, which write them.
    fn tests(&self) -> anyhow::Result<()> {
        let target = self.folder.parent().context("a target directory")?;
        let mut environment = Command::new(root().join("tests/environment"));
        environment.args(["aws-venv", "tests/aws/requirements.txt"]).current_dir(root());
        output(environment.env("CARGO_TARGET_DIR", target))?;
        let mut tests = cargo();
        tests
            .arg("test")
            .args(SELECTION)
            .args(["--lib", "--test", "e2e"])
            .env("SNAPSHOTS", "overwrite");
        tests.env("COST_TEST_PYTHON", target.join("aws-venv/bin/python"));
        let done = tests.status().context("cargo test does not start")?;
        ensure!(done.success(), "a test failed that does not compare what is generated");
        Ok(())
    }
}
