//! The first lines of a new check, format or provider: files from templates, and the lines that
//! name them.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail, ensure};

use crate::files::{root, say, write};

/// A new name, in the spellings that files need.
struct Names {
    /// `idle_widget`.
    id: String,
    /// `IdleWidget`.
    upper: String,
    /// `idle-widget`.
    dashed: String,
    /// `Idle widget`.
    title: String,
}

impl Names {
    fn of(id: &str) -> anyhow::Result<Self> {
        let is_word = |word: &str| {
            !word.is_empty() && word.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
        };
        let starts_well = id.starts_with(|c: char| c.is_ascii_lowercase());
        ensure!(starts_well && id.split('_').all(is_word), "`{id}` is no name such as idle_widget");
        let upper = |word: &str| word[..1].to_ascii_uppercase() + &word[1..];
        Ok(Self {
            id: id.to_owned(),
            upper: id.split('_').map(upper).collect(),
            dashed: id.replace('_', "-"),
            title: upper(&id.replace('_', " ")),
        })
    }

    /// A template with the names in their places.
    fn fill(&self, template: &str) -> String {
        let filled = template.replace("{{id}}", &self.id).replace("{{Name}}", &self.upper);
        let filled = filled.replace("{{dashed}}", &self.dashed).replace("{{title}}", &self.title);
        filled.replace("{{version}}", env!("CARGO_PKG_VERSION"))
    }
}

/// `cargo xtask new-check CLOUD ID --service SERVICE`.
pub(crate) fn check(cloud: &str, id: &str, service: Option<&str>) -> anyhow::Result<()> {
    let names = Names::of(id)?;
    let checks = root().join("cost-core/src/checks");
    let folder =
        service.map_or_else(|| checks.join(cloud), |service| checks.join(cloud).join(service));
    if !folder.join("mod.rs").is_file() {
        bail!(
            "there is no {}; a new service is a folder with a mod.rs like its neighbors', and a line in {cloud}/mod.rs",
            folder.display()
        );
    }
    let template =
        include_str!("../templates/check.rs.txt").replace("{{service}}", service.unwrap_or(cloud));
    let template = if service.is_some() { template } else { of_any_cloud(&template) };
    let mut edits = Edits::default();
    edits.new_file(folder.join(format!("{id}.rs")), names.fill(&template))?;
    edits.module(&folder.join("mod.rs"), id)?;
    edits.before_end(
        &folder.join("mod.rs"),
        "static CHECKS",
        &names.fill("    &{{id}}::{{Name}},\n"),
    )?;
    let case = names.fill(include_str!("../templates/case.rs.txt"));
    edits.before_end(&checks.join("tests/cases.rs"), "const CASES", &case)?;
    edits.done("Next: what it looks at, its docs and its case; then `cargo test --release -p cost-core --lib checks`, and `cargo xtask generate` for its page.")
}

/// A check that looks at columns of FOCUS alone, of one that is about AWS.
fn of_any_cloud(template: &str) -> String {
    let template = template
        .replace("use crate::checks::aws::meter::kind;\n", "")
        .replace("use crate::cloud::Provider;\n", "");
    let template =
        template.replace("Some(Provider::Aws)", "None").replace("kind(u)", "u.usage_type.as_str()");
    template
        .replace("aws any describe-{{dashed}} --id", "# look at")
        .replace("aws any delete-{{dashed}} --id", "# remove")
}

/// `cargo xtask new-format ID`.
pub(crate) fn format(id: &str) -> anyhow::Result<()> {
    let names = Names::of(id)?;
    let formats = root().join("cost-core/report/src/format");
    let mut edits = Edits::default();
    edits.new_file(
        formats.join(format!("{id}.rs")),
        names.fill(include_str!("../templates/format.rs.txt")),
    )?;
    edits.module(&formats.join("mod.rs"), id)?;
    let list = formats.join("mod.rs");
    edits.replace(&list, "&svg::Svg", &names.fill("&svg::Svg, &{{id}}::{{Name}}"))?;
    edits.done(&names.fill("Next: how its blocks look. `cargo run --release -p cost-cli -- review datasets/demo --format {{id}}` shows it already."))
}

