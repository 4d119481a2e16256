//! [`Version`]: the engine and major version of a resource.

use crate::check::ResourceUse;
use crate::checks::aws::meter::kind;
use crate::inventory::{Kind, Resource, detail};

/// Engines without extended support, by the beginning of their names. Amazon RDS User Guide, "Viewing
/// support dates for engine versions in Amazon RDS Extended Support" (`MariaDB`, `Db2`, `SQL Server`,
/// and `Oracle`); Amazon `ElastiCache` User Guide, "`ElastiCache` Extended Support" (Redis OSS only).
/// Read 2026-11.
const WITHOUT: &[&str] =
    &["mariadb", "db2", "sqlserver", "oracle", "custom-", "memcached", "valkey"];

/// Engines by their names in usage types of extended support. `Aurora…` comes first.
const METERS: &[(&str, &str)] = &[
    ("AuroraPostgreSQL", "aurora-postgresql"),
    ("AuroraMySQL", "aurora-mysql"),
    ("PostgreSQL", "postgres"),
    ("MySQL", "mysql"),
];

/// Engine and major version, as in the calendar of support dates.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Version {
    /// Engine, as the API names it, or `kubernetes`, `opensearch`, `elasticsearch`.
    pub(super) engine: String,
    /// Major version.
    pub(super) major: String,
}

impl Version {
    /// Returns the version of a resource; `None` if its engine has no extended support.
    ///
    /// # Errors
    /// Why it is unknown.
    pub(super) fn of(known: Option<&Resource>) -> Result<Option<Self>, String> {
        let known = known.ok_or("it is not in the inventory, so its version is unknown")?;
        let missing = || "its version is missing from the inventory".to_owned();
        let (engine, version) = match known.kind {
            Kind::EksCluster => ("kubernetes", known.get(detail::VERSION).ok_or_else(missing)?),
            Kind::SearchDomain => {
                let text = known.get(detail::ENGINE_VERSION).ok_or_else(missing)?;
                text.split_once('_').ok_or_else(missing)?
            }
            _ => {
                let engine = known.get(detail::ENGINE).ok_or_else(missing)?;
                if WITHOUT.iter().any(|name| engine.starts_with(name)) {
                    return Ok(None);
                }
                (engine, known.get(detail::ENGINE_VERSION).ok_or_else(missing)?)
            }
        };
        let engine = engine.to_lowercase();
        let major = major(&engine, version);
        Ok(Some(Self { engine, major }))
    }

    /// Returns the version in a usage type of extended support, such as
    /// `ExtendedSupport:Yr1-Yr2:PostgreSQL12`; `None` if it has none.
    pub(super) fn in_usage_type(used: &ResourceUse) -> Option<Self> {
        let (_, last) = kind(used).rsplit_once(':')?;
        let of_service =
            |name: &str| used.service_name.as_deref().is_some_and(|s| s.contains(name));
        if last.starts_with(|c: char| c.is_ascii_digit()) && of_service("DocumentDB") {
            return Some(Self { engine: "docdb".to_owned(), major: last.to_owned() });
        }
        METERS.iter().find_map(|(name, engine)| {
            let major = last.strip_prefix(name)?.to_owned();
            Some(Self { engine: (*engine).to_owned(), major })
        })
    }

    /// Returns the name for people, such as `PostgreSQL 14`.
    pub(super) fn title(&self) -> String {
        let name = match self.engine.as_str() {
            "aurora-mysql" => "Aurora MySQL",
            "aurora-postgresql" => "Aurora PostgreSQL",
            "docdb" => "DocumentDB",
            "elasticsearch" => "Elasticsearch",
            "kubernetes" => "Kubernetes",
            "mysql" => "MySQL",
            "neptune" => "Neptune",
            "opensearch" => "OpenSearch",
            "postgres" => "PostgreSQL",
            "redis" => "Redis OSS",
            other => other,
        };
        format!("{name} {}", self.major)
    }
}

/// Returns the major version: `14` of `PostgreSQL` 14.9, `8.0` of `MySQL` 8.0.40, `3` of Aurora `MySQL`
/// `8.0.mysql_aurora.3.05.2`, `6` of Redis OSS 6.2.6.
fn major(engine: &str, version: &str) -> String {
    let version = version.split_once("mysql_aurora.").map_or(version, |(_, own)| own);
    let parts = match engine {
        "postgres" | "aurora-postgresql" | "aurora-mysql" | "redis" => 1,
        _ => 2,
    };
    version.split('.').take(parts).collect::<Vec<_>>().join(".")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_shortened_to_the_major_version_of_their_engine() {
        for (engine, version, want) in [
            ("postgres", "14.9", "14"),
            ("postgres", "12.22-rds.20250814", "12"),
            ("mysql", "8.0.40", "8.0"),
            ("mysql", "5.7.44-rds.20240208", "5.7"),
            ("aurora-mysql", "8.0.mysql_aurora.3.05.2", "3"),
            ("aurora-mysql", "5.7.mysql_aurora.2.11.2", "2"),
            ("aurora-postgresql", "16.4", "16"),
            ("redis", "6.2.6", "6"),
            ("docdb", "3.6.0", "3.6"),
            ("kubernetes", "1.34", "1.34"),
            ("opensearch", "2.11", "2.11"),
        ] {
            assert_eq!(major(engine, version), want, "{engine} {version}");
        }
    }
}
