//! Cost reports in S3: FOCUS and CUR exports. Downloads the newest version of each month, once.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant;

use aws_smithy_types::DateTime;
use chrono::NaiveDate;
use cost_bill_files::manifest::{self, Keys, Manifest};
use cost_bill_files::{BillFile, Choice, Format, bill_file, checked, open_files};
use cost_core::file::{below, create_folders, create_new, read_text, safe_name};
use cost_core::focus::{Part, unread};
use cost_core::month::Month;
use cost_provider_api::{CallError, FailureKind, ProviderError, Pulled};
use futures::{StreamExt, TryStreamExt};
use tokio::io::AsyncWriteExt;
use tokio::time::timeout;

use super::plan::first_month;
use crate::connect::{At, Aws, client};
use crate::operation::{GET_OBJECT, LIST_OBJECTS};

/// Concurrent downloads.
const AT_A_TIME: usize = 4;

/// Maximum size of a manifest in bytes: one with a thousand files has some 200 kB. Chosen.
const MAX_MANIFEST_BYTES: u64 = 64 << 20;
/// Ending of a file that is being downloaded.
const FETCHING: &str = ".fetching";

/// Returns the path for a version of an object, below `folder` whatever its key is.
fn path_of(folder: &Path, key: &str, tag: &str) -> PathBuf {
    let version = safe_name(&format!("version={tag}"));
    match key.rsplit_once('/') {
        Some((above, name)) => below(folder, above).join(version).join(safe_name(name)),
        None => folder.join(version).join(safe_name(key)),
    }
}

/// Cost reports under a prefix of a bucket.
pub(crate) struct Reports {
    at: At,
    bucket: String,
    prefix: String,
    folder: PathBuf,
    since: Month,
}

/// An object of the bucket.
#[derive(Clone, Debug)]
struct Object {
    key: String,
    tag: String,
    size: i64,
    modified: Option<DateTime>,
    /// Manifest that lists the object.
    manifest: Option<String>,
}

impl Reports {
    /// Reports at `s3://BUCKET/PREFIX`, read with the credentials of the calling account, for
    /// `months` months including the month of the day before `as_of`. Reports without a month in
    /// any manifest are all read. Files are stored in the estate at `estate`.
    ///
    /// # Errors
    /// [`ProviderError::NotFound`] if the location is no S3 address.
    pub(crate) fn new(
        aws: &Aws,
        location: &str,
        estate: &Path,
        as_of: NaiveDate,
        months: u32,
    ) -> Result<Self, ProviderError> {
        let address =
            location.strip_prefix("s3://").filter(|a| !a.is_empty()).ok_or_else(|| {
                ProviderError::NotFound {
                    location: location.to_owned(),
                    problem: "not an address of S3; write s3://BUCKET/PREFIX".to_owned(),
                }
            })?;
        let (bucket, prefix) = address.split_once('/').unwrap_or((address, ""));
        let folder = estate.join(".cache").join("reports").join(safe_name(bucket));
        let since = first_month(as_of, months);
        Ok(Self {
            at: aws.payer(),
            bucket: bucket.to_owned(),
            prefix: prefix.to_owned(),
            folder,
            since,
        })
    }

    async fn objects(&self) -> Result<Vec<Object>, CallError> {
        let s3 = client!(aws_sdk_s3, &self.at);
        let make = |token| {
            s3.list_objects_v2()
                .bucket(&self.bucket)
                .prefix(&self.prefix)
                .set_continuation_token(token)
                .send()
        };
        let split = |p: aws_sdk_s3::operation::list_objects_v2::ListObjectsV2Output| {
            (p.contents.unwrap_or_default(), p.next_continuation_token)
        };
        let all = self.at.place.pages(LIST_OBJECTS, make, split).await?;
        let object = |o: aws_sdk_s3::types::Object| {
            let tag =
                o.e_tag.unwrap_or_default().chars().filter(char::is_ascii_alphanumeric).collect();
            Some(Object {
                key: o.key?,
                tag,
                size: o.size.unwrap_or(0),
                modified: o.last_modified,
                manifest: None,
            })
        };
        Ok(all.into_iter().filter_map(object).collect())
    }

