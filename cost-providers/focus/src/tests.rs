use std::path::Path;

use cost_provider_api::{ProviderConfig, PullScope, conformance};
use futures::executor::block_on;

use crate::FilesConfig;

#[test]
fn files_hold_what_every_provider_must() {
    let sample = concat!(env!("CARGO_MANIFEST_DIR"), "/../../datasets/focus/focus_sample_1000.csv");
    let config = FilesConfig::new(sample).only(["*.csv".to_owned()]).newest(true);
    assert_eq!(conformance::config(&config), Vec::<String>::new());
    let day = chrono::NaiveDate::from_ymd_opt(2026, 11, 1).expect("a day");
    let scope = PullScope::new(Path::new("no-estate"), day);
    let unmet = block_on(async {
        let files = config.open(&scope).await?;
        conformance::provider(&*files, Vec::new()).await
    });
    assert_eq!(unmet.expect("the sample can be read"), Vec::<String>::new());
}
