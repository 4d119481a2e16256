//! `cost man`.

use anyhow::Context;
use clap::CommandFactory;
use clap_mangen::Man;

use crate::args::{Cli, ManArgs};
use crate::exit::Exit;
use crate::output;

pub(crate) fn run(args: &ManArgs) -> anyhow::Result<Exit> {
    if let Some(folder) = &args.into {
        let cannot = || format!("cannot write manual pages to {}", folder.display());
        std::fs::create_dir_all(folder).with_context(cannot)?;
        clap_mangen::generate_to(Cli::command(), folder).with_context(cannot)?;
        return Ok(Exit::Fine);
    }
    let mut page = Vec::new();
    Man::new(Cli::command()).render(&mut page)?;
    output::print(&String::from_utf8_lossy(&page))?;
    Ok(Exit::Fine)
}