    /// Returns the objects that count: those in the newest manifest of each month, or all files if
    /// there are no manifests.
    async fn wanted(&self, objects: &[Object]) -> Result<Vec<Object>, ProviderError> {
        let by_key: BTreeMap<&str, &Object> = objects.iter().map(|o| (o.key.as_str(), o)).collect();
        let mut manifests: Vec<Manifest> = Vec::new();
        for object in objects.iter().filter(|o| o.key.ends_with(manifest::SUFFIX)) {
            let text = read_text(&self.fetch(object).await?, MAX_MANIFEST_BYTES)
                .map_err(|e| self.unreadable(&object.key, &e))?;
            manifests.extend(
                manifest::parse(&object.key, &text)
                    .map_err(|e| self.unreadable(&object.key, &e))?,
            );
        }
        let is_bill = |o: &&Object| Format::of_name(&o.key).is_some();
        if manifests.is_empty() {
            return Ok(objects.iter().filter(is_bill).cloned().collect());
        }
        let modified = |m: &Manifest| {
            by_key.get(m.key.as_str()).and_then(|o| o.modified).map(|t| t.as_nanos())
        };
        let chosen = manifest::choose(manifests, modified).map_err(|versions| {
            ProviderError::Unreadable {
                location: versions.join(", "),
                problem: "several versions of one billing period, and none has a time".to_owned(),
            }
        })?;
        let keys = Keys::of(objects.iter().map(|o| o.key.as_str()), &chosen);
        let mut out = Vec::new();
        for one in chosen.iter().filter(|m| m.month().is_none_or(|month| month >= self.since)) {
            let files = keys.files_of(one).map_err(|file| ProviderError::NotFound {
                location: format!("s3://{}/{}", self.bucket, one.key),
                problem: format!(
                    "it lists {file}, which does not exist; AWS may still be writing it: pull \
                     again later"
                ),
            })?;
            let named = |o: &&Object| Object { manifest: Some(one.key.clone()), ..(*o).clone() };
            out.extend(files.iter().filter_map(|k| by_key.get(k).map(named)));
        }
        Ok(out)
    }

    /// Downloads an object, unless this version of it is already stored.
    async fn fetch(&self, object: &Object) -> Result<PathBuf, ProviderError> {
        // The path contains the version, so a stored file always matches its name.
        let path = path_of(&self.folder, &object.key, &object.tag);
        let is_complete = fs::metadata(&path)
            .is_ok_and(|m| i64::try_from(m.len()).is_ok_and(|len| len == object.size));
        if is_complete {
            return Ok(path);
        }
        let parent = path.parent().unwrap_or(&self.folder);
        create_folders(parent).map_err(|e| self.unreadable(&object.key, &e))?;
        let mut beside = path.clone().into_os_string();
        beside.push(FETCHING);
        let beside = PathBuf::from(beside);
        let mut tried = 0;
        loop {
            match self.download(object, &beside).await {
                Ok(()) => break,
                Err(e) if tried >= 3 || !e.retryable() => return Err(e),
                Err(_) => tried += 1,
            }
        }
        fs::rename(&beside, &path).map_err(|e| self.unreadable(&object.key, &e))?;
        Ok(path)
    }

