//! `cost schema`.

use cost_core::report::{Schema, schema};

use crate::args::{Output, SchemaArgs};
use crate::exit::Exit;
use crate::output;

pub(crate) fn run(args: &SchemaArgs) -> anyhow::Result<Exit> {
    output::print(&schema(match args.output {
        Output::Review => Schema::Review,
        Output::Savings => Schema::Savings,
        Output::Anomalies => Schema::Anomalies,
        Output::Explain => Schema::Explain,
        Output::Checks => Schema::Checks,
        Output::Validate => Schema::Validate,
    })?)?;
    Ok(Exit::Fine)
}
