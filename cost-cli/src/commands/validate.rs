//! `cost validate`.

use cost_core::estate::Estate;
use cost_core::focus::conformance::{self, Conformance};
use cost_providers::focus::FocusFiles;
use cost_report::Validation;

use crate::args::ValidateArgs;
use crate::exit::Exit;
use crate::shown;

pub(crate) fn run(args: &ValidateArgs) -> anyhow::Result<Exit> {
    let estate = Estate::open(&args.path)?;
    let (origins, made_from) = FocusFiles::new(&estate.billing).raw()?;
    let report = conformance::validate(&origins, args.focus_version, args.examples)?;
    let report = Conformance { made_from, ..report };
    shown::show(&Validation(&report), &args.shown, 0)?;
    Ok(if report.conforms { Exit::Fine } else { Exit::Crossed })
}
