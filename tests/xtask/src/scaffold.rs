//! The first files of a new check, format, or provider, from templates, and the lines that register
//! them.

use std::path::{Path, PathBuf};

use anyhow::ensure;

use crate::edits::{Edits, shown};
use crate::files::{cargo, root};
use crate::generate::SELECTION;
use crate::usage::bad_usage;

/// A new name, in the spellings used in files.
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
    /// Returns the spellings of a valid name.
    fn of(id: &str) -> anyhow::Result<Self> {
        let is_word = |word: &str| {
            !word.is_empty() && word.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
        };
        if !id.starts_with(|c: char| c.is_ascii_lowercase()) || !id.split('_').all(is_word) {
            return Err(bad_usage(format!(
                "`{id}` is not a valid name, such as idle_widget: lowercase letters, \
                 digits, and single `_`"
            )));
        }
        let upper = |word: &str| word[..1].to_ascii_uppercase() + &word[1..];
        Ok(Self {
            id: id.to_owned(),
            upper: id.split('_').map(upper).collect(),
            dashed: id.replace('_', "-"),
            title: upper(&id.replace('_', " ")),
        })
    }

    /// Returns a template with the names filled in.
    fn fill(&self, template: &str) -> String {
        let filled = template.replace("{{id}}", &self.id).replace("{{Name}}", &self.upper);
        let filled = filled.replace("{{dashed}}", &self.dashed).replace("{{title}}", &self.title);
        filled.replace("{{next version}}", &next_version())
    }
}

/// Returns the first release with the new check: the next minor version.
fn next_version() -> String {
    let minor = env!("CARGO_PKG_VERSION_MINOR").parse::<u32>().map_or(0, |minor| minor + 1);
    format!("{}.{minor}.0", env!("CARGO_PKG_VERSION_MAJOR"))
}

/// Returns the command for the library tests with `name` in their path.
fn test_command(name: &str) -> String {
    format!("cargo test {} --lib {name}", SELECTION.join(" "))
}

/// `cargo xtask new-check CLOUD ID --service SERVICE`.
pub(crate) fn check(cloud: &str, id: &str, service: Option<&str>) -> anyhow::Result<()> {
    let edits = check_edits(&root().join("cost-core/src/checks"), cloud, id, service)?;
    edits.done(&format!(
        "Next: fill in each TODO of {id}.rs, and its case in checks/tests/cases.rs. A test lists \
         those that are left:\n  {}\n\
         Then write its page with `cargo xtask generate checks goldens`.",
        test_command("checks::")
    ))
}

/// Returns the edits for a new check, in the folder of all checks.
fn check_edits(
    checks: &Path,
    cloud: &str,
    id: &str,
    service: Option<&str>,
) -> anyhow::Result<Edits> {
    let names = Names::of(id)?;
    let mut edits = Edits::default();
    let folder = match service {
        _ if cloud == "any" && service.is_some() => {
            return Err(bad_usage("checks for `any` cloud have no service: omit --service"));
        }
        None => checks.join(cloud),
        Some(service) => checks.join(cloud).join(&Names::of(service)?.id),
    };
    let template =
        include_str!("../templates/check.rs.txt").replace("{{service}}", service.unwrap_or(cloud));
    let template = if service.is_some() { template } else { of_any_cloud(&template) };
    edits.new_file(folder.join(format!("{id}.rs")), names.fill(&template))?;
    let list = folder.join("mod.rs");
    match service {
        Some(service) if !list.is_file() => {
            new_service(&mut edits, &checks.join(cloud), service, &names)?;
        }
        _ => {
            edits.module(&list, id)?;
            edits.before_end(&list, "static CHECKS", &names.fill("    &{{id}}::{{Name}},\n"))?;
        }
    }
    let case = names.fill(include_str!("../templates/case.rs.txt"));
    edits.before_end(&checks.join("tests/cases.rs"), "const CASES", &case)?;
    Ok(edits)
}

/// Adds a folder for a service with its list of checks, and registers it in the cloud.
fn new_service(
    edits: &mut Edits,
    cloud: &Path,
    service: &str,
    names: &Names,
) -> anyhow::Result<()> {
    let shared = cloud.join(format!("{service}.rs"));
    ensure!(!shared.exists(), "{} exists: a service cannot have the same name", shown(&shared));
    let list = include_str!("../templates/service.rs.txt").replace("{{service}}", service);
    edits.new_file(cloud.join(service).join("mod.rs"), names.fill(&list))?;
    let of_cloud: PathBuf = cloud.join("mod.rs");
    edits.module(&of_cloud, service)?;
    let line = format!("    (\"{service}\", {service}::CHECKS),\n");
    edits.in_order(&of_cloud, "static SERVICES", &line)
}