/// `cargo xtask new-provider ID`.
pub(crate) fn provider(id: &str) -> anyhow::Result<()> {
    let names = Names::of(id)?;
    let folder = root().join("cost-providers").join(&names.dashed);
    let mut edits = Edits::default();
    edits.new_file(
        folder.join("Cargo.toml"),
        names.fill(include_str!("../templates/provider.toml.txt")),
    )?;
    edits.new_file(
        folder.join("src/lib.rs"),
        names.fill(include_str!("../templates/provider.rs.txt")),
    )?;
    let workspace = root().join("Cargo.toml");
    edits.replace(
        &workspace,
        "    \"cost-cli\",\n",
        &names.fill("    \"cost-providers/{{dashed}}\",\n    \"cost-cli\",\n"),
    )?;
    let path = names.fill(
        "cost-provider-{{dashed}} = { path = \"cost-providers/{{dashed}}\" }\ncost-providers =",
    );
    edits.replace(&workspace, "cost-providers =", &path)?;
    let facade = root().join("cost-providers/Cargo.toml");
    edits.replace(
        &facade,
        "\n[dependencies]",
        &names.fill("{{dashed}} = [\"dep:cost-provider-{{dashed}}\"]\n\n[dependencies]"),
    )?;
    let dependency = names
        .fill("cost-provider-{{dashed}} = { workspace = true, optional = true }\npolars.workspace");
    edits.replace(&facade, "polars.workspace", &dependency)?;
    let lib = root().join("cost-providers/src/lib.rs");
    let export =
        names.fill("#[cfg(feature = \"{{dashed}}\")]\npub use cost_provider_{{id}} as {{id}};\n");
    edits.append(&lib, &export)?;
    edits.replace(
        &lib,
        "//! | `aws` |",
        &names.fill("//! | `{{dashed}}` | `{{id}}` | what it reads |\n//! | `aws` |"),
    )?;
    edits.done("Next: what it asks, and a capability for each table that it has. `cargo test --release --workspace --lib it_conforms` holds it to the interface.")
}

/// Edits that are made together, or not at all.
#[derive(Default)]
struct Edits {
    files: Vec<(PathBuf, String)>,
}

impl Edits {
    /// A file that is not there yet.
    fn new_file(&mut self, path: PathBuf, text: String) -> anyhow::Result<()> {
        ensure!(!path.exists(), "{} is there already", path.display());
        self.files.push((path, text));
        Ok(())
    }

    /// The text of a file, with the edits so far.
    fn text(&mut self, path: &Path) -> anyhow::Result<&mut String> {
        let at = if let Some(at) = self.files.iter().position(|(p, _)| p == path) {
            at
        } else {
            let text = fs::read_to_string(path)
                .with_context(|| format!("cannot read {}", path.display()))?;
            self.files.push((path.to_owned(), text));
            self.files.len() - 1
        };
        Ok(&mut self.files[at].1)
    }

    /// Declares a module among its neighbors, in order.
    fn module(&mut self, path: &Path, name: &str) -> anyhow::Result<()> {
        let line = format!("mod {name};");
        let text = self.text(path)?;
        let mut lines: Vec<&str> = text.lines().collect();
        let is_module = |l: &&str| l.starts_with("mod ") && l.ends_with(';');
        let last = lines
            .iter()
            .rposition(is_module)
            .with_context(|| format!("{} declares no modules", path.display()))?;
        let next = lines.iter().position(|l| is_module(l) && *l > line.as_str());
        // Attributes stay with their module.
        let next = next.map(|at| {
            lines[..at].iter().rposition(|l| !l.starts_with("#[")).map_or(0, |before| before + 1)
        });
        lines.insert(next.unwrap_or(last + 1), &line);
        *text = lines.join("\n") + "\n";
        Ok(())
    }

    /// Adds a line at the end of the list that starts after `list`.
    fn before_end(&mut self, path: &Path, list: &str, line: &str) -> anyhow::Result<()> {
        let text = self.text(path)?;
        let end = text.find(list).and_then(|from| Some(from + text[from..].find("];")?));
        let end = end.with_context(|| format!("{} has no list `{list}`", path.display()))?;
        // A list on one line gets its comma, and is formatted afterwards.
        let on_one_line = !text[..end].ends_with('\n');
        text.insert_str(
            end,
            &if on_one_line { format!(", {}", line.trim()) } else { line.to_owned() },
        );
        Ok(())
    }

    fn append(&mut self, path: &Path, lines: &str) -> anyhow::Result<()> {
        self.text(path)?.push_str(lines);
        Ok(())
    }

    fn replace(&mut self, path: &Path, what: &str, by: &str) -> anyhow::Result<()> {
        let text = self.text(path)?;
        ensure!(text.contains(what), "{} has no `{what}`", path.display());
        *text = text.replacen(what, by, 1);
        Ok(())
    }

    /// Writes all of it, formatted, and says what comes next.
    fn done(self, next: &str) -> anyhow::Result<()> {
        for (path, text) in &self.files {
            write(path, text.as_bytes())?;
        }
        let formatted = crate::files::cargo().args(["fmt", "--all"]).status()?;
        ensure!(formatted.success(), "cargo fmt failed");
        for (path, _) in &self.files {
            let shown = path.strip_prefix(root()).unwrap_or(path);
            say(&format!("{}\n", shown.display()))?;
        }
        say(&format!("{next}\n"))
    }
}
