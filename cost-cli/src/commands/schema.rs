//! `cost schema`.

use anyhow::Context;
use cost_report::schema;

use crate::args::SchemaArgs;
use crate::exit::Exit;
use crate::output;

pub(crate) fn run(args: &SchemaArgs) -> anyhow::Result<Exit> {
    output::print(&schema(&args.output)?.with_context(|| format!("`{}` has no schema", args.output))?)?;
    Ok(Exit::Fine)
}