/// Changes the template for AWS into one for a check that needs only FOCUS columns.
fn of_any_cloud(template: &str) -> String {
    let template = template
        .replace("use crate::checks::aws::meter::kind;\n", "")
        .replace("use crate::cloud::Provider;\n", "");
    let template =
        template.replace("Some(Provider::Aws)", "None").replace("kind(u)", "u.usage_type.as_str()");
    template
        .replace("aws any TODO-describe --id", "# TODO: describe")
        .replace("aws any TODO-delete --id", "# TODO: remove")
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
    edits.replace(
        &list,
        "        &svg::Svg,\n",
        &names.fill("        &svg::Svg,\n        &{{id}}::{{Name}},\n"),
    )?;
    edits.done(&names.fill(
        "Next: describe it for the help (`about`), and define how its blocks look. \
         `cargo run --release --locked -p cost-cli -- review datasets/demo --format {{id}}` \
         already shows it. Then write the help pages with `cargo xtask generate man`.",
    ))
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
        &names.fill("//! | `{{dashed}}` | `{{id}}` | the data that it reads |\n//! | `aws` |"),
    )?;
    edits.done(&format!(
        "Next: add the requests, and a capability for each table that it supports; describe it in \
         Cargo.toml, in the table of cost-providers/src/lib.rs, and in ARCHITECTURE.md. Tests \
         against the interface:\n  {}",
        test_command("it_conforms")
    ))?;
    // The new crate gets its lines in Cargo.lock, which every later command reads unchanged.
    let locked = cargo().args(["update", "--workspace", "--offline"]).status()?;
    anyhow::ensure!(locked.success(), "cargo update --workspace --offline failed");
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::usage::{exit_code, said};
    use std::process::ExitCode;

    fn checks() -> PathBuf {
        root().join("cost-core/src/checks")
    }

    fn edits(cloud: &str, id: &str, service: Option<&str>) -> anyhow::Result<Edits> {
        check_edits(&checks(), cloud, id, service)
    }

    fn of<'a>(edits: &'a Edits, path: &str) -> &'a str {
        edits.of(&checks().join(path)).expect("it is edited")
    }

    #[test]
    fn a_new_service_gets_a_folder_and_its_lines_among_those_of_its_cloud() {
        for service in ["acm", "kendra", "xray"] {
            let made = edits("aws", "idle_widget", Some(service)).expect("edits");
            let list = of(&made, &format!("aws/{service}/mod.rs"));
            assert!(list.contains("mod idle_widget;"), "{list}");
            assert!(list.contains("&[&idle_widget::IdleWidget];"), "{list}");
            let check = of(&made, &format!("aws/{service}/idle_widget.rs"));
            assert!(check.contains(&format!("service: \"{service}\"")), "{check}");
            let cloud = of(&made, "aws/mod.rs");
            let lines = |begin: &str| -> Vec<&str> {
                cloud.lines().filter(|line| line.starts_with(begin)).collect()
            };
            let (modules, services) = (lines("mod "), lines("    (\""));
            assert!(modules.is_sorted() && services.is_sorted(), "{cloud}");
            assert!(modules.contains(&format!("mod {service};").as_str()));
            let line = format!("    (\"{service}\", {service}::CHECKS),");
            assert!(services.contains(&line.as_str()), "{cloud}");
            assert!(of(&made, "tests/cases.rs").contains("Case { check: \"idle_widget\""));
        }
    }

    #[test]
    fn a_check_of_a_service_that_is_there_is_a_file_and_its_lines() {
        let made = edits("aws", "idle_widget", Some("vpc")).expect("edits");
        assert!(of(&made, "aws/vpc/mod.rs").contains("    &idle_widget::IdleWidget,\n];"));
        assert!(made.of(&checks().join("aws/mod.rs")).is_none());
        let any = edits("any", "idle_widget", None).expect("edits");
        let check = of(&any, "any/idle_widget.rs");
        assert!(!check.contains("aws") && check.contains("provider: None"), "{check}");
    }

    #[test]
    fn what_cannot_be_made_is_said_in_one_line() {
        for (cloud, id, service, code, word) in [
            ("any", "idle_widget", Some("ec2"), 2, "omit --service"),
            ("aws", "IdleWidget", Some("ec2"), 2, "is not a valid name"),
            ("aws", "idle_widget", Some("../ec2"), 2, "is not a valid name"),
            ("aws", "idle_address", Some("vpc"), 1, "already exists"),
            ("aws", "idle_widget", Some("meter"), 1, "a service cannot have the same name"),
        ] {
            let error = edits(cloud, id, service).expect_err(word);
            let line = said(&error);
            assert!(line.contains(word) && line.lines().count() == 1, "{line}");
            assert_eq!(exit_code(&error), ExitCode::from(code), "{line}");
        }
    }
}