    /// Downloads an object to a file. It is as large as the list of objects states.
    async fn download(&self, object: &Object, to: &Path) -> Result<(), ProviderError> {
        let downloads = self.at.place.limits.downloads.clone();
        let config = self.at.config.to_builder().http_client(downloads).build();
        let s3 = client!(aws_sdk_s3, &At { config, ..self.at.clone() });
        let make = || s3.get_object().bucket(&self.bucket).key(&object.key).send();
        let mut answer = self.at.place.call(GET_OBJECT, make).await.map_err(Box::new)?;
        // What an interrupted download left.
        let _ = fs::remove_file(to);
        let file = create_new(to).map_err(|e| self.unreadable(&object.key, &e))?;
        let mut file = tokio::fs::File::from_std(file);
        let patience = &self.at.place.limits.patience;
        let limits = patience.limits();
        let end = Instant::now() + limits.download(u64::try_from(object.size).unwrap_or(0));
        let mut written: i64 = 0;
        while written <= object.size {
            let next = timeout(limits.idle, answer.body.try_next()).await;
            let next = next.map_err(|_| self.broke_off(object, "no byte arrived in time"))?;
            let Some(bytes) = next.map_err(|e| self.broke_off(object, &e.to_string()))? else {
                break;
            };
            if Instant::now() > end {
                return Err(self.broke_off(object, "it is too slow"));
            }
            let given_up = |limit| Box::new(self.at.place.given_up(GET_OBJECT, limit));
            patience.left(&object.key, Instant::now()).map_err(given_up)?;
            written += i64::try_from(bytes.len()).unwrap_or(i64::MAX);
            file.write_all(&bytes).await.map_err(|e| self.unreadable(&object.key, &e))?;
        }
        file.sync_all().await.map_err(|e| self.unreadable(&object.key, &e))?;
        if written == object.size {
            Ok(())
        } else {
            let why = format!("{written} bytes instead of {}", object.size);
            Err(self.broke_off(object, &why))
        }
    }

    /// Returns the error for a download that stopped.
    fn broke_off(&self, object: &Object, why: &str) -> ProviderError {
        let message = format!("the download of {} stopped: {why}", object.key);
        Box::new(self.at.place.failed(GET_OBJECT, FailureKind::Unavailable, true, message)).into()
    }

    fn unreadable(&self, key: &str, problem: &dyn ToString) -> ProviderError {
        let location = format!("s3://{}/{key}", self.bucket);
        ProviderError::Unreadable { location, problem: problem.to_string() }
    }

    /// Returns the source of the bill, for messages.
    pub(crate) fn describe(&self) -> String {
        format!("s3://{}/{}", self.bucket, self.prefix)
    }

    /// Returns the charges.
    pub(crate) async fn bill(&self) -> Result<Pulled<Vec<Part>>, ProviderError> {
        let objects = self.objects().await.map_err(Box::new)?;
        let wanted = self.wanted(&objects).await?;
        if wanted.is_empty() {
            let problem = "no cost reports found: .csv, .csv.gz, or .parquet files".to_owned();
            return Err(ProviderError::NotFound { location: self.describe(), problem });
        }
        let mut under_way = Vec::new();
        for object in &wanted {
            under_way.push(self.fetch(object));
        }
        let paths: Vec<PathBuf> =
            futures::stream::iter(under_way).buffered(AT_A_TIME).try_collect().await?;
        let file = |(path, of): (PathBuf, &Object)| {
            let format = Format::of_name(&path.to_string_lossy())?;
            Some(BillFile { run: of.manifest.clone(), ..bill_file(path, format) })
        };
        let files: Vec<BillFile> = paths.into_iter().zip(&wanted).filter_map(file).collect();
        let opened = checked(&Choice::default(), |_| open_files(&files))?;
        let notes = [opened.notes, unread(&opened.files)].concat();
        Ok(Pulled::complete(opened.parts).with_notes(notes))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_key_leads_out_of_the_folder() {
        for (key, path) in [
            ("cur/2026-10/a.csv.gz", "f/cur/2026-10/version=1/a.csv.gz"),
            ("a.csv", "f/version=1/a.csv"),
            ("/srv/a.csv", "f/%/srv/version=1/a.csv"),
            ("../../a.csv", "f/%2E%2E/%2E%2E/version=1/a.csv"),
            ("..", "f/version=1/%2E%2E"),
        ] {
            assert_eq!(path_of(Path::new("f"), key, "1"), Path::new(path), "{key}");
        }
    }
}
