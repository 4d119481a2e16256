//! `cost checks`.

use anyhow::{Context, bail, ensure};
use cost_core::check::{CheckMeta, CheckSet};
use cost_core::file::replace;
use cost_report::{Checks, checks_pages};

use crate::args::ChecksArgs;
use crate::exit::Exit;
use crate::shown;

pub(crate) fn run(args: &ChecksArgs) -> anyhow::Result<Exit> {
    let all = CheckSet::built_in();
    let wanted: Vec<&CheckMeta> =
        all.metas().filter(|m| args.id.as_deref().is_none_or(|id| id == m.id)).collect();
    if let (Some(id), true) = (&args.id, wanted.is_empty()) {
        bail!("unknown check `{id}`; `cost checks` lists all checks");
    }
    if let Some(folder) = &args.into {
        ensure!(args.shown.format == "markdown", "--into requires --format markdown");
        std::fs::create_dir_all(folder).with_context(|| folder.display().to_string())?;
        for (name, text) in checks_pages(&wanted) {
            let path = folder.join(name);
            replace(&path, &text).with_context(|| path.display().to_string())?;
        }
        return Ok(Exit::Fine);
    }
    shown::show(&Checks { checks: &wanted, by_id: args.id.is_some() }, &args.shown, 0)?;
    Ok(Exit::Fine)
}
