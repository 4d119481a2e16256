//! `cost checks`.

use anyhow::bail;
use cost_core::check::CheckMeta;
use cost_core::report::{checks_json, checks_markdown, checks_table};

use crate::args::{ChecksArgs, ChecksFormat};
use crate::exit::Exit;
use crate::output;

pub(crate) fn run(args: &ChecksArgs) -> anyhow::Result<Exit> {
    let all = cost_core::checks::registry().iter().map(|c| c.meta());
    let wanted: Vec<&CheckMeta> = all.filter(|m| args.id.as_deref().is_none_or(|id| id == m.id)).collect();
    if let (Some(id), true) = (&args.id, wanted.is_empty()) {
        bail!("there is no check `{id}`; `cost checks` lists them");
    }
    output::print(&match (args.format, args.id.is_some()) {
        (ChecksFormat::Json, _) => checks_json(&wanted)?,
        (ChecksFormat::Table, false) => checks_table(&wanted, &output::look(&args.look, 0)),
        (ChecksFormat::Markdown, _) | (ChecksFormat::Table, true) => checks_markdown(&wanted),
    })?;
    Ok(Exit::Fine)
}
