//! Buckets with several storage classes.

use super::cases::{BUCKET, S3, of, reads};
use super::world::{World, counted, stored};

#[test]
fn the_reads_of_a_bucket_are_divided_over_its_storage_classes() {
    let (found, skipped) = World::new([
        of(S3, stored(BUCKET, "TimedStorage-ByteHrs", "23", "1000")),
        of(S3, stored(BUCKET, "TimedStorage-SIA-ByteHrs", "37.5", "3000")),
        of(S3, counted(BUCKET, "DataTransfer-Out-Bytes", "9", "100")),
        reads("arn:aws:s3:::media"),
    ])
    .run("archivable_bucket");
    // 100 GB leave the bucket; retrieval costs 0.03 USD per GB. A quarter of the bucket is in
    // Standard, three quarters in Standard-IA.
    for (class, fee) in [("from STANDARD to", "0.75"), ("from STANDARD_IA to", "2.25")] {
        let o = found.iter().find(|o| o.title.contains(class));
        let o = o.unwrap_or_else(|| panic!("{class}: {found:?} {skipped:?}"));
        let fact = o.evidence.iter().find(|e| e.label == "reads and retrieval, per month");
        let value = &fact.expect("the fee").value;
        assert!(value.starts_with(fee), "{class}: {value}");
    }
    assert_eq!(found.len(), 2);
}
