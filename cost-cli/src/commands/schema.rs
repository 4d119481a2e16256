//! `cost schema`.

use anyhow::Context;
use cost_report::{schema, schema_names};

use crate::args::SchemaArgs;
use crate::exit::Exit;
use crate::output;

pub(crate) fn run(args: &SchemaArgs) -> anyhow::Result<Exit> {
    let text = match &args.output {
        Some(name) => schema(name)?
            .with_context(|| format!("`{name}` has no schema; `cost schema` lists the schemas"))?,
        None => schema_names().flat_map(|name| [name, "\n"]).collect(),
    };
    output::print(&text)?;
    Ok(Exit::Fine)
}
